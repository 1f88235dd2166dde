//! RFC 8785 bytes of a small value tree: what manifests and plans are hashed over.
//!
//! Numbers are integers within ±2^53, the range in which RFC 8785's number form is exact; a domain value outside
//! it has no canonical form and cannot be built.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A value with a canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer within ±2^53.
    Int(i64),
    /// A text; Rust strings hold no lone surrogates.
    Text(String),
    /// Values in order.
    Array(Vec<Self>),
    /// Members; sorted by UTF-16 code units when written.
    Object(BTreeMap<String, Self>),
}

/// The largest magnitude an [`Value::Int`] may have.
pub const INT_MAX: i64 = 1 << 53;

impl Value {
    /// An object from its members.
    pub fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The canonical bytes (RFC 8785).
    #[must_use]
    pub fn to_canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Int(value) => {
                debug_assert!(value.abs() <= INT_MAX, "no exact canonical form: {value}");
                out.push_str(&value.to_string());
            }
            Self::Text(text) => write_text(text, out),
            Self::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                let mut sorted: Vec<_> = members.iter().collect();
                sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
                out.push('{');
                for (index, (key, value)) in sorted.into_iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            // Writing to a String cannot fail.
            c if c < ' ' => drop(write!(out, "\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn members_sort_by_utf16_and_texts_escape_minimally() {
        let value = Value::object([
            ("\u{fb33}", Value::Int(-1)),
            ("\u{1f600}", Value::Null),
            ("b", Value::Array(vec![Value::Bool(true), Value::text("a\"\\\n\u{1}é")])),
        ]);
        assert_eq!(
            value.to_canonical(),
            "{\"b\":[true,\"a\\\"\\\\\\n\\u0001é\"],\"\u{1f600}\":null,\"\u{fb33}\":-1}"
        );
    }

    fn trees() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            (-INT_MAX..=INT_MAX).prop_map(Value::Int),
            any::<String>().prop_map(Value::Text),
        ];
        leaf.prop_recursive(3, 32, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
                proptest::collection::btree_map(any::<String>(), inner, 0..5).prop_map(Value::Object),
            ]
        })
    }

    fn to_json(value: &Value) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => (*b).into(),
            Value::Int(i) => (*i).into(),
            Value::Text(t) => t.clone().into(),
            Value::Array(items) => items.iter().map(to_json).collect(),
            Value::Object(members) => {
                members.iter().map(|(k, v)| (k.clone(), to_json(v))).collect::<serde_json::Map<_, _>>().into()
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_an_independent_emitter(value in trees()) {
            let oracle = serde_json_canonicalizer::to_string(&to_json(&value)).unwrap();
            prop_assert_eq!(value.to_canonical(), oracle);
        }

        #[test]
        fn different_values_have_different_bytes(a in trees(), b in trees()) {
            prop_assert_eq!(a == b, a.to_canonical() == b.to_canonical());
        }
    }
}
