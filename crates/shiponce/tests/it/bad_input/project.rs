//! No project, and nothing to publish.

use super::{dist, refused_unheard};
use crate::harness::{Setting, wheel};
use insta::assert_snapshot;

#[test]
fn a_folder_without_a_project() {
    let setting = Setting::new();
    assert_snapshot!(refused_unheard(&setting, 2, &["release", "--yes"]), @"
    error[no-project]: no pyproject.toml, setup.cfg or setup.py in [folder]/project
    hint: go to the project, or name its folder
    ");
}

#[test]
fn a_folder_that_is_not_there() {
    let setting = Setting::new();
    assert_snapshot!(refused_unheard(&setting, 2, &["release", "nowhere", "--yes"]), @"
    error[no-project]: no pyproject.toml, setup.cfg or setup.py in [folder]/project/nowhere
    hint: go to the project, or name its folder
    ");
}

#[test]
fn a_subfolder_of_a_project() {
    let setting = Setting::tiny();
    fs_err::create_dir_all(setting.project().join("src")).unwrap();
    assert_snapshot!(refused_unheard(&setting, 2, &["release", "src", "--yes"]), @"
    error[no-project]: no pyproject.toml, setup.cfg or setup.py in [folder]/project/src
    hint: a folder above has one: [folder]/project
    ");
}

#[test]
fn no_files_to_publish() {
    let setting = Setting::new();
    assert_snapshot!(refused_unheard(&setting, 1, &["publish", "--yes"]), @"
    error[no-wheels]: ERROR: No wheels found in dist directory!
      folder [folder]/project/dist
    hint: build first, or say where the files are
    ");
}

#[test]
fn a_dist_folder_with_other_things_only() {
    let setting = Setting::new();
    fs_err::create_dir_all(dist(&setting)).unwrap();
    fs_err::write(dist(&setting).join("notes.txt"), "no distribution").unwrap();
    assert_snapshot!(refused_unheard(&setting, 1, &["publish", "--yes"]), @"
    error[no-wheels]: ERROR: No wheels found in dist directory!
      folder [folder]/project/dist
    hint: build first, or say where the files are
    ");
}

#[test]
fn skip_build_without_a_dist_folder() {
    let setting = Setting::tiny();
    let said = super::refused(&setting, 1, &["release", "--skip-build", "--yes"]);
    assert_snapshot!(said, @"
    [INFO] Taking the files in [folder]/project/dist
    error[no-wheels]: ERROR: No wheels found in dist directory!
      folder [folder]/project/dist
    hint: build first, or name the folder with --dist-dir
    ");
}

#[test]
fn a_file_that_is_not_there() {
    let setting = Setting::new();
    let args = ["publish", "--yes", "dist/demo-1.0-py3-none-any.whl"];
    assert_snapshot!(refused_unheard(&setting, 2, &args), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[usage]: there is no file dist/demo-1.0-py3-none-any.whl
    Nothing was uploaded by this run.
    ");
}

#[test]
fn a_name_that_is_no_distribution() {
    let setting = Setting::new();
    let path = wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "one");
    fs_err::rename(path, dist(&setting).join("demo.whl")).unwrap();
    assert_snapshot!(refused_unheard(&setting, 1, &["publish", "--yes", "dist/demo.whl"]), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[wheel-invalid]: `dist/demo.whl` is not a distribution
      file dist/demo.whl
      caused by: `demo.whl` is not a wheel name: expected name-version(-build)-python-abi-platform.whl
    Nothing was uploaded by this run.
    hint: build the file again, or remove it from the folder
    ");
}

#[test]
fn a_build_that_fails() {
    let setting = Setting::tiny();
    setting.write_config("[build]\ncommand = [\"false\"]\n");
    let said = super::refused(&setting, 1, &["release", "--yes"]);
    let program = regex::Regex::new("(?m)^(  command +)/.*false$").unwrap();
    assert_snapshot!(program.replace(&said, "$1[path]/false"), @"
    [WARNING] REHEARSAL_PROD_TOKEN, REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    [INFO] Building with `false` from a clean clone of [short]
    error[build-failed]: the build ended with exit code 1
      command [path]/false
      output [the tool's words]
    Nothing was uploaded by this run.
    hint: mend the build; it runs the same way outside shiponce
    ");
}

#[test]
fn a_build_that_makes_nothing() {
    let setting = Setting::tiny();
    setting.write_config("[build]\ncommand = [\"python3\", \"-c\", \"\"]\n");
    assert_snapshot!(super::refused(&setting, 1, &["release", "--yes"]), @"
    [WARNING] REHEARSAL_PROD_TOKEN, REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    [INFO] Building with `python3` from a clean clone of [short]
    error[no-wheels]: ERROR: No wheels found in dist directory!
      caused by: `python3` ended well and wrote no distribution
    Nothing was uploaded by this run.
    hint: the build must write into the folder given as {dist}
    ");
}

#[test]
fn a_build_command_that_is_not_installed() {
    let setting = Setting::tiny();
    setting.write_config("[build]\ncommand = [\"no-such-builder\"]\n");
    assert_snapshot!(super::refused(&setting, 1, &["release", "--yes"]), @"
    [WARNING] REHEARSAL_PROD_TOKEN, REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    error[build-failed]: the build command `no-such-builder` is not on PATH
    hint: install it, or change [build] command in shiponce.toml
    ");
}
