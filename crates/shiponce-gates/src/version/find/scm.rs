//! Tools that take the version from the tag: with them there is nothing to compare but the tag itself.

use super::super::location::{Location, Reading};
use super::Search;

/// A tool by the table that switches it on, and the build requirement that does so on its own.
const TOOLS: &[(&[&str], &str)] = &[
    (&["tool", "setuptools_scm"], "setuptools-scm"),
    (&["tool", "setuptools-git-versioning"], "setuptools-git-versioning"),
    (&["tool", "versioningit"], "versioningit"),
    (&["tool", "versioneer"], "versioneer"),
];

/// The table of the tool that computes the version from the tag, if one does.
pub(super) fn tool(search: &Search<'_>) -> Option<&'static [&'static str]> {
    const DYNAMIC: &[&str] = &["project", "dynamic"];
    if is_poetry_placeholder(search) {
        return Some(&["tool", "poetry-dynamic-versioning"]);
    }
    let by_hatch = matches!(
        search.pyproject.text(&["tool", "hatch", "version", "source"]),
        Some("vcs" | "uv-dynamic-versioning" | "versioningit")
    );
    if by_hatch {
        return Some(&["tool", "hatch", "version", "source"]);
    }
    if search.pyproject.text(&["tool", "pdm", "version", "source"]) == Some("scm") {
        return Some(&["tool", "pdm", "version", "source"]);
    }
    let provider = ["tool", "scikit-build", "metadata", "version", "provider"];
    if search.pyproject.text(&provider).is_some_and(|name| name.ends_with("setuptools_scm")) {
        return Some(&["tool", "scikit-build", "metadata", "version", "provider"]);
    }
    let setuptools = search.backend().starts_with("setuptools")
        && !search.pyproject.has(&["tool", "setuptools", "dynamic", "version"]);
    let tool = TOOLS.iter().find(|(table, _)| setuptools && search.pyproject.has(table));
    let required = || TOOLS.iter().any(|(_, name)| setuptools && search.requires(name));
    tool.map(|(table, _)| *table).or_else(|| required().then_some(DYNAMIC))
}

/// poetry-dynamic-versioning writes the version into its placeholders while it builds.
pub(super) fn is_poetry_placeholder(search: &Search<'_>) -> bool {
    search.pyproject.flag(&["tool", "poetry-dynamic-versioning", "enable"])
}

/// The place that says so.
pub(super) fn location(search: &Search<'_>, path: &[&str]) -> Location {
    let line = search.pyproject.line(path);
    let name = match path {
        ["project", ..] => "[project] dynamic".to_owned(),
        [tables @ .., "source" | "provider"] => format!("[{}]", tables.join(".")),
        tables => format!("[{}]", tables.join(".")),
    };
    Location::other("pyproject.toml", line, name, Reading::FromTag)
}

/// Files that such a tool writes: what stands in them is of the last build.
pub(super) fn written(search: &Search<'_>) -> Vec<String> {
    const PATHS: &[&[&str]] = &[
        &["tool", "setuptools_scm", "version_file"],
        &["tool", "setuptools_scm", "write_to"],
        &["tool", "hatch", "build", "hooks", "vcs", "version-file"],
        &["tool", "pdm", "version", "write_to"],
        &["tool", "versioneer", "versionfile_source"],
        &["tool", "versioningit", "write", "file"],
    ];
    PATHS.iter().filter_map(|path| search.pyproject.text(path)).map(ToOwned::to_owned).collect()
}
