//! What marks a draft as one of ours.

use std::fmt;

use shiponce_core::Sha256;

const OPENING: &str = "<!-- shiponce manifest=";
const MIDDLE: &str = " commit=";
const CLOSING: &str = " -->";

/// A comment at the end of the notes, which pages do not show: the digest of the frozen manifest, and the commit.
///
/// It is how a draft is found again by a machine that has no ledger, and after an answer that was lost: GitHub makes as
/// many drafts of one tag as it is asked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The digest of the canonical form of the manifest.
    pub manifest: Sha256,
    /// The commit, in hexadecimal.
    pub commit: String,
}

impl Marker {
    /// The marker in a release's notes; the last one, since notes may quote others.
    #[must_use]
    pub fn find(body: &str) -> Option<Self> {
        body.rmatch_indices(OPENING).find_map(|(at, _)| {
            let (inside, _) = body[at + OPENING.len()..].split_once(CLOSING)?;
            let (manifest, commit) = inside.split_once(MIDDLE)?;
            let is_commit = matches!(commit.len(), 40 | 64) && commit.bytes().all(|b| b.is_ascii_hexdigit());
            let manifest = manifest.parse().ok().filter(|_| is_commit)?;
            Some(Self { manifest, commit: commit.to_owned() })
        })
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OPENING}{}{MIDDLE}{}{CLOSING}", self.manifest, self.commit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker(byte: u8) -> Marker {
        Marker { manifest: Sha256([byte; 32]), commit: "a1".repeat(20) }
    }

    #[test]
    fn is_found_at_the_end_and_not_in_what_notes_quote() {
        let body = format!("Notes.\r\n{}\r\nmore\r\n{}\r\n", marker(1), marker(2));
        assert_eq!(Marker::find(&body), Some(marker(2)));
        assert_eq!(Marker::find(&format!("{} <!-- shiponce manifest=x -->", marker(1))), Some(marker(1)));
    }

    #[test]
    fn anything_else_is_no_marker() {
        let whole = marker(1).to_string();
        for broken in [
            "",
            "Notes",
            &whole[..whole.len() - 1],
            &whole.replace("a1a1", "zz"),
            &whole.replace("0101", "01"),
            &whole.replace(" commit=", " "),
        ] {
            assert_eq!(Marker::find(broken), None, "{broken}");
        }
    }
}
