//! One that fails does not stop the others, and the answer says which is which.

use super::{pack, tables, wheel_of};
use crate::bad_input::said;
use crate::harness::Child;
use insta::assert_snapshot;
use shiponce_api::v1::BatchDocument;
use shiponce_rehearsal::Index;

fn broken(variants: &[&str], broken: &[&str]) -> String {
    broken.iter().fold(tables(variants), |text, name| {
        let flavour = format!("FLAVOUR = \"{name}\"");
        text.replace(&flavour, &format!("{flavour}, BREAK = \"1\""))
    })
}

#[test]
fn one_failing_combination_does_not_stop_the_others() {
    let setting = pack(&["one", "two", "three"]);
    setting.write_config(&broken(&["one", "two", "three"], &["two"]));
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(6);
    let document: BatchDocument = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document.published, ["pack-one", "pack-three"]);
    let words = [serde_json::to_value(document.outcome), serde_json::to_value(document.success)];
    assert_eq!(words.map(Result::unwrap), ["partial", "partial"]);
    let text = said(&setting, &run);
    let kept = ["succeeded", "failed", "error[", "hint", "pack-two"];
    let line_is_kept = |line: &&str| kept.iter().any(|word| line.contains(word)) && !line.contains("command");
    let lines: Vec<&str> = text.lines().filter(line_is_kept).collect();
    assert_snapshot!(lines.join("\n"), @"
    [INFO]   to build: 3 (pack-one 1.0.0, pack-two 1.0.0, pack-three 1.0.0)
    [INFO] Preparing pack-two 1.0.0
    [ERROR] pack-two 1.0.0: the build ended with exit code 1 [build-failed]
    [SUCCESS] 2 succeeded: pack-one 1.0.0, pack-three 1.0.0
    [WARNING] 1 failed: pack-two 1.0.0
    error[build-failed]: the build ended with exit code 1
      package pack-two 1.0.0
    Nothing of pack-two 1.0.0 was uploaded by this run.
    hint: mend the build; it runs the same way outside shiponce
    error[partial]: 2 of 3 packages are complete, the others are not
      pack-two the build ended with exit code 1 [build-failed]
    hint: press again: complete packages are skipped, the others go on where they stopped
    ");
    assert_eq!(
        setting.files(Index::Pypi).into_keys().collect::<Vec<_>>(),
        [wheel_of("one"), wheel_of("three")]
    );

    setting.write_config(&tables(&["one", "two", "three"]));
    let again = setting.shiponce(["release", "--yes", "--json"]).expect(0);
    assert_eq!(again.json()["success"], "true");
    assert_eq!(setting.stores(Index::Pypi), 3, "what was published is skipped");
}

#[test]
fn when_nothing_succeeds_the_first_reason_decides() {
    let setting = pack(&["one", "two"]);
    setting.write_config(&broken(&["one", "two"], &["one", "two"]));
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(1);
    let document = run.json();
    assert_eq!((&document["success"], &document["error"]["code"]), (&"false".into(), &"build-failed".into()));
    assert_eq!(document["published"].as_array().unwrap().len(), 0);
    assert_eq!(setting.world().writes(Index::TestPypi), 0);
}

#[test]
fn nobody_is_asked_twice_and_no_answer_sends_nothing() {
    let setting = pack(&["one", "two"]);
    let run = setting.shiponce(["release", "--json"]).expect(2);
    assert_eq!(run.json()["error"]["code"], "confirmation-needed");
    assert_eq!(
        setting.world().writes(Index::TestPypi),
        0,
        "the question comes before the first stage of any"
    );
}

#[test]
fn a_plan_of_several_says_what_each_would_do() {
    let setting = pack(&["one", "two"]);
    setting.shiponce(["release", "--yes", "--variant", "one"]).expect(0);
    let writes = setting.world().writes(Index::Pypi);
    let out = setting.path("plan.json");
    let run = setting
        .shiponce(["plan", "--detailed-exitcode", "--json", "--out", out.to_str().unwrap()])
        .expect(10);
    let outcomes: Vec<_> =
        run.json()["packages"].as_array().unwrap().iter().map(|one| one["outcome"].clone()).collect();
    assert_eq!(outcomes, ["nothing-to-do", "changes"]);
    assert_eq!(fs_err::read_to_string(out).unwrap(), run.stdout);
    assert_eq!(setting.world().writes(Index::Pypi), writes);
    let outputs = setting.path("outputs");
    let mut command = setting.command(["release", "--yes"]);
    command.env("GITHUB_OUTPUT", &outputs);
    crate::harness::Run::of(command).expect(0);
    assert_eq!(fs_err::read_to_string(outputs).unwrap(), "outcome=released\n");
}

/// Both want the same leases, each in the order of its own file. They take them in one order and cannot wait for each
/// other; whoever comes second finds everything done.
#[test]
fn two_presses_of_the_same_releases_in_other_orders_do_not_wait_for_each_other() {
    let setting = pack(&["one", "two", "three"]);
    let other = format!("{}\n{}", setting.indexes(), tables(&["three", "two", "one"]));
    fs_err::write(setting.path("other.toml"), other).unwrap();
    let one = setting.spawn(["release", "--yes", "--json"]);
    let mut command = setting.command(["release", "--yes", "--json"]);
    command.env("SHIPONCE_CONFIG", setting.path("other.toml"));
    let two = Child::spawn(command);
    let mut outcomes = [one, two].map(|child| child.wait().expect(0).json()["outcome"].to_string());
    outcomes.sort();
    assert_eq!(outcomes, ["\"nothing-to-do\"", "\"released\""]);
    assert_eq!((setting.stores(Index::TestPypi), setting.stores(Index::Pypi)), (3, 3));
}
