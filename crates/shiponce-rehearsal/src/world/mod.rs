//! The world: its state, its clock, and the one function everything goes through.

mod config;
mod flight;
mod log;
mod state;
mod view;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

pub use self::config::{IndexConfig, WorldConfig};
pub use self::flight::{Admission, InFlight};
pub(crate) use self::flight::{Call, Done, Mounted};
pub use self::log::{Exchange, LogEntry, Moment, Observer, RouteKind};
pub(crate) use self::state::{Change, IndexState, Project, Release, StoredFile};
pub use self::state::{ProjectStatus, Switches};
pub use self::view::FileView;
use crate::account::TokenSpec;
use crate::address::{Addresses, Index};
use crate::answer::Response;
use crate::fault::{FaultBook, FaultSpec};
use crate::github::Github;

/// Two package indexes, a GitHub and a runner, in a process. Cloning is cheap; clones are the same world.
#[derive(Debug, Clone)]
pub struct World {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: WorldConfig,
    state: Mutex<State>,
}

#[derive(Debug)]
pub(crate) struct State {
    offset: SignedDuration,
    pypi: IndexState,
    testpypi: IndexState,
    faults: FaultBook,
    log: Vec<LogEntry>,
    arrived: u64,
    observer: Option<Observer>,
    /// Identity tokens issued so far.
    identities: u64,
    pub(crate) github: Github,
    exchanges: Vec<Exchange>,
}

impl State {
    pub(crate) fn index(&mut self, index: Index) -> &mut IndexState {
        match index {
            Index::Pypi => &mut self.pypi,
            Index::TestPypi => &mut self.testpypi,
        }
    }

    fn make_stale(&mut self, fault: &FaultSpec) {
        for index in Index::ALL {
            let (json, simple) = fault.staleness(index);
            let pages = &mut self.index(index).pages;
            pages.json = json.unwrap_or(pages.json);
            pages.simple = simple.unwrap_or(pages.simple);
        }
        if let Some(lag) = fault.list_staleness() {
            self.github.make_stale(lag);
        }
    }

    fn index_ref(&self, index: Index) -> &IndexState {
        match index {
            Index::Pypi => &self.pypi,
            Index::TestPypi => &self.testpypi,
        }
    }
}

impl World {
    /// Makes a world.
    #[must_use]
    pub fn new(config: WorldConfig) -> Self {
        let mut state = State {
            offset: SignedDuration::ZERO,
            pypi: IndexState::new(&config.pypi),
            testpypi: IndexState::new(&config.testpypi),
            faults: FaultBook::new(&config.faults),
            log: Vec::new(),
            arrived: 0,
            observer: None,
            identities: 0,
            github: config.github.clone(),
            exchanges: Vec::new(),
        };
        config.faults.iter().for_each(|fault| state.make_stale(fault));
        Self { inner: Arc::new(Inner { config, state: Mutex::new(state) }) }
    }

    /// Answers a request. `now` is the caller's time; the world adds its own offset to it. What the wire
    /// should do beside carrying the answer stands in the answer's extensions:
    ///
    /// * `std::time::Duration`: wait this long before answering; [`HANG`](crate::HANG) means never;
    /// * `std::io::ErrorKind`: the connection dies. With `UnexpectedEof` the head and the body bytes that
    ///   are present are delivered first (fewer than `Content-Length` says); with another kind, nothing is;
    /// * `String`: the reason phrase of the status line on HTTP/1.1, which is where the upload view puts
    ///   its message.
    ///
    /// The first path segment, `/prod` or `/test`, names the index, see [`Index::addresses`]; below `/github` stands
    /// GitHub, see [`GithubAddresses`](crate::GithubAddresses).
    #[must_use]
    pub fn handle(&self, request: http::Request<Bytes>, now: Timestamp) -> Response {
        self.begin(request, now).finish(now)
    }

    /// The addresses of one index below a base URL.
    #[must_use]
    pub fn addresses(&self, index: Index, base_url: &str) -> Addresses {
        index.addresses(base_url)
    }

    /// Adds to the world's clock: every later request happens so much later than its caller thinks.
    pub fn advance(&self, by: SignedDuration) {
        let mut state = self.state();
        state.offset = state.offset.saturating_add(by);
    }

    /// Issues an API token.
    #[must_use]
    pub fn token(&self, index: Index, spec: &TokenSpec) -> String {
        self.state().index(index).purse.issue(spec)
    }

    /// Adds a fault. Its requests are counted from now on.
    pub fn add_fault(&self, fault: FaultSpec) {
        let mut state = self.state();
        state.make_stale(&fault);
        state.faults.add(fault);
    }

    /// Sets the function that watches requests pass.
    pub fn on_request(&self, observer: Observer) {
        self.state().observer = Some(observer);
    }

    pub(crate) fn config(&self) -> &WorldConfig {
        &self.inner.config
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A test that panics while it holds the lock has failed already; others may read on.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
