//! The zip reader against every disagreement between readers.

use crate::build::{Item, Tweak, Zip};
use shiponce_dist::zip::{Archive, Limits, ZipError};
use std::error::Error as _;
use std::io::Cursor;

fn open(bytes: Vec<u8>) -> Result<Archive<Cursor<Vec<u8>>>, ZipError> {
    Archive::open(Cursor::new(bytes))
}

/// The error of opening, or of reading every entry.
fn refusal(bytes: Vec<u8>) -> String {
    let full = |error: ZipError| match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    let mut archive = match open(bytes) {
        Ok(archive) => archive,
        Err(error) => return full(error),
    };
    let names: Vec<String> = archive.entries().iter().map(|entry| entry.name.clone()).collect();
    for name in names {
        if let Err(error) = archive.read(&name, 1 << 20) {
            return full(error);
        }
    }
    "accepted".to_owned()
}

fn item() -> Item {
    Item::new("a.txt", "hello hello hello hello")
}

fn with(change: impl Fn(&mut Item)) -> Vec<u8> {
    let mut item = item();
    change(&mut item);
    Zip::new(vec![item, Item::stored("b.txt", "second")]).bytes()
}

fn with_zip(change: impl Fn(&mut Zip)) -> Vec<u8> {
    let mut zip = Zip::new(vec![item(), Item::stored("b.txt", "second")]);
    change(&mut zip);
    zip.bytes()
}

fn put(at: usize, bytes: &'static [u8]) -> Tweak {
    Box::new(move |record| record[at..at + bytes.len()].copy_from_slice(bytes))
}

/// Appends extra fields and corrects their length at `length_at`.
fn extra(length_at: usize, fields: &'static [u8]) -> Tweak {
    Box::new(move |record| {
        record.extend(fields);
        record[length_at] = u8::try_from(fields.len()).unwrap();
    })
}

#[test]
fn sound_archives_are_read() {
    let mut archive = open(with_zip(|_| {})).unwrap();
    let names: Vec<_> = archive.entries().iter().map(|entry| entry.name.clone()).collect();
    assert_eq!(names, ["a.txt", "b.txt"]);
    assert_eq!(archive.read("a.txt", 100).unwrap(), b"hello hello hello hello");
    assert_eq!(archive.read("b.txt", 6).unwrap(), b"second");
    assert_eq!(archive.read("a.txt", 23).unwrap().len(), 23, "backwards too");
    assert_eq!(
        archive.read("b.txt", 5).unwrap_err().to_string(),
        "entry `b.txt` at byte 45: it is larger than 5 bytes"
    );
    assert!(matches!(archive.read("c", 1), Err(ZipError::Absent(_))));
    assert!(matches!(archive.read("a.txt/", 1), Err(ZipError::Absent(_))));
    assert_eq!(archive.entry("a.txt").unwrap().unix_mode, Some(0o100_644));
    assert!(!archive.has_comment() && archive.first_descriptor().is_none());
}

#[test]
fn harmless_oddities_are_read() {
    let folder = |zip: &mut Zip| zip.items.push(Item::stored("folder/", ""));
    let wide = |zip: &mut Zip| zip.zip64 = true;
    let comment = |zip: &mut Zip| zip.comment = b"hello".to_vec();
    let umlaut = |zip: &mut Zip| zip.items.push(Item::new("ä.txt", "x"));
    let empty = |zip: &mut Zip| zip.items.clear();
    let changes: [fn(&mut Zip); 5] = [folder, wide, comment, umlaut, empty];
    for (index, change) in changes.into_iter().enumerate() {
        assert_eq!(refusal(with_zip(change)), "accepted", "{index}");
    }
    assert!(open(with_zip(comment)).unwrap().has_comment());
    assert!(open(with_zip(folder)).unwrap().entry("folder/").unwrap().is_dir());
    // A 64-bit local header, as Python writes for a file it does not know the size of.
    let forced = with(|item| {
        item.local = Box::new(|record| {
            let wide: Vec<u8> =
                [22, 18].iter().flat_map(|&at| [&record[at..at + 4], &[0; 4]].concat()).collect();
            record[18..26].fill(0xff);
            record.extend([1, 0, 16, 0]);
            record.extend(wide);
            record[28] = 20;
        });
    });
    assert_eq!(refusal(forced), "accepted");
}

