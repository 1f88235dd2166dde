//! Which operation of a description a request means.

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// An operation with what the path gives its parameters.
#[derive(Debug)]
pub(crate) struct Operation<'d> {
    pub(crate) described: &'d Value,
    /// Parameters of the path with their values.
    pub(crate) values: Vec<(String, String)>,
}

/// Finds the operation; a path without parameters in a place wins over one with. The last parameter may hold
/// slashes: references do.
pub(crate) fn find<'d>(document: &'d Value, path: &str, method: &str) -> Option<Operation<'d>> {
    let mut best: Option<(usize, Operation<'d>)> = None;
    for (template, item) in document.get("paths")?.as_object()? {
        let Some(described) = item.get(method.to_ascii_lowercase()) else { continue };
        let Some(values) = fit(template, path) else { continue };
        let literal = template.split('/').filter(|part| !part.starts_with('{')).count();
        if best.as_ref().is_none_or(|(most, _)| literal > *most) {
            best = Some((literal, Operation { described, values }));
        }
    }
    best.map(|(_, operation)| operation)
}

fn fit(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let parts: Vec<&str> = template.split('/').collect();
    let given: Vec<&str> = path.splitn(parts.len(), '/').collect();
    if parts.len() != given.len() {
        return None;
    }
    let mut values = Vec::new();
    for (at, (part, given)) in parts.iter().zip(&given).enumerate() {
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            if part == given {
                continue;
            }
            return None;
        };
        let last = at + 1 == parts.len();
        if given.is_empty() || (given.contains('/') && !(last && name == "ref")) {
            return None;
        }
        values.push((name.to_owned(), percent_decode_str(given).decode_utf8_lossy().into_owned()));
    }
    Some(values)
}

/// A value of the document, through a reference if it is one.
pub(crate) fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let reference = value.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
    reference.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}
