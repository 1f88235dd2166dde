//! Reading what GitHub shows about one tag.

use super::target::GitHubTarget;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::forge::{Asset, AssetState, Marker, Release, TagState, View};
use shiponce_forge::{Error, Release as Page};
use std::collections::BTreeMap;
use std::time::Duration;

/// Assets a page shows of itself before their own list is asked: GitHub pages lists by 30.
const ASSETS_ON_PAGE: usize = 30;

/// What GitHub said.
#[derive(Debug, Clone)]
pub(crate) struct Sight {
    /// For decisions.
    pub(crate) view: View,
    /// The pages of the tag as GitHub shows them.
    pub(crate) pages: BTreeMap<u64, Page>,
    /// Tags of all public pages that are no pre-releases.
    pub(crate) published: Vec<String>,
    /// Why it could not be read.
    pub(crate) failure: Option<Failure>,
}

/// A reading that failed.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    /// For people.
    pub(crate) problem: Problem,
    /// Whether it may pass by itself.
    pub(crate) may_pass: bool,
    /// How long GitHub asks to wait.
    pub(crate) wait: Option<Duration>,
}

/// Reads every page of `tag` and the tag itself. `known` are pages the ledger knows and that may still change: the list
/// lags behind them, so they are read by their number.
pub(crate) async fn read_page(target: &GitHubTarget, tag: &str, known: &[u64]) -> Sight {
    match try_reading(target, tag, known).await {
        Ok(sight) => sight,
        Err(error) => unread(target, &error),
    }
}

async fn try_reading(target: &GitHubTarget, tag: &str, known: &[u64]) -> Result<Sight, Error> {
    let client = &target.client;
    let all = client.releases().await?;
    let is_newest = |page: &&Page| !page.draft && !page.prerelease;
    let published = all.iter().filter(is_newest).map(|page| page.tag.clone()).collect();
    let mut pages: BTreeMap<u64, Page> =
        all.into_iter().filter(|page| page.tag == tag).map(|page| (page.id, page)).collect();
    for id in known {
        match client.release(*id).await? {
            Some(page) if page.tag == tag => pages.insert(*id, page),
            _ => pages.remove(id),
        };
    }
    if pages.values().all(|page| page.draft)
        && let Some(page) = client.release_by_tag(tag).await?
    {
        pages.insert(page.id, page);
    }
    for page in pages.values_mut().filter(|page| page.assets.len() >= ASSETS_ON_PAGE) {
        page.assets = client.assets(page.id).await?;
    }
    let tag = client.tag_commit(tag).await?.map_or(TagState::Missing, TagState::On);
    let view = View::Seen { releases: pages.values().map(release).collect(), tag };
    Ok(Sight { view, pages, published, failure: None })
}

fn unread(target: &GitHubTarget, error: &Error) -> Sight {
    let mut problem = Problem::from_error(ErrorCode::TargetUnobserved, error)
        .note("Nothing was uploaded by this run.")
        .hint("press again when GitHub answers, or leave the page out: --skip-github");
    if let Error::Unauthenticated { .. } | Error::Token { .. } = error {
        problem.code = ErrorCode::AuthRefused;
        problem.hints =
            vec![format!("check the token for {}, or log in: gh auth login", target.client.host())];
    } else if let Some(hint) = error.hint() {
        problem.hints = vec![hint.to_owned(), "or leave the page out: --skip-github".to_owned()];
    }
    let mut why = vec![problem.message.clone()];
    why.extend(problem.causes.iter().cloned());
    Sight {
        view: View::Unobserved { why: why.join(": ") },
        pages: BTreeMap::new(),
        published: Vec::new(),
        failure: Some(Failure { problem, may_pass: error.may_pass(), wait: error.wait() }),
    }
}

/// A page as decisions see it.
pub(super) fn release(page: &Page) -> Release {
    Release {
        id: page.id,
        draft: page.draft,
        immutable: page.immutable,
        marker: Marker::find(&page.body),
        assets: page.assets.iter().map(asset).collect(),
    }
}

/// An asset as decisions see it.
pub(super) fn asset(asset: &shiponce_forge::Asset) -> Asset {
    let state = match asset.state {
        shiponce_forge::AssetState::Uploaded => AssetState::Uploaded,
        shiponce_forge::AssetState::Starter => AssetState::Starter,
    };
    Asset {
        id: asset.id,
        name: asset.name.clone(),
        label: asset.label.clone(),
        state,
        size: asset.size,
        digest: asset.digest,
    }
}
