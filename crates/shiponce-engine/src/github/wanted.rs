//! What the page shall show: the manifest's files, what goes to the page alone, and the manifest itself.

use super::sight::Sight;
use super::target::GitHubTarget;
use crate::table::manifest_digest;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::forge::{MANIFEST_ASSET, Marker, Wanted, WantedAsset, same_name};
use shiponce_core::{Manifest, Sha256};
use std::collections::BTreeSet;

/// The largest manifest that is read from a draft.
const MANIFEST_MAX: u64 = 16 << 20;

/// The page as it shall be, with the text of its manifest.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) wanted: Wanted,
    /// The bytes of [`MANIFEST_ASSET`].
    pub(crate) manifest: String,
}

/// The wish of a frozen release.
///
/// # Errors
/// `config-invalid` when two names become one at GitHub.
pub(crate) fn wish(manifest: &Manifest, commit: &str, extends: BTreeSet<Sha256>) -> Result<Wish, Problem> {
    let text = manifest.to_value().to_canonical();
    let digest = manifest_digest(manifest);
    let own = WantedAsset { size: text.len() as u64, sha256: digest };
    let files = manifest
        .files
        .iter()
        .map(|(name, entry)| (name.clone(), WantedAsset { size: entry.size, sha256: entry.sha256 }));
    let assets = manifest
        .assets
        .iter()
        .map(|(name, entry)| (name.clone(), WantedAsset { size: entry.size, sha256: entry.sha256 }));
    let all: Vec<(String, WantedAsset)> =
        files.chain(assets).chain([(MANIFEST_ASSET.to_owned(), own)]).collect();
    for (at, (name, _)) in all.iter().enumerate() {
        if let Some((other, _)) = all[..at].iter().find(|(other, _)| same_name(other, name)) {
            let message = format!("{other} and {name} have one name on GitHub");
            return Err(Problem::new(ErrorCode::ConfigInvalid, message)
                .note("Nothing was uploaded by this run.")
                .hint("rename one of the files that [github] assets names"));
        }
    }
    let marker = Marker { manifest: digest, commit: commit.to_owned() };
    let wanted = Wanted { marker, extends, assets: all.into_iter().collect() };
    Ok(Wish { wanted, manifest: text })
}

/// Digests of manifests on pages of this commit that `manifest` extends: their names are all in it, with their bytes. The
/// manifest of a page is believed only with the digest its marker names.
///
/// # Errors
/// When a page's manifest cannot be fetched.
pub(crate) async fn extends(
    target: &GitHubTarget,
    sight: &Sight,
    manifest: &Manifest,
    commit: &str,
) -> Result<BTreeSet<Sha256>, Problem> {
    let own = manifest_digest(manifest);
    let mut found = BTreeSet::new();
    for page in sight.pages.values() {
        let Some(marker) = Marker::find(&page.body) else { continue };
        if marker.commit != commit || marker.manifest == own {
            continue;
        }
        if let Some(older) = fetch_manifest(target, page, marker.manifest).await?
            && older.merge(manifest).is_ok_and(|merged| merged.manifest == *manifest)
        {
            found.insert(marker.manifest);
        }
    }
    Ok(found)
}

/// The manifest that a page holds, if it holds the one with this digest.
///
/// # Errors
/// When it cannot be fetched.
pub(crate) async fn fetch_manifest(
    target: &GitHubTarget,
    page: &shiponce_forge::Release,
    digest: Sha256,
) -> Result<Option<Manifest>, Problem> {
    let is_manifest = |asset: &&shiponce_forge::Asset| {
        asset.name == MANIFEST_ASSET && asset.state == shiponce_forge::AssetState::Uploaded
    };
    let Some(asset) = page.assets.iter().find(is_manifest) else { return Ok(None) };
    if asset.digest.is_some_and(|there| there != digest) || asset.size > MANIFEST_MAX {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let fetched = target.client.download_asset(asset.id, None, MANIFEST_MAX, &mut bytes).await;
    let fetched = fetched.map_err(|error| Problem::from_error(ErrorCode::TargetUnobserved, &error))?;
    if fetched.sha256 != digest {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(shiponce_ledger::parse_manifest(&text).ok())
}
