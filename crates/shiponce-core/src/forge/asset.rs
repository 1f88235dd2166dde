//! One wanted file on one page.

use super::MANIFEST_ASSET;
use super::page::{Asset, AssetState, Stage, Wanted};
use crate::digest::Sha256;

/// The page an asset lies on, as far as deleting and adding depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts of a page")]
pub struct Home {
    /// Whether the page carries our marker.
    pub ours: bool,
    /// Whether it is still a draft.
    pub draft: bool,
    /// Whether the forge lets nothing be changed.
    pub immutable: bool,
    /// How far the ledger says it came.
    pub stage: Stage,
    /// Whether our journal holds an attempt to put this very file there.
    pub attempted: bool,
}

impl Home {
    /// Whether an asset of a wanted name may be deleted here, only while assembling: the remains of an upload (on a page
    /// that a person made, of our own upload), and in our draft a manifest of ours that the wanted one extends. A file
    /// that came there whole with other bytes was put there by a person, also in our draft: we never send other bytes.
    fn may_delete(self, asset: &Asset, older_manifest: bool) -> bool {
        let mine = match (self.ours, self.draft) {
            (true, true) => asset.state == AssetState::Starter || older_manifest,
            _ => self.attempted && asset.state == AssetState::Starter,
        };
        mine && self.stage == Stage::Assembling && !self.immutable
    }
}

/// What one wanted file needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is there with its digest.
    Done,
    /// It is not there.
    Absent,
    /// It is not there, and the forge takes nothing more.
    Immutable,
    /// What has its name must be deleted first, and may be.
    Delete {
        /// The asset's id.
        asset: u64,
    },
    /// The forge gives no digest: download it and compare.
    Compare {
        /// The asset's id.
        asset: u64,
    },
    /// The name holds other bytes that must not be touched.
    Conflict {
        /// Their digest, if known.
        there: Option<Sha256>,
    },
    /// The name is taken by an upload that did not end, and it must not be deleted.
    Leftover,
}

/// Judges one wanted file.
#[must_use]
pub fn judge(wanted: &Wanted, name: &str, assets: &[Asset], home: Home) -> Verdict {
    let Some(expected) = wanted.assets.get(name) else { return Verdict::Done };
    let found = assets.iter().find(|asset| is_named(asset, name));
    let Some(found) = found else {
        return if home.immutable { Verdict::Immutable } else { Verdict::Absent };
    };
    let older_manifest =
        name == MANIFEST_ASSET && found.digest.is_some_and(|there| wanted.extends.contains(&there));
    if found.state == AssetState::Starter {
        return if home.may_delete(found, older_manifest) {
            Verdict::Delete { asset: found.id }
        } else {
            Verdict::Leftover
        };
    }
    match found.digest {
        Some(there) if there == expected.sha256 => Verdict::Done,
        // A sealed page keeps the manifest it was sealed with; later names stand in the ledger and on the indexes.
        Some(_) if older_manifest && (!home.draft || home.stage != Stage::Assembling) => Verdict::Done,
        None if found.size == expected.size || name == MANIFEST_ASSET => Verdict::Compare { asset: found.id },
        _ if home.may_delete(found, older_manifest) => Verdict::Delete { asset: found.id },
        there => Verdict::Conflict { there },
    }
}

/// Whether an asset was given under this name.
fn is_named(asset: &Asset, name: &str) -> bool {
    asset.label.as_deref() == Some(name) || same_name(&asset.name, name)
}

/// Whether two names can be one asset's: as it was given and as the forge shows it.
///
/// GitHub renames files ("GitHub renames asset filenames that have special characters, non-alphanumeric characters, and
/// leading or trailing periods", documentation of "Upload a release asset"). `gh release upload` imitates it
/// (`sanitizeFileName` in cli/cli): accents go; runs of characters other than ASCII letters, digits, `-`, `_`, `+` and
/// `@` become one period; periods at both ends go; a name that begins with a period, or of which only an extension is
/// left, gets `default` in front. Lists that people have shown agree (travis-ci/dpl#821, where `@` was renamed, too). `+`
/// is kept when it is sent as `%2B` and becomes a period when it is sent bare (github/rest-api-description#2968). Since
/// the rule changed over the years, every character but letters, digits, `-` and `_` counts as a period here, and a
/// `default` in front as nothing.
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

fn plain(name: &str) -> String {
    let dotted: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '.' })
        .collect();
    let mut parts: Vec<&str> = dotted.split('.').filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && parts[0] == "default" {
        parts.remove(0);
    }
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_file_is_the_same_file() {
        for (given, shown) in [
            ("demo-1.0+cu12-py3-none-any.whl", "demo-1.0.cu12-py3-none-any.whl"),
            ("demo-1.0+cu12-py3-none-any.whl", "demo-1.0+cu12-py3-none-any.whl"),
            ("the manual~1.pdf", "the.manual.1.pdf"),
            (".hidden.", "default.hidden"),
            ("(notes)", "default.notes"),
            // The file and the list of travis-ci/dpl#821.
            (
                "a5_ !#$%&'()+,-.0123456789;=@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{}~.txt",
                "a5_.-.0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZ._.abcdefghijklmnopqrstuvwxyz.txt",
            ),
        ] {
            assert!(same_name(given, shown), "{given} {shown}");
        }
        assert!(!same_name("demo-1.0.tar.gz", "demo-1.0.zip"));
        assert!(!same_name("demo_1.0", "demo-1.0"));
    }
}
