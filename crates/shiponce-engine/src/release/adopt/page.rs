//! What our own page on the forge knows of a release: its frozen manifest, and the bytes of its files.
//!
//! Only those who may write to the repository can change a page, and no ledger can. So what a page with our marker and
//! this commit says counts as handed over.

use super::Published;
use crate::fetch::{COMPARED_MAX, Wanted, locally};
use crate::github::{GitHubTarget, Sight, fetch_manifest};
use crate::python::interrupted;
use crate::release::Pipeline;
use crate::release::prepare::inputs_of;
use crate::report::Say as _;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::adopt::{Held, Tie};
use shiponce_core::forge::{Marker, same_name};
use shiponce_core::{DistFilename, Manifest, Version};
use shiponce_forge::{Asset, AssetState, Release};
use shiponce_store::Store;
use std::collections::BTreeMap;

const FROM_PAGE: &str = "frozen by another machine, as the GitHub release of this commit says";

/// Pages with our marker for a commit: the public one first, then drafts from the oldest.
fn ours<'s>(sight: &'s Sight, commit: &str) -> Vec<(&'s Release, Marker)> {
    let marked = sight.pages.values().filter_map(|page| Some((page, Marker::find(&page.body)?)));
    let mut ours: Vec<_> = marked.filter(|(_, marker)| marker.commit == commit).collect();
    ours.sort_by_key(|(page, _)| (page.draft, page.id));
    ours
}

/// The name a file had before GitHub changed it.
fn name_of(asset: &Asset) -> &str {
    asset.label.as_deref().filter(|label| same_name(label, &asset.name)).unwrap_or(&asset.name)
}

fn uploaded(page: &Release) -> impl Iterator<Item = &Asset> {
    page.assets.iter().filter(|asset| asset.state == AssetState::Uploaded)
}

/// Files of a version on our pages of a commit, by the digests that GitHub computed.
pub(super) fn held(sight: &Sight, commit: &str, version: &Version) -> Vec<Held> {
    let assets = ours(sight, commit).into_iter().flat_map(|(page, _)| uploaded(page));
    let held = assets.filter_map(|asset| {
        let filename: DistFilename = name_of(asset).parse().ok()?;
        let sha256 = Some(asset.digest?);
        (filename.version() == version).then_some(Held { filename, sha256, tie: Tie::Tied })
    });
    held.collect()
}

impl Pipeline<'_> {
    /// The release as another machine froze it, when our page of this commit holds its manifest. One that was frozen
    /// with other inputs is another release under the same tag: a problem of the page, before anything is built.
    ///
    /// # Errors
    /// `target-unobserved` when the page shows a manifest that cannot be fetched; `manifest-mismatch` where the page is
    /// required; `interrupted`.
    pub(super) async fn frozen_elsewhere(&mut self, version: &Version) -> Result<Option<Published>, Problem> {
        let (Some((target, sight)), Some(checkout)) = (self.page_seen(), &self.checkout) else {
            return Ok(None);
        };
        let commit = checkout.commit.to_string();
        let mut other = None;
        for (page, marker) in ours(sight, &commit) {
            let fetched = tokio::select! {
                fetched = fetch_manifest(target, page, marker.manifest) => fetched?,
                () = self.context.cancel.cancelled() => return Err(interrupted()),
            };
            let Some(manifest) = fetched else { continue };
            let same_release = manifest.project == self.request.project
                && manifest.version == *version
                && manifest.commit.as_ref() == Some(&commit);
            if !same_release {
                continue;
            }
            if manifest.inputs.is_none() || manifest.inputs == inputs_of(self.request) {
                return Ok(Some(published(manifest, commit)));
            }
            other.get_or_insert(page.id);
        }
        let Some(id) = other else { return Ok(None) };
        let message =
            format!("{} {version} was frozen from this commit with other settings", self.request.project);
        let problem = Problem::new(ErrorCode::ManifestMismatch, message)
            .fact("frozen", format!("release {id} of {} on GitHub", target.repository()))
            .note("Nothing was built or uploaded by this run.")
            .hint("finish it with the settings it was begun with: build command, environment, suffix, expected files")
            .hint("or delete that release if it was never published, or release a new version");
        self.page_problem(target, problem).map(|()| None)
    }

    /// Fetches a file by its digest from a page of this release, whoever made it: the digest is all that counts.
    /// Nothing when none holds it.
    ///
    /// # Errors
    /// When the disk fails; `interrupted`.
    pub(super) async fn fetch_from_page(&self, store: &Store, wanted: Wanted<'_>) -> Result<(), Problem> {
        let Some((target, sight)) = self.page_seen() else { return Ok(()) };
        let fits = |asset: &&Asset| {
            same_name(&asset.name, wanted.name) && asset.digest.is_none_or(|there| there == wanted.sha256)
        };
        for asset in sight.pages.values().flat_map(uploaded).filter(fits) {
            let name = wanted.name;
            self.context.report.info(format!("Fetching {name} from the GitHub release by its digest"));
            match self.download(target, asset, wanted, store).await {
                Ok(()) => return Ok(()),
                Err(problem) if problem.code == ErrorCode::Interrupted => return Err(problem),
                Err(problem) => self.context.report.warning(format!("GitHub: {}", problem.message)),
            }
        }
        Ok(())
    }

    async fn download(
        &self,
        target: &GitHubTarget,
        asset: &Asset,
        wanted: Wanted<'_>,
        store: &Store,
    ) -> Result<(), Problem> {
        let path = self.context.state.temp.join(format!("fetched-{}", wanted.name));
        let mut file = fs_err::File::create(&path).map_err(|error| locally(&error))?;
        let most = wanted.size.map_or(COMPARED_MAX, |size| size.saturating_add(1));
        let fetched = tokio::select! {
            fetched = target.client.download_asset(asset.id, Some(wanted.sha256), most, &mut file) => fetched,
            () = self.context.cancel.cancelled() => return Err(interrupted()),
        };
        fetched.map_err(|error| Problem::from_error(ErrorCode::IndexFailed, &error))?;
        drop(file);
        store.put_file(&path, wanted.sha256).map_err(|error| locally(&error))?;
        fs_err::remove_file(&path).map_err(|error| locally(&error))
    }
}

fn published(manifest: Manifest, commit: String) -> Published {
    let files = manifest.files.iter().map(|(name, entry)| (name.clone(), entry.sha256)).collect();
    let sizes: BTreeMap<String, u64> =
        manifest.files.iter().map(|(name, entry)| (name.clone(), entry.size)).collect();
    Published {
        version: manifest.version.clone(),
        commit,
        files,
        sizes,
        how: FROM_PAGE,
        frozen: Some(manifest),
    }
}
