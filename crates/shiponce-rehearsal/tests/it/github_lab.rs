//! A served world with a repository on its GitHub, whose every exchange is held against GitHub's own description.

use std::ffi::OsString;
use std::path::PathBuf;

use serde_json::{Value, json};
use shiponce_openapi::Description;
use shiponce_rehearsal::{
    BlockingServer, Exchange, GithubToken, ReleaseView, Repository, Tag, World, WorldConfig,
};

use crate::wire::{Answer, Request};

pub(crate) const REPOSITORY: &str = "octo/demo";
pub(crate) const COMMIT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// When it is dropped, everything that was said is checked.
pub(crate) struct GithubLab {
    pub(crate) world: World,
    pub(crate) server: BlockingServer,
    /// May write.
    pub(crate) token: String,
    checked: bool,
}

impl GithubLab {
    /// The tag `v1.0.0` is there, and no release.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut WorldConfig)) -> Self {
        let mut config = WorldConfig::new();
        config.keep_exchanges = true;
        config.github.repository(REPOSITORY).tag("v1.0.0", Tag::lightweight(COMMIT));
        let token = config.github.token(GithubToken::of("alice").write(REPOSITORY));
        change(&mut config);
        let world = World::new(config);
        let server = BlockingServer::start(world.clone()).unwrap();
        Self { world, server, token, checked: true }
    }

    /// For tests that send on purpose what is not described.
    pub(crate) fn unchecked(mut self) -> Self {
        self.checked = false;
        self
    }

    /// An anonymous request to the API; `path` begins after the repository.
    pub(crate) fn anonymous(&self, method: &str, path: &str) -> Request {
        let path = format!("/github/api/v3/repos/{REPOSITORY}{path}");
        Request::new(method, &path).header("User-Agent", "tests")
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        self.with_token(method, path, &self.token)
    }

    pub(crate) fn with_token(&self, method: &str, path: &str, token: &str) -> Request {
        self.anonymous(method, path).header("Authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn send(&self, request: &Request) -> Answer {
        request.send(&self.server.base_url())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(&self.request("GET", path))
    }

    pub(crate) fn json_request(&self, method: &str, path: &str, body: &Value) -> Request {
        self.request(method, path).header("Content-Type", "application/json").body(body.to_string())
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(&self.json_request("POST", path, body))
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(&self.json_request("PATCH", path, body))
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.send(&self.request("DELETE", path))
    }

    /// A draft of `v1.0.0`; returns its number.
    pub(crate) fn draft(&self) -> u64 {
        let answer = self.post("/releases", &json!({"tag_name": "v1.0.0", "draft": true}));
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_u64().unwrap()
    }

    pub(crate) fn upload_request(&self, release: u64, name: &str, content: &[u8]) -> Request {
        let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let path =
            format!("/github/api/uploads/repos/{REPOSITORY}/releases/{release}/assets?name={name}&label=");
        Request::new("POST", &path)
            .header("User-Agent", "tests")
            .header("Authorization", &format!("Bearer {}", self.token))
            .header("Content-Type", "application/octet-stream")
            .body(content)
    }

    pub(crate) fn upload(&self, release: u64, name: &str, content: &[u8]) -> Answer {
        self.send(&self.upload_request(release, name, content))
    }

    pub(crate) fn releases(&self) -> Vec<ReleaseView> {
        self.world.releases(REPOSITORY)
    }

    pub(crate) fn repository<T>(&self, look: impl FnOnce(&mut Repository) -> T) -> T {
        self.world.github(|github| look(github.repository(REPOSITORY)))
    }

    /// What the description does not know in everything said so far.
    pub(crate) fn problems(&self) -> String {
        let described = |exchange: Exchange| {
            // The answer of a fault is not described anywhere.
            (exchange.request, exchange.entry.fault.is_none().then_some(exchange.response))
        };
        shiponce_openapi::objections(given(), self.world.exchanges().into_iter().map(described))
    }
}

impl Drop for GithubLab {
    fn drop(&mut self) {
        if self.checked && !std::thread::panicking() {
            let problems = self.problems();
            assert!(problems.is_empty(), "not as GitHub describes it:\n{problems}");
        }
    }
}

/// GitHub's description.
pub(crate) fn description() -> Description {
    Description::read(&given().map_or_else(Description::usual_path, PathBuf::from)).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test is its own binary")]
fn given() -> Option<OsString> {
    std::env::var_os("SHIPONCE_TEST_GITHUB")
}

/// The first entry of the `errors` of a 422.
pub(crate) fn error_of(answer: &Answer) -> String {
    let body = answer.json();
    let first = &body["errors"][0];
    let said = first["message"].as_str().or(first["code"].as_str()).or(body["message"].as_str());
    said.unwrap_or_default().to_owned()
}
