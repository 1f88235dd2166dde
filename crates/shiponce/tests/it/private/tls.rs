//! Certificate authorities and client certificates of one index.

use super::servers::{Server, certificates};
use super::{configure, demo, publish, setting, token_env};
use crate::harness::Setting;
use serde_json::json;
use std::os::unix::fs::PermissionsExt;

/// An index at a certificate of `ours.pem`, named relative to the project's folder.
fn place(setting: &Setting) -> std::path::PathBuf {
    let folder = setting.project().join("certificates");
    certificates(&folder);
    folder
}

#[test]
fn an_authority_of_ones_own() {
    let setting = setting();
    let folder = place(&setting);
    let server = Server::index(&setting.path("server"), &json!({ "key": folder.join("server.pem") }));
    configure(&setting, &server.table("production", &token_env()));
    let unknown = publish(&setting, &demo(&setting, "one")).expect(5);
    assert!(unknown.stderr.contains("certificate"), "{}", unknown.stderr);
    assert!(server.requests().is_empty());

    configure(
        &setting,
        &server.table("production", &format!("{}\nca = \"certificates/ours.pem\"", token_env())),
    );
    publish(&setting, &demo(&setting, "one")).expect(0);
    publish(&setting, &demo(&setting, "one")).expect(0);
    assert_eq!(server.uploads(), 1);

    configure(
        &setting,
        &server.table("production", &format!("{}\nca = \"certificates/theirs.pem\"", token_env())),
    );
    publish(&setting, &demo(&setting, "one")).expect(5);
    for (file, words) in [("missing.pem", "cannot be read"), ("../shiponce.toml", "no certificate in")] {
        configure(&setting, &server.table("production", &format!("{}\nca = \"{file}\"", token_env())));
        let run = publish(&setting, &demo(&setting, "one")).expect(2);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

/// Two indexes, two authorities: each vouches for its own index only, though one process trusts both.
#[test]
fn an_authority_does_not_vouch_for_another_index() {
    let setting = setting();
    let folder = place(&setting);
    let ours = Server::index(&setting.path("a"), &json!({ "key": folder.join("server.pem") }));
    let stranger = Server::index(&setting.path("b"), &json!({ "key": folder.join("stranger.pem") }));
    let first = ours.table("production", &format!("{}\nca = \"certificates/ours.pem\"", token_env()));
    let second = |ca: &str| {
        let table = stranger.table("production", &format!("{}\nca = \"certificates/{ca}\"", token_env()));
        table.replace("[index.company]", "[index.other]")
    };
    configure(&setting, &format!("{first}{}", second("ours.pem")));
    let run = publish(&setting, &demo(&setting, "one")).expect(5);
    assert!(run.stderr.contains("other could not be read"), "{}", run.stderr);
    // Both authorities are known to the process now, and neither helps the other index.
    let swapped = first.replace("ours.pem", "theirs.pem");
    configure(&setting, &format!("{swapped}{}", second("ours.pem")));
    publish(&setting, &demo(&setting, "one")).expect(5);
    assert!(stranger.requests().is_empty());
    assert_eq!(ours.uploads(), 0);
    configure(&setting, &format!("{first}{}", second("theirs.pem")));
    publish(&setting, &demo(&setting, "one")).expect(0);
    assert_eq!((ours.uploads(), stranger.uploads()), (1, 1));
}

/// Both sides show a certificate. Without ours the index does not speak to us, and a key that others can read is
/// refused before anything is contacted.
#[test]
fn both_sides_show_a_certificate() {
    let setting = setting();
    let folder = place(&setting);
    let settings = json!({ "key": folder.join("server.pem"), "clients": folder.join("ours.pem") });
    let server = Server::index(&setting.path("server"), &settings);
    let ca = format!("{}\nca = \"certificates/ours.pem\"", token_env());
    configure(&setting, &server.table("production", &ca));
    publish(&setting, &demo(&setting, "one")).expect(5);
    assert!(server.requests().is_empty());

    let both = server.table("production", &format!("{ca}\nclient-cert = \"certificates/client.pem\""));
    configure(&setting, &both);
    publish(&setting, &demo(&setting, "one")).expect(0);
    publish(&setting, &demo(&setting, "one")).expect(0);
    assert_eq!(server.uploads(), 1);
    assert!(server.requests().iter().all(|line| line.ends_with("release-bot")), "{:?}", server.requests());

    // Files behind the door are fetched by us, since pip and uv have no such certificate.
    let dependencies = setting.server().addresses(shiponce_rehearsal::Index::Pypi).simple();
    configure(&setting, &format!("{both}[verify]\nindex = \"{dependencies}\"\n"));
    let verify = setting.shiponce(["verify", "--name", "demo", "--index", "company"]).expect(0);
    assert!(verify.stderr.contains("demo version: 1.0"), "{}", verify.stderr);

    let seen = server.requests().len();
    fs_err::set_permissions(folder.join("client.pem"), PermissionsExt::from_mode(0o640)).unwrap();
    let readable = publish(&setting, &demo(&setting, "one")).expect(2);
    assert!(readable.stderr.contains("error[secret-file-readable]"), "{}", readable.stderr);
    assert_eq!(server.requests().len(), seen);
}

/// The client certificate is shown to its index only: the other one asks for it too and gets none.
#[test]
fn a_client_certificate_is_shown_to_its_index_only() {
    let setting = setting();
    let folder = place(&setting);
    let settings = json!({ "key": folder.join("server.pem"), "clients": folder.join("ours.pem") });
    let (ours, other) =
        (Server::index(&setting.path("a"), &settings), Server::index(&setting.path("b"), &settings));
    let ca = format!("{}\nca = \"certificates/ours.pem\"", token_env());
    let first = ours.table("production", &format!("{ca}\nclient-cert = \"certificates/client.pem\""));
    let second = other.table("production", &ca).replace("[index.company]", "[index.other]");
    configure(&setting, &format!("{first}{second}"));
    let run = publish(&setting, &demo(&setting, "one")).expect(5);
    assert!(run.stderr.contains("other could not be read"), "{}", run.stderr);
    assert!(!ours.requests().is_empty() && other.requests().is_empty());
}
