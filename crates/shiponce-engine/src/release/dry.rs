//! `plan` and `--dry-run`: every read, no write, no build.

use super::Input;
use super::pipeline::Pipeline;
use super::prepare::inputs_of;
use crate::bytes::{Looked, belong_together, manifest_of};
use crate::dry::show_plan;
use crate::observe::Seen;
use crate::planning::{reason, stops_unread};
use crate::report::Say as _;
use crate::session::ledger_problem;
use crate::table::state;
use shiponce_api::Problem;
use shiponce_api::v1::{Action as Doing, FileRow, Outcome, StepStatus, TargetCell};
use shiponce_core::Manifest;
use shiponce_core::observation::{Observation, View};
use shiponce_core::plan::Cell;
use shiponce_index::Observer;
use shiponce_ledger::Ledger;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the bytes without building.
enum Known {
    /// They are at hand, or frozen.
    Bytes(Box<Manifest>),
    /// They were frozen from other inputs.
    OtherInputs,
    /// Nothing.
    Nothing,
}

impl Pipeline<'_> {
    /// What a release would do now.
    pub(super) async fn plan_dry(
        &mut self,
        ledger: &Ledger,
        observer: &Observer,
        seen: &[Seen],
    ) -> Result<Outcome, Problem> {
        let (known, refused) = match self.bytes_in_sight(ledger)? {
            Known::Bytes(manifest) => (Some(*manifest), None),
            Known::OtherInputs => (None, None),
            Known::Nothing => match self.published(ledger, observer, seen).await {
                Ok(published) => (published.map(|found| found.manifest(&self.request.project)), None),
                Err(problem) => (None, Some(problem)),
            },
        };
        match known {
            Some(manifest) => self.plan_known(ledger, &manifest, seen).await,
            None => self.plan_unbuilt(seen, refused),
        }
    }

    /// The manifest, as far as it is known without building: from a folder, or frozen by an earlier press.
    fn bytes_in_sight(&mut self, ledger: &Ledger) -> Result<Known, Problem> {
        let request = self.request;
        if let Input::Folder(folder) = &request.input {
            let looked = self.under_suffix(Looked::at(&request.files_in(folder)?, &request.targets)?)?;
            let version = belong_together(&looked.files, &request.project, self.version.as_ref())?;
            looked.judge(self.context)?;
            let commit = self.checkout.as_ref().map(|checkout| checkout.commit.to_string());
            self.version = Some(version.clone());
            let manifest = manifest_of(&looked.files, &request.project, &version, commit, None);
            return Ok(Known::Bytes(Box::new(manifest)));
        }
        let Some(version) = &self.version else { return Ok(Known::Nothing) };
        let frozen = ledger.manifest(&request.project, version).map_err(|error| ledger_problem(&error))?;
        let Some(frozen) = frozen else { return Ok(Known::Nothing) };
        self.check_frozen_commit(&frozen)?;
        let same = frozen.inputs.is_none() || frozen.inputs == inputs_of(request);
        Ok(if same { Known::Bytes(Box::new(frozen)) } else { Known::OtherInputs })
    }

    async fn plan_known(
        &mut self,
        ledger: &Ledger,
        manifest: &Manifest,
        seen: &[Seen],
    ) -> Result<Outcome, Problem> {
        let shown = show_plan(self.context, ledger, &self.request.targets, manifest, seen)?;
        self.files = shown.files;
        self.manifest = Some(manifest.clone());
        self.steps.note("build", StepStatus::Skipped, "the bytes are known");
        self.plan_page(ledger, None, manifest).await?;
        if shown.verdict.is_ok() {
            self.provenance(&shown.plan, seen)?;
        }
        match shown.verdict {
            Ok(Outcome::NothingToDo) if self.page_has_work() => Ok(Outcome::Changes),
            verdict => verdict,
        }
    }

    /// Before a build only the presence of the version is known; digests come after it.
    /// `refused` is why what is there cannot be built beside.
    fn plan_unbuilt(&mut self, seen: &[Seen], refused: Option<Problem>) -> Result<Outcome, Problem> {
        let request = self.request;
        self.steps.note(
            "build",
            StepStatus::Planned,
            "digests are known after the build; this plan cannot be applied",
        );
        let version = self
            .version
            .as_ref()
            .map_or_else(|| "(version known after build)".to_owned(), ToString::to_string);
        self.context.report.info(format!("Plan for {} {version}: build, then", request.project));
        let mut names = BTreeSet::new();
        for (target, seen) in request.targets.iter().zip(seen) {
            let there: Vec<String> = match (seen.listing(), &self.version) {
                (Some(listing), Some(version)) => {
                    listing.of_version(version).map(|file| file.filename.clone()).collect()
                }
                _ => Vec::new(),
            };
            let what = match (&seen.view, there.len()) {
                (View::Unobserved { why }, _) => format!("not known: {why}"),
                (View::Listed(_), 0) => "nothing there, upload what the build makes".to_owned(),
                (View::Listed(_), count) => format!("{count} files there: {}", there.join(", ")),
            };
            self.context.report.info(format!("  {} ({}): {what}", target.label, target.core.host));
            names.extend(there);
        }
        self.say_page_unbuilt();
        self.files = names.iter().map(|name| self.unbuilt_row(name, seen)).collect();
        self.unbuilt_problem(seen, refused).map_or(Ok(Outcome::Changes), Err)
    }

    fn unbuilt_row(&self, name: &str, seen: &[Seen]) -> FileRow {
        let mut targets = BTreeMap::new();
        for (target, seen) in self.request.targets.iter().zip(seen) {
            let observation = match &seen.view {
                View::Unobserved { why } => Observation::Unobserved { why: why.clone() },
                View::Listed(listing) if listing.files.contains_key(name) => Observation::BytesUnknown,
                View::Listed(_) => Observation::Absent,
            };
            let action = shiponce_core::decide::Action::Reobserve;
            let cell = Cell { observation, action };
            let reason = match &cell.observation {
                Observation::BytesUnknown => "there; compared after the build".to_owned(),
                _ => reason(&cell),
            };
            targets.insert(
                target.core.name.clone(),
                TargetCell { state: state(&cell.observation), action: Doing::Wait, reason },
            );
        }
        FileRow { filename: name.to_owned(), sha256: None, size: None, targets }
    }

    /// What a press would refuse before building.
    fn unbuilt_problem(&self, seen: &[Seen], refused: Option<Problem>) -> Option<Problem> {
        let unread = stops_unread(&self.request.targets, seen);
        unread.and(refused.map_or(Ok(()), Err)).and_then(|()| self.may_build()).err()
    }
}
