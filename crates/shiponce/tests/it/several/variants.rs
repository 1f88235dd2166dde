//! Each variant is a release of its own: its name, its tag, its files, and nobody else's.

use super::{COMMAND, pack, tables, wheel_of};
use crate::bad_input::said;
use crate::harness::{Setting, git, wheel};
use insta::assert_snapshot;
use shiponce_rehearsal::Index;
use std::io::Read as _;

fn names(setting: &Setting, index: Index) -> Vec<String> {
    setting.files(index).into_keys().collect()
}

#[test]
fn each_is_released_under_its_own_name_and_tag_and_the_second_press_writes_nothing() {
    let setting = pack(&["one", "two"]);
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(0);
    let document = run.json();
    assert_eq!(document["success"], "true");
    assert_eq!(document["published"], serde_json::json!(["pack-one", "pack-two"]));
    let packages = document["packages"].as_array().unwrap();
    let tags: Vec<&str> = packages.iter().map(|package| package["tag"].as_str().unwrap()).collect();
    assert_eq!(tags, ["v1.0.0-one", "v1.0.0-two"]);
    assert_eq!(packages[1]["variant"], "two");
    assert_eq!(names(&setting, Index::Pypi), [wheel_of("one"), wheel_of("two")]);
    let again = setting.shiponce(["release", "--yes", "--json"]).expect(0);
    assert_eq!(again.json()["outcome"], "nothing-to-do");
    assert_eq!(again.json()["preflight"]["complete"].as_array().unwrap().len(), 2);
    assert_eq!((setting.stores(Index::TestPypi), setting.stores(Index::Pypi)), (2, 2));
    assert_eq!(setting.world().writes(Index::Pypi), 2, "the second press sends nothing at all");
}

