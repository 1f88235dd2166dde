//! What the server looks at inside a file.

mod raw_zip;
mod sdist;
mod wheel;

use std::io::{Cursor, Read as _};

use bytes::Bytes;
use zip::ZipArchive;

use super::Upload;
use crate::answer::Refusal;

/// Archives below this size unpacked are not held against their compression ratio.
const RATIO_FLOOR: u64 = 64 * 1024 * 1024;
const RATIO: u64 = 50;

type Zip<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// What the archive says about itself, for what is to be stored.
#[derive(Debug, Default)]
pub(super) struct Inside {
    /// The METADATA of a wheel.
    pub(super) metadata: Option<Bytes>,
}

impl Upload<'_> {
    /// Whether the archive is a distribution file at all.
    pub(super) fn archive(&self, filename: &str, data: &[u8]) -> Result<(), Refusal> {
        if filename.ends_with(".tar.gz") {
            return sdist::tarball(data, self.addresses);
        }
        let archive = self.open_zip(data)?;
        if filename.ends_with(".whl") { wheel::shape(filename, &archive) } else { sdist::zip(&archive) }
    }

    fn open_zip<'b>(&self, data: &'b [u8]) -> Result<Zip<'b>, Refusal> {
        if data.get(257..262) == Some(b"ustar") && data.windows(4).any(|w| w == b"PK\x05\x06") {
            return Err(invalid("File is both a zip and a tar file"));
        }
        let mut archive = ZipArchive::new(Cursor::new(data)).map_err(|_| invalid("File is not a zipfile"))?;
        let mut unpacked = 0;
        for at in 0..archive.len() {
            let member = archive.by_index_raw(at).map_err(|_| invalid("File is not a zipfile"))?;
            unpacked += member.size();
            let known = matches!(
                member.compression(),
                zip::CompressionMethod::Stored | zip::CompressionMethod::Deflated
            );
            if !known {
                return Err(invalid("File does not use a supported compression type"));
            }
        }
        if unpacked > RATIO_FLOOR && unpacked / RATIO > data.len() as u64 {
            return Err(invalid(&format!("File exceeds compression ratio of {RATIO}")));
        }
        raw_zip::check(data).map_err(|why| {
            let page = self.addresses.docs("archives");
            invalid(&format!("ZIP archive not accepted: {why}. See {page} for more information"))
        })?;
        Ok(archive)
    }

    /// Licence files, RECORD, entry points, METADATA: what is looked at once the file's name is right.
    pub(super) fn contents(&self, filename: &str, data: &[u8]) -> Result<Inside, Refusal> {
        let licenses: Vec<&str> = self.form.all("license_file").filter(|l| !l.is_empty()).collect();
        if filename.ends_with(".whl") {
            let mut archive = self.open_zip(data)?;
            return wheel::contents(filename, &mut archive, &licenses);
        }
        if filename.ends_with(".tar.gz") {
            sdist::licenses_in_tarball(filename, data, &licenses)?;
        }
        Ok(Inside::default())
    }
}

fn invalid(message: &str) -> Refusal {
    Refusal::bad(format!("Invalid distribution file. {message}"))
}

fn license_missing(license: &str, filename: &str, target: &str) -> Refusal {
    Refusal::bad(format!("License-File {license} does not exist in distribution file {filename} at {target}"))
}

/// Reads a member. A member whose checksum is wrong kills the real view, on every retry.
fn read_member(archive: &mut Zip<'_>, name: &str) -> Result<Vec<u8>, Refusal> {
    let mut member = archive.by_name(name).map_err(|_| Refusal::Crash)?;
    let mut data = Vec::new();
    member.read_to_end(&mut data).map_err(|_| Refusal::Crash)?;
    Ok(data)
}
