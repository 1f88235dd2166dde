//! `[verify]`

use crate::error::ConfigError;
use crate::place::At;
use crate::reader::Table;

#[derive(Debug, Default)]
pub(crate) struct RawVerify {
    pub(crate) import: Option<At<Vec<At<String>>>>,
    pub(crate) version: Option<At<String>>,
    pub(crate) commands: Option<At<Vec<Vec<String>>>>,
    pub(crate) index: Option<At<String>>,
    pub(crate) timeout: Option<At<String>>,
}

impl RawVerify {
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw = Self {
            import: table.one_or_more("import")?,
            version: table.string("version")?,
            commands: table.commands("commands")?,
            index: table.string("index")?,
            timeout: table.string("timeout")?,
        };
        table.finish()?;
        Ok(raw)
    }
}
