//! Every core metadata field: how often it may occur, since when, and what the upload form calls it.

/// The metadata versions that PyPI accepts. 2.0 was withdrawn before it was finished.
pub const KNOWN_VERSIONS: [&str; 8] = ["1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5"];

/// How often a field occurs and what its value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Once.
    Single,
    /// Once, words between commas.
    Keywords,
    /// Any number of times.
    Repeated,
    /// Any number of times, `label, address`.
    ProjectUrl,
}

/// One field of core metadata.
#[derive(Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// The name in the metadata file.
    pub name: &'static str,
    /// The name in the upload form: lower case with `_`, in the plural for some repeated fields.
    pub form: &'static str,
    /// How it occurs.
    pub kind: FieldKind,
    /// The metadata version that introduced it.
    pub since: &'static str,
}

const fn field(name: &'static str, form: &'static str, kind: FieldKind, since: &'static str) -> FieldSpec {
    FieldSpec { name, form, kind, since }
}

use FieldKind::{Keywords, ProjectUrl, Repeated, Single};

const FIELDS: [FieldSpec; 32] = [
    field("Metadata-Version", "metadata_version", Single, "1.0"),
    field("Name", "name", Single, "1.0"),
    field("Version", "version", Single, "1.0"),
    field("Platform", "platform", Repeated, "1.0"),
    field("Summary", "summary", Single, "1.0"),
    field("Description", "description", Single, "1.0"),
    field("Keywords", "keywords", Keywords, "1.0"),
    field("Home-page", "home_page", Single, "1.0"),
    field("Author", "author", Single, "1.0"),
    field("Author-email", "author_email", Single, "1.0"),
    field("License", "license", Single, "1.0"),
    field("Supported-Platform", "supported_platform", Repeated, "1.1"),
    field("Download-URL", "download_url", Single, "1.1"),
    field("Classifier", "classifiers", Repeated, "1.1"),
    field("Requires", "requires", Repeated, "1.1"),
    field("Provides", "provides", Repeated, "1.1"),
    field("Obsoletes", "obsoletes", Repeated, "1.1"),
    field("Maintainer", "maintainer", Single, "1.2"),
    field("Maintainer-email", "maintainer_email", Single, "1.2"),
    field("Requires-Dist", "requires_dist", Repeated, "1.2"),
    field("Provides-Dist", "provides_dist", Repeated, "1.2"),
    field("Obsoletes-Dist", "obsoletes_dist", Repeated, "1.2"),
    field("Requires-Python", "requires_python", Single, "1.2"),
    field("Requires-External", "requires_external", Repeated, "1.2"),
    field("Project-URL", "project_urls", ProjectUrl, "1.2"),
    field("Description-Content-Type", "description_content_type", Single, "2.1"),
    field("Provides-Extra", "provides_extra", Repeated, "2.1"),
    field("Dynamic", "dynamic", Repeated, "2.2"),
    field("License-Expression", "license_expression", Single, "2.4"),
    field("License-File", "license_file", Repeated, "2.4"),
    field("Import-Name", "import_name", Repeated, "2.5"),
    field("Import-Namespace", "import_namespace", Repeated, "2.5"),
];

/// The field called `name`, compared without case; `None` for what core metadata does not define.
#[must_use]
pub fn spec(name: &str) -> Option<&'static FieldSpec> {
    FIELDS.iter().find(|field| field.name.eq_ignore_ascii_case(name))
}
