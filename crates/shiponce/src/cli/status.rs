//! `status`: files × targets.

use super::Global;
use super::release::project_name;
use super::shared::{Resolved, context, current_dir, temp_dir};
use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::v1::{StatusDocument, TargetState, to_text};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Endpoints, Flags, Purpose};
use shiponce_core::{PackageName, Version};
use shiponce_engine::report::Reporter as _;
use shiponce_engine::wiring::{self, Use};
use shiponce_engine::{StatusPage, StatusRequest, status};

/// Show what is where: files and targets
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// The project; by default the one of this folder
    pub(crate) name: Option<PackageName>,
    /// The version; by default the newest
    pub(crate) version: Option<Version>,
}

pub(crate) async fn run(
    args: &StatusArgs,
    global: &Global,
    terminal: &Terminal,
) -> Result<ExitCode, Problem> {
    let folder = current_dir()?;
    let resolved =
        Resolved::load(global, &folder, Flags::default(), Purpose::Inspect, Endpoints::built_in())?;
    let credentials = resolved.credentials()?;
    let mut targets = wiring::targets(&resolved.config, &credentials, Use::Read)?;
    let project = match &args.name {
        Some(name) => name.clone(),
        None => project_name(&resolved)?,
    };
    let mut names: Vec<String> = targets.iter().map(|target| target.core.name.clone()).collect();
    let temp = temp_dir()?;
    let context = context(terminal, resolved.state(&temp)?, Some(&resolved.config))?;
    wiring::sign_in(&context, &mut targets).await?;
    // Another project than that of this folder has its page elsewhere.
    let own = resolved.config.package.as_ref().is_some_and(|package| package.value == project);
    let page = if own {
        wiring::github_to_read(&resolved.config, &credentials, &context, &folder).await?
    } else {
        None
    };
    let page =
        page.map(|target| StatusPage { target, rule: wiring::tag_rule(&resolved.config, &project, None) });
    names.extend(page.as_ref().map(|_| "github".to_owned()));
    let version = args.version.clone();
    let report = status(&context, &StatusRequest { project, version, targets, page }).await?;
    for line in &report.lines {
        terminal.line(shiponce_api::v1::Level::Info, line);
    }
    if terminal.json() {
        let text =
            to_text(&report.document).map_err(|error| Problem::from_error(ErrorCode::Internal, &error))?;
        terminal.data(&text);
    } else {
        terminal.data(&table(&report.document, &names, report.exit_code));
    }
    Ok(report.exit_code)
}

fn table(document: &StatusDocument, targets: &[String], exit_code: ExitCode) -> String {
    let Some(version) = &document.version else {
        let words = match exit_code {
            ExitCode::Unknown => "no release is known here, and not every index could be read",
            _ => "no release is known, here or on an index",
        };
        return format!("{}: {words}\n", document.project);
    };
    let width = document.files.iter().map(|row| row.filename.len()).max().unwrap_or(4).max(4);
    let mut text = format!("{} {version}\n{:width$}", document.project, "file");
    let columns: Vec<&str> = std::iter::once("local").chain(targets.iter().map(String::as_str)).collect();
    for column in &columns {
        text.push_str(&format!("  {column:10}"));
    }
    for row in &document.files {
        text.push_str(&format!("\n{:width$}", row.filename));
        for column in &columns {
            let word = row.targets.get(*column).map_or_else(|| "-".to_owned(), |cell| word(cell.state));
            text.push_str(&format!("  {word:10}"));
        }
    }
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The word of the JSON, so that table and document never differ.
fn word(state: TargetState) -> String {
    serde_json::to_value(state)
        .ok()
        .and_then(|value| value.as_str().map(ToOwned::to_owned))
        .unwrap_or_default()
}
