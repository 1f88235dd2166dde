//! A real pypiserver with a password file, that replaces files and that does not, with and without digests.

use super::servers::{PASSWORD, Server, USER, program};
use super::{NAME, configure, demo, publish, setting, token_env};
use crate::harness::{Setting, python, wheel};
use std::path::Path;
use std::process::Stdio;

/// A file in the form of Apache's htpasswd with the one user.
fn htpasswd(setting: &Setting) -> std::path::PathBuf {
    let path = setting.path("htpasswd");
    let script = "import base64, hashlib, sys\nuser, word, path = sys.argv[1:]\n\
                  digest = base64.b64encode(hashlib.sha1(word.encode()).digest()).decode()\n\
                  open(path, 'w').write(user + ':{SHA}' + digest + '\\n')";
    let mut command = program(&python());
    command.args(["-c", script, USER, PASSWORD]).arg(&path).stderr(Stdio::inherit());
    assert!(command.status().unwrap().success());
    path
}

/// Replaces files or not, lists sha256, md5 or nothing: published once, read with the password, other bytes refused
/// before anything is sent, and the first bytes stay.
#[test]
fn with_and_without_overwriting_and_digests() {
    let setting = setting();
    let passwords = htpasswd(&setting);
    let passwords = passwords.to_str().unwrap();
    for (number, more, immutable) in [
        (1, vec!["--hash-algo", "md5"], "yes"),
        (2, vec!["--hash-algo", "sha256", "--overwrite"], "no"),
        (3, vec!["--hash-algo", "no", "--overwrite"], "unknown"),
    ] {
        let folder = setting.path(&format!("packages-{number}"));
        let args: Vec<&str> =
            ["-P", passwords, "-a", "update,download,list"].into_iter().chain(more.iter().copied()).collect();
        let server = Server::pypiserver(&folder, &args);
        let read = format!("{}\nimmutable = \"{immutable}\"", token_env());
        configure(&setting, &server.table("production", &read));
        publish(&setting, &demo(&setting, "one")).expect(5);
        configure(&setting, &server.table("production", &format!("{read}\nread-auth = true")));
        publish(&setting, &demo(&setting, "one")).expect(0);
        let stored = fs_err::read(folder.join(NAME)).unwrap();
        publish(&setting, &demo(&setting, "one")).expect(0);
        let other = publish(&setting, &demo(&setting, "two")).expect(4);
        assert!(other.stderr.contains("error[file-conflict]"), "{more:?}: {}", other.stderr);
        assert_eq!(fs_err::read(folder.join(NAME)).unwrap(), stored, "{more:?}");
    }
}

/// Local versions and plain Linux wheels go to an index with its own rules, and not to one with those of PyPI.
#[test]
fn rules_of_ones_own() {
    let setting = setting();
    let folder = setting.path("packages");
    let server = Server::pypiserver(&folder, &["-P", ".", "-a", "."]);
    let local = |setting: &Setting| {
        let file = wheel(&setting.path("local"), "demo", "1.0+cpu.2", "cp311-cp311-linux_x86_64", "local");
        let (from, to) = (file.clone(), file.with_file_name("demo-1.0+cpu.2-cp311-cp311-linux_x86_64.whl"));
        if from != to {
            fs_err::rename(from, &to).unwrap();
        }
        to
    };
    let file = local(&setting);
    for (rules, immutable) in [("pypi", "unknown"), ("pypi", "yes")] {
        let more = format!("{}\nrules = \"{rules}\"\nimmutable = \"{immutable}\"", token_env());
        configure(&setting, &server.table("production", &more));
        let refused = publish(&setting, &file).expect(1);
        assert!(refused.stderr.contains("error[check-failed]"), "{immutable}: {}", refused.stderr);
        assert!(!is_there(&folder, &file));
    }
    configure(&setting, &server.table("production", &format!("{}\nrules = \"permissive\"", token_env())));
    publish(&setting, &file).expect(0);
    assert!(is_there(&folder, &file));
    let again = publish(&setting, &file).expect(0);
    assert!(again.stderr.contains("version already exists"), "{}", again.stderr);
}

fn is_there(folder: &Path, file: &Path) -> bool {
    folder.join(file.file_name().unwrap()).is_file()
}