#[test]
fn what_is_said_of_several_releases() {
    let setting = pack(&["one", "two"]);
    let text = said(&setting, &setting.shiponce(["release", "--yes"]).expect(0));
    let kept = ["in this press", "to build", "Preparing", "Building", "Releasing", "succeeded", "Complete"];
    let lines: Vec<&str> = text.lines().filter(|line| kept.iter().any(|word| line.contains(word))).collect();
    assert_snapshot!(lines.join("\n"), @"
    [INFO] 2 releases in this press
    [INFO]   to build: 2 (pack-one 1.0.0, pack-two 1.0.0)
    [INFO] Preparing pack-one 1.0.0
    [INFO] Building with `python3` from a clean clone of [short]
    [INFO] Preparing pack-two 1.0.0
    [INFO] Building with `python3` from a clean clone of [short]
    [INFO] Releasing pack-one 1.0.0
    [INFO] Releasing pack-two 1.0.0
    [SUCCESS] 2 succeeded: pack-one 1.0.0, pack-two 1.0.0
    [SUCCESS] Complete workflow finished successfully!
    ");
}

/// What the variants differ in is really in the files.
#[test]
fn the_built_files_differ_in_what_the_variant_says() {
    let setting = pack(&["one", "two"]);
    let kept = setting.path("kept");
    setting.shiponce(["rehearse", "--skip-github", "--keep", kept.to_str().unwrap()]).expect(0);
    let store = kept.join("state/store");
    let mut flavours: Vec<String> = walk(&store).iter().filter_map(|path| flavour(path)).collect();
    flavours.sort();
    assert_eq!(flavours, ["one", "two"]);
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

fn flavour(path: &std::path::Path) -> Option<String> {
    let mut archive = zip::ZipArchive::new(fs_err::File::open(path).ok()?).ok()?;
    let number = (0..archive.len())
        .find(|n| archive.by_index(*n).unwrap().name().unwrap().ends_with("__init__.py"))?;
    let mut text = String::new();
    archive.by_index(number).ok()?.read_to_string(&mut text).ok()?;
    Some(text.lines().find_map(|line| line.strip_prefix("FLAVOUR = "))?.trim_matches('"').to_owned())
}

#[test]
fn a_published_variant_never_causes_another_to_be_skipped() {
    let setting = pack(&["one", "two", "three"]);
    let first = setting.shiponce(["release", "--yes", "--json", "--variant", "two"]).expect(0);
    assert_eq!(first.json()["project"], "pack-two", "one release has the document of one release");
    assert_eq!(names(&setting, Index::Pypi), [wheel_of("two")]);
    let all = setting.shiponce(["release", "--yes", "--json", "--variant", "all"]).expect(0);
    assert_eq!(all.json()["preflight"]["complete"], serde_json::json!(["pack-two 1.0.0"]));
    assert_eq!(names(&setting, Index::Pypi), [wheel_of("one"), wheel_of("three"), wheel_of("two")]);
    assert_eq!(setting.stores(Index::Pypi), 3);
}

#[test]
fn a_new_variant_of_an_old_version_publishes_only_itself_and_gets_its_own_tag() {
    let mut setting = pack(&["one"]);
    for name in ["GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"] {
        setting.set(name, "tester@example.org");
    }
    setting.shiponce(["release", "--yes"]).expect(0);
    setting.write_config(&format!("{}[git]\nbranch = \"main\"\n", tables(&["one", "two"])));
    let run = setting.shiponce(["release", "--yes", "--create-tag", "--json"]).expect(0);
    let outcomes: Vec<_> =
        run.json()["packages"].as_array().unwrap().iter().map(|one| one["outcome"].clone()).collect();
    assert_eq!(outcomes, ["nothing-to-do", "released"]);
    assert_eq!((setting.stores(Index::TestPypi), setting.stores(Index::Pypi)), (2, 2));
    assert_eq!(setting.world().writes(Index::Pypi), 2);
    git(&setting.project(), ["rev-parse", "--verify", "refs/tags/v1.0.0-two"]);
}

#[test]
fn an_unknown_variant_lists_the_valid_ones() {
    let setting = pack(&["one", "two"]);
    let run = setting.shiponce(["release", "--yes", "--variant", "twoo,one"]).expect(2);
    assert_snapshot!(run.stderr, @"
    error[usage]: --variant names no variant of this project: twoo
    hint: did you mean `two`?
    hint: variants: one, two, or `all`
    ");
    assert!(setting.world().log().is_empty());
}

#[test]
fn a_build_that_does_not_take_the_name_of_its_variant_is_refused_naming_both() {
    let setting = pack(&["one", "two"]);
    let build = fs_err::read_to_string(setting.project().join("build.py")).unwrap();
    let build = build.replace("state(\"name\"), state", "\"pack-one\", state");
    fs_err::write(setting.project().join("build.py"), build).unwrap();
    let run = setting.shiponce(["release", "--yes", "--allow-dirty", "--variant", "two"]).expect(1);
    assert_snapshot!(run.stderr.split_once("error[").unwrap().1, @"
    foreign-wheel]: pack_one-1.0.0-py3-none-any.whl belongs to the project pack_one, not to pack-two
      file    pack_one-1.0.0-py3-none-any.whl
      variant two, which is the package pack-two
    Nothing was uploaded by this run.
    hint: its name is put into [project] name and into SHIPONCE_PACKAGE; a build that takes it from elsewhere has to read it there
    ");
    assert_eq!(setting.world().writes(Index::TestPypi), 0);
    // The checkout of the user is not the place where names are changed.
    let pyproject = fs_err::read_to_string(setting.project().join("pyproject.toml")).unwrap();
    assert!(pyproject.contains("name = \"pack\"\n"), "{pyproject}");
}

#[test]
fn each_variant_takes_its_own_files_of_one_folder() {
    let setting = pack(&["one", "two"]);
    let dist = setting.project().join("dist");
    for name in ["one", "two"] {
        wheel(&dist, &format!("pack_{name}"), "1.0.0", "py3-none-any", name);
    }
    setting.shiponce(["release", "--yes", "--skip-build", "--variant", "two"]).expect(0);
    assert_eq!(names(&setting, Index::Pypi), [wheel_of("two")]);
    setting.shiponce(["release", "--yes", "--skip-build"]).expect(0);
    assert_eq!(names(&setting, Index::Pypi), [wheel_of("one"), wheel_of("two")]);
    fs_err::remove_file(dist.join(wheel_of("two"))).unwrap();
    let run = setting.shiponce(["release", "--yes", "--skip-build", "--variant", "two"]).expect(1);
    assert!(run.stderr.contains("ERROR: No wheels found in dist directory!"), "{}", run.stderr);
    assert!(run.stderr.contains("pack-two"), "{}", run.stderr);
}

/// A missing token fails the package that lacks it, and only that one.
#[test]
fn a_package_may_have_a_token_of_its_own() {
    let mut setting = pack(&["one", "two"]);
    let token = setting.variable("REHEARSAL_PROD_TOKEN").unwrap();
    setting.unset("REHEARSAL_PROD_TOKEN");
    setting.set("REHEARSAL_PROD_TOKEN_PACK_TWO", token);
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(6);
    assert_eq!(run.json()["published"], serde_json::json!(["pack-two"]));
    assert_eq!(run.json()["packages"][0]["error"]["code"], "token-missing");
    assert!(run.stderr.contains("REHEARSAL_PROD_TOKEN_PACK_ONE: not set"), "{}", run.stderr);
}

#[test]
fn variants_that_are_configured_as_build_scripts_keep_them() {
    let setting = pack(&["one", "two"]);
    let project = setting.project();
    let entry = |name: &str| {
        format!(
            r#""{name}": {{"package_name": "pack-{name}", "description": "The {name}", "readme_file": "{name}.md",
               "flags": {{"FLAVOUR": "{name}"}}, "platforms": ["linux-x86_64"], "keywords": ["{name}"]}}"#
        )
    };
    let builds = format!("{{\"builds\": {{{}, {}}}}}", entry("one"), entry("two"));
    fs_err::write(project.join("build_config.json"), builds).unwrap();
    for name in ["one", "two"] {
        fs_err::write(project.join(format!("{name}.md")), "Text").unwrap();
    }
    setting.write_config(COMMAND);
    let run = setting.shiponce(["release", "--yes", "--allow-dirty", "--json"]).expect(0);
    assert_eq!(run.json()["published"], serde_json::json!(["pack-one", "pack-two"]));
}

#[test]
fn the_status_of_variants() {
    let setting = pack(&["one", "two"]);
    setting.shiponce(["release", "--yes", "--variant", "one"]).expect(0);
    let run = setting.shiponce(["status"]).expect(6);
    assert_snapshot!(run.stdout, @"
    project   version       state
    pack-one  1.0.0         complete
    pack-two  1.0.0         owed: tagged, and no file is anywhere
    ");
    let run = setting.shiponce(["status", "pack-one", "1.0.0"]).expect(0);
    assert_snapshot!(run.stdout, @"
    pack-one 1.0.0
    file                             local       testpypi    pypi
    pack_one-1.0.0-py3-none-any.whl  same        same        same
    ");
}
