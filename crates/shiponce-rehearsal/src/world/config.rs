//! What a world starts from.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::account::{Publisher, Purse, TokenSpec, User};
use crate::address::Index;
use crate::fault::{FaultSpec, Lag};
use crate::github::Github;
use crate::oidc::RunnerConfig;
use crate::proxy::Upstream;
use crate::text::normalize;

/// One index at the start of a world.
#[derive(Debug, Clone)]
pub struct IndexConfig {
    pub(crate) users: Vec<User>,
    pub(crate) purse: Purse,
    pub(crate) publishers: Vec<Publisher>,
    pub(crate) prohibited: BTreeSet<String>,
    /// Bytes one file may have; the real service allows 100 MB unless a project asked for more.
    pub file_limit: u64,
    /// Bytes all files of one project may have together; the real service allows 10 GB.
    pub project_limit: u64,
    /// New projects one person may create within an hour.
    pub new_projects_per_hour: usize,
    /// How stale the JSON API answers after a change.
    pub json_lag: Lag,
    /// How stale the Simple API answers after a change, JSON and HTML form each for itself.
    pub simple_lag: Lag,
}

impl IndexConfig {
    fn new(index: Index) -> Self {
        Self {
            users: vec![User::new("alice")],
            purse: Purse::new(index.audience(), "127.0.0.1"),
            publishers: Vec::new(),
            prohibited: BTreeSet::new(),
            file_limit: 100 * 1024 * 1024,
            project_limit: 10 * 1024 * 1024 * 1024,
            new_projects_per_hour: 20,
            json_lag: Lag::None,
            simple_lag: Lag::None,
        }
    }

    /// Adds a person.
    pub fn user(&mut self, user: User) -> &mut Self {
        self.users.retain(|known| known.name != user.name);
        self.users.push(user);
        self
    }

    /// The location written into tokens issued from now on: a host name, as the real tokens carry it.
    /// `127.0.0.1` unless set.
    pub fn location(&mut self, host: &str) -> &mut Self {
        host.clone_into(&mut self.purse.location);
        self
    }

    /// Issues an API token.
    pub fn token(&mut self, spec: &TokenSpec) -> String {
        self.purse.issue(spec)
    }

    /// Registers a trusted publisher.
    pub fn publisher(&mut self, publisher: Publisher) -> &mut Self {
        self.publishers.push(publisher);
        self
    }

    /// Forbids a project name.
    pub fn prohibit(&mut self, name: &str) -> &mut Self {
        self.prohibited.insert(normalize(name));
        self
    }
}

/// What a world starts from: two empty indexes, each with the person `alice`, an empty GitHub, no faults, no latency, no
/// upstream.
#[derive(Debug, Clone)]
pub struct WorldConfig {
    /// The production index.
    pub pypi: IndexConfig,
    /// The test index.
    pub testpypi: IndexConfig,
    /// The continuous-integration runner that issues identity tokens.
    pub runner: RunnerConfig,
    /// Faults to inject, in the order in which they are tried.
    pub faults: Vec<FaultSpec>,
    /// Added to every answer.
    pub latency: Duration,
    /// How many uploads an index works on at the same time. More wait in a queue, as they do for the
    /// workers of the real service.
    pub workers: usize,
    /// How long an upload that creates a project or a release stays in flight. Others for the same new
    /// release that arrive meanwhile answer 500, as measured on the real service.
    pub creation_time: Duration,
    /// How long the service works on an upload after its last byte, over and above what everything else takes.
    pub upload_time: Duration,
    /// Bytes of a request's body that a connection carries in a second, if it is bounded: a line of its own for every
    /// connection, as a service far away looks from here.
    pub bytes_per_second: Option<u64>,
    /// Where projects that are not released in this world are read from; see [`Upstream`].
    pub upstream: Option<Upstream>,
    /// GitHub: empty until repositories and tokens are added.
    pub github: Github,
    /// Whether requests to GitHub and their answers are kept in full; see [`World::exchanges`](crate::World::exchanges).
    pub keep_exchanges: bool,
    pub(crate) released_here: BTreeSet<String>,
}

impl Default for WorldConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl WorldConfig {
    /// The plain world.
    #[must_use]
    pub fn new() -> Self {
        Self {
            pypi: IndexConfig::new(Index::Pypi),
            testpypi: IndexConfig::new(Index::TestPypi),
            runner: RunnerConfig::default(),
            faults: Vec::new(),
            latency: Duration::ZERO,
            workers: 4,
            creation_time: Duration::from_millis(30),
            upload_time: Duration::ZERO,
            bytes_per_second: None,
            upstream: None,
            github: Github::default(),
            keep_exchanges: false,
            released_here: BTreeSet::new(),
        }
    }

    /// One of the two indexes.
    pub fn index(&mut self, index: Index) -> &mut IndexConfig {
        match index {
            Index::Pypi => &mut self.pypi,
            Index::TestPypi => &mut self.testpypi,
        }
    }

    /// Issues an API token on one index.
    pub fn token(&mut self, index: Index, spec: &TokenSpec) -> String {
        self.index(index).token(spec)
    }

    /// Adds a fault.
    pub fn fault(&mut self, fault: FaultSpec) -> &mut Self {
        self.faults.push(fault);
        self
    }

    /// Names a project that is released in this world: it is never read from the upstream, not even
    /// before its first upload.
    pub fn released_here(&mut self, project: &str) -> &mut Self {
        self.released_here.insert(normalize(project));
        self
    }
}
