//! scikit-build-core: the regex provider of `[tool.scikit-build.metadata.version]`.

use super::super::folder::ReadError;
use super::super::location::Location;
use super::pattern::by_pattern;
use super::{Search, backend};

pub(super) fn dynamic(search: &Search<'_>) -> Result<Location, ReadError> {
    let text =
        |key: &'static str| search.pyproject.text(&["tool", "scikit-build", "metadata", "version", key]);
    match (text("provider"), text("input")) {
        (Some("scikit_build_core.metadata.regex"), Some(input)) => {
            let source = "[tool.scikit-build.metadata.version] input";
            by_pattern(search, input, source, text("regex"), "value")
        }
        _ => Ok(backend::after_build(search, "scikit-build-core computes it")),
    }
}
