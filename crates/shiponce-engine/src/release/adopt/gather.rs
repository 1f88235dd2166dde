//! The facts about published files: which there are, and what ties each of them to the commit.

use super::page;
use crate::github::GitHub;
use crate::observe::Seen;
use crate::project::git_problem;
use crate::python::interrupted;
use crate::release::Pipeline;
use crate::report::Say as _;
use crate::target::ReleaseTarget;
use futures_util::stream::{self, StreamExt as _};
use shiponce_api::Problem;
use shiponce_core::adopt::{Held, Tie};
use shiponce_core::observation::RemoteFile;
use shiponce_core::provenance::{Source, Untied, tied};
use shiponce_core::{DistFilename, Version};
use shiponce_index::{Observer, Provenance};
use std::collections::BTreeSet;

/// Readings under way at once. A release of a hundred files takes a few seconds, and no index is asked in a burst.
const AT_ONCE: usize = 8;

/// Files of the version by the kind of index that holds them.
#[derive(Debug, Default)]
pub(super) struct Shelves {
    pub(super) production: Vec<Held>,
    pub(super) elsewhere: Vec<Held>,
    /// The index of each file elsewhere, for people.
    labels: Vec<String>,
}

impl Shelves {
    /// Files elsewhere that are no part of the release, with their index.
    pub(super) fn strangers<'a>(
        &'a self,
        names: &'a BTreeSet<&str>,
    ) -> impl Iterator<Item = (&'a str, String)> + 'a {
        let named = self.labels.iter().zip(&self.elsewhere);
        let named = named.map(|(label, held)| (label.as_str(), held.filename.to_string()));
        named.filter(|(_, name)| !names.contains(name.as_str()))
    }
}

impl Pipeline<'_> {
    /// `None` when no production index holds anything of the version, and what is elsewhere cannot be known to be
    /// whole either.
    pub(super) async fn gather(
        &self,
        observer: &Observer,
        version: &Version,
        seen: &[Seen],
        expected: bool,
    ) -> Result<Option<Shelves>, Problem> {
        let (targets, context) = (&self.request.targets, self.context);
        let on = |production: bool| -> Vec<(&ReleaseTarget, &RemoteFile)> {
            let pairs =
                targets.iter().zip(seen).filter(move |(target, _)| target.is_production() == production);
            pairs
                .filter_map(|(target, seen)| Some((target, seen.listing()?)))
                .flat_map(|(target, listing)| listing.of_version(version).map(move |file| (target, file)))
                .collect()
        };
        let production = on(true);
        if production.is_empty() && !expected {
            return Ok(None);
        }
        let names: BTreeSet<&str> = production.iter().map(|(_, file)| file.filename.as_str()).collect();
        let mut elsewhere = on(false);
        // What production holds under a name is what the name means.
        elsewhere.retain(|(_, file)| !names.contains(file.filename.as_str()));
        let source = self.source().await?;
        let paged = match (self.page_seen(), &source) {
            (Some((_, sight)), Some(source)) => page::held(sight, &source.commit, version),
            _ => Vec::new(),
        };
        let read = async {
            let production = ties(observer, source.as_ref(), &paged, &production).await;
            let elsewhere = ties(observer, source.as_ref(), &paged, &elsewhere).await;
            (production, elsewhere)
        };
        let (production, found) = tokio::select! {
            found = read => found,
            () = context.cancel.cancelled() => return Err(interrupted()),
        };
        let mut shelves = Shelves { production, ..Shelves::default() };
        for ((target, _), held) in elsewhere.iter().zip(found) {
            if let (Tie::Unread { why }, false) = (&held.tie, target.core.required) {
                let name = &held.filename;
                context.report.warning(format!(
                    "{} is advisory and left out: it is not known where {name} comes from: {why}",
                    target.label
                ));
                continue;
            }
            shelves.labels.push(target.label.clone());
            shelves.elsewhere.push(held);
        }
        for held in paged {
            shelves.labels.push("GitHub".to_owned());
            shelves.elsewhere.push(held);
        }
        Ok(Some(shelves))
    }

    /// The commit that is released and the repository it is in; `None` outside of one.
    async fn source(&self) -> Result<Option<Source>, Problem> {
        let Some(checkout) = &self.checkout else { return Ok(None) };
        let origins = checkout.repository.remote_addresses("origin").await;
        let mut repositories = origins.map_err(|error| git_problem(&error))?;
        if let Some(GitHub::Page(target)) = &self.request.github {
            // The host of the API is that of the pages, but for the public service.
            let host = target.client.host();
            let host = host.strip_prefix("api.").unwrap_or(&host);
            repositories.push(format!("https://{host}/{}", target.repository()));
        }
        Ok(Some(Source { commit: checkout.commit.to_string(), repositories }))
    }
}

async fn ties(
    observer: &Observer,
    source: Option<&Source>,
    paged: &[Held],
    files: &[(&ReleaseTarget, &RemoteFile)],
) -> Vec<Held> {
    let one = |(target, file): &(&ReleaseTarget, &RemoteFile)| {
        let (index, file) = (target.index.clone(), (*file).clone());
        async move {
            let filename: DistFilename = file.filename.parse().ok()?;
            let same = |held: &Held| held.filename == filename && held.sha256 == file.sha256;
            // What our page of this commit holds needs no other proof.
            let tie =
                if paged.iter().any(same) { Tie::Tied } else { tie(observer, source, &index, &file).await };
            Some(Held { filename, sha256: file.sha256, tie })
        }
    };
    // Names that are no distributions are of no version and never get here.
    stream::iter(files.iter().map(one)).buffered(AT_ONCE).filter_map(std::future::ready).collect().await
}

async fn tie(
    observer: &Observer,
    source: Option<&Source>,
    index: &shiponce_index::Index,
    file: &RemoteFile,
) -> Tie {
    let Some(source) = source else { return Tie::Untied(Untied::NoSource) };
    let claims = match observer.provenance(index, file).await {
        Provenance::Claims(claims) => claims,
        Provenance::None => Vec::new(),
        Provenance::Unread { why } => return Tie::Unread { why },
    };
    tied(&file.filename, file.sha256, &claims, source).map_or_else(Tie::Untied, |()| Tie::Tied)
}
