//! Attestations beside the files: sent with them where they are taken, missed before anything is sent.

use crate::access::trusted;
use crate::kit::{Lab, code, dist, wheel_name};
use sha2::{Digest as _, Sha256};
use shiponce_config::Attestations;
use shiponce_engine::{Attest, Finished, ReleaseTarget};
use shiponce_rehearsal::Index::Pypi;
use shiponce_rehearsal::{Attestation, RouteKind};
use std::path::{Path, PathBuf};

const TAG: &str = "py3-none-any";

/// An attestation by the workflow that the world's runner runs.
fn honest() -> Attestation {
    Attestation::new("https://forge.example/octo/demo", &"ab".repeat(20))
}

/// Puts an attestation beside a file.
fn sign(file: &Path, attestation: &Attestation) -> PathBuf {
    let name = file.file_name().unwrap().to_str().unwrap();
    let digest = Sha256::digest(fs_err::read(file).unwrap());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let path = file.with_file_name(format!("{name}.publish.attestation"));
    fs_err::write(&path, attestation.object(name, &hex).to_string()).unwrap();
    path
}

/// Production that takes attestations, by the job's identity.
fn production(lab: &Lab, policy: Attestations) -> ReleaseTarget {
    let mut target = trusted(lab);
    target.attest = Attest { policy, by_publisher: true };
    target
}

/// Production by a token.
fn by_token(lab: &Lab, policy: Attestations) -> ReleaseTarget {
    let mut target = lab.target(Pypi);
    target.attest = Attest { policy, by_publisher: false };
    target
}

fn wheel(lab: &Lab, version: &str) -> PathBuf {
    dist::wheel(&lab.folder("dist"), version, TAG, version)
}

async fn publish(lab: &Lab, file: &Path, target: ReleaseTarget) -> Finished {
    let ended = lab.publish_to(&[file.to_owned()], vec![target]).await;
    lab.check();
    ended
}

/// Whether the index shows provenance for the wheel of a version.
fn shown(lab: &Lab, version: &str) -> bool {
    let path = format!("/prod/integrity/demo/{version}/{}/provenance", wheel_name(version, TAG));
    let request =
        http::Request::get(format!("http://127.0.0.1:8080{path}")).body(bytes::Bytes::new()).unwrap();
    lab.world.handle(request, shiponce_io::Clock::now(&*lab.clock)).status() == 200
}

#[tokio::test(start_paused = true)]
async fn an_attestation_beside_a_file_is_sent_with_it() {
    let lab = Lab::new();
    let file = wheel(&lab, "1.0");
    let beside = sign(&file, &honest());
    // `dist/*` names both.
    let ended = lab.publish_to(&[file, beside], vec![production(&lab, Attestations::Require)]).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}\n{}", lab.report.text());
    assert!(shown(&lab, "1.0"));
    assert!(
        lab.report
            .text()
            .contains("1 of 1 files go to PyPI with attestations, signed by release.yml @ octo/demo")
    );
    let row = ended.document.steps.iter().find(|step| step.name == "attestations").unwrap();
    assert!(row.detail.contains("1 of 1 files go to PyPI"), "{row:?}");
}

/// A token brings none, and says so; a policy of none sends none although they are there.
#[tokio::test(start_paused = true)]
async fn no_attestation_goes_where_it_is_not_taken() {
    let lab = Lab::new();
    let file = wheel(&lab, "1.0");
    sign(&file, &honest());
    let ended = publish(&lab, &file, by_token(&lab, Attestations::Prefer)).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}\n{}", lab.report.text());
    assert!(lab.report.warned("attestations are not sent to PyPI: it takes them from trusted publishers"));
    assert!(!shown(&lab, "1.0"));
    let lab = Lab::new();
    let file = wheel(&lab, "1.0");
    sign(&file, &honest());
    let ended = publish(&lab, &file, production(&lab, Attestations::Off)).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}");
    assert!(!shown(&lab, "1.0") && !lab.report.text().contains("attestations"), "{}", lab.report.text());
}

