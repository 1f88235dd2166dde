//! A release that this user's ledger has frozen: its bytes from the store, or from any place that holds them.

use super::taken;
use crate::bytes::{from_store, open_all, open_store, payloads};
use crate::fetch::Wanted;
use crate::observe::Seen;
use crate::problem::bytes_missing;
use crate::release::Pipeline;
use crate::release::prepare::Prepared;
use crate::report::Say as _;
use crate::session::Session;
use shiponce_api::v1::StepStatus;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::Manifest;
use shiponce_store::Store;

impl Pipeline<'_> {
    /// A tag that moved shows as a frozen release of another commit. Files that were frozen without a commit came from
    /// `publish`: they may be any part of the release, built from anything, so they are not what this commit builds.
    pub(in crate::release) fn check_frozen_commit(&self, frozen: &Manifest) -> Result<(), Problem> {
        let here = self.checkout.as_ref().map(|checkout| checkout.commit.as_str());
        match (&frozen.commit, here) {
            (Some(before), Some(now)) if before != now => Err(Problem::new(
                ErrorCode::MovedTag,
                format!("{} {} was frozen from another commit", frozen.project, frozen.version),
            )
            .fact("frozen", before.clone())
            .fact("here", now.to_owned())
            .note("Nothing was uploaded by this run.")
            .hint("check that commit out to finish the release, or release a new version from this one")),
            (None, Some(now)) => Err(Problem::new(
                ErrorCode::UnprovenSource,
                format!(
                    "{} {} was frozen from files that were given, not from a commit",
                    frozen.project, frozen.version
                ),
            )
            .fact("here", now.to_owned())
            .note("They may not be what this commit builds; nothing was built or uploaded.")
            .hint("to release exactly those files: --skip-build --dist-dir DIR, or shiponce publish FILES")
            .hint("or release a new version")),
            _ => Ok(()),
        }
    }

    /// Uses frozen bytes: from the store, else from a place that lists exactly this digest.
    pub(in crate::release) async fn adopt(
        &mut self,
        session: &Session<'_>,
        frozen: &Manifest,
        seen: &[Seen],
    ) -> Result<Prepared, Problem> {
        let store = open_store(self.context)?;
        let folder = self.context.state.temp.join("frozen");
        let (_, missing) = from_store(self.context, &store, frozen, &folder)?;
        if !missing.is_empty() {
            self.look_at_page(&session.ledger, None).await?;
        }
        for name in &missing {
            let Some(entry) = frozen.files.get(name) else { continue };
            let wanted = Wanted { name, sha256: entry.sha256, size: Some(entry.size) };
            self.fetch(&store, wanted, seen).await?;
        }
        let from_run = self.fetch_from_run(&store, frozen, &missing).await?;
        let (paths, missing) = from_store(self.context, &store, frozen, &folder)?;
        if let Some(name) = missing.first() {
            return Err(bytes_missing(name, &taken(seen)));
        }
        let files = open_all(&paths)?;
        session.begin_press(&frozen.version, frozen.commit.as_deref(), self.request.command)?;
        from_run.hand_over(session, frozen)?;
        self.manifest = Some(frozen.clone());
        let detail = format!("{} frozen before, nothing built", crate::problem::files(files.len()));
        self.context.report.info(format!("{} {}: {detail}", frozen.project, frozen.version));
        self.steps.note("build", StepStatus::Skipped, detail);
        Ok(Prepared { manifest: frozen.clone(), payloads: payloads(&store, &files)?, files, store })
    }

    /// Fetches a file by its digest from the first place that lists it and gives the bytes; nothing when none does.
    pub(super) async fn fetch(
        &self,
        store: &Store,
        wanted: Wanted<'_>,
        seen: &[Seen],
    ) -> Result<(), Problem> {
        for (target, seen) in self.request.targets.iter().zip(seen) {
            let listed = seen.listing().and_then(|listing| listing.files.get(wanted.name));
            let Some(url) =
                listed.filter(|file| file.sha256 == Some(wanted.sha256)).and_then(|file| file.url.clone())
            else {
                continue;
            };
            self.context.report.info(format!("Fetching {} from {} by its digest", wanted.name, target.label));
            match crate::fetch::into_store(self.context, &target.index, &url, wanted, store).await {
                Ok(()) => return Ok(()),
                Err(problem) if problem.code == ErrorCode::Interrupted => return Err(problem),
                Err(problem) => self.context.report.warning(format!("{}: {}", target.label, problem.message)),
            }
        }
        self.fetch_from_page(store, wanted).await
    }

    /// What an earlier press froze beside the files in hand.
    pub(in crate::release) fn adopt_rest(
        &self,
        manifest: Manifest,
        store: Store,
        seen: &[Seen],
    ) -> Result<Prepared, Problem> {
        let folder = self.context.state.temp.join("frozen");
        let (paths, missing) = from_store(self.context, &store, &manifest, &folder)?;
        if let Some(name) = missing.first() {
            return Err(bytes_missing(name, &taken(seen)));
        }
        let files = open_all(&paths)?;
        Ok(Prepared { manifest, payloads: payloads(&store, &files)?, files, store })
    }
}
