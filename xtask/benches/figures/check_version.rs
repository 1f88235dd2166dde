//! `check version` of a project whose version stands in files, in a git repository with a history.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use fs_err as fs;

use crate::binary;
use crate::stats::Times;

const RUNS: usize = 50;
/// Commits since the last release, whose messages are read for the recommendation.
const COMMITS: usize = 200;

pub(crate) fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let project = folder.path().join("project");
    make_project(&project)?;
    let mut times = Vec::new();
    // The first run warms the caches of the file system.
    for number in 0..=RUNS {
        let mut command = Command::new(binary()?);
        command
            .args(["check", "version", "--offline", "--json", "--state-dir"])
            .arg(folder.path().join("state"))
            .arg(&project)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status()?;
        let time = start.elapsed();
        ensure!(status.success(), "check version ended with {status}");
        if number > 0 {
            times.push(time);
        }
    }
    Times::new(times).print(&format!("check version, {COMMITS} commits since the last release"));
    Ok(())
}

fn make_project(project: &Path) -> Result<()> {
    fs::create_dir_all(project.join("src/demo"))?;
    let pyproject = "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n\
        [project]\nname = \"demo\"\nversion = \"1.4.0\"\n";
    fs::write(project.join("pyproject.toml"), pyproject)?;
    fs::write(project.join("src/demo/__init__.py"), "__version__ = \"1.4.0\"\n")?;
    fs::write(project.join("CITATION.cff"), "cff-version: 1.2.0\nversion: 1.4.0\n")?;
    git(project, &["init", "--quiet"])?;
    git(project, &["add", "--all"])?;
    git(project, &["commit", "--quiet", "--message", "Begin"])?;
    git(project, &["tag", "v1.3.0"])?;
    for number in 0..COMMITS {
        fs::write(project.join("src/demo/data.txt"), number.to_string())?;
        git(project, &["add", "--all"])?;
        git(project, &["commit", "--quiet", "--message", &format!("feat: the change number {number}")])?;
    }
    Ok(())
}

fn git(project: &Path, args: &[&str]) -> Result<()> {
    let status = Command::new("git")
        .current_dir(project)
        .args(["-c", "user.name=Bench", "-c", "user.email=bench@example.org"])
        .args(args)
        .status()
        .context("git does not start")?;
    ensure!(status.success(), "git {} ended with {status}", args.join(" "));
    Ok(())
}