/// Nothing is exchanged and nothing is sent.
#[tokio::test(start_paused = true)]
async fn a_required_attestation_is_missed_before_anything_is_sent() {
    for token in [false, true] {
        let lab = Lab::new();
        let file = wheel(&lab, "1.0");
        let target = if token {
            sign(&file, &honest());
            by_token(&lab, Attestations::Require)
        } else {
            production(&lab, Attestations::Require)
        };
        let (before, ended) = (lab.uploads(Pypi).len(), publish(&lab, &file, target).await);
        assert_eq!((ended.exit_code().number(), code(&ended)), (1, "attestation-missing"), "{ended:?}");
        assert_eq!((lab.uploads(Pypi).len(), lab.requests(RouteKind::Mint).len()), (before, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn what_had_provenance_is_not_released_without() {
    let lab = Lab::new();
    let first = wheel(&lab, "1.0");
    sign(&first, &honest());
    assert_eq!(publish(&lab, &first, production(&lab, Attestations::Prefer)).await.exit_code().number(), 0);
    let second = wheel(&lab, "1.1");
    for by_publisher in [true, false] {
        let mut target = lab.target(Pypi);
        target.attest = Attest { policy: Attestations::Prefer, by_publisher };
        let (before, ended) = (lab.uploads(Pypi).len(), publish(&lab, &second, target).await);
        assert_eq!((ended.exit_code().number(), code(&ended)), (1, "provenance-downgrade"), "{ended:?}");
        let problem = ended.problem.unwrap().render();
        assert!(
            problem.contains("provenance for demo 1.0") && problem.contains("Nothing was uploaded"),
            "{problem}"
        );
        assert_eq!(lab.uploads(Pypi).len(), before);
    }
    // The same release again has nothing to send, so nothing is lost.
    fs_err::remove_file(first.with_file_name(format!("{}.publish.attestation", wheel_name("1.0", TAG))))
        .unwrap();
    assert_eq!(publish(&lab, &first, by_token(&lab, Attestations::Prefer)).await.exit_code().number(), 0);
    // On purpose.
    let ended = publish(&lab, &second, by_token(&lab, Attestations::Off)).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}\n{}", lab.report.text());
    assert!(lab.report.warned("PyPI shows provenance for 1.0; this release has none there"));
}

#[tokio::test(start_paused = true)]
async fn an_attestation_that_the_index_would_refuse_is_not_sent() {
    for (attestation, said) in [
        (honest().about("demo-9.9-py3-none-any.whl"), "it is about demo-9.9-py3-none-any.whl"),
        (honest().about_bytes(&"00".repeat(32)), "it is about other bytes"),
    ] {
        let lab = Lab::new();
        let file = wheel(&lab, "1.0");
        sign(&file, &attestation);
        let (before, ended) =
            (lab.uploads(Pypi).len(), publish(&lab, &file, by_token(&lab, Attestations::Prefer)).await);
        assert_eq!((ended.exit_code().number(), code(&ended)), (1, "attestation-invalid"), "{ended:?}");
        let problem = ended.problem.unwrap().render();
        assert!(problem.contains(said), "{problem}");
        assert_eq!(lab.uploads(Pypi).len(), before);
    }
}

/// The certificate names the calling file of a reusable workflow, the publisher is the called one.
#[tokio::test(start_paused = true)]
async fn another_signer_than_the_publisher_is_seen_before_the_file_is_sent() {
    let lab = Lab::new();
    let file = wheel(&lab, "1.0");
    sign(&file, &honest().from_workflow("ci.yml"));
    let target = production(&lab, Attestations::Prefer);
    let (before, ended) = (lab.uploads(Pypi).len(), publish(&lab, &file, target).await);
    assert_eq!((ended.exit_code().number(), code(&ended)), (1, "attestation-invalid"), "{ended:?}");
    let problem = ended.problem.unwrap().render();
    assert!(problem.contains("signed     ci.yml") || problem.contains("ci.yml"), "{problem}");
    assert_eq!((lab.uploads(Pypi).len(), lab.requests(RouteKind::Mint).len()), (before, 1));
    assert_eq!(lab.requests(RouteKind::Burn).len(), 1, "the token is given back");
}

#[tokio::test(start_paused = true)]
async fn two_signers_in_one_release_are_refused() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    sign(&files[0], &honest());
    sign(&files[1], &honest().from_workflow("other.yml"));
    let ended = lab.publish_to(&files, vec![production(&lab, Attestations::Prefer)]).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (1, "attestation-invalid"), "{ended:?}");
    assert_eq!(lab.requests(RouteKind::Mint).len(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_attestation_without_its_file_is_a_slip() {
    let lab = Lab::new();
    let file = wheel(&lab, "1.0");
    let beside = sign(&file, &honest());
    let other = wheel(&lab, "1.1");
    let ended = lab.publish_to(&[other, beside], vec![by_token(&lab, Attestations::Prefer)]).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (2, "usage"), "{ended:?}");
}
