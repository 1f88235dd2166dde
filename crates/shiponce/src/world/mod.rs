//! The embedded world of a rehearsal, joined to the product: addresses, tokens, tags, the way to the real index for
//! dependencies.

mod github;

pub(crate) use self::github::{refs, repository};
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::decide::{OnUnknown, WriteOnce};
use shiponce_core::plan::{Role, Target};
use shiponce_core::redact::{SafeUrl, SecretString};
use shiponce_core::{PackageName, RepositoryName};
use shiponce_engine::{Access, ReleaseTarget};
use shiponce_index::{Credential, Index};
use shiponce_io::http::{Request, Transport};
use shiponce_rehearsal::{
    FaultSpec, GithubToken, Index as WorldIndex, ProxyAnswer, ProxyRequest, Refs, Server, TokenSpec,
    Upstream, World, WorldConfig,
};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Largest page passed on from the upstream: the largest Simple pages have a few MiB.
const PAGE_BYTES: u64 = 64 << 20;

/// A running world with the tokens to publish in it.
#[derive(Debug)]
pub(crate) struct Embedded {
    pub(crate) server: Server,
    tokens: [(WorldIndex, String); 2],
    repository: RepositoryName,
    github_token: String,
}

/// Writes sent so far to each place of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Writes {
    testpypi: usize,
    pypi: usize,
    github: usize,
}

impl Writes {
    /// Those that came after an earlier count.
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            testpypi: self.testpypi - before.testpypi,
            pypi: self.pypi - before.pypi,
            github: self.github - before.github,
        }
    }
}

impl fmt::Display for Writes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} writes to Test PyPI, {} to PyPI, {} to GitHub", self.testpypi, self.pypi, self.github)
    }
}

/// How a world is to be.
#[derive(Debug)]
pub(crate) struct WorldWish<'a> {
    /// The projects that are released in it, and read from nowhere else.
    pub(crate) projects: &'a [PackageName],
    /// Faults.
    pub(crate) faults: &'a [FaultSpec],
    /// Added to every answer.
    pub(crate) latency: Duration,
    /// The Simple API other projects are read from.
    pub(crate) upstream: Url,
    /// The way there.
    pub(crate) transport: Arc<dyn Transport>,
    /// The repository on GitHub.
    pub(crate) repository: RepositoryName,
    /// Its tags.
    pub(crate) refs: Refs,
}

impl Embedded {
    /// Starts a world on loopback.
    pub(crate) async fn start(wish: WorldWish<'_>) -> Result<Self, Problem> {
        let mut config = WorldConfig::new();
        for project in wish.projects {
            config.released_here(project.normalized());
        }
        config.latency = wish.latency;
        for fault in wish.faults {
            config.fault(fault.clone());
        }
        let repository = wish.repository.to_string();
        config.github.repository(&repository).refs(wish.refs);
        let github_token = config.github.token(GithubToken::of("alice").write(&repository));
        let tokens = WorldIndex::ALL.map(|index| (index, config.token(index, &TokenSpec::user("alice"))));
        config.upstream = Some(upstream(wish.upstream, wish.transport));
        let server = Server::start(World::new(config)).await.map_err(|error| {
            Problem::new(ErrorCode::Usage, "no port of the loopback interface can be had")
                .cause(error.to_string())
        })?;
        Ok(Self { server, tokens, repository: wish.repository, github_token })
    }

    /// The two indexes as targets, the test index first.
    pub(crate) fn targets(&self, on_unknown: OnUnknown) -> Result<Vec<ReleaseTarget>, Problem> {
        [WorldIndex::TestPypi, WorldIndex::Pypi]
            .into_iter()
            .map(|index| self.target(index, on_unknown))
            .collect()
    }

    fn target(&self, which: WorldIndex, on_unknown: OnUnknown) -> Result<ReleaseTarget, Problem> {
        let addresses = self.server.addresses(which);
        let url = |text: String| {
            Url::parse(&text)
                .map(SafeUrl::from)
                .map_err(|error| Problem::from_error(ErrorCode::Internal, &error))
        };
        let (name, label, role) = match which {
            WorldIndex::Pypi => ("pypi", "PyPI", Role::Production),
            WorldIndex::TestPypi => ("testpypi", "Test PyPI", Role::Test),
        };
        let index = Index {
            name: name.to_owned(),
            upload: url(addresses.upload())?,
            simple: Some(url(addresses.simple())?),
            json: Some(url(addresses.json())?),
            read_auth: None,
            reads_need_auth: false,
            mirror: false,
            asks_md5: false,
        };
        let core = Target {
            name: name.to_owned(),
            identity: index.identity(),
            host: format!("embedded {label}"),
            role,
            required: true,
            write_once: WriteOnce::Yes,
            pypi_rules: true,
            on_unknown,
        };
        let token = self.tokens.iter().find(|(index, _)| *index == which).map(|(_, token)| token.clone());
        let secret = SecretString::from(token.unwrap_or_default());
        let credential = Credential::token(secret, &index.upload);
        let access = Access::Secret { credential, source: "a token of the embedded world".to_owned() };
        let mut target = ReleaseTarget::new(core, label.to_owned(), index, access);
        target.uploads_at_once = shiponce_config::PARALLEL_UPLOADS;
        Ok(target)
    }

    /// Where dependencies come from.
    pub(crate) fn dependencies(&self) -> String {
        self.server.addresses(WorldIndex::Pypi).simple()
    }

    /// Writes sent so far.
    pub(crate) fn writes(&self) -> Writes {
        let world = self.server.world();
        Writes {
            testpypi: world.writes(WorldIndex::TestPypi),
            pypi: world.writes(WorldIndex::Pypi),
            github: world.github_writes(),
        }
    }
}

/// Reads pages of other projects from the real index, without any credential.
fn upstream(root: Url, transport: Arc<dyn Transport>) -> Upstream {
    Upstream::new(move |wanted: ProxyRequest| {
        let (root, transport) = (root.clone(), transport.clone());
        async move {
            let mut url = root;
            let path = format!("{}/{}/", url.path().trim_end_matches('/'), wanted.project);
            url.set_path(&path);
            let mut request = Request::get(url.clone());
            if let Some(accept) = &wanted.accept {
                request = request.header(http::header::ACCEPT, http::HeaderValue::from_str(accept)?);
            }
            let response = transport.send(request).await?;
            let content_type =
                response.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let content_type = content_type.unwrap_or("text/html").to_owned();
            let status = response.status.as_u16();
            let body = response.bytes(PAGE_BYTES).await?;
            Ok(ProxyAnswer { status, url: url.into(), content_type, body })
        }
    })
}
