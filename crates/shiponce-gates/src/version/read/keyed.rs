//! Files of lines: properties (`key=value`) and the top level of YAML (`key: value`).

use super::Found;

/// The value of a key in a file of `key=value` lines. `#` and `!` begin a comment.
pub(crate) fn property(text: &str, key: &str) -> Option<Found> {
    (1_u32..).zip(text.lines()).find_map(|(line, content)| {
        let content = content.trim();
        if content.starts_with(['#', '!']) {
            return None;
        }
        let (name, value) = content.split_once(['=', ':'])?;
        (name.trim() == key).then(|| Found { text: unquoted(value), line })
    })
}

/// The value of a key at the top level of a YAML file, when it is a plain or quoted scalar on the key's line.
pub(crate) fn yaml(text: &str, key: &str) -> Option<Found> {
    (1_u32..).zip(text.lines()).find_map(|(line, content)| {
        let value = content.strip_prefix(key)?.trim_start().strip_prefix(':')?;
        if !value.is_empty() && !value.starts_with([' ', '\t']) {
            return None;
        }
        let text = match value.split_once(" #") {
            Some((value, _comment)) => unquoted(value),
            None => unquoted(value),
        };
        (!text.is_empty()).then_some(Found { text, line })
    })
}

fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inner = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.unwrap_or(value).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let read = |found: Option<Found>| found.map(|found| (found.text, found.line));
        let sonar = "# sonar.projectVersion=9\nsonar.projectKey=x\n sonar.projectVersion = 1.0 \n";
        assert_eq!(read(property(sonar, "sonar.projectVersion")), Some(("1.0".to_owned(), 3)));
        assert_eq!(read(property(sonar, "projectVersion")), None);
        let cff = "cff-version: 1.2.0\nreferences:\n  - version: 7.0\nversion: \"1.0\" # ours\n";
        assert_eq!(read(yaml(cff, "version")), Some(("1.0".to_owned(), 4)));
        assert_eq!(read(yaml("version:1.0\nversions: 2\nversion:\n", "version")), None);
    }
}
