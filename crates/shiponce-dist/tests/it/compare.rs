//! Two builds of one file, and what is said about them.

use crate::build::{Item, Sdist, Wheel};
use shiponce_dist::compare::compare;
use shiponce_dist::{Distribution, digest};
use std::path::{Path, PathBuf};

fn said(first: &Path, second: &Path) -> String {
    let [first, second] = [first, second].map(|path| Distribution::open(path).unwrap());
    let found = compare(&first, &second).unwrap();
    assert!(compare(&first, &first).unwrap().is_empty());
    found.iter().map(|difference| format!("{difference}\n")).collect()
}

fn folders(folder: &Path) -> [PathBuf; 2] {
    ["a", "b"].map(|name| {
        let path = folder.join(name);
        fs_err::create_dir(&path).unwrap();
        path
    })
}

#[test]
fn wheels_differ_by_entry_field_and_byte() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = folders(folder.path());
    let first = Wheel::demo().file("demo/only.py", "x").file("demo/same.py", "same").write(&a);
    let second = Wheel::demo().file("demo/same.py", "same").archive(|zip| {
        zip.items[0].data = b"VERSION = '1.1'\n".to_vec();
        for tweak in [10_usize, 12] {
            let change: crate::build::Tweak = Box::new(move |bytes| bytes[tweak] = 0x20);
            if tweak == 10 { zip.items[1].local = change } else { zip.items[1].central = change }
        }
        zip.items[2].deflate = false;
        zip.items.swap(0, 1);
        zip.items.push(Item::new("demo/new.py", "y"));
    });
    let second = second.write(&b);
    let said = said(&first, &second);
    assert!(said.starts_with("demo/only.py: only in the first build\ndemo/new.py: only in the second build\nthe entries stand in another order\ndemo/__init__.py: content differs from byte 13 on (16 and 16 bytes)\n"), "{said}");
    assert!(said.contains("demo/same.py: time: 2025-01-01 00:00:00 and 2025-01-01 00:01:00\n"), "{said}");
    assert!(said.contains("demo-1.0.dist-info/METADATA: compression: deflated and stored\n"), "{said}");
}

#[test]
fn sdists_differ_by_time_and_owner() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = folders(folder.path());
    let sdist = Sdist::demo();
    let path = |folder: &Path| folder.join(&sdist.filename);
    let tar = |time: &'static [u8; 11], user: &'static [u8; 4], pax: &str| {
        sdist
            .tar()
            .pax(b'x', &[("mtime", &format!("{}.5", if pax == "a" { 1 } else { 2 })), ("SHIPONCE.note", pax)])
            .raw(b'0', b"demo-1.0/x", "", b"abc", move |header| {
                header[136..147].copy_from_slice(time);
                header[265..269].copy_from_slice(user);
            })
    };
    fs_err::write(path(&a), tar(b"14000000000", b"anna", "a").finish()).unwrap();
    fs_err::write(path(&b), tar(b"14000000002", b"bert", "b").finish()).unwrap();
    insta::assert_snapshot!(said(&path(&a), &path(&b)), @"
    demo-1.0/x: time: 1.5 and 2.5
    demo-1.0/x: user name: anna and bert
    demo-1.0/x: extended header: SHIPONCE.note=a and SHIPONCE.note=b
    ");
    let mut bytes = fs_err::read(path(&a)).unwrap();
    bytes[4] = 7;
    fs_err::write(path(&b), bytes).unwrap();
    assert_eq!(said(&path(&a), &path(&b)), "time of compression: 0 and 7\n");
}

#[test]
fn the_same_entries_packed_differently_are_called_so() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = folders(folder.path());
    let first = Wheel::demo().write(&a);
    let second = Wheel::demo()
        .archive(|zip| {
            // Deflate without compression: other bytes, same content and same method.
            let data = zip.items[0].data.clone();
            let length = u16::try_from(data.len()).unwrap();
            let mut packed = vec![1];
            packed.extend(length.to_le_bytes());
            packed.extend((!length).to_le_bytes());
            packed.extend(data);
            zip.items[0].packed = Some(packed);
        })
        .write(&b);
    let digest = |path: &Path| digest::hash_file(path, false, &mut |_| {}).unwrap().sha256;
    assert_ne!(digest(&first), digest(&second));
    assert_eq!(said(&first, &second), "the same entries are packed differently\n");
}
