//! Trusted publishing, as far as nonsense gets: no identity token is sent.

use bytes::Bytes;
use http::Method;

use super::{Case, Subject, case, get, with_body};

pub(super) fn cases(subject: &Subject) -> Vec<Case> {
    let root = format!("{}_/oidc/", subject.upload_root);
    let mint = |body: &'static str| {
        let headers = [("content-type", "application/json")];
        with_body(Method::POST, &format!("{root}mint-token"), &headers, Bytes::from_static(body.as_bytes()))
    };
    let refused = |said: &str| format!("\"code\":<PyPI>\"invalid-payload\"<PyPI>{said}");
    let malformed = "malformed JWT";
    vec![
        case("O1", "the audience", get(&format!("{root}audience")), 200, "\"audience\":"),
        case("O2", "an empty exchange", mint(""), 422, &refused("Invalid JSON")),
        case("O3", "an exchange of nothing", mint("{}"), 422, &refused("Field required")),
        case(
            "O4",
            "an exchange of a number",
            mint("{\"token\": 1}"),
            422,
            &refused("Input should be a valid string"),
        ),
        case("O5", "an exchange of no JWT", mint("{\"token\": \"x\"}"), 422, &refused(malformed)),
        case("O6", "reading the exchange", get(&format!("{root}mint-token")), 405, ""),
    ]
}
