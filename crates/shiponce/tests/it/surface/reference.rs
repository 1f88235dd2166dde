//! The reference page and the binary name the same flags.

use super::help::{COMMANDS, text};
use crate::harness::Setting;
use regex::Regex;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../../../docs/reference/commands.md");

/// The text of a section, up to the next one.
fn section(title: &str) -> &'static str {
    let start =
        PAGE.find(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("there is no section {title}"));
    let rest = &PAGE[start + 4..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end])
}

/// Flags in the first column of a section's tables.
fn documented(title: &str) -> BTreeSet<String> {
    let row = Regex::new(r"(?m)^\| ([^|]*(?:\\\|[^|]*)*) \|").unwrap();
    let flag = Regex::new(r"--[a-z][a-z0-9-]*").unwrap();
    row.captures_iter(section(title))
        .flat_map(|row| {
            flag.find_iter(row.get(1).unwrap().as_str())
                .map(|flag| flag.as_str().to_owned())
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Flags at the beginning of a help line.
fn offered(help: &str) -> BTreeSet<String> {
    let line = Regex::new(r"(?m)^\s+(?:-\w, )?(--[a-z][a-z0-9-]*)").unwrap();
    line.captures_iter(help).map(|found| found[1].to_owned()).collect()
}

#[test]
fn every_flag_has_its_row_and_every_row_its_flag() {
    let setting = Setting::new();
    let everywhere = documented("Everywhere");
    let top: BTreeSet<String> = offered(&text(&setting, &["--help"]));
    assert_eq!(top, everywhere);
    let release: BTreeSet<String> = documented("release").difference(&everywhere).cloned().collect();
    for command in COMMANDS {
        let help = match command {
            "config" => text(&setting, &["config", "show", "--help"]),
            _ => text(&setting, &[command, "--help"]),
        };
        // `verify --version` is a flag of its own, not the one of the program.
        let offered: BTreeSet<String> = offered(&help)
            .into_iter()
            .filter(|flag| !everywhere.contains(flag) || (command == "verify" && flag == "--version"))
            .collect();
        let mut documented = documented(command);
        if ["plan", "rehearse"].contains(&command) {
            assert!(section(command).contains("the flags of `release`"));
            documented.extend(release.iter().filter(|flag| *flag != "--dry-run").cloned());
        }
        assert_eq!(offered, documented, "{command}");
    }
}
