//! Reading what was uploaded. A cache in front of an index may lag; these ask for what does not change.

use http::Method;

use super::{Case, Subject, bare, case, get};

const JSON: &str = "application/vnd.pypi.simple.v1+json";

pub(super) fn cases(subject: &Subject) -> Vec<Case> {
    let Subject { read_root, project, version, .. } = subject;
    let at = |path: &str| get(&format!("{read_root}{path}"));
    let upper = project.to_uppercase();
    let simple = format!("{read_root}simple/{project}/");
    let nobody = format!("{project}-that-nobody-has");
    let name = format!("{project}-{version}-py3-none-any.whl");
    vec![
        case("J1", "the project as JSON", at(&format!("pypi/{project}/json")), 200, "\"last_serial\""),
        case("J2", "the release as JSON", at(&format!("pypi/{project}/{version}/json")), 200, &name),
        case(
            "J3",
            "a release that is not there",
            at(&format!("pypi/{project}/9999.9/json")),
            404,
            "{\"message\": \"Not Found\"}",
        ),
        case(
            "J4",
            "a project that is not there",
            at(&format!("pypi/{nobody}/json")),
            404,
            "{\"message\": \"Not Found\"}",
        ),
        case("J5", "the page", get(&simple), 200, &name),
        case(
            "J6",
            "the page as JSON",
            bare(Method::GET, &simple, &[("accept", JSON)]),
            200,
            "\"api-version\"",
        ),
        case("J7", "the page as text", bare(Method::GET, &simple, &[("accept", "text/plain")]), 200, ""),
        case("J8", "a page that is not there", at(&format!("simple/{nobody}/")), 404, "404 Not Found"),
        case("J9", "the page without its slash", at(&format!("simple/{project}")), 301, ""),
        case("J10", "the page under another spelling", at(&format!("simple/{upper}/")), 301, ""),
        case("J11", "the JSON under another spelling", at(&format!("pypi/{upper}/json")), 301, ""),
    ]
}
