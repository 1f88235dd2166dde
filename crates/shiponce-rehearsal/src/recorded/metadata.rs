//! Metadata that is refused.

use super::content::wheel;
use super::form::Form;
use super::{Case, Subject, case};

const CORE: &str = ". See https://packaging.python.org/specifications/core-metadata for more information.";
const NAME: &str = "'bad name!' is an invalid value for Name. Error: Start and end with a letter or numeral containing \
                    only ASCII numeric and '.', '_' and '-'";
const TYPES: &str = "'description-content-type' must be one of ['text/x-rst', 'text/markdown', 'text/plain'], not \
                     'text/html'";
const RENDER: &str = "The description failed to render for 'text/x-rst'. See <PyPI>/help/#description-content-type for \
                      more information.";
const DIGEST: &str = "The digest supplied does not match a digest calculated from the uploaded file.";

/// A row, what is wrong in it, and the beginning of what is said about it.
type Row = (&'static str, &'static str, Form, &'static str);

pub(super) fn cases(subject: &Subject) -> Vec<Case> {
    let Subject { project, version, .. } = subject;
    let name = format!("{project}-{version}-py39-none-any.whl");
    let base = Form::of(project, version, &name, &wheel(project, version, "never taken"));
    let refused = |(id, what, form, said): Row, end: &str| {
        case(id, what, form.post(subject), 400, &format!("{said}{end}"))
    };
    let of_fields = identity(&base).into_iter().chain(texts(&base)).map(|row| refused(row, CORE));
    let of_form = form(&base).into_iter().map(|row| refused(row, ""));
    let twice = case(
        "M19",
        "a field twice",
        base.clone().add("name", project).post(subject),
        400,
        &format!("'name' has invalid data{CORE}"),
    );
    of_fields.chain(of_form).chain([twice]).collect()
}

fn identity(base: &Form) -> Vec<Row> {
    let set = |key: &str, value: &str| base.clone().set(key, value);
    let dependency = "foo @ https://example.org/x.whl";
    vec![
        ("M1", "a name with a space", set("name", "bad name!"), NAME),
        ("M2", "no PEP 440 version", set("version", "1.0-foo-bar"), "'1.0-foo-bar' is invalid for 'version'"),
        (
            "M5",
            "a bad requires-python",
            set("requires_python", "three"),
            "'three' is invalid for 'requires-python'",
        ),
        (
            "M6",
            "a direct dependency",
            set("requires_dist", dependency),
            "Can't have direct dependency: foo @ https://example.org/x.whl",
        ),
        (
            "M13g",
            "a metadata version of the future",
            set("metadata_version", "9.9"),
            "'9.9' is not a valid metadata version",
        ),
        (
            "M14",
            "no metadata version",
            base.clone().without("metadata_version"),
            "None is not a valid metadata version",
        ),
        (
            "M21",
            "a licence expression that is none",
            set("metadata_version", "2.4").set("license_expression", "Not-A-License"),
            "'Not-A-License' is invalid for 'license-expression'",
        ),
    ]
}

fn texts(base: &Form) -> Vec<Row> {
    let set = |key: &str, value: &str| base.clone().set(key, value);
    vec![
        (
            "M4",
            "an unknown classifier",
            set("classifiers", "Nope :: Nope"),
            "'Nope :: Nope' is not a valid classifier",
        ),
        ("M7", "a summary of two lines", set("summary", "one\ntwo"), "'summary' must be a single line"),
        (
            "M8",
            "a long summary",
            set("summary", &"x".repeat(513)),
            "'summary' field must be 512 characters or less",
        ),
        ("M10", "a description of another type", set("description_content_type", "text/html"), TYPES),
        (
            "M11",
            "a home page that is no address",
            set("home_page", "not a url"),
            "'not a url' is not a valid url",
        ),
        (
            "M12",
            "an e-mail that is none",
            set("author_email", "nope"),
            "'nope' is not a valid email address: An email address must have an @-sign",
        ),
    ]
}

fn form(base: &Form) -> Vec<Row> {
    let set = |key: &str, value: &str| base.clone().set(key, value);
    let heading = set("description", "Heading\n====\n").set("description_content_type", "text/x-rst");
    vec![
        (
            "M3",
            "a local version",
            set("version", "2.0+abc"),
            "The use of local versions in '2.0+abc' is not allowed.",
        ),
        ("M9", "a description that does not render", heading, RENDER),
        (
            "M15",
            "no digest",
            base.clone().without("sha256_digest"),
            "Error: Include at least one message digest.",
        ),
        ("M16", "another digest", set("sha256_digest", &"0".repeat(64)), DIGEST),
        ("M17", "another protocol", set("protocol_version", "2"), "Unknown protocol version."),
        (
            "M18",
            "an egg",
            set("filetype", "bdist_egg"),
            "Invalid value for filetype. Error: Use a known file type.",
        ),
        ("M20", "no file", base.clone().without_file(), "Upload payload does not have a file."),
    ]
}
