//! `OpenAPI` 3.0 says a few things differently from JSON Schema.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// Rewrites every schema of a document: `nullable` becomes a type, and what only people read goes away.
pub(crate) fn to_json_schema(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(to_json_schema),
        Value::Object(fields) => {
            fields.values_mut().for_each(to_json_schema);
            if fields.get("nullable") == Some(&Value::Bool(true)) {
                nullable(fields);
            }
        }
        _ => {}
    }
}

fn nullable(fields: &mut Map<String, Value>) {
    fields.remove("nullable");
    if let Some(Value::Array(values)) = fields.get_mut("enum") {
        values.push(Value::Null);
    }
    if let Some(kind) = fields.get("type").filter(|kind| kind.is_string()).cloned() {
        fields.insert("type".to_owned(), json!([kind, "null"]));
    } else {
        let inner = Value::Object(std::mem::take(fields));
        fields.insert("anyOf".to_owned(), json!([inner, {"type": "null"}]));
    }
}

/// The schemas of a document, compiled when they are first used.
#[derive(Debug)]
pub(crate) struct Schemas {
    pub(crate) document: Value,
    compiled: Mutex<HashMap<(String, bool), Arc<Validator>>>,
}

impl Schemas {
    pub(crate) fn new(document: Value) -> Self {
        Self { document, compiled: Mutex::default() }
    }

    /// What is wrong with a value; `strict` also refuses fields that are not described.
    pub(crate) fn problems(&self, schema: &Value, value: &Value, strict: bool) -> Vec<String> {
        match self.compiled(schema, strict) {
            Ok(validator) => {
                let errors = validator.iter_errors(value);
                errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
            }
            Err(error) => vec![error],
        }
    }

    fn compiled(&self, schema: &Value, strict: bool) -> Result<Arc<Validator>, String> {
        let key = (schema.to_string(), strict);
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = compiled.get(&key) {
            return Ok(Arc::clone(validator));
        }
        let mut root = schema.clone();
        let mut components = self.document.get("components").cloned().unwrap_or_default();
        if strict {
            close(&mut root);
            close(&mut components);
        }
        // References into the document stand beside the schema itself, which must not be one: what stands beside a
        // reference is not read.
        let root = json!({"allOf": [root], "components": components});
        let options = jsonschema::options().with_draft(Draft::Draft4).should_validate_formats(true);
        let validator =
            options.build(&root).map_err(|error| format!("the description holds no schema: {error}"))?;
        let validator = Arc::new(validator);
        compiled.insert(key, Arc::clone(&validator));
        Ok(validator)
    }
}

/// Fields an object does not describe are refused, unless it is one part of a whole.
fn close(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(close),
        Value::Object(fields) => {
            let plain = ["allOf", "anyOf", "oneOf", "additionalProperties"]
                .iter()
                .all(|key| !fields.contains_key(*key));
            for (key, inner) in fields.iter_mut() {
                if key != "allOf" {
                    close(inner);
                }
            }
            if plain && fields.get("properties").is_some_and(Value::is_object) && fields.contains_key("type")
            {
                fields.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
        }
        _ => {}
    }
}
