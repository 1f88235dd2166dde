//! Addresses of the upload service.

use http::Method;

use super::content::wheel;
use super::form::{Form, basic};
use super::{Case, Subject, bare, case};

pub(super) fn cases(subject: &Subject) -> Vec<Case> {
    let Subject { upload_root, project, version, token, .. } = subject;
    let at = |path: &str| format!("{upload_root}{path}");
    let name = format!("{project}-{version}-py3-none-any.whl");
    let form = Form::of(project, version, &name, &wheel(project, version, "first"));
    let me = basic("__token__", token);
    vec![
        case(
            "R1",
            "an upload without the slash",
            form.post_to(&at("legacy"), &me),
            308,
            "An upload was attempted to /legacy but the expected upload URL is /legacy/ (with a trailing slash)",
        ),
        case("R2", "reading the upload address", bare(Method::GET, &at("legacy/"), &[]), 404, ""),
        case(
            "R3",
            "registering",
            form.clone().set(":action", "submit").post(subject),
            410,
            "Project pre-registration is no longer required or supported, upload your files instead.",
        ),
        case("R4", "no action", form.without(":action").post(subject), 404, ""),
        case("R6", "an address below", bare(Method::GET, &at("legacy/x"), &[]), 404, ""),
    ]
}
