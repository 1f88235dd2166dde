//! A problem as people and programs see it: a code, one sentence with the values, facts, causes and hints.
//!
//! Errors inside the program are enums, for branching. At its edge each becomes a [`Problem`], for reading.
//! Nothing in between formats text.

use std::error::Error;
use std::fmt;

use crate::{ErrorCode, ExitCode};

/// A labelled line under the message, such as `here` and a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What the text is about, one word where possible.
    pub label: String,
    /// The value.
    pub text: String,
}

/// Why a command ended, ready to be shown.
///
/// All text is stripped of control characters when it is rendered: messages of outside systems end up here,
/// and a terminal escape in one of them must not rewrite what the reader sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable name with a page behind it.
    pub code: ErrorCode,
    /// What failed, with which value: a fragment without a full stop.
    pub message: String,
    /// Lines of the configuration file that the problem is about, with a marker under the place.
    pub excerpt: Vec<String>,
    /// Labelled values that let the reader judge for themselves.
    pub facts: Vec<Fact>,
    /// The chain of causes, outermost first.
    pub causes: Vec<String>,
    /// Whole sentences on what the run did or did not do, such as `Nothing was uploaded by this run.`
    pub notes: Vec<String>,
    /// What to do next, one action per line.
    pub hints: Vec<String>,
}

impl Problem {
    /// A problem with nothing but its message.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            excerpt: Vec::new(),
            facts: Vec::new(),
            causes: Vec::new(),
            notes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// A problem whose message is the error's own, with its sources as causes.
    #[must_use]
    pub fn from_error(code: ErrorCode, error: &(dyn Error + 'static)) -> Self {
        Self::new(code, error.to_string()).sources_of(error)
    }

    /// Adds a labelled value.
    #[must_use]
    pub fn fact(mut self, label: impl Into<String>, text: impl Into<String>) -> Self {
        self.facts.push(Fact { label: label.into(), text: text.into() });
        self
    }

    /// Adds a cause, after those already there.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Adds the sources of an error as causes, but not the error itself.
    #[must_use]
    pub fn sources_of(mut self, error: &(dyn Error + 'static)) -> Self {
        let mut source = error.source();
        while let Some(cause) = source {
            self.causes.push(cause.to_string());
            source = cause.source();
        }
        self
    }

    /// Adds a sentence on what the run did or did not do.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds something to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Sets the lines of the configuration file that the problem is about.
    #[must_use]
    pub fn with_excerpt(mut self, excerpt: Vec<String>) -> Self {
        self.excerpt = excerpt;
        self
    }

    /// The exit code that belongs to the problem.
    #[must_use]
    pub const fn exit_code(&self) -> ExitCode {
        self.code.exit_code()
    }

    /// The lines to print, each split into a label that may be coloured and plain text.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        push(&mut lines, LineKind::Error, &format!("error[{}]: ", self.code), &self.message);
        for text in &self.excerpt {
            lines.push(Line { kind: LineKind::Excerpt, label: "  ".to_owned(), text: printable(text) });
        }
        let width = self.facts.iter().map(|fact| fact.label.chars().count()).max().unwrap_or(0);
        for fact in &self.facts {
            push(&mut lines, LineKind::Fact, &format!("  {:width$} ", fact.label), &fact.text);
        }
        for cause in &self.causes {
            push(&mut lines, LineKind::Cause, "  caused by: ", cause);
        }
        for note in &self.notes {
            push(&mut lines, LineKind::Note, "", note);
        }
        for hint in &self.hints {
            push(&mut lines, LineKind::Hint, "hint: ", hint);
        }
        lines
    }

    /// The whole problem as plain text, without colour, each line ending in a newline.
    #[must_use]
    pub fn render(&self) -> String {
        self.lines().iter().map(|line| format!("{line}\n")).collect()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.message))
    }
}

impl Error for Problem {}

/// What a line of a rendered problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// `error[CODE]: ` and the message.
    Error,
    /// A line of the configuration file, or the marker under it.
    Excerpt,
    /// A labelled value.
    Fact,
    /// One link of the cause chain.
    Cause,
    /// A sentence on what the run did.
    Note,
    /// `hint: ` and something to do.
    Hint,
}

/// One line of a rendered problem. The binary may colour the label; the meaning never depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What the line is.
    pub kind: LineKind,
    /// The part before the text, with its spaces; empty for notes.
    pub label: String,
    /// The text, free of control characters.
    pub text: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)?;
        f.write_str(&self.text)
    }
}

/// Adds a text of one or more lines; the lines after the first are indented below the text of the first.
fn push(lines: &mut Vec<Line>, kind: LineKind, label: &str, text: &str) {
    let printable = printable_label(label);
    for (number, line) in text.trim_end_matches('\n').split('\n').enumerate() {
        let label = if number == 0 { printable.clone() } else { " ".repeat(printable.chars().count()) };
        lines.push(Line { kind, label, text: self::printable(line) });
    }
}

fn printable_label(label: &str) -> String {
    printable(&label.replace('\n', " "))
}

/// Replaces control characters, and the marks that reorder text on screen, by a visible sign.
fn printable(text: &str) -> String {
    let disguises = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            c if c.is_control() || disguises(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Problem;
    use crate::ErrorCode;

    #[test]
    fn a_conflict_reads_as_the_contract_shows_it() {
        let problem =
            Problem::new(ErrorCode::FileConflict, "demo-1.4.0-py3-none-any.whl is on PyPI with other bytes")
                .fact("here", "9f2c…e1  built from 3fa9c1d")
                .fact("there", "71bb…04  uploaded 2026-11-20 14:03Z")
                .note("Nothing was uploaded by this run.")
                .hint("release 1.4.1, or resume the original bytes: shiponce publish --manifest FILE");
        insta::assert_snapshot!(problem.render(), @"
        error[file-conflict]: demo-1.4.0-py3-none-any.whl is on PyPI with other bytes
          here  9f2c…e1  built from 3fa9c1d
          there 71bb…04  uploaded 2026-11-20 14:03Z
        Nothing was uploaded by this run.
        hint: release 1.4.1, or resume the original bytes: shiponce publish --manifest FILE
        ");
        assert_eq!(problem.exit_code().number(), 4);
        assert_eq!(problem.to_string(), "demo-1.4.0-py3-none-any.whl is on PyPI with other bytes");
    }

    #[test]
    fn causes_come_from_the_source_chain_and_long_texts_stay_below_their_label() {
        #[derive(Debug)]
        struct Layer(&'static str, Option<Box<Self>>);
        impl std::fmt::Display for Layer {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.0)
            }
        }
        impl std::error::Error for Layer {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                self.1.as_deref().map(|inner| inner as _)
            }
        }
        let disk = Layer("no space left on device", None);
        let write = Layer("writing /state/ledger failed", Some(Box::new(disk)));
        let outer = Layer("the intent could not be recorded", Some(Box::new(write)));
        let problem = Problem::from_error(ErrorCode::Internal, &outer).fact("output", "first\nsecond");
        insta::assert_snapshot!(problem.render(), @"
        error[internal]: the intent could not be recorded
          output first
                 second
          caused by: writing /state/ledger failed
          caused by: no space left on device
        ");
    }

    #[test]
    fn an_outside_message_cannot_rewrite_the_screen() {
        let problem = Problem::new(ErrorCode::IndexRejected, "index said \u{1b}[2Jgone\rback\u{202e}txet");
        insta::assert_snapshot!(problem.render(), @"error[index-rejected]: index said �[2Jgone�back�txet");
    }
}
