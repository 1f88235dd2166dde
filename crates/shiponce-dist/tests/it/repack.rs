//! Repacking: what it changes, what it keeps, what it refuses.

use crate::build::{Item, Sdist, Tar, Wheel, base64url};
use proptest::prelude::*;
use shiponce_dist::repack::{Changes, Note, Readme, RepackError};
use shiponce_dist::zip::{Archive, Entry};
use shiponce_dist::{Distribution, Repack, Ruleset, check, record};
use std::io::{Cursor, Read as _};
use std::path::Path;

/// Repacks the file and gives the new name, the bytes and the notes.
fn repacked(path: &Path, changes: &Changes) -> Result<(String, Vec<u8>, Vec<Note>), RepackError> {
    let original = Distribution::open(path).unwrap();
    let repack = Repack::new(&original, changes)?;
    let mut bytes = Vec::new();
    let notes = repack.write(&mut bytes)?;
    repack.verify(Cursor::new(&bytes))?;
    Ok((repack.filename().to_string(), bytes, notes))
}

fn suffix(text: &str) -> Changes {
    Changes { suffix: Some(text.parse().unwrap()), readme: None }
}

fn readme(text: &str, content_type: &'static str) -> Changes {
    Changes { suffix: None, readme: Some(Readme { text: text.to_owned(), content_type }) }
}

/// Writes the repacked file beside the old one and opens it as any other.
fn opened(folder: &Path, name: &str, bytes: &[u8]) -> Distribution {
    let path = folder.join("new").join(name);
    fs_err::create_dir_all(folder.join("new")).unwrap();
    fs_err::write(&path, bytes).unwrap();
    Distribution::open(&path).unwrap()
}

fn content(bytes: &[u8], name: &str) -> String {
    let mut archive = Archive::open(Cursor::new(bytes)).unwrap();
    String::from_utf8(archive.read(name, 1 << 20).unwrap()).unwrap()
}

fn error_of(path: &Path, changes: &Changes) -> String {
    repacked(path, changes).unwrap_err().to_string()
}

#[test]
fn a_wheel_gets_a_version_wherever_its_name_stands_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let wheel = Wheel::named("demo-1.0-2-py3-none-any.whl")
        .file("demo-1.0.data/scripts/run", "#!python\n")
        .file("demo-1.0.data/data/share/a,b.txt", "data")
        .file("other-1.0.data/x", "not ours")
        .file("demo-1.0.dist-info/entry_points.txt", "[console_scripts]\nd = demo:main\n");
    let (name, bytes, notes) = repacked(&wheel.write(folder.path()), &suffix(".post1")).unwrap();
    assert_eq!(name, "demo-1.0.post1-2-py3-none-any.whl");
    let shown: Vec<String> = notes.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["modules are not changed: a __version__ inside them still says 1.0"]);
    let new = opened(folder.path(), &name, &bytes);
    assert_eq!(check(&new, Ruleset::Pypi).iter().filter(|finding| finding.is_rejected()).count(), 0);
    let names: Vec<&str> = new.as_wheel().unwrap().entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "demo/__init__.py",
            "demo-1.0.post1.data/scripts/run",
            "demo-1.0.post1.data/data/share/a,b.txt",
            "other-1.0.data/x",
            "demo-1.0.post1.dist-info/entry_points.txt",
            "demo-1.0.post1.dist-info/METADATA",
            "demo-1.0.post1.dist-info/WHEEL",
            "demo-1.0.post1.dist-info/RECORD",
        ]
    );
    let metadata = content(&bytes, "demo-1.0.post1.dist-info/METADATA");
    assert_eq!(metadata, wheel.metadata.replace("Version: 1.0\n", "Version: 1.0.post1\n"));
    let record = content(&bytes, "demo-1.0.post1.dist-info/RECORD");
    let digest = {
        use sha2::Digest as _;
        base64url(&sha2::Sha256::digest(metadata.as_bytes()))
    };
    assert!(record.contains(&format!("METADATA,sha256={digest},{}\n", metadata.len())), "{record}");
    assert!(record.contains("\"demo-1.0.post1.data/data/share/a,b.txt\",sha256="), "{record}");
    assert!(record.ends_with("demo-1.0.post1.dist-info/RECORD,,\n"), "{record}");
    assert_eq!(content(&bytes, "demo/__init__.py"), "VERSION = '1.0'\n");
}

