//! `rehearse`: the whole pipeline against the embedded world, pressed twice.

use super::Global;
use super::press::{self, Pressed};
use super::release::{ReleaseOptions, declared_version};
use super::selection::{Chosen, choose};
use super::shared::{Resolved, conclude, context, current_dir, environment_text, parse_duration, temp_dir};
use crate::terminal::Terminal;
use crate::world::{self, Embedded, WorldWish, Writes};
use clap::Args;
use shiponce_api::v1::{Level, Step, StepStatus};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Config, Endpoints, Flags, Purpose};
use shiponce_core::plan::Role;
use shiponce_core::{PackageName, VersionSuffix};
use shiponce_engine::report::Reporter as _;
use shiponce_engine::wiring;
use shiponce_engine::{Context, Member, StateDirs, learn_version, rehearsal_copy};
use shiponce_rehearsal::FaultSpec;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Try a release in an embedded world, pressed twice; nothing is published
#[derive(Debug, Args)]
pub(crate) struct RehearseArgs {
    /// The project's folder
    pub(crate) path: Option<PathBuf>,
    /// Make the world misbehave, such as prod.upload:1:503; may be repeated
    #[arg(long, value_name = "SPEC")]
    pub(crate) fault: Vec<FaultSpec>,
    /// Let every answer take this long
    #[arg(long, value_name = "D", default_value = "0s", value_parser = parse_duration)]
    pub(crate) latency: Duration,
    /// Keep the copy of the project, the state and the world's request log here
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// Leave the world up after the presses, and print its addresses
    #[arg(long)]
    pub(crate) serve: bool,
    #[command(flatten)]
    pub(crate) options: ReleaseOptions,
}

pub(crate) async fn run(
    args: &RehearseArgs,
    global: &Global,
    terminal: &Terminal,
) -> Result<ExitCode, Problem> {
    let path = args.path.clone().map_or_else(current_dir, Ok)?;
    let endpoints = Endpoints::built_in();
    let upstream = environment_text("PIP_INDEX_URL").filter(|text| !text.is_empty());
    let upstream = upstream.unwrap_or_else(|| endpoints.production.simple.clone());
    let upstream = Url::parse(&upstream).map_err(|error| Problem::from_error(ErrorCode::Usage, &error))?;
    // Names of targets are looked up among the embedded indexes, not among the configured ones.
    let flags = Flags { to: Vec::new(), skip: Vec::new(), ..args.options.flags() };
    let root = Arc::new(Resolved::load(global, &path, flags, Purpose::Release, endpoints)?);
    let chosen = choose(&root, &args.options.selection)?;
    let chosen = press::in_this_run(chosen, &args.options, terminal)?;
    for (flag, names) in [("--skip", &args.options.skip), ("--to", &args.options.to)] {
        names.iter().try_for_each(|name| named(flag, name, &root.config).map(drop))?;
    }
    let temp = temp_dir()?;
    let place = args.keep.clone().unwrap_or_else(|| temp.path().join("world"));
    let state = StateDirs {
        root: place.join("state"),
        ledger: place.join("state/ledger.sqlite3"),
        temp: temp.path().to_owned(),
    };
    for folder in [&place, &state.root] {
        shiponce_io::files::private_folder(folder)
            .map_err(|error| Problem::from_error(ErrorCode::Usage, &error))?;
    }
    let context = context(terminal, state, Some(&root.config))?;
    let projects: Vec<PackageName> = chosen.iter().map(|one| one.package.clone()).collect();
    let copy = prepare_copy(&context, &chosen, &path, &place, args.options.version_suffix).await?;
    let wish = WorldWish {
        projects: &projects,
        faults: &args.fault,
        latency: args.latency,
        upstream,
        transport: context.transport.clone(),
        repository: world::repository(&root.config, &projects)?,
        refs: world::refs(&context, copy.clone()),
    };
    let world = Embedded::start(wish).await?;
    // Nobody is asked in a world where nothing is real.
    terminal.answer_yes();
    let rehearsal = Rehearsal { args, context: &context, chosen: &chosen, world: &world, copy: &copy };
    let pressed = rehearsal.press_twice(terminal).await?;
    let code = conclude(&pressed, terminal)?;
    if args.keep.is_some() {
        keep_log(&world, &place)?;
    }
    if args.serve {
        serve(&context, &world, terminal).await;
    }
    Ok(code)
}

