//! From metadata to the fields of the upload form, as twine 7 builds them.

use super::{FieldKind, Metadata, spec};

pub(super) fn to_form(metadata: &Metadata) -> Vec<(String, String)> {
    let has_license_files = version_of(metadata.metadata_version()) >= (2, 4);
    let mut form: Vec<(String, String)> = Vec::new();
    for field in &metadata.fields {
        let Some(spec) = spec(&field.name) else { continue };
        let value = match spec.kind {
            FieldKind::Single | FieldKind::Repeated => field.value.clone(),
            FieldKind::Keywords => rejoin(field.value.split(',')),
            FieldKind::ProjectUrl => rejoin(field.value.splitn(2, ',')),
        };
        // Old tools write UNKNOWN for what a project did not say; the index drops it too.
        if value.trim() == "UNKNOWN" {
            continue;
        }
        match spec.form {
            // setuptools wrote License-File long before 2.4 defined it; the index refuses it there (twine drops
            // it for the same reason).
            "license_file" if !has_license_files => {}
            // An empty Import-Name says "nothing to import"; the form has no way to say so.
            "import_name" if value.is_empty() => {}
            name => form.push((name.to_owned(), value)),
        }
    }
    if let Some(body) = &metadata.body
        && body.trim() != "UNKNOWN"
    {
        form.push(("description".to_owned(), body.clone()));
    }
    form
}

fn rejoin<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.map(str::trim).collect::<Vec<_>>().join(", ")
}

/// Major and minor of a metadata version; zeros when it is not one.
pub(crate) fn version_of(text: &str) -> (u32, u32) {
    let parsed =
        text.split_once('.').and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    parsed.unwrap_or_default()
}
