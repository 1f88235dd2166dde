//! `matrix` and `[expect]`

use crate::error::ConfigError;
use crate::place::At;
use crate::reader::Table;

/// `matrix`
#[derive(Debug, Clone)]
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

/// `[expect]`
#[derive(Debug, Clone)]
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
