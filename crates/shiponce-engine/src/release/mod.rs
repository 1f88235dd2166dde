//! `release`: from source to every target, exactly once.

mod adopt;
mod dry;
mod expect;
mod page;
mod pipeline;
mod prepare;
mod publish_stage;
mod second_place;
mod steps;
mod tagging;

use crate::build::{BuildOptions, collect, collect_of};
use crate::ci::CiRun;
use crate::gates::VersionGate;
use crate::github::GitHub;
use crate::install::VerifyOptions;
use crate::tag::CreateTag;
use crate::target::ReleaseTarget;
use shiponce_api::v1::{Outcome, ReleaseDocument};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::TagTemplate;
use shiponce_core::matrix::Leg;
use shiponce_core::{PackageName, Version, VersionSuffix};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use expect::Expectation;
pub(crate) use pipeline::{Pipeline, Ready, outcome_word};
pub(crate) use prepare::check_version;
pub(crate) use steps::Steps;

/// The template of release tags, bound to a project.
#[derive(Debug, Clone)]
pub struct TagRule {
    /// The template.
    pub template: TagTemplate,
    /// The project's normalised name.
    pub package: String,
    /// The variant of the project, where it has some.
    pub variant: Option<String>,
}

impl TagRule {
    /// The tag of a version.
    #[must_use]
    pub fn render(&self, version: &Version) -> String {
        self.template.render(&self.package, &version.to_string(), self.variant.as_deref())
    }

    /// The tag of a version on a commit that carries `here`: calendar versions have several spellings (`v2026.01.05`),
    /// and the one that is there counts.
    pub(crate) fn tag_of(&self, version: &Version, here: &[String]) -> String {
        let fits = |tag: &&String| self.parse(tag).as_ref() == Some(version);
        let rendered = self.render(version);
        if here.contains(&rendered) { rendered } else { here.iter().find(fits).cloned().unwrap_or(rendered) }
    }

    /// The versions that tags of this project name.
    pub(crate) fn versions_of(&self, tags: &[String]) -> Vec<Version> {
        tags.iter().filter_map(|tag| self.parse(tag)).collect()
    }

    /// The version of a tag, when the tag follows the template.
    #[must_use]
    pub fn parse(&self, tag: &str) -> Option<Version> {
        self.template.version_in(tag, &self.package, self.variant.as_deref())?.parse().ok()
    }
}

/// Where the bytes come from when they are not built.
#[derive(Debug, Clone)]
pub enum Input {
    /// Build the project.
    Build(BuildOptions),
    /// Take what is in this folder (`--skip-build`).
    Folder(PathBuf),
}

/// What was asked for.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command, named at its one place of use"
)]
pub struct ReleaseRequest {
    /// The folder of the project.
    pub project_dir: PathBuf,
    /// The project.
    pub project: PackageName,
    /// The version pyproject.toml states, unless it is dynamic.
    pub declared_version: Option<Version>,
    /// `--version-suffix`: what is built is repacked under this version, because the names of the other one are burned.
    pub suffix: Option<VersionSuffix>,
    /// The tag template.
    pub tag: TagRule,
    /// The version gate; `None` when the configuration leaves it out.
    pub version_gate: Option<VersionGate>,
    /// `--create-tag`
    pub create_tag: Option<CreateTag>,
    /// The files it must have.
    pub expect: Expectation,
    /// The legs of a matrix that this run builds, and whose Pythons the files are tested with where they are here.
    pub legs: Vec<Leg>,
    /// How many legs are built side by side.
    pub max_jobs: usize,
    /// Where the bytes come from.
    pub input: Input,
    /// Whether the folder with files may hold those of other releases too: each takes the files of its project.
    pub shares_folder: bool,
    /// The install verification.
    pub verify: VerifyOptions,
    /// Targets, test indexes first.
    pub targets: Vec<ReleaseTarget>,
    /// The release page on GitHub; `None` when the release has none.
    pub github: Option<GitHub>,
    /// The workflow run that this press is a step of, whose artifacts may hold files too.
    pub ci_run: Option<Arc<CiRun>>,
    /// What was left out by a flag, one sentence each.
    pub left_out: Vec<String>,
    /// `--allow-dirty`
    pub allow_dirty: bool,
    /// `--single-copy`
    pub single_copy: bool,
    /// `--force`: caches and the nothing-to-do short cut are skipped, nothing else.
    pub force: bool,
    /// Whether anything is written: `false` for `plan` and `--dry-run`.
    pub write: bool,
    /// How long to wait for another press.
    pub wait: Duration,
    /// The command's name, for the record.
    pub command: &'static str,
    /// Secrets in the environment that project code must not run beside: their names.
    pub credentials_in_environment: Vec<String>,
}

impl ReleaseRequest {
    /// The version of the release as far as the project states one: what pyproject.toml says, with the suffix.
    ///
    /// # Errors
    /// `usage` when the suffix cannot follow that version.
    pub(crate) fn stated_version(&self) -> Result<Option<Version>, Problem> {
        self.declared_version.as_ref().map(|version| self.suffixed(version)).transpose()
    }

    /// A version of the project as the release has it.
    ///
    /// # Errors
    /// `usage` when the suffix cannot follow it.
    pub(crate) fn suffixed(&self, version: &Version) -> Result<Version, Problem> {
        let Some(suffix) = self.suffix else { return Ok(version.clone()) };
        suffix.apply(version).map_err(|error| {
            Problem::from_error(ErrorCode::Usage, &error)
                .note("Nothing was built or uploaded by this run.")
                .hint("release without --version-suffix, or with one that can follow the version of the project")
        })
    }
}

impl ReleaseRequest {
    /// The files of a folder that are this release's.
    pub(crate) fn files_in(&self, folder: &Path) -> Result<Vec<PathBuf>, Problem> {
        if self.shares_folder { collect_of(folder, &self.project) } else { collect(folder) }
    }

    /// A variant's build must take the variant's name, however the project is built.
    pub(crate) fn foreign(&self, problem: Problem) -> Problem {
        let (Some(variant), Input::Build(_), ErrorCode::ForeignWheel) =
            (&self.tag.variant, &self.input, problem.code)
        else {
            return problem;
        };
        let mut problem =
            problem.fact("variant", format!("{variant}, which is the package {}", self.project));
        problem.hints = vec![
            "its name is put into [project] name and into SHIPONCE_PACKAGE; a build that takes it from elsewhere has to \
             read it there"
                .to_owned(),
        ];
        problem
    }
}

/// How a command ended: its document, and the problem when it ended early.
#[derive(Debug)]
pub struct Finished {
    /// The document for `--json`.
    pub document: ReleaseDocument,
    /// Why it ended early.
    pub problem: Option<Problem>,
    /// Whether a production target holds a file of the release, whoever sent it.
    pub written: bool,
}

impl Finished {
    /// The exit code.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        self.problem.as_ref().map_or_else(|| self.document.outcome.exit_code(), Problem::exit_code)
    }

    /// Puts the end of a command together.
    pub(crate) fn of(
        mut document: ReleaseDocument,
        result: Result<Outcome, Problem>,
        targets: &[ReleaseTarget],
    ) -> Self {
        let written = crate::table::written(&document.files, targets);
        let problem = result.err();
        if let Some(problem) = &problem {
            document.outcome = Outcome::of_failure(problem.exit_code());
            document.error = Some(problem.into());
        }
        Self { document, problem, written }
    }
}
