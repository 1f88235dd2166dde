//! `tag`: the release tag of a commit that passes its gates.

use super::Global;
use super::release::project_name;
use super::shared::{Resolved, current_dir, offline_context, temp_dir};
use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::v1::{Level, TagWord, to_text};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Endpoints, Flags, Purpose};
use shiponce_core::Version;
use shiponce_engine::report::Reporter as _;
use shiponce_engine::{TagRequest, tag, wiring};
use std::path::PathBuf;

/// Create a release tag on a commit that passes its gates; never moves one
#[derive(Debug, Args)]
pub(crate) struct TagArgs {
    /// The version to tag
    pub(crate) version: Version,
    /// The project's folder
    pub(crate) path: Option<PathBuf>,
    /// Push the tag to the remote
    #[arg(long)]
    pub(crate) push: bool,
    /// Check everything, create and push nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

pub(crate) async fn run(args: &TagArgs, global: &Global, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let path = args.path.clone().map_or_else(current_dir, Ok)?;
    let resolved = Resolved::load(global, &path, Flags::default(), Purpose::Release, Endpoints::built_in())?;
    let project = project_name(&resolved)?;
    let request = TagRequest {
        project_dir: resolved.inputs.project_dir.clone(),
        version: args.version.clone(),
        rule: wiring::tag_rule(&resolved.config, &project),
        gate: wiring::version_gate_of(&resolved.config),
        create: wiring::create_tag(&resolved.config),
        push: args.push,
        dry_run: args.dry_run,
    };
    let temp = temp_dir()?;
    let document = tag(&offline_context(terminal, resolved.state(&temp)?)?, &request).await?;
    let word = match document.outcome {
        TagWord::Created => "created",
        TagWord::AlreadyThere => "already there",
        TagWord::WouldCreate => "would be created",
    };
    let remote = document.remote.as_ref().map(|remote| format!(", also on {remote}")).unwrap_or_default();
    let commit = document.commit.get(..12).unwrap_or(&document.commit);
    terminal.line(Level::Success, &format!("Tag {} on {commit}: {word}{remote}", document.tag));
    if terminal.json() {
        terminal.data(&to_text(&document).map_err(|error| Problem::from_error(ErrorCode::Internal, &error))?);
    } else {
        terminal.data(&format!("{}\n", document.tag));
    }
    Ok(ExitCode::Done)
}
