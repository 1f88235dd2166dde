//! `check publisher`: who the CI says this is, what to register where, and what the last release was published as.

use super::OutputArgs;
use crate::cli::Global;
use crate::cli::shared::{Resolved, context, current_dir, temp_dir};
use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::Problem;
use shiponce_api::v1::{CheckDocument, GateRow, PublisherRow, PublisherState, TrustedPublisherStatus};
use shiponce_config::{Endpoints, Flags, Purpose};
use shiponce_engine::wiring;
use shiponce_engine::{Context, PublisherCheck, check_publisher};
use std::path::PathBuf;

/// Options of `check publisher`.
#[derive(Debug, Args)]
pub(crate) struct PublisherArgs {
    /// The project's folder
    pub(crate) path: Option<PathBuf>,
    /// Exchange the identity for a token, which proves the registration, and give the token back at once. Where the
    /// publisher is pending, this makes the project
    #[arg(long)]
    pub(crate) mint: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// The gate on its own.
pub(super) async fn gate(
    args: &PublisherArgs,
    global: &Global,
    terminal: &Terminal,
) -> Result<CheckDocument, Problem> {
    let path = args.path.clone().map_or_else(current_dir, Ok)?;
    let root = Resolved::load(global, &path, Flags::default(), Purpose::Inspect, Endpoints::built_in())?;
    let temp = temp_dir()?;
    let context = context(terminal, root.state(&temp)?, Some(&root.config))?;
    let (row, status) = look(&root, &context, args.mint).await?;
    Ok(CheckDocument { gates: vec![row], publisher: Some(status), error: None })
}

/// The gate among the others; `None` where no index takes trusted publishers.
pub(super) async fn among_others(
    root: &Resolved,
    context: &Context,
) -> Result<Option<(GateRow, TrustedPublisherStatus)>, Problem> {
    if wiring::publishing_places(&root.config, &root.credentials()?)?.is_empty() {
        return Ok(None);
    }
    look(root, context, false).await.map(Some)
}

async fn look(
    root: &Resolved,
    context: &Context,
    mint: bool,
) -> Result<(GateRow, TrustedPublisherStatus), Problem> {
    let request = PublisherCheck {
        project: root.config.package.as_ref().map(|package| package.value.clone()),
        places: wiring::publishing_places(&root.config, &root.credentials()?)?,
        mint,
    };
    Ok(check_publisher(context, &request).await)
}

/// What people read below the line of the gate.
pub(super) fn text(status: &TrustedPublisherStatus) -> String {
    let mut text = String::new();
    if let Some(provider) = &status.provider {
        text.push_str(&format!("  this job, says {provider}:\n"));
        for (claim, value) in &status.claims {
            text.push_str(&format!("    {claim}: {value}\n"));
        }
    }
    status.indexes.iter().for_each(|row| text.push_str(&index(row)));
    if status.indexes.is_empty() {
        text.push_str("  no index takes trusted publishers: trusted-publishing is \"never\", or the index is a private one\n");
    } else if status.indexes.iter().all(|row| row.state == PublisherState::UnverifiableHere) {
        text.push_str(
            "  Only a CI job that publishes can be checked: run `shiponce check publisher` in it, with\n  \
             `permissions: id-token: write` on GitHub, or `id_tokens` on GitLab\n",
        );
    }
    text
}

fn index(row: &PublisherRow) -> String {
    let known = match row.state {
        PublisherState::Accepted => "the index takes this job for a publisher",
        PublisherState::Refused => "the index refuses this job",
        PublisherState::SameAsLast => "the last release was published by the same workflow",
        PublisherState::OtherThanLast => "the last release was published by something else",
        PublisherState::NotCompared => "only the index knows what is registered; no release has provenance",
        PublisherState::NotOffered => "no trusted publishing",
        PublisherState::UnverifiableHere => "unverifiable here",
        PublisherState::Unknown => "unknown",
    };
    let mut text = format!("  {}: {known}\n", row.index);
    if !row.register.is_empty() {
        text.push_str("    register a publisher with\n");
        for field in &row.register {
            text.push_str(&format!("      {}: {}\n", field.field, field.value));
        }
    }
    if let Some(last) = &row.last {
        let words = [
            ("repository", &last.repository),
            ("workflow", &last.workflow),
            ("environment", &last.environment),
        ];
        let said: Vec<String> =
            words.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?))).collect();
        text.push_str(&format!("    {} was published by {}: {}\n", last.version, last.kind, said.join(", ")));
    }
    text
}
