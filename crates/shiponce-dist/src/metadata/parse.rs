//! From bytes to fields, with the strictness of `packaging.metadata.parse_email`.

use super::{Defect, Field, FieldKind, Metadata, MetadataError, spec};
use crate::message;
use std::collections::HashSet;

pub(super) fn parse(bytes: &[u8]) -> Result<Metadata, MetadataError> {
    let message = message::parse(bytes);
    let mut fields = Vec::new();
    let mut defects = Vec::new();
    let mut lines = Vec::new();
    for ((name, value), span) in message.headers.iter().zip(&message.lines) {
        match std::str::from_utf8(value) {
            Ok(value) => {
                fields.push(Field { name: (*name).to_owned(), value: value.to_owned() });
                lines.push(span.start);
            }
            Err(_) => defects.push(Defect::NotUtf8((*name).to_owned())),
        }
    }
    defects.extend(occurrences(&fields));
    let body = match std::str::from_utf8(&message.body) {
        Ok("") => None,
        Ok(body) => Some(body.to_owned()),
        Err(_) => {
            defects.push(Defect::NotUtf8("Description".to_owned()));
            None
        }
    };
    if body.is_some() && fields.iter().any(|field| field.name.eq_ignore_ascii_case("Description")) {
        defects.push(Defect::TwoDescriptions);
    }
    let required = |name: &'static str| {
        let found = fields.iter().find(|field| field.name.eq_ignore_ascii_case(name));
        found.map(|field| field.value.as_str()).filter(|value| !value.is_empty())
    };
    let need = |name: &'static str| required(name).ok_or(MetadataError::Missing(name));
    need("Metadata-Version")?;
    let name = need("Name")?.parse().map_err(MetadataError::Name)?;
    let version = need("Version")?.parse().map_err(MetadataError::Version)?;
    let lines = line_numbers(bytes, &lines);
    Ok(Metadata { fields, lines, body, defects, name, version })
}

/// The lines, from 1, of ascending byte offsets. `\n`, `\r` and `\r\n` end lines.
fn line_numbers(bytes: &[u8], offsets: &[usize]) -> Vec<u32> {
    let (mut line, mut at) = (1, 0);
    let mut numbers = Vec::with_capacity(offsets.len());
    for &offset in offsets {
        let ends = |index: &usize| {
            bytes[*index] == b'\n' || (bytes[*index] == b'\r' && bytes.get(index + 1) != Some(&b'\n'))
        };
        line += u32::try_from((at..offset).filter(ends).count()).unwrap_or(u32::MAX - line);
        at = offset;
        numbers.push(line);
    }
    numbers
}

/// Unknown fields, single fields that repeat, and project addresses that share a label.
fn occurrences(fields: &[Field]) -> Vec<Defect> {
    let mut defects = Vec::new();
    let mut seen = HashSet::new();
    let mut labels = HashSet::new();
    for field in fields {
        let again = !seen.insert(field.name.to_ascii_lowercase());
        match spec(&field.name).map(|spec| spec.kind) {
            None if !again => defects.push(Defect::Unknown(field.name.clone())),
            Some(FieldKind::Single | FieldKind::Keywords) if again => {
                defects.push(Defect::Repeated(field.name.clone()));
            }
            Some(FieldKind::ProjectUrl) => {
                let label = field.value.split(',').next().unwrap_or_default().trim();
                if !labels.insert(label) {
                    defects.push(Defect::RepeatedLabel(label.to_owned()));
                }
            }
            None | Some(FieldKind::Single | FieldKind::Keywords | FieldKind::Repeated) => {}
        }
    }
    defects
}
