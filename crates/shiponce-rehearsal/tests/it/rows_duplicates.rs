//! Uploads, duplicates, deleted names.

use shiponce_rehearsal::Index;

use crate::dist;
use crate::lab::{Lab, blake2, demo, now, row, then};
use crate::wire::{Form, Request};

const DELETED: &str = "This filename was previously used by a file that has since been deleted. Use a different version. See <PyPI>/help/#file-name-reuse for more information.";

fn exists(filename: &str, data: &[u8]) -> String {
    let digest = blake2(data);
    format!(
        "File already exists ('{filename}', with blake2_256 hash '{digest}'). See <PyPI>/help/#file-name-reuse for more information."
    )
}

#[test]
fn the_table() {
    let lab = Lab::new();
    let name = "demo-1.0-py3-none-any.whl";
    let first = dist::wheel("demo", "1.0", "first");
    let other = dist::wheel("demo", "1.0", "other");
    let sdist = dist::sdist("demo", "1.0", "");
    let doomed = dist::wheel("demo", "1.1", "doomed");
    let doomed_name = "demo-1.1-py3-none-any.whl";
    let up = |form: &Form| lab.upload(form);
    lab.run(vec![
        row("U1", up(&Form::of("demo", "1.0", name, &first)), 200, "OK"),
        row(
            "U2",
            up(&Form::of("demo", "1.0", "demo-1.0-py2-none-any.whl", &dist::wheel("demo", "1.0", "2"))),
            200,
            "OK",
        ),
        row("U3", up(&Form::of("demo", "1.0", "demo-1.0.tar.gz", &sdist)), 200, "OK"),
        row("D1", up(&Form::of("demo", "1.0", name, &first)), 200, "OK"),
        row("D2", up(&Form::of("demo", "1.0", name, &other)), 400, exists(name, &other)),
        row(
            "D3",
            up(&Form::of("demo", "1.0", "demo-1.0-py2.py3-none-any.whl", &first)),
            400,
            exists("demo-1.0-py2.py3-none-any.whl", &first),
        ),
        row("D4", up(&Form::of("another", "1.0", name, &first)), 200, "OK"),
        row("D4, no project came of it", Request::get("/prod/simple/another/"), 404, ""),
        row("D5a", up(&Form::of("demo", "1.1", doomed_name, &doomed)), 200, "OK"),
        then(|world| assert!(world.delete_file(Index::Pypi, "demo", "demo-1.1-py3-none-any.whl", now()))),
        row("D5b", up(&Form::of("demo", "1.1", doomed_name, &doomed)), 400, DELETED),
        row("D5c", up(&demo("1.1", "other")), 400, DELETED),
        row(
            "D6",
            up(&Form::of("demo", "1.0", "demo-1.0.zip", &dist::zip(&[("demo-1.0/PKG-INFO", b"x")]))),
            400,
            "Only one sdist may be uploaded per release.",
        ),
        row(
            "D7",
            up(&Form::of("demo", "1.0.0", "demo-1.0.0.tar.gz", &dist::sdist("demo", "1.0.0", ""))),
            400,
            "Only one sdist may be uploaded per release.",
        ),
        row("D8", up(&demo("1.0.0", "again")), 200, "OK"),
    ]);
    let files = lab.world.files(Index::Pypi);
    assert!(files.iter().all(|f| f.version == "1.0"), "D8 goes into the same release: {files:?}");
    assert_eq!(files.len(), 4);
}