/// A repository of its own, at the tags of the versions that are going to be built.
async fn prepare_copy(
    context: &Context,
    chosen: &[Chosen],
    path: &Path,
    place: &Path,
    suffix: Option<VersionSuffix>,
) -> Result<PathBuf, Problem> {
    let mut tags = Vec::new();
    for one in chosen {
        let (config, variant) = (&one.resolved.config, one.variant.as_ref());
        let rule = wiring::tag_rule(config, &one.package, variant);
        let version = match declared_version(&one.resolved) {
            Some(version) => version,
            None => {
                let folder = path.join(&one.below);
                let options = wiring::build_options(config, variant);
                learn_version(context, &folder, &one.package, &rule, &options).await?
            }
        };
        // One that cannot follow the version is the press's to refuse.
        let suffixed = suffix.and_then(|suffix| suffix.apply(&version).ok());
        let tag = rule.render(&suffixed.unwrap_or(version));
        // Projects of one version may share a tag.
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    rehearsal_copy(context, path, place, &tags).await
}

/// A target of a rehearsal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Index(Role),
    GitHub,
}

/// The embedded target a name means: its own name, or a configured index that it stands for.
fn named(flag: &str, name: &str, config: &Config) -> Result<Named, Problem> {
    let configured = config.indexes.iter().find(|index| index.name == name).map(|index| index.role.value);
    let own = match name {
        "testpypi" => Some(Named::Index(Role::Test)),
        "pypi" => Some(Named::Index(Role::Production)),
        "github" => Some(Named::GitHub),
        _ => None,
    };
    configured.map(Named::Index).or(own).ok_or_else(|| {
        Problem::new(ErrorCode::Usage, format!("{flag} names no target of a rehearsal: {name}")).hint(
            "there are testpypi, pypi and github, and the names in shiponce.toml stand for the indexes by their role",
        )
    })
}

/// Whether the flags leave a target in.
fn wanted(options: &ReleaseOptions, config: &Config, target: Named) -> bool {
    let among = |flag: &str, names: &[String]| {
        names.iter().any(|name| named(flag, name, config).is_ok_and(|named| named == target))
    };
    let left_out = match target {
        Named::Index(Role::Production) => options.skip_pypi,
        Named::Index(_) => options.skip_test_pypi,
        Named::GitHub => config.skip_github.is_some(),
    };
    let asked_for = options.to.is_empty() || among("--to", &options.to);
    asked_for && !left_out && !among("--skip", &options.skip)
}

/// What both presses work with.
#[derive(Debug, Clone, Copy)]
struct Rehearsal<'a> {
    args: &'a RehearseArgs,
    context: &'a Context,
    chosen: &'a [Chosen],
    world: &'a Embedded,
    /// The copy of the project.
    copy: &'a Path,
}

