//! PDM: `[tool.pdm.version] source = "file"`.

use super::super::folder::ReadError;
use super::super::location::Location;
use super::pattern::by_pattern;
use super::{Search, backend};

pub(super) fn dynamic(search: &Search<'_>) -> Result<Location, ReadError> {
    let text = |key: &'static str| search.pyproject.text(&["tool", "pdm", "version", key]);
    match (text("source"), text("path")) {
        (Some("file"), Some(path)) => {
            by_pattern(search, path, "[tool.pdm.version] path", text("pattern"), "version")
        }
        (source, _) => {
            let source = source.unwrap_or("none");
            Ok(backend::after_build(search, format!("PDM computes it (source = \"{source}\")")))
        }
    }
}
