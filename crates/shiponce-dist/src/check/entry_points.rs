//! Entry points: script names become files in the environment's `bin` folder.

use super::finding::Report;
use super::place::Place;
use super::{Family, Rule, Scope, Severity};
use crate::distribution::Distribution;
use crate::wheel::parse_entry_points;

/// `entry_points.txt` can be read, and no script leaves `bin`.
pub(super) static RULE: Rule = Rule {
    id: "entry-points",
    title: "`entry_points.txt` can be read, and no script leaves `bin`",
    severity: Severity::Rejected,
    source: "the entry points specification; the upload view: `… has invalid entry points …`",
    family: Family::Wheels,
    scope: Scope::Everywhere,
    hint: "give scripts plain names and `package.module:function` in `[project.scripts]`",
    check: entry_points,
};

fn entry_points(distribution: &Distribution, report: &mut Report<'_>) {
    let Some(text) = distribution.as_wheel().and_then(|wheel| wheel.entry_points.as_deref()) else { return };
    let points = match parse_entry_points(text) {
        Ok(points) => points,
        Err(error) => return report.rejected("entry_points.txt", error.to_string()),
    };
    for point in points {
        let place = || Place::line("entry_points.txt", point.line);
        let is_script = matches!(point.group.as_str(), "console_scripts" | "gui_scripts");
        if !is_script {
            continue;
        }
        let (name, object) = (&point.name, &point.object);
        if name.is_empty() || name.contains(['/', '\\']) || matches!(name.as_str(), "." | "..") {
            report.rejected(place(), format!("the script name `{name}` is not a plain file name"));
        }
        if !is_object_reference(object) {
            report.rejected(place(), format!("`{object}` is not of the form `package.module:function`"));
        }
    }
}

/// `package.module:attribute.path`, perhaps with old-style extras behind.
fn is_object_reference(text: &str) -> bool {
    let dotted = |path: &str| {
        path.split('.').all(|part| {
            let mut chars = part.chars();
            chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
                && chars.all(|c| c.is_alphanumeric() || c == '_')
        })
    };
    let reference = match text.split_once('[') {
        Some((reference, extras)) if extras.trim_end().ends_with(']') => reference.trim_end(),
        Some(_) => return false,
        None => text,
    };
    reference.split_once(':').is_some_and(|(module, object)| dotted(module.trim()) && dotted(object.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_point_at_functions() {
        for good in ["demo.cli:main", "demo:App.run", "a:b [extra]", "a : b"] {
            assert!(is_object_reference(good), "{good}");
        }
        for bad in ["demo", "demo.cli", ":main", "a:", "a-b:c", "../a:b", "a:b [x", "os:system; x"] {
            assert!(!is_object_reference(bad), "{bad}");
        }
    }
}
