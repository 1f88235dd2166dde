//! The body of a request for an API token, with the validator's own messages.

use serde_json::{Map, Value};

/// The identity token, or the text of what is wrong.
pub(super) fn token(body: &[u8]) -> Result<String, String> {
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        let shown = String::from_utf8_lossy(body);
        let shown = crate::text::repr(&shown);
        problem(
            "",
            &format!("Invalid JSON: {error} [type=json_invalid, input_value=b{shown}, input_type=bytes]"),
            "json_invalid",
        )
    })?;
    let Value::Object(fields) = value else {
        let message = format!(
            "Input should be an object [type=model_type, input_value={value}, input_type={}]",
            python_type(&value)
        );
        return Err(problem("", &message, "model_type"));
    };
    match fields.get("token") {
        Some(Value::String(token)) => Ok(token.clone()),
        Some(other) => {
            let message = format!(
                "Input should be a valid string [type=string_type, input_value={other}, input_type={}]",
                python_type(other)
            );
            Err(problem("token\n", &message, "string_type"))
        }
        None => {
            let input = python_dict(&fields);
            let message = format!("Field required [type=missing, input_value={input}, input_type=dict]");
            Err(problem("token\n", &message, "missing"))
        }
    }
}

fn problem(place: &str, message: &str, kind: &str) -> String {
    format!(
        "1 validation error for TokenPayload\n{place}  {message}\n    For further information visit https://errors.pydantic.dev/2.13/v/{kind}"
    )
}

fn python_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(n) if n.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

fn python_dict(fields: &Map<String, Value>) -> String {
    let items: Vec<String> =
        fields.iter().map(|(key, value)| format!("{}: {value}", crate::text::repr(key))).collect();
    format!("{{{}}}", items.join(", "))
}
