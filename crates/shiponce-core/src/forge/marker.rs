//! The marker that makes a release page ours: an HTML comment at the end of its text.

use crate::digest::Sha256;

/// The longest text a page may have. GitHub refuses more than 125 000 characters (goreleaser met it first and cuts).
pub const BODY_LENGTH_MAX: usize = 125_000;

const OPENING: &str = "<!-- shiponce manifest=";
const CUT: &str = "\n\n(shortened)";

/// Which manifest and commit a page belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The digest of the frozen manifest's canonical form.
    pub manifest: Sha256,
    /// The commit.
    pub commit: String,
}

impl Marker {
    /// The comment.
    #[must_use]
    pub fn render(&self) -> String {
        format!("{OPENING}{} commit={} -->", self.manifest, self.commit)
    }

    /// The last marker of a text. People may write below it.
    #[must_use]
    pub fn find(body: &str) -> Option<Self> {
        let rest = &body[body.rfind(OPENING)? + OPENING.len()..];
        let (inside, _) = rest.split_once(" -->")?;
        let (manifest, commit) = inside.split_once(" commit=")?;
        let is_commit = !commit.is_empty() && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_commit.then_some(())?;
        Some(Self { manifest: manifest.parse().ok()?, commit: commit.to_owned() })
    }
}

/// A page's text with another marker in the place of its own; what people wrote around it stays.
#[must_use]
pub fn remark(body: &str, marker: &Marker) -> String {
    let Some(start) = body.rfind(OPENING) else { return body_with(body, marker) };
    let end = body[start..].find("-->").map_or(body.len(), |length| start + length + "-->".len());
    format!("{}{}{}", &body[..start], marker.render(), &body[end..])
}

/// A page's text: the notes, then the marker.
///
/// Notes that are too long are cut, and notes that hold a marker of their own (written by a program that copied another
/// page) lose it. Control characters are no text: a program that prints bytes must not make the forge refuse the page.
#[must_use]
pub fn body_with(notes: &str, marker: &Marker) -> String {
    let marker = marker.render();
    let is_text = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    let notes: String = notes.chars().filter(is_text).collect();
    let notes = notes.replace(OPENING, "<!-- ");
    let notes = notes.trim_end();
    if notes.is_empty() {
        return marker;
    }
    let room = BODY_LENGTH_MAX - marker.len() - 2;
    // Counted in UTF-16 units, of which no counting of characters finds more.
    let length = |text: &str| text.encode_utf16().count();
    if length(notes) <= room {
        return format!("{notes}\n\n{marker}");
    }
    let mut left = room - CUT.len();
    let fits = |c: &char| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    let cut: String = notes.chars().take_while(fits).collect();
    format!("{}{CUT}\n\n{marker}", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker(byte: u8) -> Marker {
        Marker { manifest: Sha256([byte; 32]), commit: "abc123".to_owned() }
    }

    #[test]
    fn a_marker_is_found_again_wherever_people_write() {
        let body = body_with("# Notes\n", &marker(7));
        assert_eq!(body, format!("# Notes\n\n<!-- shiponce manifest={} commit=abc123 -->", "07".repeat(32)));
        assert_eq!(Marker::find(&body), Some(marker(7)));
        assert_eq!(Marker::find(&format!("{body}\r\n\r\nThanks to all")), Some(marker(7)));
        assert_eq!(Marker::find(&body_with("", &marker(1))), Some(marker(1)));
        for other in ["", "notes", "<!-- shiponce manifest=12 commit=ab -->", "<!-- shiponce manifest="] {
            assert_eq!(Marker::find(other), None, "{other}");
        }
    }

    #[test]
    fn a_marker_is_replaced_in_its_place() {
        let body = format!("{}\nThanks", body_with("Notes", &marker(1)));
        let other = remark(&body, &marker(2));
        assert_eq!(other, format!("{}\nThanks", body_with("Notes", &marker(2))));
        assert_eq!(remark("Notes", &marker(2)), body_with("Notes", &marker(2)));
    }

    #[test]
    fn notes_cannot_bring_a_marker_of_their_own() {
        let copied = body_with("old", &marker(1));
        assert_eq!(Marker::find(&body_with(&copied, &marker(2))), Some(marker(2)));
        let cut_off = body_with(&copied, &marker(2)).replace(&marker(2).render(), "");
        assert_eq!(Marker::find(&cut_off), None);
    }

    #[test]
    fn control_characters_are_no_notes() {
        let body = body_with("a\0b\u{1b}[31mc\td\r\ne", &marker(1));
        assert_eq!(body, format!("ab[31mc\td\r\ne\n\n{}", marker(1).render()));
        // Nor do they hide a marker.
        let hidden = marker(9).render().replacen("ship", "sh\0ip", 1);
        assert_eq!(Marker::find(&body_with(&hidden, &marker(2)).replace(&marker(2).render(), "")), None);
    }

    #[test]
    fn long_notes_are_cut_and_keep_the_marker() {
        for text in ["x".repeat(200_000), "\u{1f600}".repeat(100_000)] {
            let body = body_with(&text, &marker(3));
            assert!(body.encode_utf16().count() <= BODY_LENGTH_MAX);
            assert!(body.contains("(shortened)"));
            assert_eq!(Marker::find(&body), Some(marker(3)));
        }
    }
}
