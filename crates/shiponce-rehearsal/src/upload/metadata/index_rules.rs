//! The index's own rules on top of the specification.

use super::requirement::Requirement;
use super::{LOCAL_VERSIONS, Problem, values};
use crate::text::pep440::Version;
use crate::text::{repr, repr_list};
use crate::upload::Form;

const CLASSIFIERS: &str = include_str!("../../../data/classifiers.txt");
/// `old => new`, with nothing after the arrow where nothing replaces it.
const DEPRECATED: &str = include_str!("../../../data/deprecated-classifiers.txt");

pub(super) fn problems(form: &Form, version: &Version) -> Vec<Problem> {
    let mut found = Vec::new();
    if version.local.is_some() {
        let text = repr(form.one("version").unwrap_or_default());
        let mut problem =
            Problem::new("version", format!("The use of local versions in {text} is not allowed"));
        problem.page = LOCAL_VERSIONS;
        found.push(problem);
    }
    if values(form, "summary").any(|v| v.chars().count() > 512) {
        found.push(Problem::new("summary", "'summary' field must be 512 characters or less"));
    }
    found.extend(emails(form));
    found.extend(classifiers(form));
    found.extend(urls(form));
    found.extend(dependencies(form));
    if values(form, "license_expression").next().is_some() && values(form, "license").next().is_some() {
        let message = "License is deprecated when License-Expression is present. Only License-Expression should be present";
        found.push(Problem::new("license", message));
    }
    found
}

fn emails(form: &Form) -> Vec<Problem> {
    [("author_email", "author-email"), ("maintainer_email", "maintainer-email")]
        .into_iter()
        .filter_map(|(key, field)| {
            let address = address(values(form, key).next()?);
            let why = email_problem(&address)?;
            let message = format!("{} is not a valid email address: {why}", repr(&address));
            Some(Problem::new(field, message))
        })
        .collect()
}

/// The first address of a header: `Name <address>`, or a bare address.
fn address(text: &str) -> String {
    match text.split_once('<').and_then(|(_, rest)| rest.split_once('>')) {
        Some((address, _)) => address.trim().to_owned(),
        None => text.split(',').next().unwrap_or_default().trim().to_owned(),
    }
}

fn email_problem(address: &str) -> Option<&'static str> {
    if address.is_empty() {
        return None;
    }
    let Some((local, domain)) = address.rsplit_once('@') else {
        return Some("An email address must have an @-sign.");
    };
    if local.is_empty() {
        Some("There must be something before the @-sign.")
    } else if domain.is_empty() {
        Some("There must be something after the @-sign.")
    } else if !domain.contains('.') {
        Some("The part after the @-sign is not valid. It should have a period.")
    } else {
        None
    }
}

fn classifiers(form: &Form) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut given: Vec<&str> = values(form, "classifiers").collect();
    given.sort_unstable();
    for classifier in given {
        let name = repr(classifier);
        let old =
            DEPRECATED.lines().filter_map(|line| line.split_once(" =>")).find(|(old, _)| *old == classifier);
        if let Some((_, new)) = old {
            let new: Vec<&str> = new.split('|').map(str::trim).filter(|n| !n.is_empty()).collect();
            let instead = if new.is_empty() {
                String::new()
            } else {
                format!(", use one of {} instead", repr_list(&new))
            };
            found.push(Problem::new(
                "classifier",
                format!("The classifier {name} has been deprecated{instead}"),
            ));
        } else if !CLASSIFIERS.lines().any(|known| known == classifier) {
            found.push(Problem::new("classifier", format!("{name} is not a valid classifier")));
        }
    }
    found
}

fn urls(form: &Form) -> Vec<Problem> {
    let mut found = Vec::new();
    for (key, field) in [("home_page", "home-page"), ("download_url", "download-url")] {
        for url in values(form, key).filter(|url| !valid_url(url)) {
            found.push(Problem::new(field, format!("{} is not a valid url", repr(url))));
        }
    }
    for value in values(form, "project_urls") {
        let (label, url) = value.split_once(',').unwrap_or((value, ""));
        let (label, url) = (label.trim(), url.trim());
        let message = if label.is_empty() {
            "Must have a label".to_owned()
        } else if label.chars().count() > 32 {
            format!("{} must be 32 characters or less", repr(label))
        } else if url.is_empty() {
            "Must have a URL".to_owned()
        } else if !valid_url(url) {
            format!("{} is not a valid url", repr(url))
        } else {
            continue;
        };
        found.push(Problem::new("project-url", message));
    }
    found
}

/// The scheme and the port are what the server looks at; it escapes odd characters before it judges the rest.
fn valid_url(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host =
        rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let port = host.rsplit(':').next().filter(|port| port.len() < host.len() && !port.is_empty());
    web && port.is_none_or(|port| port.parse::<u32>().map_or(true, |port| port <= 65_535))
}

fn dependencies(form: &Form) -> Vec<Problem> {
    let mut found = Vec::new();
    for (key, field) in [
        ("requires_dist", "requires-dist"),
        ("provides_dist", "provides-dist"),
        ("obsoletes_dist", "obsoletes-dist"),
    ] {
        for value in values(form, key) {
            match Requirement::parse(value) {
                None => found.push(Problem::new(field, format!("{} is invalid", repr(value)))),
                Some(requirement) if requirement.direct => {
                    found.push(Problem::new(field, format!("Can't have direct dependency: {value}")));
                }
                Some(_) => {}
            }
        }
    }
    found
}
