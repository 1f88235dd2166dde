//! Files that are whole or absent, private ones, and locks, also against SIGKILL.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::Barrier;

use secrecy::ExposeSecret as _;
use shiponce_io::files::{
    Access, AtomicFile, FileError, FileLock, Put, private_folder, put_if_absent, read_secret_file,
    write_atomic,
};

use crate::child::{Role, say, wait_for_parent};
use crate::world::wait_until;

const SIZE: usize = 1 << 20;

fn mode(path: &Path) -> u32 {
    fs_err::metadata(path).unwrap().mode() & 0o7777
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// The child of the next test.
pub(crate) fn rewrite_for_ever(path: &str) {
    for round in 0_u64.. {
        let letter = if round.is_multiple_of(2) { b'a' } else { b'b' };
        write_atomic(Path::new(path), &vec![letter; SIZE], Access::Private).unwrap();
        if round == 1 {
            say("running");
        }
    }
}

#[test]
fn a_file_is_whole_whenever_its_writer_is_killed() {
    let world = tempfile::tempdir().unwrap();
    let path = world.path().join("state.json");
    for round in 0..12_u32 {
        let mut child = Role::start("rewrite-for-ever", path.to_str().unwrap(), &[]);
        assert_eq!(child.hear().unwrap(), "running");
        // Another moment each time: let it finish a few more files first.
        let inode = |path: &Path| fs_err::metadata(path).unwrap().ino();
        for _ in 0..round {
            let before = inode(&path);
            wait_until("the next file", || inode(&path) != before);
        }
        child.kill();
        let bytes = fs_err::read(&path).unwrap();
        assert_eq!(bytes.len(), SIZE);
        assert!(bytes.iter().all(|byte| *byte == bytes[0]), "mixed file in round {round}");
    }
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn of_many_writers_exactly_one_creates_the_file() {
    let world = tempfile::tempdir().unwrap();
    let path = world.path().join("manifest");
    let start = Barrier::new(16);
    let puts: Vec<Put> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16_u8)
            .map(|number| {
                let (start, path) = (&start, &path);
                scope.spawn(move || {
                    start.wait();
                    put_if_absent(path, &[number; 4096], Access::Private).unwrap()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let winners: Vec<_> = (0..16).filter(|index| puts[*index] == Put::Created).collect();
    assert_eq!(winners.len(), 1, "{puts:?}");
    let bytes = fs_err::read(&path).unwrap();
    assert_eq!(bytes, vec![u8::try_from(winners[0]).unwrap(); 4096]);
    assert_eq!(names(world.path()), ["manifest"]);
}

#[test]
fn an_abandoned_file_leaves_nothing() {
    let world = tempfile::tempdir().unwrap();
    let file = AtomicFile::create(world.path().join("wheel"), Access::Shared).unwrap();
    assert_eq!(names(world.path()).len(), 1);
    drop(file);
    assert!(names(world.path()).is_empty());
    let missing = AtomicFile::create(world.path().join("no/such/wheel"), Access::Shared).unwrap_err();
    assert!(matches!(missing, FileError::Write { .. }));
}

#[test]
fn a_shared_file_keeps_the_permissions_it_had() {
    let world = tempfile::tempdir().unwrap();
    let path = world.path().join("plan.json");
    write_atomic(&path, b"1", Access::Shared).unwrap();
    assert_eq!(mode(&path) & 0o600, 0o600);
    fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    write_atomic(&path, b"2", Access::Shared).unwrap();
    assert_eq!((fs_err::read(&path).unwrap(), mode(&path)), (b"2".to_vec(), 0o640));
}

#[test]
fn a_private_folder_is_made_and_made_private() {
    let world = tempfile::tempdir().unwrap();
    let folder = world.path().join("state/shiponce");
    private_folder(&folder).unwrap();
    assert_eq!(mode(&folder), 0o700);
    fs_err::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    private_folder(&folder).unwrap();
    assert_eq!(mode(&folder), 0o700);
    let file = world.path().join("file");
    fs_err::write(&file, "").unwrap();
    assert!(matches!(private_folder(&file).unwrap_err(), FileError::Foreign { .. }));
}

#[test]
fn a_secrets_file_that_others_can_read_is_refused_by_its_mode() {
    let world = tempfile::tempdir().unwrap();
    let path = world.path().join(".env");
    fs_err::write(&path, "TOKEN=hunter2\n").unwrap();
    let chmod = |mode| {
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        read_secret_file(&path)
    };
    assert_eq!(chmod(0o600).unwrap().expose_secret(), "TOKEN=hunter2\n");
    assert_eq!(chmod(0o400).unwrap().expose_secret(), "TOKEN=hunter2\n");
    for (bits, named) in [(0o644, "0644"), (0o640, "0640"), (0o604, "0604"), (0o620, "0620")] {
        let message = chmod(bits).unwrap_err().to_string();
        assert!(message.contains(named), "{message}");
        assert!(!message.contains("hunter2"));
    }
    assert!(matches!(read_secret_file(world.path()).unwrap_err(), FileError::Foreign { .. }));
    chmod(0o600).unwrap();
    fs_err::write(&path, b"hunter2 \xff").unwrap();
    let error = read_secret_file(&path).unwrap_err();
    assert!(matches!(error, FileError::NotText { .. }));
    assert!(!format!("{error:?}").contains("hunter2"));
}

/// The child of the next test.
pub(crate) fn hold_lock(path: &str) {
    let lock = FileLock::try_lock(path).unwrap();
    say(if lock.is_some() { "held" } else { "busy" });
    wait_for_parent();
}

#[test]
fn a_lock_excludes_another_process_until_its_holder_is_killed() {
    let world = tempfile::tempdir().unwrap();
    let path = world.path().join("release.lock");
    let mut holder = Role::start("hold-lock", path.to_str().unwrap(), &[]);
    assert_eq!(holder.hear().unwrap(), "held");
    assert!(FileLock::try_lock(&path).unwrap().is_none());
    holder.kill();

    let lock = FileLock::try_lock(&path).unwrap().unwrap();
    assert_eq!(lock.path(), path);
    let mut other = Role::start("hold-lock", path.to_str().unwrap(), &[]);
    assert_eq!(other.hear().unwrap(), "busy");
    drop(lock);
    drop(FileLock::lock(&path).unwrap());
    assert_eq!(mode(&path), 0o600);
}
