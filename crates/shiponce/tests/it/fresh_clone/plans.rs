//! `plan` says what a press would do, and leaves nothing behind.

use super::Begun;
use shiponce_rehearsal::Index::{Pypi, TestPypi};

#[test]
fn a_plan_of_a_finished_release_has_nothing_to_do() {
    let begun = Begun::whole();
    begun.attest(Pypi, |as_it_is| as_it_is);
    let run = begun.elsewhere().silent(0, &["plan", "--json", "--detailed-exitcode"]);
    assert_eq!(run.json()["outcome"], "nothing-to-do");
    assert_eq!(run.json()["files"][0]["targets"]["pypi"]["state"], "same");
    assert!(!begun.setting.path("fresh-state").exists(), "a plan leaves nothing behind");
}

#[test]
fn a_plan_of_half_a_release_names_the_file_to_send() {
    let begun = Begun::half();
    begun.attest(Pypi, |as_it_is| as_it_is);
    begun.attest(TestPypi, |as_it_is| as_it_is);
    let run = begun.elsewhere().silent(10, &["plan", "--json", "--detailed-exitcode"]);
    let json = run.json();
    let actions: Vec<_> =
        json["files"].as_array().unwrap().iter().map(|file| &file["targets"]["pypi"]["action"]).collect();
    assert_eq!(actions.iter().filter(|action| **action == "upload").count(), 1, "{actions:?}");
}

#[test]
fn a_plan_beside_files_of_unknown_origin_is_the_refusal() {
    let begun = Begun::whole();
    let run = begun.elsewhere().silent(4, &["plan", "--json"]);
    assert_eq!(run.json()["error"]["code"], "unproven-source");
}
