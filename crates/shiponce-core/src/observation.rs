//! What a target says now, and what that means for one file.

use crate::digest::Sha256;
use crate::filename::DistFilename;
use crate::manifest::FileEntry;
use crate::time::Timestamp;
use crate::version::Version;
use std::collections::BTreeMap;

/// A file as an index lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFile {
    /// Its name as listed.
    pub filename: String,
    /// Its digest, when the index gives one.
    pub sha256: Option<Sha256>,
    /// Size in bytes, when the index gives it.
    pub size: Option<u64>,
    /// When it was uploaded, when the index says so.
    pub uploaded_at: Option<Timestamp>,
    /// The reason of a yank; empty text when none was given; `None` when it is not yanked (PEP 592).
    pub yanked: Option<String>,
    /// Where it can be downloaded, absolute.
    pub url: Option<String>,
    /// Where its provenance can be read (PEP 740), absolute; `None` when the index shows none.
    pub provenance: Option<String>,
}

/// Project status markers (PEP 792).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProjectStatus {
    /// No restriction.
    #[default]
    Active,
    /// Refuses uploads.
    Archived,
    /// A hint to users only.
    Deprecated,
    /// Refuses uploads and hides files.
    Quarantined,
}

/// One successful reading of a project on an index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// Whether the project exists there. A well-formed 404 gives `false`.
    pub exists: bool,
    /// Status marker.
    pub status: ProjectStatus,
    /// Every file of every version, by name.
    pub files: BTreeMap<String, RemoteFile>,
    /// The index's change counter (`X-PyPI-Last-Serial`), the proof that a page is newer than another.
    pub serial: Option<u64>,
}

impl Listing {
    /// Files of one release, matched by PEP 440 equality of the version in the file name.
    pub fn of_version<'a>(&'a self, version: &'a Version) -> impl Iterator<Item = &'a RemoteFile> + 'a {
        self.files.values().filter(move |file| {
            file.filename.parse::<DistFilename>().is_ok_and(|name| name.version() == version)
        })
    }

    /// When the release was opened: the earliest upload time of its files.
    #[must_use]
    pub fn opened_at(&self, version: &Version) -> Option<Timestamp> {
        self.of_version(version).filter_map(|file| file.uploaded_at).min()
    }

    /// Versions with at least one file, in PEP 440 order. A version without files does not count as published.
    #[must_use]
    pub fn versions(&self) -> Vec<Version> {
        let parsed = self.files.keys().filter_map(|name| name.parse::<DistFilename>().ok());
        let mut versions: Vec<Version> = parsed.map(|name| name.version().clone()).collect();
        versions.sort();
        versions.dedup();
        versions
    }
}

/// The answer to "what does this target hold": a listing, or the plain fact that it could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// The index answered with something it can be held to.
    Listed(Listing),
    /// No answer that can be trusted; unknown is not absent.
    Unobserved {
        /// What was tried and what came back, for people.
        why: String,
    },
}

/// What one target's view means for one desired file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// The name is there with our bytes.
    Identical {
        /// Since when, if known.
        uploaded_at: Option<Timestamp>,
    },
    /// Our bytes are there and yanked.
    Yanked {
        /// The reason given.
        reason: String,
    },
    /// The name is there with other bytes.
    OtherBytes {
        /// The digest there.
        there: Sha256,
        /// Since when, if known.
        uploaded_at: Option<Timestamp>,
    },
    /// The name is there and the index gives no digest: download and compare.
    BytesUnknown,
    /// Our bytes are there under another name; the index refuses equal bytes twice (Warehouse #3310).
    SameBytesElsewhere {
        /// The name that holds them.
        filename: String,
    },
    /// Another sdist is there; PyPI takes one a release.
    SecondSdist {
        /// The sdist that is there.
        filename: String,
    },
    /// The name is not there.
    Absent,
    /// The name was deleted once and can never be used again. No read shows this: the journal remembers it.
    Burned,
    /// The name is not there and the release takes no new files any more (PyPI: 14 days after its first file).
    Closed {
        /// When the release was opened.
        opened_at: Timestamp,
    },
    /// The project refuses uploads.
    NotAccepting(ProjectStatus),
    /// The target could not be read.
    Unobserved {
        /// Why.
        why: String,
    },
}

/// Properties of a target that decide what a listing means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListingRules {
    /// Microseconds after which a release takes no new files; `None` where releases stay open.
    pub closes_after: Option<i64>,
    /// Whether equal bytes under two names, and two sdists of a release, are refused.
    pub pypi_rules: bool,
}

/// Reads one desired file out of a view.
#[must_use]
pub fn observe(
    entry: &FileEntry,
    view: &View,
    rules: ListingRules,
    burned: bool,
    now: Timestamp,
) -> Observation {
    let listing = match view {
        View::Unobserved { why } => return Observation::Unobserved { why: why.clone() },
        View::Listed(listing) => listing,
    };
    if let Some(there) = listing.files.get(&entry.filename.to_string()) {
        return observe_present(entry, there);
    }
    if burned {
        return Observation::Burned;
    }
    if matches!(listing.status, ProjectStatus::Archived | ProjectStatus::Quarantined) {
        return Observation::NotAccepting(listing.status);
    }
    let version = entry.filename.version();
    if rules.pypi_rules {
        if let Some(twin) = listing.files.values().find(|file| file.sha256 == Some(entry.sha256)) {
            return Observation::SameBytesElsewhere { filename: twin.filename.clone() };
        }
        let is_sdist = |name: &str| matches!(name.parse(), Ok(DistFilename::Sdist(_)));
        if matches!(entry.filename, DistFilename::Sdist(_))
            && let Some(other) = listing.of_version(version).find(|file| is_sdist(&file.filename))
        {
            return Observation::SecondSdist { filename: other.filename.clone() };
        }
    }
    match (rules.closes_after, listing.opened_at(version)) {
        (Some(window), Some(opened_at)) if now.since(opened_at) > window => Observation::Closed { opened_at },
        _ => Observation::Absent,
    }
}

fn observe_present(entry: &FileEntry, there: &RemoteFile) -> Observation {
    match (there.sha256, &there.yanked) {
        (None, _) => Observation::BytesUnknown,
        (Some(sha256), _) if sha256 != entry.sha256 => {
            Observation::OtherBytes { there: sha256, uploaded_at: there.uploaded_at }
        }
        (Some(_), Some(reason)) => Observation::Yanked { reason: reason.clone() },
        (Some(_), None) => Observation::Identical { uploaded_at: there.uploaded_at },
    }
}
