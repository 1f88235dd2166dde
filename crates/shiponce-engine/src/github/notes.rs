//! The notes of a page, made once and kept in the draft.

use super::work::Page;
use crate::context::Context;
use crate::python::{interrupted, run};
use crate::report::Say as _;
use shiponce_api::{ErrorCode, Problem};
use shiponce_config::Notes;
use shiponce_core::Version;
use shiponce_forge::NotesRequest;
use shiponce_forge::changelog::section;
use shiponce_io::process::{Command, find_program};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

/// Names of changelogs, in the order they are looked for.
const CHANGELOGS: [&str; 4] = ["CHANGELOG.md", "CHANGES.md", "RELEASE_NOTES.md", "HISTORY.md"];
/// How long a program may take that prints notes.
const COMMAND_MAX: Duration = Duration::from_secs(120);

/// The text of the notes. What cannot be had becomes the default text and a warning: notes can be written later, on a
/// page that is published too.
///
/// # Errors
/// `interrupted`.
pub(super) async fn notes(
    context: &Context,
    page: &Page<'_>,
    published: &[String],
) -> Result<String, Problem> {
    let version = &page.manifest.version;
    let made = match &page.target.notes {
        Notes::None => Ok(String::new()),
        Notes::Generated => generated(page, published).await,
        Notes::File(file) => from_file(&page.project_dir.join(file)),
        Notes::Command(command) => from_command(context, page, command).await,
        Notes::Auto => match from_changelog(page.project_dir, version) {
            Some(text) => Ok(text),
            None => generated(page, published).await,
        },
    };
    if context.cancel.is_cancelled() {
        return Err(interrupted());
    }
    made.or_else(|why| {
        context.report.warning(format!("No notes for {}: {why}; the page gets its title only", page.tag));
        Ok(format!("{} {version}", page.manifest.project))
    })
}

fn from_changelog(folder: &Path, version: &Version) -> Option<String> {
    CHANGELOGS.iter().find_map(|name| section(&fs_err::read_to_string(folder.join(name)).ok()?, version))
}

fn from_file(path: &Path) -> Result<String, String> {
    fs_err::read_to_string(path).map_err(|error| error.to_string())
}

/// Notes that GitHub writes, since the release of the version before this one. In a repository of several projects the
/// release before this one may be another project's, so it is named.
async fn generated(page: &Page<'_>, published: &[String]) -> Result<String, String> {
    let version = &page.manifest.version;
    let earlier = published.iter().filter_map(|tag| Some((page.rule.parse(tag)?, tag)));
    let previous = earlier.filter(|(other, _)| other < version).max_by(|(a, _), (b, _)| a.cmp(b));
    let request = NotesRequest { tag: page.tag, previous_tag: previous.map(|(_, tag)| tag.as_str()) };
    let made = tokio::select! {
        made = page.target.client.generate_notes(request) => made,
        () = page.session.context.cancel.cancelled() => return Err("interrupted".to_owned()),
    };
    made.map(|notes| notes.body).map_err(|error| error.to_string())
}

/// What a program of the project prints. It is project code: it sees no credential.
async fn from_command(context: &Context, page: &Page<'_>, command: &[String]) -> Result<String, String> {
    let (name, arguments) = command.split_first().ok_or("the command is empty")?;
    let path = context.environment.get("PATH").unwrap_or(OsStr::new(""));
    let program = find_program(name, path).ok_or_else(|| format!("`{name}` is not on PATH"))?;
    let extra = BTreeMap::from([
        ("SHIPONCE_TAG".to_owned(), page.tag.to_owned()),
        ("SHIPONCE_VERSION".to_owned(), page.manifest.version.to_string()),
    ]);
    let command = Command::new(program, page.project_dir, context.child_env(&extra), COMMAND_MAX)
        .args(arguments.iter());
    let finished = run(context, command, "the command for notes", ErrorCode::GithubFailed).await;
    let finished = finished.map_err(|problem| problem.message)?;
    if !finished.success() {
        return Err(format!("`{name}` ended with {}", finished.status));
    }
    Ok(finished.stdout.text())
}
