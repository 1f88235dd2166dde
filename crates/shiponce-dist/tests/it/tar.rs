//! The tar lister against every disagreement between readers.

use crate::build::{Sdist, Tar, gzip};
use shiponce_dist::tar::{Limits, MemberKind, TarError, list};
use std::error::Error as _;

fn refusal(bytes: &[u8]) -> String {
    match list(bytes, &Limits::default(), |_| Some(100)) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}

fn sound() -> Tar {
    Tar::default().member(b'5', "d/", "", b"").file("d/a", b"content")
}

#[test]
fn sound_archives_are_listed() {
    let long = "d/".to_owned() + &"x".repeat(150);
    let bytes = sound()
        .member(b'2', "d/link", "a", b"")
        .member(b'1', "d/hard", "d/a", b"")
        .member(b'5', "d/", "", b"")
        .pax(b'g', &[("comment", "made by git archive")])
        .pax(b'x', &[("path", &long), ("mtime", "1.5")])
        .file("d/short", b"pax")
        .member(b'L', "././@LongLink", "", format!("{long}2\0").as_bytes())
        .file("d/short", b"gnu")
        .raw(b'0', b"name", "", b"prefixed", |header| header[345..348].copy_from_slice(b"d/p"))
        .finish();
    let listing = list(bytes.as_slice(), &Limits::default(), |_| Some(100)).unwrap();
    let shown: Vec<_> =
        listing.members.iter().map(|m| (m.name.as_str(), m.size, m.kind == MemberKind::File)).collect();
    let (pax, gnu) = (long.as_str(), format!("{long}2"));
    assert_eq!(
        shown,
        [
            ("d/", 0, false),
            ("d/a", 7, true),
            ("d/link", 0, false),
            ("d/hard", 0, false),
            ("d/", 0, false),
            (pax, 3, true),
            (gnu.as_str(), 3, true),
            ("d/p/name", 8, true),
        ]
    );
    assert_eq!(listing.kept["d/a"], b"content");
    assert_eq!(listing.kept[pax], b"pax");
    assert_eq!(listing.kept["d/p/name"], b"prefixed");
}

fn hostile_archives() -> Vec<(&'static str, Vec<u8>)> {
    let member = |kind: u8, name: &str, link: &str| sound().member(kind, name, link, b"").finish();
    let pax = |records: &[(&str, &str)]| sound().pax(b'x', records).file("d/b", b"x").finish();
    vec![
        ("absolute", member(b'0', "/etc/passwd", "")),
        ("parent", member(b'0', "d/../../x", "")),
        ("dot", member(b'0', "./d/x", "")),
        ("backslash", member(b'0', "d\\x", "")),
        ("file with a slash", member(b'0', "d/x/", "")),
        ("not UTF-8", sound().raw(b'0', b"d/\xff", "", b"", |_| {}).finish()),
        ("twice", member(b'0', "d/a", "")),
        ("file and folder", sound().file("d", b"").finish()),
        ("link to the outside", member(b'2', "d/l", "../../etc")),
        ("absolute link", member(b'2', "d/l", "/etc")),
        ("link to another folder", member(b'2', "d/l", "../e/x")),
        ("link with a backslash", member(b'2', "d/l", "..\\x")),
        ("hard link to the outside", member(b'1', "d/l", "../x")),
        ("hard link to another folder", member(b'1', "d/l", "e/x")),
        ("link with content", sound().member(b'2', "d/l", "a", b"x").finish()),
        ("folder with content", sound().member(b'5', "d/e/", "", b"x").finish()),
        ("character device", member(b'3', "d/x", "")),
        ("pipe", member(b'6', "d/x", "")),
        ("GNU sparse", member(b'S', "d/x", "")),
        ("PAX sparse", pax(&[("GNU.sparse.major", "1")])),
        ("Solaris PAX", member(b'X', "d/x", "")),
        ("PAX with other bytes", sound().member(b'x', "p", "", b"nonsense").file("d/b", b"").finish()),
        ("PAX size", pax(&[("size", "5")])),
        ("PAX path to the outside", pax(&[("path", "../x")])),
        ("PAX link to the outside", {
            sound().pax(b'x', &[("linkpath", "/etc")]).member(b'2', "d/l", "a", b"").finish()
        }),
        ("PAX path twice", pax(&[("path", "d/x"), ("path", "d/y")])),
        ("PAX and GNU name", {
            let tar = sound().pax(b'x', &[("path", "d/x")]);
            tar.member(b'L', "l", "", b"d/y").file("d/b", b"").finish()
        }),
        ("PAX character set", pax(&[("hdrcharset", "BINARY")])),
        ("global path", sound().pax(b'g', &[("path", "d/x")]).file("d/b", b"").finish()),
        ("PAX for nobody", sound().pax(b'x', &[("path", "d/x")]).finish()),
        ("huge PAX", sound().member(b'x', "p", "", &vec![b' '; 2 << 20]).file("d/b", b"").finish()),
        ("huge GNU name", sound().member(b'L', "p", "", &vec![b'x'; 70_000]).file("d/b", b"").finish()),
        ("prefix in a GNU header", {
            let tar = sound().raw(b'0', b"name", "", b"", |header| {
                header[257..265].copy_from_slice(b"ustar  \0");
                header[345..348].copy_from_slice(b"d/p");
            });
            tar.finish()
        }),
        ("larger than wanted", sound().file("d/b", &[0; 101]).finish()),
    ]
}

