//! `[variants.NAME]`

use crate::error::ConfigError;
use crate::place::At;
use crate::reader::{Entry, Table};

#[derive(Debug)]
pub(crate) struct RawVariant {
    pub(crate) package: Option<At<String>>,
    pub(crate) readme: Option<At<String>>,
    pub(crate) description: Option<At<String>>,
    pub(crate) keywords: Option<At<Vec<At<String>>>>,
    pub(crate) platform: Option<At<Vec<At<String>>>>,
    pub(crate) env: Vec<Entry>,
    pub(crate) flags: Vec<Entry>,
    pub(crate) aliases: Option<At<Vec<At<String>>>>,
}

impl RawVariant {
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw = Self {
            package: table.string("package")?,
            readme: table.string("readme")?,
            description: table.string("description")?,
            keywords: table.strings("keywords")?,
            platform: table.one_or_more("platform")?,
            env: table.named_strings("env")?,
            flags: table.named_words("flags")?,
            aliases: table.one_or_more("aliases")?,
        };
        table.finish()?;
        Ok(raw)
    }
}
