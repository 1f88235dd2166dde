//! `config show`: every value and where it came from.

use super::Global;
use super::shared::{Resolved, current_dir};
use crate::terminal::Terminal;
use clap::{Args, Subcommand};
use shiponce_api::v1::{ConfigDocument, ConfigRow, HostRow, to_text};
use shiponce_api::{ErrorCode, ExitCode, Problem};
use shiponce_config::{Endpoints, Flags, Purpose, network_hosts, show_sources};

/// Look at the resolved configuration
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    Show(ShowArgs),
}

/// Print the resolved configuration
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Where each value came from
    #[arg(long)]
    pub(crate) sources: bool,
    /// Every host that would be contacted
    #[arg(long)]
    pub(crate) network: bool,
}

pub(crate) fn run(
    command: &ConfigCommand,
    global: &Global,
    terminal: &Terminal,
) -> Result<ExitCode, Problem> {
    let ConfigCommand::Show(args) = command;
    let folder = current_dir()?;
    let resolved =
        Resolved::load(global, &folder, Flags::default(), Purpose::Inspect, Endpoints::built_in())?;
    let credentials = resolved.credentials()?;
    let values = show_sources(&resolved.config, &credentials);
    let hosts = network_hosts(&resolved.config);
    if terminal.json() {
        let document = ConfigDocument {
            values: values
                .into_iter()
                .map(|row| ConfigRow { key: row.key, value: row.value, source: row.source })
                .collect(),
            hosts: hosts.into_iter().map(|host| HostRow { host: host.host, purpose: host.purpose }).collect(),
        };
        let text = to_text(&document).map_err(|error| Problem::from_error(ErrorCode::Internal, &error))?;
        terminal.data(&text);
        return Ok(ExitCode::Done);
    }
    if args.network {
        for host in hosts {
            terminal.data(&format!("{}  {}\n", host.host, host.purpose));
        }
        return Ok(ExitCode::Done);
    }
    let width = values.iter().map(|row| row.key.len()).max().unwrap_or(0);
    for row in values {
        let source = if args.sources { format!("  ({})", row.source) } else { String::new() };
        terminal.data(&format!("{:width$} = {}{source}\n", row.key, row.value));
    }
    Ok(ExitCode::Done)
}
