//! `entry_points.txt`: an INI file whose script names become files in `bin`.

/// One line of `entry_points.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPoint {
    /// The section, such as `console_scripts`.
    pub group: String,
    /// The name.
    pub name: String,
    /// The object it points at, `package.module:function`.
    pub object: String,
    /// The line, from 1.
    pub line: usize,
}

/// A line that is neither a section, a comment nor `name = object`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of entry_points.txt is neither `[group]` nor `name = object`: `{text}`")]
pub struct EntryPointsError {
    /// The line, from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
}

/// Parses the text of `entry_points.txt`.
///
/// # Errors
/// [`EntryPointsError`] for the first line that is none.
pub fn parse(text: &str) -> Result<Vec<EntryPoint>, EntryPointsError> {
    let mut points = Vec::new();
    let mut group: Option<String> = None;
    for (index, raw) in text.lines().enumerate() {
        let line = index + 1;
        let trimmed = raw.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let wrong = || EntryPointsError { line, text: trimmed.to_owned() };
        if let Some(inner) = trimmed.strip_prefix('[') {
            group = Some(inner.strip_suffix(']').ok_or_else(wrong)?.trim().to_owned());
            continue;
        }
        let (name, object) = trimmed.split_once('=').ok_or_else(wrong)?;
        points.push(EntryPoint {
            group: group.clone().ok_or_else(wrong)?,
            name: name.trim().to_owned(),
            object: object.trim().to_owned(),
            line,
        });
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_groups_and_names() {
        let points =
            parse("# made by hand\n[console_scripts]\nhello = demo.cli:main\n\n[x.y]\na=b [extra]\n")
                .unwrap();
        let shown: Vec<_> = points.iter().map(|p| format!("{} {} {}", p.group, p.name, p.object)).collect();
        assert_eq!(shown, ["console_scripts hello demo.cli:main", "x.y a b [extra]"]);
        assert_eq!(points[1].line, 6);
    }

    #[test]
    fn refuses_other_lines() {
        assert_eq!(parse("a = b").unwrap_err().line, 1);
        assert_eq!(parse("[g]\nnothing").unwrap_err().line, 2);
        assert_eq!(parse("[g").unwrap_err().text, "[g");
    }
}
