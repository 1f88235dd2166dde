//! `shiponce check`: other formats, what counts, repairs, and which version the changes call for.

use super::{BRANCH, ask, change, said, untagged};
use crate::harness::{Setting, git};
use insta::assert_snapshot;

fn read(setting: &Setting, file: &str) -> String {
    fs_err::read_to_string(setting.project().join(file)).unwrap()
}

#[test]
fn findings_as_sarif() {
    let setting = Setting::tiny();
    let run =
        setting.shiponce(["check", "version", "--offline", "--tag", "v1.1.0", "--format", "sarif"]).expect(1);
    let log = run.json();
    assert_eq!(log["version"], "2.1.0");
    let driver = &log["runs"][0]["tool"]["driver"];
    assert_eq!(driver["name"], "shiponce");
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(driver["rules"][rule]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1, "{result}");
        assert_eq!(place["artifactLocation"]["uri"], "pyproject.toml");
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
    }
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "version/tag-mismatch");
}

#[test]
fn warnings_fail_when_they_are_told_to() {
    let setting = Setting::tiny();
    change(&setting, "tiny/__init__.py", "__version__ = \"one\"\n");
    setting.shiponce(["check", "version", "--offline"]).expect(0);
    let run = setting.shiponce(["check", "version", "--offline", "--strict", "--json"]).expect(1);
    assert_eq!(run.json()["gates"][0]["status"], "fail");
}

