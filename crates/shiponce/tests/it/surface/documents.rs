//! The JSON documents: they parse as the types say, and their names are on record.

use super::{demo, files};
use crate::harness::{Run, Setting};
use insta::assert_snapshot;
use serde_json::Value;
use shiponce_api::v1;
use shiponce_rehearsal::Index;
use std::collections::BTreeSet;

/// Every path of a document and the kind of what stands there, a line each.
fn shape(value: &Value) -> String {
    fn walk(value: &Value, path: &str, lines: &mut BTreeSet<String>) {
        let kind = match value {
            Value::Object(map) => {
                for (key, value) in map {
                    walk(value, &format!("{path}.{key}"), lines);
                }
                return;
            }
            Value::Array(items) => {
                items.iter().for_each(|item| walk(item, &format!("{path}[]"), lines));
                if !items.is_empty() {
                    return;
                }
                "[]"
            }
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "string",
        };
        lines.insert(format!("{} {kind}", path.trim_start_matches('.')));
    }
    let mut lines = BTreeSet::new();
    walk(value, "", &mut lines);
    lines.into_iter().map(|line| line + "\n").collect()
}

/// The document, after it was read as its type and written again without losing anything.
#[track_caller]
fn read<T: serde::de::DeserializeOwned + serde::Serialize>(run: &Run) -> Value {
    let document: T = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(v1::to_text(&document).unwrap(), run.stdout, "nothing else is on standard output");
    run.json()
}

