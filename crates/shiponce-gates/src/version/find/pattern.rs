//! Versions found by a regular expression, as hatch, PDM and scikit-build-core look for them.

use regex::Regex;

use super::super::folder::ReadError;
use super::super::location::{Location, Reading};
use super::super::read::{Found, line_at};
use super::{Search, module};

/// The version in a file, by the user's expression, or by the assignment every backend looks for by default.
pub(super) fn by_pattern(
    search: &Search<'_>,
    file: &str,
    source: &str,
    pattern: Option<&str>,
    group: &str,
) -> Result<Location, ReadError> {
    let after_build =
        |why: &str| Ok(Location::other(file, None, source, Reading::AfterBuild(why.to_owned())));
    let Some(text) = search.folder.text(file)? else {
        return after_build("the file is not there before the build");
    };
    let Some(pattern) = pattern else { return by_default(search, file, source) };
    // Look-around and back-references, which Python has and a linear-time engine has not, are left to the build.
    let Ok(regex) = Regex::new(&format!("(?m){pattern}")) else {
        return after_build("its pattern is read by the build only");
    };
    Ok(match regex.captures(&text).and_then(|captures| captures.name(group)) {
        Some(version) => {
            let found = Found { text: version.as_str().to_owned(), line: line_at(&text, version.start()) };
            Location::read(file, source, &found, true)
        }
        None => return after_build("its pattern finds nothing before the build"),
    })
}

/// `__version__ = "…"`, else `VERSION = "…"`.
fn by_default(search: &Search<'_>, file: &str, source: &str) -> Result<Location, ReadError> {
    let dunder = module::variable(search, file, "__version__", source)?;
    if dunder.text().is_some() {
        return Ok(dunder);
    }
    let upper = module::variable(search, file, "VERSION", source)?;
    Ok(if upper.text().is_some() { upper } else { dunder })
}
