//! Names inside archives: only those that every reader on every system places at the same spot.

/// Why the name of an archive member is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    /// No name at all.
    #[error("the name is empty")]
    Empty,
    /// The bytes are not UTF-8.
    #[error("the name is not UTF-8")]
    NotUtf8,
    /// Non-ASCII bytes without the flag that says they are UTF-8: readers guess different encodings.
    #[error("the name is not ASCII and not flagged as UTF-8")]
    Unflagged,
    /// A NUL, where readers in C stop reading.
    #[error("the name contains a NUL byte")]
    Nul,
    /// Another control character.
    #[error("the name contains the control character U+{0:04X}")]
    Control(u32),
    /// A backslash, which separates folders on Windows only.
    #[error("the name contains a backslash")]
    Backslash,
    /// It starts with `/`.
    #[error("the name is absolute")]
    Absolute,
    /// It starts with a Windows drive.
    #[error("the name starts with a drive letter")]
    Drive,
    /// A `..` component.
    #[error("the name leaves its folder with `..`")]
    Parent,
    /// An empty or `.` component, which readers fold differently.
    #[error("the name has an empty or `.` component")]
    Component,
}

/// Checks a member's name. A single `/` at the end, which marks a folder, is kept.
pub(crate) fn check(bytes: &[u8]) -> Result<&str, NameProblem> {
    let name = std::str::from_utf8(bytes).map_err(|_| NameProblem::NotUtf8)?;
    let path = name.strip_suffix('/').unwrap_or(name);
    if path.is_empty() {
        return Err(if name.is_empty() { NameProblem::Empty } else { NameProblem::Absolute });
    }
    if name.contains('\0') {
        return Err(NameProblem::Nul);
    }
    if let Some(control) = name.chars().find(|c| c.is_control()) {
        return Err(NameProblem::Control(u32::from(control)));
    }
    if name.contains('\\') {
        return Err(NameProblem::Backslash);
    }
    if name.starts_with('/') {
        return Err(NameProblem::Absolute);
    }
    if let [letter, b':', ..] = bytes
        && letter.is_ascii_alphabetic()
    {
        return Err(NameProblem::Drive);
    }
    for component in path.split('/') {
        match component {
            ".." => return Err(NameProblem::Parent),
            "" | "." => return Err(NameProblem::Component),
            _ => {}
        }
    }
    Ok(name)
}

/// A name for an error message: lossy, escaped, and cut to a readable length.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut shown: String = text.chars().take(200).flat_map(char::escape_debug).collect();
    if text.chars().nth(200).is_some() {
        shown.push('…');
    }
    shown
}

/// Where `target`, a link written at `link`, points inside the archive; `None` when it leaves it.
pub(crate) fn resolve_link(link: &str, target: &str) -> Option<String> {
    if target.is_empty() || target.starts_with('/') || target.contains(['\\', '\0', ':']) {
        return None;
    }
    let mut parts: Vec<&str> = link.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => {
                parts.pop()?;
            }
            "" | "." => {}
            _ => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_pass() {
        for good in ["a", "a/b.py", "a/", "demo-1.0.dist-info/RECORD", "päckage/x y.py", "a/...", "ab:c"] {
            assert_eq!(check(good.as_bytes()), Ok(good));
        }
    }

    #[test]
    fn everything_readers_disagree_on_is_refused() {
        for (bad, problem) in [
            (&b""[..], NameProblem::Empty),
            (b"/", NameProblem::Absolute),
            (b"/etc/passwd", NameProblem::Absolute),
            (b"../x", NameProblem::Parent),
            (b"a/../x", NameProblem::Parent),
            (b"a/..", NameProblem::Parent),
            (b"a//b", NameProblem::Component),
            (b"./a", NameProblem::Component),
            (b"a//", NameProblem::Component),
            (b"a\\b", NameProblem::Backslash),
            (b"C:x", NameProblem::Drive),
            (b"a\0b", NameProblem::Nul),
            (b"a\nb", NameProblem::Control(10)),
            (b"a\x7f", NameProblem::Control(127)),
            (b"\xff", NameProblem::NotUtf8),
        ] {
            assert_eq!(check(bad), Err(problem), "{}", shown(bad));
        }
    }

    #[test]
    fn links_are_resolved_inside_or_not_at_all() {
        assert_eq!(resolve_link("d/a/l", "../b").as_deref(), Some("d/b"));
        assert_eq!(resolve_link("d/l", "./b/c").as_deref(), Some("d/b/c"));
        for bad in ["/etc", "../../x", "..", "", "a\\b", "C:x"] {
            assert_eq!(resolve_link("d/l", bad), None, "{bad}");
        }
    }

    #[test]
    fn shown_names_are_short_and_printable() {
        assert_eq!(shown(b"a\nb\xff"), "a\\nb\u{fffd}");
        assert_eq!(shown(&[b'x'; 300]).chars().count(), 201);
    }
}
