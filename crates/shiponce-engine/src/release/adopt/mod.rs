//! Bytes that exist already: frozen here by an earlier press, or published by another machine.

mod frozen;
mod gather;
mod take;
mod words;

use crate::observe::Seen;
use crate::release::Pipeline;
use crate::report::Say as _;
use shiponce_api::Problem;
use shiponce_core::adopt::{Facts, Next, next};
use shiponce_core::observation::{Listing, RemoteFile};
use shiponce_core::{Blake2b256, FileEntry, Manifest, Sha256, Version};
use shiponce_index::Observer;
use std::collections::{BTreeMap, BTreeSet};

/// A release that is published, as far as it is, and proven to be this commit's.
#[derive(Debug)]
pub(super) struct Published {
    version: Version,
    commit: String,
    /// Every file of the release and its digest.
    files: BTreeMap<String, Sha256>,
    /// Their sizes, as far as indexes give them.
    sizes: BTreeMap<String, u64>,
}

impl Published {
    /// The manifest as far as it is known without the bytes. It says what is to be compared; it is never frozen.
    pub(super) fn manifest(&self, project: &shiponce_core::PackageName) -> Manifest {
        let entry = |(name, sha256): (&String, &Sha256)| {
            let entry = FileEntry {
                filename: name.parse().ok()?,
                size: self.sizes.get(name).copied().unwrap_or_default(),
                sha256: *sha256,
                blake2b: Blake2b256([0; 32]),
            };
            Some((name.clone(), entry))
        };
        Manifest {
            project: project.clone(),
            version: self.version.clone(),
            commit: Some(self.commit.clone()),
            inputs: None,
            files: self.files.iter().filter_map(entry).collect(),
            assets: BTreeMap::new(),
        }
    }
}

impl Pipeline<'_> {
    /// What is published of this release, when nothing is frozen here. `None` leaves it to the build.
    ///
    /// # Errors
    /// `unproven-source` when published files cannot be tied to this commit; `bytes-missing` when files that belong to
    /// them are nowhere; `target-unobserved` when it is not known; `interrupted`.
    pub(super) async fn published(
        &self,
        observer: &Observer,
        seen: &[Seen],
    ) -> Result<Option<Published>, Problem> {
        let Some(version) = &self.version else { return Ok(None) };
        let Some(shelves) = self.gather(observer, version, seen).await? else { return Ok(None) };
        let facts = Facts { production: &shelves.production, elsewhere: &shelves.elsewhere, expected: None };
        let files = match next(&facts) {
            Next::Build => return Ok(None),
            Next::Adopt { files } => files,
            Next::Lost { missing, files } => {
                return Err(words::lost(&self.request.project, version, &missing, &files, &taken(seen)));
            }
            Next::Unproven { filename, why } => {
                return Err(self.unproven(version, seen, &filename.to_string(), &why));
            }
            Next::Unread { filename, why } => return Err(words::unread(&filename.to_string(), why)),
        };
        let names: BTreeSet<&str> = files.keys().map(String::as_str).collect();
        for (label, name) in shelves.strangers(&names) {
            self.context.report.warning(format!(
                "{label} holds {name} too, and nothing ties it to this commit: it is no part of the release"
            ));
        }
        let listed = seen.iter().filter_map(Seen::listing).flat_map(|listing| listing.files.values());
        let size = |file: &RemoteFile| Some((file.filename.clone(), file.size?));
        let ours =
            |file: &&RemoteFile| file.sha256.is_some() && files.get(&file.filename).copied() == file.sha256;
        let sizes = listed.filter(ours).filter_map(size).collect();
        let commit = self.checkout.as_ref().map(|checkout| checkout.commit.to_string()).unwrap_or_default();
        Ok(Some(Published { version: version.clone(), commit, files, sizes }))
    }
}

/// Versions that any index shows as published.
fn taken(seen: &[Seen]) -> Vec<Version> {
    seen.iter().filter_map(Seen::listing).flat_map(Listing::versions).collect()
}
