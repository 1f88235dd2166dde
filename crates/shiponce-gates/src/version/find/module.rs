//! Python modules: from a dotted name to a file, and the version a module states.

use super::super::folder::{ReadError, join};
use super::super::location::{Location, Reading};
use super::super::read::python::{Value, assignment};
use super::Search;

/// The folders that packages lie in: the project itself, or one below it.
pub(super) fn source_folders(search: &Search<'_>) -> Vec<String> {
    let mut folders = Vec::new();
    let stated = [
        search.pyproject.text(&["tool", "setuptools", "package-dir", ""]),
        search.pyproject.text(&["tool", "maturin", "python-source"]),
        search.pyproject.text(&["tool", "pdm", "build", "package-dir"]),
        search.pyproject.text(&["tool", "uv", "build-backend", "module-root"]),
    ];
    folders.extend(stated.into_iter().flatten().map(ToOwned::to_owned));
    let cfg = search.setup_cfg.as_deref();
    if let Some(mapping) = cfg.and_then(|text| super::super::read::ini::value(text, "options", "package_dir"))
    {
        let all = mapping.text.lines().filter_map(|line| line.trim().strip_prefix('='));
        folders.extend(all.map(|folder| folder.trim().to_owned()));
    }
    folders.extend(["src", "", "python", "lib"].map(ToOwned::to_owned));
    let mut seen = std::collections::BTreeSet::new();
    folders.retain(|folder| seen.insert(folder.clone()));
    folders
}

/// The file of a module: `a.b` is `a/b.py` or `a/b/__init__.py` in the first source folder that has it.
pub(super) fn file_of(search: &Search<'_>, module: &str) -> Option<String> {
    let is_module = module
        .split('.')
        .all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_'));
    if !is_module {
        return None;
    }
    let path = module.replace('.', "/");
    let (first, rest) = path.split_once('/').unwrap_or((&path, ""));
    // `package-dir = { pkg = "lib/pkg" }` gives one package a folder of its own.
    let own = search.pyproject.text(&["tool", "setuptools", "package-dir", first]);
    let own = own.map(|folder| if rest.is_empty() { folder.to_owned() } else { join(folder, rest) });
    let usual = source_folders(search).into_iter().map(|folder| join(&folder, &path));
    own.into_iter()
        .chain(usual)
        .flat_map(|base| [format!("{base}.py"), format!("{base}/__init__.py")])
        .find(|file| search.folder.is_file(file))
}

/// What the top level of a module assigns to a name, as a place of the version.
pub(super) fn variable(
    search: &Search<'_>,
    file: &str,
    name: &str,
    source: &str,
) -> Result<Location, ReadError> {
    let computed = |line: Option<u32>, why: &str| {
        Location::other(file, line, source, Reading::AfterBuild(format!("{name} {why}")))
    };
    let Some(text) = search.folder.text(file)? else {
        let why = Reading::AfterBuild("the file is not there before the build".to_owned());
        return Ok(Location::other(file, None, source, why));
    };
    Ok(match assignment(&text, name) {
        None => computed(None, "is not assigned at the top level"),
        Some(assigned) => match assigned.literal() {
            Some(found) => Location::read(file, source, &found, true),
            None => match assigned.value {
                // `VERSION = "1.0"` and `__version__ = VERSION` in one module.
                Value::Name(other) => match assignment(&text, &other).and_then(|other| other.literal()) {
                    Some(found) => Location::read(file, source, &found, true),
                    None => computed(Some(assigned.line), "is computed"),
                },
                Value::Literal(_) | Value::Computed => computed(Some(assigned.line), "is computed"),
            },
        },
    })
}
