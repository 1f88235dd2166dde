//! The rows of variants, the matrix, the expected files and the workspace.

use super::{Rows, list};
use crate::config::Config;
use crate::mask::sounds_secret;
use crate::variants::Variant;

pub(super) fn several_rows(rows: &mut Rows, config: &Config) {
    if let Some(workspace) = &config.workspace {
        let folders = workspace.members.iter().map(|member| member.folder.clone());
        rows.add("workspace.members", list(folders), &workspace.source);
        for member in &workspace.members {
            rows.sourced(format!("workspace.{}", member.folder), &member.name, ToString::to_string);
        }
    }
    if let Some(matrix) = &config.matrix {
        rows.sourced("matrix.python", &matrix.python, |pythons| {
            list(pythons.iter().map(ToString::to_string))
        });
        rows.sourced("matrix.platform", &matrix.platform, |all| list(all.iter().map(ToString::to_string)));
    }
    for variant in &config.variants {
        variant_rows(rows, variant);
    }
    let expect = &config.expect;
    if let Some(wheels) = &expect.wheels {
        rows.sourced("expect.wheels", wheels, |tags| list(tags.iter().map(ToString::to_string)));
    }
    if let Some(sdist) = &expect.sdist {
        rows.sourced("expect.sdist", sdist, ToString::to_string);
    }
    if let Some(source) = &expect.like_previous {
        rows.add("expect.like", "previous", source);
    }
}

fn variant_rows(rows: &mut Rows, variant: &Variant) {
    let key = |field: &str| format!("variants.{}.{field}", variant.name.value);
    rows.sourced(key("package"), &variant.package, ToString::to_string);
    if let Some(readme) = &variant.readme {
        rows.sourced(key("readme"), readme, |path| path.display().to_string());
    }
    if let Some(description) = &variant.description {
        rows.sourced(key("description"), description, Clone::clone);
    }
    if let Some(keywords) = &variant.keywords {
        rows.sourced(key("keywords"), keywords, |words| list(words.iter().cloned()));
    }
    if let Some(platforms) = &variant.platforms {
        rows.sourced(key("platform"), platforms, |all| list(all.iter().map(ToString::to_string)));
    }
    for (name, value) in &variant.env {
        let hidden = sounds_secret(name);
        rows.sourced(key(&format!("env.{name}")), value, |text| {
            if hidden { "set".to_owned() } else { text.clone() }
        });
    }
    for alias in &variant.aliases {
        rows.sourced(key("alias"), alias, Clone::clone);
    }
}
