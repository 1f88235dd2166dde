//! Foreign text made safe to show.

/// Longest text taken over from a server's answer, in characters. The longest real message measured has 460.
pub(crate) const MESSAGE_MAX: usize = 1000;

/// Longest sentence about a failed read, in characters.
pub(crate) const SENTENCE_MAX: usize = 600;

/// Text of a server on one line: white space folded, control and direction-changing characters removed (they could
/// rewrite a terminal or a log), cut at `max` characters.
pub(crate) fn sanitize(text: &str, max: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let shown: String = word.chars().filter(|c| !hidden(*c)).collect();
        if shown.is_empty() {
            continue;
        }
        let room = max.saturating_sub(length + 1);
        if shown.chars().count() > room {
            out.push(' ');
            out.extend(shown.chars().take(room.saturating_sub(1)));
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
            length += 1;
        }
        length += shown.chars().count();
        out.push_str(&shown);
    }
    out.trim_start().to_owned()
}

fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_white_space_and_drops_what_a_terminal_obeys() {
        assert_eq!(sanitize(" a\r\n\tb \u{1b}[31mred\u{7} \u{202e}evil\u{0}", 80), "a b [31mred evil");
        assert_eq!(sanitize("one two three", 9), "one two…");
        assert_eq!(sanitize("", 9), "");
        assert_eq!(sanitize(&"x".repeat(50), 9).chars().count(), 8);
    }

    proptest! {
        #[test]
        fn the_result_is_short_and_printable(text in any::<String>(), max in 2_usize..60) {
            let out = sanitize(&text, max);
            prop_assert!(out.chars().count() <= max + 1, "{out:?}");
            prop_assert!(!out.chars().any(hidden), "{out:?}");
        }
    }
}
