//! Source distributions.

use std::collections::BTreeSet;

use flate2::read::MultiGzDecoder;
use tar::{Archive, EntryType};

use super::{Zip, invalid, license_missing};
use crate::address::Addresses;
use crate::answer::Refusal;

pub(super) fn tarball(data: &[u8], addresses: &Addresses) -> Result<(), Refusal> {
    let names = names(data, addresses)?;
    layout(&names)
}

pub(super) fn zip(archive: &Zip<'_>) -> Result<(), Refusal> {
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    layout(&names)
}

/// One folder at the top, with PKG-INFO in it.
fn layout(names: &[String]) -> Result<(), Refusal> {
    let tops: BTreeSet<&str> =
        names.iter().filter_map(|name| name.trim_start_matches("./").split('/').next()).collect();
    let mut tops = tops.into_iter();
    let (Some(top), None) = (tops.next(), tops.next()) else {
        return Err(invalid("Incorrect number of top-level directories in sdist"));
    };
    let target = format!("{top}/PKG-INFO");
    if names.iter().any(|name| name.trim_start_matches("./") == target) {
        return Ok(());
    }
    Err(invalid(&format!("PKG-INFO not found at {target}")))
}

pub(super) fn licenses_in_tarball(filename: &str, data: &[u8], licenses: &[&str]) -> Result<(), Refusal> {
    if licenses.is_empty() {
        return Ok(());
    }
    let root = filename.strip_suffix(".tar.gz").unwrap_or(filename);
    let names: Vec<String> = entries(data).unwrap_or_default().into_iter().map(|(name, _)| name).collect();
    for license in licenses {
        let target = format!("{root}/{license}");
        if !names.contains(&target) {
            return Err(license_missing(license, filename, &target));
        }
    }
    Ok(())
}

fn names(data: &[u8], addresses: &Addresses) -> Result<Vec<String>, Refusal> {
    if has_sparse(data).map_err(|_| invalid("File is not a tarfile"))? {
        let page = addresses.docs("archives");
        return Err(invalid(&format!(
            "tar archive not accepted: Sparse members are not allowed. See {page} for more information"
        )));
    }
    let entries = entries(data).map_err(|_| invalid("File is not a tarfile"))?;
    Ok(entries.into_iter().map(|(name, _)| name).collect())
}

/// Looked for among the raw headers, because the map of a sparse member may be nonsense.
fn has_sparse(data: &[u8]) -> std::io::Result<bool> {
    for entry in Archive::new(MultiGzDecoder::new(data)).entries()?.raw(true) {
        if entry?.header().entry_type() == EntryType::GNUSparse {
            return Ok(true);
        }
    }
    Ok(false)
}

fn entries(data: &[u8]) -> std::io::Result<Vec<(String, EntryType)>> {
    let mut archive = Archive::new(MultiGzDecoder::new(data));
    let mut found = Vec::new();
    for entry in archive.entries()? {
        let entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        found.push((name, entry.header().entry_type()));
    }
    Ok(found)
}
