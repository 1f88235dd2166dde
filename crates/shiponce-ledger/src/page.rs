//! Release pages: how far each came, moved forward by compare-and-set under the lease.

use crate::error::Error;
use crate::lease::Fence;
use crate::ledger::Ledger;
use crate::sqlite::{Failed, from_bigint, parsed, to_bigint};
use crate::text::version_key;
use rusqlite::{OptionalExtension as _, Row, Transaction};
use shiponce_core::forge::Stage;
use shiponce_core::{PackageName, Sha256, Version};

/// A page as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPage {
    /// The forge's id of the page.
    pub release_id: u64,
    /// How far it came.
    pub stage: Stage,
    /// The digest of the manifest it was last marked with.
    pub manifest: Sha256,
}

/// Which page is meant.
#[derive(Debug, Clone, Copy)]
pub struct PageKey<'a> {
    /// The identity of forge and repository.
    pub forge: &'a str,
    /// The project.
    pub project: &'a PackageName,
    /// The version.
    pub version: &'a Version,
    /// The forge's id of the page.
    pub release_id: u64,
}

/// What became of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// The page is in the stage now: moved, or it was there.
    Yes,
    /// It is in another stage than expected; nothing was changed.
    No {
        /// The stage it is in.
        stage: Stage,
    },
}

impl Ledger {
    /// Notes a page in the stage assembling, or that it was marked anew while in it.
    ///
    /// # Errors
    /// [`Error::Fenced`] when the lease is over, or when the ledger fails.
    pub fn note_page(&self, fence: &Fence, key: PageKey<'_>, manifest: Sha256) -> Result<Moved, Error> {
        let now = self.now().0;
        self.fenced("note the release page", fence, key.project, |transaction| {
            match stage_of(transaction, key)? {
                Some(Stage::Assembling) => {
                    transaction
                        .prepare_cached(
                            "UPDATE page SET manifest = ?5, changed_micros = ?6
                             WHERE forge = ?1 AND project = ?2 AND version_key = ?3 AND release_id = ?4",
                        )?
                        .execute((
                            key.forge,
                            key.project.normalized(),
                            version_key(key.version),
                            to_bigint(key.release_id)?,
                            manifest.to_string(),
                            now,
                        ))?;
                    Ok(Moved::Yes)
                }
                Some(stage) => Ok(Moved::No { stage }),
                None => {
                    transaction
                        .prepare_cached(
                            "INSERT INTO page (forge, project, version_key, version, release_id, stage, manifest,
                                 created_micros, changed_micros)
                             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
                        )?
                        .execute((
                            key.forge,
                            key.project.normalized(),
                            version_key(key.version),
                            key.version.to_string(),
                            to_bigint(key.release_id)?,
                            Stage::Assembling.word(),
                            manifest.to_string(),
                            now,
                        ))?;
                    Ok(Moved::Yes)
                }
            }
        })
    }

    /// Moves a page to the stage after `from`: a compare-and-set, and never back. A page that is in the next stage
    /// already was moved before.
    ///
    /// # Errors
    /// [`Error::Fenced`] when the lease is over, or when the ledger fails.
    pub fn advance_page(&self, fence: &Fence, key: PageKey<'_>, from: Stage) -> Result<Moved, Error> {
        let now = self.now().0;
        let next = match from {
            Stage::Assembling => Stage::Sealed,
            Stage::Sealed | Stage::Published => Stage::Published,
        };
        self.fenced("move the release page", fence, key.project, |transaction| {
            let stage = stage_of(transaction, key)?.unwrap_or(Stage::Assembling);
            if stage == next {
                return Ok(Moved::Yes);
            }
            if stage != from {
                return Ok(Moved::No { stage });
            }
            let changed = transaction
                .prepare_cached(
                    "UPDATE page SET stage = ?5, changed_micros = ?6
                     WHERE forge = ?1 AND project = ?2 AND version_key = ?3 AND release_id = ?4 AND stage = ?7",
                )?
                .execute((
                    key.forge,
                    key.project.normalized(),
                    version_key(key.version),
                    to_bigint(key.release_id)?,
                    next.word(),
                    now,
                    from.word(),
                ))?;
            // Without a row nobody noted the page: a seal of something unknown is no seal.
            Ok(if changed == 1 { Moved::Yes } else { Moved::No { stage } })
        })
    }

    /// The pages of a release on a forge, oldest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn pages(
        &self,
        forge: &str,
        project: &PackageName,
        version: &Version,
    ) -> Result<Vec<StoredPage>, Error> {
        self.connected().read("read the release pages", |transaction| {
            let mut statement = transaction.prepare_cached(
                "SELECT release_id, stage, manifest FROM page
                 WHERE forge = ?1 AND project = ?2 AND version_key = ?3 ORDER BY release_id",
            )?;
            let mut rows = statement.query((forge, project.normalized(), version_key(version)))?;
            let mut pages = Vec::new();
            while let Some(row) = rows.next()? {
                pages.push(stored(row)?);
            }
            Ok(pages)
        })
    }
}

fn stage_of(transaction: &Transaction<'_>, key: PageKey<'_>) -> Result<Option<Stage>, Failed> {
    let word: Option<String> = transaction
        .prepare_cached(
            "SELECT stage FROM page
             WHERE forge = ?1 AND project = ?2 AND version_key = ?3 AND release_id = ?4",
        )?
        .query_row(
            (key.forge, key.project.normalized(), version_key(key.version), to_bigint(key.release_id)?),
            |row| row.get(0),
        )
        .optional()?;
    word.map(|word| stage(&word)).transpose()
}

fn stage(word: &str) -> Result<Stage, Failed> {
    Stage::from_word(word).ok_or_else(|| Failed::Row(format!("a release page is in the stage `{word}`")))
}

fn stored(row: &Row<'_>) -> Result<StoredPage, Failed> {
    Ok(StoredPage {
        release_id: from_bigint("release_id", row.get(0)?)?,
        stage: stage(&row.get::<_, String>(1)?)?,
        manifest: parsed("manifest", &row.get::<_, String>(2)?)?,
    })
}
