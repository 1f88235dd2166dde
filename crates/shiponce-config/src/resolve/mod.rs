//! From what was typed to what it means: flags over environment over files over fallbacks over defaults.

mod checks;
mod definitions;
mod fallbacks;
mod files;
mod github;
mod index;
mod indexes;
mod matrix;
mod settings;
mod variants;
mod workspace;

use std::path::Path;

use files::Files;

use crate::config::Config;
use crate::error::ConfigError;
use crate::fallback::{Environment, Pypirc};
use crate::inputs::{Inputs, Purpose};
use crate::policy::Policy;
use crate::source::{Source, Sourced};
use crate::unsupported::refuse_unsupported;
use crate::workspace::Member;

pub(crate) use github::GITHUB_TOKENS;
pub(crate) use index::{PRODUCTION_TOKENS, TEST_TOKENS, role_word};
pub(crate) use settings::invalid;

/// Finds, reads and resolves the configuration of a run.
///
/// # Errors
/// [`ConfigError`], with the place of the value wherever there is one. Nothing outside has been contacted.
pub fn resolve(inputs: &Inputs) -> Result<Config, ConfigError> {
    resolve_files(inputs, Files::read(inputs)?)
}

/// Resolves the configuration of one member of the workspace that `inputs` are about.
///
/// Its own files count above those of the workspace: key by key for settings of any project (`tag`, `matrix`, `[build]`,
/// `[github]`, `[git]`, `[gates] required`, `[expect]`, `[concurrency]`), as a whole for the tables `[index.NAME]`, and
/// not at all for what is about one project (`package`, `[variants]`, `[verify]` but its index and time limit,
/// `[gates] version-files`). Paths count from the folder of the file they stand in.
///
/// # Errors
/// [`ConfigError`], with the place of the value wherever there is one.
pub fn resolve_member(inputs: &Inputs, member: &Member) -> Result<Config, ConfigError> {
    let files = Files::of_member(inputs, member)?;
    let inputs = Inputs { project_dir: member.root.clone(), ..inputs.clone() };
    resolve_files(&inputs, files)
}

fn resolve_files(inputs: &Inputs, files: Files) -> Result<Config, ConfigError> {
    let raw = &files.raw;
    checks::check_later_tables(raw)?;
    if inputs.purpose != Purpose::Inspect {
        refuse_unsupported(raw)?;
    }
    let policy = read_policy(inputs)?;
    let dotenv = files.dotenv()?;
    let pypirc = inputs.home.as_deref().map(Pypirc::read).transpose()?.flatten();
    let environment = Environment::new(&inputs.environment, dotenv.as_ref());
    let fallbacks =
        fallbacks::Fallbacks { environment, pypirc: pypirc.as_ref(), uv_indexes: &files.uv_indexes };
    let indexes = indexes::resolve_indexes(raw, inputs, &files.index_dir, fallbacks)?;
    let bindings = fallbacks.bindings(&inputs.endpoints)?;
    let project = files.project;
    let state_dir = settings::state_dir(inputs);
    let variants = variants::variants(raw, &inputs.project_dir, &indexes)?;
    let github = github::resolve_github(raw, &inputs.endpoints.github)?;
    let mut config = Config {
        package: settings::package(raw, project.as_ref())?,
        tag: settings::tag(raw, files.in_workspace, !variants.is_empty())?,
        matrix: matrix::matrix(raw, &inputs.flags, project.as_ref(), &variants)?,
        expect: matrix::expect(raw)?,
        workspace: workspace::workspace(raw, &inputs.project_dir, inputs.name_of)?,
        variants,
        dist_dir: settings::dist_dir(inputs),
        build: settings::build(raw, &indexes, &github)?,
        skip_github: indexes::skip_github(inputs),
        github,
        verify: settings::verify(raw, &indexes)?,
        gates: settings::gates(raw)?,
        version_files: settings::version_files(raw)?,
        branch: settings::release_branch(raw)?,
        group: settings::group(raw)?,
        ledger: settings::ledger(inputs, state_dir.as_ref())?,
        on_unknown: settings::on_unknown(inputs),
        single_copy: settings::single_copy(inputs),
        state_dir,
        project,
        indexes,
        policy,
        bindings,
        dotenv,
        pypirc,
    };
    config.skip_github = config.skip_github.take().or_else(|| github::left_out_by_policy(&config));
    checks::check_policy(&config, inputs)?;
    Ok(config)
}

fn read_policy(inputs: &Inputs) -> Result<Option<Sourced<Policy>>, ConfigError> {
    const VARIABLE: &str = "SHIPONCE_POLICY";
    let Some(path) = inputs.environment.get(VARIABLE).filter(|path| !path.is_empty()) else {
        return Ok(None);
    };
    let policy = Policy::read(Path::new(path))?;
    Ok(Some(Sourced::new(policy, Source::Environment(VARIABLE.to_owned()))))
}
