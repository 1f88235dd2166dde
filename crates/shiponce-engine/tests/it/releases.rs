//! `release` over a folder: the test stage, the second place, adoption, several targets.

use crate::kit::{Lab, code, dist, request, wheel_name};
use shiponce_engine::{BuildOptions, Input, ReleaseTarget};
use shiponce_io::Clock as _;
use shiponce_rehearsal::Index::{Pypi, TestPypi};
use std::path::{Path, PathBuf};
use std::time::Duration;

const PURE: &str = "py3-none-any";

fn pair(lab: &Lab) -> Vec<ReleaseTarget> {
    vec![lab.target(TestPypi), lab.target(Pypi)]
}

/// The pair with a test index that only advises.
fn advised(lab: &Lab) -> Vec<ReleaseTarget> {
    vec![lab.target_with(TestPypi, |core, _| core.required = false), lab.target(Pypi)]
}

fn build() -> Input {
    Input::Build(BuildOptions { timeout: Duration::from_secs(60), ..BuildOptions::default() })
}

#[tokio::test(start_paused = true)]
async fn the_test_index_comes_first_and_is_installed_from() {
    let lab = Lab::new();
    let dist = lab.folder("dist");
    dist::wheel(&dist, "1.0", PURE, "a");
    dist::wheels(&dist, "1.0", 2);
    let ended = lab.release(&request(&dist, pair(&lab))).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}\n{}", lab.report.text());
    let order: Vec<_> =
        lab.world.log().iter().filter(|entry| entry.is_write).map(|entry| entry.index.unwrap()).collect();
    assert_eq!(order, [TestPypi, TestPypi, TestPypi, Pypi, Pypi, Pypi]);
    let installed = lab.python.installed();
    assert_eq!(installed.len(), 2, "what runs here is installed: {installed:?}");
    assert!(
        installed.iter().all(|what| what.contains("/test/") && what.contains("#sha256=")),
        "{installed:?}"
    );
    assert!(lab.report.warned("cp311-cp311-manylinux_2_17_x86_64.whl: not verifiable here"));
    lab.check();
    let again = lab.release(&request(&dist, pair(&lab))).await;
    assert_eq!(again.exit_code().number(), 0, "{again:?}");
    assert_eq!(lab.report.questions().len(), 1, "nothing to ask");
    assert_eq!(lab.uploads(Pypi).len() + lab.uploads(TestPypi).len(), 6);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_install_never_reaches_production() {
    for targets in [pair, advised] {
        let lab = Lab::new();
        lab.python.breaks_on("demo-1.0");
        let dist = lab.folder("dist");
        dist::wheel(&dist, "1.0", PURE, "a");
        let ended = lab.release(&request(&dist, targets(&lab))).await;
        assert_eq!(code(&ended), "install-verification-failed", "{ended:?}");
        assert_eq!((lab.uploads(TestPypi).len(), lab.uploads(Pypi).len()), (1, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failing_test_index_stops_a_release_only_where_it_is_required() {
    for fault in ["test.upload:*:503", "test.upload:*:read-only", "test.simple:*:503"] {
        let lab = Lab::new();
        lab.fault(fault);
        let dist = lab.folder("dist");
        dist::wheel(&dist, "1.0", PURE, "a");
        let stopped = lab.release(&request(&dist, pair(&lab))).await;
        assert!([5, 8].contains(&stopped.exit_code().number()), "{fault}: {stopped:?}");
        assert_eq!(lab.uploads(Pypi).len(), 0, "{fault}");
        // Without it there is no second place, and that has to be accepted.
        let alone = lab.release(&request(&dist, advised(&lab))).await;
        assert_eq!((alone.exit_code().number(), code(&alone)), (2, "single-copy"), "{fault}: {alone:?}");
        assert_eq!(lab.uploads(Pypi).len(), 0, "{fault}");
        let mut accepted = request(&dist, advised(&lab));
        accepted.single_copy = true;
        let ended = lab.release(&accepted).await;
        assert_eq!(ended.exit_code().number(), 0, "{fault}: {ended:?}\n{}", lab.report.text());
        assert!(lab.report.warned("Test PyPI is advisory and left out"), "{fault}");
        assert_eq!(lab.uploads(Pypi).len(), 1, "{fault}");
        let installed = lab.python.installed();
        assert!(installed.last().unwrap().contains("file://"), "verified from here: {installed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn other_bytes_on_the_test_index_name_the_next_dev_release() {
    let lab = Lab::new();
    let dist = lab.folder("dist");
    dist::wheel(&dist, "1.0", PURE, "a");
    lab.put(TestPypi, &dist::wheel(&lab.folder("theirs"), "1.0", PURE, "theirs"));
    let stopped = lab.release(&request(&dist, pair(&lab))).await;
    assert_eq!((stopped.exit_code().number(), code(&stopped)), (4, "file-conflict"), "{stopped:?}");
    let problem = stopped.problem.unwrap().render();
    assert!(problem.contains("1.0.dev1") || problem.contains("1.0.post1.dev"), "{problem}");
    let mut accepted = request(&dist, advised(&lab));
    accepted.single_copy = true;
    let ended = lab.release(&accepted).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}");
    assert_eq!((lab.uploads(TestPypi).len(), lab.uploads(Pypi).len()), (0, 1));
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn production_with_nine_of_twelve_gets_the_other_three() {
    let lab = Lab::new();
    let dist = lab.folder("dist");
    let files = dist::wheels(&dist, "1.0", 12);
    for file in &files[..9] {
        lab.put(Pypi, file);
    }
    let ended = lab.release(&request(&dist, pair(&lab))).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}");
    assert!(lab.report.said("9 of 12 files already there (identical), uploading 3"));
    assert_eq!((lab.uploads(TestPypi).len(), lab.uploads(Pypi).len()), (12, 3));
    assert_eq!(lab.report.questions()[0].len(), 4);
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn a_file_without_a_second_place_stops_before_the_question() {
    let lab = Lab::new();
    let dist = lab.folder("dist");
    let files = dist::wheels(&dist, "1.0", 3);
    lab.put(Pypi, &files[0]);
    let ended = lab.release(&request(&dist, vec![lab.target(Pypi)])).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (2, "single-copy"), "{ended:?}");
    assert!(lab.report.questions().is_empty(), "it is known before anybody is asked");
    assert_eq!(lab.uploads(Pypi).len(), 0);
}

#[tokio::test(start_paused = true)]
async fn two_production_indexes_of_which_one_fails_are_partial() {
    for first_fails in [true, false] {
        let lab = Lab::new();
        lab.fault(if first_fails { "test.upload:*:503" } else { "prod.upload:*:503" });
        let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
        let other = |core: &mut shiponce_core::plan::Target, _: &mut shiponce_index::Index| {
            core.role = shiponce_core::plan::Role::Production;
        };
        let targets = vec![lab.target_with(TestPypi, other), lab.target(Pypi)];
        let ended = lab.publish_to(&files, targets).await;
        assert_eq!((ended.exit_code().number(), code(&ended)), (6, "partial"), "{ended:?}");
        let complete = if first_fails { Pypi } else { TestPypi };
        assert_eq!(lab.names(complete).len(), 2, "the other one is completed");
        lab.check();
    }
}

/// A first press that is answered with no: frozen, stored, on the test index at most.
async fn freeze(lab: &Lab, dist: &Path) {
    dist::wheel(dist, "1.0", PURE, "a");
    lab.report.answer([shiponce_engine::report::Confirmation::No]);
    let ended = lab.release(&request(dist, pair(lab))).await;
    assert_eq!(code(&ended), "not-confirmed", "{ended:?}");
}

fn stored(lab: &Lab) -> PathBuf {
    fn find(folder: &Path) -> Option<PathBuf> {
        fs_err::read_dir(folder).unwrap().find_map(|entry| {
            let path = entry.unwrap().path();
            let long = path.file_name()?.to_str()?.len() >= 60;
            if path.is_dir() { find(&path) } else { long.then_some(path) }
        })
    }
    find(&lab.folder("store")).unwrap()
}

#[tokio::test(start_paused = true)]
async fn frozen_bytes_are_adopted_and_nothing_is_built() {
    let lab = Lab::new();
    let dist = lab.folder("dist");
    freeze(&lab, &dist).await;
    let mut press = request(&dist, pair(&lab));
    press.input = build();
    let ended = lab.release(&press).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}\n{}", lab.report.text());
    assert!(lab.report.said("1 file frozen before, nothing built"), "{}", lab.report.text());
    assert_eq!(lab.names(Pypi), [wheel_name("1.0", PURE)]);
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn a_damaged_copy_is_set_aside_and_fetched_by_its_digest() {
    let lab = Lab::new();
    let dist = lab.folder("dist");
    freeze(&lab, &dist).await;
    lab.put(TestPypi, &dist.join(wheel_name("1.0", PURE)));
    let copy = stored(&lab);
    let mut bytes = fs_err::read(&copy).unwrap();
    bytes[20] ^= 1;
    fs_err::remove_file(&copy).unwrap();
    fs_err::write(&copy, bytes).unwrap();
    let mut press = request(&dist, pair(&lab));
    press.input = build();
    let ended = lab.release(&press).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}\n{}", lab.report.text());
    assert!(lab.report.warned("is damaged and was set aside"), "{}", lab.report.text());
    assert!(lab.report.said("Fetching demo-1.0-py3-none-any.whl from Test PyPI by its digest"));
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn frozen_bytes_that_are_nowhere_end_in_words() {
    let lab = Lab::new();
    let dist = lab.folder("dist");
    freeze(&lab, &dist).await;
    fs_err::remove_dir_all(lab.folder("store")).unwrap();
    let mut press = request(&dist, pair(&lab));
    press.input = build();
    let ended = lab.release(&press).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (6, "bytes-missing"), "{ended:?}");
    assert_eq!(lab.uploads(TestPypi).len() + lab.uploads(Pypi).len(), 0);
    let problem = ended.problem.unwrap().render();
    assert!(problem.contains("1.0.post1"), "{problem}");
}

#[tokio::test(start_paused = true)]
async fn files_of_unproven_source_are_never_joined_by_a_rebuild() {
    let lab = Lab::new();
    let dist = lab.folder("dist");
    let files = dist::wheels(&dist, "1.0", 1);
    lab.put(Pypi, &files[0]);
    let mut press = request(&dist, pair(&lab));
    press.input = build();
    let ended = lab.release(&press).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (4, "unproven-source"), "{ended:?}");
    assert_eq!(lab.uploads(TestPypi).len() + lab.uploads(Pypi).len(), 0);
}

/// A repository with a commit, its tag, and a remote that has both. In real time, with the real git.
async fn repository(lab: &Lab, folder: &Path) -> shiponce_io::git::Repository {
    use shiponce_io::git::{Git, Identity, TagKind};
    fs_err::create_dir_all(folder).unwrap();
    let (environment, runner) = (lab.real_environment(), lab.real_runner());
    let git = Git::new(runner, &environment, lab.cancel.clone(), Duration::from_secs(60));
    let repository = git.init(folder).await.unwrap().unwrap();
    let when = shiponce_io::SystemClock::new().now();
    let identity = Identity { name: "t".to_owned(), email: "t@localhost".to_owned(), when };
    fs_err::write(folder.join("a.txt"), "a").unwrap();
    let commit = repository.commit_all("a", &identity).await.unwrap();
    repository.create_tag("v1.0", &commit, &TagKind::Lightweight).await.unwrap();
    repository.add_local_remote("origin", &folder.with_file_name("remote.git")).await.unwrap();
    repository.push("origin", &["refs/heads/main", "refs/tags/v1.0"]).await.unwrap();
    repository
}

#[tokio::test]
async fn a_tag_that_moved_is_seen_by_the_frozen_commit() {
    let lab = Lab::new();
    let project = lab.folder("project");
    repository(&lab, &project).await;
    let dist = lab.folder("dist");
    dist::wheel(&dist, "1.0", PURE, "a");
    lab.report.answer([shiponce_engine::report::Confirmation::No]);
    let mut press = request(&dist, vec![lab.target(Pypi)]);
    press.project_dir.clone_from(&project);
    (press.single_copy, press.allow_dirty) = (true, false);
    let context = lab.real_context();
    let ended = shiponce_engine::release(&context, &press).await;
    assert_eq!(code(&ended), "not-confirmed", "{ended:?}");
    fs_err::remove_dir_all(&project).unwrap();
    fs_err::remove_dir_all(lab.folder("remote.git")).unwrap();
    lab.clock.sleep(Duration::from_millis(1100)).await;
    repository(&lab, &project).await;
    press.input = build();
    let ended = shiponce_engine::release(&context, &press).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (4, "moved-tag"), "{ended:?}");
    assert_eq!(lab.uploads(Pypi).len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_test_that_fails_beside_a_part_in_production_leaves_a_partial_release() {
    for (there, exit, slug) in
        [(0, 1, "install-verification-failed"), (1, 6, "partial"), (2, 1, "install-verification-failed")]
    {
        let lab = Lab::new();
        let dist = lab.folder("dist");
        let files = [dist::wheel(&dist, "1.0", PURE, "a"), dist::wheel(&dist, "1.0", "py2-none-any", "b")];
        for file in &files[..there] {
            lab.put(Pypi, file);
        }
        lab.python.breaks_on("demo-1.0");
        let ended = lab.release(&request(&dist, pair(&lab))).await;
        assert_eq!((ended.exit_code().number(), code(&ended)), (exit, slug), "{there}: {ended:?}");
        assert_eq!(lab.uploads(Pypi).len(), 0, "{there}");
        let problem = ended.problem.unwrap().render();
        assert!(problem.contains("install"), "the reason is named: {problem}");
        assert_eq!(problem.contains("1 of 2 files on PyPI"), there == 1, "{problem}");
    }
}

/// Production holds a part of the release, and nothing can be added: that is worse than what stops it.
#[tokio::test(start_paused = true)]
async fn other_bytes_on_a_required_test_index_beside_half_a_release_are_a_partial_release() {
    for (begun, number, slug) in [(true, 6, "partial"), (false, 4, "file-conflict")] {
        let lab = Lab::new();
        let dist = lab.folder("dist");
        let wheel = dist::wheel(&dist, "1.0", PURE, "a");
        dist::sdist(&dist, "1.0", "a");
        lab.put(TestPypi, &dist::wheel(&lab.folder("theirs"), "1.0", PURE, "b"));
        if begun {
            lab.put(Pypi, &wheel);
        }
        for write in [true, false] {
            let mut press = request(&dist, pair(&lab));
            press.write = write;
            let ended = lab.release(&press).await;
            assert_eq!((ended.exit_code().number(), code(&ended)), (number, slug), "{write}: {ended:?}");
            let said = format!("{:?}", ended.problem.unwrap());
            assert!(said.contains("with other bytes"), "{said}");
            assert_eq!(lab.names(Pypi).len(), usize::from(begun), "nothing was sent");
        }
    }
}
