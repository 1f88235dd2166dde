//! Artifacts of the workflow run as a second place, and as a place to fetch frozen bytes from.

use crate::kit::{Forge, REPOSITORY, dist, wheel_name};
use shiponce_engine::{CiRun, Finished, GitHub, ReleaseRequest};
use shiponce_rehearsal::Index::Pypi;
use shiponce_rehearsal::RouteKind;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zip::write::SimpleFileOptions;

const RUN: u64 = 4711;
const OTHER_COMMIT: &str = "00000000000000000000000000000000000000ff";

/// A release to production alone: no test index and no page.
struct Job {
    forge: Forge,
    dist: PathBuf,
    commit: String,
}

impl Job {
    async fn new() -> Self {
        let forge = Forge::new().await;
        let dist = forge.lab.folder("dist");
        dist::wheel(&dist, "1.0", "py3-none-any", "a");
        dist::sdist(&dist, "1.0", "a");
        let head = fs_err::read_to_string(forge.project.join(".git/refs/heads/main")).unwrap();
        Self { forge, dist, commit: head.trim().to_owned() }
    }

    /// Keeps an artifact for the run, as a step before has uploaded it.
    fn artifact(&self, name: &str, zip: Vec<u8>) -> u64 {
        let now = self.forge.lab.clock.now();
        self.forge.lab.world.github(|github| github.repository(REPOSITORY).artifact(RUN, name, zip, now))
    }

    /// What is on `main` for everything that comes from now on.
    fn main_is(&self, commit: &str) {
        self.forge.lab.world.github(|github| {
            github.repository(REPOSITORY).branch("main", commit);
        });
    }

    fn run(&self, token: bool) -> Arc<CiRun> {
        let page = self.forge.page(true);
        let client = if token { Ok(page.client) } else { Err("there is no token".to_owned()) };
        Arc::new(CiRun::new(RUN, self.commit.clone(), client, self.forge.lab.folder("artifacts")))
    }

    fn request(&self, run: Option<Arc<CiRun>>) -> ReleaseRequest {
        let mut request = self.forge.request(&self.dist, vec![self.forge.lab.target(Pypi)]);
        request.github = None;
        request.ci_run = run;
        request
    }

    async fn press(&self) -> Finished {
        self.forge.press(&self.request(Some(self.run(true)))).await
    }

    fn ended(&self, finished: &Finished, number: u8, slug: &str) {
        super::github::ended(&self.forge, finished, number, slug);
    }

    /// It stopped before production heard anything, and said why the artifacts did not count.
    fn refused(&self, finished: &Finished, why: &str) {
        self.ended(finished, 2, "single-copy");
        let lab = &self.forge.lab;
        assert!(lab.uploads(Pypi).is_empty() && lab.names(Pypi).is_empty());
        assert!(lab.report.warned(why), "{why}\n{}", lab.report.text());
        let hints = &finished.problem.as_ref().unwrap().hints;
        assert!(hints.iter().any(|hint| hint.contains("actions/upload-artifact")), "{hints:?}");
    }

    fn production_is_down(&self, down: bool) {
        self.forge.lab.hook(move |request| {
            let upload = request.method() == http::Method::POST && request.uri().path() == "/prod/legacy/";
            let answer = || http::Response::builder().status(503).body(bytes::Bytes::new()).unwrap();
            (down && upload).then(answer)
        });
    }

    fn listings(&self) -> usize {
        self.forge.lab.requests(RouteKind::GithubArtifacts).len()
    }

    fn downloads(&self) -> usize {
        let asked = self.forge.lab.requests(RouteKind::GithubDownload);
        asked.iter().filter(|entry| entry.path.ends_with("/zip")).count()
    }
}

/// An archive of the files of a folder, as `actions/upload-artifact` makes one.
fn zipped(folder: &Path) -> Vec<u8> {
    let files = fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    archive(files.map(|path| {
        let name = format!("dist/{}", path.file_name().unwrap().to_string_lossy());
        (name, fs_err::read(&path).unwrap())
    }))
}

