//! The question before production: only an explicit yes publishes.

use super::{dist, refused, said};
use crate::harness::{Setting, wheel};
use crate::peers::on_a_terminal;
use insta::assert_snapshot;
use shiponce_rehearsal::Index;

const PUBLISH: [&str; 3] = ["publish", "--index", "pypi"];

fn one_wheel() -> Setting {
    let setting = Setting::new();
    wheel(&dist(&setting), "demo", "1.0", "py3-none-any", "one");
    setting
}

#[test]
fn nobody_to_ask() {
    assert_snapshot!(refused(&one_wheel(), 2, &PUBLISH), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    [INFO] Plan for demo 1.0, 1 file:
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   demo-1.0-py3-none-any.whl: not there
    error[confirmation-needed]: publishing to production needs a yes, and there is no terminal to ask at
    Nothing was uploaded by this run.
    hint: use --yes
    ");
}

/// The test index needs no yes, and a release stops before it all the same: the question comes first.
#[test]
fn nobody_to_ask_about_a_release() {
    let setting = Setting::tiny();
    let said = refused(&setting, 2, &["release"]);
    assert!(said.contains("error[confirmation-needed]"), "{said}");
}

#[test]
fn a_no() {
    let setting = one_wheel();
    let run = on_a_terminal(&setting.command(PUBLISH), "no\n").expect(1);
    assert_eq!(setting.world().writes(Index::Pypi), 0);
    assert_snapshot!(shown(&setting, &run.stdout), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    [INFO] Plan for demo 1.0, 1 file:
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   demo-1.0-py3-none-any.whl: not there
    demo 1.0 goes to pypi (127.0.0.1:PORT):
      demo-1.0-py3-none-any.whl  901 bytes  sha256 [sha256]
    Publish? Only `yes` publishes: no
    error[not-confirmed]: publishing was not confirmed
    Nothing was uploaded by this run.
    hint: press again and answer yes, or use --yes
    ");
}

#[test]
fn anything_but_a_yes_is_a_no() {
    for answer in ["\n", "y\n", "yes please\n", "ja\n", "\u{4}"] {
        let setting = one_wheel();
        on_a_terminal(&setting.command(PUBLISH), answer).expect(1);
        assert_eq!(setting.world().writes(Index::Pypi), 0, "{answer:?}");
    }
}

#[test]
fn a_yes() {
    let setting = one_wheel();
    let run = on_a_terminal(&setting.command(PUBLISH), "yes\n").expect(0);
    assert_eq!(setting.stores(Index::Pypi), 1);
    assert_snapshot!(shown(&setting, &run.stdout), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    [INFO] Plan for demo 1.0, 1 file:
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   demo-1.0-py3-none-any.whl: not there
    demo 1.0 goes to pypi (127.0.0.1:PORT):
      demo-1.0-py3-none-any.whl  901 bytes  sha256 [sha256]
    Publish? Only `yes` publishes: yes
    [INFO] Credential for pypi: environment REHEARSAL_PROD_TOKEN
    [INFO] Uploading demo-1.0-py3-none-any.whl to pypi
    [SUCCESS] demo-1.0-py3-none-any.whl is on pypi (read back)
    [SUCCESS] demo 1.0 is on pypi
    [INFO] pypi: what installers read here shows 1 file: simple-json (serial 1), simple-html (serial 1), json (serial 1)
    [SUCCESS] demo 1.0: every file is there
    ");
}

/// Ctrl-C at the question ends it at once; nobody has to press Enter as well.
#[test]
fn an_interrupt() {
    let setting = one_wheel();
    let run = on_a_terminal(&setting.command(PUBLISH), "\u{3}").expect(130);
    assert_eq!(setting.world().writes(Index::Pypi), 0);
    assert_snapshot!(shown(&setting, &run.stdout), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    [INFO] Plan for demo 1.0, 1 file:
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   demo-1.0-py3-none-any.whl: not there
    demo 1.0 goes to pypi (127.0.0.1:PORT):
      demo-1.0-py3-none-any.whl  901 bytes  sha256 [sha256]
    Publish? Only `yes` publishes: ^C[WARNING] Stopping; a second signal ends at once
    error[interrupted]: interrupted; everything done so far is recorded
    hint: press the same command again: it goes on where this one stopped
    ");
    setting.shiponce(["publish", "--index", "pypi", "--yes"]).expect(0);
}

/// What the terminal showed, without colours.
fn shown(setting: &Setting, text: &str) -> String {
    let plain = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap().replace_all(text, "").into_owned();
    said(setting, &crate::harness::Run { code: None, signal: None, stdout: String::new(), stderr: plain })
}
