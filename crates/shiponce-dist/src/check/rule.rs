//! What a rule is: what it wants, who says so, and what to do when a file breaks it.

use super::Severity;
use super::finding::Report;
use crate::distribution::Distribution;

/// Where a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Everywhere,
    Pypi,
}

/// One rule. The catalogue of all of them is [`super::rules`].
pub struct Rule {
    /// Its stable name, as it stands in findings: `shiponce explain ID`.
    pub id: &'static str,
    /// What a sound file is like, in one line.
    pub title: &'static str,
    /// The worst that a finding of this rule can be.
    pub severity: Severity,
    /// Who says so: a specification, or the answer of the index.
    pub source: &'static str,
    /// What to do about a finding, in one line.
    pub hint: &'static str,
    /// The page that explains it.
    pub family: Family,
    pub(crate) scope: Scope,
    pub(crate) check: fn(&Distribution, &mut Report<'_>),
}

/// The `check` of rules that are not about one open file: what opening a file or comparing several finds.
pub(crate) const ELSEWHERE: fn(&Distribution, &mut Report<'_>) = |_, _| {};

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Rule {
    /// Whether indexes with their own acceptance rules are held to it too, not PyPI alone.
    #[must_use]
    pub fn holds_everywhere(&self) -> bool {
        self.scope == Scope::Everywhere
    }

    /// The section of the family's page that is about this rule, without its heading.
    #[must_use]
    pub fn explanation(&self) -> &'static str {
        let heading = format!("\n## {}\n", self.id);
        let page = self.family.page();
        let section = page.find(&heading).map_or("", |at| &page[at + heading.len()..]);
        section.split("\n## ").next().unwrap_or_default().trim()
    }
}

/// Rules that are explained on one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// File names, versions and tags.
    Names,
    /// The fields of core metadata.
    Metadata,
    /// The long description.
    Description,
    /// Licence expressions and licence files.
    Licences,
    /// Zip and tar files.
    Archives,
    /// What a wheel contains.
    Wheels,
    /// What an sdist contains.
    Sdists,
    /// All files of a release together.
    Release,
}

impl Family {
    /// The name of the page: `docs/rules/SLUG.md`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Metadata => "metadata",
            Self::Description => "description",
            Self::Licences => "licences",
            Self::Archives => "archives",
            Self::Wheels => "wheels",
            Self::Sdists => "sdists",
            Self::Release => "release",
        }
    }

    /// The page, in Markdown.
    #[must_use]
    pub const fn page(self) -> &'static str {
        match self {
            Self::Names => include_str!("../../../../docs/rules/names.md"),
            Self::Metadata => include_str!("../../../../docs/rules/metadata.md"),
            Self::Description => include_str!("../../../../docs/rules/description.md"),
            Self::Licences => include_str!("../../../../docs/rules/licences.md"),
            Self::Archives => include_str!("../../../../docs/rules/archives.md"),
            Self::Wheels => include_str!("../../../../docs/rules/wheels.md"),
            Self::Sdists => include_str!("../../../../docs/rules/sdists.md"),
            Self::Release => include_str!("../../../../docs/rules/release.md"),
        }
    }
}
