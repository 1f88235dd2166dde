//! Files for the cases.

use std::io::{Cursor, Write as _};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;

/// A zip archive of these members.
pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let write = || -> ZipResult<Vec<u8>> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, data) in members {
            writer.start_file(*name, SimpleFileOptions::default())?;
            writer.write_all(data)?;
        }
        Ok(writer.finish()?.into_inner())
    };
    // Memory takes what it is given; without it the archive is empty, and the case differs.
    write().unwrap_or_default()
}

/// A gzipped tar archive of one member.
pub(super) fn tar_gz(name: &str, data: &[u8]) -> Vec<u8> {
    let write = || -> std::io::Result<Vec<u8>> {
        let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut builder = tar::Builder::new(gzip);
        let mut header = tar::Header::new_gnu();
        header.set_size(data.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, data)?;
        builder.into_inner()?.finish()
    };
    write().unwrap_or_default()
}

pub(super) fn metadata(name: &str, version: &str) -> String {
    format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
}

/// A correct wheel; other salts are other bytes.
pub(super) fn wheel(name: &str, version: &str, salt: &str) -> Vec<u8> {
    wheel_without(name, version, salt, "nothing")
}

/// A wheel that lacks a member of its metadata folder.
pub(super) fn wheel_without(name: &str, version: &str, salt: &str, missing: &str) -> Vec<u8> {
    let info = format!("{name}-{version}.dist-info");
    let record = format!("{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n");
    let code = format!("VERSION = {version:?}\nSALT = {salt:?}\n");
    let all = [
        (format!("{name}.py"), code),
        (format!("{info}/METADATA"), metadata(name, version)),
        (
            format!("{info}/WHEEL"),
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n".to_owned(),
        ),
        (format!("{info}/RECORD"), record),
    ];
    let kept = all.iter().filter(|(member, _)| !member.ends_with(missing));
    let kept: Vec<(&str, &[u8])> = kept.map(|(member, text)| (member.as_str(), text.as_bytes())).collect();
    zip(&kept)
}

/// A correct source distribution.
pub(super) fn sdist(name: &str, version: &str) -> Vec<u8> {
    tar_gz(&format!("{name}-{version}/PKG-INFO"), metadata(name, version).as_bytes())
}