#[test]
fn streamed_entries_are_read_and_told() {
    for signed in [true, false] {
        let bytes = with(|item| {
            let sizes = [item.crc(), 10, 23].map(u32::to_le_bytes).concat();
            item.after = if signed { [b"PK\x07\x08".to_vec(), sizes].concat() } else { sizes };
            item.local = Box::new(|record| {
                record[6] = 8;
                record[14..26].fill(0);
            });
            item.central = put(8, b"\x08");
        });
        assert_eq!(refusal(bytes.clone()), "accepted");
        assert_eq!(open(bytes).unwrap().first_descriptor(), Some("a.txt"));
    }
}

#[test]
fn broken_ends_are_refused() {
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty file", Vec::new()),
        ("not a zip", b"#!/bin/sh\n".repeat(10)),
        ("cut off", with_zip(|_| {})[..100].to_vec()),
        ("end cut off", {
            let all = with_zip(|_| {});
            all[..all.len() - 1].to_vec()
        }),
        ("trailing byte", with_zip(|zip| zip.after = b"x".to_vec())),
        ("second end in the comment", with_zip(|zip| zip.comment = Zip::new(Vec::new()).bytes())),
        (
            "end swallowed by another's comment",
            with_zip(|zip| {
                zip.end = Box::new(|end| {
                    let mut outer = end.clone();
                    outer[20] = 22;
                    outer.extend(end.clone());
                    *end = outer;
                });
            }),
        ),
        ("bytes in front", with_zip(|zip| zip.before = b"MZ".to_vec())),
        ("bytes in front, offsets not moved", [b"MZ".to_vec(), with_zip(|_| {})].concat()),
        ("bytes before the directory", with_zip(|zip| zip.before_directory = b"hidden".to_vec())),
        ("another disk", with_zip(|zip| zip.end = put(4, b"\x01"))),
        ("counts differ", with_zip(|zip| zip.end = put(8, b"\x01"))),
        ("too few counted", with_zip(|zip| zip.end = put(8, b"\x01\0\x01"))),
        ("too many counted", with_zip(|zip| zip.end = put(8, b"\x03\0\x03"))),
        ("directory too short", with_zip(|zip| zip.end = put(12, b"\x10"))),
        ("directory elsewhere", with_zip(|zip| zip.end = put(16, b"\0\0\0\0"))),
        ("64-bit record missing", with_zip(|zip| zip.end = put(8, b"\xff\xff\xff\xff"))),
    ];
    let shown: Vec<String> =
        cases.into_iter().map(|(what, bytes)| format!("{what}: {}", refusal(bytes))).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    empty file: not a zip file: it has no end-of-central-directory record
    not a zip: not a zip file: it has no end-of-central-directory record
    cut off: not a zip file: it has no end-of-central-directory record
    end cut off: not a zip file: it has no end-of-central-directory record
    trailing byte: bytes follow the end of the zip file at byte 210
    second end in the comment: a second end record hides in the archive comment at byte 210
    end swallowed by another's comment: a second end record hides in the archive comment at byte 210
    bytes in front: bytes from 0 to 2 belong to no entry
    bytes in front, offsets not moved: the central directory is declared as 102 bytes at byte 86, but the end record begins at byte 190
    bytes before the directory: bytes from 86 to 92 belong to no entry
    another disk: the end record at byte 188 belongs to a zip file split over several disks
    counts differ: the end record at byte 188 belongs to a zip file split over several disks
    too few counted: the central directory holds other than the declared 1 records
    too many counted: the central directory holds other than the declared 3 records
    directory too short: the central directory is declared as 16 bytes at byte 86, but the end record begins at byte 188
    directory elsewhere: the central directory is declared as 102 bytes at byte 0, but the end record begins at byte 188
    64-bit record missing: the zip64 end record at byte 188 is wrong: the end record refers to it and it is missing
    "#);
}

