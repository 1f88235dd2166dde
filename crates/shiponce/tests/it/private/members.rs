//! Members of a workspace whose indexes have certificates of their own.

use super::servers::{Server, certificates};
use super::{configure, setting, token_env};
use crate::harness::{Setting, project};
use serde_json::json;

/// Two members, each a project with a table of its own index; the root has none.
fn workspace(setting: &Setting, tables: [&str; 2]) {
    configure(setting, "[workspace]\nmembers = [\"packages/*\"]\n");
    for (name, table) in ["one", "two"].iter().zip(tables) {
        let folder = setting.project().join("packages").join(name);
        project::tiny(&folder);
        let pyproject = fs_err::read_to_string(folder.join("pyproject.toml")).unwrap();
        fs_err::write(folder.join("pyproject.toml"), pyproject.replace("\"tiny\"", &format!("\"{name}\"")))
            .unwrap();
        fs_err::write(folder.join("shiponce.toml"), table).unwrap();
    }
}

#[test]
fn each_member_reaches_its_index_with_its_own_certificates() {
    let setting = setting();
    let folder = setting.path("certificates");
    certificates(&folder);
    let ours = Server::index(
        &setting.path("a"),
        &json!({ "key": folder.join("server.pem"), "clients": folder.join("ours.pem") }),
    );
    let other = Server::index(&setting.path("b"), &json!({ "key": folder.join("stranger.pem") }));
    let at = folder.display();
    let first = format!("{}\nca = \"{at}/ours.pem\"\nclient-cert = \"{at}/client.pem\"", token_env());
    let second = format!("{}\nca = \"{at}/theirs.pem\"", token_env());
    workspace(&setting, [&ours.table("production", &first), &other.table("production", &second)]);
    let run = setting.shiponce(["status", "--workspace"]);
    assert!(!run.stderr.contains("could not be read"), "{}{}", run.stdout, run.stderr);
    assert!(!ours.requests().is_empty() && !other.requests().is_empty());
}

#[test]
fn a_server_knows_a_client_by_one_certificate() {
    let setting = setting();
    let folder = setting.path("certificates");
    certificates(&folder);
    let server = Server::index(&setting.path("a"), &json!({ "key": folder.join("server.pem") }));
    let table = |certificate: &str| {
        let at = folder.display();
        let more = format!("{}\nca = \"{at}/ours.pem\"\nclient-cert = \"{at}/{certificate}\"", token_env());
        server.table("production", &more)
    };
    workspace(&setting, [&table("client.pem"), &table("another.pem")]);
    let run = setting.shiponce(["status", "--workspace"]).expect(2);
    assert!(run.stderr.contains("two client certificates are configured for"), "{}", run.stderr);
    assert!(server.requests().is_empty());
}
