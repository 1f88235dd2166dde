//! Credentials that must not be used, found out before any network use.

use super::{dist, refused_unheard, said};
use crate::harness::{Setting, wheel};
use insta::assert_snapshot;
use shiponce_config::Endpoints;
use shiponce_rehearsal::{Index, TokenSpec, WorldConfig};
use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

const PUBLISH: [&str; 2] = ["publish", "--yes"];

/// One wheel to publish.
fn one_wheel() -> Setting {
    let setting = Setting::new();
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "one");
    setting
}

fn write_readable(path: &Path, text: &str) {
    fs_err::write(path, text).unwrap();
    fs_err::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
}

/// A token as another index would have issued it.
fn token_of(host: &str) -> String {
    let mut config = WorldConfig::new();
    config.pypi.location(host);
    config.token(Index::Pypi, &TokenSpec::user("alice"))
}

#[test]
fn a_dotenv_that_others_can_read() {
    let mut setting = one_wheel();
    setting.unset("REHEARSAL_PROD_TOKEN");
    write_readable(&setting.project().join(".env"), "REHEARSAL_PROD_TOKEN=pypi-AAAA-planted\n");
    assert_snapshot!(refused_unheard(&setting, 2, &PUBLISH), @"
    error[secret-file-readable]: .env holds REHEARSAL_PROD_TOKEN and its mode is 0644
      file [folder]/project/.env
    hint: chmod 600 [folder]/project/.env
    ");
}

#[test]
fn a_pypirc_that_others_can_read() {
    let setting = one_wheel();
    write_readable(
        &setting.path("home/.pypirc"),
        "[pypi]\nusername = __token__\npassword = pypi-AAAA-planted\n",
    );
    assert_snapshot!(refused_unheard(&setting, 2, &PUBLISH), @"
    error[secret-file-readable]: .pypirc holds the password of [pypi] and its mode is 0644
      file [folder]/home/.pypirc
    hint: chmod 600 [folder]/home/.pypirc
    ");
}

/// One wheel for the built-in production index, whose tokens have a known form. Every way out of this machine ends at a
/// proxy that counts connections.
fn for_the_public_index(token: &str) -> (Setting, TcpListener) {
    let mut setting = one_wheel();
    fs_err::write(setting.path("shiponce.toml"), "").unwrap();
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        setting.set(name, format!("http://{}", proxy.local_addr().unwrap()));
    }
    setting.set("PYPI_API_TOKEN", token);
    (setting, proxy)
}

/// Refused with code 7, and nobody has connected to the proxy.
fn refused_offline((setting, proxy): (Setting, TcpListener)) -> String {
    let said = refused_unheard(&setting, 7, &PUBLISH);
    let connection = proxy.accept();
    assert!(connection.is_err(), "it went to the network: {connection:?}");
    said
}

#[test]
fn a_token_that_is_cut_off() {
    let said = refused_offline(for_the_public_index("pypi-AgEIcHlwaS5vcmc"));
    assert!(!said.contains("AgEIcHlw"), "{said}");
    assert_snapshot!(said, @"
    error[token-malformed]: the token from PYPI_API_TOKEN is cut short or damaged
      index  pypi
      source environment PYPI_API_TOKEN
    Nothing was sent.
    hint: copy the token again, whole: it begins with pypi- and has more than 100 characters
    ");
}

#[test]
fn a_token_with_quotes_around_it() {
    let quoted = format!("\"{}\"", token_of("127.0.0.1"));
    assert_snapshot!(refused_offline(for_the_public_index(&quoted)), @"
    error[token-malformed]: the token from PYPI_API_TOKEN does not begin with pypi-
      index  pypi
      source environment PYPI_API_TOKEN
    Nothing was sent.
    hint: copy the token again, whole: it begins with pypi- and has more than 100 characters
    ");
}

#[test]
fn a_password_where_a_token_belongs() {
    assert_snapshot!(refused_offline(for_the_public_index("hunter2-hunter2")), @"
    error[token-malformed]: the token from PYPI_API_TOKEN does not begin with pypi-
      index  pypi
      source environment PYPI_API_TOKEN
    Nothing was sent.
    hint: copy the token again, whole: it begins with pypi- and has more than 100 characters
    ");
}

#[test]
fn a_token_of_the_test_index_for_production() {
    let token = token_of("packages.example");
    let said = refused_offline(for_the_public_index(&token));
    let said = said.replace(&Endpoints::built_in().production.token_location, "<PyPI>");
    assert_snapshot!(said, @"
    error[token-foreign-host]: the token from PYPI_API_TOKEN was issued by packages.example, not by <PyPI>
      index  pypi
      source environment PYPI_API_TOKEN
    Nothing was sent.
    hint: use a token of <PyPI>
    ");
}

#[test]
fn a_token_of_another_host() {
    let mut setting = one_wheel();
    setting.set("REHEARSAL_PROD_TOKEN", token_of("packages.example"));
    assert_snapshot!(refused_unheard(&setting, 7, &PUBLISH), @"
    error[token-foreign-host]: the token from REHEARSAL_PROD_TOKEN was issued by packages.example, not by 127.0.0.1
      index  pypi
      source environment REHEARSAL_PROD_TOKEN
    Nothing was sent.
    hint: use a token of 127.0.0.1
    ");
}

/// Reading needs no credential, so a dry run does not mind a bad one, and sends none.
#[test]
fn a_dry_run_needs_no_token() {
    let mut setting = one_wheel();
    setting.set("REHEARSAL_PROD_TOKEN", "pypi-AgEIcHlwaS5vcmc");
    setting.shiponce(["publish", "--dry-run"]).expect(0);
}

/// A run that fails for want of a production token has done the test stage, and a second run goes on from there.
#[test]
fn no_token_for_production() {
    let mut setting = Setting::tiny();
    setting.unset("REHEARSAL_PROD_TOKEN");
    let first = setting.shiponce(["release", "--yes"]).expect(7);
    assert_eq!(setting.world().writes(Index::TestPypi), 1);
    assert_eq!(setting.world().writes(Index::Pypi), 0);
    assert_snapshot!(said(&setting, &first), @"
    [WARNING] REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    [INFO] Building with `python3` from a clean clone of [short]
    [SUCCESS] Built tiny-1.0.0-py3-none-any.whl
    [INFO] Plan for tiny 1.0.0, 1 file:
    [INFO]   testpypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [INFO] Credential for testpypi: environment REHEARSAL_TEST_TOKEN
    [INFO] Uploading tiny-1.0.0-py3-none-any.whl to testpypi
    [SUCCESS] tiny-1.0.0-py3-none-any.whl is on testpypi (read back)
    [SUCCESS] tiny 1.0.0 is on testpypi
    [INFO] testpypi: what installers read here shows 1 file: simple-json (serial 1), simple-html (serial 1), json (serial 1)
    [INFO] Testing installation from testpypi...
    [INFO] Installing tiny from testpypi...
    [SUCCESS] Package installed from testpypi
    [SUCCESS] tiny version: 1.0.0
    error[token-missing]: no credential for index pypi
      looked at REHEARSAL_PROD_TOKEN: not set
    Nothing was uploaded to pypi by this run.
    hint: set REHEARSAL_PROD_TOKEN
    ");

    let token = setting.world().token(Index::Pypi, &TokenSpec::user("alice"));
    setting.set("REHEARSAL_PROD_TOKEN", token);
    let second = setting.shiponce(["release", "--yes"]).expect(0);
    assert_eq!(setting.world().writes(Index::TestPypi), 1);
    assert_eq!(setting.world().writes(Index::Pypi), 1);
    assert_eq!(setting.files(Index::Pypi), setting.files(Index::TestPypi));
    assert_snapshot!(said(&setting, &second), @"
    [INFO] tiny 1.0.0: 1 file frozen before, nothing built
    [INFO] Plan for tiny 1.0.0, 1 file:
    [INFO]   testpypi (127.0.0.1:PORT): 1 of 1 there, 0 to upload
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   tiny-1.0.0-py3-none-any.whl: not there
    [WARNING] Version 1.0.0 already exists on 127.0.0.1:PORT (since [time])
    [WARNING] Skipping testpypi publish - version already exists
    [INFO] tiny-1.0.0-py3-none-any.whl: Identical wheel already published on testpypi since [time]
    [WARNING] REHEARSAL_PROD_TOKEN, REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    [INFO] Testing installation from testpypi...
    [INFO] Installing tiny from testpypi...
    [SUCCESS] Package installed from testpypi
    [SUCCESS] tiny version: 1.0.0
    [INFO] Credential for pypi: environment REHEARSAL_PROD_TOKEN
    [INFO] Uploading tiny-1.0.0-py3-none-any.whl to pypi
    [SUCCESS] tiny-1.0.0-py3-none-any.whl is on pypi (read back)
    [SUCCESS] tiny 1.0.0 is on pypi
    [INFO] pypi: what installers read here shows 1 file: simple-json (serial 1), simple-html (serial 1), json (serial 1)
    [SUCCESS] Complete workflow finished successfully!
    ");
}

#[test]
fn a_token_the_index_refuses() {
    let mut setting = one_wheel();
    let damaged = setting.world().token(Index::Pypi, &TokenSpec::user("alice").damaged());
    setting.set("REHEARSAL_PROD_TOKEN", damaged);
    let run = setting.shiponce(["publish", "--yes", "--index", "pypi"]).expect(7);
    assert_eq!(setting.stores(Index::Pypi), 0);
    assert_snapshot!(said(&setting, &run), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    [INFO] Plan for demo 1.0, 1 file:
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   demo-1.0-py3-none-any.whl: not there
    [INFO] Credential for pypi: environment REHEARSAL_PROD_TOKEN
    [INFO] Uploading demo-1.0-py3-none-any.whl to pypi
    [WARNING] pypi refused demo-1.0-py3-none-any.whl: Invalid API Token: signatures do not match
    error[auth-refused]: pypi refused the credential for demo-1.0-py3-none-any.whl
      caused by: pypi said: Invalid API Token: signatures do not match
    Nothing was uploaded to pypi by this run.
    hint: check that the token belongs to this index and this project, and has not expired
    ");
}

#[test]
fn a_token_of_another_project() {
    let mut setting = one_wheel();
    let token = setting.world().token(Index::Pypi, &TokenSpec::user("alice").project("other"));
    setting.set("REHEARSAL_PROD_TOKEN", token);
    let run = setting.shiponce(["publish", "--yes", "--index", "pypi"]).expect(7);
    assert_eq!(setting.stores(Index::Pypi), 0);
    assert_snapshot!(said(&setting, &run), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    [INFO] Plan for demo 1.0, 1 file:
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   demo-1.0-py3-none-any.whl: not there
    [INFO] Credential for pypi: environment REHEARSAL_PROD_TOKEN
    [INFO] Uploading demo-1.0-py3-none-any.whl to pypi
    [WARNING] pypi refused demo-1.0-py3-none-any.whl: Invalid API Token: project-scoped token is not valid for project: 'demo', project-scoped token is not valid for project: 'demo'
    error[auth-refused]: pypi refused the credential for demo-1.0-py3-none-any.whl
      caused by: pypi said: Invalid API Token: project-scoped token is not valid for project: 'demo', project-scoped token is not valid for project: 'demo'
    Nothing was uploaded to pypi by this run.
    hint: check that the token belongs to this index and this project, and has not expired
    ");
}

#[test]
fn building_beside_a_credential_in_ci() {
    let mut setting = Setting::tiny();
    setting.set("CI", "true");
    assert_snapshot!(refused_unheard_or_read(&setting), @"
    error[build-beside-credentials]: this CI job would run project code beside a publishing credential (REHEARSAL_PROD_TOKEN)
    Nothing was built or uploaded by this run.
    hint: build in a job without it, then publish the files in a job that runs no project code: shiponce publish
    ");
}

/// The same token outside of CI is a warning: it is the developer's own machine.
#[test]
fn publishing_files_beside_a_credential_in_ci_is_the_way() {
    let mut setting = one_wheel();
    setting.set("CI", "true");
    setting.shiponce(["publish", "--yes"]).expect(0);
    assert_eq!(setting.stores(Index::Pypi), 1);
}

/// Reads may have happened; nothing was built and nothing sent.
fn refused_unheard_or_read(setting: &Setting) -> String {
    super::refused(setting, 2, &["release", "--yes"])
}
