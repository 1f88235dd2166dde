//! The release page on GitHub: a draft that is filled before production, and published after it.
//!
//! What comes next is decided by [`shiponce_core::forge`]; this module reads, carries out one effect at a time with its
//! intent and its receipt, and finds the words.

mod board;
mod effect;
mod extras;
mod notes;
mod record;
mod rows;
mod setup;
mod sight;
mod status;
mod target;
mod wanted;
mod words;
mod work;

pub use setup::{github, github_to_read};
pub use status::StatusPage;
pub use target::{GitHub, GitHubTarget};

pub(crate) use board::{Board, RETRY_MAX};
pub(crate) use extras::{Extra, add_extras, find_extras, store_extras};
pub(crate) use record::remembered;
pub(crate) use rows::{page_rows, receipt_page, settled_cells};
pub(crate) use setup::client;
pub(crate) use sight::{Sight, read_page};
pub(crate) use status::page_status;
pub(crate) use wanted::{Wish, extends, fetch_manifest, wish};
pub(crate) use words::{plan_lines, question_lines, stops_now, tag_problem};
pub(crate) use work::Page;
