//! A checkout with a tag, and the embedded GitHub that knows it.

use super::git::{WithGit, checkout};
use super::lab::{BASE, Lab, at};
use super::press::request;
use super::runner::Python;
use shiponce_core::RepositoryName;
use shiponce_core::redact::SecretString;
use shiponce_engine::{Context, Finished, GitHub, GitHubTarget, ReleaseRequest, ReleaseTarget, release};
use shiponce_forge::{Client, Options, Server, Token};
use shiponce_rehearsal::{GithubToken, LogEntry, ReleaseView, Tag, WorldConfig};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) const REPOSITORY: &str = "octo/demo";

/// A lab with a repository: commit, tag, remote, and the same on GitHub.
pub(crate) struct Forge {
    pub(crate) lab: Lab,
    pub(crate) project: PathBuf,
    token: String,
    git: Arc<WithGit>,
}

impl Forge {
    pub(crate) async fn new() -> Self {
        let mut config = WorldConfig::new();
        config.keep_exchanges = true;
        let lab = Lab::with(config);
        let commit = checkout(lab.dir.path()).await;
        let project = lab.folder("project");
        let token = lab.world.github(|github| {
            github.repository(REPOSITORY).branch("main", &commit).tag("v1.0", Tag::lightweight(&commit));
            github.token(GithubToken::of("alice").write(REPOSITORY))
        });
        let git = Arc::new(WithGit::new(lab.python.clone()));
        Self { lab, project, token, git }
    }

    /// The page, required or advisory.
    pub(crate) fn page(&self, required: bool) -> GitHubTarget {
        self.page_with(required, Some(&self.token))
    }

    pub(crate) fn page_with(&self, required: bool, token: Option<&str>) -> GitHubTarget {
        let api = format!("{BASE}/github/api/v3");
        let server = Server { api: at(&api), uploads: at(&format!("{BASE}/github/api/uploads")) };
        let token = token.map(|token| Token::new(SecretString::from(token), &server));
        let repository: RepositoryName = REPOSITORY.parse().unwrap();
        let (transport, clock) = (self.lab.transport.clone(), self.lab.clock.clone());
        let address = format!("{api}/repos/{REPOSITORY}");
        GitHubTarget {
            client: Client::new(transport, clock, server, repository, token, Options::default()),
            identity: address.clone(),
            address,
            required,
            notes: shiponce_config::Notes::Auto,
            assets: Vec::new(),
        }
    }

    /// A release of the wheels in `dist` to these targets, with a required page.
    pub(crate) fn request(&self, dist: &Path, targets: Vec<ReleaseTarget>) -> ReleaseRequest {
        let mut request = request(dist, targets);
        request.project_dir.clone_from(&self.project);
        request.github = Some(GitHub::Page(Box::new(self.page(true))));
        request
    }

    /// A context whose runner also runs the real git.
    pub(crate) fn context(&self) -> Context {
        let bin = Python::path(self.lab.dir.path());
        let path = format!("{}:{}", bin.display(), super::variable("PATH").unwrap());
        self.lab.context_with(self.git.clone(), Path::new(&path))
    }

    /// The same on a machine that knows nothing: another state directory.
    pub(crate) fn fresh_context(&self) -> Context {
        let mut context = self.context();
        let root = self.lab.folder("other-state");
        fs_err::create_dir_all(root.join("temp")).unwrap();
        context.state.ledger = root.join("ledger.sqlite");
        context.state.temp = root.join("temp");
        context.state.root = root;
        context
    }

    pub(crate) async fn press(&self, request: &ReleaseRequest) -> Finished {
        release(&self.context(), request).await
    }

    pub(crate) fn releases(&self) -> Vec<ReleaseView> {
        self.lab.world.releases(REPOSITORY)
    }

    /// The published release of `v1.0`.
    pub(crate) fn published(&self) -> Option<ReleaseView> {
        self.releases().into_iter().find(|release| !release.draft && release.tag == "v1.0")
    }

    /// Requests that asked GitHub for a change.
    pub(crate) fn writes(&self) -> Vec<LogEntry> {
        let log = self.lab.world.log();
        log.into_iter().filter(|entry| entry.is_write && entry.route.is_github()).collect()
    }

    /// Exactly one page is public, and it holds these files and the manifest with the digests of their bytes.
    pub(crate) fn complete(&self, dist: &Path) {
        let public: Vec<ReleaseView> = self.releases().into_iter().filter(|release| !release.draft).collect();
        assert_eq!(public.len(), 1, "{:#?}\n{}", self.releases(), self.lab.report.text());
        for entry in fs_err::read_dir(dist).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let asset = public[0].asset(&name).unwrap_or_else(|| panic!("{name} is missing"));
            assert_eq!(asset.content, fs_err::read(&path).unwrap(), "{name}");
        }
        assert!(public[0].asset("shiponce-manifest.json").is_some());
    }
}

/// Nothing was sent without an intent, and whatever was said is held against GitHub's own description. Answers of faults are not described.
impl Drop for Forge {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.lab.watch.check();
        #[expect(clippy::disallowed_methods, reason = "a test is its own binary")]
        let given = std::env::var_os("SHIPONCE_TEST_GITHUB");
        let said = self.lab.world.exchanges().into_iter();
        let said = said.map(|one| (one.request, one.entry.fault.is_none().then_some(one.response)));
        let objections = shiponce_openapi::objections(given, said);
        assert!(objections.is_empty(), "not as GitHub describes it:\n{objections}");
    }
}
