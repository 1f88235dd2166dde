//! Answers in the shapes they arrive in, and what is made of them.

mod pypi;
mod servers;
mod statuses;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use shiponce_core::journal::Refusal;
use shiponce_core::redact::SafeUrl;
use url::Url;

use super::{FAMILIES, Said, judge, recognise};
use crate::index::Index;
use crate::upload::{AnswerClass, Message};

fn index(upload: &str) -> Index {
    Index {
        name: "pypi".into(),
        upload: SafeUrl::from(Url::parse(upload).unwrap()),
        simple: None,
        json: None,
        read_auth: None,
        reads_need_auth: false,
        mirror: false,
        asks_md5: false,
    }
}

/// An answer, read and judged: class, rule, shown message.
fn answer(
    status: u16,
    reason: Option<&str>,
    kind: &str,
    body: &str,
    target: Option<&str>,
) -> (AnswerClass, String, String) {
    let status = StatusCode::from_u16(status).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, kind.parse().unwrap());
    let message = Message::read(status, reason, &headers, body.as_bytes());
    let index = index("https://upload.example.org/legacy");
    let target = target.map(|text| Url::parse(text).unwrap());
    let judged =
        judge(&Said { index: &index, status, message: &message, wait: None, target: target.as_ref() });
    let explanation = judged.explanation;
    let text =
        explanation.as_ref().map_or_else(String::new, |found| format!("{}: {}", found.rule, found.what));
    (judged.class, text, message.shown)
}

#[test]
fn unknown_words_are_passed_on_and_cannot_harm_a_terminal() {
    let (class, explained, shown) =
        answer(400, None, "text/plain", "\u{1b}]0;evil\u{7} no \u{202e}cod.exe", None);
    assert_eq!(class, AnswerClass::Refused(Refusal::Rejected));
    assert_eq!(shown, "]0;evil no cod.exe");
    assert_eq!(explained, "refused: upload.example.org answered 400: ]0;evil no cod.exe");
    let (_, _, shown) = answer(400, None, "text/plain", &"x ".repeat(100_000), None);
    assert!(shown.chars().count() <= 1000, "{}", shown.len());
}

#[test]
fn a_missing_slash_is_explained_with_the_right_address() {
    let index = index("https://upload.example.org/legacy");
    let message = Message::read(StatusCode::PERMANENT_REDIRECT, None, &HeaderMap::new(), b"");
    let target = Url::parse("https://upload.example.org/legacy/").unwrap();
    let status = StatusCode::PERMANENT_REDIRECT;
    let judged = judge(&Said { index: &index, status, message: &message, wait: None, target: Some(&target) });
    let hint = judged.explanation.unwrap().hint.unwrap();
    assert_eq!(hint, "set the upload address to https://upload.example.org/legacy/");
}

#[test]
fn every_row_recognises_the_texts_it_was_made_from() {
    for row in FAMILIES.iter().flat_map(|rows| rows.iter()) {
        assert!(!row.said.is_empty() && !row.status.is_empty(), "{}", row.rule);
        assert!(!row.what.is_empty() && !row.why.is_empty(), "{}", row.rule);
        for (text, status) in
            row.said.iter().flat_map(|text| row.status.iter().map(move |status| (text, status)))
        {
            let found = recognise(*status, &text.to_lowercase());
            assert_eq!(found.map(|found| found.rule), Some(row.rule), "{status} {text}");
        }
    }
}

#[test]
fn pieces_are_lower_case_and_rules_are_unique() {
    let mut rules = std::collections::BTreeSet::new();
    for row in FAMILIES.iter().flat_map(|rows| rows.iter()) {
        assert!(rules.insert(row.rule), "{} occurs twice", row.rule);
        assert!(row.pieces.iter().all(|piece| piece.to_lowercase() == **piece), "{}", row.rule);
    }
}
