//! Projects of one repository: each its own tag, in the order in which they need each other.

use super::{COMMAND, write_project};
use crate::bad_input::said;
use crate::harness::{Setting, project};
use insta::assert_snapshot;
use shiponce_rehearsal::Index;

/// `base`, and `top` which needs it; `other` needs nobody. The order of their folders is another one.
fn workspace() -> Setting {
    let setting = Setting::with(|config| {
        for name in ["base", "top", "other"] {
            config.released_here(name);
        }
    });
    let root = setting.project();
    write_project(&root.join("packages/z"), "base", "1.0.0", "");
    write_project(&root.join("packages/a"), "top", "2.0.0", "dependencies = [\"base >=1.0\"]\n");
    write_project(&root.join("packages/b"), "other", "3.0.0", "");
    let tags = ["base-v1.0.0", "top-v2.0.0", "other-v3.0.0"].map(str::to_owned);
    project::commit_tags(&root, &tags);
    setting.write_config(&format!("{COMMAND}[workspace]\nmembers = [\"packages/*\"]\n"));
    setting
}

fn released(setting: &Setting) -> Vec<String> {
    let log = setting.world().log();
    let stored = log.iter().filter(|entry| entry.changed && entry.index == Some(Index::Pypi));
    stored.filter_map(|entry| entry.project.clone()).collect()
}

#[test]
fn what_others_need_is_released_first_each_at_its_own_tag() {
    let setting = workspace();
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(0);
    let document = run.json();
    let tags: Vec<_> =
        document["packages"].as_array().unwrap().iter().map(|one| one["tag"].clone()).collect();
    assert_eq!(tags, ["base-v1.0.0", "other-v3.0.0", "top-v2.0.0"]);
    assert_eq!(released(&setting), ["base", "other", "top"]);
    let again = setting.shiponce(["release", "--yes", "--json"]).expect(0);
    assert_eq!(again.json()["outcome"], "nothing-to-do");
    assert_eq!(released(&setting).len(), 3);
}

