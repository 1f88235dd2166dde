//! Files.

use shiponce_rehearsal::Index;

use crate::dist;
use crate::lab::{Lab, demo, row};
use crate::wire::{Form, Request};

/// A wheel with everything but one member.
fn wheel_without(version: &str, missing: &str) -> Vec<u8> {
    let info = format!("demo-{version}.dist-info");
    let text = dist::metadata("demo", version);
    let all: Vec<(String, &[u8])> = vec![
        ("demo.py".to_owned(), version.as_bytes()),
        (format!("{info}/METADATA"), text.as_bytes()),
        (format!("{info}/WHEEL"), b"Wheel-Version: 1.0\n"),
        (format!("{info}/RECORD"), b""),
    ];
    let kept: Vec<(&str, &[u8])> =
        all.iter().filter(|(name, _)| !name.ends_with(missing)).map(|(n, d)| (n.as_str(), *d)).collect();
    dist::zip(&kept)
}

/// A wheel whose METADATA does not have the checksum the archive states.
fn damaged(version: &str) -> Vec<u8> {
    let mut bytes = dist::stored_wheel("demo", version, "a text to be damaged");
    let at = bytes.windows(8).position(|w| w == b"Name: de").unwrap();
    bytes[at] = b'M';
    bytes
}

#[test]
fn the_table() {
    let lab = Lab::with_demo();
    let wheel = |version: &str, data: &[u8]| {
        lab.upload(&Form::of("demo", version, &format!("demo-{version}-py3-none-any.whl"), data))
    };
    let named =
        |version: &str, filename: &str, data: &[u8]| lab.upload(&Form::of("demo", version, filename, data));
    let good = dist::wheel("demo", "2.1", "good");
    let mut bare = Form::of("demo", "2.16", "demo-2.16-py3-none-any.whl", &dist::wheel("demo", "2.16", ""));
    let mut image = Form::of("demo", "2.17", "demo-2.17-py3-none-any.whl", &dist::wheel("demo", "2.17", ""));
    bare.file.as_mut().unwrap().1 = None;
    image.file.as_mut().unwrap().1 = Some("image/png".to_owned());
    let disagreeing = dist::wheel_with_metadata("demo", "1.1", &dist::metadata("demo", "9.9"));
    lab.run(vec![
        row("F1", wheel("2.1", b"not a zip"), 400, "Invalid distribution file. File is not a zipfile"),
        row("F2", wheel("2.1", &good[..good.len() / 2]), 400, "Invalid distribution file. File is not a zipfile"),
        row("F3", wheel("2.1", &wheel_without("2.1", "METADATA")), 400, "Wheel 'demo-2.1-py3-none-any.whl' does not contain the required METADATA file: demo-2.1.dist-info/METADATA"),
        row("F4", wheel("2.1", &wheel_without("2.1", "RECORD")), 400, "Wheel 'demo-2.1-py3-none-any.whl' does not contain the required RECORD file: demo-2.1.dist-info/RECORD"),
        row("F6", named("2.1", "demo-2.1-cp311-cp311-linux_x86_64.whl", &good), 400, "Binary wheel 'demo-2.1-cp311-cp311-linux_x86_64.whl' has an unsupported platform tag 'linux_x86_64'."),
        row("F7", named("2.1", "demo-2.2-py3-none-any.whl", &dist::wheel("demo", "2.2", "")), 400, "Version in filename should be '2.1' not '2.2'."),
        row("F8", named("2.1", "other-2.1-py3-none-any.whl", &dist::wheel("other", "2.1", "")), 400, "Start filename for 'demo' with 'demo'."),
        row("F9", named("2.12", "DEMO-2.12-py3-none-any.whl", &dist::wheel("DEMO", "2.12", "")), 400, "Filename 'DEMO-2.12-py3-none-any.whl' should contain the normalized project name 'demo', not 'DEMO'."),
        row("F10", named("2.13", "demo-2.13.tar.gz", &dist::tar_gz(&[("demo-2.13/setup.py", b"")])), 400, "Invalid distribution file. PKG-INFO not found at demo-2.13/PKG-INFO"),
        row("F11", named("2.14", "demo-2.14.tar.bz2", b"BZh"), 400, "Invalid file extension: Use .tar.gz, .whl or .zip extension. See https://www.python.org/dev/peps/pep-0527 and https://peps.python.org/pep-0715/ for more information"),
        row("F12", named("2.15", "DEMO-2.15.tar.gz", &dist::sdist("DEMO", "2.15", "")), 400, "Filename 'DEMO-2.15.tar.gz' is invalid, should be 'demo-2.15.tar.gz'."),
        row("F13", named("2.1", "a/demo-2.1-py3-none-any.whl", &good), 400, "Cannot upload a file with '/' or '\\' in the name."),
        row("F15", lab.upload(&image), 400, "Invalid distribution file."),
        row("F16", wheel("2.18", &damaged("2.18")), 500, "Internal Server Error"),
        row("F0", Request::get("/prod/pypi/demo/2.1/json"), 404, "Not Found"),
        row("F5", wheel("2.2", &dist::wheel_with_metadata("demo", "2.2", &dist::metadata("demo", "2.2"))), 200, "OK"),
        row("F14", lab.upload(&bare), 200, "OK"),
        row("F16b", wheel("1.1", &disagreeing), 200, "OK"),
    ]);
    let stored: Vec<String> = lab.world.files(Index::Pypi).into_iter().map(|f| f.filename).collect();
    assert!(!stored.iter().any(|f| f.contains("2.18")), "a crash stores nothing: {stored:?}");
}

