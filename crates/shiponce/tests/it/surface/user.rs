//! As an ordinary user: what root may do anyway proves nothing.

use super::demo;
use crate::harness::{Run, Setting};
use shiponce_rehearsal::Index;
use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

/// `nobody`, as most systems number it.
const USER: u32 = 65534;

/// Runs the binary as somebody who is not root. When the tests run as root, the setting's folder and a copy of the
/// binary are handed over to `nobody` first.
pub(super) fn as_ordinary_user(setting: &Setting, args: &[&str]) -> Run {
    let command = setting.command(args);
    if !rustix::process::geteuid().is_root() {
        return Run::of(command);
    }
    let binary = setting.path("shiponce");
    if !binary.exists() {
        // Who owns the folder the binary was built in does not matter then.
        fs_err::copy(command.get_program(), &binary).unwrap();
        hand_over(&setting.path(""));
    }
    #[expect(clippy::disallowed_methods, reason = "the binary is started by another program")]
    let mut other = Command::new("setpriv");
    other.args(["--reuid", &USER.to_string(), "--regid", &USER.to_string(), "--clear-groups"]);
    other.arg(binary).args(command.get_args()).env_clear().current_dir(command.get_current_dir().unwrap());
    for (name, value) in command.get_envs() {
        other.env(name, value.unwrap());
    }
    Run::of(other)
}

/// Gives a folder and everything in it to the ordinary user; links are not followed.
fn hand_over(path: &Path) {
    std::os::unix::fs::lchown(path, Some(USER), Some(USER)).unwrap();
    if fs_err::symlink_metadata(path).unwrap().is_dir() {
        for entry in fs_err::read_dir(path).unwrap() {
            hand_over(&entry.unwrap().path());
        }
    }
}

/// Whoever can read the state could exchange the bytes of a release, or learn what is going to be published.
#[test]
fn state_is_for_its_owner_only() {
    let setting = demo();
    fs_err::remove_dir(setting.path("state")).unwrap();
    as_ordinary_user(&setting, &["publish", "--yes"]).expect(0);
    assert_eq!(setting.stores(Index::Pypi), 2);
    let mut open = Vec::new();
    shared(&setting.path("state"), &mut open);
    assert!(open.is_empty(), "others may enter or read: {open:#?}");
    // It publishes nothing twice for this user either.
    let writes = setting.world().writes(Index::Pypi);
    as_ordinary_user(&setting, &["publish", "--yes"]).expect(0);
    assert_eq!(setting.world().writes(Index::Pypi), writes);
}

/// Paths below a private folder that others could reach if it were not private.
fn shared(path: &Path, found: &mut Vec<String>) {
    let metadata = fs_err::symlink_metadata(path).unwrap();
    let is_secret = metadata.is_dir() || path.extension().is_some_and(|extension| extension == "sqlite3");
    if is_secret && metadata.mode() & 0o077 != 0 {
        found.push(format!("{} {:o}", path.display(), metadata.mode() & 0o7777));
    }
    if metadata.is_dir() {
        for entry in fs_err::read_dir(path).unwrap() {
            shared(&entry.unwrap().path(), found);
        }
    }
}

#[test]
fn a_state_folder_without_permission() {
    let setting = demo();
    let state = setting.path("state");
    as_ordinary_user(&setting, &["versions", "demo"]).expect(0);
    fs_err::create_dir(setting.path("locked")).unwrap();
    fs_err::set_permissions(setting.path("locked"), Permissions::from_mode(0o555)).unwrap();
    let locked = setting.path("locked/state");
    let args = ["publish", "--yes", "--state-dir", locked.to_str().unwrap()];
    let run = as_ordinary_user(&setting, &args).expect(2);
    assert!(run.stderr.contains("error[ledger-unusable]"), "{}", run.stderr);
    assert!(run.stderr.contains("Permission denied"), "{}", run.stderr);
    assert_eq!(setting.world().writes(Index::Pypi), 0);
    assert!(state.is_dir());
}

/// A child of the same user cannot look at the environment of the process that holds the token.
#[test]
fn children_cannot_read_their_parent() {
    let mut setting = demo();
    let token = setting.world().token(Index::Pypi, &shiponce_rehearsal::TokenSpec::user("alice"));
    setting.set("UNRELATED_SECRET", "planted-in-the-environment");
    setting.unset("REHEARSAL_PROD_TOKEN");
    let (script, seen) = (setting.path("token.sh"), setting.path("seen"));
    let text = format!(
        "cat /proc/$PPID/environ /proc/$PPID/mem > '{0}' 2> '{0}.errors'\necho $PPID >> '{0}.errors'\necho '{token}'\n",
        seen.display()
    );
    fs_err::write(&script, text).unwrap();
    let tables = setting.indexes();
    let command = format!("token-command = [\"sh\", \"{}\"]\ntoken-env", script.display());
    let table = tables[tables.find("[index.pypi]").unwrap()..].replace("token-env", &command);
    fs_err::write(setting.path("shiponce.toml"), table).unwrap();
    as_ordinary_user(&setting, &["publish", "--yes"]).expect(0);
    assert_eq!(setting.stores(Index::Pypi), 2);
    let seen = fs_err::read(seen).unwrap();
    assert!(seen.is_empty(), "{}", String::from_utf8_lossy(&seen));
    let errors = fs_err::read_to_string(setting.path("seen.errors")).unwrap();
    assert!(errors.contains("Permission denied"), "{errors}");
}