#[test]
fn hostile_members_are_refused() {
    let shown: Vec<String> =
        hostile_archives().into_iter().map(|(what, bytes)| format!("{what}: {}", refusal(&bytes))).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    absolute: member `/etc/passwd` at byte 1536 of the unpacked archive: the name is absolute
    parent: member `d/../../x` at byte 1536 of the unpacked archive: the name leaves its folder with `..`
    dot: member `./d/x` at byte 1536 of the unpacked archive: the name has an empty or `.` component
    backslash: member `d\\x` at byte 1536 of the unpacked archive: the name contains a backslash
    file with a slash: member `d/x/` at byte 1536 of the unpacked archive: the name has an empty or `.` component
    not UTF-8: member `d/�` at byte 1536 of the unpacked archive: the name is not UTF-8
    twice: member `d/a` at byte 1536 of the unpacked archive: the name occurs twice
    file and folder: member `d` at byte 1536 of the unpacked archive: the name occurs twice
    link to the outside: member `d/l` at byte 1536 of the unpacked archive: it links to `../../etc`, outside the archive's folder
    absolute link: member `d/l` at byte 1536 of the unpacked archive: it links to `/etc`, outside the archive's folder
    link to another folder: member `d/l` at byte 1536 of the unpacked archive: it links to `../e/x`, outside the archive's folder
    link with a backslash: member `d/l` at byte 1536 of the unpacked archive: it links to `..\\x`, outside the archive's folder
    hard link to the outside: member `d/l` at byte 1536 of the unpacked archive: it links to `../x`, outside the archive's folder
    hard link to another folder: member `d/l` at byte 1536 of the unpacked archive: it links to `e/x`, outside the archive's folder
    link with content: member `d/l` at byte 1536 of the unpacked archive: it is a folder or a link and has content
    folder with content: member `d/e/` at byte 1536 of the unpacked archive: it is a folder or a link and has content
    character device: member `d/x` at byte 1536 of the unpacked archive: it is of the kind `3`, neither file, folder nor link
    pipe: member `d/x` at byte 1536 of the unpacked archive: it is of the kind `6`, neither file, folder nor link
    GNU sparse: member `d/x` at byte 1536 of the unpacked archive: it is a sparse file
    PAX sparse: member `(extension header)` at byte 1536 of the unpacked archive: it is a sparse file
    Solaris PAX: member `d/x` at byte 1536 of the unpacked archive: it is of the kind `X`, neither file, folder nor link
    PAX with other bytes: member `(extension header)` at byte 1536 of the unpacked archive: its PAX header is malformed
    PAX size: member `d/b` at byte 2560 of the unpacked archive: its PAX header sets `size`, which readers treat differently
    PAX path to the outside: member `../x` at byte 2560 of the unpacked archive: the name leaves its folder with `..`
    PAX link to the outside: member `d/l` at byte 2560 of the unpacked archive: it links to `/etc`, outside the archive's folder
    PAX path twice: member `(extension header)` at byte 1536 of the unpacked archive: two extension headers describe it
    PAX and GNU name: member `(extension header)` at byte 2560 of the unpacked archive: two extension headers describe it
    PAX character set: member `(extension header)` at byte 1536 of the unpacked archive: its PAX header sets `hdrcharset`, which readers treat differently
    global path: member `(extension header)` at byte 1536 of the unpacked archive: its PAX header sets `path`, which readers treat differently
    PAX for nobody: the last header describes a member that does not follow
    huge PAX: member `(extension header)` at byte 1536 of the unpacked archive: its extension header is larger than 1048576 bytes
    huge GNU name: member `(extension header)` at byte 1536 of the unpacked archive: its extension header is larger than 65536 bytes
    prefix in a GNU header: member `name` at byte 1536 of the unpacked archive: its header has a path prefix without being a POSIX header
    larger than wanted: member `d/b` at byte 1536 of the unpacked archive: it is larger than 100 bytes
    "#);
}