#[test]
fn broken_64_bit_ends_are_refused() {
    let cases: Vec<(&str, Vec<u8>)> = vec![
        (
            "64-bit record disagrees",
            with_zip(|zip| {
                zip.zip64 = true;
                zip.end = put(56 + 20 + 8, b"\x01\0\x01\0");
            }),
        ),
        (
            "64-bit record with extensible data",
            with_zip(|zip| {
                zip.zip64 = true;
                zip.end = put(4, b"\x2d");
            }),
        ),
        (
            "64-bit record elsewhere",
            with_zip(|zip| {
                zip.zip64 = true;
                zip.end = put(56 + 8, b"\x01");
            }),
        ),
        (
            "64-bit record with another signature",
            with_zip(|zip| {
                zip.zip64 = true;
                zip.end = put(0, b"XX");
            }),
        ),
        (
            "64-bit locator of two disks",
            with_zip(|zip| {
                zip.zip64 = true;
                zip.end = put(56 + 16, b"\x02");
            }),
        ),
        (
            "64-bit counts differ",
            with_zip(|zip| {
                zip.zip64 = true;
                zip.end = put(24, b"\x01");
            }),
        ),
    ];
    let shown: Vec<String> =
        cases.into_iter().map(|(what, bytes)| format!("{what}: {}", refusal(bytes))).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    64-bit record disagrees: the zip64 end record at byte 188 is wrong: it disagrees with the end record
    64-bit record with extensible data: the zip64 end record at byte 188 is wrong: it has extensible data
    64-bit record elsewhere: the zip64 end record at byte 1 is wrong: it does not lie right before its locator
    64-bit record with another signature: the zip64 end record at byte 188 is wrong: it has another signature
    64-bit locator of two disks: the end record at byte 244 belongs to a zip file split over several disks
    64-bit counts differ: the end record at byte 188 belongs to a zip file split over several disks
    "#);
}

#[test]
fn broken_directory_records_are_refused() {
    let central = |at: usize, bytes: &'static [u8]| with(|item| item.central = put(at, bytes));
    let both = |local: usize, directory: usize, bytes: &'static [u8]| {
        with(|item| {
            item.local = put(local, bytes);
            item.central = put(directory, bytes);
        })
    };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("encrypted", both(6, 8, b"\x01")),
        ("strong encryption", both(6, 8, b"\x40")),
        ("masked", both(7, 9, b"\x20")),
        ("patch", both(6, 8, b"\x20")),
        ("lzma", both(8, 10, b"\x0e")),
        ("another disk", central(34, b"\x01")),
        ("wrong signature", central(0, b"XX")),
        ("name longer than the directory", with_zip(|zip| zip.items[1].central = put(28, b"\xff"))),
        ("duplicate", with_zip(|zip| zip.items.push(item()))),
        ("file and folder", with_zip(|zip| zip.items.push(Item::stored("a.txt/", "")))),
        ("folder with content", with_zip(|zip| zip.items.push(Item::new("c/", "content")))),
        ("stored with two sizes", with_zip(|zip| zip.items[1].central = put(24, b"\x07"))),
        ("impossible ratio", central(27, b"\x01")),
        ("extra cut off", with(|item| item.central = extra(30, b"\x01"))),
        ("extra too long", with(|item| item.central = extra(30, b"\x99\x99\xff\x00"))),
        ("extra twice", with(|item| item.central = extra(30, b"\x99\x99\0\0\x99\x99\0\0"))),
        ("other name in an extra", with(|item| item.central = extra(30, b"\x75\x70\x08\0\x01\0\0\0\0bad"))),
        ("64-bit field for nothing", with(|item| item.central = extra(30, b"\x01\0\x08\0\0\0\0\0\0\0\0\0"))),
        ("64-bit field missing", central(20, b"\xff\xff\xff\xff")),
        ("offset behind the archive", central(42, b"\0\0\x10")),
        ("too deep an offset", central(42, b"\x05")),
    ];
    let shown: Vec<String> =
        cases.into_iter().map(|(what, bytes)| format!("{what}: {}", refusal(bytes))).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    encrypted: entry `a.txt` at byte 86: it is encrypted
    strong encryption: entry `a.txt` at byte 86: it is encrypted
    masked: entry `a.txt` at byte 86: it is encrypted
    patch: entry `a.txt` at byte 86: it is a compressed patch
    lzma: entry `a.txt` at byte 86: compression method 14 is neither stored nor deflated
    another disk: entry `a.txt` at byte 86: it lies on another disk
    wrong signature: no central directory record at byte 86
    name longer than the directory: no central directory record at byte 137
    duplicate: entry `a.txt` at byte 233: the name occurs twice
    file and folder: entry `a.txt/` at byte 224: the name occurs twice
    folder with content: entry `c/` at byte 229: its sizes do not fit its kind
    stored with two sizes: entry `b.txt` at byte 137: its sizes do not fit its kind
    impossible ratio: entry `a.txt` at byte 86: it declares 16777239 bytes unpacked from 10, more than deflate can give
    extra cut off: entry `a.txt` at byte 86: its extra fields are malformed
    extra too long: entry `a.txt` at byte 86: its extra fields are malformed
    extra twice: entry `a.txt` at byte 86: its extra field 0x9999 occurs twice
    other name in an extra: entry `a.txt` at byte 86: an extra field gives it another name
    64-bit field for nothing: entry `a.txt` at byte 86: its zip64 field does not match its sizes
    64-bit field missing: entry `a.txt` at byte 86: its zip64 field does not match its sizes
    offset behind the archive: bytes from 0 to 45 belong to no entry
    too deep an offset: bytes from 0 to 5 belong to no entry
    "#);
}

