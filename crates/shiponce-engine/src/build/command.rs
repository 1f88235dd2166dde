//! `build`: the build of a release on its own, for CI jobs that build and do not publish.

use super::twice::{Twice, build_twice};
use super::{BuildOptions, Legs, Workshop, beside_credentials, build_sound};
use crate::bytes::{Looked, belong_together};
use crate::context::Context;
use crate::placing;
use crate::project::{Checkout, read_checkout};
use crate::report::Say as _;
use crate::target::ReleaseTarget;
use shiponce_api::v1::{BuiltFile, BuiltPackage, PlacedWord};
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::PackageName;
use shiponce_core::matrix::Leg;
use std::path::{Path, PathBuf};

/// What to build.
#[derive(Debug)]
pub struct BuildRequest {
    /// The folder of the project.
    pub project_dir: PathBuf,
    /// The distribution: the project, or a variant of it.
    pub project: PackageName,
    /// The variant's name.
    pub variant: Option<String>,
    /// How it is built.
    pub options: BuildOptions,
    /// The legs to build; empty without a matrix.
    pub legs: Vec<Leg>,
    /// Whether the first of them also makes the source distribution.
    pub sdist: bool,
    /// How many legs are built side by side.
    pub max_jobs: usize,
    /// Where the files go.
    pub dist_dir: PathBuf,
    /// `--twice`
    pub twice: bool,
    /// The indexes whose rules the files must meet; none are asked.
    pub targets: Vec<ReleaseTarget>,
    /// Secrets in the environment that project code must not run beside: their names.
    pub credentials_in_environment: Vec<String>,
}

/// How a build ended.
#[derive(Debug)]
pub struct Built {
    /// Its part of the document.
    pub package: BuiltPackage,
    /// Why it failed.
    pub problem: Option<Problem>,
}

/// Builds as a release does, checks the files, and puts them into the dist folder.
pub async fn build_project(context: &Context, request: &BuildRequest) -> Built {
    let mut package = BuiltPackage {
        project: request.project.normalized().to_owned(),
        variant: request.variant.clone(),
        version: None,
        commit: None,
        clean: false,
        source_date_epoch: None,
        legs: request.legs.iter().map(ToString::to_string).collect(),
        files: Vec::new(),
        reproducible: None,
        differences: Vec::new(),
        error: None,
    };
    let result = run(context, request, &mut package).await;
    let problem = result.err();
    package.error = problem.as_ref().map(Into::into);
    Built { package, problem }
}

async fn run(context: &Context, request: &BuildRequest, package: &mut BuiltPackage) -> Result<(), Problem> {
    // One folder per distribution: several of them are built in one run.
    let mut context = context.clone();
    context.state.temp = context.state.temp.join(request.project.normalized());
    fs_err::create_dir_all(&context.state.temp).map_err(|error| {
        Problem::new(ErrorCode::BuildFailed, "no folder for the build can be made").cause(error.to_string())
    })?;
    let context = &context;
    beside_credentials(context, &request.credentials_in_environment)?;
    let checkout = read_checkout(context, &request.project_dir).await?;
    describe(context, checkout.as_ref(), package);
    let workshop = Workshop::new(&context.state.temp);
    let temp = context.state.temp.join("build");
    let legs = Legs {
        context,
        options: &request.options,
        legs: &request.legs,
        sdist: request.sdist,
        max_jobs: request.max_jobs,
        workshop: &workshop,
        temp: &temp,
        project: &request.project_dir,
        checkout: checkout.as_ref(),
    };
    let looked = if request.twice {
        let Twice { first, differences } = build_twice(&legs, &request.targets).await?;
        package.reproducible = Some(differences.is_empty());
        package.differences = differences;
        first
    } else {
        build_sound(&legs, &request.targets).await?
    };
    package.version = Some(belong_together(&looked.files, &request.project, None)?.to_string());
    package.files = looked.files.iter().map(row).collect();
    looked.judge(context)?;
    if let Some(first) = package.differences.first() {
        let count = package.differences.len();
        return Err(Problem::new(ErrorCode::NotReproducible, "two builds of the same source differ")
            .fact("first difference", format!("{}: {}", first.filename, first.described()))
            .fact("differences", count.to_string())
            .note("No file was put into the dist folder.")
            .hint("the page of this error says what usually causes which difference"));
    }
    place(context, request, &looked, package)
}

fn describe(context: &Context, checkout: Option<&Checkout>, package: &mut BuiltPackage) {
    let Some(checkout) = checkout else {
        context.report.warning("There is no commit: the files can be tied to no source");
        return;
    };
    package.commit = Some(checkout.commit.to_string());
    package.clean = checkout.changes.is_empty();
    package.source_date_epoch = Some(checkout.committed);
    if !package.clean {
        context.report.warning("The working tree has changes: the files are not of the commit alone");
    }
}

fn row(file: &shiponce_dist::Distribution) -> BuiltFile {
    BuiltFile {
        filename: file.filename.to_string(),
        path: None,
        size: file.digests.size,
        sha256: file.digests.sha256.to_string(),
        status: None,
    }
}

/// Puts the files into the dist folder, none of them over other bytes.
fn place(
    context: &Context,
    request: &BuildRequest,
    looked: &Looked,
    package: &mut BuiltPackage,
) -> Result<(), Problem> {
    new_folder(&request.dist_dir)?;
    for (file, row) in looked.files.iter().zip(&mut package.files) {
        let path = request.dist_dir.join(&row.filename);
        let status = placing::copy(&file.path, &path, file.digests.sha256)?;
        let shown = path.display().to_string();
        match status {
            PlacedWord::Created => context.report.success(format!("Built {shown}")),
            PlacedWord::AlreadyThere => {
                context.report.info(format!("{shown} is there with these bytes"));
            }
        }
        row.path = Some(shown);
        row.status = Some(status);
    }
    Ok(())
}

/// Makes the dist folder where there is none. Like uv's it ignores itself, so that a build does not make the tree dirty
/// that the release wants clean.
fn new_folder(folder: &Path) -> Result<(), Problem> {
    if folder.exists() {
        return Ok(());
    }
    let made = fs_err::create_dir_all(folder).and_then(|()| fs_err::write(folder.join(".gitignore"), "*\n"));
    made.map_err(|error| {
        Problem::new(ErrorCode::Usage, "the dist folder cannot be made").cause(error.to_string())
    })
}
