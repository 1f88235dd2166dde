//! Sentences that users search their logs for, word for word, and only where they are true.

use super::files;
use crate::bad_input::said;
use crate::harness::{Setting, wheel};
use insta::assert_snapshot;
use shiponce_rehearsal::Index;

const TRUE_LATER: [&str; 4] =
    ["already exists on", "publish - version already exists", "already published", "files already there"];

#[test]
fn a_release_and_its_repetition() {
    let setting = Setting::tiny();
    let first = said(&setting, &setting.shiponce(["release", "--yes"]).expect(0));
    for sentence in TRUE_LATER {
        assert!(!first.contains(sentence), "{sentence}\n{first}");
    }
    for sentence in [
        "[INFO] Testing installation from testpypi...",
        "[INFO] Installing tiny from testpypi...",
        "[SUCCESS] Package installed from testpypi",
        "[SUCCESS] tiny version: 1.0.0",
        "[SUCCESS] Complete workflow finished successfully!",
    ] {
        assert!(first.contains(sentence), "{sentence}\n{first}");
    }
    let before = Index::ALL.map(|index| setting.world().writes(index));
    let second = said(&setting, &setting.shiponce(["release", "--yes"]).expect(0));
    assert_eq!(Index::ALL.map(|index| setting.world().writes(index)), before);
    assert_snapshot!(second, @"
    [INFO] tiny 1.0.0: 1 file frozen before, nothing built
    [INFO] Plan for tiny 1.0.0, 1 file:
    [INFO]   testpypi (127.0.0.1:PORT): 1 of 1 there, 0 to upload
    [INFO]   pypi (127.0.0.1:PORT): 1 of 1 there, 0 to upload
    [WARNING] Version 1.0.0 already exists on 127.0.0.1:PORT (since [time])
    [WARNING] Skipping testpypi publish - version already exists
    [INFO] tiny-1.0.0-py3-none-any.whl: Identical wheel already published on testpypi since [time]
    [WARNING] REHEARSAL_PROD_TOKEN, REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    [INFO] Testing installation from testpypi...
    [INFO] Installing tiny from testpypi...
    [SUCCESS] Package installed from testpypi
    [SUCCESS] tiny version: 1.0.0
    [WARNING] Version 1.0.0 already exists on 127.0.0.1:PORT (since [time])
    [WARNING] Skipping production pypi publish - version already exists
    [INFO] tiny-1.0.0-py3-none-any.whl: Identical wheel already published on pypi since [time]
    [SUCCESS] Complete workflow finished successfully!
    ");
    let skips = regex::Regex::new("Skipping.*publish.*already exists").unwrap();
    assert_eq!(skips.find_iter(&second).count(), 2);
}

/// In the embedded world the indexes have the names of the real ones, and so have the sentences.
#[test]
fn a_rehearsal() {
    let setting = Setting::tiny();
    let run = setting.shiponce(["rehearse"]).expect(0);
    let text = said(&setting, &run);
    for sentence in [
        "[INFO] Testing installation from Test PyPI...",
        "[INFO] Installing tiny from Test PyPI...",
        "[SUCCESS] Package installed from Test PyPI",
        "[WARNING] Version 1.0.0 already exists on embedded Test PyPI",
        "[WARNING] Skipping Test PyPI publish - version already exists\n",
        "[WARNING] Version 1.0.0 already exists on embedded PyPI",
        "[WARNING] Skipping production PyPI publish - version already exists\n",
        "[SUCCESS] Second press: 0 writes to Test PyPI, 0 to PyPI, 0 to GitHub\n",
    ] {
        assert_eq!(
            text.matches(sentence).count(),
            if sentence.contains("Test PyPI...") || sentence.contains("installed") { 2 } else { 1 },
            "{sentence}\n{text}"
        );
    }
    assert_eq!(text.matches("[SUCCESS] Complete workflow finished successfully!").count(), 2);
    let log = setting.world().log();
    assert!(log.is_empty(), "it has a world of its own: {log:#?}");
}

/// Three of twelve files are there.
#[test]
fn a_release_that_is_there_in_part() {
    let setting = Setting::new();
    let dist = setting.project().join("dist");
    let tags = |number: usize| format!("cp3{number}-cp3{number}-manylinux_2_17_x86_64");
    let wheels: Vec<_> = (9..21).map(|number| wheel(&dist, "demo", "1.0", &tags(number), "one")).collect();
    let names: Vec<&str> = wheels[..3].iter().map(|path| path.to_str().unwrap()).collect();
    setting.shiponce([&["publish", "--yes", "--index", "pypi"], &names[..]].concat()).expect(0);
    let run = setting.shiponce(["publish", "--yes", "--index", "pypi"]).expect(0);
    let text = said(&setting, &run);
    assert!(text.contains("[INFO] pypi: 3 of 12 files already there (identical), uploading 9\n"), "{text}");
    assert_eq!(text.matches("Identical wheel already published on pypi since").count(), 3, "{text}");
    assert!(!text.contains("version already exists"), "{text}");
    assert_eq!(setting.stores(Index::Pypi), 12);
}

#[test]
fn identical_files_are_called_what_they_are() {
    let setting = Setting::new();
    files(&setting);
    setting.shiponce(["publish", "--yes", "--index", "pypi"]).expect(0);
    let again = said(&setting, &setting.shiponce(["publish", "--yes", "--index", "pypi"]).expect(0));
    assert_snapshot!(again, @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    [WARNING] Version 1.0 already exists on 127.0.0.1:PORT (since [time])
    [WARNING] Skipping production pypi publish - version already exists
    [INFO] demo-1.0-py3-none-any.whl: Identical wheel already published on pypi since [time]
    [INFO] demo-1.0.tar.gz: Identical sdist already published on pypi since [time]
    [SUCCESS] demo 1.0: every file is there
    ");
}

#[test]
fn force() {
    let setting = Setting::tiny();
    let run = setting.shiponce(["release", "--yes", "--force"]).expect(0);
    let sentence = "[WARNING] Force publish enabled, skipping existence checks";
    assert!(run.stderr.contains(sentence), "{}", run.stderr);
    // It replaces nothing and repeats nothing.
    let writes = setting.world().writes(Index::Pypi);
    let again = setting.shiponce(["release", "--yes", "--force"]).expect(0);
    assert!(again.stderr.contains(sentence), "{}", again.stderr);
    assert_eq!(setting.world().writes(Index::Pypi), writes);
    let plain = setting.shiponce(["release", "--yes"]).expect(0);
    assert!(!plain.stderr.contains(sentence), "{}", plain.stderr);
}

/// Names are compared as the index compares them, and no release of another project counts.
#[test]
fn a_sibling_project_is_another_one() {
    let setting = Setting::new();
    let other = wheel(&setting.path("files"), "demo_fast", "1.0", "py3-none-any", "one");
    setting.shiponce(["publish", "--yes", "--index", "pypi", other.to_str().unwrap()]).expect(0);
    files(&setting);
    let run = setting.shiponce(["publish", "--yes", "--index", "pypi"]).expect(0);
    assert!(!run.stderr.contains("already"), "{}", run.stderr);
    assert_eq!(setting.stores(Index::Pypi), 3);
}
