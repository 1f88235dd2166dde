//! Files of another project or version among the ones to publish.

use super::{dist, refused, refused_unheard};
use crate::harness::{Setting, sdist, wheel};
use insta::assert_snapshot;

#[test]
fn a_wheel_of_another_project() {
    let setting = Setting::new();
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "one");
    wheel(&dist(&setting), "other", "1.0", "py3-none-any", "one");
    assert_snapshot!(refused_unheard(&setting, 1, &["publish", "--yes"]), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[foreign-wheel]: other-1.0-py3-none-any.whl belongs to the project other, not to demo
      file other-1.0-py3-none-any.whl
    Nothing was uploaded by this run.
    hint: remove it, or name the files to publish
    ");
}

#[test]
fn a_wheel_of_another_version() {
    let setting = Setting::new();
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "one");
    sdist(&dist(&setting), "demo", "1.1", "one");
    assert_snapshot!(refused_unheard(&setting, 1, &["publish", "--yes"]), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[foreign-wheel]: demo-1.1.tar.gz is version 1.1, demo-1.0-py3-none-any.whl is 1.0
      file demo-1.1.tar.gz
    Nothing was uploaded by this run.
    hint: remove it, or name the files to publish
    ");
}

#[test]
fn the_wheel_of_another_project_in_the_dist_folder_of_a_release() {
    let setting = Setting::tiny();
    wheel(&dist(&setting), "other", "1.0.0", "py3-none-any", "one");
    // The folder is ignored by git, as it usually is; a dirty tree would be refused before.
    let said = refused(&setting, 1, &["release", "--skip-build", "--allow-dirty", "--yes"]);
    assert_snapshot!(said, @"
    [WARNING] changed since the commit: 1 file (first: dist/other-1.0.0-py3-none-any.whl)
    [INFO] Taking the files in [folder]/project/dist
    error[foreign-wheel]: other-1.0.0-py3-none-any.whl belongs to the project other, not to tiny
      file other-1.0.0-py3-none-any.whl
    Nothing was uploaded by this run.
    hint: remove it, or name the files to publish
    ");
}

#[test]
fn the_wheel_of_an_older_version_in_the_dist_folder_of_a_release() {
    let setting = Setting::tiny();
    wheel(&dist(&setting), "tiny", "1.0.0", "py3-none-any", "one");
    wheel(&dist(&setting), "tiny", "0.9.0", "py3-none-any", "one");
    let said = refused(&setting, 1, &["release", "--skip-build", "--allow-dirty", "--yes"]);
    assert_snapshot!(said, @"
    [WARNING] changed since the commit: 2 files (first: dist/tiny-0.9.0-py3-none-any.whl)
    [INFO] Taking the files in [folder]/project/dist
    error[foreign-wheel]: tiny-0.9.0-py3-none-any.whl is version 0.9.0, the project is 1.0.0
      file tiny-0.9.0-py3-none-any.whl
    Nothing was uploaded by this run.
    hint: remove it, or name the files to publish
    ");
}

#[test]
fn the_same_file_twice() {
    let setting = Setting::new();
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "one");
    let again = wheel(&setting.path("elsewhere"), "demo", "1.0", "py3-none-any", "two");
    let args = ["publish", "--yes", "dist/demo-1.0-py3-none-any.whl", again.to_str().unwrap()];
    assert_snapshot!(refused(&setting, 1, &args), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[check-failed]: demo-1.0-py3-none-any.whl: two files have this name: dist/demo-1.0-py3-none-any.whl and [folder]/elsewhere/demo-1.0-py3-none-any.whl [set-name]
    Nothing was uploaded by this run.
    hint: hand over each file once
    ");
}

#[test]
fn every_unsound_file_is_listed() {
    let setting = Setting::new();
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "one");
    for name in ["demo-1.0-cp311-cp311-win32.whl", "demo-1.0-cp312-cp312-win32.whl", "demo-1.0.tar.gz"] {
        fs_err::write(dist(&setting).join(name), "torn").unwrap();
    }
    assert_snapshot!(refused_unheard(&setting, 1, &["publish", "--yes"]), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[wheel-invalid]: `demo-1.0-cp311-cp311-win32.whl` is not a sound zip file
      file [folder]/project/dist/demo-1.0-cp311-cp311-win32.whl
      also `demo-1.0-cp312-cp312-win32.whl` is not a sound zip file: not a zip file: it has no end-of-central-directory record
      also `demo-1.0.tar.gz` is not a sound tar.gz file: the archive is damaged or cannot be read: unexpected end of file
      caused by: not a zip file: it has no end-of-central-directory record
    Nothing was uploaded by this run.
    hint: build the file again, or remove it from the folder
    ");
}
