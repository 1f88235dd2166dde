//! Credentials an index refuses: the index's own words, code 7, and nothing that was done is lost.

use crate::bad_input::said;
use crate::harness::{Setting, wheel};
use insta::assert_snapshot;
use shiponce_rehearsal::{Index, Publisher, RouteKind, RunnerConfig, TokenSpec};

/// Presses a release whose production credential is no good, then the same with a good one. What the second press
/// publishes is what the first one has built and tested.
#[track_caller]
fn refused_then_mended(setting: &mut Setting, words: &str) {
    let first = setting.shiponce(["release", "--yes", "--json"]).expect(7);
    assert!(first.stderr.contains(words), "{}", first.stderr);
    assert_eq!(first.json()["error"]["code"], "auth-refused");
    assert!(first.json()["receipt"].is_null(), "a release is recorded when it is complete");
    assert_eq!(setting.stores(Index::Pypi), 0);
    let tested = setting.files(Index::TestPypi);
    assert_eq!(tested.len(), 1);

    let good = setting.world().token(Index::Pypi, &TokenSpec::user("alice"));
    setting.set("REHEARSAL_PROD_TOKEN", good);
    let second = setting.shiponce(["release", "--yes", "--json"]).expect(0);
    assert!(!second.stderr.contains("Building"), "{}", second.stderr);
    assert!(second.json()["receipt"].is_object());
    assert_eq!(setting.files(Index::Pypi), tested);
    assert_eq!(setting.world().writes(Index::TestPypi), 1);
}

#[test]
fn a_wrong_token() {
    let mut setting = Setting::tiny();
    let token = setting.world().token(Index::Pypi, &TokenSpec::user("alice").damaged());
    setting.set("REHEARSAL_PROD_TOKEN", token);
    refused_then_mended(&mut setting, "Invalid API Token: signatures do not match");
}

#[test]
fn a_token_that_has_expired() {
    let mut setting = Setting::tiny();
    let past = "2020-01-01T00:00:00Z".parse().unwrap();
    let token = setting.world().token(Index::Pypi, &TokenSpec::user("alice").expires(past));
    setting.set("REHEARSAL_PROD_TOKEN", token);
    refused_then_mended(&mut setting, "Invalid API Token: token is expired");
}

#[test]
fn a_token_of_another_project() {
    let mut setting = Setting::tiny();
    let token = setting.world().token(Index::Pypi, &TokenSpec::user("alice").project("other"));
    setting.set("REHEARSAL_PROD_TOKEN", token);
    refused_then_mended(&mut setting, "project-scoped token is not valid for project: 'tiny'");
}

/// A job of GitHub Actions that may prove who it is, with files to publish and a token beside.
pub(crate) fn job() -> Setting {
    job_with(|_| {})
}

/// The same with a say in what the CI says of it.
pub(crate) fn job_with(change: impl FnOnce(&mut RunnerConfig)) -> Setting {
    let mut setting = Setting::with(|config| change(&mut config.runner));
    wheel(&setting.project().join("dist"), "demo", "1.0", "py3-none-any", "one");
    let tables = setting.indexes();
    let production = tables[tables.find("[index.pypi]").unwrap()..].to_owned();
    let table = format!("{production}trusted-publishing = \"always\"\n");
    fs_err::write(setting.path("shiponce.toml"), table).unwrap();
    setting.set("GITHUB_ACTIONS", "true");
    let runner = format!("{}/runner/token?api-version=2.0", setting.server().base_url());
    setting.set("ACTIONS_ID_TOKEN_REQUEST_URL", runner);
    setting.set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "runner-bearer");
    setting
}

/// The exchange is refused with what to register; the token that would have worked is not used in its place.
#[test]
fn a_publisher_that_is_not_registered() {
    let setting = job();
    let run = setting.shiponce(["publish", "--yes"]).expect(7);
    assert_eq!(setting.world().writes(Index::Pypi), 0);
    let said = said(&setting, &run);
    let refusal = said.split("(GitHub Actions)\n").nth(1).unwrap();
    assert_snapshot!(refusal, @"
    error[trusted-publishing-failed]: the index refused the exchange (invalid-publisher): valid token, but no corresponding publisher (Publisher with matching claims was not found)
    owner, repository, workflow file and environment must all be as registered; the job is event_name `push`, job_workflow_ref `octo/demo/.github/workflows/release.yml@refs/tags/v1`, ref `refs/tags/v1`, repository `octo/demo`, repository_owner `octo`, repository_owner_id `1001`, sub `repo:octo/demo:ref:refs/tags/v1`, workflow_ref `octo/demo/.github/workflows/release.yml@refs/tags/v1`
    Nothing was uploaded to pypi by this run.
    hint: register this publisher in the project's settings on the index: owner: octo, repository name: demo, workflow name: release.yml, environment name: (leave empty)
    ::error::the index refused the exchange (invalid-publisher): valid token, but no corresponding publisher (Publisher with matching claims was not found)
    ");

    let publisher = Publisher::new("demo", "octo/demo", "release.yml").pending();
    setting.world().register(Index::Pypi, publisher);
    let run = setting.shiponce(["publish", "--yes"]).expect(0);
    assert!(
        run.stderr.contains("Credential for pypi: trusted publishing (GitHub Actions)"),
        "{}",
        run.stderr
    );
    assert_eq!(setting.stores(Index::Pypi), 1);
    let mints = setting.world().log().iter().filter(|entry| entry.route == RouteKind::Mint).count();
    assert_eq!(mints, 2);
}

/// Whether the credential works is found out without sending a file.
#[test]
fn a_dry_run_exchanges_no_identity() {
    let setting = job();
    setting.shiponce(["publish", "--dry-run"]).expect(0);
    let log = setting.world().log();
    let asked = log.iter().any(|entry| matches!(entry.route, RouteKind::Mint | RouteKind::Identity));
    assert!(!asked, "{log:#?}");
}
