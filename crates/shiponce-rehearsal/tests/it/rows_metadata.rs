//! Metadata.

use crate::lab::{Lab, demo, row};
use crate::wire::Form;

const CORE: &str = ". See https://packaging.python.org/specifications/core-metadata for more information.";

#[test]
fn the_table() {
    let lab = Lab::with_demo();
    let base = || demo("1.0", "next").set("metadata_version", "2.1");
    let accepted = |version: &str, tag: &str| {
        let mut form = demo("1.0", tag).set("metadata_version", version);
        if let Some(file) = &mut form.file {
            file.0 = format!("demo-1.0-{tag}-none-any.whl");
        }
        lab.upload(&form)
    };
    let bad = |id, form: Form, message: &str| row(id, lab.upload(&form), 400, format!("{message}{CORE}"));
    let plain = |id, form: Form, message: &str| row(id, lab.upload(&form), 400, message);
    let mut no_file = base();
    no_file.file = None;
    lab.run(vec![
        bad("M1", base().set("name", "bad name!"), "'bad name!' is an invalid value for Name. Error: Start and end with a letter or numeral containing only ASCII numeric and '.', '_' and '-'"),
        bad("M2", base().set("version", "1.0-foo-bar"), "'1.0-foo-bar' is invalid for 'version'"),
        plain("M3", base().set("version", "2.0+abc"), "The use of local versions in '2.0+abc' is not allowed. See https://packaging.python.org/en/latest/specifications/version-specifiers/#local-version-identifiers for more information."),
        bad("M4", base().set("classifiers", "Nope :: Nope"), "'Nope :: Nope' is not a valid classifier"),
        bad("M5", base().set("requires_python", "three"), "'three' is invalid for 'requires-python'"),
        bad("M6", base().set("requires_dist", "foo @ https://example.org/x.whl"), "Can't have direct dependency: foo @ https://example.org/x.whl"),
        bad("M7", base().set("summary", "one\ntwo"), "'summary' must be a single line"),
        bad("M8", base().set("summary", &"x".repeat(513)), "'summary' field must be 512 characters or less"),
        plain("M9", base().set("description", "Heading\n====\n").set("description_content_type", "text/x-rst"), "The description failed to render for 'text/x-rst'. See <PyPI>/help/#description-content-type for more information."),
        bad("M10", base().set("description_content_type", "text/html"), "'description-content-type' must be one of ['text/x-rst', 'text/markdown', 'text/plain'], not 'text/html'"),
        bad("M11", base().set("home_page", "not a url"), "'not a url' is not a valid url"),
        bad("M12", base().set("author_email", "nope"), "'nope' is not a valid email address: An email address must have an @-sign"),
        row("M13a", accepted("1.0", "py30"), 200, "OK"),
        row("M13b", accepted("2.2", "py31"), 200, "OK"),
        row("M13c", accepted("2.3", "py32"), 200, "OK"),
        row("M13d", accepted("2.4", "py33"), 200, "OK"),
        row("M13e", accepted("2.5", "py34"), 200, "OK"),
        bad("M13f", base().set("metadata_version", "2.6"), "'2.6' is not a valid metadata version"),
        bad("M13g", base().set("metadata_version", "9.9"), "'9.9' is not a valid metadata version"),
        bad("M14", base().without("metadata_version"), "None is not a valid metadata version"),
        plain("M15", base().without("sha256_digest"), "Error: Include at least one message digest."),
        plain("M16", base().set("sha256_digest", &"0".repeat(64)), "The digest supplied does not match a digest calculated from the uploaded file."),
        plain("M17", base().set("protocol_version", "2"), "Unknown protocol version."),
        plain("M18", base().set("filetype", "bdist_egg"), "Invalid value for filetype. Error: Use a known file type."),
        bad("M19", base().add("name", "demo"), "'name' has invalid data"),
        plain("M20", no_file, "Upload payload does not have a file."),
        bad("M21", base().set("metadata_version", "2.4").set("license_expression", "Not-A-License"), "'Not-A-License' is invalid for 'license-expression'"),
    ]);
}

/// Further answers of the view that were read in its source.
#[test]
fn other_refusals() {
    let lab = Lab::with_demo();
    let base = || demo("1.0", "next");
    let bad = |id, form: Form, message: &str| row(id, lab.upload(&form), 400, format!("{message}{CORE}"));
    let plain = |id, form: Form, message: &str| row(id, lab.upload(&form), 400, message);
    lab.run(vec![
        plain("twice", base().add("filetype", "sdist"), "filetype: Should not be a tuple."),
        plain("no pyversion", base().without("pyversion"), "Error: Python version is required for binary distribution uploads."),
        plain("sdist pyversion", base().set("filetype", "sdist").set("pyversion", "py3"), "Error: Use 'source' as Python version for an sdist."),
        plain("digest form", base().set("sha256_digest", "12"), "Invalid value for sha256_digest. Error: Use a valid, hex-encoded, SHA256 message digest."),
        bad("deprecated", base().set("classifiers", "Natural Language :: Ukranian"), "The classifier 'Natural Language :: Ukranian' has been deprecated, use one of ['Natural Language :: Ukrainian'] instead"),
        bad("label", base().set("project_urls", &format!("{}, https://a.example", "x".repeat(33))), &format!("'{}' must be 32 characters or less", "x".repeat(33))),
        bad("no label", base().set("project_urls", ", https://a.example"), "Must have a label"),
        bad("no url", base().set("project_urls", "Home"), "Must have a URL"),
        bad("age", base().set("license_file", "LICENSE"), "license-file introduced in metadata version 2.4, not 2.1"),
        bad("first in order", base().set("summary", "a\nb").set("requires_python", "x").without("version"), "'version' is a required field"),
        bad("dynamic", base().set("metadata_version", "2.2").set("dynamic", "Name"), "'name' is not allowed as a dynamic field"),
    ]);
}