#[test]
fn times_permissions_compression_and_order_stay() {
    let folder = tempfile::tempdir().unwrap();
    let wheel = Wheel::demo().archive(|zip| {
        let mut script = Item::stored("demo/run", "#!/bin/sh\n");
        // 2021-03-04 05:06:08, and a mode that says: executable.
        script.local = Box::new(|bytes| bytes[10..14].copy_from_slice(&[0xc4, 0x28, 0x64, 0x52]));
        script.central = Box::new(|bytes| {
            bytes[12..16].copy_from_slice(&[0xc4, 0x28, 0x64, 0x52]);
            bytes[38..42].copy_from_slice(&(0o100_755_u32 << 16).to_le_bytes());
        });
        zip.items.insert(0, script);
        let digest = crate::repack::sha256_row("demo/run", b"#!/bin/sh\n");
        let record = zip.items.last_mut().unwrap();
        record.data = [digest.as_bytes(), &record.data].concat();
    });
    let path = wheel.write(folder.path());
    let before = Distribution::open(&path).unwrap();
    let (name, bytes, _) = repacked(&path, &suffix(".dev3")).unwrap();
    let after = opened(folder.path(), &name, &bytes);
    let kept = |entry: &Entry| (entry.modified, entry.unix_mode, entry.method, entry.external_attributes);
    let of = |file: &Distribution| file.as_wheel().unwrap().entries.iter().map(kept).collect::<Vec<_>>();
    assert_eq!(of(&before), of(&after));
    assert_eq!(after.as_wheel().unwrap().entries[0].modified, 0x5264_28c4);
    assert_eq!(after.as_wheel().unwrap().entries[0].unix_mode, Some(0o100_755));
}

pub(crate) fn sha256_row(name: &str, data: &[u8]) -> String {
    use sha2::Digest as _;
    format!("{name},sha256={},{}\n", base64url(&sha2::Sha256::digest(data)), data.len())
}

#[test]
fn a_signature_and_comments_are_dropped_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut wheel = Wheel::demo();
    wheel = wheel.archive(|zip| {
        zip.items.push(Item::new("demo-1.0.dist-info/RECORD.jws", "signed"));
        zip.comment = b"hello".to_vec();
    });
    let (name, bytes, notes) = repacked(&wheel.write(folder.path()), &suffix(".dev1")).unwrap();
    let shown: Vec<String> = notes.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(shown.join("\n"), @"
    modules are not changed: a __version__ inside them still says 1.0
    1.0.dev1 is older than 1.0; installers take it only when asked for it
    comments of the zip file are dropped; indexes refuse them
    RECORD.jws is dropped: it signed the old RECORD
    ");
    let new = opened(folder.path(), &name, &bytes);
    let wheel = new.as_wheel().unwrap();
    assert!(!wheel.has_comment);
    assert!(wheel.entries.iter().all(|entry| !entry.name.contains("jws")));
}

#[test]
fn a_streamed_wheel_becomes_one_that_an_index_takes() {
    let folder = tempfile::tempdir().unwrap();
    let wheel = Wheel::demo().archive(|zip| {
        let item = &mut zip.items[0];
        let mut descriptor = b"PK\x07\x08".to_vec();
        descriptor.extend(item.crc().to_le_bytes());
        item.deflate = false;
        let size = u32::try_from(item.data.len()).unwrap();
        descriptor.extend(size.to_le_bytes());
        descriptor.extend(size.to_le_bytes());
        item.after = descriptor;
        let flag = |at: usize| move |bytes: &mut Vec<u8>| bytes[at] |= 8;
        item.local = Box::new(flag(6));
        item.central = Box::new(flag(8));
    });
    let path = wheel.write(folder.path());
    assert!(Distribution::open(&path).unwrap().as_wheel().unwrap().entries[0].has_descriptor);
    let (name, bytes, _) = repacked(&path, &suffix(".post1")).unwrap();
    let new = opened(folder.path(), &name, &bytes);
    assert!(new.as_wheel().unwrap().entries.iter().all(|entry| !entry.has_descriptor));
}

#[test]
fn a_wheel_gets_another_description_under_its_own_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = Wheel::demo().write(folder.path());
    let (name, bytes, notes) = repacked(&path, &readme("Demo\n====\n", "text/x-rst")).unwrap();
    assert_eq!((name.as_str(), notes), ("demo-1.0-py3-none-any.whl", Vec::new()));
    let new = opened(folder.path(), &name, &bytes);
    assert_eq!(new.metadata().description(), Some("Demo\n====\n"));
    assert_eq!(new.metadata().description_content_type(), Some("text/x-rst"));
    assert_eq!(new.metadata().version().to_string(), "1.0");
}