fn archive(members: impl IntoIterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
    // It writes without seeking, so sizes follow the data.
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    for (name, bytes) in members {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn second_place(finished: &Finished) -> String {
    let step = finished.document.steps.iter().find(|step| step.name == "second place").unwrap();
    step.detail.clone()
}

#[tokio::test(start_paused = true)]
async fn files_in_an_artifact_of_the_run_have_a_second_place() {
    let job = Job::new().await;
    job.artifact("coverage", archive([("report.txt".to_owned(), b"all of it".to_vec())]));
    job.artifact("dist", zipped(&job.dist));
    let finished = job.press().await;
    job.ended(&finished, 0, "");
    assert_eq!(job.forge.lab.names(Pypi).len(), 2);
    let said = second_place(&finished);
    assert!(said.ends_with("another place: artifact dist of run 4711"), "{said}");
    assert_eq!(job.listings(), 1);
    let again = job.press().await;
    job.ended(&again, 0, "");
    assert_eq!(job.listings(), 1, "nothing goes to production, so nothing is asked");
}

#[tokio::test(start_paused = true)]
async fn an_artifact_may_be_the_file_itself_and_each_file_in_another_one() {
    let job = Job::new().await;
    for (n, entry) in fs_err::read_dir(&job.dist).unwrap().enumerate() {
        job.artifact(&format!("file-{n}"), fs_err::read(entry.unwrap().path()).unwrap());
    }
    let finished = job.press().await;
    job.ended(&finished, 0, "");
    let said = second_place(&finished);
    assert!(said.contains("artifact file-0 of run") && said.contains("artifact file-1 of run"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_where_another_place_holds_the_files() {
    let job = Job::new().await;
    job.artifact("dist", zipped(&job.dist));
    let mut request = job.request(Some(job.run(true)));
    request.targets.insert(0, job.forge.lab.target(shiponce_rehearsal::Index::TestPypi));
    let finished = job.forge.press(&request).await;
    job.ended(&finished, 0, "");
    assert_eq!(job.listings(), 0);
}

#[tokio::test(start_paused = true)]
async fn other_bytes_are_no_second_place() {
    let job = Job::new().await;
    let other = job.forge.lab.folder("other");
    dist::wheel(&other, "1.0", "py3-none-any", "b");
    dist::sdist(&other, "1.0", "b");
    job.artifact("dist", zipped(&other));
    let finished = job.press().await;
    job.ended(&finished, 2, "single-copy");
    assert!(job.forge.lab.uploads(Pypi).is_empty());
    assert_eq!((job.listings(), job.downloads()), (1, 1));
    // A part of the release is not the release.
    let one = dist::wheel(&job.forge.lab.folder("part"), "1.0", "py3-none-any", "a");
    job.artifact("part", zipped(one.parent().unwrap()));
    let finished = job.press().await;
    job.ended(&finished, 2, "single-copy");
    let facts = format!("{:?}", finished.problem.unwrap().facts);
    assert!(facts.contains("demo-1.0.tar.gz"), "{facts}");
}

#[tokio::test(start_paused = true)]
async fn artifacts_of_another_commit_or_expired_ones_count_for_nothing() {
    let job = Job::new().await;
    job.main_is(OTHER_COMMIT);
    job.artifact("dist", zipped(&job.dist));
    job.main_is(&job.commit);
    let finished = job.press().await;
    job.refused(&finished, "The artifact dist counts for nothing: it is from commit 0000000");
    let old = job.artifact("old", zipped(&job.dist));
    job.forge.lab.world.github(|github| github.repository(REPOSITORY).expire_artifact(old));
    let finished = job.press().await;
    job.refused(&finished, "The artifact old counts for nothing: it has expired");
    assert_eq!(job.downloads(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_run_for_another_commit_than_the_checkout_is_not_asked() {
    let job = Job::new().await;
    job.artifact("dist", zipped(&job.dist));
    let client = Ok(job.forge.page(true).client);
    let run = CiRun::new(RUN, OTHER_COMMIT.to_owned(), client, job.forge.lab.folder("artifacts"));
    let finished = job.forge.press(&job.request(Some(Arc::new(run)))).await;
    job.refused(&finished, "the run is for commit 0000000, and");
    assert_eq!(job.listings(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_no_second_place() {
    let job = Job::new().await;
    job.artifact("dist", zipped(&job.dist));
    let finished = job.forge.press(&job.request(Some(job.run(false)))).await;
    job.refused(&finished, "count for nothing: there is no token");
    job.forge.lab.fault("github.artifacts:*:503");
    let finished = job.press().await;
    job.refused(&finished, "GitHub answered 503");
    let job = Job::new().await;
    job.artifact("dist", zipped(&job.dist));
    job.forge.lab.fault("github.download:*:503");
    let finished = job.press().await;
    job.refused(&finished, "The artifact dist is not read: could not download artifact dist");
    let job = Job::new().await;
    let mut cut = zipped(&job.dist);
    cut.truncate(cut.len() - 3);
    job.artifact("dist", cut);
    let finished = job.press().await;
    job.refused(&finished, "The artifact dist is not read: ");
}

#[tokio::test(start_paused = true)]
async fn far_more_than_the_release_is_not_fetched() {
    let job = Job::new().await;
    job.artifact("everything", vec![0; 65 << 20]);
    let finished = job.press().await;
    job.ended(&finished, 2, "single-copy");
    assert_eq!(job.downloads(), 0);
    assert!(job.forge.lab.report.said("The artifact everything is not looked into"));
}

#[tokio::test(start_paused = true)]
async fn frozen_bytes_that_are_lost_here_come_from_the_run() {
    let job = Job::new().await;
    job.artifact("dist", zipped(&job.dist));
    let lab = &job.forge.lab;
    job.production_is_down(true);
    let finished = job.press().await;
    job.ended(&finished, 8, "index-failed");
    job.production_is_down(false);
    fs_err::remove_dir_all(lab.dir.path().join("store")).unwrap();
    // Files that were given are no longer needed, nor is anything built.
    let mut request = job.request(Some(job.run(true)));
    request.input = shiponce_engine::Input::Build(shiponce_engine::BuildOptions::default());
    let finished = job.forge.press(&request).await;
    job.ended(&finished, 0, "");
    assert!(lab.report.said("Taking demo-1.0.tar.gz from the artifact dist by its digest"));
    assert_eq!(lab.names(Pypi).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_fresh_runner_takes_files_that_only_the_run_holds_and_says_who_handed_them_over() {
    let job = Job::new().await;
    job.artifact("dist", zipped(&job.dist));
    let lab = &job.forge.lab;
    // A machine that froze the release and left a draft, of which a file cannot be fetched any more.
    let mut first = job.request(Some(job.run(true)));
    first.github = Some(GitHub::Page(Box::new(job.forge.page(true))));
    job.production_is_down(true);
    let finished = job.forge.press(&first).await;
    job.ended(&finished, 8, "index-failed");
    let wheel = wheel_name("1.0", "py3-none-any");
    let draft = job.forge.releases().remove(0);
    let lost = format!("/releases/assets/{}", draft.asset(&wheel).unwrap().id);
    lab.hook(move |request| {
        let gone = request.method() == http::Method::GET && request.uri().path().ends_with(&lost);
        gone.then(|| http::Response::builder().status(404).body(bytes::Bytes::from("{}")).unwrap())
    });
    let mut second = job.request(Some(job.run(true)));
    second.github = Some(GitHub::Page(Box::new(job.forge.page(true))));
    second.input = shiponce_engine::Input::Build(shiponce_engine::BuildOptions::default());
    let fresh = job.forge.fresh_context();
    let finished = shiponce_engine::release(&fresh, &second).await;
    job.ended(&finished, 0, "");
    assert_eq!(lab.names(Pypi).len(), 2);
    let (project, version) = ("demo".parse().unwrap(), "1.0".parse().unwrap());
    let options = shiponce_ledger::Options::usual();
    let ledger =
        shiponce_ledger::Ledger::open_read_only(&fresh.state.ledger, lab.clock.clone(), options).unwrap();
    let handed = ledger.handed_over(&project, &version).unwrap();
    let frozen = ledger.manifest(&project, &version).unwrap().unwrap();
    let how = |name: &str| handed[&frozen.files[name].sha256].how.clone();
    assert_eq!(how(&wheel), "a CI artifact of a run at this commit");
    assert!(how("demo-1.0.tar.gz").contains("frozen by another machine"), "{}", how("demo-1.0.tar.gz"));
}
