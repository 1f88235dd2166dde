//! Bytes that exist already: frozen here by an earlier press, or published by another machine.

mod frozen;
mod gather;
mod page;
mod take;
mod words;

use crate::observe::Seen;
use crate::release::Pipeline;
use crate::report::Say as _;
use shiponce_api::Problem;
use shiponce_core::adopt::{Facts, Next, next};
use shiponce_core::observation::{Listing, RemoteFile};
use shiponce_core::{Blake2b256, FileEntry, Manifest, PackageName, Sha256, Version};
use shiponce_index::Observer;
use shiponce_ledger::Ledger;
use std::collections::{BTreeMap, BTreeSet};

/// An index or our own page vouches for where each file was made, and no ledger can change that.
const ATTESTED: &str = "attested as made from this commit";

/// A release that is published, as far as it is, and proven to be this commit's.
#[derive(Debug)]
pub(super) struct Published {
    version: Version,
    commit: String,
    /// Every file of the release and its digest.
    files: BTreeMap<String, Sha256>,
    /// Their sizes, as far as indexes give them.
    sizes: BTreeMap<String, u64>,
    /// What makes them this commit's, for the record of what was handed over.
    how: &'static str,
    /// The manifest that another machine froze, where it is known.
    frozen: Option<Manifest>,
}

impl Published {
    /// The manifest as far as it is known without the bytes. It says what is to be compared; it is never frozen.
    pub(super) fn manifest(&self, project: &PackageName) -> Manifest {
        if let Some(frozen) = &self.frozen {
            return frozen.clone();
        }
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
    /// What there is of this release, when nothing is frozen here. `None` leaves it to the build.
    ///
    /// The manifest on our page of this commit comes first: it says which files there are. Without one the files
    /// themselves are asked.
    ///
    /// # Errors
    /// `unproven-source` when published files cannot be tied to this commit; `bytes-missing` when files that belong to
    /// them are nowhere; `target-unobserved` when it is not known; `interrupted`.
    pub(super) async fn published(
        &mut self,
        ledger: &Ledger,
        observer: &Observer,
        seen: &[Seen],
    ) -> Result<Option<Published>, Problem> {
        let Some(version) = self.version.clone() else { return Ok(None) };
        self.look_at_page(ledger, None).await?;
        if let Some(published) = self.frozen_elsewhere(&version).await? {
            return Ok(Some(published));
        }
        self.proven(observer, &version, seen).await
    }

    /// What is published, tied to this commit file by file.
    async fn proven(
        &self,
        observer: &Observer,
        version: &Version,
        seen: &[Seen],
    ) -> Result<Option<Published>, Problem> {
        let expected = self.request.expect.resolve(version, &self.request.targets, seen);
        let shelves = self.gather(observer, version, seen, expected.is_some()).await?;
        let Some(shelves) = shelves else { return Ok(None) };
        let (production, elsewhere) = (&shelves.production, &shelves.elsewhere);
        let facts = Facts { production, elsewhere, expected: expected.as_ref() };
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
        Ok(Some(Published { version: version.clone(), commit, files, sizes, how: ATTESTED, frozen: None }))
    }
}

/// Versions that any index shows as published.
fn taken(seen: &[Seen]) -> Vec<Version> {
    seen.iter().filter_map(Seen::listing).flat_map(Listing::versions).collect()
}
