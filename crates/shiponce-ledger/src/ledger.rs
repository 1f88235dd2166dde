//! The handle on an open ledger.

use crate::error::OpenError;
use crate::lease::LockFiles;
use crate::options::Options;
use crate::sqlite::{Connected, open};
use shiponce_core::Timestamp;
use shiponce_core::lease::{Terms, Tick};
use shiponce_io::Clock;
use std::path::Path;
use std::sync::Arc;

/// An open ledger. Clones share one connection; any number of processes may have the same file open, and readers
/// never wait for the writer.
///
/// **Every call blocks**: it waits for the disk, and up to [`Options::busy`] for other processes. On an async
/// runtime call it on a blocking thread.
#[derive(Debug, Clone)]
pub struct Ledger {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    connected: Connected,
    locks: LockFiles,
    clock: Arc<dyn Clock>,
    options: Options,
}

impl Ledger {
    /// Opens a ledger, and makes it when it is missing: the file with permission 0600, its directory with 0700,
    /// `locks/` for holders beside it. An older schema is brought up to date.
    ///
    /// # Errors
    /// [`OpenError`]: among others on a network file system, when others can read the file, when the file is
    /// damaged, from a newer shiponce, or not a ledger.
    pub fn open(path: &Path, clock: Arc<dyn Clock>, options: Options) -> Result<Self, OpenError> {
        let connection = open::open(path, &options)?;
        Ok(Self::new(Connected::new(connection, path, false), clock, options))
    }

    /// Opens a ledger for reading: what `plan` and `status` do. It makes no file and writes no row; a missing file
    /// is an empty ledger, and stays one for this handle.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_read_only(path: &Path, clock: Arc<dyn Clock>, options: Options) -> Result<Self, OpenError> {
        let connection = open::open_read_only(path, &options)?;
        Ok(Self::new(Connected::new(connection, path, true), clock, options))
    }

    fn new(connected: Connected, clock: Arc<dyn Clock>, options: Options) -> Self {
        let locks = LockFiles::new(connected.path.with_file_name("locks"));
        Self { inner: Arc::new(Inner { connected, locks, clock, options }) }
    }

    /// Where the ledger lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.connected.path
    }

    /// How long leases live.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.inner.options
    }

    pub(crate) fn connected(&self) -> &Connected {
        &self.inner.connected
    }

    pub(crate) fn locks(&self) -> &LockFiles {
        &self.inner.locks
    }

    /// The wall clock, for people: nothing is decided by it.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.inner.clock.now().as_microsecond())
    }

    /// The boot clock, by which leases are judged.
    ///
    /// Where the system does not name its boot, readings of two processes cannot be compared. Then it stands still:
    /// no lease ever runs out, and the lock files alone decide who is gone.
    pub(crate) fn tick(&self) -> Tick {
        let reading = self.inner.clock.boot();
        match reading.boot {
            Some(boot) => {
                Tick { boot: boot.as_str().to_owned(), micros: u64::try_from(reading.micros).unwrap_or(0) }
            }
            None => Tick { boot: "unknown".to_owned(), micros: 0 },
        }
    }

    pub(crate) fn terms(&self) -> Terms {
        Terms { ttl: micros(self.inner.options.ttl) }
    }

    /// When a lease that was asked for at `asked_at` stops being good for new effects.
    pub(crate) fn usable_until(&self, asked_at: Tick) -> Tick {
        let life = self.inner.options.ttl.saturating_sub(self.inner.options.margin);
        Tick { micros: asked_at.micros.saturating_add(micros(life)), ..asked_at }
    }
}

fn micros(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
