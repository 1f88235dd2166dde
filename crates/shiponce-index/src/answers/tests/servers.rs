//! The wording and wrapping of other index servers.

use shiponce_core::journal::Refusal::{self, *};

use super::answer;
use crate::upload::AnswerClass;

const PYPISERVER: &str = "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\"><html><head><title>Error: 409 Conflict</title></head><body><h1>Error: 409 Conflict</h1>\
        <p>Sorry, the requested URL <tt>&#039;http://h/&#039;</tt> caused an error:</p>\
        <pre>Package &#039;demo-1.0.tar.gz&#039; already exists!\n  You may start server with `--overwrite` option.</pre></body></html>";

const NEXUS: &str = "<!doctype html><html><head><title>400 - Nexus Repository Manager</title></head><body><span class=\"title\">Error 400</span>\
        <span class=\"description\">Bad Request</span><div class=\"content-section\">\n Repository does not allow updating assets: pypi-local\n </div></body></html>";

/// Status, content type, body, class, rule, shown message.
type Case = (u16, &'static str, &'static str, Refusal, &'static str, &'static str);

const CASES: &[Case] = &[
    (
        409,
        "text/html",
        PYPISERVER,
        NameTaken,
        "name-exists",
        "Package 'demo-1.0.tar.gz' already exists! You may start server with `--overwrite` option.",
    ),
    (
        400,
        "text/html",
        NEXUS,
        NameTaken,
        "nexus-no-redeploy",
        "Repository does not allow updating assets: pypi-local",
    ),
    (
        400,
        "application/json",
        r#"{"message":"Validation failed: File name has already been taken"}"#,
        NameTaken,
        "gitlab-file-exists",
        "Validation failed: File name has already been taken",
    ),
    (
        400,
        "application/json",
        r#"{"message":{"file_name":["has already been taken"]}}"#,
        NameTaken,
        "gitlab-file-exists",
        "has already been taken",
    ),
    (
        403,
        "application/json",
        r#"{"message":"403 Forbidden - Package protected."}"#,
        Auth,
        "gitlab-protected",
        "Forbidden - Package protected.",
    ),
    (
        403,
        "application/json",
        r#"{"errors":[{"status":403,"message":"Not enough permissions to overwrite artifact 'r:demo' (user 'ci' needs DELETE permission)."}]}"#,
        NameTaken,
        "artifactory-no-overwrite",
        "Not enough permissions to overwrite artifact 'r:demo' (user 'ci' needs DELETE permission).",
    ),
    (
        409,
        "text/plain",
        "409 demo-1.0.tar.gz already exists in non-volatile index",
        NameTaken,
        "devpi-non-volatile",
        "demo-1.0.tar.gz already exists in non-volatile index",
    ),
    (
        422,
        "application/json",
        r#"{"detail":"This package already exists"}"#,
        NameTaken,
        "name-exists",
        "This package already exists",
    ),
];

#[test]
fn other_servers_are_understood_in_their_own_wrapping() {
    for (status, kind, body, refusal, rule, shown) in CASES {
        let (class, explained, said) = answer(*status, None, kind, body, None);
        assert_eq!(class, AnswerClass::Refused(refusal.clone()), "{body}");
        assert!(explained.starts_with(&format!("{rule}: ")), "{body}: {explained}");
        assert_eq!(said, *shown);
    }
}
