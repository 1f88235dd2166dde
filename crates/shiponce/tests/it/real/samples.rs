//! The examples, and source distributions of projects that others maintain.

use super::{release_twice, setting};
use crate::harness::{Setting, project, sdists};
use flate2::read::GzDecoder;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Unpacks a sample into the project folder and commits it at its tag.
fn sample(setting: &Setting, name: &str, version: &str) {
    let archive = sdists().join(format!("{name}-{version}.tar.gz"));
    let file = fs_err::File::open(&archive).unwrap();
    let folder = setting.path("unpacked");
    tar::Archive::new(GzDecoder::new(file)).unpack(&folder).unwrap();
    project::copy(&folder.join(format!("{name}-{version}")), &setting.project());
    project::commit(&setting.project(), &format!("v{version}"));
}

#[test]
fn hello_with_uv() {
    let setting = Setting::hello();
    release_twice(&setting, &["shiponce_hello"], 2);
}

#[test]
fn hello_with_pip_and_venv_only() {
    let mut setting = Setting::hello();
    setting.without_uv();
    release_twice(&setting, &["shiponce_hello"], 2);
}

/// A C extension: the wheel runs here because its tag says so, and the sdist is compiled.
#[test]
fn native() {
    let setting = setting("shiponce-native");
    project::copy(&crate::harness::repository().join("examples/native"), &setting.project());
    project::commit(&setting.project(), "v1.0.0");
    release_twice(&setting, &["shiponce_native"], 2);
}

#[test]
fn idna_with_a_dynamic_version() {
    let setting = setting("idna");
    sample(&setting, "idna", "3.20");
    release_twice(&setting, &["idna"], 2);
}

/// Neither name nor version stand in a pyproject.toml: the configuration names the package, the build its version.
#[test]
fn six_with_nothing_but_a_setup_py() {
    let setting = setting("six");
    sample(&setting, "six", "1.17.0");
    setting.write_config_with_top("package = \"six\"");
    release_twice(&setting, &["six"], 2);
}

#[test]
fn sampleproject() {
    let setting = setting("sampleproject");
    sample(&setting, "sampleproject", "4.0.0");
    release_twice(&setting, &["sample"], 2);
}

/// PyPI takes no plain Linux wheel; the maintainers' own way out is auditwheel.
#[test]
fn markupsafe_refused_plain_and_released_repaired() {
    let setting = setting("markupsafe");
    sample(&setting, "markupsafe", "3.0.4");
    let plain = setting.shiponce(["release", "--yes"]).expect(1);
    assert!(plain.stderr.contains("error[check-failed]"), "{}", plain.stderr);
    assert!(
        plain.stderr.contains("linux_x86_64") || plain.stderr.contains("linux_aarch64"),
        "{}",
        plain.stderr
    );
    assert_eq!(setting.world().writes(shiponce_rehearsal::Index::TestPypi), 0);

    let script = setting.path("build.sh");
    executable(
        &script,
        "#!/bin/sh\nset -e\nuv build --quiet --out-dir raw\nauditwheel repair --wheel-dir \"$1\" raw/*.whl\ncp raw/*.tar.gz \"$1\"\n",
    );
    setting.write_config(&format!("[build]\ncommand = [\"{}\", \"{{dist}}\"]\n", script.display()));
    release_twice(&setting, &["markupsafe"], 2);
}

fn executable(path: &Path, text: &str) {
    fs_err::write(path, text).unwrap();
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
