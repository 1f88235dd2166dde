//! Tables whose meaning is fixed and whose engine comes with a later version: they are read and checked today,
//! and refused where they cannot be honoured (see [`crate::unsupported`]).

use crate::error::ConfigError;
use crate::place::At;
use crate::reader::Table;

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
