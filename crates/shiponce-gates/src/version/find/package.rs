//! `__version__` of the project's package, wherever packages usually state it.

use super::super::folder::{ReadError, join};
use super::super::location::{Location, Reading};
use super::super::read::python::assignment;
use super::{Search, module, normal, scm};

/// The modules of a package that state a version, and the names they use for it.
const MODULES: &[(&str, &[&str])] = &[
    ("__init__.py", &["__version__", "VERSION"]),
    ("_version.py", &["__version__", "VERSION", "version"]),
    ("__version__.py", &["__version__", "VERSION", "version"]),
    ("version.py", &["__version__", "VERSION", "version"]),
    ("__about__.py", &["__version__", "VERSION"]),
    ("_about.py", &["__version__", "VERSION"]),
    ("about.py", &["__version__", "VERSION"]),
];

/// Adds the versions that the package's own modules state as literals.
pub(super) fn add(search: &Search<'_>, found: &mut Vec<Location>) -> Result<(), ReadError> {
    // Its substitutions put the version of the tag into these files during the build.
    if scm::is_poetry_placeholder(search) {
        return Ok(());
    }
    let written = scm::written(search);
    for package in packages(search) {
        let modules = if package.ends_with(".py") {
            vec![(package, MODULES[0].1)]
        } else {
            MODULES.iter().map(|(name, names)| (join(&package, name), *names)).collect()
        };
        for (file, names) in modules {
            if !written.iter().any(|path| path == &file) {
                found.extend(stated(search, &file, names)?);
            }
        }
    }
    Ok(())
}

fn stated(search: &Search<'_>, file: &str, names: &[&str]) -> Result<Option<Location>, ReadError> {
    let Some(text) = search.folder.text(file)? else { return Ok(None) };
    if is_generated(&text) {
        return Ok(None);
    }
    for name in names {
        if let Some(literal) = assignment(&text, name).and_then(|assigned| assigned.literal()) {
            let location = Location::read(file, *name, &literal, false);
            // `version = "draft-7"` is some other version; `__version__ = "draft-7"` is ours and wrong.
            let foreign = matches!(location.reading, Reading::NotAVersion(_)) && *name != "__version__";
            return Ok((!foreign).then_some(location));
        }
    }
    Ok(None)
}

/// Files that a tool writes during a build say so at their top.
fn is_generated(text: &str) -> bool {
    let mut comments = text.lines().take(8).filter(|line| line.trim_start().starts_with('#'));
    comments.any(|line| {
        let line = line.to_ascii_lowercase();
        line.contains("generated") || line.contains("don't change") || line.contains("do not edit")
    })
}

/// The packages and modules of the project: those that its tables name, else the one named like the project, else
/// the only one below `src`.
fn packages(search: &Search<'_>) -> Vec<String> {
    let pyproject = search.pyproject;
    let hatch = pyproject.texts(&["tool", "hatch", "build", "targets", "wheel", "packages"]);
    let mut packages: Vec<String> = hatch.into_iter().map(|path| join(path, "")).collect();
    let names = [
        pyproject.text(&["tool", "flit", "module", "name"]),
        pyproject.text(&["tool", "maturin", "module-name"]),
        pyproject.text(&["tool", "uv", "build-backend", "module-name"]),
    ];
    packages.extend(names.into_iter().flatten().filter_map(|name| package_of(search, name)));
    if packages.is_empty() {
        packages.extend(search.name().and_then(|name| named_like(search, &name)));
    }
    if packages.is_empty() {
        packages.extend(only_one(search));
    }
    packages.iter().map(|path| path.trim_end_matches('/').to_owned()).collect()
}

/// The folder of a package, or the file of a module.
fn package_of(search: &Search<'_>, module: &str) -> Option<String> {
    let file = module::file_of(search, module)?;
    Some(file.strip_suffix("/__init__.py").map_or_else(|| file.clone(), ToOwned::to_owned))
}

fn named_like(search: &Search<'_>, name: &str) -> Option<String> {
    let wanted = normal(name);
    for folder in module::source_folders(search) {
        let names = search.folder.names(&folder);
        let like = |text: &str| normal(text) == wanted;
        let package = names.iter().find(|entry| {
            like(entry) && search.folder.is_file(&join(&folder, &format!("{entry}/__init__.py")))
        });
        let module = || names.iter().find(|entry| entry.strip_suffix(".py").is_some_and(like));
        if let Some(entry) = package.or_else(module) {
            return Some(join(&folder, entry));
        }
    }
    // `company-tool` as `company/tool`, a package in a namespace.
    package_of(search, &wanted.replace('-', ".")).filter(|_| wanted.contains('-'))
}

fn only_one(search: &Search<'_>) -> Option<String> {
    let is_package = |entry: &String| search.folder.is_file(&format!("src/{entry}/__init__.py"));
    let packages: Vec<String> = search.folder.names("src").into_iter().filter(is_package).collect();
    match packages.as_slice() {
        [one] => Some(format!("src/{one}")),
        _ => None,
    }
}
