//! `setup.cfg`, as Python's `configparser` reads it.

use super::Found;

/// A value of a section, with its continuation lines. Keys are compared without case.
pub(crate) fn value(text: &str, section: &str, key: &str) -> Option<Found> {
    let mut inside = false;
    let mut found: Option<Found> = None;
    for (number, line) in (1_u32..).zip(text.lines()) {
        let trimmed = line.trim();
        if trimmed.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            if let Some(found) = &mut found
                && !trimmed.is_empty()
            {
                found.text.push('\n');
                found.text.push_str(trimmed);
            }
            continue;
        }
        if found.is_some() && !trimmed.is_empty() {
            break;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            inside = name == section;
        } else if inside
            && let Some((name, value)) = trimmed.split_once(['=', ':'])
            && name.trim().eq_ignore_ascii_case(key)
        {
            found = Some(Found { text: value.trim().to_owned(), line: number });
        }
    }
    found
}

/// Whether there is such a section.
pub(crate) fn has_section(text: &str, section: &str) -> bool {
    text.lines()
        .any(|line| line.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) == Some(section))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_keys_comments_and_continuations() {
        let text = "# version = 9\n[bumpversion]\nversion = 2.0\n[metadata]\nname: x\n; version = 3\nVersion = attr: x.y\n\n[options]\npackage_dir =\n    = src\n    # nothing\n    a = b\nversion = 5\n";
        let read = |section, key| value(text, section, key).map(|found| (found.text, found.line));
        assert_eq!(read("metadata", "version"), Some(("attr: x.y".to_owned(), 7)));
        assert_eq!(read("options", "package_dir"), Some(("\n= src\na = b".to_owned(), 10)));
        assert_eq!(read("metadata", "author"), None);
        assert_eq!(read("none", "version"), None);
        assert!(has_section(text, "options") && !has_section(text, "option"));
    }
}