#[test]
fn publish() {
    let setting = demo();
    let first = setting.shiponce(["publish", "--yes", "--json"]).expect(0);
    let document = read::<v1::ReleaseDocument>(&first);
    assert_eq!(document["outcome"], "released");
    assert_snapshot!(shape(&document), @"
    commit null
    error null
    files[].filename string
    files[].sha256 string
    files[].size number
    files[].targets.pypi.action string
    files[].targets.pypi.reason string
    files[].targets.pypi.state string
    files[].targets.testpypi.action string
    files[].targets.testpypi.reason string
    files[].targets.testpypi.state string
    is_tagged bool
    manifest_sha256 string
    outcome string
    project string
    receipt.commit null
    receipt.github null
    receipt.manifest_sha256 string
    receipt.project string
    receipt.schema number
    receipt.targets.pypi.files[].filename string
    receipt.targets.pypi.files[].serial number
    receipt.targets.pypi.files[].sha256 string
    receipt.targets.pypi.files[].state string
    receipt.targets.pypi.files[].url string
    receipt.targets.pypi.files[].verified_at string
    receipt.targets.pypi.identity string
    receipt.targets.pypi.propagation.pages[].page string
    receipt.targets.pypi.propagation.pages[].serial number
    receipt.targets.pypi.propagation.pages[].verdict string
    receipt.targets.pypi.propagation.summary string
    receipt.targets.pypi.propagation.verdict string
    receipt.targets.testpypi.files[].filename string
    receipt.targets.testpypi.files[].serial number
    receipt.targets.testpypi.files[].sha256 string
    receipt.targets.testpypi.files[].state string
    receipt.targets.testpypi.files[].url string
    receipt.targets.testpypi.files[].verified_at string
    receipt.targets.testpypi.identity string
    receipt.targets.testpypi.propagation.pages[].page string
    receipt.targets.testpypi.propagation.pages[].serial number
    receipt.targets.testpypi.propagation.pages[].verdict string
    receipt.targets.testpypi.propagation.summary string
    receipt.targets.testpypi.propagation.verdict string
    receipt.version string
    steps[].detail string
    steps[].name string
    steps[].status string
    tag null
    variant null
    version string
    ");
    let second = setting.shiponce(["publish", "--yes", "--json"]).expect(0);
    let document = read::<v1::ReleaseDocument>(&second);
    assert_eq!(document["outcome"], "nothing-to-do");
    let cell = &document["files"][0]["targets"]["pypi"];
    assert_eq!((&cell["state"], &cell["action"]), (&"same".into(), &"skip".into()));
    assert!(!document["receipt"].is_null());
}

#[test]
fn release_and_plan() {
    let setting = Setting::tiny();
    let before = setting.shiponce(["plan", "--json"]).expect(0);
    let document = read::<v1::ReleaseDocument>(&before);
    assert_eq!(document["outcome"], "changes");
    assert_eq!((&document["tag"], &document["is_tagged"]), (&"v1.0.0".into(), &true.into()));
    let released = setting.shiponce(["release", "--yes", "--json"]).expect(0);
    let document = read::<v1::ReleaseDocument>(&released);
    assert_eq!(document["outcome"], "released");
    let steps: Vec<&str> =
        document["steps"].as_array().unwrap().iter().filter_map(|step| step["name"].as_str()).collect();
    assert_snapshot!(steps.join(", "), @"git, build, check, freeze, confirm, test testpypi, verify, second place, publish pypi, receipt");
    assert_eq!(document["receipt"]["manifest_sha256"], document["manifest_sha256"]);
    let after = setting.shiponce(["plan", "--json"]).expect(0);
    let document = read::<v1::ReleaseDocument>(&after);
    assert_eq!(document["outcome"], "nothing-to-do");
    let verified = setting.shiponce(["verify", "--json"]).expect(0);
    assert_snapshot!(shape(&read::<v1::VerifyDocument>(&verified)), @"
    error null
    files[].detail string
    files[].filename string
    files[].from string
    files[].sha256 string
    files[].status string
    outcome string
    project string
    python string
    version string
    ");
}

/// A command that ends early prints the same document, with the reason in it.
#[test]
fn a_failure() {
    let setting = demo();
    setting.shiponce(["publish", "--yes"]).expect(0);
    fs_err::remove_dir_all(setting.project().join("dist")).unwrap();
    crate::harness::wheel(&setting.project().join("dist"), "demo", "1.0", "py3-none-any", "two");
    let run = setting.shiponce(["publish", "--yes", "--json"]).expect(4);
    let document = read::<v1::ReleaseDocument>(&run);
    assert_eq!(document["outcome"], "conflict");
    assert_eq!(document["error"]["code"], "file-conflict");
    assert_snapshot!(shape(&document["error"]), @"
    causes []
    code string
    exit_code number
    facts[].label string
    facts[].text string
    hints[] string
    message string
    notes[] string
    ");
    assert!(
        document["files"][0]["targets"]["pypi"]["reason"]
            .as_str()
            .unwrap()
            .contains(&setting.files(Index::Pypi)["demo-1.0-py3-none-any.whl"])
    );
    assert!(run.stderr.contains("error[file-conflict]"), "{}", run.stderr);
}

/// And one that never began prints the error alone.
#[test]
fn an_error() {
    let setting = Setting::new();
    let run = setting.shiponce(["release", "--yes", "--json"]).expect(2);
    let document = read::<v1::ErrorDocument>(&run);
    assert_eq!(document["error"]["code"], "no-project");
    assert_snapshot!(shape(&document), @"
    error.causes []
    error.code string
    error.exit_code number
    error.facts []
    error.hints[] string
    error.message string
    error.notes []
    ");
}

#[test]
fn status_and_versions() {
    let setting = demo();
    let none = setting.shiponce(["status", "demo", "1.0", "--json"]).expect(1);
    assert_eq!(read::<v1::StatusDocument>(&none)["complete"], false);
    setting.shiponce(["publish", "--yes"]).expect(0);
    let run = setting.shiponce(["status", "demo", "--json"]).expect(0);
    let document = read::<v1::StatusDocument>(&run);
    assert_eq!(document["complete"], true);
    assert_snapshot!(shape(&document), @"
    complete bool
    deadline null
    files[].filename string
    files[].sha256 string
    files[].size number
    files[].targets.local.action string
    files[].targets.local.reason string
    files[].targets.local.state string
    files[].targets.pypi.action string
    files[].targets.pypi.reason string
    files[].targets.pypi.state string
    files[].targets.testpypi.action string
    files[].targets.testpypi.reason string
    files[].targets.testpypi.state string
    project string
    version string
    ");
    let run = setting.shiponce(["versions", "demo", "--json"]).expect(0);
    assert_snapshot!(shape(&read::<v1::VersionsDocument>(&run)), @"
    indexes.pypi.observed bool
    indexes.pypi.reason null
    indexes.pypi.versions[].files number
    indexes.pypi.versions[].first_upload string
    indexes.pypi.versions[].version string
    indexes.pypi.versions[].yanked bool
    indexes.testpypi.observed bool
    indexes.testpypi.reason null
    indexes.testpypi.versions[].files number
    indexes.testpypi.versions[].first_upload string
    indexes.testpypi.versions[].version string
    indexes.testpypi.versions[].yanked bool
    project string
    ");
    let run = setting.shiponce(["config", "show", "--json"]).expect(0);
    assert_snapshot!(shape(&read::<v1::ConfigDocument>(&run)), @"
    hosts[].host string
    hosts[].purpose string
    values[].key string
    values[].source string
    values[].value string
    ");
}

/// The words of `status` and its exit codes: 0 complete, 1 absent, 6 incomplete, 4 conflict, 5 unknown.
#[test]
fn status_ends_as_the_release_stands() {
    let setting = Setting::new();
    let [wheel, sdist] = files(&setting);
    assert_snapshot!(setting.shiponce(["status", "demo"]).expect(1).stdout, @"demo: no release is known, here or on an index");
    setting.shiponce(["publish", "--yes", "--index", "pypi", wheel.to_str().unwrap()]).expect(0);
    assert_snapshot!(setting.shiponce(["status", "demo"]).expect(0).stdout, @"
    demo 1.0
    file                       local       testpypi    pypi
    demo-1.0-py3-none-any.whl  same        missing     same
    ");
    let fault = "prod.upload:1:503".parse().unwrap();
    setting.world().add_fault(fault);
    // Both are frozen now, and the index holds one of them.
    setting.world().add_fault("prod.upload:*:uploads-disabled".parse().unwrap());
    let run = setting.shiponce([
        "publish",
        "--yes",
        "--index",
        "pypi",
        wheel.to_str().unwrap(),
        sdist.to_str().unwrap(),
    ]);
    assert_eq!(run.code, Some(6), "{}", run.stderr);
    let incomplete = setting.shiponce(["status", "demo"]).expect(6);
    assert_snapshot!(incomplete.stdout, @"
    demo 1.0
    file                       local       testpypi    pypi
    demo-1.0-py3-none-any.whl  same        missing     same
    demo-1.0.tar.gz            same        missing     missing
    ");
    assert_snapshot!(crate::bad_input::said(&setting, &incomplete), @"[INFO] pypi takes the missing files until [time] (13 d 23 h)");
    setting.world().add_fault("prod.simple:*:captive-portal".parse().unwrap());
    let unread = setting.shiponce(["status", "demo"]).expect(5);
    let said = crate::bad_input::said(&setting, &unread);
    assert!(said.contains("[INFO] pypi could not be read: "), "{said}");
    let nowhere = setting.shiponce(["status", "other"]).expect(5).stdout;
    assert_snapshot!(nowhere, @"other: no release is known here, and not every index could be read");
    assert_snapshot!(unread.stdout, @"
    demo 1.0
    file                       local       testpypi    pypi
    demo-1.0-py3-none-any.whl  same        missing     unknown
    demo-1.0.tar.gz            same        missing     unknown
    ");
}

#[test]
fn versions_are_in_the_order_of_pep_440() {
    let setting = Setting::new();
    let order = ["1.0.dev1", "1.0a1", "1.0rc1", "1.0", "1.0.post1", "1.2", "1.10", "1!0.5"];
    let mut shuffled = order;
    shuffled.reverse();
    shuffled.swap(1, 5);
    for version in shuffled {
        let path = crate::harness::wheel(&setting.path("files"), "demo", version, "py3-none-any", "one");
        setting.shiponce(["publish", "--yes", "--index", "pypi", path.to_str().unwrap()]).expect(0);
    }
    let document = setting.shiponce(["versions", "Demo", "--json"]).expect(0).json();
    let listed: Vec<&str> = document["indexes"]["pypi"]["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["version"].as_str().unwrap())
        .collect();
    assert_eq!(listed, order);
    let table = setting.tidy(&setting.shiponce(["versions", "demo"]).expect(0).stdout);
    assert_snapshot!(table, @"
    pypi: 8 versions of demo
      1.0.dev1               1 file   [time]
      1.0a1                  1 file   [time]
      1.0rc1                 1 file   [time]
      1.0                    1 file   [time]
      1.0.post1              1 file   [time]
      1.2                    1 file   [time]
      1.10                   1 file   [time]
      1!0.5                  1 file   [time]
    testpypi: no published version of demo
    ");
}
