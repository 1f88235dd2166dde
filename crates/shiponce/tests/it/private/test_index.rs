//! What a test index means for a release: nothing configured, required, advisory.

use super::servers::Server;
use super::{VARIABLE, configure, setting, token_env};
use crate::harness::{Setting, project, wheel};
use serde_json::json;
use shiponce_rehearsal::Index;

const NAME: &str = "tiny-1.0.0-py3-none-any.whl";

/// The tiny project with production in the world and a test index of its own.
fn tiny(table: &str) -> Setting {
    let mut setting = Setting::tiny();
    setting.set(VARIABLE, super::servers::PASSWORD);
    let all = setting.indexes();
    let production = &all[all.find("[index.pypi]").unwrap()..];
    configure(&setting, &format!("{table}{production}{}", project::TINY_CONFIG));
    setting
}

const RELEASE: [&str; 3] = ["release", "--yes", "--single-copy"];

#[test]
fn without_a_test_index_one_line_says_what_happens_instead() {
    let setting = tiny("");
    let run = setting.shiponce(RELEASE).expect(0);
    let line = "No test index is configured: the files are verified by installing them locally";
    assert_eq!(
        run.stderr.matches("test index").count() + run.stderr.matches("Test PyPI").count(),
        1,
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains(line), "{}", run.stderr);
    assert!(run.stderr.contains("tiny version: 1.0.0"), "{}", run.stderr);
    assert_eq!(setting.stores(Index::Pypi), 1);
}

/// Down, over quota, or with other bytes of the name: an advisory index is left out with a warning and our bytes are
/// verified locally; a required one ends the release before production.
#[test]
fn a_test_index_that_fails() {
    let place = setting();
    let quota = "400 Project size too large. Limit for project 'tiny' total size is 10 GB.";
    for (state, code, words) in [
        ("down", 5, "error[target-unobserved]"),
        ("quota", 1, "Project size too large"),
        ("other", 4, ".dev"),
    ] {
        let said = json!({ "said": { "status": 400, "text": quota, "stores": "nothing" } });
        let settings = if state == "quota" { said } else { json!({}) };
        let server = Server::index(&place.path(state), &settings);
        let table = server.table("test", &token_env());
        if state == "other" {
            configure(&place, &server.table("production", &token_env()));
            let file = wheel(&place.path("files"), "tiny", "1.0.0", "py3-none-any", "other");
            super::publish(&place, &file).expect(0);
        }
        let server = (state != "down").then_some(server);
        let advisory = tiny(&format!("{table}required = false\n"));
        let run = advisory.shiponce(RELEASE).expect(0);
        assert!(
            run.stderr.contains("[WARNING] company is advisory and left out: "),
            "{state}: {}",
            run.stderr
        );
        assert!(run.stderr.contains("Package installed from the local files"), "{state}: {}", run.stderr);
        assert_eq!(advisory.files(Index::Pypi).keys().collect::<Vec<_>>(), [NAME], "{state}");

        let required = tiny(&table);
        let run = required.shiponce(RELEASE);
        assert_eq!(run.code, Some(code), "{state}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{state}: {}", run.stderr);
        assert_eq!(required.stores(Index::Pypi), 0, "{state}");
        drop(server);
    }
}
