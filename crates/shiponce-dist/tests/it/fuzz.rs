//! Random bytes and damaged archives: nothing panics, and what is accepted is what others read.

use crate::build::{Item, Sdist, Wheel, gzip};
use proptest::prelude::*;
use proptest::sample::Index;
use shiponce_dist::zip::Archive;
use shiponce_dist::{Metadata, record::Record, tar, wheel::WheelFile, wheel::parse_entry_points};
use std::io::{Cursor, Read as _};
use std::path::Path;

/// One change: what to do, where, and with which byte.
type Change = (u8, Index, u8);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    proptest::collection::vec((0..5_u8, any::<Index>(), any::<u8>()), 0..6)
}

fn apply(bytes: &mut Vec<u8>, changes: &[Change]) {
    for (kind, index, byte) in changes {
        if bytes.is_empty() {
            return;
        }
        let at = index.index(bytes.len());
        match kind {
            0 => bytes[at] = *byte,
            1 => bytes[at] ^= 1 << (byte % 8),
            2 => bytes.insert(at, *byte),
            3 => {
                bytes.remove(at);
            }
            _ => bytes.truncate(at.max(bytes.len().saturating_sub(usize::from(*byte)))),
        }
    }
}

fn wheel_bytes() -> Vec<u8> {
    let wheel = Wheel::demo().file("demo/data.bin", vec![7; 3000]).file("demo/ä.txt", "umlaut");
    let mut zip = wheel.zip();
    zip.items.push(Item::stored("demo/folder/", ""));
    zip.bytes()
}

/// Every entry as this crate reads it; `None` when any part is refused.
fn ours(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = Archive::open(Cursor::new(bytes)).ok()?;
    let names: Vec<String> = archive.entries().iter().map(|entry| entry.name.clone()).collect();
    names.into_iter().map(|name| archive.read(&name, 1 << 20).ok().map(|content| (name, content))).collect()
}

/// The same with the `zip` crate.
fn theirs(bytes: &[u8]) -> zip::result::ZipResult<Vec<(String, Vec<u8>)>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))?;
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index)?;
            let name = file.name()?.into_owned();
            let mut content = Vec::new();
            file.read_to_end(&mut content)?;
            Ok((name, content))
        })
        .collect()
}

fn tar_names(bytes: &[u8]) -> Option<Vec<(String, u64)>> {
    let listing = tar::list(bytes, &tar::Limits::default(), |_| Some(1 << 20)).ok()?;
    let name = |member: tar::Member| (member.name.trim_end_matches('/').to_owned(), member.size);
    Some(listing.members.into_iter().map(name).collect())
}

/// The same with the `tar` crate's own idea of names.
fn tar_names_of_the_crate(bytes: &[u8]) -> Vec<(String, u64)> {
    let mut archive = ::tar::Archive::new(flate2::read::MultiGzDecoder::new(bytes));
    let entries = archive.entries().unwrap().map(|entry| {
        let entry = entry.unwrap();
        let name = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
        (name.trim_end_matches('/').to_owned(), entry.size())
    });
    entries.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), lead in 0..4_usize) {
        let lead: &[u8] = [&b""[..], b"PK\x05\x06", b"\x1f\x8b\x08\0", b"Metadata-Version: 2.4\n"][lead];
        let bytes = [lead, &bytes].concat();
        let _zip = ours(&bytes);
        let _tar = tar_names(&bytes);
        let _packed = tar_names(&gzip(&bytes));
        let _metadata = Metadata::parse(&bytes);
        let _record = Record::parse(&bytes);
        let _wheel = WheelFile::parse(&bytes);
        let _points = parse_entry_points(&String::from_utf8_lossy(&bytes));
        let name = Path::new("demo-1.0-py3-none-any.whl");
        prop_assert!(shiponce_dist::Wheel::read(name, Cursor::new(bytes)).is_err());
    }

    #[test]
    fn damaged_zips_are_refused_or_read_like_others_do(changes in changes()) {
        let mut bytes = wheel_bytes();
        apply(&mut bytes, &changes);
        if let Some(entries) = ours(&bytes) {
            let others = theirs(&bytes);
            prop_assert!(others.is_ok(), "the other reader refuses it: {:?}", others.err());
            prop_assert_eq!(entries, others.unwrap());
        }
    }

    #[test]
    fn damaged_tars_are_refused_or_read_like_others_do(changes in changes(), packed in any::<bool>()) {
        let mut bytes = Sdist::demo().tar()
            .pax(b'x', &[("path", "demo-1.0/long")]).file("demo-1.0/short", b"x")
            .member(b'L', "l", "", b"demo-1.0/gnu\0").file("demo-1.0/short", b"y")
            .member(b'2', "demo-1.0/link", "gnu", b"")
            .bytes;
        bytes.resize(bytes.len() + 1024, 0);
        if packed {
            bytes = gzip(&bytes);
            apply(&mut bytes, &changes);
        } else {
            apply(&mut bytes, &changes);
            bytes = gzip(&bytes);
        }
        if let Some(names) = tar_names(&bytes) {
            prop_assert_eq!(names, tar_names_of_the_crate(&bytes));
        }
    }

    #[test]
    fn damaged_metadata_keeps_its_lines(changes in changes()) {
        let mut bytes = crate::build::metadata("demo", "1.0").into_bytes();
        apply(&mut bytes, &changes);
        if let Ok(metadata) = Metadata::parse(&bytes) {
            let length: usize = metadata.fields().iter().map(|field| field.name.len() + field.value.len()).sum();
            let body = metadata.description().map_or(0, str::len);
            prop_assert!(length <= bytes.len() && body <= bytes.len());
            prop_assert!(metadata.to_form().len() <= metadata.fields().len() + 1);
        }
    }

    #[test]
    fn undamaged_archives_of_any_content_are_read_back(
        files in proptest::collection::btree_map("[a-z]{1,8}(/[a-zä]{1,8}){0,2}\\.txt", proptest::collection::vec(any::<u8>(), 0..5000), 0..8),
        stored in any::<bool>(),
        wide in any::<bool>(),
    ) {
        let item = |(name, data): (&String, &Vec<u8>)| if stored {
            Item::stored(name.as_str(), data.clone())
        } else {
            Item::new(name.as_str(), data.clone())
        };
        let mut zip = crate::build::Zip::new(files.iter().map(item).collect());
        zip.zip64 = wide;
        let bytes = zip.bytes();
        let expected: Vec<(String, Vec<u8>)> = files.into_iter().collect();
        prop_assert_eq!(ours(&bytes), Some(expected.clone()));
        prop_assert_eq!(theirs(&bytes).unwrap(), expected);
    }
}
