//! Reading what servers write: HTML, entities, and making foreign text safe to show.

mod entities;
mod html;
mod sanitize;

pub(crate) use html::{Token, Tokens};
pub(crate) use sanitize::{MESSAGE_MAX, SENTENCE_MAX, sanitize};