#[test]
fn bad_names_are_refused() {
    let named = |name: &[u8]| Zip::new(vec![Item::new(name, "x")]).bytes();
    let unflagged = {
        let mut item = Item::new("ä", "x");
        item.local = put(7, b"\0");
        item.central = put(9, b"\0");
        Zip::new(vec![item]).bytes()
    };
    let names: [&[u8]; 9] =
        [b"", b"/abs", b"../up", b"a/../b", b"a\\b", b"C:\\x", b"a\0b", b"a//b", b"\xff\xfe"];
    let mut shown: Vec<String> = names.into_iter().map(|name| refusal(named(name))).collect();
    shown.push(refusal(unflagged));
    insta::assert_snapshot!(shown.join("\n"), @r#"
    entry `` at byte 33: the name is empty
    entry `/abs` at byte 37: the name is absolute
    entry `../up` at byte 38: the name leaves its folder with `..`
    entry `a/../b` at byte 39: the name leaves its folder with `..`
    entry `a\\b` at byte 36: the name contains a backslash
    entry `C:\\x` at byte 37: the name contains a backslash
    entry `a\0b` at byte 36: the name contains a NUL byte
    entry `a//b` at byte 37: the name has an empty or `.` component
    entry `��` at byte 35: the name is not UTF-8
    entry `ä` at byte 35: the name is not ASCII and not flagged as UTF-8
    "#);
}

#[test]
fn local_headers_must_agree() {
    let local = |at: usize, bytes: &'static [u8]| with(|item| item.local = put(at, bytes));
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("no header", local(0, b"XX")),
        ("other name", local(30, b"b.txt")),
        ("other flags", local(7, b"\x08")),
        ("other method", local(8, b"\0")),
        ("other checksum", local(14, b"\0\0\0\0")),
        ("other packed size", local(18, b"\x09")),
        ("other size", local(22, b"\x09")),
        ("longer name", local(26, b"\x50")),
        ("64-bit field missing", local(22, b"\xff\xff\xff\xff")),
        ("malformed extra", with(|item| item.local = extra(28, b"\x01\0"))),
        ("gap", with(|item| item.after = b"gap".to_vec())),
        (
            "descriptor of another file",
            with(|item| {
                item.after = vec![7; 12];
                item.local = put(6, b"\x08");
                item.central = put(8, b"\x08");
            }),
        ),
        (
            "descriptor of another length",
            with(|item| {
                item.after = vec![7; 13];
                item.local = put(6, b"\x08");
                item.central = put(8, b"\x08");
            }),
        ),
        (
            "packed size reaching into the next entry",
            with(|item| {
                item.central = put(20, b"\x20");
                item.local = put(18, b"\x20");
            }),
        ),
    ];
    let shown: Vec<String> =
        cases.into_iter().map(|(what, bytes)| format!("{what}: {}", refusal(bytes))).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    no header: entry `a.txt` at byte 0: no local header there
    other name: entry `a.txt` at byte 0: local header and central directory disagree on its name
    other flags: entry `a.txt` at byte 0: local header and central directory disagree on its flags
    other method: entry `a.txt` at byte 0: local header and central directory disagree on its compression method
    other checksum: entry `a.txt` at byte 0: local header and central directory disagree on its checksum
    other packed size: entry `a.txt` at byte 0: local header and central directory disagree on its sizes
    other size: entry `a.txt` at byte 0: local header and central directory disagree on its sizes
    longer name: entry `a.txt` at byte 0: it overlaps what follows it
    64-bit field missing: entry `a.txt` at byte 0: its zip64 field does not match its sizes
    malformed extra: entry `a.txt` at byte 0: its extra fields are malformed
    gap: bytes from 45 to 48 belong to no entry
    descriptor of another file: entry `a.txt` at byte 0: its data descriptor disagrees with the central directory
    descriptor of another length: entry `a.txt` at byte 0: its data descriptor disagrees with the central directory
    packed size reaching into the next entry: entry `a.txt` at byte 0: it overlaps what follows it
    "#);
}

