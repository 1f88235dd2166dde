//! The list of classifiers.

use std::collections::HashMap;
use std::sync::LazyLock;

/// One line per classifier; deprecated ones with what replaces them behind `=>`. The first line is a comment with the
/// version of the list. `cargo xtask lists` writes it.
const LIST: &str = include_str!("../../data/classifiers.txt");

static CLASSIFIERS: LazyLock<HashMap<&str, Option<Vec<&str>>>> = LazyLock::new(|| {
    LIST.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| match line.split_once(" =>") {
            Some((old, new)) => {
                (old, Some(new.split('|').map(str::trim).filter(|n| !n.is_empty()).collect()))
            }
            None => (line, None),
        })
        .collect()
});

/// What a classifier is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Classifier {
    /// It may be used. Those that begin with `Private ::` are on no list: PyPI refuses them on purpose.
    Known,
    /// It was replaced by these, or by nothing.
    Deprecated(&'static [&'static str]),
    /// It is none; the known one that is written almost alike.
    Unknown(Option<&'static str>),
}

pub(crate) fn classifier(name: &str) -> Classifier {
    let table = &*CLASSIFIERS;
    match table.get(name) {
        Some(None) => Classifier::Known,
        Some(Some(new)) => Classifier::Deprecated(new),
        None => {
            let plain = plain(name);
            let mut alike: Vec<&'static str> =
                table.keys().copied().filter(|known| self::plain(known) == plain).collect();
            alike.sort_unstable();
            Classifier::Unknown(alike.first().copied())
        }
    }
}

/// The version of the list, a date.
pub(crate) fn list_version() -> &'static str {
    LIST.lines().next().unwrap_or_default().trim_start_matches("# ")
}

/// The letters and digits, so that blanks, colons and case do not count.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_knows_old_and_new_ones() {
        assert_eq!(classifier("Programming Language :: Python :: 3"), Classifier::Known);
        assert_eq!(
            classifier("Natural Language :: Ukranian"),
            Classifier::Deprecated(&["Natural Language :: Ukrainian"])
        );
        assert_eq!(classifier("License :: OSI Approved :: X.Net License"), Classifier::Deprecated(&[]));
        assert_eq!(
            classifier("programming language::Python ::3"),
            Classifier::Unknown(Some("Programming Language :: Python :: 3"))
        );
        assert_eq!(classifier("Nope :: Nope"), Classifier::Unknown(None));
        assert!(list_version().starts_with("trove-classifiers 20"), "{}", list_version());
    }
}
