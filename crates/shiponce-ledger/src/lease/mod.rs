//! Leases: who may work on a group, one transaction per step.
//!
//! What a step does is [`shiponce_core::lease::step`] and nothing else; this module gives it the stored group, the
//! boot clock and the lock files, and stores what comes out. Exclusion is the transaction.
//!
//! There is no memory of epochs outside the ledger here: a restored backup of a file that only this user's machine
//! writes is caught by reading the index before acting. Ledgers that machines share need such a memory.

mod holder;
pub(crate) mod rows;

pub(crate) use holder::LockFiles;
pub use holder::{Holder, HolderId, HolderIdError};

use crate::error::Error;
use crate::ledger::Ledger;
use crate::sqlite::{Doing, Failed};
use rusqlite::Transaction;
use shiponce_core::PackageName;
use shiponce_core::lease::{Ask, FencingToken, Grant, Group, Reply, Tick, step};
use std::sync::{Mutex, PoisonError};

/// The group that guards everything written about one project.
#[must_use]
pub fn release_group(project: &PackageName) -> String {
    format!("release/{}", project.normalized())
}

/// What every write shows: the group it works under and the token it was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// The group.
    pub group: String,
    /// The token of the grant.
    pub token: FencingToken,
}

/// The answer to [`Ledger::acquire`].
#[derive(Debug)]
pub enum Acquired {
    /// The group is ours.
    Granted(Lease),
    /// Ask again, well within the life of a seat (the TTL); asking keeps the place in the queue.
    Waiting {
        /// Waiters before us.
        ahead: usize,
        /// Id of the holder that works now, if any.
        behind: Option<String>,
    },
}

/// Whether a beat came in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    /// The lease lives for another TTL.
    Renewed,
    /// Somebody took over, or the lease ran out: start no new effect.
    Lost,
}

/// A granted group.
///
/// Dropping it leaves the grant in place: it ends by [`Lease::release`], with the process (its lock file is freed),
/// or when beats stay out for a TTL.
#[derive(Debug)]
pub struct Lease {
    ledger: Ledger,
    // Keeps the lock file.
    holder: Holder,
    fence: Fence,
    usable_until: Mutex<Tick>,
}

impl Lease {
    /// What writes must show.
    #[must_use]
    pub fn fence(&self) -> &Fence {
        &self.fence
    }

    /// Grows with every grant of the group.
    #[must_use]
    pub fn token(&self) -> FencingToken {
        self.fence.token
    }

    /// Who holds it.
    #[must_use]
    pub fn holder(&self) -> &HolderId {
        self.holder.id()
    }

    /// Extends the lease by a TTL. Due every [`crate::Options::beat`]; blocks like every call.
    ///
    /// # Errors
    /// When the ledger fails; the lease then still lives until its TTL is over.
    pub fn beat(&self) -> Result<Beat, Error> {
        let asked_at = self.ledger.tick();
        match self.ledger.ask(
            &self.fence.group,
            &Ask::Renew { token: self.fence.token },
            "renew the lease",
        )? {
            Reply::Granted(_) => {
                *self.lock() = self.ledger.usable_until(asked_at);
                Ok(Beat::Renewed)
            }
            Reply::Lost | Reply::Gone | Reply::Waiting { .. } => Ok(Beat::Lost),
        }
    }

