//! Malformed files.

use super::{dist, refused, refused_unheard};
use crate::harness::{Setting, sdist, wheel};
use insta::assert_snapshot;
use std::path::PathBuf;

const PUBLISH: [&str; 2] = ["publish", "--yes"];

fn good(setting: &Setting) -> PathBuf {
    wheel(&dist(setting), "demo", "1.0", "py3-none-any", "one")
}

#[test]
fn a_truncated_wheel() {
    let setting = Setting::new();
    let path = good(&setting);
    let bytes = fs_err::read(&path).unwrap();
    fs_err::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert_snapshot!(refused_unheard(&setting, 1, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[wheel-invalid]: `demo-1.0-py3-none-any.whl` is not a sound zip file
      file [folder]/project/dist/demo-1.0-py3-none-any.whl
      caused by: not a zip file: it has no end-of-central-directory record
    Nothing was uploaded by this run.
    hint: build the file again, or remove it from the folder
    ");
}

#[test]
fn a_wheel_that_is_no_archive() {
    let setting = Setting::new();
    fs_err::write(good(&setting), "<html>Not found</html>").unwrap();
    assert_snapshot!(refused_unheard(&setting, 1, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[wheel-invalid]: `demo-1.0-py3-none-any.whl` is not a sound zip file
      file [folder]/project/dist/demo-1.0-py3-none-any.whl
      caused by: not a zip file: it has no end-of-central-directory record
    Nothing was uploaded by this run.
    hint: build the file again, or remove it from the folder
    ");
}

#[test]
fn an_empty_wheel() {
    let setting = Setting::new();
    fs_err::write(good(&setting), "").unwrap();
    assert_snapshot!(refused_unheard(&setting, 1, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[wheel-invalid]: `demo-1.0-py3-none-any.whl` is not a sound zip file
      file [folder]/project/dist/demo-1.0-py3-none-any.whl
      caused by: not a zip file: it has no end-of-central-directory record
    Nothing was uploaded by this run.
    hint: build the file again, or remove it from the folder
    ");
}

/// The content of the module changes behind RECORD's back; the archive itself stays whole.
#[test]
fn a_record_that_does_not_fit() {
    let setting = Setting::new();
    let path = wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "original");
    rewritten(
        &path,
        |name, text| {
            if name == "demo/__init__.py" { text.replace("original", "patched!") } else { text }
        },
    );
    assert_snapshot!(refused(&setting, 1, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[check-failed]: demo-1.0-py3-none-any.whl: demo-1.0.dist-info/RECORD: `demo/__init__.py` has sha256 SljaCnC2y8DinRw3a-mjelbRFvbFPH8fd6jp7fL4m5U, not the listed fCcYUJEsjplH6daMCYpeB5W28GWnEPbgzV8Ke3BP4qI [record-mismatch]
    Nothing was uploaded by this run.
    hint: a file was changed, added or removed after the build; repack the wheel with `wheel pack`
    ");
}

#[test]
fn metadata_of_another_version_than_the_file_name() {
    let setting = Setting::new();
    let path = good(&setting);
    fs_err::rename(&path, dist(&setting).join("demo-2.0-py3-none-any.whl")).unwrap();
    assert_snapshot!(refused_unheard(&setting, 1, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[wheel-invalid]: `demo-2.0-py3-none-any.whl` contains `demo-1.0.dist-info`, which is of another project or version
      file [folder]/project/dist/demo-2.0-py3-none-any.whl
    Nothing was uploaded by this run.
    hint: build the file again, or remove it from the folder
    ");
}

#[test]
fn an_sdist_that_is_no_archive() {
    let setting = Setting::new();
    fs_err::write(sdist(&dist(&setting), "demo", "1.0", "one"), "no gzip").unwrap();
    assert_snapshot!(refused_unheard(&setting, 1, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[wheel-invalid]: `demo-1.0.tar.gz` is not a sound tar.gz file
      file [folder]/project/dist/demo-1.0.tar.gz
      caused by: the archive is damaged or cannot be read
      caused by: unexpected end of file
    Nothing was uploaded by this run.
    hint: build the file again, or remove it from the folder
    ");
}

#[test]
fn a_platform_that_pypi_does_not_take() {
    let setting = Setting::new();
    wheel(&dist(&setting), "demo", "1.0", "cp312-cp312-linux_x86_64", "one");
    assert_snapshot!(refused(&setting, 1, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    error[check-failed]: demo-1.0-cp312-cp312-linux_x86_64.whl: PyPI does not take the platform tag `linux_x86_64` [platform-tag]
    Nothing was uploaded by this run.
    hint: repair Linux wheels with auditwheel and macOS wheels with delocate; both set the tag they can vouch for
    ");
}

/// Writes the archive anew with changed members.
pub(super) fn rewritten(path: &std::path::Path, change: impl Fn(&str, String) -> String) {
    use std::io::{Read as _, Write as _};
    let mut old = zip::ZipArchive::new(fs_err::File::open(path).unwrap()).unwrap();
    let mut members = Vec::new();
    for number in 0..old.len() {
        let mut member = old.by_index(number).unwrap();
        let mut text = String::new();
        member.read_to_string(&mut text).unwrap();
        members.push((member.name().unwrap().into_owned(), text));
    }
    let mut new = zip::ZipWriter::new(fs_err::File::create(path).unwrap());
    for (name, text) in members {
        new.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(change(&name, text).as_bytes()).unwrap();
    }
    new.finish().unwrap();
}
