//! What the founders promised, shown by the running binary; `docs/reference/interfaces.md` lists it.

mod authentication;
mod cache;
mod command_line;
mod duplicates;
mod fields;
mod gates;
mod lookups;
mod project;
mod provenance;
mod publisher;
mod triggers;
mod variants;

use crate::harness::{Setting, python, venv, wheel};
use shiponce_rehearsal::{Index, RouteKind};
use std::path::{Path, PathBuf};

/// A wheel of `demo` outside the project's folder.
fn demo(setting: &Setting, version: &str) -> PathBuf {
    wheel(&setting.path("files"), "demo", version, "py3-none-any", "one")
}

/// How often an index was asked for pages of a project.
fn readings(setting: &Setting, index: Index) -> usize {
    let pages = [RouteKind::Simple, RouteKind::Json];
    let log = setting.world().log();
    log.iter().filter(|entry| entry.index == Some(index) && pages.contains(&entry.route)).count()
}

/// Nothing was uploaded to any index, and nobody tried.
#[track_caller]
fn nothing_sent(setting: &Setting) {
    assert_eq!(Index::ALL.map(|index| setting.world().writes(index)), [0, 0]);
}

/// Gives every later command a `PATH` of one folder with the tools of a release in it, and no `gh`; returns the folder.
fn without_gh(setting: &mut Setting) -> PathBuf {
    let folder = setting.path("tools");
    fs_err::create_dir_all(&folder).unwrap();
    let link = |program: &Path, name: &str| {
        fs_err::write(folder.join(name), format!("#!/bin/sh\nexec '{}' \"$@\"\n", program.display()))
            .unwrap();
        fs_err::set_permissions(folder.join(name), std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .unwrap();
    };
    link(&python(), "python3");
    link(&venv().join("bin/uv"), "uv");
    let path = std::env::split_paths(&crate::harness::path_with_uv()).collect::<Vec<_>>();
    for tool in ["git", "sh", "cat"] {
        link(&path.iter().map(|place| place.join(tool)).find(|program| program.is_file()).unwrap(), tool);
    }
    assert!(!folder.join("gh").exists());
    setting.set("PATH", &folder);
    folder
}
