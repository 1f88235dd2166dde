//! Attestations beside the files, through the binary.

use super::authentication::job;
use crate::harness::{Setting, wheel};
use sha2::{Digest as _, Sha256};
use shiponce_rehearsal::{Attestation, Index, Publisher, RouteKind};

/// Configures the index to take attestations as PyPI does, and registers the job.
fn attesting(policy: &str) -> Setting {
    let setting = job();
    let path = setting.path("shiponce.toml");
    let table = fs_err::read_to_string(&path).unwrap();
    fs_err::write(&path, format!("{table}attestations = \"{policy}\"\n")).unwrap();
    setting.world().register(Index::Pypi, Publisher::new("demo", "octo/demo", "release.yml").pending());
    setting
}

fn sign(setting: &Setting, version: &str) {
    let name = format!("demo-{version}-py3-none-any.whl");
    let file = setting.project().join("dist").join(&name);
    let digest = Sha256::digest(fs_err::read(&file).unwrap());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let object = Attestation::new("https://forge.example/octo/demo", &"ab".repeat(20)).object(&name, &hex);
    fs_err::write(file.with_file_name(format!("{name}.publish.attestation")), object.to_string()).unwrap();
}

/// As gh-action-pypi-publish leaves them: in the folder with the files.
#[test]
fn attestations_in_the_folder_go_along_and_are_not_lost_in_the_next_release() {
    let setting = attesting("prefer");
    sign(&setting, "1.0");
    let plan = setting.shiponce(["publish", "--dry-run"]).expect(0);
    assert!(
        plan.stderr.contains("1 of 1 files go to pypi with attestations, signed by release.yml @ octo/demo")
    );
    setting.shiponce(["publish", "--yes"]).expect(0);
    let document = setting.shiponce(["check", "publisher", "--json"]);
    let asked = setting.world().log().iter().filter(|entry| entry.route == RouteKind::Burn).count();
    assert_eq!(asked, 1, "{}", document.stderr);

    fs_err::remove_dir_all(setting.project().join("dist")).unwrap();
    wheel(&setting.project().join("dist"), "demo", "1.1", "py3-none-any", "two");
    for dry in [true, false] {
        let flag = if dry { "--dry-run" } else { "--yes" };
        let run = setting.shiponce(["publish", flag, "--json"]).expect(1);
        assert_eq!(run.json()["error"]["code"], "provenance-downgrade", "{}", run.stderr);
    }
    assert_eq!(setting.stores(Index::Pypi), 1);
    sign(&setting, "1.1");
    setting.shiponce(["publish", "--yes"]).expect(0);
    assert_eq!(setting.stores(Index::Pypi), 2);
}

#[test]
fn a_required_attestation_is_missed_before_anything_is_written() {
    let setting = attesting("require");
    let run = setting.shiponce(["publish", "--yes", "--json"]).expect(1);
    assert_eq!(run.json()["error"]["code"], "attestation-missing", "{}", run.stderr);
    assert_eq!(setting.world().writes(Index::Pypi), 0);
}
