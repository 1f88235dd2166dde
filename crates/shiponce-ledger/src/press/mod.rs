//! Presses: one per run of a release, with its phases, so that `status` can show what is going on right now.

mod step;

pub use step::{Finished, Step, StepId};

use crate::error::Error;
use crate::lease::{Fence, release_group, rows};
use crate::ledger::Ledger;
use crate::sqlite::{Failed, from_bigint, parsed, to_bigint};
use crate::text::{sanitise, version_key};
use rusqlite::{OptionalExtension as _, Row, Transaction};
use shiponce_core::lease::FencingToken;
use shiponce_core::{PackageName, Timestamp, Version};
use std::fmt;

/// Numbers the presses of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PressId(pub u64);

impl fmt::Display for PressId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is known when a press begins.
#[derive(Debug, Clone, Copy)]
pub struct NewPress<'a> {
    /// The project.
    pub project: &'a PackageName,
    /// The version.
    pub version: &'a Version,
    /// The commit, when there is a checkout.
    pub commit: Option<&'a str>,
    /// Anything worth reading later: command and version of the tool. No host or user names, no secrets.
    pub note: &'a str,
}

/// How far a press came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PressState {
    /// Its holder has the lease and lives.
    Running,
    /// It ended by itself.
    Ended {
        /// When.
        at: Timestamp,
        /// How, in one word.
        outcome: String,
    },
    /// It neither ended nor runs: killed, or replaced after its lease ran out. Another press finishes its work.
    Interrupted,
}

/// One run of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// Its number.
    pub id: PressId,
    /// The version.
    pub version: Version,
    /// The commit.
    pub commit: Option<String>,
    /// The note it began with.
    pub note: String,
    /// The fencing token it began with.
    pub token: FencingToken,
    /// When it began.
    pub started: Timestamp,
    /// How far it came.
    pub state: PressState,
}

impl Ledger {
    /// Begins a press.
    ///
    /// # Errors
    /// [`Error::Fenced`] when the lease is over, or when the ledger fails.
    pub fn begin_press(&self, fence: &Fence, press: &NewPress<'_>) -> Result<PressId, Error> {
        let now = self.now().0;
        self.fenced("begin a press", fence, press.project, |transaction| {
            let id: i64 = transaction
                .prepare_cached("SELECT COALESCE(MAX(id), 0) + 1 FROM press")?
                .query_row([], |row| row.get(0))?;
            transaction
                .prepare_cached(
                    "INSERT INTO press (id, project, version_key, version, commit_id, note, token, started_micros)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                )?
                .execute((
                    id,
                    press.project.normalized(),
                    version_key(press.version),
                    press.version.to_string(),
                    press.commit,
                    sanitise(press.note),
                    to_bigint(fence.token.0)?,
                    now,
                ))?;
            Ok(PressId(from_bigint("press", id)?))
        })
    }

    /// Ends a press with one word about how it went. Ending it twice keeps the first word.
    ///
    /// # Errors
    /// [`Error::Fenced`] when the lease is over, or when the ledger fails.
    pub fn end_press(
        &self,
        fence: &Fence,
        project: &PackageName,
        press: PressId,
        outcome: &str,
    ) -> Result<(), Error> {
        let now = self.now().0;
        self.fenced("end the press", fence, project, |transaction| {
            check_press(transaction, project, press)?;
            transaction
                .prepare_cached(
                    "UPDATE press SET ended_micros = ?2, outcome = ?3 WHERE id = ?1 AND ended_micros IS NULL",
                )?
                .execute((to_bigint(press.0)?, now, sanitise(outcome)))?;
            Ok(())
        })
    }

    /// The presses of a project, oldest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn presses(&self, project: &PackageName) -> Result<Vec<Press>, Error> {
        self.connected().read("read the presses", |transaction| {
            let mut statement = transaction.prepare_cached(
                "SELECT id, version, commit_id, note, token, started_micros, ended_micros, outcome FROM press
                 WHERE project = ?1 ORDER BY id",
            )?;
            let mut rows = statement.query([project.normalized()])?;
            let mut presses = Vec::new();
            while let Some(row) = rows.next()? {
                presses.push(press(row)?);
            }
            // Only the newest one can be running: one lease, one press at a time.
            if let Some(last) = presses.last_mut().filter(|press| press.state == PressState::Interrupted)
                && self.is_working(transaction, project, last.token)?
            {
                last.state = PressState::Running;
            }
            Ok(presses)
        })
    }

    fn is_working(
        &self,
        transaction: &Transaction<'_>,
        project: &PackageName,
        token: FencingToken,
    ) -> Result<bool, Failed> {
        let grant = rows::load(transaction, &release_group(project))?.grant;
        let now = self.tick();
        Ok(grant.is_some_and(|grant| {
            let in_time = grant.expires.boot == now.boot && now.micros < grant.expires.micros;
            grant.token == token && in_time && !self.locks().is_gone(&grant.holder)
        }))
    }
}

/// Refuses a press of another project: its rows are guarded by another lease.
pub(crate) fn check_press(
    transaction: &Transaction<'_>,
    project: &PackageName,
    press: PressId,
) -> Result<(), Failed> {
    let known = transaction
        .prepare_cached("SELECT 1 FROM press WHERE id = ?1 AND project = ?2")?
        .query_row((to_bigint(press.0)?, project.normalized()), |_| Ok(()))
        .optional()?;
    known.ok_or_else(|| {
        Failed::Refused(Error::NoPress { project: project.normalized().to_owned(), press: press.0 })
    })
}

fn press(row: &Row<'_>) -> Result<Press, Failed> {
    let state = match (row.get::<_, Option<i64>>(6)?, row.get::<_, Option<String>>(7)?) {
        (Some(at), Some(outcome)) => PressState::Ended { at: Timestamp(at), outcome },
        _ => PressState::Interrupted,
    };
    Ok(Press {
        id: PressId(from_bigint("press", row.get(0)?)?),
        version: parsed("version", &row.get::<_, String>(1)?)?,
        commit: row.get(2)?,
        note: row.get(3)?,
        token: FencingToken(from_bigint("token", row.get(4)?)?),
        started: Timestamp(row.get(5)?),
        state,
    })
}
