//! From flags and configuration to a press of one release or several.

use super::Global;
use super::release::{ReleaseOptions, declared_version};
use super::selection::{Chosen, choose, configs};
use super::shared::{Resolved, context, temp_dir};
use crate::terminal::Terminal;
use shiponce_api::v1::{Level, Outcome, to_text};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Endpoints, Purpose, Variant};
use shiponce_core::matrix::Expansion;
use shiponce_engine::report::Reporter as _;
use shiponce_engine::wiring::{self, Use};
use shiponce_engine::{
    Batch, Context, Finished, Input, Member, ReleaseRequest, ReleaseTarget, VerifyOptions, release,
    release_all,
};
use std::path::Path;
use std::sync::Arc;

/// How a press ended.
#[derive(Debug)]
pub(crate) enum Pressed {
    /// A press of one release.
    One(Box<Finished>),
    /// A press of several.
    Several(Batch),
}

impl Pressed {
    /// The exit code.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::One(finished) => finished.exit_code(),
            Self::Several(batch) => batch.exit_code(),
        }
    }

    /// How it ended, in one word.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::One(finished) => finished.document.outcome,
            Self::Several(batch) => batch.document().outcome,
        }
    }

    /// The document, as text.
    pub(crate) fn text(&self) -> Result<String, Problem> {
        let text = match self {
            Self::One(finished) => to_text(&finished.document),
            Self::Several(batch) => to_text(&batch.document()),
        };
        text.map_err(|error| Problem::from_error(ErrorCode::Internal, &error))
    }

    /// Every release in it.
    pub(crate) fn releases(&self) -> &[Finished] {
        match self {
            Self::One(finished) => std::slice::from_ref(finished.as_ref()),
            Self::Several(batch) => &batch.finished,
        }
    }

    /// The same, to be added to.
    pub(crate) fn releases_mut(&mut self) -> &mut [Finished] {
        match self {
            Self::One(finished) => std::slice::from_mut(finished.as_mut()),
            Self::Several(batch) => &mut batch.finished,
        }
    }

    /// Why the whole did not succeed.
    pub(crate) fn problem(&self) -> Option<Problem> {
        match self {
            Self::One(finished) => finished.problem.clone(),
            Self::Several(batch) => batch.problem(),
        }
    }

    /// Shows every problem, and why the whole did not succeed.
    pub(crate) fn show_problems(&self, terminal: &Terminal) {
        for problem in self.releases().iter().filter_map(|finished| finished.problem.as_ref()) {
            terminal.show_problem(problem);
        }
        if let Self::Several(batch) = self
            && let Some(problem) = batch.problem().filter(|problem| problem.code == ErrorCode::Partial)
        {
            terminal.show_problem(&problem);
        }
    }
}

/// One press against the configured world; `write` is false for a dry run.
pub(crate) async fn press(
    path: &Path,
    options: &ReleaseOptions,
    write: bool,
    command: &'static str,
    global: &Global,
    terminal: &Terminal,
) -> Result<Pressed, Problem> {
    let endpoints = Endpoints::built_in();
    let built_in_simple = endpoints.production.simple.clone();
    let root = Arc::new(Resolved::load(global, path, options.flags(), Purpose::Release, endpoints)?);
    let chosen = in_this_run(choose(&root, &options.selection)?, options, terminal)?;
    let temp = temp_dir()?;
    let context = context(terminal, root.state(&temp)?, configs(&root, &chosen))?;
    let purpose = if write { Use::Write } else { Use::Read };
    let mut members = Vec::new();
    let mut run = None;
    for one in &chosen {
        let config = &one.resolved.config;
        let credentials = one.credentials()?;
        let targets = wiring::targets(config, &credentials, purpose)?;
        let mut request = request(one, options, targets, write, command)?;
        request.verify = wiring::verify_options(config, &built_in_simple);
        wiring::sign_in(&context, &mut request.targets).await?;
        request.github = wiring::github(config, &credentials, &context, &request.project_dir).await?;
        // One run, however many releases: its artifacts are listed and fetched once.
        let page = request.github.as_ref();
        run = run.or_else(|| wiring::ci_run(config, &credentials, &context, page));
        request.ci_run.clone_from(&run);
        members.push(Member { request, needs: one.needs.clone() });
    }
    if options.yes {
        terminal.answer_yes();
    }
    together(&context, members).await
}

