//! Small distributions made on the spot, valid in every respect.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Writes a wheel into `folder`. `tag` is such as `py3-none-any`; `content` becomes the text of its one module, so
/// that two contents are two files of one name.
pub(crate) fn wheel(folder: &Path, project: &str, version: &str, tag: &str, content: &str) -> PathBuf {
    wheel_saying(folder, (project, version, tag), content, "")
}

/// A wheel with more headers in its METADATA, each with its line break.
pub(crate) fn wheel_saying(
    folder: &Path,
    (project, version, tag): (&str, &str, &str),
    content: &str,
    headers: &str,
) -> PathBuf {
    fs_err::create_dir_all(folder).unwrap();
    let path = folder.join(format!("{project}-{version}-{tag}.whl"));
    let info = format!("{project}-{version}.dist-info");
    let pure = if tag.ends_with("-none-any") { "true" } else { "false" };
    let about = format!(
        "Wheel-Version: 1.0\nGenerator: tests (1.0)\nRoot-Is-Purelib: {pure}\n{}",
        tags(tag).iter().map(|tag| format!("Tag: {tag}\n")).collect::<String>()
    );
    let module = format!("\"\"\"{content}\"\"\"\n__version__ = \"{version}\"\n");
    let members = [
        (format!("{project}/__init__.py"), module),
        (
            format!("{info}/METADATA"),
            metadata(project, version).replacen("\n\n", &format!("\n{headers}\n"), 1),
        ),
        (format!("{info}/WHEEL"), about),
    ];
    let mut record = String::new();
    let mut zip = ZipWriter::new(fs_err::File::create(&path).unwrap());
    let options = SimpleFileOptions::default();
    for (name, text) in &members {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
        let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text));
        record.push_str(&format!("{name},sha256={digest},{}\n", text.len()));
    }
    let name = format!("{info}/RECORD");
    record.push_str(&format!("{name},,\n"));
    zip.start_file(name, options).unwrap();
    zip.write_all(record.as_bytes()).unwrap();
    zip.finish().unwrap();
    path
}

/// Writes an sdist into `folder`.
pub(crate) fn sdist(folder: &Path, project: &str, version: &str, content: &str) -> PathBuf {
    fs_err::create_dir_all(folder).unwrap();
    let path = folder.join(format!("{project}-{version}.tar.gz"));
    let file = fs_err::File::create(&path).unwrap();
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::fast()));
    let pyproject = format!(
        "[build-system]\nrequires = [\"flit_core >=3.11,<4\"]\nbuild-backend = \"flit_core.buildapi\"\n\n[project]\nname = \"{project}\"\nversion = \"{version}\"\ndescription = \"{content}\"\n"
    );
    let module = format!("\"\"\"{content}\"\"\"\n__version__ = \"{version}\"\n");
    let members = [
        ("PKG-INFO".to_owned(), metadata(project, version)),
        ("pyproject.toml".to_owned(), pyproject),
        (format!("{project}/__init__.py"), module),
    ];
    for (name, text) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        let name = format!("{project}-{version}/{name}");
        tar.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap();
    path
}

fn metadata(project: &str, version: &str) -> String {
    format!("Metadata-Version: 2.1\nName: {project}\nVersion: {version}\nSummary: Made by a test\n\nText.\n")
}

/// A compressed tag set, spread out.
fn tags(tag: &str) -> Vec<String> {
    let parts: Vec<&str> = tag.split('-').collect();
    let [pythons, abis, platforms] = parts[..] else { panic!("{tag} is no tag") };
    let mut tags = Vec::new();
    for python in pythons.split('.') {
        for abi in abis.split('.') {
            tags.extend(platforms.split('.').map(|platform| format!("{python}-{abi}-{platform}")));
        }
    }
    tags
}
