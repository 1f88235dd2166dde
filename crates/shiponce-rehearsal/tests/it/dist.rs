//! Distribution files made by hand, right ones and wrong ones.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

/// A zip archive of these members.
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, data) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(data).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A gzipped tar archive of these members.
pub(crate) fn tar_gz(members: &[(&str, &[u8])]) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut builder = tar::Builder::new(gzip);
    for (name, data) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(data.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *data).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

pub(crate) fn metadata(name: &str, version: &str) -> String {
    format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
}

/// A correct wheel whose module holds `salt`, so that different salts give different bytes.
pub(crate) fn wheel(name: &str, version: &str, salt: &str) -> Vec<u8> {
    let module = name.replace('-', "_");
    let info = format!("{module}-{version}.dist-info");
    let record = format!("{module}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n");
    let code = format!("__version__ = {version:?}\nSALT = {salt:?}\n");
    zip(&[
        (&format!("{module}.py"), code.as_bytes()),
        (&format!("{info}/METADATA"), metadata(name, version).as_bytes()),
        (
            &format!("{info}/WHEEL"),
            b"Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        ),
        (&format!("{info}/RECORD"), record.as_bytes()),
    ])
}

/// A correct source distribution.
pub(crate) fn sdist(name: &str, version: &str, salt: &str) -> Vec<u8> {
    let root = format!("{}-{version}", name.replace('-', "_"));
    tar_gz(&[
        (&format!("{root}/PKG-INFO"), metadata(name, version).as_bytes()),
        (&format!("{root}/README.txt"), salt.as_bytes()),
    ])
}

/// A wheel whose METADATA is this text.
pub(crate) fn wheel_with_metadata(name: &str, version: &str, metadata: &str) -> Vec<u8> {
    let info = format!("{name}-{version}.dist-info");
    zip(&[
        (&format!("{name}.py"), b""),
        (&format!("{info}/METADATA"), metadata.as_bytes()),
        (&format!("{info}/WHEEL"), b"Wheel-Version: 1.0\n"),
        (&format!("{info}/RECORD"), b""),
    ])
}

/// A wheel without compression, so that its bytes can be changed in place.
pub(crate) fn stored_wheel(name: &str, version: &str, summary: &str) -> Vec<u8> {
    let info = format!("{name}-{version}.dist-info");
    let text = format!("{}Summary: {summary}\n", metadata(name, version));
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (member, data) in [("METADATA", text.as_str()), ("WHEEL", "Wheel-Version: 1.0\n"), ("RECORD", "")] {
        writer.start_file(format!("{info}/{member}"), options).unwrap();
        writer.write_all(data.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
