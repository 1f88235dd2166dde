//! Metadata that is refused.

use super::content::wheel;
use super::form::Form;
use super::{Case, Subject, case};

const CORE: &str = ". See https://packaging.python.org/specifications/core-metadata for more information.";

pub(super) fn cases(subject: &Subject) -> Vec<Case> {
    let Subject { project, version, .. } = subject;
    let name = format!("{project}-{version}-py39-none-any.whl");
    let base = || Form::of(project, version, &name, &wheel(project, version, "never taken"));
    let core =
        |id, what, form: Form, said: &str| case(id, what, form.post(subject), 400, &format!("{said}{CORE}"));
    let plain = |id, what, form: Form, said: &str| case(id, what, form.post(subject), 400, said);
    let license = base().set("metadata_version", "2.4").set("license_expression", "Not-A-License");
    vec![
        core(
            "M1",
            "a name with a space",
            base().set("name", "bad name!"),
            "'bad name!' is an invalid value for Name. Error: Start and end with a letter or numeral containing only ASCII numeric and '.', '_' and '-'",
        ),
        core(
            "M2",
            "no PEP 440 version",
            base().set("version", "1.0-foo-bar"),
            "'1.0-foo-bar' is invalid for 'version'",
        ),
        plain(
            "M3",
            "a local version",
            base().set("version", "2.0+abc"),
            "The use of local versions in '2.0+abc' is not allowed.",
        ),
        core(
            "M4",
            "an unknown classifier",
            base().set("classifiers", "Nope :: Nope"),
            "'Nope :: Nope' is not a valid classifier",
        ),
        core(
            "M5",
            "a bad requires-python",
            base().set("requires_python", "three"),
            "'three' is invalid for 'requires-python'",
        ),
        core(
            "M6",
            "a direct dependency",
            base().set("requires_dist", "foo @ https://example.org/x.whl"),
            "Can't have direct dependency: foo @ https://example.org/x.whl",
        ),
        core(
            "M7",
            "a summary of two lines",
            base().set("summary", "one\ntwo"),
            "'summary' must be a single line",
        ),
        core(
            "M8",
            "a long summary",
            base().set("summary", &"x".repeat(513)),
            "'summary' field must be 512 characters or less",
        ),
        plain(
            "M9",
            "a description that does not render",
            base().set("description", "Heading\n====\n").set("description_content_type", "text/x-rst"),
            "The description failed to render for 'text/x-rst'. See <PyPI>/help/#description-content-type for more information.",
        ),
        core(
            "M10",
            "a description of another type",
            base().set("description_content_type", "text/html"),
            "'description-content-type' must be one of ['text/x-rst', 'text/markdown', 'text/plain'], not 'text/html'",
        ),
        core(
            "M11",
            "a home page that is no address",
            base().set("home_page", "not a url"),
            "'not a url' is not a valid url",
        ),
        core(
            "M12",
            "an e-mail that is none",
            base().set("author_email", "nope"),
            "'nope' is not a valid email address: An email address must have an @-sign",
        ),
        core(
            "M13g",
            "a metadata version of the future",
            base().set("metadata_version", "9.9"),
            "'9.9' is not a valid metadata version",
        ),
        core(
            "M14",
            "no metadata version",
            base().without("metadata_version"),
            "None is not a valid metadata version",
        ),
        plain(
            "M15",
            "no digest",
            base().without("sha256_digest"),
            "Error: Include at least one message digest.",
        ),
        plain(
            "M16",
            "another digest",
            base().set("sha256_digest", &"0".repeat(64)),
            "The digest supplied does not match a digest calculated from the uploaded file.",
        ),
        plain("M17", "another protocol", base().set("protocol_version", "2"), "Unknown protocol version."),
        plain(
            "M18",
            "an egg",
            base().set("filetype", "bdist_egg"),
            "Invalid value for filetype. Error: Use a known file type.",
        ),
        core("M19", "a field twice", base().add("name", project), "'name' has invalid data"),
        plain("M20", "no file", base().without_file(), "Upload payload does not have a file."),
        core(
            "M21",
            "a licence expression that is none",
            license,
            "'Not-A-License' is invalid for 'license-expression'",
        ),
    ]
}
