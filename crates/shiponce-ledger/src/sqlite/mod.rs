//! The SQLite file: opening it, its schema, its transactions, and the values of its columns.

pub(crate) mod migrations;
pub(crate) mod open;
mod transaction;
mod value;

pub(crate) use transaction::{Connected, Doing, Failed};
pub(crate) use value::{from_bigint, parsed, to_bigint};
