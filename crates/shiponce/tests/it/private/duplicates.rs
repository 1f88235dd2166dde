//! What servers say of a name they have: recorded words, and the reading that follows decides.

use super::servers::Server;
use super::{NAME, configure, demo, publish, setting, token_env};
use serde_json::{Value, json};

/// Server, status, words.
const SAID: [(&str, u16, &str); 8] = [
    (
        "GitLab",
        400,
        "{\"message\":\"400 Bad request - Validation failed: File name has already been taken\"}",
    ),
    (
        "Artifactory",
        403,
        "{\"errors\":[{\"status\":403,\"message\":\"Not enough permissions to overwrite artifact 'pypi-local:demo/1.0/demo-1.0-py3-none-any.whl' (user 'ci' needs DELETE permission).\"}]}",
    ),
    ("Nexus", 400, "Repository does not allow updating assets: pypi-hosted"),
    ("CodeArtifact", 409, "{\"message\":\"Package version already exists\"}"),
    ("devpi", 409, "demo-1.0-py3-none-any.whl already exists in non-volatile index"),
    ("a server that says nothing", 409, ""),
    ("a server that hides what it refuses", 404, "404 Not Found"),
    ("a server with a right to replace files", 403, "403 Forbidden"),
];

fn said(status: u16, text: &str, stores: &str) -> Value {
    json!({ "said": { "status": status, "text": text, "stores": stores } })
}

/// The index had no such file before; whoever was faster stored the same bytes, or others.
#[test]
fn the_same_bytes_are_done_and_other_bytes_a_conflict() {
    let setting = setting();
    for (number, (server, status, text)) in SAID.into_iter().enumerate() {
        for (stores, code) in [("same", 0), ("other", 4)] {
            let folder = setting.path(&format!("{number}-{stores}"));
            let index = Server::index(&folder, &said(status, text, stores));
            configure(&setting, &index.table("production", &token_env()));
            let run = publish(&setting, &demo(&setting, "one"));
            assert_eq!(run.code, Some(code), "{server}, {stores}: {}", run.stderr);
            let words = if code == 0 {
                "Identical wheel already published on company"
            } else {
                "error[file-conflict]"
            };
            assert!(run.stderr.contains(words), "{server}, {stores}: {}", run.stderr);
            assert_eq!(index.uploads(), 1, "{server}, {stores}: sent more than once");
        }
    }
}

/// A refusal about something else, and a reading that shows no such file: the refusal stands, and is not repeated.
#[test]
fn a_refusal_without_a_file_stays_a_refusal() {
    let setting = setting();
    for (status, text, code) in [(403, "403 Forbidden", 7), (400, "the disk is on fire", 1), (404, "", 1)] {
        let index = Server::index(&setting.path(&format!("{status}")), &said(status, text, "nothing"));
        configure(&setting, &index.table("production", &token_env()));
        let run = publish(&setting, &demo(&setting, "one"));
        assert_eq!(run.code, Some(code), "{status}: {}", run.stderr);
        assert!(!run.stderr.contains(&format!("{NAME} is on company")), "{}", run.stderr);
        assert_eq!(index.uploads(), 1, "{status}");
    }
}

/// An answer that got lost where files can be replaced: the file is looked for and never sent again blindly.
#[test]
fn no_blind_second_upload_where_files_can_be_replaced() {
    let setting = setting();
    for (immutable, stores, code) in [("unknown", "nothing", 5), ("no", "nothing", 5), ("unknown", "same", 0)]
    {
        let index =
            Server::index(&setting.path(&format!("{immutable}-{stores}")), &said(502, "bad gateway", stores));
        configure(
            &setting,
            &index.table("production", &format!("{}\nimmutable = \"{immutable}\"", token_env())),
        );
        let run = publish(&setting, &demo(&setting, "one"));
        assert_eq!(run.code, Some(code), "{immutable}, {stores}: {}", run.stderr);
        assert_eq!(index.uploads(), 1, "{immutable}, {stores}");
        let again = publish(&setting, &demo(&setting, "one"));
        assert_eq!((again.code, index.uploads()), (Some(code), 1), "{immutable}, {stores}: {}", again.stderr);
    }
}
