//! The section of a changelog that is about one version. Text in, text out.

use shiponce_core::Version;

/// The text below the heading of `version` in a Markdown changelog, without the heading, or `None` when there is no such
/// heading or nothing below it.
///
/// A heading counts when the first version in it is this one: `## [1.4.0] - 2026-01-02`, `## 1.4.0`, `# v1.4.0 (date)`,
/// `### demo 1.4.0`, or underlined. One that is spelled as `version` wins over one that is only equal (`1.4`, PEP 440).
/// The section ends at the next heading of the same level or above, or at a line `---`. Lines in blocks of code are
/// neither, and definitions of links at the end are left out: they serve the headings.
#[must_use]
pub fn section(markdown: &str, version: &Version) -> Option<String> {
    let lines: Vec<&str> = markdown.lines().collect();
    let blocks = blocks(&lines);
    let spelled = version.to_string();
    let headings = || {
        blocks.iter().enumerate().filter_map(|(at, block)| match block {
            Block::Heading { level, text, lines } => Some((at, *level, *text, *lines)),
            Block::Break | Block::Text => None,
        })
    };
    let (start, level, _, height) = headings()
        .find(|(_, _, text, _)| first_version(text).is_some_and(|found| found == spelled))
        .or_else(|| {
            headings().find(|(_, _, text, _)| {
                first_version(text).and_then(|found| found.parse().ok()).as_ref() == Some(version)
            })
        })?;
    let begin = start + height;
    let ends = |block: &Block<'_>| match block {
        Block::Heading { level: next, .. } => *next <= level,
        Block::Break => true,
        Block::Text => false,
    };
    let end = blocks[begin..].iter().position(ends).map_or(lines.len(), |length| begin + length);
    let mut body = &lines[begin..end];
    while let Some((last, rest)) = body.split_last() {
        if !last.trim().is_empty() && !is_link_definition(last) {
            break;
        }
        body = rest;
    }
    let text = body.join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// What one line begins. A heading of two lines is followed by a [`Block::Text`] for its underline.
enum Block<'a> {
    Heading { level: usize, text: &'a str, lines: usize },
    Break,
    Text,
}

fn blocks<'a>(lines: &[&'a str]) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block<'a>> = Vec::with_capacity(lines.len());
    let mut fence: Option<&str> = None;
    for (at, line) in lines.iter().enumerate() {
        let text = line.trim_start();
        if let Some(open) = fence {
            if text.starts_with(open) && text.trim_end().trim_start_matches(&open[..1]).is_empty() {
                fence = None;
            }
            blocks.push(Block::Text);
            continue;
        }
        fence = ["```", "~~~"].into_iter().find(|mark| text.starts_with(mark));
        let before = at.checked_sub(1).map(|before| lines[before]);
        let underlined = before.filter(|_| matches!(blocks.last(), Some(Block::Text)));
        let block = match (heading(line), underline(line)) {
            (Some(heading), _) => heading,
            (None, Some(level)) => match underlined.filter(|text| is_plain(text)) {
                Some(title) => {
                    blocks.pop();
                    blocks.push(Block::Heading { level, text: title.trim(), lines: 2 });
                    Block::Text
                }
                None if level == 2 => Block::Break,
                None => Block::Text,
            },
            (None, None) => Block::Text,
        };
        blocks.push(block);
    }
    blocks
}

/// `## Text`, with up to three spaces in front (commonmark.org, 4.2).
fn heading(line: &str) -> Option<Block<'_>> {
    let text = line.trim_start_matches(' ');
    let rest = text.trim_start_matches('#');
    let level = text.len() - rest.len();
    let fits = (1..=6).contains(&level) && line.len() - text.len() < 4;
    let text = rest.trim().trim_end_matches('#').trim_end();
    (fits && rest.starts_with([' ', '\t'])).then_some(Block::Heading { level, text, lines: 1 })
}

/// The level a line gives to the text above it; a line of hyphens with nothing above is a break (commonmark.org, 4.1, 4.3).
fn underline(line: &str) -> Option<usize> {
    let text = line.trim_end();
    let only = |mark: char| text.len() >= 3 && text.chars().all(|c| c == mark);
    if only('=') {
        Some(1)
    } else if only('-') {
        Some(2)
    } else {
        None
    }
}

/// Whether a line can be a title: not blank, and no item, quote or code, below which hyphens are a break.
fn is_plain(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with([' ', '\t', '-', '*', '+', '>', '|', '<', '`', '~'])
}

/// The first word of a heading that begins with a digit, or with `v` and one, out of its brackets.
fn first_version(heading: &str) -> Option<&str> {
    heading.split_whitespace().find_map(|word| {
        let word = word.trim_start_matches(['[', '(', '`', '*', '_']);
        let end = word.find([']', ')', '`', ',', ':', '*', '(']).unwrap_or(word.len());
        let word = &word[..end];
        let word = word.strip_prefix(['v', 'V']).unwrap_or(word);
        word.starts_with(|c: char| c.is_ascii_digit()).then_some(word)
    })
}

