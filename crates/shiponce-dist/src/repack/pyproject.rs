//! What an sdist's `pyproject.toml` states about version and description, and the same text with another version.

use serde::Deserialize;
use serde::de::IgnoredAny;
use shiponce_core::Version;
use toml::Spanned;

#[derive(Debug, Deserialize)]
struct Document {
    project: Option<Project>,
    tool: Option<Tool>,
}

#[derive(Debug, Deserialize)]
struct Project {
    version: Option<Spanned<String>>,
    readme: Option<ReadmeValue>,
}

#[derive(Debug, Deserialize)]
struct Tool {
    poetry: Option<Poetry>,
}

/// Poetry before 2.0 states both in its own table.
#[derive(Debug, Deserialize)]
struct Poetry {
    version: Option<Spanned<String>>,
    readme: Option<ReadmeValue>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum ReadmeValue {
    File(String),
    Table {
        file: String,
        #[serde(rename = "content-type")]
        content_type: Option<String>,
    },
    /// An inline text, or several files.
    Other(IgnoredAny),
}

/// The file that holds the long description.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Readme {
    pub(super) file: String,
    pub(super) content_type: Option<String>,
}

/// The text with `new` wherever it states `old`; `None` when it states no version, or another one.
pub(super) fn with_version(text: &str, old: &Version, new: &Version) -> Option<String> {
    let document: Document = toml::from_str(text).ok()?;
    let project = document.project.and_then(|project| project.version);
    let poetry = document.tool.and_then(|tool| tool.poetry).and_then(|poetry| poetry.version);
    let mut places: Vec<Spanned<String>> = [project, poetry].into_iter().flatten().collect();
    let stated = |place: &Spanned<String>| place.get_ref().parse().as_ref() == Ok(old);
    if places.is_empty() || !places.iter().all(stated) {
        return None;
    }
    places.sort_by_key(|place| std::cmp::Reverse(place.span().start));
    let mut changed = text.to_owned();
    for place in places {
        changed.replace_range(place.span(), &format!("\"{new}\""));
    }
    Some(changed)
}

/// The readme that it names; `None` for none, an inline text, several files, or one that the build computes.
pub(super) fn readme(text: &str) -> Option<Readme> {
    let document: Document = toml::from_str(text).ok()?;
    let project = document.project.and_then(|project| project.readme);
    let poetry = || document.tool.and_then(|tool| tool.poetry).and_then(|poetry| poetry.readme);
    match project.or_else(poetry)? {
        ReadmeValue::File(file) => Some(Readme { file, content_type: None }),
        ReadmeValue::Table { file, content_type } => Some(Readme { file, content_type }),
        ReadmeValue::Other(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str) -> Option<String> {
        with_version(text, &"1.0".parse().unwrap(), &"1.0.post1".parse().unwrap())
    }

    #[test]
    fn every_stated_version_is_changed_and_nothing_else() {
        assert_eq!(
            changed("# version = \"1.0\"\n[project]\nname='x'\nversion = '1.0.0' # here\n[tool.poetry]\nversion=\"1.0\"\n"),
            Some("# version = \"1.0\"\n[project]\nname='x'\nversion = \"1.0.post1\" # here\n[tool.poetry]\nversion=\"1.0.post1\"\n".to_owned())
        );
        assert_eq!(
            changed("tool.poetry = {version = \"1.0\"}"),
            Some("tool.poetry = {version = \"1.0.post1\"}".to_owned())
        );
    }

    #[test]
    fn a_version_that_is_not_stated_cannot_be_changed() {
        for text in [
            "",
            "[project]\nname = 'x'\ndynamic = ['version']\n",
            "[project]\nversion = '2.0'\n",
            "[project]\nversion = '1.0'\n[tool.poetry]\nversion = '2.0'\n",
            "[project]\nversion = 1.0\n",
            "not toml [",
        ] {
            assert_eq!(changed(text), None, "{text}");
        }
    }

    #[test]
    fn a_readme_is_a_file_or_none() {
        let file = |file: &str, content_type: Option<&str>| {
            Some(Readme { file: file.to_owned(), content_type: content_type.map(ToOwned::to_owned) })
        };
        assert_eq!(readme("[project]\nreadme = 'README.md'"), file("README.md", None));
        assert_eq!(
            readme("[project]\nreadme = {file = 'R', content-type = 'text/markdown'}"),
            file("R", Some("text/markdown"))
        );
        assert_eq!(readme("[tool.poetry]\nreadme = 'README.rst'"), file("README.rst", None));
        for none in [
            "[project]\nreadme = {text = 'x', content-type = 'text/plain'}",
            "[tool.poetry]\nreadme = ['a', 'b']",
            "[project]\ndynamic = ['readme']",
        ] {
            assert_eq!(readme(none), None, "{none}");
        }
    }
}
