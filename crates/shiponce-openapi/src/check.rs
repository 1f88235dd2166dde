//! One exchange against one operation.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, Response};
use serde_json::{Value, json};

use crate::operation::{self, Operation, resolved};
use crate::schema::Schemas;

pub(crate) fn exchange(
    schemas: &Schemas,
    path: &str,
    request: &Request<Bytes>,
    response: Option<&Response<Bytes>>,
) -> Vec<String> {
    let method = request.method().as_str();
    let Some(operation) = operation::find(&schemas.document, path, method) else {
        return vec![format!("{method} {path}: not in the description")];
    };
    let mut problems = parameters(schemas, &operation, request.uri().query().unwrap_or_default());
    problems.extend(body(schemas, &operation, request));
    if let Some(response) = response {
        problems.extend(answer(schemas, &operation, response));
    }
    problems.into_iter().map(|problem| format!("{method} {path}: {problem}")).collect()
}

fn parameters(schemas: &Schemas, operation: &Operation<'_>, query: &str) -> Vec<String> {
    let empty = Vec::new();
    let described = operation.described.get("parameters").and_then(Value::as_array).unwrap_or(&empty);
    let described: Vec<&Value> =
        described.iter().map(|parameter| resolved(&schemas.document, parameter)).collect();
    let is =
        |parameter: &Value, place: &str, name: &str| parameter["in"] == place && parameter["name"] == name;
    let mut problems = Vec::new();
    let asked: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    for (place, given) in [("path", &operation.values), ("query", &asked)] {
        for (name, value) in given {
            match described.iter().find(|parameter| is(parameter, place, name)) {
                Some(parameter) => {
                    let value = typed(schemas, &parameter["schema"], value);
                    let wrong = schemas.problems(&parameter["schema"], &value, false);
                    problems
                        .extend(wrong.into_iter().map(|wrong| format!("{place} parameter {name}{wrong}")));
                }
                None => problems.push(format!("{place} parameter {name} is not described")),
            }
        }
        let needed = described.iter().filter(|p| p["in"] == place && p["required"] == true);
        for parameter in needed {
            let name = parameter["name"].as_str().unwrap_or_default();
            if !given.iter().any(|(given, _)| given == name) {
                problems.push(format!("{place} parameter {name} is missing"));
            }
        }
    }
    problems
}

/// The text of an address as the type its schema wants.
fn typed(schemas: &Schemas, schema: &Value, text: &str) -> Value {
    let number = || text.parse::<i64>().map(Value::from).ok();
    let flag = || text.parse::<bool>().map(Value::from).ok();
    let found = match resolved(&schemas.document, schema)["type"].as_str() {
        Some("integer" | "number") => number(),
        Some("boolean") => flag(),
        _ => None,
    };
    found.unwrap_or_else(|| Value::from(text))
}

fn body(schemas: &Schemas, operation: &Operation<'_>, request: &Request<Bytes>) -> Vec<String> {
    let Some(described) = operation.described.get("requestBody") else {
        let empty = request.body().is_empty();
        return if empty { Vec::new() } else { vec!["a body that is not described".to_owned()] };
    };
    let described = resolved(&schemas.document, described);
    // An upload is described as one type of content; the service takes any.
    let Some(wanted) = described["content"].get("application/json") else { return Vec::new() };
    if !is_json(request.headers()) {
        return vec!["the body does not say that it is application/json".to_owned()];
    }
    let Ok(value) = serde_json::from_slice::<Value>(request.body()) else {
        return vec!["the body is no JSON".to_owned()];
    };
    let wrong = schemas.problems(&wanted["schema"], &value, true);
    wrong.into_iter().map(|wrong| format!("the body: {wrong}")).collect()
}

fn answer(schemas: &Schemas, operation: &Operation<'_>, response: &Response<Bytes>) -> Vec<String> {
    let status = response.status();
    let described = operation.described["responses"].get(status.as_str());
    let content = match described.map(|described| resolved(&schemas.document, described)) {
        Some(described) => described.get("content").and_then(|content| content.get("application/json")),
        // Operations leave out most of what can go wrong, and that a page has not changed.
        None if status.is_client_error() || status == http::StatusCode::NOT_MODIFIED => None,
        None => return vec![format!("status {} is not described", status.as_u16())],
    };
    let described_body = content.map(|content| content["schema"].clone());
    let schema = if status.is_client_error() { Some(error(response.body())) } else { described_body };
    let Some(schema) = schema else {
        let bare = response.body().is_empty() || described.is_some();
        return if bare { Vec::new() } else { vec![format!("status {} with a body", status.as_u16())] };
    };
    if !is_json(response.headers()) {
        // Other media types stand beside JSON where the client asks for them.
        let other = !response.headers().contains_key(CONTENT_TYPE) || status.is_client_error();
        return if other { vec!["the answer is not application/json".to_owned()] } else { Vec::new() };
    }
    let Ok(value) = serde_json::from_slice::<Value>(response.body()) else {
        return vec!["the answer is no JSON".to_owned()];
    };
    let wrong = schemas.problems(&schema, &value, status.is_success());
    wrong.into_iter().map(|wrong| format!("the answer {}: {wrong}", status.as_u16())).collect()
}

/// Errors have two shapes. The message is optional in the description of one, and there in every answer.
fn error(body: &Bytes) -> Value {
    let several = serde_json::from_slice::<Value>(body).is_ok_and(|body| body.get("errors").is_some());
    let name = if several { "validation-error" } else { "basic-error" };
    json!({"allOf": [{"$ref": format!("#/components/schemas/{name}")}, {"required": ["message"]}]})
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json")
}
