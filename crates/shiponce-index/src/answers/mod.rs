//! Every known answer of an upload endpoint, and what it means.
//!
//! The tables hold the texts as servers write them (measured on the PyPI server of August 2026, read in its source, or
//! reported for other servers), so that an answer is recognised by its words and not by its status: read-only mode and
//! a wrong password are both 403. Text that no row knows is passed on as it is.

mod addresses;
mod attestations;
mod credentials;
mod duplicates;
mod files;
mod limits;
mod metadata;
mod names;
mod servers;
mod status;
mod switches;
#[cfg(test)]
mod tests;

use std::time::Duration;

use http::StatusCode;
use shiponce_core::journal::Refusal;
use url::Url;

use crate::explain::Explanation;
use crate::index::Index;
use crate::upload::{AnswerClass, Message};

/// One recognised refusal.
#[derive(Debug)]
struct Row {
    /// The stable word for it.
    rule: &'static str,
    /// Statuses it comes with.
    status: &'static [u16],
    /// Texts that must all occur, in lower case.
    pieces: &'static [&'static str],
    /// Its class.
    refusal: Refusal,
    /// What happened.
    what: &'static str,
    /// Why.
    why: &'static str,
    /// What to do; empty when nothing can be done.
    hint: &'static str,
    /// The texts it was made from.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests hold every row against its own source"))]
    said: &'static [&'static str],
}

/// Families in the order they are searched: what is specific comes before what is general.
const FAMILIES: [&[Row]; 10] = [
    switches::ROWS,
    duplicates::ROWS,
    names::ROWS,
    credentials::ROWS,
    limits::ROWS,
    attestations::ROWS,
    files::ROWS,
    metadata::ROWS,
    addresses::ROWS,
    servers::ROWS,
];

/// An answer to judge.
pub(crate) struct Said<'a> {
    pub index: &'a Index,
    pub status: StatusCode,
    pub message: &'a Message,
    pub wait: Option<Duration>,
    /// Where it redirects to.
    pub target: Option<&'a Url>,
}

/// What an answer means.
pub(crate) struct Judged {
    pub class: AnswerClass,
    pub explanation: Option<Explanation>,
}

impl Judged {
    fn refused(refusal: Refusal, explanation: Explanation) -> Self {
        Self { class: AnswerClass::Refused(refusal), explanation: Some(explanation) }
    }
}

/// Judges an answer.
pub(crate) fn judge(said: &Said<'_>) -> Judged {
    let status = said.status.as_u16();
    if (400..500).contains(&status)
        && let Some(row) = recognise(status, &said.message.searched)
    {
        return Judged::refused(row.refusal.clone(), Explanation::new(row.rule, row.what, row.why, row.hint));
    }
    status::judge(said)
}

fn recognise(status: u16, searched: &str) -> Option<&'static Row> {
    let fits =
        |row: &&Row| row.status.contains(&status) && row.pieces.iter().all(|piece| searched.contains(piece));
    FAMILIES.iter().flat_map(|rows| rows.iter()).find(fits)
}