#[test]
fn what_is_broken_is_not_made_to_look_whole() {
    let folder = tempfile::tempdir().unwrap();
    let at = |wheel: Wheel| wheel.write(folder.path());
    let bad = Wheel::demo().archive(|zip| zip.items[0].data = b"changed after RECORD was made".to_vec());
    insta::assert_snapshot!(error_of(&at(bad), &suffix(".post1")).split(" has sha256").next().unwrap(), @"`demo-1.0-py3-none-any.whl` does not agree with its RECORD: `demo/__init__.py`");
    let mut none = Wheel::demo();
    none.record = Some(None);
    assert_eq!(
        error_of(&at(none), &suffix(".post1")),
        "`demo-1.0-py3-none-any.whl` has no RECORD, so its files cannot be vouched for"
    );
    let hidden = Wheel::demo().archive(|zip| zip.items.push(Item::new("demo/hidden.py", "import os")));
    assert!(error_of(&at(hidden), &suffix(".post1")).ends_with("`demo/hidden.py` is not listed"));
    let twice = Wheel::demo().header("Version: 1.0");
    assert_eq!(
        error_of(&at(twice), &suffix(".post1")),
        "`METADATA` of `demo-1.0-py3-none-any.whl` cannot be edited"
    );
}

#[test]
fn a_suffix_that_cannot_follow_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = Wheel::named("demo-1.0.post1-py3-none-any.whl").write(folder.path());
    let original = Distribution::open(&path).unwrap();
    let error = Repack::new(&original, &suffix(".post2")).unwrap_err();
    assert_eq!(error.to_string(), "`demo-1.0.post1-py3-none-any.whl` cannot get another version");
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("PEP 440"));
}

/// An sdist that states its version, with links and a name too long for a header.
fn stated() -> Sdist {
    let mut sdist = Sdist::demo();
    sdist.files[1].1 = b"[project]\nname = \"demo\"\nversion = \"1.0\"\nreadme = \"README.md\"\n".to_vec();
    sdist.files.push(("README.md".to_owned(), b"# Old\n".to_vec()));
    sdist.files.push(("src/demo.egg-info/PKG-INFO".to_owned(), sdist.files[0].1.clone()));
    sdist
}

fn tar_of(sdist: &Sdist) -> Tar {
    let long = format!("demo-1.0/{}/file.py", "x".repeat(120));
    sdist
        .tar()
        .member(b'5', "demo-1.0/empty/", "", b"")
        .member(b'2', "demo-1.0/link", "README.md", b"")
        .member(b'1', "demo-1.0/hard", "demo-1.0/README.md", b"")
        .pax(b'x', &[("path", &long), ("mtime", "1.5")])
        .file("demo-1.0/short", b"long")
        .member(b'L', "l", "", b"demo-1.0/gnu\0")
        .file("demo-1.0/cut", b"gnu")
        .pax(b'g', &[("comment", "hello")])
}

#[test]
fn an_sdist_that_states_its_version_gets_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let sdist = stated();
    let path = folder.path().join(&sdist.filename);
    fs_err::write(&path, tar_of(&sdist).finish()).unwrap();
    let (name, bytes, notes) = repacked(&path, &suffix(".post1")).unwrap();
    assert_eq!(name, "demo-1.0.post1.tar.gz");
    assert!(notes.contains(&Note::PyprojectVersion));
    let new = opened(folder.path(), &name, &bytes);
    let sdist = new.as_sdist().unwrap();
    assert_eq!(sdist.root, "demo-1.0.post1");
    assert_eq!(sdist.metadata.version().to_string(), "1.0.post1");
    assert_eq!(
        sdist.pyproject.as_deref(),
        Some("[project]\nname = \"demo\"\nversion = \"1.0.post1\"\nreadme = \"README.md\"\n")
    );
    let mut archive = ::tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
    let mut members = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().display().to_string().replace(&"x".repeat(120), "xxx");
        let link =
            entry.link_name().unwrap().map(|link| format!(" -> {}", link.display())).unwrap_or_default();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        let (kind, mtime) = (entry.header().entry_type().as_byte() as char, entry.header().mtime().unwrap());
        members.push(format!("{kind} {mtime} {name}{link} {}", text.replace('\n', "|")));
    }
    insta::assert_snapshot!(members.join("\n"), @r#"
    0 1610612736 demo-1.0.post1/PKG-INFO Metadata-Version: 2.4|Name: demo|Version: 1.0.post1|Summary: A demonstration|Description-Content-Type: text/markdown||A long description.|
    0 1610612736 demo-1.0.post1/pyproject.toml [project]|name = "demo"|version = "1.0.post1"|readme = "README.md"|
    0 1610612736 demo-1.0.post1/demo/__init__.py 
    0 1610612736 demo-1.0.post1/README.md # Old|
    0 1610612736 demo-1.0.post1/src/demo.egg-info/PKG-INFO Metadata-Version: 2.4|Name: demo|Version: 1.0.post1|Summary: A demonstration|Description-Content-Type: text/markdown||A long description.|
    5 1610612736 demo-1.0.post1/empty/ 
    2 1610612736 demo-1.0.post1/link -> README.md 
    1 1610612736 demo-1.0.post1/hard -> demo-1.0.post1/README.md 
    0 1610612736 demo-1.0.post1/xxx/file.py long
    0 1610612736 demo-1.0.post1/gnu gnu
    g 1610612736 PaxHeaders/x 17 comment=hello|
    "#);
}

