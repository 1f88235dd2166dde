//! Getting the bytes: adopt what is frozen, take what is in a folder, or build.

use super::pipeline::Pipeline;
use super::second_place::single_copy_problem;
use super::{Expectation, Input, ReleaseRequest};
use crate::build::{BuildOptions, Legs, build_sound};
use crate::bytes::{Looked, belong_together, manifest_of, open_store, payloads, store_all};
use crate::github::{add_extras, store_extras};
use crate::observe::Seen;
use crate::planning::{make_plan, stops_before_writing};
use crate::project::{GitRules, check_git};
use crate::repack::repack_built;
use crate::report::Say as _;
use crate::session::{Session, ledger_problem};
use crate::stage::Payload;
use crate::table::planned_rows;
use shiponce_api::v1::StepStatus;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::canonical::Value;
use shiponce_core::{Manifest, Sha256, Version, VersionSuffix};
use shiponce_dist::{Distribution, agree};
use shiponce_store::Store;
use std::collections::BTreeMap;

/// The release in hand.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) manifest: Manifest,
    pub(super) files: Vec<Distribution>,
    pub(super) payloads: BTreeMap<String, Payload>,
    pub(super) store: Store,
}

/// The digest of what decides how the bytes come out.
pub(crate) fn inputs_of(request: &ReleaseRequest) -> Option<Sha256> {
    match &request.input {
        Input::Build(options) => {
            let variant = request.tag.variant.as_deref();
            Some(inputs_digest(options, variant, &request.expect, request.suffix))
        }
        Input::Folder(_) => None,
    }
}

fn inputs_digest(
    options: &BuildOptions,
    variant: Option<&str>,
    expect: &Expectation,
    suffix: Option<VersionSuffix>,
) -> Sha256 {
    let pairs = [("build", options.to_value()), ("schema", Value::text("shiponce-inputs/1"))];
    let variant = variant.map(|variant| ("variant", Value::text(variant)));
    let expected = expect.to_value().map(|expected| ("expected", expected));
    let suffix = suffix.map(|suffix| ("suffix", Value::text(suffix.to_string())));
    let value = Value::object(pairs.into_iter().chain(variant).chain(expected).chain(suffix));
    crate::digest::sha256_of(value.to_canonical().as_bytes())
}

/// Tag and pyproject must agree before anything is built.
///
/// # Errors
/// `version-mismatch` naming both.
pub(crate) fn check_version(request: &ReleaseRequest, tagged: &[Version]) -> Result<(), Problem> {
    let Some(stated) = request.stated_version()? else { return Ok(()) };
    if tagged.is_empty() || tagged.contains(&stated) {
        return Ok(());
    }
    version_agreement(None, Some(&stated), tagged.first()).map(drop)
}

fn version_agreement(
    built: Option<&Version>,
    declared: Option<&Version>,
    tag: Option<&Version>,
) -> Result<Version, Problem> {
    agree(built, declared, tag).map_err(|error| {
        Problem::from_error(ErrorCode::VersionMismatch, &error)
            .note("Nothing was uploaded by this run.")
            .hint(
                "make them equal, commit, and tag that commit; a tag is never moved, so use the next version",
            )
    })
}

