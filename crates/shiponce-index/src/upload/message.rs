//! The words of a server, out of whatever it wrapped them in.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::text::{MESSAGE_MAX, Token, Tokens, sanitize};

/// What a server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The message on one line, safe to show; the bare status when there is none.
    pub shown: String,
    /// Everything it said, in lower case and on one line, for recognising.
    pub searched: String,
    /// Whether the body is a page that asks for a login or sends a browser elsewhere.
    pub captive: bool,
}

impl Message {
    /// Takes the message out of an answer.
    pub(crate) fn read(status: StatusCode, reason: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut found = Candidates::default();
        let json = serde_json::from_str::<Value>(&text).ok();
        match json {
            Some(value) => found.json(&value),
            None if kind.contains("html") || text.trim_start().starts_with('<') => found.html(&text),
            None => found.best.push(text.clone().into_owned()),
        }
        found.best.extend(reason.map(ToOwned::to_owned));
        let everything = [&found.best[..], &found.rest[..]].concat();
        let ranked = everything.iter().map(|text| sanitize(strip_status(text, status), MESSAGE_MAX));
        let bare = bare_status(status);
        let shown = ranked.into_iter().find(|text| !is_bare(text, status)).unwrap_or(bare);
        let searched = sanitize(&everything.join(" "), MESSAGE_MAX * 8).to_lowercase();
        Self { shown, searched, captive: found.captive }
    }

    /// The answer's head came and its body did not.
    pub(crate) fn unread(status: StatusCode, why: &str) -> Self {
        let shown = format!("{} ({why})", bare_status(status));
        Self { shown, searched: String::new(), captive: false }
    }
}

#[derive(Default)]
struct Candidates {
    /// Where the message usually stands, best first.
    best: Vec<String>,
    /// Other text of the body.
    rest: Vec<String>,
    captive: bool,
}

impl Candidates {
    /// Warehouse: `{"code": "400 text", "message": "explanation … text", "title": …}`; GitLab: `{"message": "text"}` or
    /// lists in an object; Artifactory: `{"errors": [{"message": …}]}`; others: `error`, `detail`, `description`.
    fn json(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.best.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| self.json(item)),
            Value::Object(fields) => {
                for key in [
                    "code",
                    "errors",
                    "message",
                    "error",
                    "error_description",
                    "detail",
                    "description",
                    "msg",
                ] {
                    match fields.get(key) {
                        Some(Value::String(text)) => self.best.push(text.clone()),
                        Some(inner @ (Value::Object(_) | Value::Array(_))) => self.json(inner),
                        _ => {}
                    }
                }
                // GitLab's `{"message": {"name": ["has already been taken"]}}`: unknown keys, texts inside.
                if self.best.is_empty() {
                    fields.values().for_each(|inner| self.json(inner));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Warehouse: the message in `<h1>`; pypiserver (bottle): the status in `<h1>` and the message in `<pre>`; Nexus:
    /// the message is the last text of the page.
    fn html(&mut self, text: &str) {
        let mut open = String::new();
        let (mut heading, mut quoted, mut texts) = (String::new(), String::new(), Vec::new());
        for token in Tokens::new(text) {
            match &token {
                Token::Start { name, .. } => {
                    self.captive |= name == "form" || is_captive(name, &token);
                    open.clone_from(name);
                }
                Token::End(_) => open.clear(),
                Token::Text(piece) if piece.trim().is_empty() => {}
                Token::Text(piece) => match open.as_str() {
                    "h1" => heading.push_str(piece),
                    "pre" => quoted.push_str(piece),
                    _ => texts.push(piece.trim().to_owned()),
                },
                Token::Comment(_) => {}
            }
        }
        texts.reverse();
        self.best.extend([heading, quoted]);
        self.rest = texts;
    }
}

fn is_captive(name: &str, token: &Token<'_>) -> bool {
    let refresh = |kind: &str| kind.eq_ignore_ascii_case("refresh");
    let password = |kind: &str| kind.eq_ignore_ascii_case("password");
    (name == "meta" && token.attribute("http-equiv").is_some_and(refresh))
        || (name == "input" && token.attribute("type").is_some_and(password))
}

/// `400 text` and `Error: 400 text` without the status.
fn strip_status(text: &str, status: StatusCode) -> &str {
    let text = text.trim();
    let rest = text.strip_prefix("Error: ").unwrap_or(text);
    rest.strip_prefix(status.as_str()).map_or(text, |rest| rest.trim_start_matches([' ', ':', '-']))
}

/// Whether a text says no more than the status does, or only names the server's software.
fn is_bare(text: &str, status: StatusCode) -> bool {
    let lower = text.to_lowercase();
    if ["nginx", "apache", "cloudflare", "openresty"].iter().any(|software| lower.starts_with(software)) {
        return true;
    }
    let canonical = status.canonical_reason().unwrap_or_default().to_lowercase();
    lower.is_empty() || lower == canonical || lower == status.as_str() || lower == "error" || lower == "ok"
}

fn bare_status(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or("no reason given");
    format!("{} {reason}", status.as_u16())
}
