//! A file written last, that says for which inputs a folder was made.

use std::path::Path;

use anyhow::Result;
use fs_err as fs;

/// Whether the folder was finished for exactly these inputs.
pub(super) fn holds(stamp: &Path, inputs: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|text| text == inputs)
}

/// Says that the folder is finished. The rename makes the stamp whole or absent, never half.
pub(super) fn set(stamp: &Path, inputs: &str) -> Result<()> {
    let draft = stamp.with_extension("part");
    fs::write(&draft, inputs)?;
    fs::rename(&draft, stamp)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_holds_for_its_inputs_only() {
        let dir = tempfile::tempdir().unwrap();
        let stamp = dir.path().join("stamp");
        assert!(!holds(&stamp, "uv==1"));
        set(&stamp, "uv==1").unwrap();
        assert!(holds(&stamp, "uv==1"));
        assert!(!holds(&stamp, "uv==2"));
    }
}
