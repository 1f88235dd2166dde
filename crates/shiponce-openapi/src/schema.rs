//! `OpenAPI` 3.0 says a few things differently from JSON Schema.

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

/// What is wrong with a value; `strict` also refuses fields that are not described.
pub(crate) fn problems(document: &Value, schema: &Value, value: &Value, strict: bool) -> Vec<String> {
    let mut root = schema.clone();
    let mut components = document.get("components").cloned().unwrap_or_default();
    if strict {
        close(&mut root);
        close(&mut components);
    }
    // References into the document stand beside the schema itself, which must not be one: what stands beside a
    // reference is not read.
    let root = json!({"allOf": [root], "components": components});
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft4)
        .should_validate_formats(true)
        .build(&root);
    match validator {
        Ok(validator) => {
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
        }
        Err(error) => vec![format!("the description holds no schema: {error}")],
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
