//! The cache in front of an index: why a page can be older than the upload before it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::answer::Response;
use crate::fault::Lag;
use crate::world::Change;

/// One cached page. The JSON API and each form of the Simple API are pages of their own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PageKey {
    /// A project, or one of its versions.
    Json(String, Option<String>),
    /// A project in one form.
    Simple(String, &'static str),
}

impl PageKey {
    fn project(&self) -> &str {
        match self {
            Self::Json(project, _) | Self::Simple(project, _) => project,
        }
    }
}

#[derive(Debug)]
struct Page {
    response: Response,
    /// The index's serial when the page was made.
    serial: u64,
    /// How often the page was answered although it was old.
    stale_reads: u32,
}

#[derive(Debug)]
pub(crate) struct PageCache {
    pub(crate) json: Lag,
    pub(crate) simple: Lag,
    pages: BTreeMap<PageKey, Page>,
}

impl PageCache {
    pub(crate) fn new(json: Lag, simple: Lag) -> Self {
        Self { json, simple, pages: BTreeMap::new() }
    }

    /// The page to answer: the cached one while the lag lasts, else the fresh one.
    pub(crate) fn serve(
        &mut self,
        key: PageKey,
        fresh: Response,
        changes: &[Change],
        now: Timestamp,
    ) -> Response {
        let lag = match key {
            PageKey::Json(..) => self.json,
            PageKey::Simple(..) => self.simple,
        };
        let serial = changes.last().map_or(0, |c| c.serial);
        if let Some(page) = self.pages.get_mut(&key) {
            let changed = changes.iter().find(|c| c.serial > page.serial && c.project == key.project());
            let stale = match (changed, lag) {
                (None, _) | (_, Lag::None) => false,
                (Some(change), Lag::For(time)) => now.duration_since(change.at).unsigned_abs() < time,
                (Some(_), Lag::Reads(reads)) => page.stale_reads < reads,
            };
            if stale {
                page.stale_reads += 1;
                return page.response.clone();
            }
        }
        self.pages.insert(key, Page { response: fresh.clone(), serial, stale_reads: 0 });
        fresh
    }
}
