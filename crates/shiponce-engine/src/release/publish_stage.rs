//! The test stage of the pipeline, and what else comes before production.

use super::pipeline::{Pipeline, Ready};
use super::prepare::Prepared;
use crate::build::interpreters;
use crate::bytes::{from_store, installables};
use crate::install::{Place, Verdict, VerifyOptions, verify_all};
use crate::observe::Seen;
use crate::report::Say as _;
use crate::session::Session;
use crate::stages::{Incomplete, Stages, Traces};
use crate::target::ReleaseTarget;
use shiponce_api::Problem;
use shiponce_api::v1::StepStatus;

impl Pipeline<'_> {
    /// Everything that leads up to production and may keep it from hearing anything.
    pub(super) async fn before_production(
        &mut self,
        session: &Session<'_>,
        stages: &Stages<'_>,
        ready: &Ready,
    ) -> Result<(), Problem> {
        self.steps.reach("test");
        self.test_stage(stages, &ready.prepared, &ready.seen).await?;
        self.steps.reach("github draft");
        self.assemble_page(session, &ready.prepared).await?;
        self.steps.reach("second place");
        self.second_places(&ready.plan).await
    }

    /// Uploads to every test index, then installs from there. Without one, the local bytes are installed.
    pub(super) async fn test_stage(
        &mut self,
        stages: &Stages<'_>,
        prepared: &Prepared,
        seen: &[Seen],
    ) -> Result<(), Problem> {
        let mut verified = false;
        let request = self.request;
        for (target, seen) in request.targets.iter().zip(seen).filter(|(target, _)| !target.is_production()) {
            match self.one_test_index(stages, prepared, target, seen).await {
                Ok(()) => verified = true,
                Err(Incomplete { problem, halts }) if target.core.required || halts => return Err(problem),
                Err(Incomplete { problem, .. }) => {
                    let line = format!("{} is advisory and left out: {}", target.label, problem.message);
                    self.context.report.warning(line);
                    let name = format!("test {}", target.core.name);
                    self.steps.note(&name, StepStatus::Warning, problem.message);
                }
            }
        }
        if verified {
            return Ok(());
        }
        if request.targets.iter().any(|target| !target.is_production()) {
            self.context.report.info("No test index holds the files; verifying them from the local store");
        }
        let folder = self.context.state.temp.join("frozen");
        let (paths, _) = from_store(self.context, &prepared.store, &prepared.manifest, &folder)?;
        let address = |file: &shiponce_dist::Distribution| {
            let name = file.filename.to_string();
            let path =
                paths.iter().find(|path| path.file_name().is_some_and(|found| found == name.as_str()))?;
            url::Url::from_file_path(path).ok().map(String::from)
        };
        self.install(stages.session, prepared, Place::open("the local files"), address).await
    }

    async fn one_test_index(
        &mut self,
        stages: &Stages<'_>,
        prepared: &Prepared,
        target: &ReleaseTarget,
        seen: &Seen,
    ) -> Result<(), Incomplete> {
        let mut traces = Traces { steps: &mut self.steps, reports: &mut self.reports };
        stages.one(&mut traces, target, seen).await?;
        let listing = self.reports.get(&target.core.name).and_then(|report| report.listing.clone());
        let address = |file: &shiponce_dist::Distribution| {
            listing.as_ref()?.files.get(&file.filename.to_string())?.url.clone()
        };
        let installed = self.install(stages.session, prepared, Place::of(target), address).await;
        // Files that do not install from an advisory index would not install from production either.
        installed.map_err(|problem| Incomplete { problem, halts: true })
    }

    /// The gate: every file checked, every runnable tag installed, the sdist built.
    async fn install(
        &mut self,
        session: &Session<'_>,
        prepared: &Prepared,
        place: Place<'_>,
        address: impl Fn(&shiponce_dist::Distribution) -> Option<String>,
    ) -> Result<(), Problem> {
        self.tell_of_credentials();
        let (context, request) = (self.context, self.request);
        let files = installables(&prepared.files, address)?;
        let work = async {
            let pythons = interpreters(context, &request.legs).await?;
            let options = VerifyOptions { find_links: self.beside.clone(), ..request.verify.clone() };
            let verdicts = verify_all(context, &pythons, &prepared.manifest, &files, &options, place).await?;
            let verdicts = verdicts.passed()?;
            let here =
                verdicts.values().filter(|verdict| matches!(verdict, Verdict::Verified { .. })).count();
            let status = if here == verdicts.len() { StepStatus::Done } else { StepStatus::Warning };
            Ok((
                here,
                status,
                format!("{here} of {} files installed from {} and imported", verdicts.len(), place.name),
            ))
        };
        let here = self.steps.run(Some(session), "verify", work).await?;
        if here == 0 {
            self.context
                .report
                .warning("No file of this release can run on this machine; nothing was imported");
        }
        Ok(())
    }
}
