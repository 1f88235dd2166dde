//! What is published is not proven to be this commit's: nothing is built beside it, and nothing is sent.

use super::{Begun, PRESS, REPOSITORY};
use insta::assert_snapshot;
use shiponce_rehearsal::Attestation;
use shiponce_rehearsal::Index::{Pypi, TestPypi};

/// The words of a refusal of a release whose files have this provenance.
fn refused(change: impl Fn(Attestation) -> Attestation) -> String {
    let begun = Begun::whole();
    begun.attest(Pypi, change);
    let run = begun.elsewhere().silent(4, &PRESS);
    assert_eq!(run.json()["error"]["code"], "unproven-source");
    let why = run.stderr.lines().find(|line| line.trim_start().starts_with("why"));
    why.unwrap_or_else(|| panic!("no reason:\n{}", run.stderr)).trim().to_owned()
}

#[test]
fn files_without_provenance() {
    let begun = Begun::whole();
    let run = begun.elsewhere().silent(4, &["release", "--yes"]);
    let said = begun.setting.tidy(&run.stderr);
    assert_snapshot!(&said[said.find("error[").unwrap()..], @"
    error[unproven-source]: pypi holds 1 file of tiny 1.0.0, published from unproven source
      file tiny-1.0.0-py3-none-any.whl
      why  it has no provenance
      here commit [short]
    A rebuild would make other bytes beside them; nothing was built or uploaded.
    hint: resume with the original files: --skip-build --dist-dir DIR, or shiponce publish FILES
    hint: or release a new version
    ");
}

#[test]
fn provenance_of_another_commit_or_of_none() {
    let other = refused(|_| Attestation::new(REPOSITORY, &"ab".repeat(20)));
    assert_eq!(other, format!("why  it was made from commit {}", "ab".repeat(20)));
    assert_eq!(refused(Attestation::without_commit), "why  its provenance names no commit");
}

#[test]
fn provenance_of_another_repository_or_publisher() {
    let commit = Begun::whole().commit;
    let fork = "https://forge.example/fork/tiny";
    assert_eq!(refused(|_| Attestation::new(fork, &commit)), format!("why  it was made from {fork}"));
    let borrowed = refused(|own| own.published_by("fork/tiny"));
    assert!(borrowed.contains("and its publisher fork/tiny"), "{borrowed}");
}

#[test]
fn provenance_of_other_bytes() {
    let other = refused(|own| own.about_bytes(&"00".repeat(32)));
    assert!(other.starts_with("why  its provenance is of other bytes"), "{other}");
}

#[test]
fn one_unproven_file_is_enough() {
    let begun = Begun::half();
    begun.attest(TestPypi, |as_it_is| as_it_is);
    begun.elsewhere().silent(4, &PRESS);
}

#[test]
fn provenance_that_cannot_be_read_is_unknown() {
    let begun = Begun::whole();
    begun.attest(Pypi, |as_it_is| as_it_is);
    begun.setting.world().switch(Pypi, |switches| switches.attestations_disabled = true);
    let elsewhere = begun.elsewhere();
    let run = elsewhere.silent(5, &PRESS);
    assert_eq!(run.json()["error"]["code"], "target-unobserved");
    begun.setting.world().switch(Pypi, |switches| switches.attestations_disabled = false);
    elsewhere.silent(0, &PRESS);
}