    /// Whether a new effect may begin: the last successful beat (or the grant) was asked for less than TTL − margin
    /// ago. Reads the boot clock only, so it is cheap and true even when the ledger cannot be reached.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        let (now, until) = (self.ledger.tick(), self.lock());
        now.boot == until.boot && now.micros < until.micros
    }

    /// Gives the group back, so that the next waiter need not wait for the TTL.
    ///
    /// # Errors
    /// When the ledger fails; the lease then ends with its TTL or this process.
    pub fn release(self) -> Result<(), Error> {
        // Lost means that somebody took over already: there is nothing left to give back.
        self.ledger.ask(&self.fence.group, &Ask::Release { token: self.fence.token }, "release the lease")?;
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Tick> {
        self.usable_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger {
    /// Makes a holder: takes its lock file in `locks/` beside the ledger. One per process is enough for any number
    /// of groups. Lock files of dead holders are cleared away here.
    ///
    /// # Errors
    /// When the lock file cannot be made or the ledger cannot be written.
    pub fn register(&self, id: HolderId) -> Result<Holder, Error> {
        // Inside a write transaction, so that nobody mistakes a file that is made but not locked yet for a dead one.
        self.connected().write("register a holder", |_| {
            self.locks().clear_dead()?;
            Ok(self.locks().hold(id)?)
        })
    }

    /// Joins the queue of a group, or asks again. First come, first served; the lock files of those before us are
    /// looked at, so a dead one is passed over at once.
    ///
    /// # Errors
    /// When the ledger fails or is open for reading only.
    pub fn acquire(&self, group: &str, holder: &Holder) -> Result<Acquired, Error> {
        let asked_at = self.tick();
        match self.ask(group, &Ask::Acquire { holder: holder.id().as_str() }, "acquire the lease")? {
            Reply::Granted(grant) => Ok(Acquired::Granted(self.lease(group, holder, &grant, asked_at))),
            Reply::Waiting { ahead, behind } => Ok(Acquired::Waiting { ahead, behind }),
            // `step` answers neither to an acquire; asking again is right in any case.
            Reply::Lost | Reply::Gone => Ok(Acquired::Waiting { ahead: 0, behind: None }),
        }
    }

    /// Leaves the queue of a group.
    ///
    /// # Errors
    /// When the ledger fails or is open for reading only.
    pub fn leave(&self, group: &str, holder: &Holder) -> Result<(), Error> {
        self.ask(group, &Ask::Leave { holder: holder.id().as_str() }, "leave the queue")?;
        Ok(())
    }

    /// The state of a group as it is stored: who works, who waits.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn group(&self, name: &str) -> Result<Group, Error> {
        self.connected().read("read the lease", |transaction| rows::load(transaction, name))
    }

    fn lease(&self, group: &str, holder: &Holder, grant: &Grant, asked_at: Tick) -> Lease {
        Lease {
            ledger: self.clone(),
            holder: holder.clone(),
            fence: Fence { group: group.to_owned(), token: grant.token },
            usable_until: Mutex::new(self.usable_until(asked_at)),
        }
    }

    fn ask(&self, name: &str, ask: &Ask<'_>, doing: Doing) -> Result<Reply, Error> {
        self.connected().write(doing, |transaction| self.ask_in(transaction, name, ask))
    }

    fn ask_in(&self, transaction: &Transaction<'_>, name: &str, ask: &Ask<'_>) -> Result<Reply, Failed> {
        let before = rows::load(transaction, name)?;
        let mut group = before.clone();
        // The clock is read inside the transaction: it may have waited long for the others.
        let gone = |holder: &str| self.locks().is_gone(holder);
        let reply = step(&mut group, ask, &self.tick(), self.terms(), &gone);
        if group != before {
            rows::store(transaction, name, &group)?;
        }
        Ok(reply)
    }

    /// A write on behalf of a lease. The token is renewed in the same transaction, so every write is also a beat,
    /// and one that is not the current grant of its group writes nothing.
    pub(crate) fn fenced<T>(
        &self,
        doing: Doing,
        fence: &Fence,
        project: &PackageName,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Failed>,
    ) -> Result<T, Error> {
        let (group, token) = (fence.group.clone(), fence.token);
        if group != release_group(project) {
            return Err(Error::OtherGroup { group, project: project.normalized().to_owned(), doing });
        }
        self.connected().write(doing, |transaction| {
            match self.ask_in(transaction, &group, &Ask::Renew { token })? {
                Reply::Granted(_) => work(transaction),
                Reply::Lost | Reply::Gone | Reply::Waiting { .. } => {
                    Err(Failed::Refused(Error::Fenced { group: group.clone(), token, doing }))
                }
            }
        })
    }
}
