//! `status`: files × targets.

use super::Global;
use super::selection::{Chosen, SelectionArgs, choose, configs};
use super::shared::{Resolved, context, current_dir, temp_dir};
use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::v1::{FileRow, Level, StatusDocument, TargetState, to_text};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Endpoints, Flags, Purpose};
use shiponce_core::{PackageName, Version};
use shiponce_engine::report::Reporter as _;
use shiponce_engine::wiring::{self, Use};
use shiponce_engine::{
    Context, StatusList, StatusPage, StatusReport, StatusRequest, status, status_of_all, tagged_versions,
};
use std::sync::Arc;

/// Show what is where: files and targets
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// The project; by default the one of this folder
    pub(crate) name: Option<PackageName>,
    /// The version; by default the newest
    pub(crate) version: Option<Version>,
    /// A line for each project of the workspace or variant of the project; exit 6 when something is owed
    #[arg(long, conflicts_with_all = ["name", "version"])]
    pub(crate) workspace: bool,
    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
}

pub(crate) async fn run(
    args: &StatusArgs,
    global: &Global,
    terminal: &Terminal,
) -> Result<ExitCode, Problem> {
    let folder = current_dir()?;
    let root = Resolved::load(global, &folder, Flags::default(), Purpose::Inspect, Endpoints::built_in())?;
    let root = Arc::new(root);
    let temp = temp_dir()?;
    let mut chosen = match &args.name {
        Some(name) => named(&root, name, args)?,
        None => choose(&root, &args.selection)?,
    };
    let context = context(terminal, root.state(&temp)?, configs(&root, &chosen))?;
    if let ([_], false) = (chosen.as_slice(), args.workspace)
        && let Some(one) = chosen.pop()
    {
        return show_one(args, &one, &context, terminal).await;
    }
    show_all(&chosen, &context, terminal).await
}

/// A project by its name: one of those of this folder, or any other on the indexes of this folder.
fn named(root: &Arc<Resolved>, name: &PackageName, args: &StatusArgs) -> Result<Vec<Chosen>, Problem> {
    let mut known = choose(root, &args.selection).unwrap_or_default();
    known.retain(|one| one.package == *name);
    Ok(if known.is_empty() { vec![Chosen::other(root, name)] } else { known })
}

async fn show_one(
    args: &StatusArgs,
    chosen: &Chosen,
    context: &Context,
    terminal: &Terminal,
) -> Result<ExitCode, Problem> {
    let request = StatusRequest { version: args.version.clone(), ..request(chosen, context).await? };
    let mut names: Vec<String> = request.targets.iter().map(|target| target.core.name.clone()).collect();
    names.extend(request.page.as_ref().map(|_| "github".to_owned()));
    let report = status(context, &request).await?;
    for line in &report.lines {
        terminal.line(Level::Info, line);
    }
    if terminal.json() {
        terminal.data(&to_text(&report.document).map_err(not_json)?);
    } else {
        terminal.data(&table(&report.document, &names, report.exit_code));
    }
    Ok(report.exit_code)
}

async fn show_all(chosen: &[Chosen], context: &Context, terminal: &Terminal) -> Result<ExitCode, Problem> {
    let mut requests = Vec::new();
    for one in chosen {
        let mut request = request(one, context).await?;
        request.tagged = tagged_versions(context, &one.resolved.inputs.project_dir, &one.rule()).await?;
        requests.push(request);
    }
    let list = status_of_all(context, &requests).await?;
    for report in &list.reports {
        for line in &report.lines {
            terminal.line(Level::Info, &format!("{}: {line}", report.document.project));
        }
    }
    if terminal.json() {
        terminal.data(&to_text(&list.document()).map_err(not_json)?);
    } else {
        terminal.data(&lines(&list));
    }
    Ok(list.exit_code)
}

/// What is asked about one release. Another project than those of this folder has its page elsewhere.
async fn request(chosen: &Chosen, context: &Context) -> Result<StatusRequest, Problem> {
    let config = &chosen.resolved.config;
    let credentials = chosen.credentials()?;
    let mut targets = wiring::targets(config, &credentials, Use::Read)?;
    wiring::sign_in(context, &mut targets).await?;
    let folder = &chosen.resolved.inputs.project_dir;
    let page = if chosen.is_of_this_folder {
        wiring::github_to_read(config, &credentials, context, folder).await?
    } else {
        None
    };
    let page = page.map(|target| StatusPage { target, rule: chosen.rule() });
    Ok(StatusRequest { project: chosen.package.clone(), version: None, targets, page, tagged: Vec::new() })
}

#[expect(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn not_json(error: serde_json::Error) -> Problem {
    Problem::from_error(ErrorCode::Internal, &error)
}

/// A line for each release.
fn lines(list: &StatusList) -> String {
    let width = list.reports.iter().map(|report| report.document.project.len()).max().unwrap_or(0).max(7);
    let mut text = format!("{:width$}  {:12}  state\n", "project", "version");
    for StatusReport { document, exit_code, .. } in &list.reports {
        let missing = |row: &&FileRow| {
            row.targets.iter().any(|(name, cell)| name != "local" && cell.state == TargetState::Missing)
        };
        let count = document.files.iter().filter(missing).count();
        let state = match (exit_code, document.files.len()) {
            (ExitCode::Done, 0) => "no release is known".to_owned(),
            (ExitCode::Done, _) => "complete".to_owned(),
            (ExitCode::Partial, 0) => "owed: tagged, and no file is anywhere".to_owned(),
            (ExitCode::Partial, total) => format!("owed: {count} of {total} files are not everywhere"),
            (ExitCode::Conflict, _) => "conflict".to_owned(),
            _ => "unknown".to_owned(),
        };
        let version = document.version.as_deref().unwrap_or("-");
        text.push_str(&format!("{:width$}  {version:12}  {state}\n", document.project));
    }
    text
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
