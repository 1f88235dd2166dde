//! Transactions, and how their errors get a name.

use crate::error::Error;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a transaction is for, as the end of a sentence that begins with "cannot": `freeze the manifest`.
pub(crate) type Doing = &'static str;

/// Why a transaction was given up.
#[derive(Debug)]
pub(crate) enum Failed {
    /// SQLite said no.
    Sql(rusqlite::Error),
    /// A row does not hold what we write there.
    Row(String),
    /// The call is refused for a reason of its own.
    Refused(Error),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// One connection, used by one thread at a time.
#[derive(Debug)]
pub(crate) struct Connected {
    connection: Mutex<Connection>,
    pub(crate) path: PathBuf,
    pub(crate) read_only: bool,
}

impl Connected {
    pub(crate) fn new(connection: Connection, path: &Path, read_only: bool) -> Self {
        Self { connection: Mutex::new(connection), path: path.to_owned(), read_only }
    }

    /// A transaction that writes. `BEGIN IMMEDIATE`, because a transaction that begins by reading and then writes
    /// fails with `SQLITE_BUSY_SNAPSHOT` whatever the busy timeout is.
    pub(crate) fn write<T>(
        &self,
        doing: Doing,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Failed>,
    ) -> Result<T, Error> {
        if self.read_only {
            return Err(Error::ReadOnly { doing });
        }
        self.run(doing, TransactionBehavior::Immediate, work)
    }

    /// A transaction that reads one moment of the ledger, while others may write.
    pub(crate) fn read<T>(
        &self,
        doing: Doing,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Failed>,
    ) -> Result<T, Error> {
        self.run(doing, TransactionBehavior::Deferred, work)
    }

    fn run<T>(
        &self,
        doing: Doing,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Failed>,
    ) -> Result<T, Error> {
        let mut connection = self.lock();
        let transaction = connection
            .transaction_with_behavior(behavior)
            .map_err(|error| self.name(doing, Failed::Sql(error)))?;
        // An error drops the transaction, which rolls it back.
        let value = work(&transaction).map_err(|failed| self.name(doing, failed))?;
        transaction.commit().map_err(|error| self.name(doing, Failed::Sql(error)))?;
        Ok(value)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A thread that panicked dropped its transaction, hence the connection is in order.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn name(&self, doing: Doing, failed: Failed) -> Error {
        let path = self.path.clone();
        match failed {
            Failed::Refused(error) => error,
            Failed::Row(detail) => Error::Damaged { path, doing, detail },
            Failed::Sql(source) => match source.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy { path, doing },
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    Error::Damaged { path, doing, detail: source.to_string() }
                }
                _ => Error::Sql { path, doing, source },
            },
        }
    }
}
