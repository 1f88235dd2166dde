//! The phases of a press.

use super::{PressId, check_press};
use crate::error::Error;
use crate::lease::Fence;
use crate::ledger::Ledger;
use crate::sqlite::{Failed, from_bigint, to_bigint};
use crate::text::sanitise;
use rusqlite::Row;
use shiponce_core::{PackageName, Timestamp};

/// One phase of one press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId {
    /// The press.
    pub press: PressId,
    /// Its place in the press, counted from one.
    pub seq: u64,
}

/// How a phase ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// When.
    pub at: Timestamp,
    /// In one word.
    pub outcome: String,
    /// What there is to say about it.
    pub detail: String,
}

/// A phase as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its place in the press, counted from one.
    pub seq: u64,
    /// Which phase.
    pub phase: String,
    /// When it began.
    pub started: Timestamp,
    /// How it ended; `None` while it runs, or when it was interrupted.
    pub finished: Option<Finished>,
}

impl Ledger {
    /// Notes that a phase begins.
    ///
    /// # Errors
    /// [`Error::Fenced`] when the lease is over, or when the ledger fails.
    pub fn start_step(
        &self,
        fence: &Fence,
        project: &PackageName,
        press: PressId,
        phase: &str,
    ) -> Result<StepId, Error> {
        let now = self.now().0;
        self.fenced("begin a phase", fence, project, |transaction| {
            check_press(transaction, project, press)?;
            let id = to_bigint(press.0)?;
            let seq: i64 = transaction
                .prepare_cached("SELECT COALESCE(MAX(seq), 0) + 1 FROM press_step WHERE press = ?1")?
                .query_row([id], |row| row.get(0))?;
            transaction
                .prepare_cached(
                    "INSERT INTO press_step (press, seq, phase, started_micros) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((id, seq, sanitise(phase), now))?;
            Ok(StepId { press, seq: from_bigint("seq", seq)? })
        })
    }

    /// Notes that a phase ended, and how.
    ///
    /// # Errors
    /// [`Error::NoStep`] when it has ended before, [`Error::Fenced`] when the lease is over, or when the ledger fails.
    pub fn finish_step(
        &self,
        fence: &Fence,
        project: &PackageName,
        step: StepId,
        outcome: &str,
        detail: &str,
    ) -> Result<(), Error> {
        let now = self.now().0;
        self.fenced("end a phase", fence, project, |transaction| {
            check_press(transaction, project, step.press)?;
            let changed = transaction
                .prepare_cached(
                    "UPDATE press_step SET finished_micros = ?3, outcome = ?4, detail = ?5
                     WHERE press = ?1 AND seq = ?2 AND finished_micros IS NULL",
                )?
                .execute((
                    to_bigint(step.press.0)?,
                    to_bigint(step.seq)?,
                    now,
                    sanitise(outcome),
                    sanitise(detail),
                ))?;
            if changed == 1 {
                return Ok(());
            }
            Err(Failed::Refused(Error::NoStep { press: step.press.0, step: step.seq }))
        })
    }

    /// The phases of a press, in order.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn steps(&self, press: PressId) -> Result<Vec<Step>, Error> {
        self.connected().read("read the phases", |transaction| {
            let mut statement = transaction.prepare_cached(
                "SELECT seq, phase, started_micros, finished_micros, outcome, detail FROM press_step
                 WHERE press = ?1 ORDER BY seq",
            )?;
            let mut rows = statement.query([to_bigint(press.0)?])?;
            let mut steps = Vec::new();
            while let Some(row) = rows.next()? {
                steps.push(step(row)?);
            }
            Ok(steps)
        })
    }
}

fn step(row: &Row<'_>) -> Result<Step, Failed> {
    let finished = match (row.get::<_, Option<i64>>(3)?, row.get(4)?, row.get(5)?) {
        (Some(at), Some(outcome), Some(detail)) => Some(Finished { at: Timestamp(at), outcome, detail }),
        _ => None,
    };
    Ok(Step {
        seq: from_bigint("seq", row.get(0)?)?,
        phase: row.get(1)?,
        started: Timestamp(row.get(2)?),
        finished,
    })
}
