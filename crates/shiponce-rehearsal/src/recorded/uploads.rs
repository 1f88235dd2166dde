//! Uploads, duplicates, credentials, files.

use super::content::{sdist, tar_gz, wheel, wheel_without, zip};
use super::form::{Form, basic};
use super::{Case, Subject, case};

const UNKNOWN: &str =
    "Invalid or non-existent authentication information. See <PyPI>/help/#invalid-auth for more information.";
const PASSWORD: &str = "Username/Password authentication is no longer supported. Migrate to API Tokens or Trusted \
                        Publishers instead. See <PyPI>/help/#apitoken and <PyPI>/help/#trusted-publishers";
const NEED_PUBLISHER: &str = "Invalid attestations supplied during upload: Attestations are only supported when using \
                              Trusted Publishing";

pub(super) fn cases(subject: &Subject) -> Vec<Case> {
    let mut all = duplicates(subject);
    all.extend(credentials(subject));
    all.extend(archives(subject));
    all.extend(names(subject));
    all
}

fn exists(filename: &str) -> String {
    format!("File already exists ('{filename}', with blake2_256 hash '")
}

fn duplicates(subject: &Subject) -> Vec<Case> {
    let Subject { project, version, .. } = subject;
    let file = |tag: &str| format!("{project}-{version}-{tag}.whl");
    let name = file("py3-none-any");
    let first = wheel(project, version, "first");
    let up = |filename: &str, content: &[u8]| Form::of(project, version, filename, content).post(subject);
    let second = wheel(project, version, "second");
    let source = format!("{project}-{version}.tar.gz");
    let zipped = zip(&[(&format!("{project}-{version}/PKG-INFO"), b"x")]);
    vec![
        case("U1", "the first file", up(&name, &first), 200, "200 OK"),
        case("U2", "a second file", up(&file("py2-none-any"), &second), 200, "200 OK"),
        case("U3", "the sdist", up(&source, &sdist(project, version)), 200, "200 OK"),
        case("D1", "the same bytes again", up(&name, &first), 200, "200 OK"),
        case(
            "D2",
            "other bytes under the name",
            up(&name, &wheel(project, version, "other")),
            400,
            &format!("{}<PyPI>'). See <PyPI>/help/#file-name-reuse for more information.", exists(&name)),
        ),
        case(
            "D3",
            "the same bytes, another name",
            up(&file("py2.py3-none-any"), &first),
            400,
            &exists(&file("py2.py3-none-any")),
        ),
        case(
            "D6",
            "a second sdist",
            up(&format!("{project}-{version}.zip"), &zipped),
            400,
            "Only one sdist may be uploaded per release.",
        ),
    ]
}

fn credentials(subject: &Subject) -> Vec<Case> {
    let Subject { project, version, token, .. } = subject;
    let name = format!("{project}-{version}-py3-none-any.whl");
    let form = Form::of(project, version, &name, &wheel(project, version, "first"));
    let as_user = |user: &str, password: &str| form.post_as(subject, &basic(user, password));
    // A file that is there is answered before anybody looks at what comes with it.
    let name = format!("{project}-{version}-py37-none-any.whl");
    let fresh = Form::of(project, version, &name, &wheel(project, version, "attested"));
    let list = |text: &str| fresh.clone().set("attestations", text).post(subject);
    vec![
        case("A1", "no credential", form.post_as(subject, ""), 403, UNKNOWN),
        case("A2", "a token that is none", as_user("__token__", "pypi-xxx"), 403, UNKNOWN),
        case(
            "A3",
            "a token of another kind",
            as_user("__token__", "a-token-of-some-other-kind"),
            403,
            UNKNOWN,
        ),
        case("A5", "user and password", as_user("nobody", "secret"), 403, PASSWORD),
        case("A6", "a token as a password", as_user("nobody", token), 403, PASSWORD),
        case("A13", "a token as bearer", form.post_as(subject, &format!("Bearer {token}")), 200, "200 OK"),
        case("T1", "attestations with a token", list("not json"), 400, NEED_PUBLISHER),
        case("T2", "no attestations with a token", list("[]"), 400, NEED_PUBLISHER),
    ]
}

/// Files that are wrong inside. A name of their own, so that none meets a file that is there.
fn archives(subject: &Subject) -> Vec<Case> {
    let Subject { project, version, .. } = subject;
    let free = format!("{project}-{version}-py38-none-any.whl");
    let form = |content: &[u8]| Form::of(project, version, &free, content);
    let good = wheel(project, version, "good");
    let lacks = |id, what, member: &str| {
        let text = format!(
            "Wheel '{free}' does not contain the required {member} file: {project}-{version}.dist-info/{member}"
        );
        let content = wheel_without(project, version, "lacking", member);
        case(id, what, form(&content).post(subject), 400, &text)
    };
    let source = format!("{project}-{version}.1");
    let bare = tar_gz(&format!("{source}/setup.py"), b"");
    let bare = Form::of(project, &format!("{version}.1"), &format!("{source}.tar.gz"), &bare);
    let not_zip = "Invalid distribution file. File is not a zipfile";
    let image = form(&good).of_type("image/png").post(subject);
    vec![
        case("F1", "a wheel that is no zip", form(b"not a zip").post(subject), 400, not_zip),
        case("F2", "half a wheel", form(&good[..good.len() / 2]).post(subject), 400, not_zip),
        lacks("F3", "no METADATA", "METADATA"),
        lacks("F4", "no RECORD", "RECORD"),
        case(
            "F10",
            "an sdist without PKG-INFO",
            bare.post(subject),
            400,
            &format!("Invalid distribution file. PKG-INFO not found at {source}/PKG-INFO"),
        ),
        case("F15", "a file that is an image", image, 400, "Invalid distribution file."),
    ]
}

/// Files whose names are wrong.
fn names(subject: &Subject) -> Vec<Case> {
    let Subject { project, version, .. } = subject;
    let good = wheel(project, version, "good");
    let linux = format!("{project}-{version}-cp311-cp311-linux_x86_64.whl");
    let free = format!("{project}-{version}-py38-none-any.whl");
    let next = format!("{version}.1");
    let upper = project.to_uppercase();
    let upper_name = format!("{upper}-{next}-py3-none-any.whl");
    let refused = |id, what, form: Form, said: String| case(id, what, form.post(subject), 400, &said);
    vec![
        refused(
            "F6",
            "a platform tag without a guarantee",
            Form::of(project, version, &linux, &good),
            format!("Binary wheel '{linux}' has an unsupported platform tag 'linux_x86_64'."),
        ),
        refused(
            "F7",
            "a file of another version",
            Form::of(project, &next, &free, &good),
            format!("Version in filename should be '{next}' not '{version}'."),
        ),
        refused(
            "F9",
            "a name that is not normalised",
            Form::of(project, &next, &upper_name, &wheel(&upper, &next, "")),
            format!(
                "Filename '{upper_name}' should contain the normalized project name '{project}', not '{upper}'."
            ),
        ),
        refused(
            "F11",
            "an extension of long ago",
            Form::of(project, &next, &format!("{project}-{next}.tar.bz2"), b"BZh"),
            "Invalid file extension: Use .tar.gz, .whl or .zip extension.".to_owned(),
        ),
        refused(
            "F13",
            "a slash in the name",
            Form::of(project, version, &format!("a/{free}"), &good),
            "Cannot upload a file with '/' or '\\' in the name.".to_owned(),
        ),
    ]
}