#[test]
fn one_project_is_released_alone() {
    let setting = workspace();
    let run = setting.shiponce(["release", "--yes", "--json", "-p", "other"]).expect(0);
    assert_eq!(run.json()["project"], "other");
    assert_eq!(released(&setting), ["other"]);
    let wrong = setting.shiponce(["release", "--yes", "-p", "othr"]).expect(2);
    assert_snapshot!(wrong.stderr, @"
    error[usage]: `-p othr` names no project of this workspace
    hint: did you mean `other`?
    hint: projects: top, other, base
    ");
}

#[test]
fn a_project_that_states_its_name_in_setup_py_alone_needs_no_setting() {
    let setting = Setting::new();
    let root = setting.project();
    write_project(&root.join("packages/a"), "new", "1.0.0", "");
    let old = root.join("packages/old");
    fs_err::create_dir_all(&old).unwrap();
    let setup = "from setuptools import setup\nsetup(name='ancient', version='1.0.0')\n";
    fs_err::write(old.join("setup.py"), setup).unwrap();
    project::commit_tags(&root, &["new-v1.0.0", "ancient-v1.0.0"].map(str::to_owned));
    setting.write_config(&format!("{COMMAND}[workspace]\nmembers = [\"packages/*\"]\n"));
    let run = setting.shiponce(["check", "version", "--offline", "--json", "-p", "ancient"]).expect(0);
    let validation = &run.json()["gates"][0]["validation"];
    assert_eq!(validation["package_version"], "1.0.0", "{}", run.stdout);
    assert_eq!(validation["locations"][0]["file_path"], "packages/old/setup.py", "{}", run.stdout);
}

#[test]
fn a_project_whose_dependency_failed_is_not_reached() {
    let setting = workspace();
    let build = setting.project().join("packages/z/build.py");
    let text = fs_err::read_to_string(&build).unwrap();
    fs_err::write(&build, format!("raise SystemExit('broken on purpose')\n{text}")).unwrap();
    let run = setting.shiponce(["release", "--yes", "--json", "--allow-dirty"]).expect(6);
    let document = run.json();
    assert_eq!(document["published"], serde_json::json!(["other"]));
    let codes: Vec<_> =
        document["packages"].as_array().unwrap().iter().map(|one| one["error"]["code"].clone()).collect();
    assert_eq!(codes, [serde_json::json!("build-failed"), serde_json::Value::Null, "not-reached".into()]);
    let text = said(&setting, &run);
    let lines: Vec<&str> = text.lines().skip_while(|line| !line.contains("error[not-reached]")).collect();
    assert_snapshot!(lines.join("\n"), @"
    error[not-reached]: top was not reached: it needs base, which failed
      package top 2.0.0
    Nothing of top 2.0.0 was uploaded by this run.
    hint: mend base, then press again
    error[partial]: 1 of 3 packages are complete, the others are not
      base the build ended with exit code 1 [build-failed]
      top  top was not reached: it needs base, which failed [not-reached]
    hint: press again: complete packages are skipped, the others go on where they stopped
    ");
}

/// One page belongs to one release: the second would be left without it when the first is out.
#[test]
fn projects_may_share_a_tag_but_not_a_page() {
    let setting = Setting::with(|config| {
        config.released_here("base").released_here("other");
    });
    let root = setting.project();
    for name in ["base", "other"] {
        let folder = root.join("packages").join(name);
        write_project(&folder, name, "1.0.0", "[tool.shiponce]\ntag = \"v{version}\"\n");
    }
    project::commit_tags(&root, &["v1.0.0".to_owned()]);
    let config = |page: &str| format!("{COMMAND}[workspace]\nmembers = [\"packages/*\"]\n{page}");
    setting.write_config(&config(&setting.github()));
    let refused = setting.shiponce(["release", "--yes", "--json"]).expect(2);
    let packages = refused.json()["packages"].as_array().unwrap().clone();
    for one in &packages {
        assert_eq!(one["error"]["code"], "config-invalid", "{}", refused.stdout);
        assert_eq!(
            one["error"]["message"],
            "another release of this press makes the GitHub release v1.0.0 too"
        );
    }
    assert!(setting.world().log().is_empty(), "refused before anything is read");
    setting.shiponce(["rehearse", "--skip-github", "--skip", "testpypi,pypi"]).expect(0);
    setting.write_config(&config(""));
    setting.shiponce(["release", "--yes"]).expect(0);
    assert_eq!(released(&setting), ["base", "other"]);
}

/// Production shows a file late; what needs it is installed from the files of this press.
#[test]
fn a_dependency_of_the_same_press_is_there_before_the_index_shows_it() {
    let setting = workspace();
    setting.shiponce(["release", "--yes", "--skip-pypi", "-p", "base"]).expect(0);
    let run = setting.shiponce(["release", "--yes", "--skip-pypi", "--json", "-p", "base,top"]).expect(0);
    assert_eq!(run.json()["published"], serde_json::json!(["base", "top"]), "production never had base");
}

#[test]
fn a_nightly_job_hears_what_is_owed() {
    let setting = workspace();
    // Nobody has released it, and nobody said that it should be: nothing is owed.
    crate::harness::git(&setting.project(), ["tag", "--delete", "other-v3.0.0"]);
    let owed = setting.shiponce(["status", "--workspace"]).expect(6);
    assert_snapshot!(owed.stdout, @"
    project  version       state
    base     1.0.0         owed: tagged, and no file is anywhere
    other    -             no release is known
    top      2.0.0         owed: tagged, and no file is anywhere
    ");
    assert_eq!(setting.shiponce(["status", "-p", "other"]).expect(1).stdout.lines().count(), 1);
    setting.shiponce(["release", "--yes", "-p", "base,top"]).expect(0);
    let done = setting.shiponce(["status", "--workspace"]).expect(0);
    assert_snapshot!(done.stdout, @"
    project  version       state
    base     1.0.0         complete
    other    -             no release is known
    top      2.0.0         complete
    ");
    let json = setting.shiponce(["status", "--workspace", "--json"]).expect(0).json();
    assert_eq!((&json["complete"], json["packages"].as_array().unwrap().len()), (&true.into(), 3));
}
