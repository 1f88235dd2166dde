//! Rules about all files of a release together.

use crate::check::{ELSEWHERE, Family, Finding, Report, Rule, Scope, Severity};
use crate::distribution::Distribution;
use std::collections::BTreeMap;

/// Fields that belong to the release: the index keeps those of the first file it gets.
const RELEASE_FIELDS: [&str; 16] = [
    "Name",
    "Summary",
    "Description-Content-Type",
    "Keywords",
    "Home-page",
    "Download-URL",
    "Author",
    "Author-email",
    "Maintainer",
    "Maintainer-email",
    "License",
    "License-Expression",
    "Requires-Python",
    "Classifier",
    "Project-URL",
    "Provides-Extra",
];

const fn rule(id: &'static str, title: &'static str, source: &'static str, hint: &'static str) -> Rule {
    let (severity, family, scope) = (Severity::Rejected, Family::Release, Scope::Everywhere);
    Rule { id, title, severity, source, hint, family, scope, check: ELSEWHERE }
}

/// The rules about all files of a release.
pub(crate) static RULES: [Rule; 6] = [
    rule(
        "set-project",
        "all files are of one project",
        "an upload names one project",
        "remove the file, or release each project by itself",
    ),
    rule(
        "set-version",
        "all files are of one version",
        "an upload names one release",
        "remove files of earlier builds from the folder",
    ),
    rule("set-name", "no file name occurs twice", "a file name is taken once", "hand over each file once"),
    rule(
        "set-bytes",
        "no bytes occur under two names",
        "the upload view: `File already exists …`, which compares names and BLAKE2 digests",
        "remove one of the two files",
    ),
    rule(
        "set-sdist",
        "there is at most one sdist",
        "the upload view: `Only one sdist may be uploaded per release`",
        "remove all sdists but one",
    ),
    Rule {
        severity: Severity::Warned,
        ..rule(
            "set-metadata",
            "all files state the same metadata",
            "the index keeps the metadata of the first file of a release",
            "build all files from one commit; the index shows the metadata of the first file only",
        )
    },
];

/// Checks that `files` are one release: one project, one version, at most one sdist, no name and no bytes twice, and
/// the same metadata wherever an index keeps only one.
#[must_use]
pub fn check_set(files: &[Distribution]) -> Vec<Finding> {
    let mut files: Vec<&Distribution> = files.iter().collect();
    files.sort_by(|a, b| a.filename.upload_rank().cmp(&b.filename.upload_rank()));
    let mut findings = Vec::new();
    odd_ones(&files, &mut findings);
    names_and_bytes(&files, &mut findings);
    sdists(&files, &mut findings);
    metadata(&files, &mut findings);
    findings
}

/// Files that are not of the project and version that most files are of.
fn odd_ones(files: &[&Distribution], findings: &mut Vec<Finding>) {
    let release = |file: &Distribution| {
        (file.filename.project().normalized().to_owned(), file.filename.version().clone())
    };
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for file in files {
        *counts.entry(release(file)).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or_default();
    // Of equally many, the release of the first file counts as the intended one.
    let Some((project, version)) = files.iter().map(|file| release(file)).find(|key| counts[key] == most)
    else {
        return;
    };
    for file in files {
        let (other_project, other_version) = release(file);
        let name = file.filename.to_string();
        if other_project != project {
            let message = format!("it is of the project `{other_project}`, the release is of `{project}`");
            Report::new(&name, &RULES[0], findings).rejected("", message);
        } else if other_version != version {
            let message = format!("it is version {other_version}, the release is {version}");
            Report::new(&name, &RULES[1], findings).rejected("", message);
        }
    }
}

/// One name is one file, and PyPI takes the same bytes only once, under whatever name.
fn names_and_bytes(files: &[&Distribution], findings: &mut Vec<Finding>) {
    let mut names: BTreeMap<String, &Distribution> = BTreeMap::new();
    let mut bytes = BTreeMap::new();
    for file in files {
        let name = file.filename.to_string();
        if let Some(first) = names.insert(name.clone(), file) {
            let message =
                format!("two files have this name: {} and {}", first.path.display(), file.path.display());
            Report::new(&name, &RULES[2], findings).rejected("", message);
        } else if let Some(first) = bytes.insert(file.digests.blake2b, name.clone()) {
            let message = format!("it has the same bytes as `{first}`, and PyPI stores bytes only once");
            Report::new(&name, &RULES[3], findings).rejected("", message);
        }
    }
}

fn sdists(files: &[&Distribution], findings: &mut Vec<Finding>) {
    let sdists: Vec<String> =
        files.iter().filter(|file| file.as_sdist().is_some()).map(|file| file.filename.to_string()).collect();
    let Some((first, others)) = sdists.split_first() else { return };
    for other in others.iter().filter(|other| *other != first) {
        let message = format!("a release has one sdist, and there is `{first}`");
        Report::new(other, &RULES[4], findings).rejected("", message);
    }
}

/// The metadata of every file against that of the first one to be uploaded.
fn metadata(files: &[&Distribution], findings: &mut Vec<Finding>) {
    let Some((first, others)) = files.split_first() else { return };
    let reference = first.filename.to_string();
    let values = |file: &Distribution, field: &str| -> Vec<String> {
        file.metadata().get_all(field).map(ToOwned::to_owned).collect()
    };
    for file in others {
        let same_release = file.filename.project() == first.filename.project()
            && file.filename.version() == first.filename.version();
        if !same_release {
            continue;
        }
        let is_dynamic = |field: &str| {
            file.as_sdist().is_some()
                && file.metadata().get_all("Dynamic").any(|name| name.eq_ignore_ascii_case(field))
        };
        let mut different: Vec<&str> = RELEASE_FIELDS
            .into_iter()
            .filter(|field| !is_dynamic(field) && values(file, field) != values(first, field))
            .collect();
        if !is_dynamic("Description") && file.metadata().description() != first.metadata().description() {
            different.push("Description");
        }
        let name = file.filename.to_string();
        for field in different {
            let message = format!("`{field}` differs from that of `{reference}`");
            Report::new(&name, &RULES[5], findings).warned(field, message);
        }
    }
}
