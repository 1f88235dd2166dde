//! The Integrity API: where a file came from (PEP 740).

use serde_json::json;

use crate::answer::{self, Response};
use crate::text::accept;
use crate::world::IndexState;

const JSON: &str = "application/vnd.pypi.integrity.v1+json";

/// The provenance of a file, with the view's own answers where there is none.
pub(super) fn provenance(
    state: &IndexState,
    accepted: Option<&str>,
    project: &str,
    version: &str,
    filename: &str,
) -> Response {
    let mut files = state.project(project).into_iter().flat_map(|project| project.files());
    let found = files.find(|(release, file)| release.text == version && file.filename == filename);
    let Some((_, file)) = found else { return answer::text_not_found() };
    // Nothing acceptable counts as JSON, but a page for people is refused.
    if accept::best(accepted, &[JSON, "application/json", "text/html"]) == Some("text/html") {
        return answer::json(406, &json!({"message": "Request not acceptable"}));
    }
    if state.switches.attestations_disabled {
        return answer::json(403, &json!({"message": "Attestations temporarily disabled"}));
    }
    match &file.provenance {
        Some(provenance) => answer::bytes(200, JSON, provenance.to_string()),
        None => {
            let message = format!("No provenance available for {filename}");
            answer::json(404, &json!({"message": message}))
        }
    }
}
