//! The rules of the core metadata specification, with the messages of the `packaging` library.

use super::requirement::{Requirement, valid_specifiers};
use super::{FIELDS, Problem, license, valid_name, values};
use crate::text::pep440::Version;
use crate::text::repr;
use crate::upload::Form;

const VERSIONS: [&str; 8] = ["1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5"];
const CONTENT_TYPES: [&str; 3] = ["text/x-rst", "text/markdown", "text/plain"];
/// Python's keywords, none of which can be a module's name.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

pub(super) fn problems(form: &Form) -> Vec<Problem> {
    let mut found = Vec::new();
    match form.one("metadata_version") {
        None => found.push(Problem::new("metadata-version", "None is not a valid metadata version")),
        Some(version) if !VERSIONS.contains(&version) => {
            let message = format!("{} is not a valid metadata version", repr(version));
            found.push(Problem::new("metadata-version", message));
        }
        Some(version) => found.extend(ages(form, version)),
    }
    found.extend(version(form));
    found.extend(text_fields(form));
    found.extend(content_type(form));
    found.extend(lists(form));
    found.extend(license_files(form));
    found.extend(import_names(form));
    found
}

/// Fields the stated metadata version does not know yet.
fn ages(form: &Form, stated: &str) -> Vec<Problem> {
    let age = |version: &str| VERSIONS.iter().position(|v| *v == version);
    FIELDS
        .iter()
        .filter(|field| age(field.since) > age(stated) && values(form, field.key).next().is_some())
        .map(|field| {
            let message =
                format!("{} introduced in metadata version {}, not {stated}", field.name, field.since);
            Problem::new(field.name, message)
        })
        .collect()
}

fn version(form: &Form) -> Option<Problem> {
    match form.one("version") {
        None => Some(Problem::new("version", "'version' is a required field")),
        Some(text) if Version::parse(text).is_none() => {
            Some(Problem::new("version", format!("{} is invalid for 'version'", repr(text))))
        }
        Some(_) => None,
    }
}

fn text_fields(form: &Form) -> Vec<Problem> {
    let mut found = Vec::new();
    if values(form, "summary").any(|v| v.contains('\n')) {
        found.push(Problem::new("summary", "'summary' must be a single line"));
    }
    if let Some(text) = values(form, "requires_python").next()
        && !valid_specifiers(text)
    {
        found.push(Problem::new(
            "requires-python",
            format!("{} is invalid for 'requires-python'", repr(text)),
        ));
    }
    if let Some(text) = values(form, "license_expression").next()
        && !license::valid(text)
    {
        found.push(Problem::new(
            "license-expression",
            format!("{} is invalid for 'license-expression'", repr(text)),
        ));
    }
    found
}

fn content_type(form: &Form) -> Option<Problem> {
    const NAME: &str = "description-content-type";
    let text = values(form, "description_content_type").next()?;
    let mut pieces = text.split(';').map(str::trim);
    let kind = pieces.next().unwrap_or_default().to_ascii_lowercase();
    if !CONTENT_TYPES.contains(&kind.as_str()) {
        let known = crate::text::repr_list(&CONTENT_TYPES);
        return Some(Problem::new(NAME, format!("'{NAME}' must be one of {known}, not {}", repr(text))));
    }
    for (key, value) in pieces.filter_map(|p| p.split_once('=')) {
        let value = value.trim().trim_matches('"');
        let key = key.trim().to_ascii_lowercase();
        if key == "charset" && !value.eq_ignore_ascii_case("utf-8") {
            let message = format!("'{NAME}' can only specify the UTF-8 charset, not {}", repr(value));
            return Some(Problem::new(NAME, message));
        }
        if key == "variant" && kind == "text/markdown" && !matches!(value, "GFM" | "CommonMark") {
            let message = format!(
                "valid Markdown variants for '{NAME}' are ['GFM', 'CommonMark'], not {}",
                repr(value)
            );
            return Some(Problem::new(NAME, message));
        }
    }
    None
}

fn lists(form: &Form) -> Vec<Problem> {
    let mut found = Vec::new();
    for value in values(form, "dynamic") {
        let name = value.to_ascii_lowercase();
        if matches!(name.as_str(), "name" | "version" | "metadata-version") {
            found.push(Problem::new("dynamic", format!("{} is not allowed as a dynamic field", repr(&name))));
        } else if !FIELDS.iter().any(|f| f.name == name) {
            found.push(Problem::new("dynamic", format!("{} is not a valid dynamic field", repr(&name))));
        }
    }
    for value in values(form, "provides_extra").filter(|v| !valid_name(v)) {
        found
            .push(Problem::new("provides-extra", format!("{} is invalid for 'provides-extra'", repr(value))));
    }
    for value in values(form, "requires_dist").filter(|v| Requirement::parse(v).is_none()) {
        found.push(Problem::new("requires-dist", format!("{} is invalid for 'requires-dist'", repr(value))));
    }
    found
}

fn license_files(form: &Form) -> Vec<Problem> {
    let judge = |path: &str| {
        if path.contains("..") {
            Some("parent directory indicators are not allowed")
        } else if path.contains('*') {
            Some("paths must be resolved")
        } else if path.starts_with('/') || path.get(1..2) == Some(":") {
            Some("paths must be relative")
        } else if path.contains('\\') {
            Some("paths must use '/' delimiter")
        } else {
            None
        }
    };
    values(form, "license_file")
        .filter_map(|path| {
            let why = judge(path)?;
            Some(Problem::new("license-file", format!("{} is invalid for 'license-file', {why}", repr(path))))
        })
        .collect()
}

fn import_names(form: &Form) -> Vec<Problem> {
    let mut found = Vec::new();
    for (key, field) in [("import_name", "import-name"), ("import_namespace", "import-namespace")] {
        for value in values(form, key) {
            let (name, private) = value.split_once(';').map_or((value, None), |(n, p)| (n, Some(p.trim())));
            for part in name.trim().split('.') {
                let good = part.starts_with(|c: char| c.is_alphabetic() || c == '_')
                    && part.chars().all(|c| c.is_alphanumeric() || c == '_');
                let what = if !good {
                    "is not a valid identifier"
                } else if KEYWORDS.contains(&part) {
                    "is a keyword"
                } else {
                    continue;
                };
                let message =
                    format!("{} is invalid for '{field}'; {} {what}", repr(name.trim()), repr(part));
                found.push(Problem::new(field, message));
            }
            if private.is_some_and(|p| p != "private") {
                let message =
                    format!("{} is invalid for '{field}'; the only valid option is 'private'", repr(value));
                found.push(Problem::new(field, message));
            }
        }
    }
    found
}
