//! From what was typed to what it means: flags over environment over files over fallbacks over defaults.

mod checks;
mod definitions;
mod fallbacks;
mod github;
mod index;
mod indexes;
mod matrix;
mod settings;
mod variants;
mod workspace;

use std::path::Path;

use crate::config::Config;
use crate::error::ConfigError;
use crate::fallback::{Dotenv, Environment, Pypirc};
use crate::inputs::{Inputs, Purpose};
use crate::place::Text;
use crate::policy::Policy;
use crate::project::{Project, UvIndex, find, project_above};
use crate::raw::Raw;
use crate::reader::{Table, parse};
use crate::source::{Source, Sourced};
use crate::unsupported::refuse_unsupported;

pub(crate) use github::GITHUB_TOKENS;
pub(crate) use index::{PRODUCTION_TOKENS, TEST_TOKENS, role_word};
pub(crate) use settings::invalid;

/// Finds, reads and resolves the configuration of a run.
///
/// # Errors
/// [`ConfigError`], with the place of the value wherever there is one. Nothing outside has been contacted.
pub fn resolve(inputs: &Inputs) -> Result<Config, ConfigError> {
    let files = Files::read(inputs)?;
    let raw = &files.raw;
    checks::check_later_tables(raw)?;
    if inputs.purpose != Purpose::Inspect {
        refuse_unsupported(raw)?;
    }
    let policy = read_policy(inputs)?;
    let dotenv = Dotenv::read(&inputs.project_dir, |name| crate::credentials::is_known_variable(name, raw))?;
    let pypirc = inputs.home.as_deref().map(Pypirc::read).transpose()?.flatten();
    let environment = Environment::new(&inputs.environment, dotenv.as_ref());
    let fallbacks =
        fallbacks::Fallbacks { environment, pypirc: pypirc.as_ref(), uv_indexes: &files.uv_indexes };
    let indexes = indexes::resolve_indexes(raw, inputs, fallbacks)?;
    let bindings = fallbacks.bindings(&inputs.endpoints)?;
    let project = files.project;
    let state_dir = settings::state_dir(inputs);
    let variants = variants::variants(raw, &inputs.project_dir, &indexes)?;
    let github = github::resolve_github(raw, &inputs.endpoints.github)?;
    let mut config = Config {
        package: settings::package(raw, project.as_ref())?,
        tag: settings::tag(raw, !variants.is_empty())?,
        matrix: matrix::matrix(raw, &inputs.flags, project.as_ref(), &variants)?,
        expect: matrix::expect(raw)?,
        workspace: workspace::workspace(raw, &inputs.project_dir)?,
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

/// The files of the project.
struct Files {
    raw: Raw,
    project: Option<Project>,
    uv_indexes: Vec<UvIndex>,
}

impl Files {
    fn read(inputs: &Inputs) -> Result<Self, ConfigError> {
        let dir = &inputs.project_dir;
        let found = find(dir)?;
        let empty_pyproject = found.pyproject.is_some();
        let (pyproject_raw, uv_indexes) = match found.pyproject {
            Some(pyproject) => (pyproject.raw, pyproject.uv_indexes),
            None => (None, Vec::new()),
        };
        let raw = match (named_file(inputs), found.shiponce_toml, pyproject_raw) {
            (Some(path), _, _) => read_named(&path)?,
            (None, Some(_), Some(_)) => return Err(ConfigError::BothFiles),
            (None, Some(text), None) => read_raw(&text)?,
            (None, None, Some(raw)) => raw,
            (None, None, None) => Raw::default(),
        };
        // A workspace need not be a project itself: its members are.
        if found.project.is_none() && raw.workspace.is_none() && inputs.purpose == Purpose::Release {
            return Err(ConfigError::NoProject {
                dir: dir.clone(),
                empty_pyproject,
                above: project_above(dir),
            });
        }
        Ok(Self { raw, project: found.project, uv_indexes })
    }
}

/// `--config`, or `SHIPONCE_CONFIG`.
fn named_file(inputs: &Inputs) -> Option<std::path::PathBuf> {
    inputs
        .flags
        .config
        .clone()
        .or_else(|| inputs.environment.get("SHIPONCE_CONFIG").filter(|path| !path.is_empty()).map(Into::into))
}

fn read_named(path: &Path) -> Result<Raw, ConfigError> {
    let content = fs_err::read_to_string(path).map_err(|error| ConfigError::read(path, &error))?;
    let text = Text { name: path.display().to_string(), content };
    if path.file_name().is_none_or(|name| name != "pyproject.toml") {
        return read_raw(&text);
    }
    let document = parse(&text)?;
    let tool = Table::root(&text, &document).table("tool")?;
    let table = tool.map(|tool| tool.table("shiponce")).transpose()?.flatten();
    table.map_or_else(|| Ok(Raw::default()), |table| Raw::read(table.into_root()))
}

fn read_raw(text: &Text) -> Result<Raw, ConfigError> {
    let document = parse(text)?;
    Raw::read(Table::root(text, &document))
}

fn read_policy(inputs: &Inputs) -> Result<Option<Sourced<Policy>>, ConfigError> {
    const VARIABLE: &str = "SHIPONCE_POLICY";
    let Some(path) = inputs.environment.get(VARIABLE).filter(|path| !path.is_empty()) else {
        return Ok(None);
    };
    let policy = Policy::read(Path::new(path))?;
    Ok(Some(Sourced::new(policy, Source::Environment(VARIABLE.to_owned()))))
}
