//! The configuration as it was typed: every value with its place, checked for its type and nothing else.
//!
//! What a value means is decided in [`crate::resolve()`]. A key that is read nowhere here is an unknown key.

mod build;
mod gates;
mod github;
mod index;
mod later;
mod layer;
mod matrix;
mod variants;
mod verify;
mod workspace;

pub(crate) use build::RawBuild;
pub(crate) use gates::RawGates;
pub(crate) use github::{RawGithub, RawNotes};
pub(crate) use index::RawIndex;
pub(crate) use later::RawConcurrency;
pub(crate) use matrix::{RawExpect, RawMatrix};
pub(crate) use variants::RawVariant;
pub(crate) use verify::RawVerify;
pub(crate) use workspace::RawWorkspace;

use crate::error::ConfigError;
use crate::place::{At, Place};
use crate::reader::Table;

/// Everything a `shiponce.toml` can say.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    pub(crate) package: Option<At<String>>,
    pub(crate) tag: Option<At<String>>,
    pub(crate) matrix: Option<At<RawMatrix>>,
    pub(crate) build: RawBuild,
    pub(crate) variants: Vec<(At<String>, RawVariant)>,
    pub(crate) indexes: Vec<(At<String>, RawIndex)>,
    pub(crate) verify: RawVerify,
    pub(crate) github: Option<At<RawGithub>>,
    pub(crate) git_branch: Option<At<String>>,
    pub(crate) gates: RawGates,
    pub(crate) expect: Option<At<RawExpect>>,
    pub(crate) workspace: Option<At<RawWorkspace>>,
    pub(crate) concurrency: RawConcurrency,
}

impl Raw {
    /// Reads the table that configures shiponce.
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw = Self {
            package: table.string("package")?,
            tag: table.string("tag")?,
            matrix: optional(table.table("matrix")?, RawMatrix::read)?,
            build: table.table("build")?.map(RawBuild::read).transpose()?.unwrap_or_default(),
            variants: named(table.named_tables("variants")?, RawVariant::read)?,
            indexes: named(table.named_tables("index")?, RawIndex::read)?,
            verify: table.table("verify")?.map(RawVerify::read).transpose()?.unwrap_or_default(),
            github: optional(table.table("github")?, RawGithub::read)?,
            git_branch: table.table("git")?.map(read_git).transpose()?.flatten(),
            gates: table.table("gates")?.map(RawGates::read).transpose()?.unwrap_or_default(),
            expect: optional(table.table("expect")?, RawExpect::read)?,
            workspace: optional(table.table("workspace")?, RawWorkspace::read)?,
            concurrency: table
                .table("concurrency")?
                .map(RawConcurrency::read)
                .transpose()?
                .unwrap_or_default(),
        };
        table.finish()?;
        Ok(raw)
    }
}

fn optional<T>(
    table: Option<Table<'_>>,
    read: impl FnOnce(Table<'_>) -> Result<T, ConfigError>,
) -> Result<Option<At<T>>, ConfigError> {
    let Some(table) = table else { return Ok(None) };
    let at: Place = table.at().clone();
    Ok(Some(At { value: read(table)?, at }))
}

fn named<T>(
    tables: Vec<(At<String>, Table<'_>)>,
    read: impl Fn(Table<'_>) -> Result<T, ConfigError>,
) -> Result<Vec<(At<String>, T)>, ConfigError> {
    tables.into_iter().map(|(name, table)| Ok((name, read(table)?))).collect()
}

fn read_git(table: Table<'_>) -> Result<Option<At<String>>, ConfigError> {
    let branch = table.string("branch")?;
    table.finish()?;
    Ok(branch)
}