#[test]
fn only_the_gates_that_are_named() {
    let setting = Setting::tiny();
    let gates = |args: &[&str]| {
        let mut all = vec!["check", "--offline", "--json"];
        all.extend(args);
        let gates = setting.shiponce(all).expect(0).json()["gates"].clone();
        gates
            .as_array()
            .unwrap()
            .iter()
            .map(|gate| gate["gate"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    crate::harness::wheel(&setting.project().join("dist"), "tiny", "1.0.0", "py3-none-any", "x");
    assert_eq!(gates(&[]), ["version", "dist"]);
    assert_eq!(gates(&["--only", "version"]), ["version"]);
    assert_eq!(gates(&["--only", "dist"]), ["dist"]);
    setting.shiponce(["check", "--only", "verison"]).expect(2);
}

#[test]
fn places_are_made_equal_when_asked_and_each_line_is_shown() {
    let setting = untagged();
    let gates = "[gates]\nversion-files = [\"Cargo.toml#package.version\"]\n";
    setting.write_config(&format!("{gates}{}", crate::harness::project::TINY_CONFIG));
    change(&setting, "tiny/__init__.py", "# 1.0\r\n__version__ = '0.9'  # set by hand\r\n");
    change(&setting, "Cargo.toml", "[package]\nname = \"tiny\"\nversion = \"0.9.0\"\n");
    let refused = setting.shiponce(["check", "version", "--offline"]).expect(1);
    assert!(
        refused.stdout.contains("do: make the places that state the version equal"),
        "{}",
        refused.stdout
    );
    assert!(read(&setting, "tiny/__init__.py").contains("0.9"));
    let run = setting.shiponce(["check", "version", "--offline", "--fix"]).expect(0);
    assert_snapshot!(said(&setting, &run), @r#"
    [INFO] tiny/__init__.py:2
    [INFO] - __version__ = '0.9'  # set by hand
    [INFO] + __version__ = '1.0.0'  # set by hand
    [INFO] Cargo.toml:3
    [INFO] - version = "0.9.0"
    [INFO] + version = "1.0.0"
    "#);
    assert_eq!(read(&setting, "tiny/__init__.py"), "# 1.0\r\n__version__ = '1.0.0'  # set by hand\r\n");
    let again = setting.shiponce(["check", "version", "--offline", "--fix"]).expect(0);
    assert_snapshot!(said(&setting, &again), @"[INFO] Nothing to fix: every place states the version");

    let run = setting.shiponce(["check", "version", "--offline", "--fix", "--tag", "v1.1.0rc1"]).expect(1);
    assert_snapshot!(said(&setting, &run), @r#"
    [INFO] pyproject.toml:3
    [INFO] - version = "1.0.0"
    [INFO] + version = "1.1.0rc1"
    [INFO] tiny/__init__.py:2
    [INFO] - __version__ = '1.0.0'  # set by hand
    [INFO] + __version__ = '1.1.0rc1'  # set by hand
    [WARNING] Cargo.toml:3 is left as it is: 1.1.0rc1 has another spelling in Cargo.toml
    "#);
    assert!(read(&setting, "pyproject.toml").contains("version = \"1.1.0rc1\""));
    assert_eq!(read(&setting, "Cargo.toml"), "[package]\nname = \"tiny\"\nversion = \"1.0.0\"\n");
}

#[test]
fn the_changes_since_the_last_release_call_for_a_version() {
    let setting = Setting::tiny();
    let recommended = |code| {
        let run = setting.shiponce(["check", "version", "--offline", "--json"]).expect(code);
        run.json()["gates"][0].clone()
    };
    assert!(recommended(0)["validation"]["recommendation"].is_null(), "HEAD is the last release");
    let commit =
        |message: &str| git(&setting.project(), ["commit", "--quiet", "--allow-empty", "--message", message]);
    commit("fix: a slip");
    // An empty commit touches no folder: only what changes the project counts.
    assert!(recommended(0)["validation"]["recommendation"].is_null());
    let touch = |name: &str, message: &str| {
        fs_err::write(setting.project().join(name), name).unwrap();
        git(&setting.project(), ["add", "--all"]);
        commit(message);
    };
    touch("a.txt", "fix: a slip");
    assert_eq!(recommended(0)["validation"]["recommendation"]["version"], "1.0.1");
    touch("b.txt", "feat(ui): a window");
    let text = setting.shiponce(["check", "version", "--offline"]).expect(0).stdout;
    assert!(text.contains("  since v1.0.0: 2 commits, 1 with a feature; MINOR: 1.1.0\n"), "{text}");

    let pyproject = read(&setting, "pyproject.toml").replace("1.0.0", "1.0.1");
    change(&setting, "pyproject.toml", &pyproject);
    let low = recommended(0);
    assert_eq!(low["issues"][0]["rule"], "version-too-low");
    assert_eq!(low["issues"][0]["fix_suggestion"], "set it to 1.1.0");
    touch("c.txt", "refactor!: no window");
    assert_eq!(recommended(0)["validation"]["recommendation"]["version"], "2.0.0");
    assert_eq!(ask(&setting, "project", &["tag"]), "v1.0.0", "nothing was tagged");
}

#[test]
fn a_name_that_only_setup_py_states_needs_no_configuration() {
    let setting = Setting::tiny();
    fs_err::remove_file(setting.project().join("pyproject.toml")).unwrap();
    let setup = "from setuptools import setup\nsetup(name='tiny-setup', version='1.0.0')\n";
    fs_err::write(setting.project().join("setup.py"), setup).unwrap();
    let run = setting.shiponce(["config", "show", "--sources"]).expect(0);
    assert!(run.stdout.contains("tiny-setup"), "{}", run.stdout);
}

#[test]
fn a_path_without_a_file_is_a_slip_of_the_command_line() {
    let setting = Setting::tiny();
    let run = setting.shiponce(["publish", "--yes", "missing/x-1.0-py3-none-any.whl"]).expect(2);
    assert_snapshot!(said(&setting, &run), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[usage]: there is no file missing/x-1.0-py3-none-any.whl
    Nothing was uploaded by this run.
    ");
    assert!(setting.world().log().is_empty());
}

#[test]
fn every_project_of_a_workspace_is_checked_with_its_own_tags() {
    let setting = untagged();
    let workspace = "[workspace]\nmembers = [\"packages/*\"]\n";
    setting.write_config(&format!("{BRANCH}{workspace}{}", crate::harness::project::TINY_CONFIG));
    for (name, version) in [("core", "1.0"), ("app", "2.0")] {
        let project = format!("[project]\nname = \"demo-{name}\"\nversion = \"{version}\"\n");
        change(&setting, &format!("packages/{name}/pyproject.toml"), &project);
    }
    git(&setting.project(), ["tag", "demo-core-v1.1"]);
    let run = setting.shiponce(["check", "version", "--offline", "--json"]).expect(1);
    let gates = run.json()["gates"].clone();
    assert_eq!((&gates[0]["status"], &gates[1]["status"]), (&"pass".into(), &"fail".into()));
    assert_eq!(gates[1]["issues"][0]["file_path"], "packages/core/pyproject.toml");
    assert!(gates[0]["validation"]["git_version"].is_null(), "the tag is another project's");
    setting.shiponce(["check", "version", "--offline", "-p", "demo-app"]).expect(0);
    setting.shiponce(["check", "version", "--offline", "-p", "demo-ap"]).expect(2);

    let refused = setting.shiponce(["tag", "1.0"]).expect(2);
    assert_snapshot!(said(&setting, &refused), @"
    error[usage]: a version belongs to one project, and there are several
      projects demo-app, demo-core
    hint: name the one: -p NAME
    ");
    let run = setting.shiponce(["tag", "2.0", "-p", "demo-app", "--dry-run"]).expect(0);
    assert_eq!(run.stdout, "demo-app-v2.0\n");
}
