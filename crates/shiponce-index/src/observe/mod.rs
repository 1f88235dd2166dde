//! Observation: what an index holds of a project, or the plain fact that it could not be read.
//!
//! The Simple API is asked first, as an installer asks it; the JSON API fills in what a Simple page lacks (digests,
//! upload times), confirms an absence, and stands in where an index has no Simple API. A failed Simple read is not
//! replaced by another API's answer: installers would not see that answer either.

mod assemble;
mod cache;
pub(crate) mod exchange;
mod layer;
mod legacy_json;
mod not_found;
mod options;
mod page;
mod reader;
mod simple_html;
mod simple_json;
mod slot;
mod surfaces;
mod verdict;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use shiponce_core::observation::{Listing, View};
use shiponce_core::{PackageName, Timestamp};
use shiponce_io::Clock;
use shiponce_io::http::Transport;

use crate::index::Index;
use cache::{Disk, Key};
use reader::Reader;
use slot::Slot;

pub use options::ReadOptions;
pub(crate) use page::stamp;
pub use surfaces::Surface;

/// How old an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Younger than [`ReadOptions::ttl`] or the index's own; an older one is revalidated (`If-None-Match`).
    Cached,
    /// Read now, and caches on the way are told to ask the origin. Before an upload and when reading back.
    Bypass,
}

/// What a listing was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Simple API, JSON (PEP 691).
    SimpleJson,
    /// Simple API, HTML (PEP 503).
    SimpleHtml,
    /// The JSON API alone.
    LegacyJson,
}

impl Source {
    /// The stable word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SimpleJson => "simple-json",
            Self::SimpleHtml => "simple-html",
            Self::LegacyJson => "json",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::SimpleJson, Self::SimpleHtml, Self::LegacyJson]
            .into_iter()
            .find(|source| source.word() == word)
    }
}

/// One reading of one project on one index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it says.
    pub view: View,
    /// The page's validator.
    pub etag: Option<String>,
    /// The index's change counter, the proof that one page is newer than another.
    pub serial: Option<u64>,
    /// What a listing was read from; `None` for an absent project and for a failed reading.
    pub source: Option<Source>,
    /// When it was read from the index, also when it comes from the cache.
    pub read_at: Timestamp,
    /// Whether no request was made for it.
    pub from_cache: bool,
}

impl Reading {
    /// The listing, when the index could be read.
    #[must_use]
    pub fn listing(&self) -> Option<&Listing> {
        match &self.view {
            View::Listed(listing) => Some(listing),
            View::Unobserved { .. } => None,
        }
    }
}

/// Reads projects, at most once at a time per (index, project).
#[derive(Debug)]
pub struct Observer {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) options: ReadOptions,
    disk: Option<Disk>,
    slots: Mutex<HashMap<Key, Arc<Slot>>>,
    /// Orders readings and requests for them; see [`Slot`].
    tickets: AtomicU64,
}

impl Observer {
    /// An observer over a transport and a clock.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, options: ReadOptions) -> Self {
        let disk = options.cache_folder.clone().map(Disk::new);
        let slots = Mutex::default();
        Self { transport, clock, options, disk, slots, tickets: AtomicU64::new(1) }
    }

    /// Reads what `index` holds of `project`. It always answers: what cannot be read is a view that says so.
    ///
    /// Callers who ask while a reading is on its way wait for it; the ones whose question is older than its first
    /// request share it, the others read again.
    pub async fn read(&self, index: &Index, project: &PackageName, freshness: Freshness) -> Reading {
        let asked = self.ticket();
        let key = Key::of(index, project);
        let slot = self.slot(&key);
        let _turn = slot.turn().await;
        if let Some(reading) = slot.begun_after(asked) {
            return reading;
        }
        let known = match freshness {
            Freshness::Cached => slot.known().or_else(|| self.stored(&key)),
            Freshness::Bypass => None,
        };
        let known = known.filter(|known| known.serial >= slot.highest_serial());
        if let Some(known) = &known
            && self.is_young(known, index)
        {
            return Reading { from_cache: true, ..known.clone() };
        }
        let begun = self.ticket();
        let reader = Reader::new(&*self.transport, &*self.clock, &self.options, index, project);
        let reading = reader.read(freshness, known.as_ref(), slot.highest_serial()).await;
        if slot.remember(&reading, begun)
            && !self.options.cache_read_only
            && let Some(disk) = &self.disk
        {
            disk.store(&key, &reading);
        }
        reading
    }

    /// Drops what is known about a project: after an upload, because it is no longer true.
    pub fn forget(&self, index: &Index, project: &PackageName) {
        let key = Key::of(index, project);
        self.slot(&key).forget(self.ticket());
        if let Some(disk) = &self.disk {
            disk.remove(&key);
        }
    }

    fn stored(&self, key: &Key) -> Option<Reading> {
        self.disk.as_ref()?.load(key)
    }

    fn is_young(&self, known: &Reading, index: &Index) -> bool {
        let ttl = self.options.ttl_by_index.get(&index.identity()).unwrap_or(&self.options.ttl);
        // A reading from the future was made under another clock; it proves nothing about its age.
        let age = stamp(self.clock.now()).since(known.read_at);
        u64::try_from(age).is_ok_and(|age| u128::from(age) < ttl.as_micros())
    }

    fn slot(&self, key: &Key) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(key.clone()).or_default())
    }

    fn ticket(&self) -> u64 {
        self.tickets.fetch_add(1, Ordering::SeqCst)
    }
}
