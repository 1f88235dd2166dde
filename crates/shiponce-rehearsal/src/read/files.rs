//! Distribution files, their metadata, and the project page.

use http::header::{CACHE_CONTROL, ETAG};

use crate::answer::{self, Response};
use crate::text::html;
use crate::world::{IndexState, ProjectStatus};

/// A file by its digest and name, or the metadata of a wheel beside it (PEP 658). Files of a quarantined
/// project are still served: the file store knows nothing of projects.
pub(super) fn file(state: &IndexState, blake2: &str, filename: &str, metadata: bool) -> Response {
    let found = state.file_named(filename).filter(|f| f.blake2 == blake2);
    let body = match found {
        Some(file) if metadata => file.metadata.clone(),
        Some(file) => Some(file.content.clone()),
        None => None,
    };
    let Some(body) = body else { return answer::text_not_found() };
    let mut response = answer::bytes(200, "binary/octet-stream", body);
    answer::header(&mut response, CACHE_CONTROL, "max-age=365000000, immutable, public");
    answer::header(&mut response, ETAG, &format!("\"{blake2}\""));
    response
}

/// The page for people, only as far as its existence goes.
pub(super) fn project_page(state: &IndexState, name: &str) -> Response {
    let shown =
        state.project(name).filter(|p| p.status != ProjectStatus::Quarantined && !p.releases.is_empty());
    match shown {
        Some(project) => {
            let page = format!("<!DOCTYPE html>\n<title>{0}</title>\n<h1>{0}</h1>\n", html(&project.name));
            answer::bytes(200, "text/html; charset=UTF-8", page)
        }
        None => answer::text_not_found(),
    }
}
