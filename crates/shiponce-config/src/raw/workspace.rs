//! `[workspace]`

use crate::error::ConfigError;
use crate::place::At;
use crate::reader::Table;

#[derive(Debug)]
pub(crate) struct RawWorkspace {
    pub(crate) members: Option<At<Vec<At<String>>>>,
    pub(crate) exclude: Option<At<Vec<At<String>>>>,
}

impl RawWorkspace {
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw = Self { members: table.strings("members")?, exclude: table.strings("exclude")? };
        table.finish()?;
        Ok(raw)
    }
}
