//! Legs of a matrix: what can be built here is, the rest is said, and a release is never incomplete.

use super::{COMMAND, pack};
use crate::harness::{Setting, python, wheel};
use shiponce_rehearsal::Index;
use std::process::Command;

/// The Python and the platform of this machine, and another platform.
fn machine() -> (String, String, &'static str) {
    let script = "import platform, sys; print('%d.%d' % sys.version_info[:2], platform.machine())";
    #[expect(clippy::disallowed_methods, reason = "a peer is asked from outside")]
    let output = Command::new(python()).args(["-c", script]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (minor, machine) = text.trim().split_once(' ').unwrap();
    let other = if machine == "x86_64" { "linux-aarch64" } else { "linux-x86_64" };
    (minor.to_owned(), format!("linux-{machine}"), other)
}

fn config(setting: &Setting, matrix: &str, one: &str, two: &str) {
    let text = format!(
        "{matrix}\n{}\n{COMMAND}[variants.one]\npackage = \"pack-one\"\n{one}\n[variants.two]\npackage = \"pack-two\"\n{two}\n",
        setting.indexes()
    );
    fs_err::write(setting.path("shiponce.toml"), text).unwrap();
}

#[test]
fn what_cannot_be_built_here_is_said_and_the_release_is_not_sent_incomplete() {
    let (minor, here, elsewhere) = machine();
    let setting = pack(&["one", "two"]);
    let matrix =
        format!("matrix = {{ python = [\"{minor}\", \"3.5\"], platform = [\"{here}\", \"{elsewhere}\"] }}");
    let tag = format!("cp{}", minor.replace('.', ""));
    let machine = here.trim_start_matches("linux-");
    let one = format!("env = {{ TAG = \"{tag}-{tag}-manylinux_2_17_{machine}\" }}");
    config(&setting, &matrix, &one, &format!("platform = [\"{elsewhere}\"]"));
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(1);
    for line in [
        format!("skipping one-{tag}-{elsewhere}: it is built on {elsewhere}, and this machine is {here}"),
        format!("skipping one-cp35-{here}: no Python 3.5 is here, neither python3.5 on PATH nor one of uv's"),
        format!("skipping two-{tag}-{here}: the variant is made for {elsewhere}"),
    ] {
        assert!(run.stderr.contains(&line), "{line}\n{}", run.stderr);
    }
    let codes: Vec<_> =
        run.json()["packages"].as_array().unwrap().iter().map(|one| one["error"]["code"].clone()).collect();
    assert_eq!(codes, ["incomplete-release", "build-failed"], "nothing of the second can be built here");
    assert_eq!(setting.world().writes(Index::TestPypi), 0);
}

#[test]
fn a_variant_of_which_nothing_is_asked_for_is_left_out_and_each_combination_is_said() {
    let (minor, here, elsewhere) = machine();
    let setting = pack(&["one", "two"]);
    let matrix = format!("matrix = {{ python = \"{minor}\", platform = [\"{here}\", \"{elsewhere}\"] }}");
    config(&setting, &matrix, "", &format!("platform = [\"{elsewhere}\"]"));
    let run = setting.shiponce(["release", "--yes", "--json", "--platform", &here]).expect(0);
    assert_eq!(run.json()["project"], "pack-one");
    let tag = format!("cp{}", minor.replace('.', ""));
    for line in [
        format!("skipping two-{tag}-{here}: the variant is made for {elsewhere}"),
        format!("skipping two-{tag}-{elsewhere}: --platform does not name {elsewhere}"),
        "pack-two has no leg in this run and is left out".to_owned(),
        format!("skipping one-{tag}-{elsewhere}: --platform does not name {elsewhere}"),
    ] {
        assert!(run.stderr.contains(&line), "{line}\n{}", run.stderr);
    }
    let run = setting.shiponce(["release", "--yes", "--variant", "two", "--platform", &here]).expect(2);
    assert!(run.stderr.contains("the flags leave nothing of the matrix to release"), "{}", run.stderr);
}

#[test]
fn legs_are_built_one_after_the_other_or_side_by_side_into_one_release() {
    let (minor, here, elsewhere) = machine();
    for jobs in ["1", "4"] {
        let setting = pack(&["one", "two"]);
        let matrix = format!("matrix = {{ python = \"{minor}\", platform = [\"{here}\", \"{elsewhere}\"] }}");
        config(&setting, &matrix, "", "");
        // A pure wheel serves the leg of the other platform too.
        let run = setting.shiponce(["release", "--yes", "--json", "--max-jobs", jobs]).expect(0);
        assert_eq!(run.json()["success"], "true");
        assert!(
            run.stderr.contains(&format!("Building one-cp{}-{here}", minor.replace('.', ""))),
            "{}",
            run.stderr
        );
        assert_eq!(setting.stores(Index::Pypi), 2);
    }
}

#[test]
fn a_missing_wheel_stops_the_release_before_production_and_files_of_all_legs_complete_it() {
    let (minor, here, elsewhere) = machine();
    let tag = format!("cp{}", minor.replace('.', ""));
    let setting = pack(&["one", "two"]);
    config(
        &setting,
        &format!("matrix = {{ python = \"{minor}\", platform = [\"{here}\", \"{elsewhere}\"] }}"),
        "",
        "",
    );
    let dist = setting.project().join("dist");
    let platform =
        |platform: &str| format!("{tag}-{tag}-manylinux_2_17_{}", platform.trim_start_matches("linux-"));
    wheel(&dist, "pack_one", "1.0.0", &platform(&here), "one");
    wheel(&dist, "pack_two", "1.0.0", "py3-none-any", "two");
    let run = setting.shiponce(["release", "--yes", "--skip-build", "--json"]).expect(6);
    let error = &run.json()["packages"][0]["error"];
    assert_eq!(error["code"], "incomplete-release");
    assert_eq!(error["message"], "1 of 2 files that the release must have are missing");
    assert_eq!(error["facts"][1]["text"], format!("{tag}-{elsewhere}"));
    assert_eq!(setting.files(Index::Pypi).len(), 1, "only the complete one is released");

    wheel(&dist, "pack_one", "1.0.0", &platform(elsewhere), "one");
    wheel(&dist, "pack_one", "1.0.0", "py3-none-musllinux_1_2_x86_64", "one");
    let run = setting.shiponce(["release", "--yes", "--skip-build", "--json", "--variant", "one"]).expect(1);
    let message = &run.json()["error"]["message"];
    assert_eq!(message, "1 file that the release does not have are here");

    fs_err::remove_file(dist.join("pack_one-1.0.0-py3-none-musllinux_1_2_x86_64.whl")).unwrap();
    let run = setting.shiponce(["release", "--yes", "--skip-build", "--json"]).expect(0);
    assert!(run.stderr.contains("not verifiable here: no matching platform"), "{}", run.stderr);
    assert_eq!(setting.files(Index::Pypi).len(), 3);
}

#[test]
fn a_leg_that_fails_does_not_stop_the_others() {
    let (minor, here, _) = machine();
    let setting = pack(&["one", "two"]);
    config(&setting, &format!("matrix = {{ python = \"{minor}\", platform = \"{here}\" }}"), "", "");
    let build = setting.project().join("build.py");
    let text = fs_err::read_to_string(&build).unwrap();
    let broken = "import os\nif os.environ['SHIPONCE_PACKAGE'] == 'pack-one': raise SystemExit('broken')\n";
    fs_err::write(&build, format!("{broken}{text}")).unwrap();
    let run = setting.shiponce(["release", "--yes", "--json", "--allow-dirty"]).expect(6);
    assert_eq!(run.json()["published"], serde_json::json!(["pack-two"]));
    let error = &run.json()["packages"][0]["error"];
    assert_eq!(error["message"], "1 of 1 legs failed");
}
