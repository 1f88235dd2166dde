//! `[gates]`

use crate::error::ConfigError;
use crate::place::At;
use crate::reader::Table;

/// `[gates]`
#[derive(Debug, Default)]
pub(crate) struct RawGates {
    pub(crate) required: Option<At<Vec<At<String>>>>,
    pub(crate) version_files: Option<At<Vec<At<String>>>>,
}

impl RawGates {
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw =
            Self { required: table.strings("required")?, version_files: table.strings("version-files")? };
        table.finish()?;
        Ok(raw)
    }
}