/// `[1.4.0]: https://…`
fn is_link_definition(line: &str) -> bool {
    line.trim_start().strip_prefix('[').is_some_and(|rest| rest.contains("]: "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(markdown: &str) -> Option<String> {
        section(markdown, &"1.4.0".parse().unwrap())
    }

    #[test]
    fn a_kept_changelog() {
        let text = "# Changelog\n\n## [Unreleased]\n\n- later\n\n## [1.4.0] - 2026-01-02\n\n### Added\n\n- this\n\n### Fixed\n\n- that\n\n## [1.3.0] - 2025-12-01\n\n- old\n\n[1.4.0]: https://forge.example/compare\n";
        assert_eq!(of(text).unwrap(), "### Added\n\n- this\n\n### Fixed\n\n- that");
        let last = section(text, &"1.3.0".parse().unwrap()).unwrap();
        assert_eq!(last, "- old", "definitions of links stay behind");
    }

    #[test]
    fn spellings_of_the_heading() {
        for heading in [
            "## 1.4.0",
            "## v1.4.0",
            "# 1.4.0 (2026-01-02)",
            "### Version 1.4.0: the big one",
            "## demo 1.4.0 — 2026-01-02",
            "## [v1.4.0](https://forge.example/compare/v1.3.0...v1.4.0) (2026-01-02)",
            "## **1.4.0**",
            "## `1.4.0` ##",
            "1.4.0 (2026-01-02)\n------------------",
            "v1.4.0\n======",
        ] {
            for text in [format!("{heading}\nnew\n"), format!("intro\n\n{heading}\n\nnew\n\n{heading}x\n")] {
                assert_eq!(of(&text).as_deref().map(|text| &text[..3]), Some("new"), "{text}");
            }
        }
        for other in
            ["## 1.4.0rc1", "## 11.4.0", "## 1.4.01", "## 1.3.0 before 1.4.0", "1.4.0", "#1.4.0", "## Next"]
        {
            assert_eq!(of(&format!("{other}\n\nnew\n")), None, "{other}");
        }
    }

    #[test]
    fn the_spelled_version_wins_over_an_equal_one() {
        let text = "## 1.4\nseries\n## 1.4.0\nexact\n";
        assert_eq!(of(text).unwrap(), "exact");
        assert_eq!(of("## 1.4\nseries\n").unwrap(), "series");
        assert_eq!(section("## 1.4-rc.1\nx\n", &"1.4rc1".parse().unwrap()).unwrap(), "x");
    }

    #[test]
    fn where_a_section_ends() {
        assert_eq!(of("## 1.4.0\na\n\n---\n\nfoot\n").unwrap(), "a");
        assert_eq!(of("## 1.4.0\n- a\n---\nfoot\n").unwrap(), "- a");
        assert_eq!(of("## 1.4.0\na\n# Other\nb\n").unwrap(), "a");
        assert_eq!(of("1.4.0\n-----\na\n\n1.3.0\n-----\nb\n").unwrap(), "a");
        assert_eq!(of("## 1.4.0\r\na\r\n## 1.3.0\r\n").unwrap(), "a");
        assert_eq!(of("## 1.4.0\n### 1.3.0 migration\nb\n").unwrap(), "### 1.3.0 migration\nb");
        assert_eq!(of("## 1.4.0\n\n## 1.3.0\n\nold\n"), None, "nothing is no section");
    }

    #[test]
    fn code_is_no_heading() {
        let code = "```sh\n# 1.4.0\n---\n## 1.3.0\n```";
        assert_eq!(of(&format!("{code}\n")), None);
        assert_eq!(of(&format!("## 1.4.0\n{code}\nend\n")).unwrap(), format!("{code}\nend"));
        assert_eq!(of("## 1.4.0\n~~~\n```\n## 1.3.0\n~~~\nend\n").unwrap(), "~~~\n```\n## 1.3.0\n~~~\nend");
    }

    proptest! {
        /// Whatever a changelog looks like, its section is a part of it, without the heading.
        #[test]
        fn a_section_is_a_part_of_the_changelog(lines in prop::collection::vec(
            prop::sample::select(vec![
                "## 1.4.0", "# v1.4", "## 1.3.0", "1.4.0", "é", "", "---", "===", "```", "~~~ x", "[a]: b", "- 1.4.0", "    x",
            ]),
            0..12,
        )) {
            let text = lines.join("\n");
            if let Some(section) = of(&text) {
                prop_assert!(text.contains(&section) && !section.trim().is_empty(), "{text:?} {section:?}");
                let begin = text.rfind(&section).unwrap_or_default();
                prop_assert!(text[..begin].contains("1.4"), "{text:?} {section:?}");
            }
        }

        #[test]
        fn any_text_is_read_without_harm(text in any::<String>(), heading in "[#v\\[ ]{0,4}1\\.4\\.0.{0,4}") {
            let section = of(&format!("{heading}\n{text}"));
            prop_assert!(section.is_none_or(|section| !section.trim().is_empty()));
        }
    }
}