#[test]
fn broken_archives_are_refused() {
    let whole = sound().finish();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    let mut checksum = sound().bytes;
    checksum[0] = b'e';
    let hidden = [sound().bytes, vec![0; 1024], sound().bytes].concat();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty file", Vec::new()),
        ("not gzip", b"hello".to_vec()),
        ("a zip", crate::build::Zip::new(Vec::new()).bytes()),
        ("cut off", whole[..whole.len() - 9].to_vec()),
        ("damaged", damaged),
        ("trailing bytes", [whole.as_slice(), b"junk"].concat()),
        ("header checksum", gzip(&checksum)),
        ("cut off inside a member", gzip(&sound().bytes[..1100])),
        ("members behind the end", gzip(&hidden)),
    ];
    let shown: Vec<String> =
        cases.into_iter().map(|(what, bytes)| format!("{what}: {}", refusal(&bytes))).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    empty file: the archive is damaged or cannot be read: unexpected end of file
    not gzip: the archive is damaged or cannot be read: unexpected end of file
    a zip: the archive is damaged or cannot be read: invalid gzip header
    cut off: the archive is damaged or cannot be read: incomplete deflate stream
    damaged: the archive is damaged or cannot be read: numeric field was not a number:  when getting cksum for d/
    trailing bytes: the archive is damaged or cannot be read: unexpected end of file
    header checksum: the archive is damaged or cannot be read: archive header checksum mismatch
    cut off inside a member: the archive is damaged or cannot be read: unexpected EOF during skip
    members behind the end: bytes follow the end of the tar file
    "#);
}

#[test]
fn limits_hold() {
    let bytes = sound().finish();
    let refused = |limits| list(bytes.as_slice(), &limits, |_| None).unwrap_err();
    let limits = Limits::default();
    assert!(matches!(refused(Limits { members: 1, ..limits }), TarError::TooManyMembers { limit: 1 }));
    assert!(matches!(refused(Limits { unpacked_bytes: 1100, ..limits }), TarError::TooLarge { limit: 1100 }));
}

#[test]
fn sdists_have_one_folder_with_pkg_info() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = |bytes: Vec<u8>| {
        let path = folder.path().join("demo-1.0.tar.gz");
        fs_err::write(&path, bytes).unwrap();
        shiponce_dist::Sdist::open(&path).unwrap_err().to_string()
    };
    let two = Sdist::demo().tar().file("other/x", b"").finish();
    assert_eq!(
        refusal(two),
        "`demo-1.0.tar.gz` must have exactly one folder at its top and has `demo-1.0/`, `other/`"
    );
    let beside = Sdist::demo().tar().file("setup.py", b"").finish();
    assert_eq!(
        refusal(beside),
        "`demo-1.0.tar.gz` must have exactly one folder at its top and has `demo-1.0/`, `setup.py`"
    );
    assert_eq!(
        refusal(Tar::default().file("demo-1.0", b"").finish()),
        "`demo-1.0.tar.gz` must have exactly one folder at its top and has `demo-1.0`"
    );
    assert_eq!(
        refusal(Tar::default().finish()),
        "`demo-1.0.tar.gz` must have exactly one folder at its top and has nothing"
    );
    assert_eq!(
        refusal(Sdist::demo().without("PKG-INFO").tar().finish()),
        "`demo-1.0.tar.gz` does not contain `demo-1.0/PKG-INFO`"
    );
    assert_eq!(
        refusal(Sdist::demo().pkg_info("Name: demo\n").tar().finish()),
        "`demo-1.0.tar.gz` has an unusable PKG-INFO"
    );
}

#[test]
fn zipped_sdists_are_read_too() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["demo-1.0.tar.gz", "demo-1.0.zip"] {
        let sdist = shiponce_dist::Sdist::open(&Sdist::named(name).write(folder.path())).unwrap();
        assert_eq!(sdist.root, "demo-1.0");
        assert!(sdist.pyproject.unwrap().starts_with("[build-system]"), "{name}");
        assert_eq!(sdist.files.len(), 3);
        assert_eq!(sdist.metadata.version().to_string(), "1.0");
    }
}
