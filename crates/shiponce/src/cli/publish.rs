//! `publish`: files in, nothing else needed.

use super::Global;
use super::press::Pressed;
use super::release::OnUnknownArg;
use super::shared::{Resolved, conclude, context, current_dir, parse_duration, temp_dir};
use crate::terminal::Terminal;
use clap::Args;
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Endpoints, Flags, Purpose};
use shiponce_core::{DistFilename, VersionSuffix};
use shiponce_engine::report::Reporter as _;
use shiponce_engine::wiring::{self, Use};
use shiponce_engine::{PublishRequest, RepackRequest, files_of_folder, publish, read_manifest, repack};
use std::path::PathBuf;
use std::time::Duration;

/// Publish files that exist; identical ones are skipped, different ones refused
#[derive(Debug, Args)]
pub(crate) struct PublishArgs {
    /// The files; by default every distribution in dist/
    pub(crate) files: Vec<PathBuf>,
    /// A configured index, or an upload address
    #[arg(long, value_name = "NAME|URL")]
    pub(crate) index: Option<String>,
    /// Publish exactly the files this manifest names, with these digests
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// And only if the manifest file has this digest
    #[arg(long, value_name = "HEX", requires = "manifest")]
    pub(crate) manifest_sha256: Option<String>,
    /// Repack the files under their version with this behind it, for burned file names; the new files stay beside them
    #[arg(long, value_name = ".postN|.devN", conflicts_with = "manifest")]
    pub(crate) version_suffix: Option<VersionSuffix>,
    /// Do every read and no write
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask before production
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
    /// What to do about an index that cannot be read
    #[arg(long, value_name = "WHAT", default_value = "stop")]
    pub(crate) on_unknown: OnUnknownArg,
    /// How long to wait for another press of the same project
    #[arg(long, value_name = "D", default_value = "1h", value_parser = parse_duration)]
    pub(crate) wait: Duration,
}

pub(crate) async fn run(
    args: &PublishArgs,
    global: &Global,
    terminal: &Terminal,
) -> Result<ExitCode, Problem> {
    let folder = current_dir()?;
    let flags = Flags {
        index: args.index.clone(),
        on_unknown_attempt: args.on_unknown == OnUnknownArg::Attempt,
        ..Flags::default()
    };
    let resolved = Resolved::load(global, &folder, flags, Purpose::Publish, Endpoints::built_in())?;
    let expected = match &args.manifest {
        Some(path) => Some(read_manifest(path, args.manifest_sha256.as_deref())?),
        None => None,
    };
    let dist = folder.join("dist");
    let files = match (args.files.as_slice(), &expected) {
        ([], Some(manifest)) => manifest.files.keys().map(|name| dist.join(name)).collect(),
        ([], None) => files_of_folder(&dist)?,
        (files, _) => files.to_vec(),
    };
    let temp = temp_dir()?;
    let files = match args.version_suffix {
        Some(suffix) => {
            let out = args.dry_run.then(|| temp.path().join("repacked"));
            suffixed(files, suffix, out, terminal)?
        }
        None => files,
    };
    let credentials = resolved.credentials()?;
    let purpose = if args.dry_run { Use::Read } else { Use::Write };
    let mut targets = wiring::targets(&resolved.config, &credentials, purpose)?;
    if targets.is_empty() {
        return Err(
            Problem::new(ErrorCode::Usage, "there is no index to publish to").hint("name one with --index")
        );
    }
    if args.yes {
        terminal.answer_yes();
    }
    let message = "The files are yours to keep: no second place is asked for (single copy)";
    terminal.line(shiponce_api::v1::Level::Info, message);
    let context = context(terminal, resolved.state(&temp)?, Some(&resolved.config))?;
    wiring::sign_in(&context, &mut targets).await?;
    let left_out = Vec::new();
    let write = !args.dry_run;
    let request = PublishRequest { files, expected, targets, left_out, write, wait: args.wait };
    let finished = publish(&context, &request).await;
    conclude(&Pressed::One(Box::new(finished)), terminal)
}

/// The files under the suffixed version, by default beside the old ones: what is published is in the hands of its
/// caller. Files that have the suffix already, as after a first press, stay as they are.
fn suffixed(
    files: Vec<PathBuf>,
    suffix: VersionSuffix,
    out: Option<PathBuf>,
    terminal: &Terminal,
) -> Result<Vec<PathBuf>, Problem> {
    // Attestations are of the old bytes; the new files have none.
    let attests = |path: &PathBuf| path.extension().is_some_and(|last| last == "attestation");
    let files: Vec<PathBuf> = files.into_iter().filter(|path| !attests(path)).collect();
    let has_it = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let name: Option<DistFilename> = name.parse().ok();
        name.is_some_and(|name| name.version().to_string().ends_with(&suffix.to_string()))
    };
    let (mut ready, files): (Vec<_>, Vec<_>) = files.into_iter().partition(has_it);
    let request = RepackRequest { files, suffix: Some(suffix), readme: None, out };
    let made = repack(terminal, &request)?.files.into_iter().map(|row| PathBuf::from(row.path));
    let made: Vec<PathBuf> = made.filter(|path| !ready.contains(path)).collect();
    ready.extend(made);
    Ok(ready)
}
