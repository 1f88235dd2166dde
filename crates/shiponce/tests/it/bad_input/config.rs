//! Configuration that cannot be used.

use super::refused_unheard;
use crate::harness::{Setting, wheel};
use insta::assert_snapshot;

const RELEASE: [&str; 2] = ["release", "--yes"];

/// A project that is configured by a file of its own instead of the setting's.
fn configured(text: &str) -> Setting {
    let mut setting = Setting::tiny();
    setting.unset("SHIPONCE_CONFIG");
    fs_err::write(setting.project().join("shiponce.toml"), text).unwrap();
    setting
}

#[test]
fn an_unknown_key() {
    let setting = configured("package = \"tiny\"\n\n[build]\ncomand = [\"make\"]\n");
    assert_snapshot!(refused_unheard(&setting, 2, &RELEASE), @"
    error[config-unknown-key]: unknown key `comand` in [build]
      --> shiponce.toml:4:1
       4 | comand = …
         | ^^^^^^
    hint: did you mean `command`?
    ");
}

#[test]
fn an_unknown_table() {
    let setting = configured("[indexes.company]\nrole = \"production\"\n");
    assert_snapshot!(refused_unheard(&setting, 2, &RELEASE), @"
    error[config-unknown-key]: unknown key `indexes` in shiponce.toml
      --> shiponce.toml:1:2
       1 | [indexes
         |  ^^^^^^^
    hint: did you mean `index`?
    ");
}

#[test]
fn a_file_that_is_not_toml() {
    let setting = configured("package = \"tiny\n");
    assert_snapshot!(refused_unheard(&setting, 2, &RELEASE), @r#"
    error[config-invalid]: shiponce.toml is not valid TOML: invalid basic string, expected `"`
      --> shiponce.toml:1:16
       1 | package = "tiny
         |                ^
    "#);
}

#[test]
fn both_files() {
    let setting = configured("package = \"tiny\"\n");
    let path = setting.project().join("pyproject.toml");
    let text = fs_err::read_to_string(&path).unwrap();
    fs_err::write(path, text + "\n[tool.shiponce]\npackage = \"tiny\"\n").unwrap();
    assert_snapshot!(refused_unheard(&setting, 2, &RELEASE), @"
    error[config-both-files]: both shiponce.toml and [tool.shiponce] in pyproject.toml configure this project
    hint: keep one of them
    hint: or name the one that counts for this run: --config shiponce.toml
    ");
}

#[test]
fn a_configuration_file_that_is_not_there() {
    let setting = Setting::tiny();
    assert_snapshot!(refused_unheard(&setting, 2, &["release", "--config", "gone.toml", "--yes"]), @"
    error[config-invalid]: gone.toml cannot be read
      caused by: there is no such file
    ");
}

#[test]
fn plain_http_beyond_this_machine() {
    let setting = configured(
        "[index.company]\nrole = \"production\"\nupload = \"http://packages.example/upload/\"\nsimple = \"https://packages.example/simple/\"\n",
    );
    assert_snapshot!(refused_unheard(&setting, 2, &RELEASE), @r#"
    error[insecure-url]: `index.company.upload` is not https: http://packages.example/upload/
      --> shiponce.toml:3:10
       3 | upload = "http://packages.example/upload/"
         |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: use https, or a loopback address
    "#);
}

#[test]
fn a_password_in_an_address() {
    let setting = configured(
        "[index.company]\nrole = \"production\"\nupload = \"https://ci:hunter2-hunter2@packages.example/upload/\"\nsimple = \"https://packages.example/simple/\"\n",
    );
    assert_snapshot!(refused_unheard(&setting, 2, &RELEASE), @"
    error[secret-in-url]: `index.company.upload` contains a user name or password: https://***@packages.example/upload/
      --> shiponce.toml:3:10
    hint: take the credential out of the address
    hint: for an index use `username` with `token-env` or `token-command`
    ");
}

#[test]
fn a_password_in_an_argument() {
    let setting = Setting::new();
    wheel(&super::dist(&setting), "demo", "1.0", "py3-none-any", "one");
    let args = ["publish", "--yes", "--index", "https://ci:hunter2-hunter2@packages.example/upload/"];
    assert_snapshot!(refused_unheard(&setting, 2, &args), @"
    error[secret-in-url]: `--index` contains a user name or password: https://***@packages.example/upload/
      source flag --index
    hint: take the credential out of the address
    ");
}

#[test]
fn a_password_in_the_ledger_address() {
    let setting = Setting::tiny();
    let args = ["release", "--yes", "--ledger", "postgres://ci:hunter2-hunter2@db.example/ledger"];
    assert_snapshot!(refused_unheard(&setting, 2, &args), @"
    error[secret-in-url]: `--ledger` contains a user name or password: postgres://***@db.example/ledger
      source flag --ledger
    hint: take the credential out of the address
    ");
}

#[test]
fn an_unknown_target() {
    let setting = Setting::tiny();
    assert_snapshot!(refused_unheard(&setting, 2, &["release", "--yes", "--skip", "pipy"]), @"
    error[usage]: --skip names no configured index: pipy
    hint: configured: github, pypi, testpypi
    ");
    assert_snapshot!(refused_unheard(&setting, 2, &["release", "--yes", "--to", "company"]), @"
    error[usage]: --to names no configured index: company
    hint: configured: github, pypi, testpypi
    ");
}

#[test]
fn an_unknown_flag() {
    let setting = Setting::tiny();
    assert_snapshot!(refused_unheard(&setting, 2, &["release", "--dryrun"]), @"
    error[usage]: unexpected argument '--dryrun' found

      tip: a similar argument exists: '--dry-run'

    Usage: shiponce release --dry-run [PATH]

    For more information, try '--help'.
    ");
}

#[test]
fn a_duration_that_is_none() {
    let setting = Setting::tiny();
    assert_snapshot!(refused_unheard(&setting, 2, &["release", "--wait", "soon"]), @"
    error[usage]: invalid value 'soon' for '--wait <D>': `soon` is no duration; write 90s, 15m or 2h

    For more information, try '--help'.
    ");
}

/// A script that asked for JSON gets an object, also when its flags cannot be parsed.
#[test]
fn an_unknown_flag_beside_json() {
    let setting = Setting::tiny();
    let run = setting.shiponce(["plan", "--json", "--dryrun"]).expect(2);
    assert_eq!(run.json()["error"]["code"], "usage");
    assert_eq!(run.json()["error"]["message"], "unexpected argument '--dryrun' found");
}

/// What a later version will honour is refused, and never silently ignored.
#[test]
fn a_setting_of_a_later_version() {
    let setting = configured("[concurrency]\non-failure = \"hold\"\n");
    assert_snapshot!(refused_unheard(&setting, 2, &RELEASE), @r#"
    error[not-supported]: [concurrency] on-failure = "hold" is not supported in this version: holding the line after a failed release
      --> shiponce.toml:2:14
       2 | on-failure = "hold"
         |              ^^^^^^
    hint: remove it, or use a version of shiponce that supports it
    "#);
}
