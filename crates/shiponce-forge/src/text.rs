//! Foreign text made safe to show.

/// Longest text taken over from an answer, in characters.
const MESSAGE_MAX: usize = 600;

/// Text of a server on one line: white space folded, control and direction-changing characters removed (they could
/// rewrite a terminal or a log), cut at a length a message can hold.
pub(crate) fn sanitize(text: &str) -> String {
    let shown: String = text.chars().filter(|c| !hidden(*c) || c.is_whitespace()).collect();
    let folded = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() <= MESSAGE_MAX {
        return folded;
    }
    let mut cut: String = folded.chars().take(MESSAGE_MAX - 1).collect();
    cut.push('…');
    cut
}

fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_white_space_and_drops_what_a_terminal_obeys() {
        assert_eq!(sanitize(" a\r\n\tb \u{1b}[31mred\u{7} \u{202e}evil\u{0}"), "a b [31mred evil");
        let long = sanitize(&"é".repeat(700));
        assert_eq!(long.chars().count(), MESSAGE_MAX);
        assert!(long.ends_with('…'));
        assert_eq!(sanitize(""), "");
    }
}
