//! What a member states about itself: its name, and what it needs.

use std::path::Path;

use shiponce_core::PackageName;
use shiponce_core::workspace::Needs;

use super::Member;
use crate::error::ConfigError;
use crate::inputs::NameOf;
use crate::place::{At, Text};
use crate::project::read_optional;
use crate::raw::Raw;
use crate::reader::{Table, parse};
use crate::source::{Source, Sourced};

/// Reads a member. `None`: the folder states no name that can be read without building it.
///
/// What is needed to test or develop it (PEP 735 groups) is nothing that a release waits for.
pub(crate) fn read_member(
    root: &Path,
    folder: &str,
    name_of: Option<NameOf>,
) -> Result<Option<Member>, ConfigError> {
    let dir = if folder == "." { root.to_owned() } else { root.join(folder) };
    let within = |file: &str| if folder == "." { file.to_owned() } else { format!("{folder}/{file}") };
    let mut name = None;
    let mut package = None;
    let mut needs = Needs::default();
    if let Some(content) = read_optional(&dir.join("pyproject.toml"))? {
        let text = Text { name: within("pyproject.toml"), content };
        let document = parse(&text)?;
        let top = Table::root(&text, &document);
        if let Some(project) = top.table("project")? {
            name = project.string("name")?;
            needs.required.extend(requirements(&project, "dependencies"));
            if let Some(extras) = project.table("optional-dependencies")? {
                needs.optional.extend(extras.every_text().iter().filter_map(|text| required_name(text)));
            }
        }
        if let Some(build) = top.table("build-system")? {
            needs.required.extend(requirements(&build, "requires"));
        }
        let tool = top.table("tool")?.map(|tool| tool.table("shiponce")).transpose()?.flatten();
        package = tool.map(|table| Raw::read(table.into_root())).transpose()?.and_then(|raw| raw.package);
    }
    if let Some(content) = read_optional(&dir.join("shiponce.toml"))? {
        let text = Text { name: within("shiponce.toml"), content };
        let document = parse(&text)?;
        package = Raw::read(Table::root(&text, &document))?.package;
    }
    // `package` counts above [project], as it does in a release.
    let stated = package.or(name);
    let Some(name) = (match &stated {
        Some(name) => Some(named(name)?),
        None => name_of
            .and_then(|read| read(&dir))
            .and_then(|(name, file)| Some(Sourced::new(name.parse().ok()?, Source::Fallback(within(file))))),
    }) else {
        return Ok(None);
    };
    Ok(Some(Member { folder: folder.to_owned(), root: dir, name, needs }))
}

fn named(text: &At<String>) -> Result<Sourced<PackageName>, ConfigError> {
    let name = text.value.parse().map_err(|error: shiponce_core::names::NameError| {
        crate::resolve::invalid("name", text, format!("is wrong: {error}"))
    })?;
    Ok(Sourced::new(name, Source::from(&text.at)))
}

fn requirements(table: &Table<'_>, key: &'static str) -> Vec<PackageName> {
    table.masked_strings(key).iter().filter_map(|text| required_name(text)).collect()
}

/// The name at the beginning of a requirement (PEP 508): `demo[extra]>=1 ; marker`, `demo @ https://…`. A marker is
/// not asked: what is needed somewhere has to be out before it is needed.
fn required_name(requirement: &str) -> Option<PackageName> {
    let requirement = requirement.trim_start();
    let end = requirement.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
    requirement[..end.unwrap_or(requirement.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::required_name;

    #[test]
    fn names_of_requirements() {
        for (text, name) in [
            ("demo", "demo"),
            (" Demo_Core[all]>=1.0,<2 ; python_version < \"3.12\"", "demo-core"),
            ("demo@file:///x", "demo"),
            ("demo (>=1)", "demo"),
            ("demo~=1.0", "demo"),
        ] {
            assert_eq!(required_name(text).unwrap().normalized(), name);
        }
        assert_eq!(
            required_name("https://files.example/demo.whl").map(|name| name.to_string()),
            Some("https".into())
        );
        assert!(required_name("").is_none() && required_name("==1.0").is_none());
    }
}
