//! What to import after an installation.

use crate::build::Wheel;

fn candidates(files: &[&str], change: impl Fn(Wheel) -> Wheel) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut wheel = Wheel::named("demo_pkg-1.0-py3-none-any.whl");
    wheel.files = files.iter().map(|name| ((*name).to_owned(), b"x\n".to_vec())).collect();
    let path = change(wheel).write(folder.path());
    shiponce_dist::Wheel::open(&path).unwrap().import_candidates()
}

#[test]
fn modules_are_found_in_the_archive() {
    let same = |wheel| wheel;
    for (files, expected) in [
        (&["demo/__init__.py", "demo/sub/__init__.py", "demo/x.py"][..], &["demo"][..]),
        (&["six.py"], &["six"]),
        (&["zeta.py", "demo_pkg/__init__.py", "alpha.py"], &["demo_pkg", "alpha", "zeta"]),
        (
            &["fast.cpython-311-x86_64-linux-gnu.so", "slow.abi3.so", "win.cp311-win_amd64.pyd"],
            &["fast", "slow", "win"],
        ),
        (&["google/cloud/demo/__init__.py", "google/cloud/demo/a.py"], &["google.cloud.demo"]),
        (&["space/demo.py", "space/py.typed"], &["space.demo"]),
        (&["_demo.abi3.so", "demo.py", "tests/__init__.py"], &["demo"]),
        (&["_demo.abi3.so", "tests/__init__.py"], &["_demo", "tests"]),
        (&["demo_pkg-1.0.data/purelib/inner/__init__.py", "demo_pkg-1.0.data/scripts/tool.py"], &["inner"]),
        (&["not-a-module.py", "data.json", "__main__.py"], &[]),
    ] {
        assert_eq!(candidates(files, same), expected, "{files:?}");
    }
}

#[test]
fn declarations_come_first_and_top_level_last() {
    let declared = |wheel: Wheel| wheel.header("Import-Name: demo.api").header("Import-Name: _x ; private");
    assert_eq!(candidates(&["demo/__init__.py"], declared), ["demo.api"]);
    let top = |wheel: Wheel| wheel.file("demo_pkg-1.0.dist-info/top_level.txt", "demo\nother\n");
    assert_eq!(candidates(&["data.json"], top), ["demo", "other"]);
    assert_eq!(candidates(&["real.py"], top), ["real"]);
}