#[test]
fn an_sdist_gets_another_description_where_a_build_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = stated().write(folder.path());
    let (name, bytes, notes) = repacked(&path, &readme("# New\n", "text/markdown")).unwrap();
    assert_eq!(name, "demo-1.0.tar.gz");
    assert_eq!(notes, [Note::ReadmeFile("README.md".to_owned())]);
    let new = opened(folder.path(), &name, &bytes);
    assert_eq!(new.metadata().description(), Some("# New\n"));
    let mut archive = ::tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
    let readme =
        archive.entries().unwrap().map(Result::unwrap).find(|e| e.path().unwrap().ends_with("README.md"));
    let mut text = String::new();
    readme.unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "# New\n");
}

#[test]
fn an_sdist_that_computes_what_should_change_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let post = suffix(".post1");
    let markdown = readme("x", "text/markdown");
    let refused = |sdist: Sdist, changes: &Changes| error_of(&sdist.write(folder.path()), changes);
    let said = [
        refused(Sdist::demo(), &post),
        refused(Sdist::demo(), &markdown),
        refused(stated(), &readme("x", "text/x-rst")),
        refused(stated().without("README.md"), &markdown),
        refused(Sdist::named("demo-1.0.zip"), &post),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
    `demo-1.0.tar.gz` cannot be repacked: its version is not stated in pyproject.toml, so a wheel built from it would still be 1.0
    `demo-1.0.tar.gz` cannot be repacked: pyproject.toml names no file as its readme, so a wheel built from it would not have the new one
    `demo-1.0.tar.gz` cannot be repacked: pyproject.toml says that README.md is text/markdown, and the new description is text/x-rst
    `demo-1.0.tar.gz` cannot be repacked: pyproject.toml names README.md, which it does not contain
    `demo-1.0.zip` cannot be repacked: it is a zipped sdist, which indexes take no more
    ");
}

