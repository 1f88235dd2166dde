//! A wheel with another version or description: METADATA edited, folders renamed, RECORD made anew.

use super::{Note, Repack, RepackError};
use crate::metadata::{METADATA_LIMIT, edited};
use crate::record::{self, Record, Row};
use crate::wheel::Wheel;
use crate::zip::{Archive, Copy, Entry, Header, Method, Writer, ZipError};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use sha2::{Digest as _, Sha256};
use shiponce_core::Version;
use std::collections::BTreeMap;
use std::io::{Read, Seek, Write};

/// Signatures of RECORD (PEP 427); they cannot hold for another RECORD.
const SIGNATURES: [&str; 2] = ["RECORD.jws", "RECORD.p7s"];

pub(super) fn write(
    repack: &Repack<'_>,
    wheel: &Wheel,
    out: impl Write,
    notes: &mut Vec<Note>,
) -> Result<(), RepackError> {
    let filename = repack.old_name();
    let zip = |source| RepackError::Zip { filename: filename.clone(), source };
    let mut archive = Archive::open(repack.open()?).map_err(zip)?;
    let record = wheel.record.as_ref().ok_or_else(|| RepackError::NoRecord(filename.clone()))?;
    let problems = record::verify(&mut archive, record, &wheel.dist_info).map_err(zip)?;
    if let Some(first) = problems.into_iter().next() {
        return Err(RepackError::Record { filename: filename.clone(), first });
    }
    let member = |name: &str| format!("{}/{name}", wheel.dist_info);
    let old = archive.read(&member("METADATA"), METADATA_LIMIT).map_err(zip)?;
    let (metadata, raised) = edited(&old, repack.edit()).map_err(|source| RepackError::Metadata {
        filename: filename.clone(),
        member: "METADATA".to_owned(),
        source,
    })?;
    if raised {
        notes.push(Note::MetadataVersionRaised);
    }
    if archive.has_comment() || archive.entries().iter().any(|entry| entry.has_comment) {
        notes.push(Note::CommentsDropped);
    }
    let rename = Rename::new(repack, wheel);
    let entries: Vec<Entry> = archive.entries().to_vec();
    let signatures = SIGNATURES.map(&member);
    notes.extend(
        entries.iter().filter(|entry| signatures.contains(&entry.name)).map(|entry| {
            Note::SignatureDropped(entry.name.rsplit('/').next().unwrap_or_default().to_owned())
        }),
    );
    let mut contents = BTreeMap::from([(member("METADATA"), metadata)]);
    let record =
        new_record(&mut archive, record, &contents, &rename, &signatures, &member("RECORD")).map_err(zip)?;
    contents.insert(member("RECORD"), record.into_bytes());
    let mut writer = Writer::new(out);
    for entry in entries.iter().filter(|entry| !signatures.contains(&entry.name)) {
        write_entry(
            repack,
            &mut archive,
            &mut writer,
            entry,
            rename.apply(&entry.name),
            contents.get(&entry.name),
        )?;
    }
    writer.finish().map_err(|source| repack.write_error(source))
}

fn write_entry<R: Read + Seek>(
    repack: &Repack<'_>,
    archive: &mut Archive<R>,
    writer: &mut Writer<impl Write>,
    entry: &Entry,
    name: String,
    content: Option<&Vec<u8>>,
) -> Result<(), RepackError> {
    let zip = |source| RepackError::Zip { filename: repack.old_name(), source };
    let mut header = Header {
        name,
        made_by: entry.made_by,
        needed: entry.needed,
        flags: entry.flags,
        method: entry.method,
        modified: entry.modified,
        crc32: entry.crc32,
        compressed_size: entry.compressed_size,
        size: entry.size,
        internal_attributes: entry.internal_attributes,
        external_attributes: entry.external_attributes,
        local_extra: archive.local_extra(entry).map_err(zip)?,
        central_extra: entry.extra.clone(),
    };
    let Some(content) = content else {
        writer.begin(&header).map_err(|source| repack.write_error(source))?;
        return archive.copy_packed(entry, writer.data()).map_err(|error| match error {
            Copy::Reader(source) => zip(source),
            Copy::Writer(source) => repack.write_error(source),
        });
    };
    let mut write = || {
        let packed = match entry.method {
            Method::Stored => content.clone(),
            Method::Deflated => {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(content)?;
                encoder.finish()?
            }
        };
        let mut crc = flate2::Crc::new();
        crc.update(content);
        header.crc32 = crc.sum();
        header.size = content.len() as u64;
        header.compressed_size = packed.len() as u64;
        writer.begin(&header)?;
        writer.data().write_all(&packed)
    };
    write().map_err(|source| repack.write_error(source))
}