impl Pipeline<'_> {
    /// The files, checked, stored, vouched for and frozen.
    pub(super) async fn prepare(
        &mut self,
        session: &Session<'_>,
        seen: &[Seen],
    ) -> Result<Prepared, Problem> {
        let frozen = self.frozen(session)?;
        match &frozen {
            _ if self.takes_folder() => {}
            Some(frozen) => {
                self.check_frozen_commit(frozen)?;
                if frozen.inputs.is_none() || frozen.inputs == inputs_of(self.request) {
                    return self.adopt(session, frozen, seen).await;
                }
            }
            None => {
                let published = self.published(&session.ledger, &session.observer, seen).await?;
                if let Some(published) = published {
                    return self.take_published(session, &published, seen).await;
                }
                self.forget_page();
            }
        }
        let (looked, how) = match &self.request.input {
            Input::Folder(folder) => {
                self.steps.reach("check");
                self.context.report.info(format!("Taking the files in {}", folder.display()));
                (
                    Looked::at(&self.request.files_in(folder)?, &self.request.targets)?,
                    "given with --skip-build",
                )
            }
            Input::Build(options) => {
                self.may_build()?;
                (self.build(options).await?, "built")
            }
        };
        let looked = self.under_suffix(looked)?;
        self.take_in(session, looked, how, seen).await
    }

    /// The files under the suffixed version, when one was asked for. Files that have it already stay as they are.
    pub(super) fn under_suffix(&mut self, looked: Looked) -> Result<Looked, Problem> {
        let Some(suffix) = self.request.suffix else { return Ok(looked) };
        let (ready, old): (Vec<_>, Vec<_>) =
            looked.files.iter().partition(|file| self.version.as_ref() == Some(file.filename.version()));
        if old.is_empty() {
            return Ok(looked);
        }
        let old: Vec<_> = old.into_iter().map(|file| file.path.clone()).collect();
        let out = self.context.state.temp.join("repacked");
        let mut paths = repack_built(self.context.report.as_ref(), &old, suffix, &out)?;
        paths.extend(ready.into_iter().map(|file| file.path.clone()));
        let looked = Looked::at(&paths, &self.request.targets)?;
        self.steps.note("repack", StepStatus::Done, looked.names());
        Ok(looked)
    }

    fn frozen(&self, session: &Session<'_>) -> Result<Option<Manifest>, Problem> {
        let Some(version) = &self.version else { return Ok(None) };
        session.ledger.manifest(&self.request.project, version).map_err(|error| ledger_problem(&error))
    }

    /// Reasons not to build, found before minutes are spent on it.
    pub(super) fn may_build(&self) -> Result<(), Problem> {
        let request = self.request;
        let production = request.targets.iter().any(crate::target::ReleaseTarget::is_production);
        let test = request.targets.iter().any(|target| !target.is_production());
        if production && !test && !request.single_copy && !self.page_will_hold() {
            return Err(single_copy_problem());
        }
        Ok(())
    }

    async fn build(&mut self, options: &BuildOptions) -> Result<Looked, Problem> {
        self.tell_of_credentials();
        let temp = self.context.state.temp.join("build");
        let legs = Legs {
            context: self.context,
            options,
            legs: &self.request.legs,
            sdist: true,
            max_jobs: self.request.max_jobs,
            workshop: &self.workshop,
            temp: &temp,
            project: &self.request.project_dir,
            checkout: self.checkout.as_ref(),
        };
        let looked = build_sound(&legs, &self.request.targets).await?;
        self.context.report.success(format!("Built {}", looked.names()));
        self.steps.note("build", StepStatus::Done, looked.names());
        Ok(looked)
    }

    /// Checks new files, then makes them the release: stored, handed over, frozen.
    async fn take_in(
        &mut self,
        session: &Session<'_>,
        looked: Looked,
        how: &str,
        seen: &[Seen],
    ) -> Result<Prepared, Problem> {
        let request = self.request;
        self.steps.reach("check");
        let files = &looked.files;
        let built = belong_together(
            files,
            &request.project,
            if self.takes_folder() { self.version.as_ref() } else { None },
        )
        .map_err(|problem| request.foreign(problem))?;
        let tag = self.tagged_version();
        let version = version_agreement(Some(&built), request.stated_version()?.as_ref(), tag.as_ref())?;
        if self.version.is_none() {
            // Only now is it known which tag the release must be at.
            let tags = self.checkout.as_ref().map(|checkout| checkout.tags.as_slice()).unwrap_or_default();
            let tag = request.tag.tag_of(&version, tags);
            let production = request.targets.iter().any(crate::target::ReleaseTarget::is_production);
            let rules = GitRules { allow_dirty: request.allow_dirty, tag: Some(&tag), production };
            check_git(self.context, self.checkout.as_ref(), &rules).await?;
        }
        let names: Vec<_> = files.iter().map(|file| file.filename.clone()).collect();
        request.expect.check(&names, &version, &request.targets, seen)?;
        let remarks = looked.judge(self.context)?;
        let files = looked.files;
        self.steps.note("check", StepStatus::Done, format!("{} files, {remarks} remarks", files.len()));
        self.steps.reach("freeze");
        self.version = Some(version.clone());
        let commit = self.checkout.as_ref().map(|checkout| checkout.commit.to_string());
        let mut manifest = manifest_of(&files, &request.project, &version, commit, inputs_of(request));
        let extras = self.page_extras()?;
        add_extras(&mut manifest, &extras)?;
        session.begin_press(&version, manifest.commit.as_deref(), request.command)?;
        // Bytes that an index contradicts must not be frozen: the true ones could never be resumed afterwards.
        let (plan, seen) = make_plan(session, &request.targets, &manifest, seen.to_vec()).await?;
        self.files = planned_rows(&plan);
        stops_before_writing(self.context, session, &request.targets, &plan, &seen)?;
        self.page_allows(session, &manifest).await?;
        let store = open_store(self.context)?;
        store_all(self.context, &store, &files)?;
        store_extras(&store, &extras)?;
        session.hand_over(&manifest, how)?;
        let manifest = session.freeze(&manifest)?;
        self.steps.note("freeze", StepStatus::Done, format!("{} files", manifest.files.len()));
        self.manifest = Some(manifest.clone());
        if manifest.files.len() > files.len() {
            // Names that an earlier press froze belong to the release too.
            return self.adopt_rest(manifest, store, &seen);
        }
        Ok(Prepared { manifest, payloads: payloads(&store, &files)?, files, store })
    }

    fn tagged_version(&self) -> Option<Version> {
        let tags = self.checkout.as_ref().map(|checkout| checkout.tags.as_slice()).unwrap_or_default();
        let versions: Vec<Version> = tags.iter().filter_map(|tag| self.request.tag.parse(tag)).collect();
        let wanted = self.version.as_ref().filter(|version| versions.contains(version));
        wanted.cloned().or_else(|| versions.first().cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_changes_the_digest_and_nothing_else_does() {
        let options = BuildOptions::default();
        let of = |variant, suffix: Option<&str>| {
            let suffix = suffix.map(|text| text.parse().unwrap());
            inputs_digest(&options, variant, &Expectation::Anything, suffix)
        };
        let all = [of(None, None), of(Some("gpu"), None), of(None, Some(".post1")), of(None, Some(".post2"))];
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        assert_eq!(of(None, Some(".post1")), all[2]);
    }
}
