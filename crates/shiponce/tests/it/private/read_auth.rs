//! Indexes that ask readers who they are.

use super::servers::{PASSWORD, Server, USER};
use super::{NAME, VARIABLE, configure, demo, publish, setting, token_env};
use crate::harness::{Setting, project, sdist, venv};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use std::os::unix::fs::PermissionsExt;

/// An answer to a stranger is no absence, whatever its number; nothing is sent on the strength of it.
#[test]
fn what_a_stranger_is_told_is_no_absence() {
    for anonymous in [404, 401, 403] {
        let mut setting = setting();
        setting.unset(VARIABLE);
        let server = Server::closed(&setting.path("server"), &json!({ "anonymous": anonymous }));
        configure(&setting, &server.table("production", &format!("{}\nread-auth = true", token_env())));
        let file = demo(&setting, "one");
        let run = publish(&setting, &file).expect(5);
        assert!(run.stderr.contains("error[target-unobserved]"), "{}", run.stderr);
        assert!(run.stderr.contains("without a credential"), "{}", run.stderr);
        assert_eq!(server.uploads(), 0);
        let versions = setting.shiponce(["versions", "demo", "--json"]).expect(5);
        assert_eq!(versions.json()["indexes"]["company"]["observed"], false, "{}", versions.stdout);
    }
}

/// Without `read-auth` the credential is for uploads: it does not travel with reads.
#[test]
fn reads_carry_no_credential_unless_told_to() {
    let setting = setting();
    let server = Server::index(&setting.path("server"), &json!({}));
    configure(&setting, &server.table("production", &token_env()));
    publish(&setting, &demo(&setting, "one")).expect(0);
    let log = setting.path("server/requests.log");
    assert!(fs_err::read_to_string(log).unwrap().contains("POST / known"));
    let closed = Server::closed(&setting.path("closed"), &json!({}));
    configure(&setting, &closed.table("production", &token_env()));
    publish(&setting, &demo(&setting, "one")).expect(5);
    assert!(closed.requests().iter().all(|line| line.ends_with("anonymous")), "{:?}", closed.requests());
}

/// Published, pressed again, other bytes refused; a listing without sha256 is compared by downloading, with the
/// credential, since files are behind the same door.
#[test]
fn read_and_compared_with_the_upload_credential() {
    for digest in ["sha256", "md5", "none"] {
        let setting = setting();
        let server = Server::closed(&setting.path("server"), &json!({ "anonymous": 404, "digest": digest }));
        configure(&setting, &server.table("production", &format!("{}\nread-auth = true", token_env())));
        publish(&setting, &demo(&setting, "one")).expect(0);
        let again = publish(&setting, &demo(&setting, "one")).expect(0);
        let other = publish(&setting, &demo(&setting, "two")).expect(4);
        assert!(other.stderr.contains("error[file-conflict]"), "{digest}: {}", other.stderr);
        assert_eq!(server.uploads(), 1, "{digest}");
        let fetched = server.requests().iter().any(|line| line.starts_with(&format!("GET /files/{NAME}")));
        assert_eq!(fetched, digest != "sha256", "{digest}");
        assert!(server.requests().iter().all(|line| line.ends_with("known")), "{:?}", server.requests());
        assert!(!again.stderr.contains(PASSWORD) && !other.stderr.contains(PASSWORD));
    }
}

/// The credential stays with the origin of the upload address.
#[test]
fn the_credential_is_not_for_another_origin() {
    let setting = setting();
    let (ours, other) =
        (Server::closed(&setting.path("a"), &json!({})), Server::closed(&setting.path("b"), &json!({})));
    let table = ours.table("production", &format!("{}\nread-auth = true", token_env()));
    let (from, to) = (format!("simple = \"{}", ours.base), format!("simple = \"{}", other.base));
    configure(&setting, &table.replace(&from, &to));
    let run = publish(&setting, &demo(&setting, "one")).expect(2);
    assert!(run.stderr.contains("`index.company.read-auth` would send the credential of"), "{}", run.stderr);
    assert!(ours.requests().is_empty() && other.requests().is_empty());
}

/// One program that prints the secret, run once, for reading and uploading; and a password from `.pypirc`.
#[test]
fn the_credential_comes_from_a_program_or_from_pypirc() {
    let mut setting = setting();
    setting.unset(VARIABLE);
    let server = Server::closed(&setting.path("server"), &json!({ "anonymous": 404 }));
    let script = setting.path("token.sh");
    let runs = setting.path("runs");
    fs_err::write(&script, format!("#!/bin/sh\necho run >>'{}'\necho {PASSWORD}\n", runs.display())).unwrap();
    fs_err::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
    let by_program = format!("token-command = [\"{}\"]\nread-auth = true", script.display());
    configure(&setting, &server.table("production", &by_program));
    let run = publish(&setting, &demo(&setting, "one")).expect(0);
    assert!(!run.stderr.contains(PASSWORD), "{}", run.stderr);
    assert_eq!(fs_err::read_to_string(&runs).unwrap(), "run\n");
    let versions = setting.shiponce(["versions", "demo", "--json"]).expect(0);
    assert_eq!(versions.json()["indexes"]["company"]["versions"][0]["version"], "1.0", "{}", versions.stdout);

    let pypirc = setting.path("home/.pypirc");
    let base = &server.base;
    let text = format!(
        "[distutils]\nindex-servers = company\n\n[company]\nrepository = {base}/\nusername = {USER}\npassword = {PASSWORD}\n"
    );
    fs_err::write(&pypirc, text).unwrap();
    fs_err::set_permissions(&pypirc, PermissionsExt::from_mode(0o600)).unwrap();
    configure(&setting, &server.table("production", "read-auth = true"));
    publish(&setting, &demo(&setting, "one")).expect(0);
    assert_eq!(server.uploads(), 1);
}

