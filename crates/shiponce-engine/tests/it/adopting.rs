//! Releases that another machine published: what is adopted, what vouches for it, and where that ends.

use crate::kit::{Checked, Lab, code, dist, request, wheel_name};
use shiponce_core::plan::Role;
use shiponce_engine::{BuildOptions, Finished, Input, ReleaseRequest, ReleaseTarget};
use shiponce_rehearsal::Index::{Pypi, TestPypi};
use shiponce_rehearsal::{Attestation, Index, RouteKind};
use std::path::PathBuf;
use std::time::Duration;

const PURE: &str = "py3-none-any";
const OTHER: &str = "py2-none-any";
const REPOSITORY: &str = "https://forge.example/octo/demo";

/// A checkout whose release another machine published, and two wheels of it.
struct Elsewhere {
    checked: Checked,
    files: [PathBuf; 2],
}

impl Elsewhere {
    async fn new() -> Self {
        let checked = Checked::new().await;
        checked.origin(&format!("{REPOSITORY}.git"));
        let folder = checked.lab.folder("theirs");
        let files = [PURE, OTHER].map(|tag| dist::wheel(&folder, "1.0", tag, "theirs"));
        Self { checked, files }
    }

    fn lab(&self) -> &Lab {
        &self.checked.lab
    }

    /// Publishes a file as that machine did, attested or not.
    fn publish(&self, index: Index, number: usize, attested: bool) {
        let lab = self.lab();
        lab.put(index, &self.files[number]);
        let name = wheel_name("1.0", [PURE, OTHER][number]);
        let attestation = Attestation::new(REPOSITORY, &self.checked.commit);
        let attestation = attested.then_some(&attestation);
        assert!(lab.world.attest(index, "demo", &name, attestation, lab.clock.now()));
    }

    /// A release that would build; there is nothing that could.
    fn request(&self, targets: Vec<ReleaseTarget>) -> ReleaseRequest {
        let mut press = request(&self.checked.project, targets);
        let options = BuildOptions { timeout: Duration::from_secs(60), ..BuildOptions::default() };
        press.input = Input::Build(options);
        press
    }

    async fn press(&self, targets: Vec<ReleaseTarget>) -> Finished {
        self.checked.press(&self.request(targets)).await
    }

    #[track_caller]
    fn ended(&self, finished: &Finished, exit: u8, slug: &str) {
        let lab = self.lab();
        assert_eq!(
            (finished.exit_code().number(), code(finished)),
            (exit, slug),
            "{finished:?}\n{}",
            lab.report.text()
        );
        lab.check();
    }
}

#[tokio::test(start_paused = true)]
async fn adopted_digests_are_handed_over_as_attested_and_frozen_with_their_commit() {
    let elsewhere = Elsewhere::new().await;
    let lab = elsewhere.lab();
    elsewhere.publish(Pypi, 0, true);
    let finished = elsewhere.press(vec![lab.target(Pypi)]).await;
    elsewhere.ended(&finished, 0, "");
    assert_eq!(lab.uploads(Pypi).len(), 0);
    let (project, version) = ("demo".parse().unwrap(), "1.0".parse().unwrap());
    let frozen = lab.ledger().manifest(&project, &version).unwrap().unwrap();
    assert_eq!(frozen.commit.as_ref(), Some(&elsewhere.checked.commit));
    assert_eq!((frozen.inputs, frozen.files.len()), (None, 1));
    let handed = lab.ledger().handed_over(&project, &version).unwrap();
    let entry = &frozen.files[&wheel_name("1.0", PURE)];
    assert!(handed[&entry.sha256].how.contains("attested"), "{handed:?}");
    // The next press asks for no proof: it has its own record.
    let asked = lab.requests(RouteKind::Provenance).len();
    let finished = elsewhere.press(vec![lab.target(Pypi)]).await;
    elsewhere.ended(&finished, 0, "");
    assert_eq!(lab.requests(RouteKind::Provenance).len(), asked);
}

#[tokio::test(start_paused = true)]
async fn attested_bytes_go_on_to_an_index_that_lacks_them() {
    let elsewhere = Elsewhere::new().await;
    let lab = elsewhere.lab();
    elsewhere.publish(Pypi, 0, true);
    let second = lab.target_with(TestPypi, |core, _| core.role = Role::Production);
    let mut press = elsewhere.request(vec![second, lab.target(Pypi)]);
    press.single_copy = true;
    let finished = elsewhere.checked.press(&press).await;
    elsewhere.ended(&finished, 0, "");
    assert_eq!((lab.uploads(TestPypi).len(), lab.uploads(Pypi).len()), (1, 0));
    assert_eq!(lab.world.files(TestPypi)[0].sha256, lab.world.files(Pypi)[0].sha256);
}

#[tokio::test(start_paused = true)]
async fn what_an_advisory_test_index_does_not_tell_is_left_out_and_a_required_one_must_tell() {
    for (required, exit, slug) in [(false, 0, ""), (true, 5, "target-unobserved")] {
        let elsewhere = Elsewhere::new().await;
        let lab = elsewhere.lab();
        elsewhere.publish(Pypi, 0, true);
        elsewhere.publish(TestPypi, 0, true);
        elsewhere.publish(TestPypi, 1, true);
        lab.fault("test.provenance:*:503");
        let test = lab.target_with(TestPypi, |core, _| core.required = required);
        let finished = elsewhere.press(vec![test, lab.target(Pypi)]).await;
        elsewhere.ended(&finished, exit, slug);
        assert_eq!(lab.report.warned("is advisory and left out: it is not known where"), !required);
        assert_eq!(lab.uploads(Pypi).len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn adopted_bytes_that_no_place_gives_end_in_words() {
    let elsewhere = Elsewhere::new().await;
    let lab = elsewhere.lab();
    elsewhere.publish(Pypi, 0, true);
    lab.fault("file:*:503");
    let finished = elsewhere.press(vec![lab.target(Pypi)]).await;
    elsewhere.ended(&finished, 6, "bytes-missing");
    assert!(lab.ledger().manifests(&"demo".parse().unwrap()).unwrap().is_empty(), "nothing is frozen");
}

#[tokio::test(start_paused = true)]
async fn outside_a_repository_nothing_is_proven() {
    let elsewhere = Elsewhere::new().await;
    let lab = elsewhere.lab();
    elsewhere.publish(Pypi, 0, true);
    let mut press = elsewhere.request(vec![lab.target(Pypi)]);
    press.project_dir = lab.folder("bare");
    fs_err::create_dir_all(&press.project_dir).unwrap();
    let finished = elsewhere.checked.press(&press).await;
    elsewhere.ended(&finished, 4, "unproven-source");
    assert_eq!(lab.requests(RouteKind::Provenance).len(), 0, "there is nothing to compare with");
}

#[tokio::test(start_paused = true)]
async fn a_first_press_asks_for_no_provenance() {
    let elsewhere = Elsewhere::new().await;
    let lab = elsewhere.lab();
    elsewhere.publish(TestPypi, 0, true);
    let finished = elsewhere.press(vec![lab.target(TestPypi), lab.target(Pypi)]).await;
    assert_eq!(code(&finished), "no-wheels", "it goes on to build: {finished:?}");
    assert_eq!(lab.requests(RouteKind::Provenance).len(), 0);
}
