//! Which releases a command means: the project, its variants, the members of its workspace.

use super::release::project_name;
use super::shared::Resolved;
use clap::Args;
use shiponce_api::{ErrorCode, Problem};
use shiponce_config::{Config, Credentials, Member, Variant, Workspace};
use shiponce_core::PackageName;
use shiponce_engine::{TagRule, wiring};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Flags that choose among several releases.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SelectionArgs {
    /// Only these variants of the project; all by default
    #[arg(long, value_name = "NAME,...|all", value_delimiter = ',')]
    pub(crate) variant: Vec<String>,
    /// Only these projects of the workspace; all by default
    #[arg(long, short = 'p', value_name = "NAME,...", value_delimiter = ',')]
    pub(crate) package: Vec<String>,
}

/// One release that a command means.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    /// The configuration of its project.
    pub(crate) resolved: Arc<Resolved>,
    /// Its variant of that project.
    pub(crate) variant: Option<Variant>,
    /// Its name on the index.
    pub(crate) package: PackageName,
    /// The project's folder below the one the command was given; empty or `.` for that one.
    pub(crate) below: PathBuf,
    /// Positions of earlier releases that it needs.
    pub(crate) needs: Vec<usize>,
    /// Whether its folder has others beside it, in this press or not.
    pub(crate) is_one_of_several: bool,
    /// Whether it is a project of the folder; `status` asks about others too.
    pub(crate) is_of_this_folder: bool,
}

impl Chosen {
    /// A project that is not of this folder, looked at with the settings of this folder.
    pub(crate) fn other(root: &Arc<Resolved>, package: &PackageName) -> Self {
        Self {
            resolved: root.clone(),
            variant: None,
            package: package.clone(),
            below: PathBuf::new(),
            needs: Vec::new(),
            is_one_of_several: false,
            is_of_this_folder: false,
        }
    }

    /// The template of its tags.
    pub(crate) fn rule(&self) -> TagRule {
        wiring::tag_rule(&self.resolved.config, &self.package, self.variant.as_ref())
    }

    /// Its credentials: a package may have tokens of its own.
    pub(crate) fn credentials(&self) -> Result<Credentials<'_>, Problem> {
        let credentials = self.resolved.credentials()?;
        Ok(if self.is_one_of_several { credentials.of_package(&self.package) } else { credentials })
    }
}

/// The configurations of a folder and of every release in it. A member of a workspace may have indexes of its own, with
/// certificates of their own.
pub(crate) fn configs<'a>(root: &'a Resolved, chosen: &'a [Chosen]) -> impl Iterator<Item = &'a Config> {
    std::iter::once(&root.config).chain(chosen.iter().map(|one| &one.resolved.config))
}

/// The releases of a folder, each after those it needs.
///
/// # Errors
/// A configuration that cannot be used; a word that names no variant or project, with those there are.
pub(crate) fn choose(root: &Arc<Resolved>, args: &SelectionArgs) -> Result<Vec<Chosen>, Problem> {
    let Some(workspace) = &root.config.workspace else {
        not_a_workspace(root, &args.package)?;
        return variants(root, Path::new(""), &args.variant);
    };
    let members = workspace.select(&args.package)?;
    let mut chosen: Vec<Chosen> = Vec::new();
    for member in members {
        let resolved = Arc::new(root.member(member)?);
        let own = variants(&resolved, Path::new(&member.folder), &args.variant)?;
        let needs = needs(workspace, member, &chosen);
        chosen.extend(own.into_iter().map(|one| Chosen {
            needs: needs.clone(),
            is_one_of_several: true,
            ..one
        }));
    }
    Ok(chosen)
}

/// Positions of the releases of the projects that a member needs.
fn needs(workspace: &Workspace, member: &Member, chosen: &[Chosen]) -> Vec<usize> {
    let roots: Vec<&PathBuf> = workspace.needed_by(member).map(|needed| &needed.root).collect();
    let needed = |one: &Chosen| roots.contains(&&one.resolved.inputs.project_dir);
    chosen.iter().enumerate().filter(|(_, one)| needed(one)).map(|(position, _)| position).collect()
}

/// The releases of one project: itself, or its variants.
fn variants(resolved: &Arc<Resolved>, below: &Path, words: &[String]) -> Result<Vec<Chosen>, Problem> {
    let selected = resolved.config.select_variants(words).map_err(|error| error.problem())?;
    let one = |package: PackageName, variant: Option<&Variant>| Chosen {
        resolved: resolved.clone(),
        variant: variant.cloned(),
        package,
        below: below.to_owned(),
        needs: Vec::new(),
        is_one_of_several: variant.is_some(),
        is_of_this_folder: true,
    };
    if selected.is_empty() {
        return Ok(vec![one(project_name(resolved)?, None)]);
    }
    Ok(selected.into_iter().map(|variant| one(variant.package.value.clone(), Some(variant))).collect())
}

/// `-p` of the project itself is no mistake; any other name is.
pub(crate) fn not_a_workspace(root: &Resolved, words: &[String]) -> Result<(), Problem> {
    let own = root.config.package.as_ref().map(|package| &package.value);
    let other = words.iter().find(|word| word.parse::<PackageName>().ok().as_ref() != own);
    let Some(word) = other else { return Ok(()) };
    Err(Problem::new(ErrorCode::Usage, format!("-p {word} names no project of this workspace")).hint(
        "there is no workspace here: [workspace] members = [\"packages/*\"] in shiponce.toml makes one",
    ))
}