/// A program that fails says so before anything is asked.
#[test]
fn a_program_that_prints_no_secret_ends_the_run() {
    let setting = setting();
    let server = Server::closed(&setting.path("server"), &json!({}));
    configure(&setting, &server.table("production", "token-command = [\"false\"]\nread-auth = true"));
    let run = publish(&setting, &demo(&setting, "one")).expect(7);
    assert!(run.stderr.contains("token-command `false` ended with"), "{}", run.stderr);
    assert!(server.requests().is_empty());
}

/// A whole release through a test index behind a door: installed from its bytes, and no installer, build or test
/// ever sees the secret. `verify` the same, with uv and with pip.
#[test]
fn installing_from_a_closed_index_gives_nothing_away() {
    let mut setting = Setting::tiny();
    setting.set(VARIABLE, PASSWORD);
    let server = Server::closed(&setting.path("server"), &json!({ "anonymous": 404 }));
    let production = setting.indexes();
    let production = &production[production.find("[index.pypi]").unwrap()..];
    let table = server.table("test", &format!("{}\nread-auth = true", token_env()));
    configure(&setting, &format!("{table}{production}{}", project::TINY_CONFIG));
    let seen = spy(&mut setting);
    let run = setting.shiponce(["release", "--yes"]).expect(0);
    assert!(run.stderr.contains("[SUCCESS] Package installed from company"), "{}", run.stderr);
    assert!(run.stderr.contains("[SUCCESS] tiny version: 1.0.0"), "{}", run.stderr);
    assert_eq!(server.uploads(), 1);
    let verify = setting.shiponce(["verify", "--index", "company"]).expect(0);
    assert!(verify.stderr.contains("[SUCCESS] tiny version: 1.0.0"), "{}", verify.stderr);

    let spied = fs_err::read_to_string(&seen).unwrap();
    assert!(spied.contains("pip install") && spied.contains("PATH="), "the spy saw nothing: {spied}");
    setting.without_uv();
    let verify = setting.shiponce(["verify", "--index", "company", "-v"]).expect(0);
    let basic = BASE64_STANDARD.encode(format!("{USER}:{PASSWORD}"));
    for text in [&spied, &run.stderr, &verify.stderr, &verify.stdout] {
        assert!(!text.contains(PASSWORD) && !text.contains(&basic), "{text}");
    }
    assert!(server.requests().iter().all(|line| line.ends_with("known")), "{:?}", server.requests());
}

/// Dependencies and build backends come from production, without a credential; when that is closed, the message says
/// what to write.
#[test]
fn dependencies_need_an_index_that_pip_can_read() {
    let setting = setting();
    let server = Server::closed(&setting.path("server"), &json!({ "anonymous": 401 }));
    let table = server.table("production", &format!("{}\nread-auth = true", token_env()));
    configure(&setting, &table);
    sdist(&setting.path("dist"), "demo", "1.0", "built from source");
    let dist = setting.path("dist");
    let args =
        ["verify".as_ref(), "--name".as_ref(), "demo".as_ref(), "--dist-dir".as_ref(), dist.as_os_str()];
    let run = setting.shiponce(args).expect(1);
    assert!(
        run.stderr.contains("hint: dependencies and build backends come from an index"),
        "{}",
        run.stderr
    );
    assert!(!server.requests().iter().any(|line| line.contains("known") || line.contains("sent")));
    assert!(!run.stderr.contains(PASSWORD), "{}", run.stderr);
}

/// Puts a uv before the real one that notes its arguments and its environment.
fn spy(setting: &mut Setting) -> std::path::PathBuf {
    let (folder, seen) = (setting.path("spy"), setting.path("seen"));
    fs_err::create_dir_all(&folder).unwrap();
    let script = folder.join("uv");
    let real = venv().join("bin/uv");
    let text = format!(
        "#!/bin/sh\n{{ echo \"$@\"; env; }} >>'{}'\nexec '{}' \"$@\"\n",
        seen.display(),
        real.display()
    );
    fs_err::write(&script, text).unwrap();
    fs_err::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
    let rest = crate::harness::path_with_uv();
    let path = std::env::join_paths([folder].into_iter().chain(std::env::split_paths(&rest))).unwrap();
    setting.set("PATH", path);
    seen
}
