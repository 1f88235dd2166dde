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
        let separator = if length == 0 { None } else { Some(' ') };
        let shown: Vec<char> = separator.into_iter().chain(word.chars().filter(|c| !hidden(*c))).collect();
        if shown.len() == separator.iter().len() {
            continue;
        }
        length += shown.len();
        out.extend(&shown);
        if length > max {
            let mut cut: String = out.chars().take(max.saturating_sub(1)).collect();
            cut.truncate(cut.trim_end().len());
            cut.push('…');
            return cut;
        }
    }
    out
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
        assert_eq!(sanitize("one two three", 13), "one two three");
        assert_eq!(sanitize("", 9), "");
        assert_eq!(sanitize(&"x".repeat(50), 9).chars().count(), 9);
    }

    proptest! {
        #[test]
        fn the_result_is_short_and_printable(text in any::<String>(), max in 1_usize..60) {
            let out = sanitize(&text, max);
            prop_assert!(out.chars().count() <= max, "{out:?}");
            prop_assert!(!out.chars().any(hidden), "{out:?}");
        }
    }
}
