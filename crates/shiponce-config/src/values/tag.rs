//! The tag of a release: one template, one function that makes the tag, and one that reads the version back.

use std::fmt;

/// A template such as `v{version}`, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagTemplate {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Version,
    Package,
    Variant,
}

impl TagTemplate {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it; the complaint begins with a verb.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (before, after) = rest.split_at(open);
            push_text(&mut parts, before)?;
            let close = after.find('}').ok_or("has a `{` without its `}`")?;
            parts.push(match &after[1..close] {
                "version" => Part::Version,
                "package" => Part::Package,
                "variant" => Part::Variant,
                other => {
                    let known = "`{version}`, `{package}` and `{variant}`";
                    return Err(format!("has the placeholder `{{{other}}}`, known are {known}"));
                }
            });
            rest = &after[close + 1..];
        }
        push_text(&mut parts, rest)?;
        match parts.iter().filter(|part| **part == Part::Version).count() {
            1 => Ok(Self { parts }),
            // Without the version every release would have the same tag; twice, it cannot be read back.
            _ => Err("does not contain `{version}` exactly once".to_owned()),
        }
    }

    /// The tag of a version. `package` is the normalised name.
    #[must_use]
    pub fn render(&self, package: &str, version: &str, variant: Option<&str>) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.as_str(),
                Part::Version => version,
                Part::Package => package,
                Part::Variant => variant.unwrap_or_default(),
            })
            .collect()
    }

    /// The text that stands for the version in a tag, if the tag follows the template for this package and
    /// variant. It is not checked to be a version.
    #[must_use]
    pub fn version_in<'t>(&self, tag: &'t str, package: &str, variant: Option<&str>) -> Option<&'t str> {
        let split = self.parts.iter().position(|part| *part == Part::Version)?;
        let whole = |parts: &[Part]| Self { parts: parts.to_vec() }.render(package, "", variant);
        let version = tag.strip_prefix(&whole(&self.parts[..split]))?;
        let version = version.strip_suffix(&whole(&self.parts[split + 1..]))?;
        (!version.is_empty()).then_some(version)
    }

    /// Whether the template distinguishes variants.
    #[must_use]
    pub fn has_variant(&self) -> bool {
        self.parts.contains(&Part::Variant)
    }

    /// Whether the template distinguishes projects.
    #[must_use]
    pub fn has_package(&self) -> bool {
        self.parts.contains(&Part::Package)
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) -> Result<(), String> {
    // What `git check-ref-format` refuses anywhere in a name; the rest cannot come from a sane template.
    let bad = |c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\}".contains(c);
    if let Some(c) = text.chars().find(|c| bad(*c)) {
        return Err(format!("contains `{}`, which git does not allow in a tag", c.escape_default()));
    }
    if text.contains("..") || text.contains("@{") || text.starts_with('-') && parts.is_empty() {
        return Err("is not a name that git allows for a tag".to_owned());
    }
    if !text.is_empty() {
        parts.push(Part::Text(text.to_owned()));
    }
    Ok(())
}

impl fmt::Display for TagTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render("{package}", "{version}", Some("{variant}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_tag_and_back() {
        let template = TagTemplate::parse("v{version}-{variant}").unwrap();
        assert_eq!(template.render("demo", "0.6.3", Some("cpu")), "v0.6.3-cpu");
        assert_eq!(template.version_in("v0.6.3-cpu", "demo", Some("cpu")), Some("0.6.3"));
        // A longer variant is another release, not a match.
        assert_eq!(template.version_in("v0.6.3-cpu1", "demo", Some("cpu")), None);
        assert_eq!(template.version_in("v-cpu", "demo", Some("cpu")), None);
        assert!(template.has_variant());
        assert_eq!(template.to_string(), "v{version}-{variant}");
    }

    #[test]
    fn refused_templates() {
        let complaints: Vec<String> = [
            "v1",
            "{version}{version}",
            "{versoin}",
            "v{version",
            "v {version}",
            "-{version}",
            "a..{version}",
        ]
        .iter()
        .map(|text| format!("{text}: {}", TagTemplate::parse(text).unwrap_err()))
        .collect();
        insta::assert_snapshot!(complaints.join("\n"), @"
        v1: does not contain `{version}` exactly once
        {version}{version}: does not contain `{version}` exactly once
        {versoin}: has the placeholder `{versoin}`, known are `{version}`, `{package}` and `{variant}`
        v{version: has a `{` without its `}`
        v {version}: contains ` `, which git does not allow in a tag
        -{version}: is not a name that git allows for a tag
        a..{version}: is not a name that git allows for a tag
        ");
    }

    proptest! {
        #[test]
        fn every_tag_gives_its_version_back(
            before in "[a-z/]{0,5}", after in "[a-z-]{0,5}", version in "[0-9]{1,3}(\\.[0-9]{1,3}){0,3}",
        ) {
            let template = TagTemplate::parse(&format!("{before}{{version}}{after}")).unwrap();
            let tag = template.render("demo", &version, None);
            prop_assert_eq!(template.version_in(&tag, "demo", None), Some(version.as_str()));
        }
    }
}
