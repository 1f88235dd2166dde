//! Tables whose meaning is fixed and whose engine comes with a later version: they are read and checked today,
//! and refused where they cannot be honoured (see [`crate::unsupported`]).

use crate::error::ConfigError;
use crate::place::At;
use crate::reader::{Entry, Table};

/// `matrix`
#[derive(Debug)]
pub(crate) struct RawMatrix {
    pub(crate) python: Option<At<Vec<At<String>>>>,
    pub(crate) platform: Option<At<Vec<At<String>>>>,
}

impl RawMatrix {
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw = Self { python: table.one_or_more("python")?, platform: table.one_or_more("platform")? };
        table.finish()?;
        Ok(raw)
    }
}

/// `[variants.NAME]`
#[derive(Debug)]
pub(crate) struct RawVariant {
    pub(crate) package: Option<At<String>>,
    pub(crate) readme: Option<At<String>>,
    pub(crate) platform: Option<At<Vec<At<String>>>>,
    pub(crate) env: Vec<Entry>,
}

impl RawVariant {
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw = Self {
            package: table.string("package")?,
            readme: table.string("readme")?,
            platform: table.one_or_more("platform")?,
            env: table.named_strings("env")?,
        };
        table.finish()?;
        Ok(raw)
    }
}

/// `[github]`
#[derive(Debug)]
pub(crate) struct RawGithub {
    pub(crate) repository: Option<At<String>>,
    pub(crate) notes: Option<At<String>>,
    pub(crate) assets: Option<At<Vec<At<String>>>>,
}

impl RawGithub {
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw = Self {
            repository: table.string("repository")?,
            notes: table.string("notes")?,
            assets: table.strings("assets")?,
        };
        table.finish()?;
        Ok(raw)
    }
}

/// `[expect]`
#[derive(Debug)]
pub(crate) struct RawExpect {
    pub(crate) wheels: Option<At<Vec<At<String>>>>,
    pub(crate) sdist: Option<At<bool>>,
    pub(crate) like: Option<At<String>>,
}

impl RawExpect {
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw = Self {
            wheels: table.strings("wheels")?,
            sdist: table.boolean("sdist")?,
            like: table.string("like")?,
        };
        table.finish()?;
        Ok(raw)
    }
}

/// `[concurrency]`
#[derive(Debug, Default)]
pub(crate) struct RawConcurrency {
    pub(crate) group: Option<At<String>>,
    pub(crate) order: Option<At<String>>,
    pub(crate) on_failure: Option<At<String>>,
    pub(crate) limit: Option<At<u64>>,
}

impl RawConcurrency {
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw = Self {
            group: table.string("group")?,
            order: table.string("order")?,
            on_failure: table.string("on-failure")?,
            limit: table.number("limit")?,
        };
        table.finish()?;
        Ok(raw)
    }
}
