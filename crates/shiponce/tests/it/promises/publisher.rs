//! `check publisher`: who the CI says this is, before anything is published.

use super::authentication::{job, job_with};
use crate::harness::{Setting, wheel};
use insta::assert_snapshot;
use shiponce_io::Clock as _;
use shiponce_rehearsal::{Attestation, Index, Publisher, RouteKind};

/// `demo 0.9` is there, attested by a workflow of this repository.
fn published_by(setting: &Setting, workflow: &str) {
    let file = wheel(&setting.path("files"), "demo", "0.9", "py3-none-any", "old");
    let config = setting.path("shiponce.toml");
    let trusting = fs_err::read_to_string(&config).unwrap();
    // By a person's token, of which no index shows anything.
    fs_err::write(&config, trusting.replace("trusted-publishing = \"always\"", "")).unwrap();
    setting.shiponce(["publish", &file.display().to_string(), "--yes"]).expect(0);
    fs_err::write(&config, trusting).unwrap();
    let attestation =
        Attestation::new("https://forge.example/octo/demo", &"ab".repeat(20)).from_workflow(workflow);
    let now = shiponce_io::SystemClock::new().now();
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(setting.world().attest(Index::Pypi, "demo", name, Some(&attestation), now));
}

fn asked(setting: &Setting, route: RouteKind) -> usize {
    setting.world().log().iter().filter(|entry| entry.route == route).count()
}

/// A project whose name is known.
fn named(setting: &Setting) {
    let toml = "[build-system]\nrequires = [\"flit_core\"]\nbuild-backend = \"flit_core.buildapi\"\n[project]\nname = \"demo\"\nversion = \"1.0\"\n";
    fs_err::write(setting.project().join("pyproject.toml"), toml).unwrap();
}

#[test]
fn the_job_is_shown_and_nothing_is_exchanged() {
    let setting = job();
    named(&setting);
    published_by(&setting, "release.yml");
    let run = setting.shiponce(["check", "publisher"]).expect(0);
    assert_snapshot!(run.stdout, @"
    publisher: pass
      this job, says GitHub Actions:
        aud: pypi
        event_name: push
        iss: https://token.actions.githubusercontent.com
        job_workflow_ref: octo/demo/.github/workflows/release.yml@refs/tags/v1
        ref: refs/tags/v1
        repository: octo/demo
        repository_owner: octo
        repository_owner_id: 1001
        sub: repo:octo/demo:ref:refs/tags/v1
        workflow_ref: octo/demo/.github/workflows/release.yml@refs/tags/v1
      pypi: the last release was published by the same workflow
        register a publisher with
          owner: octo
          repository name: demo
          workflow name: release.yml
          environment name: (leave empty)
        0.9 was published by GitHub: repository octo/demo, workflow release.yml
    ");
    assert_eq!((asked(&setting, RouteKind::Mint), asked(&setting, RouteKind::Identity)), (0, 1));
    assert!(!run.stdout.contains("eyJ") && !run.stderr.contains("eyJ"), "no token is printed");
    let document = setting.shiponce(["check", "publisher", "--json"]).expect(0).json();
    assert_eq!(document["gates"][0]["gate"], "publisher");
    assert_eq!(document["publisher"]["indexes"][0]["state"], "same-as-last");
    assert_eq!(document["publisher"]["indexes"][0]["register"][2]["value"], "release.yml");
    assert!(!document.to_string().contains("eyJ"), "{document}");
}

#[test]
fn a_renamed_workflow_is_seen_before_the_last_step() {
    let setting = job();
    named(&setting);
    published_by(&setting, "old.yml");
    let run = setting.shiponce(["check", "publisher", "--json"]).expect(1);
    let document = run.json();
    assert_eq!(document["publisher"]["indexes"][0]["state"], "other-than-last");
    let message = document["gates"][0]["issues"][0]["message"].as_str().unwrap();
    assert_eq!(message, "pypi took 0.9 from workflow file `old.yml`, not `release.yml`");
    // Registered meanwhile: the index itself says so, and the token does not outlive the check.
    setting.world().register(Index::Pypi, Publisher::new("demo", "octo/demo", "release.yml"));
    let run = setting.shiponce(["check", "publisher", "--mint", "--json"]).expect(0);
    assert_eq!(run.json()["publisher"]["indexes"][0]["state"], "accepted");
    assert!(run.stderr.contains("where the publisher is pending, this makes the project"), "{}", run.stderr);
    assert_eq!((asked(&setting, RouteKind::Mint), asked(&setting, RouteKind::Burn)), (1, 1));
}

#[test]
fn an_exchange_that_is_refused_says_what_to_register() {
    let setting = job();
    named(&setting);
    let run = setting.shiponce(["check", "publisher", "--mint"]).expect(1);
    assert!(run.stdout.contains("pypi refused the exchange (invalid-publisher)"), "{}", run.stdout);
    assert!(run.stdout.contains("owner: octo"), "{}", run.stdout);
}

#[test]
fn outside_ci_nothing_is_asserted() {
    let mut setting = job();
    setting.unset("ACTIONS_ID_TOKEN_REQUEST_URL");
    setting.unset("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    let run = setting.shiponce(["check", "publisher"]).expect(0);
    assert_snapshot!(run.stdout, @"
    publisher: unverifiable here
      pypi: unverifiable here
      Only a CI job that publishes can be checked: run `shiponce check publisher` in it, with
      `permissions: id-token: write` on GitHub, or `id_tokens` on GitLab
    ");
    let document = setting.shiponce(["check", "publisher", "--json"]).expect(0).json();
    assert_eq!(document["gates"][0]["status"], "unverifiable-here");
}

/// Of `pull_request_target` no index takes anything; nobody tries.
#[test]
fn traps_of_workflows_are_named() {
    let setting = job_with(|runner| runner.event = "pull_request_target".to_owned());
    named(&setting);
    let run = setting.shiponce(["check", "publisher", "--mint"]).expect(1);
    assert!(run.stdout.contains("pull_request_target"), "{}", run.stdout);
    assert_eq!(asked(&setting, RouteKind::Mint), 0);
}

#[test]
fn an_index_that_does_not_answer_is_unknown() {
    let setting = job();
    named(&setting);
    setting.world().add_fault("audience:*:503x9".parse().unwrap());
    let run = setting.shiponce(["check", "publisher", "--json"]).expect(5);
    assert_eq!(run.json()["publisher"]["indexes"][0]["state"], "unknown");
}
