//! Columns are TEXT and BIGINT only, so that PostgreSQL can have the same tables; here they become domain values.

use super::Failed;
use std::fmt::Display;
use std::str::FromStr;

/// A count as it is stored.
pub(crate) fn to_bigint(value: u64) -> Result<i64, Failed> {
    i64::try_from(value).map_err(|_| Failed::Row(format!("{value} does not fit a BIGINT")))
}

/// A stored count.
pub(crate) fn from_bigint(column: &str, value: i64) -> Result<u64, Failed> {
    u64::try_from(value).map_err(|_| Failed::Row(format!("{column} is {value}")))
}

/// A stored text that has a form.
pub(crate) fn parsed<T: FromStr<Err: Display>>(column: &str, text: &str) -> Result<T, Failed> {
    text.parse().map_err(|error| Failed::Row(format!("{column}: {error}")))
}
