//! Opening the file: where it may lie, who may read it, which schema it has.

use super::migrations::{self, Schema};
use crate::error::OpenError;
use crate::options::Options;
use rusqlite::{Connection, OpenFlags};
use shiponce_io::files::{FileLock, FileSystem, file_system, private_folder, sync_folder};
use std::io;
use std::path::Path;

/// Opens for writing; makes the file and brings its schema up to date.
pub(crate) fn open(path: &Path, options: &Options) -> Result<Connection, OpenError> {
    let directory = directory_of(path);
    private_folder(directory)
        .map_err(|source| OpenError::Directory { path: directory.to_owned(), source })?;
    refuse_network(directory)?;
    // Making the file, switching it to WAL and migrating are done by one process at a time: the switch fails at once
    // instead of waiting when another one is at it.
    let _opening = FileLock::lock(path.with_extension("opening"))
        .map_err(|source| OpenError::Lock { path: path.to_owned(), source })?;
    create_private(path)?;
    check_private(path)?;
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, options)?;
    let set_up = |source| OpenError::from_sql(path, "set the journal mode", source);
    // Reading the schema first tells a file of another program before anything is changed in it.
    migrations::inspect(&connection, path)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(set_up)?;
    // FULL: a committed row survives a power cut. NORMAL would lose the last ones in WAL mode.
    connection.pragma_update(None, "synchronous", "FULL").map_err(set_up)?;
    check_whole(&connection, path)?;
    migrations::apply(&mut connection, path)?;
    Ok(connection)
}

/// Opens for reading. A missing file is an empty ledger; one with an older schema is read through a migrated copy in
/// memory, because reading must not change the file.
pub(crate) fn open_read_only(path: &Path, options: &Options) -> Result<Connection, OpenError> {
    match fs_err::metadata(path) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return in_memory(path, |_| Ok(())),
        Err(source) => return Err(OpenError::File { path: path.to_owned(), source }),
    }
    refuse_network(directory_of(path))?;
    check_private(path)?;
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY, options)?;
    let schema = migrations::inspect(&connection, path)?;
    check_whole(&connection, path)?;
    if schema == Schema::Current {
        return Ok(connection);
    }
    in_memory(path, |copy| {
        let copied = |source| OpenError::from_sql(path, "make a copy", source);
        let backup = rusqlite::backup::Backup::new(&connection, copy).map_err(copied)?;
        backup.step(-1).map_err(copied)?;
        Ok(())
    })
}

fn in_memory(
    path: &Path,
    fill: impl FnOnce(&mut Connection) -> Result<(), OpenError>,
) -> Result<Connection, OpenError> {
    let mut connection = Connection::open_in_memory()
        .map_err(|source| OpenError::from_sql(path, "make an empty copy", source))?;
    fill(&mut connection)?;
    migrations::apply(&mut connection, path)?;
    Ok(connection)
}

fn connect(path: &Path, access: OpenFlags, options: &Options) -> Result<Connection, OpenError> {
    let failed = |source| OpenError::from_sql(path, "open the file", source);
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(options.busy).map_err(failed)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
    connection.pragma_update(None, "trusted_schema", false).map_err(failed)?;
    Ok(connection)
}

/// A ledger holds a few thousand rows, so looking at all of them costs less than believing a broken one.
fn check_whole(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let verdict: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|source| OpenError::from_sql(path, "check the pages", source))?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(OpenError::Damaged { path: path.to_owned(), detail: verdict })
}

fn refuse_network(directory: &Path) -> Result<(), OpenError> {
    let kind = file_system(directory)
        .map_err(|source| OpenError::Directory { path: directory.to_owned(), source })?;
    local_only(directory, kind)
}

fn local_only(directory: &Path, kind: FileSystem) -> Result<(), OpenError> {
    match kind {
        FileSystem::Local => Ok(()),
        FileSystem::Network(name) => Err(OpenError::Network { path: directory.to_owned(), name }),
    }
}

/// Makes the file ourselves: SQLite would make it with the umask's permissions. Its log and index files take theirs
/// from it.
fn create_private(path: &Path) -> Result<(), OpenError> {
    let mut options = fs_err::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => sync_folder(directory_of(path))
            .map_err(|source| OpenError::Directory { path: directory_of(path).to_owned(), source }),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(OpenError::File { path: path.to_owned(), source }),
    }
}

fn check_private(path: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::File { path: path.to_owned(), source };
    let metadata = fs_err::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = metadata.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(OpenError::Permissions { path: path.to_owned(), mode });
        }
    }
    Ok(())
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_named() {
        assert!(local_only(Path::new("/home/me"), FileSystem::Local).is_ok());
        let refused = local_only(Path::new("/mnt/x"), FileSystem::Network("nfs".to_owned())).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the ledger cannot be kept in `/mnt/x`: nfs is a network file system"
        );
    }
}
