//! The second place: before production hears anything, every file exists somewhere besides this machine.

use super::pipeline::Pipeline;
use crate::ci::Sought;
use crate::fetch::{Wanted, locally};
use crate::session::Session;
use shiponce_api::v1::StepStatus;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::observation::Observation;
use shiponce_core::plan::Plan;
use shiponce_core::{Manifest, Sha256};
use shiponce_store::Store;
use std::collections::BTreeSet;

/// What lets bytes out of an artifact be uploaded.
const FROM_RUN: &str = "a CI artifact of a run at this commit";

impl Pipeline<'_> {
    /// Refuses early, before a question and a test stage, what the second-place rule is bound to refuse later.
    pub(super) async fn second_places_to_come(&mut self, plan: &Plan) -> Result<(), Problem> {
        let test = self.request.targets.iter().any(|target| !target.is_production());
        if test || self.page_will_hold() { Ok(()) } else { self.ask_for_second_places(plan).await }
    }

    /// Every file that goes to production must exist somewhere else too.
    pub(super) async fn second_places(&mut self, plan: &Plan) -> Result<(), Problem> {
        self.ask_for_second_places(plan).await?;
        if !self.request.single_copy && self.goes_to_production(plan).next().is_some() {
            let artifacts: BTreeSet<&str> = self.on_run.values().map(String::as_str).collect();
            let places: String = artifacts.iter().map(|artifact| format!(": {artifact}")).collect();
            let detail = format!("every file is held by the store and by another place{places}");
            self.steps.note("second place", StepStatus::Done, detail);
        }
        Ok(())
    }

    /// Where a file has no second place, the artifacts of the run are looked at, and only then.
    async fn ask_for_second_places(&mut self, plan: &Plan) -> Result<(), Problem> {
        let manifest = &plan.manifest;
        let lacking: Vec<Wanted<'_>> =
            self.without_second_place(plan).filter_map(|name| wanted(manifest, name)).collect();
        if let (Some(run), false) = (&self.request.ci_run, lacking.is_empty()) {
            let held = run.holding(self.context, &self.sought(manifest, lacking)).await?;
            self.on_run.extend(held);
        }
        let first = self.without_second_place(plan).next();
        first.map_or(Ok(()), |name| Err(single_copy_problem().fact("file", name)))
    }

    /// Files that may be sent to production and that no second place is known to hold.
    fn without_second_place<'p>(&'p self, plan: &'p Plan) -> impl Iterator<Item = &'p str> {
        let held = |observation: &Observation| {
            matches!(observation, Observation::Identical { .. } | Observation::Yanked { .. })
        };
        let lacks = move |name: &&str| {
            let name = *name;
            let on_stage = self.reports.values().any(|report| report.observation(name).is_some_and(held));
            let elsewhere =
                self.request.targets.iter().any(|target| {
                    plan.cell(&target.core.name, name).is_some_and(|cell| held(&cell.observation))
                });
            let digest = plan.manifest.files.get(name).map(|entry| entry.sha256);
            let on_run = digest.is_some_and(|digest| self.on_run.contains_key(&digest));
            !on_stage && !elsewhere && !on_run && !self.page.holds(name)
        };
        self.goes_to_production(plan).filter(move |name| !self.request.single_copy && lacks(name))
    }

    /// Names of files that may be sent to a production index.
    fn goes_to_production<'p>(&'p self, plan: &'p Plan) -> impl Iterator<Item = &'p str> {
        let production = self.request.targets.iter().filter(|target| target.is_production());
        let cells = production.flat_map(|target| plan.cells_of(&target.core.name));
        cells.filter(|(_, cell)| cell.action.may_send()).map(|(name, _)| name)
    }

    /// Fetches frozen files that no index and no page gave from the artifacts of the run.
    ///
    /// # Errors
    /// When the disk fails; `interrupted`.
    pub(super) async fn fetch_from_run(
        &self,
        store: &Store,
        manifest: &Manifest,
        names: &[String],
    ) -> Result<FromRun, Problem> {
        let Some(run) = &self.request.ci_run else { return Ok(FromRun::default()) };
        let mut files = Vec::new();
        for file in names.iter().filter_map(|name| wanted(manifest, name)) {
            if !store.contains(file.sha256).map_err(|error| locally(&error))? {
                files.push(file);
            }
        }
        if files.is_empty() {
            return Ok(FromRun::default());
        }
        run.fetch(self.context, &self.sought(manifest, files), store).await.map(FromRun)
    }

    fn sought<'s>(&'s self, manifest: &Manifest, files: Vec<Wanted<'s>>) -> Sought<'s> {
        let commit = self.checkout.as_ref().map(|checkout| checkout.commit.as_str());
        Sought { commit, files, release_bytes: manifest.files.values().map(|entry| entry.size).sum() }
    }
}

/// Digests of files that the artifacts of the run gave.
#[derive(Debug, Default)]
pub(super) struct FromRun(Vec<Sha256>);

impl FromRun {
    /// Records where they come from. No ledger can change what a job of the run has uploaded.
    pub(super) fn hand_over(&self, session: &Session<'_>, manifest: &Manifest) -> Result<(), Problem> {
        let mut given = manifest.clone();
        given.assets.clear();
        given.files.retain(|_, entry| self.0.contains(&entry.sha256));
        if given.files.is_empty() { Ok(()) } else { session.hand_over(&given, FROM_RUN) }
    }
}

fn wanted<'m>(manifest: &'m Manifest, name: &'m str) -> Option<Wanted<'m>> {
    let entry = manifest.files.get(name)?;
    // What is known only from a page of an index may be of unknown size.
    Some(Wanted { name, sha256: entry.sha256, size: Some(entry.size).filter(|size| *size > 0) })
}

/// Bytes that exist once must not go to production.
pub(super) fn single_copy_problem() -> Problem {
    Problem::new(
        ErrorCode::SingleCopy,
        "the files would go to production with no second place that holds them",
    )
    .note("Nothing was uploaded by this run.")
    .hint("configure a test index ([index.testpypi] role = \"test\") or a release page ([github])")
    .hint(
        "or, in GitHub Actions, upload the files with actions/upload-artifact first, then release --skip-build in the \
         same run, with permissions: actions: read",
    )
    .hint("or accept it with --single-copy")
}
