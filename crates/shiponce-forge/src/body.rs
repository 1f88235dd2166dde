//! The notes of a release, within GitHub's limit.

use crate::marker::Marker;

/// Most characters that the notes of a release may have; longer ones are refused with 422 ("body is too long (maximum
/// is 125000 characters)"). goreleaser cuts at the same length.
pub const BODY_CHARACTERS: usize = 125_000;

const CUT: &str = "\n\n…\n\nThe notes are longer than GitHub takes and are cut here.";

/// The notes with the marker at their end, cut where they are too long. Characters are never cut in two, and a block of
/// code that the cut left open is closed, or it would swallow the marker.
#[must_use]
pub fn fit_body(notes: &str, marker: &Marker) -> String {
    let notes = notes.trim_end();
    let tail = format!("\n\n{marker}\n");
    let room = BODY_CHARACTERS - tail.chars().count();
    if notes.chars().count() <= room {
        return format!("{notes}{tail}").trim_start_matches('\n').to_owned();
    }
    let fence = "\n```";
    let kept: String = notes.chars().take(room - CUT.chars().count() - fence.len()).collect();
    let open = kept.lines().filter(|line| line.trim_start().starts_with("```")).count() % 2 == 1;
    let fence = if open { fence } else { "" };
    format!("{}{fence}{CUT}{tail}", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shiponce_core::Sha256;

    fn marker() -> Marker {
        Marker { manifest: Sha256([7; 32]), commit: "c0".repeat(20) }
    }

    #[test]
    fn short_notes_stay_whole() {
        assert_eq!(fit_body("What is new.\n", &marker()), format!("What is new.\n\n{}\n", marker()));
        assert_eq!(fit_body("", &marker()), format!("{}\n", marker()));
        let exact = "x".repeat(BODY_CHARACTERS - fit_body("", &marker()).chars().count() - 2);
        let body = fit_body(&exact, &marker());
        assert!(body.starts_with(&exact) && body.chars().count() == BODY_CHARACTERS);
    }

    #[test]
    fn long_notes_are_cut_between_characters_and_keep_the_marker() {
        for notes in ["é".repeat(200_000), format!("```\n{}", "日本\n".repeat(90_000))] {
            let body = fit_body(&notes, &marker());
            assert!(body.chars().count() <= BODY_CHARACTERS, "{}", body.chars().count());
            assert!(body.chars().count() > BODY_CHARACTERS - 20, "{}", body.chars().count());
            assert!(body.contains("are cut here") && Marker::find(&body) == Some(marker()));
            let fences = body.lines().filter(|line| line.starts_with("```")).count();
            assert_eq!(fences % 2, 0, "an open block of code would swallow the marker");
        }
    }
}
