//! In GitHub Actions: what an earlier step of the run has uploaded is a second place. Every exchange is held against
//! GitHub's own description when the setting ends.

use crate::harness::{Setting, forge, project, wheel};
use shiponce_rehearsal::{Index, RouteKind};
use std::io::Write as _;
use std::path::Path;
use zip::write::SimpleFileOptions;

const RUN: u64 = 4711;
/// Run beside the folder of files, which is no part of the checkout.
const PRESS: [&str; 7] =
    ["release", "--yes", "--json", "--skip-build", "--dist-dir=../dist", "--skip-test-pypi", "--skip-github"];

/// A step of a workflow, with one wheel in `dist`. Files are tested here, so no index token is in the environment: a
/// command gives it.
fn step() -> Setting {
    let mut setting = Setting::tiny();
    let token = setting.variable("REHEARSAL_PROD_TOKEN").unwrap().into_string().unwrap();
    fs_err::write(setting.path("token"), token).unwrap();
    for name in ["REHEARSAL_PROD_TOKEN", "REHEARSAL_TEST_TOKEN"] {
        setting.unset(name);
    }
    let command = format!("token-command = [\"cat\", \"{}\"]", setting.path("token").display());
    let indexes = setting.indexes().replace("token-env = [\"REHEARSAL_PROD_TOKEN\"]", &command);
    let config = format!("{indexes}{}{}", project::TINY_CONFIG, setting.github());
    fs_err::write(setting.path("shiponce.toml"), config).unwrap();
    wheel(&setting.path("dist"), "tiny", "1.0.0", "py3-none-any", "one");
    let commit = fs_err::read_to_string(setting.project().join(".git/refs/heads/main")).unwrap();
    let commit = commit.trim().to_owned();
    setting.world().github(|github| {
        github.repository(forge::REPOSITORY).branch("main", &commit);
    });
    setting.set("GITHUB_ACTIONS", "true");
    setting.set("GITHUB_RUN_ID", RUN.to_string());
    setting.set("GITHUB_REPOSITORY", forge::REPOSITORY);
    setting.set("GITHUB_SHA", commit);
    setting
}

/// What `actions/upload-artifact` leaves of a folder.
fn upload(setting: &Setting, name: &str, folder: &Path) {
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        writer.start_file(path.file_name().unwrap().to_string_lossy(), SimpleFileOptions::default()).unwrap();
        writer.write_all(&fs_err::read(&path).unwrap()).unwrap();
    }
    let zip = writer.finish().unwrap().into_inner();
    let now = jiff::Timestamp::now();
    setting.world().github(|github| github.repository(forge::REPOSITORY).artifact(RUN, name, zip, now));
}

fn listings(setting: &Setting) -> usize {
    setting.world().log().iter().filter(|entry| entry.route == RouteKind::GithubArtifacts).count()
}

#[test]
fn an_artifact_of_the_run_is_the_second_place() {
    let setting = step();
    upload(&setting, "dist", &setting.path("dist"));
    let run = setting.shiponce(PRESS).expect(0);
    assert_eq!(setting.files(Index::Pypi).len(), 1);
    assert!(setting.files(Index::TestPypi).is_empty() && setting.releases().is_empty());
    let json = run.json();
    let steps = json["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["name"] == "second place").unwrap();
    assert_eq!(
        step["detail"],
        "every file is held by the store and by another place: artifact dist of run 4711"
    );
    assert_eq!(listings(&setting), 1);
}

#[test]
fn without_it_production_hears_nothing_and_the_way_out_is_named() {
    let setting = step();
    let other = setting.path("other");
    wheel(&other, "tiny", "1.0.0", "py3-none-any", "two");
    upload(&setting, "dist", &other);
    let run = setting.shiponce(PRESS).expect(2);
    assert_eq!(run.json()["error"]["code"], "single-copy");
    assert!(run.stderr.contains("upload the files with actions/upload-artifact first"), "{}", run.stderr);
    assert_eq!((listings(&setting), setting.stores(Index::Pypi)), (1, 0));
}

#[test]
fn without_a_token_or_on_another_github_no_artifact_counts() {
    let mut setting = step();
    upload(&setting, "dist", &setting.path("dist"));
    let token = setting.variable(forge::VARIABLE).unwrap();
    setting.unset(forge::VARIABLE);
    let run = setting.shiponce(PRESS).expect(2);
    assert!(run.stderr.contains("there is no token to read them with"), "{}", run.stderr);
    setting.set(forge::VARIABLE, token);
    setting.set("GITHUB_API_URL", "https://forge.example/api/v3");
    let run = setting.shiponce(PRESS).expect(2);
    assert!(run.stderr.contains("the run is on https://forge.example/api/v3, and"), "{}", run.stderr);
    assert_eq!((listings(&setting), setting.stores(Index::Pypi)), (0, 0));
    let api = setting.server().github().api();
    setting.set("GITHUB_API_URL", api);
    setting.shiponce(PRESS).expect(0);
}

#[test]
fn outside_of_actions_nobody_asks() {
    let mut setting = step();
    upload(&setting, "dist", &setting.path("dist"));
    setting.unset("GITHUB_ACTIONS");
    setting.shiponce(PRESS).expect(2);
    assert_eq!(listings(&setting), 0);
}

#[test]
fn frozen_bytes_that_are_lost_come_back_from_the_run() {
    let setting = step();
    let dist = setting.path("dist");
    wheel(&dist, "tiny", "1.0.0", "cp39-abi3-manylinux2014_x86_64", "one");
    upload(&setting, "dist", &dist);
    setting.world().add_fault("prod.upload:2:read-only".parse().unwrap());
    setting.shiponce(PRESS).expect(6);
    assert_eq!(setting.files(Index::Pypi).len(), 1);
    fs_err::remove_dir_all(setting.path("state/store")).unwrap();
    fs_err::remove_dir_all(&dist).unwrap();
    // Nothing is built: the release is frozen, and this build would make other files.
    setting.shiponce(["release", "--yes", "--skip-test-pypi", "--skip-github"]).expect(0);
    assert_eq!(setting.files(Index::Pypi).len(), 2);
}
