//! Files beside the package that state its version for other tools.

use super::super::folder::ReadError;
use super::super::location::Location;
use super::super::read::keyed::{property, yaml};
use super::Search;

/// Adds `sonar-project.properties` and `CITATION.cff`.
pub(super) fn add(search: &Search<'_>, found: &mut Vec<Location>) -> Result<(), ReadError> {
    if let Some(text) = search.folder.text("sonar-project.properties")?
        && let Some(version) = property(&text, "sonar.projectVersion")
    {
        found.push(Location::read("sonar-project.properties", "sonar.projectVersion", &version, false));
    }
    if let Some(text) = search.folder.text("CITATION.cff")?
        && let Some(version) = yaml(&text, "version")
    {
        found.push(Location::read("CITATION.cff", "version", &version, false));
    }
    Ok(())
}
