//! `config show`: where values come from, which hosts are contacted, and never a secret.

use super::help::text;
use crate::harness::Setting;
use insta::assert_snapshot;
use shiponce_config::Endpoints;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn every_value_names_its_source() {
    let mut setting = Setting::tiny();
    setting.unset("REHEARSAL_PROD_TOKEN");
    let dotenv = setting.project().join(".env");
    fs_err::write(&dotenv, "REHEARSAL_PROD_TOKEN=planted-in-dotenv\n").unwrap();
    fs_err::set_permissions(&dotenv, Permissions::from_mode(0o600)).unwrap();
    let shown = setting.tidy(&text(&setting, &["config", "show", "--sources"]));
    assert!(!shown.contains("planted"), "{shown}");
    let kept = ["package ", "build.command ", "state-dir ", "ledger ", "index.pypi."];
    let kept: Vec<&str> = shown.lines().filter(|line| kept.iter().any(|key| line.starts_with(key))).collect();
    assert_snapshot!(kept.join("\n"), @r#"
    package                           = tiny  (pyproject.toml:2)
    build.command                     = ["python3", "build.py", "{dist}"]  ([folder]/shiponce.toml:19)
    index.pypi.role                   = production  ([folder]/shiponce.toml:10)
    index.pypi.required               = true  (default)
    index.pypi.upload                 = http://127.0.0.1:PORT/prod/legacy/  ([folder]/shiponce.toml:11)
    index.pypi.simple                 = http://127.0.0.1:PORT/prod/simple/  ([folder]/shiponce.toml:12)
    index.pypi.json                   = http://127.0.0.1:PORT/prod/pypi/  ([folder]/shiponce.toml:13)
    index.pypi.immutable              = yes  ([folder]/shiponce.toml:14)
    index.pypi.rules                  = pypi  ([folder]/shiponce.toml:15)
    index.pypi.mirror                 = false  (default)
    index.pypi.read-auth              = false  (default)
    index.pypi.parallel-uploads       = 6  (default)
    index.pypi.cache-ttl              = 1h  (default)
    index.pypi.trusted-publishing     = auto  (default)
    index.pypi.attestations           = off  (default)
    index.pypi.username               = __token__  (default)
    index.pypi.token-env              = ["REHEARSAL_PROD_TOKEN"]  ([folder]/shiponce.toml:16)
    index.pypi.credential             = set  (.env REHEARSAL_PROD_TOKEN)
    state-dir                         = [folder]/state  (environment SHIPONCE_STATE_DIR)
    ledger                            = sqlite:[folder]/state/ledger.sqlite3  (default)
    "#);
    // Without the flag, the same values alone.
    let plain = setting.tidy(&text(&setting, &["config", "show"]));
    assert_eq!(plain.lines().count(), shown.lines().count());
    for (plain, sourced) in plain.lines().zip(shown.lines()) {
        assert!(sourced.starts_with(plain), "{plain}\n{sourced}");
    }
}

#[test]
fn hosts() {
    let setting = Setting::tiny();
    let mut shown = setting.tidy(&text(&setting, &["config", "show", "--network"]));
    let github = Endpoints::built_in().github;
    for (address, name) in [(&github.api, "<API>"), (&github.uploads, "<uploads>")] {
        shown = shown.replace(address.trim_start_matches("https://").trim_end_matches('/'), name);
    }
    for (host, name) in [(&github.files, "<files>"), (&github.website, "<GitHub>")] {
        shown = shown.replace(host, name);
    }
    assert_snapshot!(shown, @"
    127.0.0.1:PORT  read testpypi
    127.0.0.1:PORT  upload to testpypi
    127.0.0.1:PORT  read pypi
    127.0.0.1:PORT  upload to pypi
    <API>  the GitHub release, when origin is on <GitHub>
    <uploads>  upload files to the GitHub release, when origin is on <GitHub>
    <files>  download files of the GitHub release, when origin is on <GitHub>
    ");
}

#[test]
fn a_token_that_cannot_be_used_is_said_without_it() {
    let mut setting = Setting::tiny();
    setting.set("REHEARSAL_PROD_TOKEN", "planted\u{7}token");
    let shown = text(&setting, &["config", "show", "--sources"]);
    assert!(
        shown.contains("unusable: the token from REHEARSAL_PROD_TOKEN contains control characters"),
        "{shown}"
    );
    assert!(!shown.contains("planted"), "{shown}");
}
