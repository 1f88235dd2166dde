//! Pages into one listing.

use std::collections::btree_map::Entry;

use shiponce_core::Sha256;
use shiponce_core::observation::{Listing, RemoteFile};

use super::layer;
use super::page::Page;
use crate::index::Index;

/// One name with two contents within one reading: nothing it says about that name can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{filename}` is listed with sha256 {one} and with sha256 {other}")]
pub(crate) struct Contradiction {
    filename: String,
    one: Sha256,
    other: Sha256,
}

/// The listing of a page. `serial` is the one in the answer's header, which is set for every format.
pub(crate) fn listing(page: Page, serial: Option<u64>, index: &Index) -> Result<Listing, Contradiction> {
    let mut listing =
        Listing { exists: true, status: page.status, serial: serial.or(page.serial), ..Listing::default() };
    add(&mut listing, page.files, index)?;
    Ok(listing)
}

/// Fills in what a second page knows: digests, sizes, times, and names that a stale first page lacked. Names are
/// write-once where pages lag, so a name on either page is there.
pub(crate) fn add(listing: &mut Listing, files: Vec<RemoteFile>, index: &Index) -> Result<(), Contradiction> {
    for file in files {
        if !layer::counts(index, file.url.as_deref()) {
            continue;
        }
        match listing.files.entry(file.filename.clone()) {
            Entry::Vacant(slot) => {
                slot.insert(file);
            }
            Entry::Occupied(mut known) => merge(known.get_mut(), file)?,
        }
    }
    Ok(())
}

/// Whether a second source could tell something that the listing lacks.
pub(crate) fn lacks_details(listing: &Listing) -> bool {
    listing.files.values().any(|file| file.sha256.is_none() || file.uploaded_at.is_none())
}

fn merge(known: &mut RemoteFile, other: RemoteFile) -> Result<(), Contradiction> {
    if let (Some(one), Some(two)) = (known.sha256, other.sha256)
        && one != two
    {
        return Err(Contradiction { filename: other.filename, one, other: two });
    }
    known.sha256 = known.sha256.or(other.sha256);
    known.size = known.size.or(other.size);
    known.uploaded_at = known.uploaded_at.or(other.uploaded_at);
    known.url = known.url.take().or(other.url);
    known.provenance = known.provenance.take().or(other.provenance);
    Ok(())
}
