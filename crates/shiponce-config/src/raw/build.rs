//! `[build]`

use crate::error::ConfigError;
use crate::place::At;
use crate::reader::{Entry, Table};

#[derive(Debug, Default)]
pub(crate) struct RawBuild {
    pub(crate) command: Option<At<Vec<String>>>,
    pub(crate) env: Vec<Entry>,
    pub(crate) timeout: Option<At<String>>,
}

impl RawBuild {
    pub(crate) fn read(table: Table<'_>) -> Result<Self, ConfigError> {
        let raw = Self {
            command: table.command("command")?,
            env: table.named_strings("env")?,
            timeout: table.string("timeout")?,
        };
        table.finish()?;
        Ok(raw)
    }
}