impl Rehearsal<'_> {
    async fn press_twice(&self, terminal: &Terminal) -> Result<Pressed, Problem> {
        let first = self.press().await?;
        let before = self.world.writes();
        terminal.line(Level::Info, &format!("First press: {before}"));
        let problem = first.problem();
        if problem.as_ref().is_some_and(|problem| problem.code == ErrorCode::Interrupted) {
            return Ok(first);
        }
        let complete = problem.is_none();
        first.show_problems(terminal);
        terminal.line(Level::Info, "Pressing release a second time");
        let mut second = self.press().await?;
        let again = self.world.writes().since(before);
        let failed = second.problem().is_some();
        let level = match failed {
            true => Level::Warning,
            false if complete && again != Writes::default() => Level::Error,
            false => Level::Success,
        };
        terminal.line(level, &format!("Second press: {again}"));
        let row = |name: &str, status, detail| Step { name: name.to_owned(), status, detail };
        for (one, other) in first.releases().iter().zip(second.releases_mut()) {
            let status = if other.problem.is_some() { StepStatus::Failed } else { StepStatus::Done };
            let mut steps = one.document.steps.clone();
            steps.push(row("first press", StepStatus::Done, before.to_string()));
            steps.append(&mut other.document.steps);
            steps.push(row("second press", status, again.to_string()));
            other.document.steps = steps;
        }
        if complete && !failed && again != Writes::default() {
            let message = format!("the second press wrote again: {again}");
            return Err(Problem::new(ErrorCode::Internal, message));
        }
        Ok(second)
    }

    async fn press(&self) -> Result<Pressed, Problem> {
        // Each press is a process of its own in real life: it begins with an empty temporary folder.
        let temp = temp_dir()?;
        let mut context = self.context.clone();
        temp.path().clone_into(&mut context.state.temp);
        let members: Result<Vec<Member>, Problem> =
            self.chosen.iter().map(|one| self.member(one, &context)).collect();
        press::together(&context, members?).await
    }

    fn member(&self, chosen: &Chosen, context: &Context) -> Result<Member, Problem> {
        let (config, options) = (&chosen.resolved.config, &self.args.options);
        let targets = self.world.targets(config.on_unknown.value)?;
        let wanted = |target| wanted(options, config, target);
        let targets = targets.into_iter().filter(|target| wanted(Named::Index(target.core.role))).collect();
        let mut request = press::request(chosen, options, targets, true, "rehearse")?;
        request.project_dir = self.copy.join(&chosen.below);
        request.verify = wiring::verify_options(config, &self.world.dependencies());
        if config.verify.dependencies.is_none() {
            request.verify.dependencies = self.world.dependencies();
        }
        // Of what is left out, the combinations of the matrix are the same here; the indexes are not.
        request.left_out = press::skipped(chosen);
        if wanted(Named::GitHub) {
            request.github = Some(self.world.github(context, config)?);
        }
        Ok(Member { request, needs: chosen.needs.clone() })
    }
}

fn keep_log(world: &Embedded, place: &Path) -> Result<(), Problem> {
    let mut text = String::new();
    for entry in world.server.world().log() {
        let place = match entry.index {
            Some(index) => index.to_string(),
            None if entry.route.is_github() => "github".to_owned(),
            None => "-".to_owned(),
        };
        let status = entry.status.map_or_else(|| "died".to_owned(), |status| status.to_string());
        let changed = if entry.changed { " changed" } else { "" };
        // Only the query names what is uploaded to GitHub.
        let named = entry.filename.filter(|_| entry.route.is_github());
        let name = named.map(|name| format!("?name={name}")).unwrap_or_default();
        let (at, method, path) = (entry.at, entry.method, entry.path);
        text.push_str(&format!("{at} {place} {method} {path}{name} {status}{changed}\n"));
    }
    let path = place.join("requests.log");
    fs_err::write(path, text)
        .map_err(|error| Problem::new(ErrorCode::Usage, "the log cannot be kept").cause(error.to_string()))
}

/// Leaves the world up until Ctrl-C.
async fn serve(context: &Context, world: &Embedded, terminal: &Terminal) {
    let mut lines = Vec::new();
    for index in [shiponce_rehearsal::Index::TestPypi, shiponce_rehearsal::Index::Pypi] {
        let addresses = world.server.addresses(index);
        let (upload, simple, json) = (addresses.upload(), addresses.simple(), addresses.json());
        lines.push(format!("{index} upload {upload}"));
        lines.push(format!("{index} simple {simple}"));
        lines.push(format!("{index} json {json}"));
    }
    let github = world.server.github();
    lines.push(format!("github api {}", github.api()));
    lines.push(format!("github uploads {}", github.uploads()));
    lines.push(format!("github pages {}", github.html()));
    for line in lines {
        // With --json the document is all there is on standard output.
        if terminal.json() {
            terminal.line(Level::Info, &line);
        } else {
            terminal.data(&format!("{line}\n"));
        }
    }
    terminal.line(Level::Info, "The world is up until Ctrl-C");
    context.cancel.cancelled().await;
}
