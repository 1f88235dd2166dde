//! `versions`: what is published, per index.

use super::Global;
use super::shared::{Resolved, context, current_dir, temp_dir};
use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::v1::{VersionsDocument, to_text};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Endpoints, Flags, Purpose};
use shiponce_core::PackageName;
use shiponce_engine::versions;
use shiponce_engine::wiring::{self, Use};

/// List published versions in PEP 440 order
#[derive(Debug, Args)]
pub(crate) struct VersionsArgs {
    /// The project
    pub(crate) name: PackageName,
}

pub(crate) async fn run(
    args: &VersionsArgs,
    global: &Global,
    terminal: &Terminal,
) -> Result<ExitCode, Problem> {
    let folder = current_dir()?;
    let resolved =
        Resolved::load(global, &folder, Flags::default(), Purpose::Inspect, Endpoints::built_in())?;
    let mut targets = wiring::targets(&resolved.config, &resolved.credentials()?, Use::Read)?;
    let temp = temp_dir()?;
    let context = context(terminal, resolved.state(&temp)?, Some(&resolved.config))?;
    wiring::sign_in(&context, &mut targets).await?;
    let document = versions(&context, &args.name, &targets).await;
    if terminal.json() {
        let text = to_text(&document).map_err(|error| Problem::from_error(ErrorCode::Internal, &error))?;
        terminal.data(&text);
    } else {
        terminal.data(&table(&document));
    }
    let unread = document.indexes.values().any(|index| !index.observed);
    Ok(if unread { ExitCode::Unknown } else { ExitCode::Done })
}

fn table(document: &VersionsDocument) -> String {
    let mut text = String::new();
    for (name, index) in &document.indexes {
        let head = match (&index.reason, index.versions.len()) {
            (Some(reason), _) => format!("{name}: not known: {reason}"),
            (None, 0) => format!("{name}: no published version of {}", document.project),
            (None, 1) => format!("{name}: 1 version of {}", document.project),
            (None, count) => format!("{name}: {count} versions of {}", document.project),
        };
        text.push_str(&format!("{head}\n"));
        for row in &index.versions {
            let yanked = if row.yanked { "  yanked" } else { "" };
            let since = row.first_upload.as_deref().unwrap_or("");
            let files = if row.files == 1 { "file " } else { "files" };
            let line = format!("  {:20} {:3} {files}  {since}{yanked}", row.version, row.files);
            text.push_str(&format!("{}\n", line.trim_end()));
        }
    }
    text
}
