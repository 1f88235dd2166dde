//! Memory does not grow with the size of a file.

use crate::process::{Played, say};
use crate::world::World;
use sha2::{Digest as _, Sha256 as Hasher};
use shiponce_core::Sha256;
use shiponce_store::Store;
use std::io::Write as _;
use std::path::Path;

/// Much more than a process may take here.
const SIZE: usize = 192 << 20;
const CHUNK: usize = 1 << 20;

/// Stores, reads and copies a large file, and says the most memory it ever had, in KiB.
pub(crate) fn measure(directory: &Path) {
    let chunk = vec![5; CHUNK];
    let source = directory.join("source");
    let mut file = fs_err::File::create(&source).unwrap();
    let mut hasher = Hasher::new();
    for _ in 0..SIZE / CHUNK {
        hasher.update(&chunk);
        file.write_all(&chunk).unwrap();
    }
    let digest = Sha256(hasher.finalize().into());
    let store = Store::open(&directory.join("store")).unwrap();
    store.put_file(&source, digest).unwrap();
    fs_err::remove_file(&source).unwrap();
    assert!(store.artifact(digest).unwrap().found().is_some());
    store.materialise(digest, "copy", directory).unwrap().found().unwrap();
    let status = fs_err::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    say(peak.trim().trim_end_matches(" kB"));
}

#[test]
fn a_large_file_takes_little_memory() {
    let world = World::new();
    let said = Played::start("measure", world.directory.path()).finish();
    let peak: usize = said[0].parse().unwrap();
    assert!(peak < 32 << 10, "{peak} KiB");
    assert_eq!(fs_err::metadata(world.directory.path().join("copy")).unwrap().len(), SIZE as u64);
}
