//! `tag`: the release tag of a commit that passes its gates.

use super::Global;
use super::selection::{Chosen, SelectionArgs, choose};
use super::shared::{Resolved, current_dir, offline_context, temp_dir};
use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::v1::{Level, TagDocument, TagWord, TagsDocument, to_text};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Endpoints, Flags, Purpose};
use shiponce_core::Version;
use shiponce_engine::report::Reporter as _;
use shiponce_engine::{TagBuild, TagRequest, tag, wiring};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// Create a release tag on a commit that passes its gates; never moves one
#[derive(Debug, Args)]
pub(crate) struct TagArgs {
    /// The version to tag
    pub(crate) version: Version,
    /// The project's folder
    pub(crate) path: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
    /// Push the tag to the remote
    #[arg(long)]
    pub(crate) push: bool,
    /// Check everything, create and push nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

pub(crate) async fn run(args: &TagArgs, global: &Global, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let path = args.path.clone().map_or_else(current_dir, Ok)?;
    let root = Resolved::load(global, &path, Flags::default(), Purpose::Release, Endpoints::built_in())?;
    let root = Arc::new(root);
    let chosen = choose(&root, &args.selection)?;
    // A version is that of one project; its variants share it.
    let folders: BTreeSet<&PathBuf> = chosen.iter().map(|one| &one.below).collect();
    if folders.len() > 1 {
        let names = chosen.iter().map(|one| one.package.to_string()).collect::<Vec<_>>().join(", ");
        return Err(Problem::new(
            ErrorCode::Usage,
            "a version belongs to one project, and there are several",
        )
        .fact("projects", names)
        .hint("name the one: -p NAME"));
    }
    let temp = temp_dir()?;
    let context = offline_context(terminal, root.state(&temp)?)?;
    let mut tags = Vec::new();
    for one in &chosen {
        let document = tag(&context, &request(args, one)?).await?;
        say(&document, terminal);
        tags.push(document);
    }
    if !terminal.json() {
        terminal.data(&tags.iter().map(|document| format!("{}\n", document.tag)).collect::<String>());
        return Ok(ExitCode::Done);
    }
    let text = match tags.as_slice() {
        [document] => to_text(document),
        _ => to_text(&TagsDocument { tags }),
    };
    terminal.data(&text.map_err(|error| Problem::from_error(ErrorCode::Internal, &error))?);
    Ok(ExitCode::Done)
}

fn request(args: &TagArgs, one: &Chosen) -> Result<TagRequest, Problem> {
    let config = &one.resolved.config;
    let build = TagBuild {
        project: one.package.clone(),
        options: wiring::build_options(config, one.variant.as_ref()),
        credentials_in_environment: one.credentials()?.exposed_variables(),
    };
    Ok(TagRequest {
        project_dir: one.resolved.inputs.project_dir.clone(),
        version: args.version.clone(),
        rule: wiring::tag_rule(config, &one.package, one.variant.as_ref()),
        gate: wiring::version_gate_of(config),
        create: wiring::create_tag(config),
        build: Some(build),
        push: args.push,
        dry_run: args.dry_run,
    })
}

fn say(document: &TagDocument, terminal: &Terminal) {
    let word = match document.outcome {
        TagWord::Created => "created",
        TagWord::AlreadyThere => "already there",
        TagWord::WouldCreate => "would be created",
    };
    let remote = document.remote.as_ref().map(|remote| format!(", also on {remote}")).unwrap_or_default();
    let commit = document.commit.get(..12).unwrap_or(&document.commit);
    terminal.line(Level::Success, &format!("Tag {} on {commit}: {word}{remote}", document.tag));
}
