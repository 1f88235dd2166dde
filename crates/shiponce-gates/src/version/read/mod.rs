//! Readers of the formats that versions stand in: small, bounded, and never an interpreter.

pub(crate) mod ini;
pub(crate) mod keyed;
pub(crate) mod python;
pub(crate) mod tokens;
pub(crate) mod tree;

/// A text and the line it stands on, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) text: String,
    pub(crate) line: u32,
}

/// The line of a byte offset, counted from 1.
pub(crate) fn line_at(text: &str, offset: usize) -> u32 {
    let before = &text.as_bytes()[..offset.min(text.len())];
    u32::try_from(before.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(u32::MAX - 1) + 1
}
