//! Memory stays flat: in a process of its own, so that no other test counts.

use crate::build::{Item, Sdist, Wheel, Zip, base64url};
use sha2::Digest as _;
use shiponce_dist::{OpenOptions, Ruleset, examine};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What one process may have used at most, in KiB.
const HIGHEST_KIB: u64 = 64 * 1024;
const LARGE: u64 = 300 << 20;
const FOLDER: &str = "SHIPONCE_TEST_MEMORY_FOLDER";

/// A wheel with a stored file of `LARGE` zeros, written as a hole.
fn sparse_wheel(folder: &Path) -> PathBuf {
    let mut zip = Wheel::demo().zip();
    let zeros = vec![0; 1 << 20];
    let (mut crc, mut sha256) = (flate2::Crc::new(), sha2::Sha256::new());
    for _ in 0..LARGE >> 20 {
        crc.update(&zeros);
        sha256.update(&zeros);
    }
    let row = format!("demo/zeros.bin,sha256={},{LARGE}\n", base64url(&sha256.finalize()));
    let record = zip.items.last_mut().unwrap();
    record.data.splice(0..0, row.into_bytes());
    // The records as if the file were there, with its bytes left out.
    let size = u32::try_from(LARGE).unwrap().to_le_bytes();
    let put = |at: usize| {
        move |record: &mut Vec<u8>| {
            record[at..at + 4].copy_from_slice(&size);
            record[at + 4..at + 8].copy_from_slice(&size);
        }
    };
    let mut item = Item::stored("demo/zeros.bin", "");
    item.crc = Some(crc.sum());
    item.local = Box::new(put(18));
    item.central = Box::new(put(20));
    zip.items.push(item);
    let small = zip.bytes();
    let directory = u32::from_le_bytes(small[small.len() - 6..small.len() - 2].try_into().unwrap());
    let (before, after) = small.split_at(usize::try_from(directory).unwrap());
    let path = folder.join("demo-1.0-py3-none-any.whl");
    let mut file = fs_err::File::create(&path).unwrap();
    file.write_all(before).unwrap();
    file.seek(SeekFrom::Current(i64::try_from(LARGE).unwrap())).unwrap();
    let mut after = after.to_vec();
    let at = after.len() - 6;
    after[at..at + 4].copy_from_slice(&(directory + u32::try_from(LARGE).unwrap()).to_le_bytes());
    file.write_all(&after).unwrap();
    path
}

/// Wheels and sdists whose small files unpack to a lot.
fn bombs(folder: &Path) -> Vec<PathBuf> {
    let zeros = vec![0; 200 << 20];
    let wheel = |name: &str, member: &str| {
        let mut wheel = Wheel::named(name);
        let dist_info = wheel.dist_info.clone();
        wheel.files.push((format!("{dist_info}/{member}"), zeros.clone()));
        wheel.write(folder)
    };
    let lying = {
        let mut zip = Wheel::named("lying-1.0-py3-none-any.whl").zip();
        let metadata = zip.items.iter_mut().find(|item| item.name.ends_with(b"METADATA")).unwrap();
        metadata.data.clone_from(&zeros);
        let small = |at: usize| move |record: &mut Vec<u8>| record[at..at + 4].copy_from_slice(&[0, 1, 0, 0]);
        metadata.local = Box::new(small(22));
        metadata.central = Box::new(small(24));
        let path = folder.join("lying-1.0-py3-none-any.whl");
        fs_err::write(&path, Zip::bytes(&zip)).unwrap();
        path
    };
    let sdist = |name: &str, kind: u8| {
        let path = folder.join(format!("{name}-1.0.tar.gz"));
        let tar = Sdist::named(&format!("{name}-1.0.tar.gz")).tar().member(kind, "bomb", "", &zeros);
        fs_err::write(&path, tar.file("next", b"").finish()).unwrap();
        path
    };
    vec![
        wheel("points-1.0-py3-none-any.whl", "entry_points.txt"),
        wheel("tops-1.0-py3-none-any.whl", "top_level.txt"),
        lying,
        sdist("gnu", b'L'),
        sdist("pax", b'x'),
        sdist("globalpax", b'g'),
    ]
}

fn peak_kib() -> u64 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// In the child: look at every file, and at the memory afterwards.
fn look(folder: &Path) {
    let mut seen = 0;
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let examined =
            examine(&path, OpenOptions { md5: true, progress: None }, Ruleset::Permissive).unwrap();
        let is_sound = path.ends_with("demo-1.0-py3-none-any.whl");
        assert_eq!(examined.findings.is_empty(), is_sound, "{}: {:?}", path.display(), examined.findings);
        seen += 1;
        let peak = peak_kib();
        assert!(peak < HIGHEST_KIB, "{peak} KiB after {}", path.display());
    }
    assert_eq!(seen, 7);
}

#[test]
fn large_wheels_and_bombs_need_flat_memory() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return look(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    sparse_wheel(folder.path());
    bombs(folder.path());
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "memory::large_wheels_and_bombs_need_flat_memory", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}
