//! Distributions made on the spot: valid, tiny, as many as a test needs.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;

/// Writes a wheel of the project `demo`. Two contents are two files of one name.
pub(crate) fn wheel(folder: &Path, version: &str, tag: &str, content: &str) -> PathBuf {
    wheel_of(folder, "demo", version, tag, content)
}

/// Writes a wheel of any project.
pub(crate) fn wheel_of(folder: &Path, project: &str, version: &str, tag: &str, content: &str) -> PathBuf {
    fs_err::create_dir_all(folder).unwrap();
    let path = folder.join(format!("{project}-{version}-{tag}.whl"));
    let info = format!("{project}-{version}.dist-info");
    let pure = tag.ends_with("-none-any");
    let about = format!("Wheel-Version: 1.0\nGenerator: tests (1.0)\nRoot-Is-Purelib: {pure}\nTag: {tag}\n");
    let members = [
        (format!("{project}/__init__.py"), format!("\"\"\"{content} {tag}\"\"\"\n")),
        (format!("{info}/METADATA"), metadata(project, version)),
        (format!("{info}/WHEEL"), about),
    ];
    let mut record = String::new();
    let mut zip = zip::ZipWriter::new(fs_err::File::create(&path).unwrap());
    for (name, text) in &members {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
        let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text));
        record.push_str(&format!("{name},sha256={digest},{}\n", text.len()));
    }
    let name = format!("{info}/RECORD");
    record.push_str(&format!("{name},,\n"));
    zip.start_file(name, SimpleFileOptions::default()).unwrap();
    zip.write_all(record.as_bytes()).unwrap();
    zip.finish().unwrap();
    path
}

/// Writes an sdist of the project `demo`.
pub(crate) fn sdist(folder: &Path, version: &str, content: &str) -> PathBuf {
    fs_err::create_dir_all(folder).unwrap();
    let path = folder.join(format!("demo-{version}.tar.gz"));
    let file = fs_err::File::create(&path).unwrap();
    let gzip = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    let mut tar = tar::Builder::new(gzip);
    let pyproject = format!(
        "[build-system]\nrequires = [\"flit_core\"]\nbuild-backend = \"flit_core.buildapi\"\n\n[project]\nname = \"demo\"\nversion = \"{version}\"\n"
    );
    for (name, text) in [
        ("PKG-INFO", metadata("demo", version)),
        ("pyproject.toml", pyproject),
        ("demo/__init__.py", format!("\"\"\"{content}\"\"\"\n")),
    ] {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("demo-{version}/{name}"), text.as_bytes()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap();
    path
}

/// So many wheels of one release, each for another interpreter.
pub(crate) fn wheels(folder: &Path, version: &str, count: usize) -> Vec<PathBuf> {
    (0..count).map(|n| wheel(folder, version, &tag(n), "a")).collect()
}

/// The tag of the wheel number `n` of [`wheels`].
pub(crate) fn tag(n: usize) -> String {
    let minor = 10 + n;
    format!("cp3{minor}-cp3{minor}-manylinux_2_17_x86_64")
}

fn metadata(project: &str, version: &str) -> String {
    format!("Metadata-Version: 2.1\nName: {project}\nVersion: {version}\nSummary: Made by a test\n\nText.\n")
}
