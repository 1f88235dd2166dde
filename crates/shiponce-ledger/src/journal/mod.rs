//! The journal: an intent before every effect, a receipt after it, and nothing is ever changed or removed.

mod event;

use crate::error::Error;
use crate::lease::Fence;
use crate::ledger::Ledger;
use crate::press::{PressId, check_press};
use crate::sqlite::{Failed, from_bigint, parsed, to_bigint};
use crate::text::version_key;
use event::Words;
use rusqlite::Row;
use shiponce_core::journal::{Event, History, Refusal};
use shiponce_core::{PackageName, Timestamp, Version};
use std::collections::{BTreeMap, BTreeSet};

/// One event about one file on one target, to be written. Messages in it hold no secrets; they are cut to one line.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The press it belongs to.
    pub press: PressId,
    /// The target's identity: its normalised upload address.
    pub target: &'a str,
    /// The project.
    pub project: &'a PackageName,
    /// The version.
    pub version: &'a Version,
    /// The file.
    pub filename: &'a str,
    /// What happened, or is about to.
    pub event: &'a Event,
}

/// An event as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its place in the journal, across projects.
    pub seq: u64,
    /// When, for people.
    pub at: Timestamp,
    /// The press.
    pub press: PressId,
    /// The target's identity.
    pub target: String,
    /// The version.
    pub version: Version,
    /// The file.
    pub filename: String,
    /// What happened.
    pub event: Event,
}

impl Ledger {
    /// Adds an event. When this returns, the event survives the death of this process and of the machine.
    ///
    /// # Errors
    /// [`Error::Fenced`] when the lease is over (an intent that is refused means: do not send), or when the ledger
    /// fails.
    pub fn append(&self, fence: &Fence, entry: &Entry<'_>) -> Result<u64, Error> {
        let now = self.now().0;
        self.fenced("write the journal", fence, entry.project, |transaction| {
            check_press(transaction, entry.project, entry.press)?;
            let words = Words::of(entry.event);
            let seq: i64 = transaction
                .prepare_cached("SELECT COALESCE(MAX(seq), 0) + 1 FROM journal")?
                .query_row([], |row| row.get(0))?;
            transaction
                .prepare_cached(
                    "INSERT INTO journal (seq, press, target, project, version_key, version, filename, event,
                         refusal, message, at_micros)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                )?
                .execute((
                    seq,
                    to_bigint(entry.press.0)?,
                    entry.target,
                    entry.project.normalized(),
                    version_key(entry.version),
                    entry.version.to_string(),
                    entry.filename,
                    words.event,
                    words.refusal,
                    words.message,
                    now,
                ))?;
            from_bigint("seq", seq)
        })
    }

    /// What the journal says about every file of a release on a target, as the press `current` sees it: a file whose
    /// last event belongs to another press begins with [`Event::Press`], which lets passing refusals be tried again
    /// and keeps unknown outcomes unknown. `None` looks as a press would that begins now.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn history(
        &self,
        target: &str,
        project: &PackageName,
        version: &Version,
        current: Option<PressId>,
    ) -> Result<BTreeMap<String, History>, Error> {
        let mut files: BTreeMap<String, (History, PressId)> = BTreeMap::new();
        for written in self.entries(project, Some(version))?.into_iter().filter(|row| row.target == target) {
            let (history, press) =
                files.entry(written.filename).or_insert_with(|| (History::default(), written.press));
            if *press != written.press {
                history.record(&Event::Press);
                *press = written.press;
            }
            history.record(&written.event);
        }
        let as_seen_now = |(name, (mut history, press)): (String, (History, PressId))| {
            if current != Some(press) {
                history.record(&Event::Press);
            }
            (name, history)
        };
        Ok(files.into_iter().map(as_seen_now).collect())
    }

    /// File names that a target ever called burned, in any version and press: no bytes can have them again.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn burned(&self, target: &str, project: &PackageName) -> Result<BTreeSet<String>, Error> {
        self.connected().read("read the journal", |transaction| {
            let mut statement = transaction.prepare_cached(
                "SELECT DISTINCT filename FROM journal WHERE project = ?1 AND target = ?2 AND refusal = ?3",
            )?;
            let names = statement
                .query_map((project.normalized(), target, Refusal::Burned.word()), |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
    }

    /// The events of a project, or of one release of it, in the order they were written.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn entries(&self, project: &PackageName, version: Option<&Version>) -> Result<Vec<Written>, Error> {
        self.connected().read("read the journal", |transaction| {
            let mut statement = transaction.prepare_cached(
                "SELECT seq, at_micros, press, target, version, filename, event, refusal, message FROM journal
                 WHERE project = ?1 AND (?2 IS NULL OR version_key = ?2) ORDER BY seq",
            )?;
            let mut rows = statement.query((project.normalized(), version.map(version_key)))?;
            let mut entries = Vec::new();
            while let Some(row) = rows.next()? {
                entries.push(written(row)?);
            }
            Ok(entries)
        })
    }
}

fn written(row: &Row<'_>) -> Result<Written, Failed> {
    let words = Words { event: row.get(6)?, refusal: row.get(7)?, message: row.get(8)? };
    Ok(Written {
        seq: from_bigint("seq", row.get(0)?)?,
        at: Timestamp(row.get(1)?),
        press: PressId(from_bigint("press", row.get(2)?)?),
        target: row.get(3)?,
        version: parsed("version", &row.get::<_, String>(4)?)?,
        filename: row.get(5)?,
        event: words.into_event()?,
    })
}
