//! What can be imported once a wheel is installed.

use super::Wheel;
use std::collections::BTreeSet;

/// Folders that projects ship by accident or for their own tests; importing them proves nothing.
const NOT_THE_PRODUCT: [&str; 8] =
    ["tests", "test", "testing", "docs", "doc", "examples", "benchmarks", "scripts"];

pub(super) fn candidates(wheel: &Wheel) -> Vec<String> {
    let declared: Vec<String> = wheel
        .metadata
        .get_all("Import-Name")
        .filter_map(|value| match value.split_once(';') {
            Some(_private) => None,
            None => Some(value.trim().to_owned()),
        })
        .filter(|name| is_dotted_name(name))
        .collect();
    let mut found = if declared.is_empty() { from_archive(wheel) } else { declared };
    if found.is_empty() {
        found = wheel.top_level.iter().filter(|name| is_dotted_name(name)).cloned().collect();
    }
    let project = wheel.filename.project.for_filename();
    found.sort_by_key(|name| (name.to_ascii_lowercase().replace('.', "_") != project, name.clone()));
    found.dedup();
    found
}

/// Top-level modules, packages, and for namespaces the first packages and modules inside.
fn from_archive(wheel: &Wheel) -> Vec<String> {
    let data = wheel.dist_info.trim_end_matches(".dist-info").to_owned() + ".data/";
    let files: Vec<&str> = wheel
        .entries
        .iter()
        .map(|entry| entry.name.as_str())
        .filter_map(|name| match name.strip_prefix(&data) {
            Some(rest) => rest.strip_prefix("purelib/").or_else(|| rest.strip_prefix("platlib/")),
            None => Some(name),
        })
        .collect();
    let packages: BTreeSet<&str> =
        files.iter().filter_map(|file| file.strip_suffix("/__init__.py")).collect();
    let mut modules = BTreeSet::new();
    for file in &files {
        if let Some(module) = importable(file, &packages) {
            modules.insert(module);
        }
    }
    let product = |name: &&String| {
        let top = name.split('.').next().unwrap_or_default();
        !NOT_THE_PRODUCT.contains(&top) && !top.starts_with('_')
    };
    let chosen: Vec<String> = modules.iter().filter(product).cloned().collect();
    if chosen.is_empty() { modules.into_iter().collect() } else { chosen }
}

/// The outermost regular package around `file`, or the module that `file` is.
fn importable(file: &str, packages: &BTreeSet<&str>) -> Option<String> {
    let (folder, last) = file.rsplit_once('/').unwrap_or(("", file));
    let ends: Vec<usize> = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]).collect();
    let outermost = ends.into_iter().map(|end| &folder[..end]).find(|outer| packages.contains(outer));
    let dotted = match outermost {
        Some(package) => package.replace('/', "."),
        None => {
            let module = module_name(last)?;
            if folder.is_empty() {
                module.to_owned()
            } else {
                format!("{}.{module}", folder.replace('/', "."))
            }
        }
    };
    is_dotted_name(&dotted).then_some(dotted)
}

/// The module that a file of this name is: source, or an extension with or without an ABI tag.
fn module_name(file: &str) -> Option<&str> {
    let (module, rest) = file.split_once('.')?;
    let extension = rest.rsplit('.').next().unwrap_or_default();
    let is_module = rest == "py" || matches!(extension, "so" | "pyd");
    (is_module && !module.starts_with("__")).then_some(module)
}

fn is_dotted_name(name: &str) -> bool {
    let identifier = |part: &str| {
        let mut chars = part.chars();
        chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
            && chars.all(|c| c == '_' || c.is_alphanumeric())
    };
    name.split('.').all(identifier)
}
