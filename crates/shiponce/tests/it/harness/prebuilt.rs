//! `examples/hello`, built once.

use super::tools::{python, repository, venv};
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The wheel and the sdist of `examples/hello`. They are built when its sources have changed, by one process while
/// others wait for it; nobody writes to them.
pub(crate) fn prebuilt() -> [PathBuf; 2] {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let folder = BUILT.get_or_init(|| {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"));
        fs_err::create_dir_all(root).unwrap();
        let lock = fs_err::File::create(root.join("prebuilt.lock")).unwrap();
        lock.file().lock().unwrap();
        let source = repository().join("examples/hello");
        let mut digest = Sha256::new();
        hash(&source, &mut digest);
        let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let folder = root.join(format!("prebuilt-{}", &digest[..16]));
        if !folder.is_dir() {
            build(&source, &folder);
        }
        folder
    });
    ["shiponce_hello-1.0.0-py3-none-any.whl", "shiponce_hello-1.0.0.tar.gz"].map(|name| folder.join(name))
}

/// Builds a copy and moves the result into place whole.
fn build(source: &Path, folder: &Path) {
    let unfinished = tempfile::tempdir_in(folder.parent().unwrap()).unwrap();
    let copy = unfinished.path().join("hello");
    super::project::copy(source, &copy);
    let out = unfinished.path().join("out");
    #[expect(clippy::disallowed_methods, reason = "the files are made from outside")]
    let mut command = Command::new(venv().join("bin/uv"));
    let done = command
        .args(["build", "--quiet", "--python"])
        .arg(python())
        .arg("--out-dir")
        .arg(&out)
        .current_dir(&copy)
        .env("SOURCE_DATE_EPOCH", "1767322945")
        .output()
        .unwrap();
    assert!(done.status.success(), "uv build: {}", String::from_utf8_lossy(&done.stderr));
    fs_err::rename(&out, folder).unwrap();
}

fn hash(folder: &Path, digest: &mut Sha256) {
    let mut paths: Vec<PathBuf> =
        fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| !path.ends_with("__pycache__")) {
        if path.is_dir() {
            hash(path, digest);
        } else {
            digest.update(path.display().to_string());
            digest.update(fs_err::read(path).unwrap());
        }
    }
}
