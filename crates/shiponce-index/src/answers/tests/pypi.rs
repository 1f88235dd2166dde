//! Every measured answer of PyPI's upload endpoint.

use shiponce_core::journal::Refusal::{self, *};

use super::answer;
use crate::upload::AnswerClass;

/// Status, text, class, rule.
const MEASURED: &[(u16, &str, Refusal, &str)] = &[
    (
        400,
        "File already exists ('demo-1.0-py3-none-any.whl', with blake2_256 hash '83c99fbf40989ae32bc262b6e7b2d5029663099d1f075344fd3906d6120ccacb'). See <PyPI>/help/#file-name-reuse for more information.",
        NameTaken,
        "file-exists",
    ),
    (
        400,
        "This filename was previously used by a file that has since been deleted. Use a different version. See <PyPI>/help/#file-name-reuse for more information.",
        Burned,
        "filename-burned",
    ),
    (400, "Only one sdist may be uploaded per release.", SecondSdist, "second-sdist"),
    (
        403,
        "Invalid or non-existent authentication information. See <PyPI>/help/#invalid-auth for more information.",
        Auth,
        "credential-invalid",
    ),
    (403, "Invalid API Token: signatures do not match", Auth, "token-damaged"),
    (
        403,
        "Username/Password authentication is no longer supported. Migrate to API Tokens or Trusted Publishers instead. See <PyPI>/help/#apitoken and <PyPI>/help/#trusted-publishers",
        Auth,
        "password-login",
    ),
    (403, "Invalid API Token: token is expired, token is expired", Auth, "token-expired"),
    (
        403,
        "Invalid API Token: project-scoped token is not valid for project: 'demo', project-scoped token is not valid for project: 'demo'",
        Auth,
        "token-other-project",
    ),
    (
        403,
        "Invalid API Token: OIDC scoped token is not valid for project 'demo', project-scoped token is not valid for project: 'demo', OIDC scoped token is not valid for project 'demo', project-scoped token is not valid for project: 'demo'",
        Auth,
        "publisher-other-project",
    ),
    (
        400,
        "Non-user identities cannot create new projects. This was probably caused by successfully using a pending publisher but specifying the project name incorrectly (either in the publisher or in your project's metadata). Please ensure that both match. See: <PyPI docs>/trusted-publishers/troubleshooting/",
        Auth,
        "publisher-cannot-create",
    ),
    (
        403,
        "The user 'dave' isn't allowed to upload to project 'demo'. See <PyPI>/help/#project-name for more information.",
        Auth,
        "upload-not-permitted",
    ),
    (
        403,
        "User 'bob', associated with the API token used, does not have two-factor authentication enabled. Please enable two-factor authentication before attempting to upload to PyPI. See <PyPI>/help/#two-factor-authentication for more information.",
        Auth,
        "two-factor-missing",
    ),
    (
        403,
        "User 'carol', associated with the API token used, does not have a verified primary email address. Please add a verified primary email before attempting to upload to PyPI. See <PyPI>/help/#verified-email for more information.",
        Auth,
        "email-unverified",
    ),
    (
        400,
        "'bad name!' is an invalid value for Name. Error: Start and end with a letter or numeral containing only ASCII numeric and '.', '_' and '-'. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "metadata-name",
    ),
    (
        400,
        "'1.0-foo-bar' is invalid for 'version'. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "version-invalid",
    ),
    (
        400,
        "The use of local versions in '2.0+abc' is not allowed. See https://packaging.python.org/en/latest/specifications/version-specifiers/#local-version-identifiers for more information.",
        Rejected,
        "local-version",
    ),
    (
        400,
        "'Nope :: Nope' is not a valid classifier. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "classifier-unknown",
    ),
    (
        400,
        "'three' is invalid for 'requires-python'. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "requires-python",
    ),
    (
        400,
        "Can't have direct dependency: foo @ https://example.org/x.whl. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "direct-dependency",
    ),
    (
        400,
        "'summary' must be a single line. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "summary-lines",
    ),
    (
        400,
        "'summary' field must be 512 characters or less. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "summary-length",
    ),
    (
        400,
        "The description failed to render for 'text/x-rst'. See <PyPI>/help/#description-content-type for more information.",
        Rejected,
        "description-render",
    ),
    (
        400,
        "'description-content-type' must be one of ['text/x-rst', 'text/markdown', 'text/plain'], not 'text/html'. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "description-type",
    ),
    (
        400,
        "'not a url' is not a valid url. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "url-invalid",
    ),
    (
        400,
        "'nope' is not a valid email address: An email address must have an @-sign. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "email-invalid",
    ),
    (
        400,
        "'2.6' is not a valid metadata version. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "metadata-version",
    ),
    (
        400,
        "None is not a valid metadata version. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "metadata-version",
    ),
    (400, "Error: Include at least one message digest.", Rejected, "digest-missing"),
    (
        400,
        "The digest supplied does not match a digest calculated from the uploaded file.",
        Rejected,
        "digest-mismatch",
    ),
    (400, "Unknown protocol version.", Rejected, "protocol-version"),
    (400, "Invalid value for filetype. Error: Use a known file type.", Rejected, "filetype-invalid"),
    (
        400,
        "'name' has invalid data. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "field-repeated",
    ),
    (400, "Upload payload does not have a file.", Rejected, "content-missing"),
    (
        400,
        "'Not-A-License' is invalid for 'license-expression'. See https://packaging.python.org/specifications/core-metadata for more information.",
        Rejected,
        "license-expression",
    ),
    (400, "Invalid distribution file. File is not a zipfile", Rejected, "file-not-zip"),
    (
        400,
        "Wheel 'demo-2.1-py3-none-any.whl' does not contain the required METADATA file: demo-2.1.dist-info/METADATA",
        Rejected,
        "metadata-missing",
    ),
    (
        400,
        "Wheel 'demo-2.1-py3-none-any.whl' does not contain the required RECORD file: demo-2.1.dist-info/RECORD",
        Rejected,
        "record-missing",
    ),
    (
        400,
        "Binary wheel 'demo-2.1-cp311-cp311-linux_x86_64.whl' has an unsupported platform tag 'linux_x86_64'.",
        Rejected,
        "platform-tag",
    ),
    (400, "Version in filename should be '2.1' not '2.2'.", Rejected, "filename-version"),
    (400, "Start filename for 'demo' with 'demo'.", Rejected, "filename-project"),
    (
        400,
        "Filename 'DEMO-2.12-py3-none-any.whl' should contain the normalized project name 'demo', not 'DEMO'.",
        Rejected,
        "filename-not-normalized",
    ),
    (
        400,
        "Invalid distribution file. PKG-INFO not found at demo-2.13/PKG-INFO",
        Rejected,
        "pkg-info-missing",
    ),
    (
        400,
        "Invalid file extension: Use .tar.gz, .whl or .zip extension. See https://www.python.org/dev/peps/pep-0527 and https://peps.python.org/pep-0715/ for more information",
        Rejected,
        "extension",
    ),
    (
        400,
        "Filename 'DEMO-2.15.tar.gz' is invalid, should be 'demo-2.15.tar.gz'.",
        Rejected,
        "sdist-filename",
    ),
    (400, "Cannot upload a file with '/' or '\\' in the name.", Rejected, "filename-characters"),
    (400, "Invalid distribution file.", Rejected, "file-invalid"),
    (400, "Invalid distribution file. File exceeds compression ratio of 50", Rejected, "compression-ratio"),
    (
        400,
        "File too large. Limit for project 'demo' is 100 MB. See <PyPI docs>/project-management/storage-limits#requesting-a-file-size-limit-increase for more information.",
        Quota,
        "file-too-large",
    ),
    (
        400,
        "Project size too large. Limit for project 'demo' total size is 10 GB. See <PyPI docs>/project-management/storage-limits#requesting-a-project-size-limit-increase",
        Quota,
        "project-too-large",
    ),
    (429, "Too many new projects created", Quota, "too-many-new-projects"),
    (
        400,
        "The name 'json' isn't allowed (conflict with Python Standard Library module name). See <PyPI>/help/#project-name for more information.",
        Rejected,
        "name-of-stdlib",
    ),
    (
        400,
        "The name 'verboten6b00f134' isn't allowed. See <PyPI>/help/#project-name for more information.",
        Rejected,
        "name-prohibited",
    ),
    (
        400,
        "The name '1ab6b00f134' is too similar to an existing project. See <PyPI>/help/#project-name for more information.",
        Rejected,
        "name-too-similar",
    ),
    (
        409,
        "The name 'x' conflicts with an existing project. See <PyPI>/help/#project-name for more information.",
        Rejected,
        "name-conflict",
    ),
    (
        410,
        "Project pre-registration is no longer required or supported, upload your files instead.",
        Rejected,
        "action-retired",
    ),
    (
        410,
        "This API has moved to https://127.0.0.1/legacy/. See TODO for more information.",
        Rejected,
        "address-retired",
    ),
    (403, "Read-only mode: Uploads are temporarily disabled.", Disabled, "read-only-mode"),
    (
        403,
        "New uploads are temporarily disabled. See <PyPI>/help/#admin-intervention for more information.",
        Disabled,
        "uploads-disabled",
    ),
    (
        403,
        "New project registration temporarily disabled. See <PyPI>/help/#admin-intervention for more information.",
        Disabled,
        "new-projects-disabled",
    ),
    (400, "Uploading new files to releases older than 14 days is not allowed.", Closed, "release-closed"),
    (
        400,
        "Invalid attestations supplied during upload: Attestations are only supported when using Trusted Publishing",
        Rejected,
        "attestations-need-publisher",
    ),
    (
        400,
        "Invalid attestations supplied during upload: Malformed attestations: an empty attestation set is not permitted",
        Rejected,
        "attestations-malformed",
    ),
];

fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\'', "&#x27;")
        .replace('"', "&quot;")
}

/// The page of the real server, byte for byte around the message.
fn page(status: u16, message: &str) -> String {
    let line = html(&format!("{status} {message}"));
    let explanation =
        "The server could not comply with the request since it is either malformed or otherwise incorrect.";
    format!(
        "<html>\n <head>\n  <title>{line}</title>\n </head>\n <body>\n  <h1>{line}</h1>\n  {explanation}<br/><br/>\n{}\n\n\n \
         </body>\n</html>",
        html(message)
    )
}

#[test]
fn every_measured_answer_is_recognised_in_every_shape() {
    for (status, message, refusal, rule) in MEASURED {
        let code = format!("{status} {message}");
        let json = serde_json::json!({
            "message": format!("Access was denied to this resource.\n\n\n{message}\n\n"), "code": code, "title": "Bad Request",
        });
        let shapes = [
            ("text/html; charset=UTF-8", page(*status, message), None),
            ("application/json", json.to_string(), None),
            ("text/plain", format!("{code}\n\nexplanation\n\n\n{message}\n\n"), None),
            ("text/html", String::new(), Some(*message)),
            ("text/html", page(*status, message), Some(*message)),
        ];
        for (kind, body, reason) in shapes {
            let (class, explained, shown) = answer(*status, reason, kind, &body, None);
            assert_eq!(class, AnswerClass::Refused(refusal.clone()), "{kind} {message}");
            assert!(explained.starts_with(&format!("{rule}: ")), "{kind} {message}: {explained}");
            assert!(shown.contains(message), "{kind}: {shown}");
        }
    }
}
