//! What the engine says while it works. The binary decides how it looks; the engine never sees a terminal.

use shiponce_api::v1::Level;
use shiponce_io::Cancel;
use std::fmt::Debug;

/// Where the engine's words go.
pub trait Reporter: Send + Sync + Debug {
    /// One line for people, without time stamp or level mark.
    fn line(&self, level: Level, text: &str);

    /// One machine-readable event: a dotted name and its values.
    fn event(&self, level: Level, name: &str, fields: &[(&str, &str)]);

    /// Bytes of a file sent so far; called often, cheap to ignore.
    fn progress(&self, filename: &str, sent: u64, total: u64);

    /// Asks before something is published for good. `lines` show what will be published. The question ends
    /// unanswered when `cancel` is raised.
    fn confirm(&self, lines: &[String], cancel: &Cancel) -> Confirmation;
}

/// The answer to a question before publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// An explicit yes.
    Yes,
    /// Anything else.
    No,
    /// There is nobody to ask: no terminal and no `--yes`.
    NobodyToAsk,
}

/// Shorthands for the levels in use.
pub(crate) trait Say {
    /// What is going on.
    fn info(&self, text: impl AsRef<str>);
    /// Something people wait for has worked.
    fn success(&self, text: impl AsRef<str>);
    /// Something deserves attention and the run goes on.
    fn warning(&self, text: impl AsRef<str>);
}

impl Say for dyn Reporter + '_ {
    fn info(&self, text: impl AsRef<str>) {
        self.line(Level::Info, text.as_ref());
    }

    fn success(&self, text: impl AsRef<str>) {
        self.line(Level::Success, text.as_ref());
    }

    fn warning(&self, text: impl AsRef<str>) {
        self.line(Level::Warning, text.as_ref());
    }
}