/// The answers of the archive checks that were measured with hand-made files.
#[test]
fn archives_readers_disagree_about() {
    let lab = Lab::with_demo();
    let wheel = |data: &[u8]| lab.upload(&Form::of("demo", "2.1", "demo-2.1-py3-none-any.whl", data));
    let good = dist::wheel("demo", "2.1", "good");
    let refused = |why: &str| {
        format!(
            "Invalid distribution file. ZIP archive not accepted: {why}. See <PyPI docs>/archives for more information"
        )
    };
    let mut streamed = good.clone();
    streamed[6] |= 8;
    let mut trailing = good.clone();
    trailing.extend_from_slice(b"more");
    let mut commented = good;
    let end = commented.len() - 2;
    commented[end] = 4;
    commented.extend_from_slice(b"text");
    let sdist = |data: &[u8]| lab.upload(&Form::of("demo", "2.1", "demo-2.1.tar.gz", data));
    lab.run(vec![
        row("data descriptor", wheel(&streamed), 400, refused("ZIP contains a data descriptor")),
        row("trailing bytes", wheel(&trailing), 400, refused("Trailing data")),
        row(
            "no WHEEL",
            wheel(&wheel_without("2.1", "WHEEL")),
            400,
            "Invalid distribution file. WHEEL not found at demo-2.1.dist-info/WHEEL",
        ),
        row(
            "two folders",
            sdist(&dist::tar_gz(&[("a/PKG-INFO", b""), ("b/x", b"")])),
            400,
            "Invalid distribution file. Incorrect number of top-level directories in sdist",
        ),
        row("not a tar", sdist(b"nothing"), 400, "Invalid distribution file. File is not a tarfile"),
        row("a comment of the archive itself is accepted", wheel(&commented), 200, "OK"),
    ]);
}

#[test]
fn sizes_and_cut_bodies() {
    let lab = Lab::with_demo();
    let zeros = vec![0u8; 70 * 1024 * 1024];
    let bomb = dist::zip(&[
        ("demo.py", &zeros),
        ("demo-2.1.dist-info/WHEEL", b""),
        ("demo-2.1.dist-info/RECORD", b""),
    ]);
    drop(zeros);
    let large = vec![b'x'; 101 * 1024 * 1024];
    let named = |version: &str, data: &[u8]| {
        lab.upload(&Form::of("demo", version, &format!("demo-{version}-py3-none-any.whl"), data))
    };
    lab.run(vec![
        row("B0", lab.upload(&crate::lab::project("fresh", "1.0", "")), 200, "OK"),
        row("S1b", named("2.1", &large), 400, "File too large. Limit for project 'demo' is 100 MB. See <PyPI docs>/project-management/storage-limits#requesting-a-file-size-limit-increase for more information."),
        row("S3", named("2.1", &bomb), 400, "Invalid distribution file. File exceeds compression ratio of 50"),
    ]);
    assert!(lab.world.add_project_size(Index::Pypi, "demo", 10 << 30, crate::lab::now()));
    lab.run(vec![row("S2b", lab.upload(&demo("2.1", "")), 400, "Project size too large. Limit for project 'demo' total size is 10 GB. See <PyPI docs>/project-management/storage-limits#requesting-a-project-size-limit-increase")]);
}

#[test]
fn interrupted_requests() {
    use std::io::Write as _;

    let lab = Lab::with_demo();
    let base = lab.server.base_url();
    let authority = base.strip_prefix("http://").unwrap();
    let upload = lab.upload(&demo("3.0", ""));
    let bytes = upload.bytes(authority);
    let part = |length: usize| {
        let mut stream = std::net::TcpStream::connect(authority).unwrap();
        stream.write_all(&bytes[..length]).unwrap();
        stream
    };
    drop(part(bytes.len() / 2));
    let json = Request::get("/prod/pypi/demo/3.0/json");
    lab.run(vec![row("X1", json, 404, "Not Found"), row("X2", upload, 200, "OK")]);

    let (tell, told) = std::sync::mpsc::channel();
    lab.world.on_request(shiponce_rehearsal::Observer::new(move |moment, entry| {
        if entry.is_write && moment == shiponce_rehearsal::Moment::AfterEffect {
            let _ = tell.send(());
        }
    }));
    let upload = lab.upload(&demo("3.1", ""));
    let mut stream = std::net::TcpStream::connect(authority).unwrap();
    stream.write_all(&upload.bytes(authority)).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    told.recv_timeout(std::time::Duration::from_secs(20)).unwrap();
    drop(stream);
    let expecting = lab.upload(&demo("3.2", "")).header("Expect", "100-continue");
    let urlencoded = Request::new("POST", "/prod/legacy/")
        .basic("__token__", &lab.token)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(":action=file_upload&name=demo&version=3.3&metadata_version=2.1&filetype=bdist_wheel&pyversion=py3");
    lab.run(vec![
        row("X3", Request::get("/prod/pypi/demo/3.1/json"), 200, "OK"),
        row("X4", upload, 200, "OK"),
        row("X5", expecting, 200, "OK"),
        row("X6", urlencoded, 400, "Upload payload does not have a file."),
    ]);
}