/// What is left after the flags have narrowed the matrix: a variant none of whose legs is asked for has no part in this
/// run. Files that were handed over are released whatever they were built for.
///
/// # Errors
/// `usage` when nothing is left.
pub(crate) fn in_this_run(
    chosen: Vec<Chosen>,
    options: &ReleaseOptions,
    terminal: &Terminal,
) -> Result<Vec<Chosen>, Problem> {
    let asked = |one: &Chosen| {
        options.skip_build || one.resolved.config.matrix.is_none() || !legs_of(one).legs.is_empty()
    };
    let (mut kept, mut place) = (Vec::new(), Vec::new());
    for one in chosen {
        place.push(asked(&one).then_some(kept.len()));
        if asked(&one) {
            kept.push(one);
            continue;
        }
        for line in skipped(&one) {
            terminal.line(Level::Warning, &line);
        }
        terminal.line(Level::Warning, &format!("{} has no leg in this run and is left out", one.package));
    }
    for one in &mut kept {
        one.needs = one.needs.iter().filter_map(|needed| place.get(*needed).copied().flatten()).collect();
    }
    if kept.is_empty() {
        return Err(Problem::new(ErrorCode::Usage, "the flags leave nothing of the matrix to release")
            .hint("name a Python and a platform that the matrix has"));
    }
    Ok(kept)
}

/// Runs the press. One release has a document of its own.
pub(crate) async fn together(context: &Context, mut members: Vec<Member>) -> Result<Pressed, Problem> {
    if members.len() == 1
        && let Some(only) = members.pop()
    {
        return Ok(Pressed::One(Box::new(release(context, &only.request).await)));
    }
    Ok(Pressed::Several(release_all(context, &members).await))
}

/// The legs of a release, and what is left out of them.
fn legs_of(chosen: &Chosen) -> Expansion {
    let variants: Vec<&Variant> = chosen.variant.iter().collect();
    chosen.resolved.config.legs(&variants).unwrap_or_default()
}

/// A sentence for every combination of the matrix that this press leaves out.
pub(crate) fn skipped(chosen: &Chosen) -> Vec<String> {
    legs_of(chosen).skipped.iter().map(ToString::to_string).collect()
}

/// The request of one release.
pub(crate) fn request(
    chosen: &Chosen,
    options: &ReleaseOptions,
    targets: Vec<ReleaseTarget>,
    write: bool,
    command: &'static str,
) -> Result<ReleaseRequest, Problem> {
    let (resolved, variant) = (&chosen.resolved, chosen.variant.as_ref());
    let config = &resolved.config;
    let input = if options.skip_build {
        Input::Folder(config.dist_dir.value.clone())
    } else {
        Input::Build(wiring::build_options(config, variant))
    };
    let mut left_out = wiring::left_out(config);
    left_out.extend(skipped(chosen));
    Ok(ReleaseRequest {
        project_dir: resolved.inputs.project_dir.clone(),
        declared_version: declared_version(resolved),
        tag: wiring::tag_rule(config, &chosen.package, variant),
        version_gate: wiring::version_gate(config),
        create_tag: options.create_tag.then(|| wiring::create_tag(config)),
        project: chosen.package.clone(),
        expect: wiring::expectation(config, variant),
        legs: legs_of(chosen).legs,
        max_jobs: options.max_jobs.into(),
        suffix: options.version_suffix,
        shares_folder: chosen.is_one_of_several,
        ci_run: None,
        input,
        verify: VerifyOptions::none(),
        targets,
        github: None,
        left_out,
        allow_dirty: options.allow_dirty,
        single_copy: config.single_copy.value,
        force: options.force,
        write,
        wait: options.wait,
        command,
        credentials_in_environment: resolved.credentials()?.exposed_variables(),
    })
}
