//! The schema as numbered steps that are only ever added to.
//!
//! A step that was ever released is never edited: its checksum is stored beside its number, and a ledger whose
//! checksum differs is refused, because nobody knows what its tables look like.

use crate::digest::sha256_hex;
use crate::error::OpenError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;

/// Marks a SQLite file as ours: `ship` in ASCII.
const APPLICATION_ID: i64 = 0x7368_6970;

struct Migration {
    name: &'static str,
    sql: &'static str,
}

/// In order; the number of a step is its place, counted from one.
const MIGRATIONS: &[Migration] = &[
    Migration { name: "0001_leases", sql: include_str!("0001_leases.sql") },
    Migration { name: "0002_releases", sql: include_str!("0002_releases.sql") },
    Migration { name: "0003_journal", sql: include_str!("0003_journal.sql") },
    Migration { name: "0004_pages", sql: include_str!("0004_pages.sql") },
];

/// How a file's schema compares with ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schema {
    /// Every step is there.
    Current,
    /// The first steps are there, possibly none.
    Behind(usize),
}

/// Compares the schema of an open file with ours.
pub(crate) fn inspect(connection: &Connection, path: &Path) -> Result<Schema, OpenError> {
    let read = |source| OpenError::from_sql(path, "read the schema", source);
    let marked: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(read)?;
    let tables: i64 =
        connection.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(read)?;
    if tables == 0 {
        return Ok(Schema::Behind(0));
    }
    if marked != APPLICATION_ID {
        return Err(OpenError::NotALedger { path: path.to_owned() });
    }
    let mut statement =
        connection.prepare("SELECT number, checksum FROM migration ORDER BY number").map_err(read)?;
    let rows =
        statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))).map_err(read)?;
    let applied = rows.collect::<Result<Vec<_>, _>>().map_err(read)?;
    if applied.len() > MIGRATIONS.len() {
        return Err(OpenError::Newer {
            path: path.to_owned(),
            found: applied.len(),
            known: MIGRATIONS.len(),
        });
    }
    for (place, ((number, checksum), migration)) in applied.iter().zip(MIGRATIONS).enumerate() {
        if usize::try_from(*number).ok() != Some(place + 1) || *checksum != sha256_hex(migration.sql) {
            return Err(OpenError::ChangedMigration { path: path.to_owned(), migration: migration.name });
        }
    }
    if applied.len() == MIGRATIONS.len() { Ok(Schema::Current) } else { Ok(Schema::Behind(applied.len())) }
}

/// Applies the steps that are missing, each in one transaction with its checksum.
pub(crate) fn apply(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    if inspect(connection, path)? == Schema::Current {
        return Ok(());
    }
    apply_up_to(connection, path, MIGRATIONS.len())
}

fn apply_up_to(connection: &mut Connection, path: &Path, last: usize) -> Result<(), OpenError> {
    let failed = |source| OpenError::from_sql(path, "bring the schema up to date", source);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    // Asked again inside the transaction: another process may have been faster.
    if let Schema::Behind(have) = inspect(&transaction, path)? {
        if have == 0 {
            mark(&transaction).map_err(failed)?;
        }
        for (place, migration) in MIGRATIONS.iter().enumerate().take(last).skip(have) {
            transaction.execute_batch(migration.sql).map_err(failed)?;
            let number = i64::try_from(place + 1).unwrap_or(i64::MAX);
            transaction
                .execute(
                    "INSERT INTO migration (number, name, checksum) VALUES (?1, ?2, ?3)",
                    (number, migration.name, sha256_hex(migration.sql)),
                )
                .map_err(failed)?;
        }
    }
    transaction.commit().map_err(failed)
}

fn mark(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(
        "CREATE TABLE migration (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL);",
    )?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use crate::sqlite::open::{open, open_read_only};

    fn tables(connection: &Connection) -> Vec<String> {
        let mut statement = connection
            .prepare("SELECT name || ': ' || COALESCE(sql, '') FROM sqlite_schema ORDER BY name")
            .unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn numbers_are_places() {
        for (place, migration) in MIGRATIONS.iter().enumerate() {
            assert!(migration.name.starts_with(&format!("{:04}_", place + 1)), "{}", migration.name);
        }
    }

    /// Steps that were released: editing one here makes every ledger in the world unreadable.
    #[test]
    fn released_steps_stay_as_they_are() {
        let checksums: Vec<String> =
            MIGRATIONS.iter().map(|step| format!("{} {}", step.name, &sha256_hex(step.sql)[..16])).collect();
        insta::assert_debug_snapshot!(checksums, @r#"
        [
            "0001_leases 5181eb5aee4a8bf2",
            "0002_releases 3723ee23737fc5c3",
            "0003_journal 4a21a74cb50bd0fa",
            "0004_pages 86e25507cf430fce",
        ]
        "#);
    }

    /// Every earlier schema, with a row in it, opens as the current one; reading alone leaves the file as it is.
    #[test]
    fn every_earlier_schema_is_brought_up_to_date() {
        let newest = tables(&migrated(MIGRATIONS.len()).1);
        for have in 0..MIGRATIONS.len() {
            let (directory, earlier) = migrated(have);
            let path = directory.path().join("ledger.sqlite");
            if have > 0 {
                earlier
                    .execute("INSERT INTO lease_group (name, epoch, tickets) VALUES ('g', 7, 9)", [])
                    .unwrap();
            }
            drop(earlier);
            let before = fs_err::read(&path).unwrap();
            let epoch = "SELECT MAX(epoch) FROM lease_group";
            let reader = open_read_only(&path, &Options::usual()).unwrap();
            assert_eq!(tables(&reader), newest);
            let read: Option<i64> = reader.query_row(epoch, [], |row| row.get(0)).unwrap();
            assert_eq!(read, (have > 0).then_some(7));
            drop(reader);
            assert_eq!(fs_err::read(&path).unwrap(), before, "reading changes nothing");

            let writer = open(&path, &Options::usual()).unwrap();
            assert_eq!(tables(&writer), newest);
            let kept: Option<i64> = writer.query_row(epoch, [], |row| row.get(0)).unwrap();
            assert_eq!(kept, (have > 0).then_some(7));
        }
    }

    fn migrated(steps: usize) -> (tempfile::TempDir, Connection) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ledger.sqlite");
        let mut connection = Connection::open(&path).unwrap();
        if steps > 0 {
            apply_up_to(&mut connection, &path, steps).unwrap();
        } else {
            fs_err::write(&path, b"").unwrap();
        }
        use std::os::unix::fs::PermissionsExt as _;
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        (directory, connection)
    }
}
