//! Extra fields of local and central records.

use super::EntryProblem;
use super::source::{u16_at, u32_at, u64_at};

const ZIP64: u16 = 0x0001;
const UNICODE_PATH: u16 = 0x7075;

/// The fields of checked `bytes` that change nothing for a reader: timestamps, owners, alignment. Those that repeat
/// sizes and names are made anew by a writer.
pub(super) fn meaningless(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut rest = bytes;
    while rest.len() >= 4 {
        let end = (4 + usize::from(u16_at(rest, 2))).min(rest.len());
        if !matches!(u16_at(rest, 0), ZIP64 | UNICODE_PATH) {
            kept.extend_from_slice(&rest[..end]);
        }
        rest = &rest[end..];
    }
    kept
}

/// The fields that change what a record means.
#[derive(Debug, Default)]
pub(super) struct Extra<'a> {
    zip64: Option<&'a [u8]>,
}

impl<'a> Extra<'a> {
    /// Splits the extra fields of the entry called `name`.
    pub(super) fn parse(bytes: &'a [u8], name: &[u8]) -> Result<Self, EntryProblem> {
        let mut extra = Self::default();
        let mut seen = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            if rest.len() < 4 {
                return Err(EntryProblem::Extra);
            }
            let (id, length) = (u16_at(rest, 0), usize::from(u16_at(rest, 2)));
            let field = rest.get(4..4 + length).ok_or(EntryProblem::Extra)?;
            if seen.contains(&id) {
                return Err(EntryProblem::ExtraTwice(id));
            }
            seen.push(id);
            match id {
                ZIP64 => extra.zip64 = Some(field),
                // Version, CRC of the plain name, then the name that some readers prefer.
                UNICODE_PATH if field.get(5..) != Some(name) => return Err(EntryProblem::OtherName),
                _ => {}
            }
            rest = &rest[4 + length..];
        }
        Ok(extra)
    }

    /// Replaces the saturated values of a central record by their 64-bit ones, in the order of the format.
    pub(super) fn widen(&self, values: [&mut u64; 3], disk: &mut u32) -> Result<(), EntryProblem> {
        let mut field = self.zip64.unwrap_or_default();
        for value in values {
            if *value == u64::from(u32::MAX) {
                if field.len() < 8 {
                    return Err(EntryProblem::Zip64);
                }
                *value = u64_at(field, 0);
                field = &field[8..];
            }
        }
        if *disk == u32::from(u16::MAX) {
            if field.len() < 4 {
                return Err(EntryProblem::Zip64);
            }
            *disk = u32_at(field, 0);
            field = &field[4..];
        }
        if field.is_empty() { Ok(()) } else { Err(EntryProblem::Zip64) }
    }

    /// Size and packed size as a local header gives them: both or neither stand in the 64-bit field.
    pub(super) fn local_sizes(&self, size: u32, compressed: u32) -> Result<(u64, u64), EntryProblem> {
        let narrow = (u64::from(size), u64::from(compressed));
        let full = u64::from(u32::MAX);
        match self.zip64 {
            None if narrow.0 == full || narrow.1 == full => Err(EntryProblem::Zip64),
            None => Ok(narrow),
            Some(field) if field.len() != 16 => Err(EntryProblem::Zip64),
            Some(field) => {
                let wide = (u64_at(field, 0), u64_at(field, 8));
                let agrees = |narrow: u64, wide: u64| narrow == full || narrow == wide;
                if agrees(narrow.0, wide.0) && agrees(narrow.1, wide.1) {
                    Ok(wide)
                } else {
                    Err(EntryProblem::Zip64)
                }
            }
        }
    }

    /// Whether sizes are 64 bits wide, also in a data descriptor.
    pub(super) fn is_wide(&self) -> bool {
        self.zip64.is_some()
    }
}
