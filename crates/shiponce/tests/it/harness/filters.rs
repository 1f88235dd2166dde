//! What differs between two runs of a test, taken out of texts.

use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

static FILTERS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        (r"\b[0-9a-f]{64}\b", "[sha256]"),
        (r"\b[0-9a-f]{40}\b", "[commit]"),
        (r"\b(commit|clone of|HEAD is|HEAD \() ?[0-9a-f]{7,12}\b", "$1 [short]"),
        (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "[uuid]"),
        (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?Z| UTC|\+00:00)?", "[time]"),
        (r"\bPython 3\.\d+\.\d+\b", "Python [version]"),
    ]
    .map(|(pattern, by)| (Regex::new(pattern).unwrap(), by))
    .into()
});

/// A text without folders, ports, digests, ids, times and interpreter versions.
pub(crate) fn tidy(text: &str, folder: &Path) -> String {
    let mut text = text.replace(&folder.display().to_string(), "[folder]");
    for (pattern, by) in FILTERS.iter() {
        text = pattern.replace_all(&text, *by).into_owned();
    }
    text
}