/// The new RECORD: the rows of the old one in their order. What was verified with SHA-256 keeps its digest.
fn new_record<R: Read + Seek>(
    archive: &mut Archive<R>,
    old: &Record,
    contents: &BTreeMap<String, Vec<u8>>,
    rename: &Rename,
    signatures: &[String],
    own: &str,
) -> Result<String, ZipError> {
    let mut rows = Vec::new();
    let is_file = |row: &&Row| row.path != own && !signatures.contains(&row.path);
    for row in old.rows.iter().filter(is_file) {
        let (hash, size) = match (contents.get(&row.path), archive.entry(&row.path)) {
            (Some(content), _) => (record::sha256(&Sha256::digest(content)), content.len() as u64),
            (None, Some(entry)) if row.hash.starts_with("sha256=") => (row.hash.clone(), entry.size),
            (None, _) => {
                let (size, digest) = archive.digest::<Sha256>(&row.path)?;
                (record::sha256(&digest), size)
            }
        };
        rows.push(Row { path: rename.apply(&row.path), hash, size: size.to_string(), line: rows.len() + 1 });
    }
    let line = rows.len() + 1;
    rows.push(Row { path: rename.apply(own), hash: String::new(), size: String::new(), line });
    Ok(Record { rows }.to_text())
}

/// From the folders of the old version to those of the new one.
struct Rename {
    folders: Vec<(String, String)>,
}

impl Rename {
    fn new(repack: &Repack<'_>, wheel: &Wheel) -> Self {
        if !repack.has_suffix {
            return Self { folders: Vec::new() };
        }
        let mut folders = Vec::new();
        for entry in &wheel.entries {
            let Some((top, _)) = entry.name.split_once('/') else { continue };
            let known = folders.iter().any(|(old, _)| old == top);
            if !known && let Some(new) = renamed(top, wheel, &repack.version) {
                folders.push((top.to_owned(), new));
            }
        }
        Self { folders }
    }

    fn apply(&self, name: &str) -> String {
        let renamed = self.folders.iter().find_map(|(old, new)| {
            let rest = name.strip_prefix(old.as_str())?;
            rest.starts_with('/').then(|| format!("{new}{rest}"))
        });
        renamed.unwrap_or_else(|| name.to_owned())
    }
}

/// The new name of `{project}-{version}.dist-info` and `.data`; `None` for every other folder.
fn renamed(folder: &str, wheel: &Wheel, version: &Version) -> Option<String> {
    let (stem, extension) = folder.rsplit_once('.')?;
    if folder != wheel.dist_info && extension != "data" {
        return None;
    }
    let (name, old) = stem.split_once('-')?;
    let same = shiponce_core::names::normalize(name) == wheel.filename.project.normalized()
        && old.replace('_', "-").parse() == Ok(wheel.filename.version.clone());
    same.then(|| format!("{name}-{version}.{extension}"))
}

pub(super) fn verify<R: Read + Seek>(
    repack: &Repack<'_>,
    original: &Wheel,
    mut written: R,
) -> Result<(), RepackError> {
    let wrong = || RepackError::Wrong(repack.filename.to_string());
    let zip = |source| RepackError::Zip { filename: repack.filename.to_string(), source };
    let new = Wheel::read(&repack.new_path(), &mut written).map_err(RepackError::Wheel)?;
    let rename = Rename::new(repack, original);
    let signatures = SIGNATURES.map(|name| format!("{}/{name}", original.dist_info));
    let expected = original.entries.iter().filter(|entry| !signatures.contains(&entry.name));
    let rewritten = ["METADATA", "RECORD"].map(|name| format!("{}/{name}", new.dist_info));
    let same = |new: &Entry, name: &str, old: &Entry| {
        let content = rewritten.contains(&new.name) || (new.crc32, new.size) == (old.crc32, old.size);
        let kept = (new.method, new.modified, new.external_attributes, new.made_by)
            == (old.method, old.modified, old.external_attributes, old.made_by);
        new.name == name && content && kept && !new.has_comment && !new.has_descriptor
    };
    let expected: Vec<(String, &Entry)> = expected.map(|entry| (rename.apply(&entry.name), entry)).collect();
    let fits = new.entries.len() == expected.len()
        && new.entries.iter().zip(&expected).all(|(new, (name, old))| same(new, name, old));
    if !fits || !repack.metadata_fits(&new.metadata) {
        return Err(wrong());
    }
    let record = new.record.as_ref().ok_or_else(wrong)?;
    let mut archive = Archive::open(written).map_err(zip)?;
    let problems = record::verify(&mut archive, record, &new.dist_info).map_err(zip)?;
    match problems.into_iter().next() {
        Some(first) => Err(RepackError::Record { filename: repack.filename.to_string(), first }),
        None => Ok(()),
    }
}
