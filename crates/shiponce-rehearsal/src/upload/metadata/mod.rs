//! The metadata of the form. The server reads it from the form and not from the archive, in three rounds:
//! fields given too often, the rules of the core metadata specification, the index's own rules. Only the
//! first error of a round is told: metadata-version, name and version first, then by field name.

mod core_rules;
mod index_rules;
mod license;
mod requirement;

use super::form::Form;
use crate::answer::Refusal;
use crate::text::pep440::Version;
use crate::text::repr;

/// A field's form key, its name in METADATA, and the first metadata version that knows it.
struct Field {
    key: &'static str,
    name: &'static str,
    since: &'static str,
    many: bool,
}

const fn single(key: &'static str, name: &'static str, since: &'static str) -> Field {
    Field { key, name, since, many: false }
}

const fn many(key: &'static str, name: &'static str, since: &'static str) -> Field {
    Field { key, name, since, many: true }
}

const FIELDS: [Field; 32] = [
    single("metadata_version", "metadata-version", "1.0"),
    single("name", "name", "1.0"),
    single("version", "version", "1.0"),
    single("author", "author", "1.0"),
    single("author_email", "author-email", "1.0"),
    many("classifiers", "classifier", "1.1"),
    single("description", "description", "1.0"),
    single("description_content_type", "description-content-type", "2.1"),
    single("download_url", "download-url", "1.1"),
    many("dynamic", "dynamic", "2.2"),
    single("home_page", "home-page", "1.0"),
    many("import_name", "import-name", "2.5"),
    many("import_namespace", "import-namespace", "2.5"),
    single("keywords", "keywords", "1.0"),
    single("license", "license", "1.0"),
    single("license_expression", "license-expression", "2.4"),
    many("license_file", "license-file", "2.4"),
    single("maintainer", "maintainer", "1.2"),
    single("maintainer_email", "maintainer-email", "1.2"),
    many("obsoletes", "obsoletes", "1.1"),
    many("obsoletes_dist", "obsoletes-dist", "1.2"),
    many("platform", "platform", "1.0"),
    many("project_urls", "project-url", "1.2"),
    many("provides", "provides", "1.1"),
    many("provides_dist", "provides-dist", "1.2"),
    many("provides_extra", "provides-extra", "2.1"),
    many("requires", "requires", "1.1"),
    many("requires_dist", "requires-dist", "1.2"),
    many("requires_external", "requires-external", "1.2"),
    single("requires_python", "requires-python", "1.2"),
    single("summary", "summary", "1.0"),
    many("supported_platform", "supported-platform", "1.1"),
];

const CORE_METADATA: &str = "https://packaging.python.org/specifications/core-metadata";
const LOCAL_VERSIONS: &str =
    "https://packaging.python.org/en/latest/specifications/version-specifiers/#local-version-identifiers";

/// One thing wrong with a field, by its name in METADATA.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Problem {
    field: &'static str,
    message: String,
    page: &'static str,
}

impl Problem {
    fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into(), page: CORE_METADATA }
    }

    fn refusal(&self) -> Refusal {
        let message = self.message.trim_end_matches('.');
        Refusal::bad(format!("{message}. See {} for more information.", self.page))
    }

    fn rank(&self) -> (usize, &'static str) {
        let first = ["metadata-version", "name", "version"];
        (first.iter().position(|f| *f == self.field).unwrap_or(first.len()), self.field)
    }
}

/// Checks everything and returns the version.
pub(super) fn check(form: &Form) -> Result<Version, Refusal> {
    let name = form.one("name").unwrap_or_default();
    if form.all("name").count() == 1 && !valid_name(name) {
        return Err(Problem::new(
            "name",
            format!(
                "{} is an invalid value for Name. Error: Start and end with a letter or numeral containing only ASCII numeric and '.', '_' and '-'",
                repr(name)
            ),
        )
        .refusal());
    }
    let repeated = FIELDS.iter().filter(|f| !f.many && form.all(f.key).count() > 1);
    let repeated: Vec<Problem> =
        repeated.map(|f| Problem::new(f.name, format!("{} has invalid data", repr(f.key)))).collect();
    first(&repeated)?;
    first(&core_rules::problems(form))?;
    let version = Version::parse(form.one("version").unwrap_or_default());
    let version =
        version.ok_or_else(|| Problem::new("version", "'version' is a required field").refusal())?;
    first(&index_rules::problems(form, &version))?;
    Ok(version)
}

fn first(problems: &[Problem]) -> Result<(), Refusal> {
    match problems.iter().min_by_key(|problem| problem.rank()) {
        Some(problem) => Err(problem.refusal()),
        None => Ok(()),
    }
}

pub(super) fn valid_name(name: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    ends(name.chars().next())
        && ends(name.chars().next_back())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

/// The values of a field that say something: `UNKNOWN` is what old tools write for nothing.
fn values<'f>(form: &'f Form, key: &'f str) -> impl Iterator<Item = &'f str> {
    form.all(key).filter(|value| !value.is_empty() && *value != "UNKNOWN")
}
