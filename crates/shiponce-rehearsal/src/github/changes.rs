//! The body of a request that makes or changes a release.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::answer::{Refusal, custom};

/// The longest notes a release may have, in characters.
const NOTES: usize = 125_000;

/// What a request says about a release; what it leaves out, or says as null, is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Changes {
    pub(super) tag: Option<String>,
    pub(super) target: Option<String>,
    pub(super) name: Option<String>,
    pub(super) body: Option<String>,
    pub(super) draft: Option<bool>,
    pub(super) prerelease: Option<bool>,
    pub(super) make_latest: Option<Latest>,
    pub(super) generate_notes: bool,
}

/// Which release the page of the latest one shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Latest {
    This,
    Unchanged,
    Newest,
}

impl Changes {
    pub(super) fn read(body: &Bytes) -> Result<Self, Refusal> {
        let fields = object(body)?;
        let latest = match text(&fields, "make_latest")?.as_deref() {
            None => None,
            Some("true") => Some(Latest::This),
            Some("false") => Some(Latest::Unchanged),
            Some("legacy") => Some(Latest::Newest),
            Some(other) => {
                let said = format!("{} is not a member of [\"true\", \"false\", \"legacy\"].", json!(other));
                return Err(invalid("make_latest", &said));
            }
        };
        let changes = Self {
            tag: text(&fields, "tag_name")?,
            target: text(&fields, "target_commitish")?,
            name: text(&fields, "name")?,
            body: text(&fields, "body")?,
            draft: flag(&fields, "draft")?,
            prerelease: flag(&fields, "prerelease")?,
            make_latest: latest,
            generate_notes: flag(&fields, "generate_release_notes")?.unwrap_or(false),
        };
        if changes.body.as_ref().is_some_and(|body| body.chars().count() > NOTES) {
            let message = format!("body is too long (maximum is {NOTES} characters)");
            return Err(Refusal::Invalid(vec![custom("Release", Some("body"), &message)]));
        }
        Ok(changes)
    }
}

/// The fields of a JSON body.
pub(super) fn object(body: &Bytes) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Refusal::Said(400, "Body should be a JSON object".to_owned())),
        Err(_) => Err(Refusal::Said(400, "Problems parsing JSON".to_owned())),
    }
}

/// A field that must be text where it is given.
pub(super) fn text(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(invalid(name, &format!("{other} is not a string."))),
    }
}

fn flag(fields: &Map<String, Value>, name: &str) -> Result<Option<bool>, Refusal> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(other) => Err(invalid(name, &format!("{other} is not a boolean."))),
    }
}

fn invalid(name: &str, what: &str) -> Refusal {
    Refusal::Said(422, format!("Invalid request.\n\nFor 'properties/{name}', {what}"))
}