#[test]
fn damaged_contents_are_refused() {
    let packed = |change: fn(&mut Vec<u8>)| {
        let mut zip = Zip::new(vec![item()]);
        let bytes = zip.bytes();
        let mut packed = bytes[35..45].to_vec();
        change(&mut packed);
        zip.items[0].packed = Some(packed);
        zip.bytes()
    };
    let lying_size = |size: &'static [u8]| {
        with(|item| {
            item.local = put(22, size);
            item.central = put(24, size);
        })
    };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("unchanged", packed(|_| {})),
        ("not deflate", packed(|packed| packed.fill(0xff))),
        ("cut off", packed(|packed| packed.truncate(5))),
        ("leftover", packed(|packed| packed.extend(b"left"))),
        ("other checksum", with(|item| item.crc = Some(1))),
        ("unpacks to more", lying_size(b"\x05")),
        ("unpacks to less", lying_size(b"\xf0")),
    ];
    let shown: Vec<String> =
        cases.into_iter().map(|(what, bytes)| format!("{what}: {}", refusal(bytes))).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    unchanged: accepted
    not deflate: entry `a.txt` at byte 0: its compressed data is damaged
    cut off: entry `a.txt` at byte 0: its compressed data is damaged
    leftover: entry `a.txt` at byte 0: bytes follow its compressed data
    other checksum: entry `a.txt` at byte 0: its checksum is 8d3d51e3, not the declared 00000001
    unpacks to more: entry `a.txt` at byte 0: it does not unpack to its declared 5 bytes
    unpacks to less: entry `a.txt` at byte 0: it does not unpack to its declared 240 bytes
    "#);
}

#[test]
fn limits_hold() {
    let bytes = with_zip(|_| {});
    let open = |limits| Archive::open_with(Cursor::new(bytes.clone()), &limits).unwrap_err().to_string();
    let limits = Limits::default();
    assert_eq!(open(Limits { entries: 1, ..limits }), "the archive declares 2 entries, more than 1");
    assert_eq!(
        open(Limits { directory_bytes: 50, ..limits }),
        "the central directory has 102 bytes, more than 50"
    );
    assert_eq!(open(Limits { unpacked_bytes: 25, ..limits }), "the archive unpacks to more than 25 bytes");
}
