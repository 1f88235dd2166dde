//! hatch: `[tool.hatch.version]` with a path and a pattern, or the `package.json` of a JavaScript extension.

use super::super::folder::ReadError;
use super::super::location::Location;
use super::super::read::tree::json;
use super::pattern::by_pattern;
use super::{Search, backend};

const TABLE: &str = "[tool.hatch.version]";

pub(super) fn dynamic(search: &Search<'_>) -> Result<Location, ReadError> {
    let text = |key: &'static str| search.pyproject.text(&["tool", "hatch", "version", key]);
    match (text("source").unwrap_or("regex"), text("path")) {
        ("regex", Some(path)) => {
            by_pattern(search, path, &format!("{TABLE} path"), text("pattern"), "version")
        }
        ("code", Some(path)) if text("expression").is_none() => {
            by_pattern(search, path, &format!("{TABLE} path"), None, "version")
        }
        ("nodejs", path) => {
            let path = path.unwrap_or("package.json");
            let found = search.folder.text(path)?.and_then(|text| json(&text, &["version"]));
            Ok(match found {
                Some(found) => Location::read(path, format!("{TABLE} source = \"nodejs\""), &found, true),
                None => backend::after_build(search, format!("hatch reads it from {path}")),
            })
        }
        (source, _) => Ok(backend::after_build(search, format!("hatch computes it (source = \"{source}\")"))),
    }
}