#[test]
fn a_readme_is_text_of_a_known_kind() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs_err::write(&path, bytes).unwrap();
        let text = |error: shiponce_dist::repack::ReadmeError| {
            error.to_string().replace(&folder.path().display().to_string(), "")
        };
        Readme::read(&path).map_err(text)
    };
    let marked = read("a.MD", "\u{feff}# Ä\n".as_bytes()).unwrap();
    assert_eq!((marked.text.as_str(), marked.content_type), ("# Ä\n", "text/markdown"));
    assert_eq!(read("a.rst", b"x").unwrap().content_type, "text/x-rst");
    assert_eq!(read("a.txt", b"x").unwrap().content_type, "text/plain");
    assert_eq!(
        read("a.html", b"x").unwrap_err(),
        "`/a.html` does not end in .md, .rst or .txt, so its content type is not known"
    );
    assert_eq!(read("b.md", b"\xff").unwrap_err(), "`/b.md` is not UTF-8");
    assert_eq!(read("c.md", b" \n").unwrap_err(), "`/c.md` is empty");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_wheel_is_repacked_into_one_that_is_whole_and_the_same_twice(
        files in proptest::collection::btree_map("(demo|demo-1\\.0\\.data/(data|scripts|purelib)|x)/[a-zä,\" ]{1,8}(/[a-z]{1,8})?\\.py", proptest::collection::vec(any::<u8>(), 0..3000), 0..8),
        stored in any::<bool>(),
        post in any::<bool>(),
        number in 0..30_u64,
        description in proptest::option::of("[ -~\n]{1,200}"),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut wheel = Wheel::demo();
        for (name, data) in &files {
            // A file and a folder of one name cannot both be there.
            let clash = |other: &str| other.starts_with(&format!("{name}/")) || name.starts_with(&format!("{other}/"));
            if !name.contains('"') && !wheel.files.iter().any(|(other, _)| clash(other)) {
                wheel = wheel.file(name, data.clone());
            }
        }
        let wheel = wheel.archive(move |zip| zip.items.iter_mut().for_each(|item| item.deflate = !stored));
        let path = wheel.write(folder.path());
        let readme = description
            .filter(|text| !text.trim().is_empty())
            .map(|text| Readme { text, content_type: "text/plain" });
        let text = format!(".{}{number}", if post { "post" } else { "dev" });
        let changes = Changes { suffix: Some(text.parse().unwrap()), readme: readme.clone() };
        let (name, bytes, _) = repacked(&path, &changes).unwrap();
        prop_assert_eq!(&repacked(&path, &changes).unwrap().1, &bytes, "equal input, equal bytes");
        let new = opened(folder.path(), &name, &bytes);
        let new_wheel = new.as_wheel().unwrap();
        let mut archive = new_wheel.archive().unwrap();
        let problems = record::verify(&mut archive, new_wheel.record.as_ref().unwrap(), &new_wheel.dist_info).unwrap();
        prop_assert!(problems.is_empty(), "{problems:?}");
        for (name, data) in &wheel.files {
            let name = name.replace("demo-1.0.", &format!("demo-1.0{text}."));
            prop_assert_eq!(&archive.read(&name, 1 << 20).unwrap(), data);
        }
        prop_assert_eq!(new_wheel.entries.len(), wheel.files.len() + 3);
        if let Some(readme) = readme {
            prop_assert_eq!(new.metadata().description(), Some(readme.text.as_str()));
        }
    }

    #[test]
    fn any_sdist_that_states_its_version_keeps_its_files(
        files in proptest::collection::btree_map("[a-zä]{1,8}(/[a-z]{60,90}){0,2}/[a-z]{1,8}\\.(py|txt)", proptest::collection::vec(any::<u8>(), 0..3000), 0..6),
        number in 0..30_u64,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let sdist = stated();
        let mut tar = sdist.tar();
        for (name, data) in &files {
            let name = format!("demo-1.0/{name}");
            tar = if name.len() > 100 || !name.is_ascii() {
                tar.pax(b'x', &[("path", &name)]).file("demo-1.0/short", data)
            } else {
                tar.file(&name, data)
            };
        }
        let path = folder.path().join(&sdist.filename);
        fs_err::write(&path, tar.finish()).unwrap();
        let changes = suffix(&format!(".post{number}"));
        let (name, bytes, _) = repacked(&path, &changes).unwrap();
        prop_assert_eq!(&repacked(&path, &changes).unwrap().1, &bytes, "equal input, equal bytes");
        prop_assert_eq!(name, format!("demo-1.0.post{number}.tar.gz"));
        let mut found = std::collections::BTreeMap::new();
        let mut archive = ::tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let name = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
            let mut data = Vec::new();
            entry.read_to_end(&mut data).unwrap();
            found.insert(name, data);
        }
        for (name, data) in &files {
            prop_assert_eq!(found.get(&format!("demo-1.0.post{number}/{name}")), Some(data), "{}", name);
        }
        prop_assert_eq!(found.len(), files.len() + sdist.files.len());
    }

    #[test]
    fn a_damaged_file_is_repacked_whole_or_refused(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
        is_wheel in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = if is_wheel {
            Wheel::demo().file("demo-1.0.data/data/x", "data").write(folder.path())
        } else {
            stated().write(folder.path())
        };
        let mut bytes = fs_err::read(&path).unwrap();
        for (index, byte) in &changes {
            let at = index.index(bytes.len());
            bytes[at] = *byte;
        }
        fs_err::write(&path, bytes).unwrap();
        let Ok(original) = Distribution::open(&path) else { return Ok(()) };
        let changes = suffix(".post1");
        let repack = Repack::new(&original, &changes).unwrap();
        let mut written = Vec::new();
        // Reading it back is what finds a change that the format does not show.
        if repack.write(&mut written).is_ok() && repack.verify(Cursor::new(&written)).is_ok() {
            let new = opened(folder.path(), &repack.filename().to_string(), &written);
            prop_assert_eq!(new.metadata().version().to_string(), "1.0.post1");
        }
    }
}
