//! One test's GitHub: a repository, a token that may write, and virtual time.

use std::io::{self, Cursor, Read};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::AUTHORIZATION;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256 as Hasher};
use shiponce_core::redact::{SafeUrl, SecretString};
use shiponce_core::{RepositoryName, Sha256};
use shiponce_forge::{Client, NewRelease, Options, Release, Server, Token};
use shiponce_io::http::{BodySource, MemoryTransport, Transport};
use shiponce_io::{Clock, VirtualClock};
use shiponce_rehearsal::{FaultSpec, GithubToken, LogEntry, Repository, RouteKind, Tag, World, WorldConfig};

pub(crate) const REPOSITORY: &str = "owner/demo";
pub(crate) const COMMIT: &str = "5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e";

pub(crate) fn start() -> Timestamp {
    "2026-11-21T06:00:00Z".parse().unwrap()
}

pub(crate) fn url(text: &str) -> SafeUrl {
    SafeUrl::from(url::Url::parse(text).unwrap())
}

pub(crate) fn repository() -> RepositoryName {
    REPOSITORY.parse().unwrap()
}

pub(crate) fn server(root: &str) -> Server {
    Server { api: url(&format!("{root}/api/v3")), uploads: url(&format!("{root}/api/uploads")) }
}

/// The addresses of the world; its transport is in memory, so that no port is taken.
pub(crate) fn here() -> Server {
    server("http://127.0.0.1:8080/github")
}

pub(crate) struct Lab {
    pub(crate) world: World,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) token: String,
    /// For each request, whether it carried a credential.
    pub(crate) carried: Arc<Mutex<Vec<bool>>>,
}

impl Lab {
    /// A repository with the tag `v1.0` on [`COMMIT`].
    pub(crate) fn new() -> Self {
        let mut config = WorldConfig::new();
        config.keep_exchanges = true;
        let world = World::new(config);
        let token = world.github(|github| {
            github.repository(REPOSITORY).tag("v1.0", Tag::lightweight(COMMIT));
            github.token(GithubToken::of("alice").write(REPOSITORY))
        });
        let clock: Arc<dyn Clock> = Arc::new(VirtualClock::new(start()));
        let served = world.clone();
        let carried = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&carried);
        let transport = MemoryTransport::new(Arc::clone(&clock), move |request, now| {
            log.lock().unwrap().push(request.headers().contains_key(AUTHORIZATION));
            served.handle(request, now)
        });
        Self { world, clock, transport: Arc::new(transport), token, carried }
    }

    pub(crate) fn fault(&self, text: &str) {
        self.world.add_fault(text.parse::<FaultSpec>().unwrap());
    }

    /// Changes the repository behind the client's back.
    pub(crate) fn repository<T>(&self, change: impl FnOnce(&mut Repository) -> T) -> T {
        self.world.github(|github| change(github.repository(REPOSITORY)))
    }

    pub(crate) fn client(&self) -> Client {
        self.client_with(Some(&self.token), Options::default())
    }

    pub(crate) fn client_with(&self, token: Option<&str>, options: Options) -> Client {
        let token = token.map(|token| Token::new(SecretString::from(token), &here()));
        let transport = Arc::clone(&self.transport);
        Client::new(transport, Arc::clone(&self.clock), here(), repository(), token, options)
    }

    /// A draft of `v1.0`.
    pub(crate) async fn draft(&self) -> Release {
        self.client().create_draft(&draft("v1.0")).await.unwrap()
    }

    pub(crate) fn requests(&self, route: RouteKind) -> Vec<LogEntry> {
        self.world.log().into_iter().filter(|entry| entry.route == route).collect()
    }

    /// Seconds since the start, by the virtual clock.
    pub(crate) fn elapsed(&self) -> i64 {
        self.clock.now().duration_since(start()).as_secs()
    }
}

/// Whatever was said is held against GitHub's own description. Answers of faults are not described.
impl Drop for Lab {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        #[expect(clippy::disallowed_methods, reason = "a test is its own binary")]
        let given = std::env::var_os("SHIPONCE_TEST_GITHUB");
        let said = self.world.exchanges().into_iter();
        let said = said.map(|one| (one.request, one.entry.fault.is_none().then_some(one.response)));
        let objections = shiponce_openapi::objections(given, said);
        assert!(objections.is_empty(), "not as GitHub describes it:\n{objections}");
    }
}

pub(crate) fn draft(tag: &str) -> NewRelease {
    NewRelease {
        tag: tag.to_owned(),
        name: format!("demo {tag}"),
        body: "What is new.\n".to_owned(),
        prerelease: false,
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> Sha256 {
    Sha256(Hasher::digest(bytes).into())
}

/// Bytes that count how often they were opened.
#[derive(Debug)]
pub(crate) struct Source {
    bytes: Bytes,
    opened: Mutex<usize>,
}

impl Source {
    pub(crate) fn new(bytes: impl Into<Bytes>) -> Arc<Self> {
        Arc::new(Self { bytes: bytes.into(), opened: Mutex::new(0) })
    }

    pub(crate) fn opened(&self) -> usize {
        *self.opened.lock().unwrap()
    }
}

impl BodySource for Source {
    fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        *self.opened.lock().unwrap() += 1;
        Ok(Box::new(Cursor::new(self.bytes.clone())))
    }
}
