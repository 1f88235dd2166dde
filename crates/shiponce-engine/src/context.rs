//! Everything the engine needs from outside, handed in by the binary or a test.

use crate::report::Reporter;
use shiponce_core::Timestamp;
use shiponce_io::http::Transport;
use shiponce_io::process::{ChildEnv, Environment, Runner};
use shiponce_io::random::Ids;
use shiponce_io::{Cancel, Clock};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The outside world as the engine sees it.
#[derive(Debug, Clone)]
pub struct Context {
    /// HTTP.
    pub transport: Arc<dyn Transport>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Child processes.
    pub runner: Arc<dyn Runner>,
    /// Random ids.
    pub ids: Arc<dyn Ids>,
    /// Words, events and questions.
    pub report: Arc<dyn Reporter>,
    /// Raised by Ctrl-C and SIGTERM.
    pub cancel: Cancel,
    /// The environment of this process.
    pub environment: Environment,
    /// Where state lives, per user: ledger, store, caches.
    pub state: StateDirs,
}

/// Folders of the user's state directory; none of them is inside the checkout.
#[derive(Debug, Clone)]
pub struct StateDirs {
    /// The state directory itself.
    pub root: PathBuf,
    /// The ledger's file.
    pub ledger: PathBuf,
    /// Temporary folders for builds and environments.
    pub temp: PathBuf,
}

impl StateDirs {
    /// The store of release bytes.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.root.join("store")
    }

    /// Cached index pages.
    #[must_use]
    pub fn cache(&self) -> PathBuf {
        self.root.join("cache")
    }
}

impl Context {
    /// The wall clock, in the unit the ledger stores.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp(self.clock.now().as_microsecond())
    }

    /// The environment for tools and project code, with `extra` on top.
    #[must_use]
    pub(crate) fn child_env(&self, extra: &BTreeMap<String, String>) -> ChildEnv {
        let extra = extra.iter().map(|(name, value)| (name.into(), value.into())).collect();
        ChildEnv::allowed(&self.environment, &extra)
    }

    /// Whether this runs in a CI service.
    #[must_use]
    pub fn in_ci(&self) -> bool {
        ["CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD"].iter().any(|name| {
            self.environment
                .get(name)
                .is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
        })
    }
}
