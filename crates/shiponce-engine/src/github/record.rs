//! What the ledger keeps of pages and of effects on them.

use super::target::GitHubTarget;
use crate::session::{Session, ledger_problem};
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::forge::{Effect, Row, Stage};
use shiponce_core::journal::{Event, History};
use shiponce_core::{Manifest, PackageName, Sha256, Version};
use shiponce_ledger::{Entry, Ledger, Moved, PageKey, PressId};
use std::collections::BTreeMap;

/// Histories of effects by their names.
pub(crate) type Effects = BTreeMap<String, History>;

/// What a ledger knows of a release's pages.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn remembered(
    ledger: &Ledger,
    target: &GitHubTarget,
    project: &PackageName,
    version: &Version,
    press: Option<PressId>,
) -> Result<(Vec<Row>, Effects), Problem> {
    let read = || {
        let pages = ledger.pages(&target.identity, project, version)?;
        let rows = pages.iter().map(|page| Row { release_id: page.release_id, stage: page.stage }).collect();
        Ok((rows, ledger.history(&target.identity, project, version, press)?))
    };
    read().map_err(|error| ledger_problem(&error))
}

impl Session<'_> {
    /// Writes one journal event about an effect on GitHub. When an intent cannot be written, nothing may be sent.
    pub(super) fn journal_effect(
        &self,
        target: &GitHubTarget,
        manifest: &Manifest,
        effect: &Effect,
        event: &Event,
    ) -> Result<(), Problem> {
        let press =
            self.press().ok_or_else(|| Problem::new(ErrorCode::Internal, "an effect outside a press"))?;
        let entry = Entry {
            press,
            target: &target.identity,
            project: &self.project,
            version: &manifest.version,
            filename: &effect.to_string(),
            event,
        };
        self.ledger.append(self.fence(), &entry).map(drop).map_err(|error| ledger_problem(&error))
    }

    /// Notes a page in the stage assembling, with the manifest it is marked with.
    pub(super) fn note_page(
        &self,
        target: &GitHubTarget,
        manifest: &Manifest,
        release: u64,
        digest: Sha256,
    ) -> Result<Moved, Problem> {
        let key = page_key(target, manifest, release);
        self.ledger.note_page(self.fence(), key, digest).map_err(|error| ledger_problem(&error))
    }

    /// Moves a page on from a stage.
    pub(super) fn advance_page(
        &self,
        target: &GitHubTarget,
        manifest: &Manifest,
        release: u64,
        from: Stage,
    ) -> Result<Moved, Problem> {
        let key = page_key(target, manifest, release);
        self.ledger.advance_page(self.fence(), key, from).map_err(|error| ledger_problem(&error))
    }
}

fn page_key<'k>(target: &'k GitHubTarget, manifest: &'k Manifest, release_id: u64) -> PageKey<'k> {
    PageKey { forge: &target.identity, project: &manifest.project, version: &manifest.version, release_id }
}
