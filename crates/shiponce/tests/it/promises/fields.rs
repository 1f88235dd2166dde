//! The objects that tools which mend publishing look for, field by field.

use crate::harness::Setting;
use serde_json::Value;

/// The gate of this name in the document of `check`.
#[track_caller]
fn gate(setting: &Setting, args: &[&str], code: i32) -> Value {
    let run = setting.shiponce([&["check", "version", "--offline", "--json"], args].concat()).expect(code);
    run.json()["gates"][0].clone()
}

/// The kinds of an object's fields, in the order of these names; every one of them is there.
#[track_caller]
fn kinds(object: &Value, names: &[&str]) -> Vec<&'static str> {
    let kind = |name: &&str| match object.get(name) {
        None => panic!("no {name} in {object:#}"),
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "bool",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "text",
        Some(Value::Array(_)) => "list",
        Some(Value::Object(_)) => "object",
    };
    names.iter().map(kind).collect()
}

const VALIDATION: [&str; 6] = [
    "is_synchronized",
    "git_version",
    "package_version",
    "error_message",
    "pypi_conflict",
    "recommended_action",
];

#[test]
fn what_comparing_versions_results_in() {
    let setting = Setting::tiny();
    let fine = gate(&setting, &[], 0)["validation"].clone();
    assert_eq!(kinds(&fine, &VALIDATION), ["bool", "text", "text", "null", "null", "object"], "{fine:#}");
    assert_eq!((&fine["git_version"], &fine["package_version"]), (&"1.0.0".into(), &"1.0.0".into()));
    assert_eq!(fine["recommended_action"]["code"], "none");
    let other = gate(&setting, &["--tag", "v2.0"], 1)["validation"].clone();
    assert_eq!(kinds(&other, &VALIDATION), ["bool", "text", "text", "text", "null", "object"], "{other:#}");
    assert_eq!((&other["git_version"], &other["package_version"]), (&"2.0".into(), &"1.0.0".into()));
    let message = other["error_message"].as_str().unwrap();
    for part in ["v2.0", "1.0.0", "pyproject.toml:3"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn what_is_wrong_has_a_place_and_a_way_out() {
    let setting = Setting::tiny();
    let gate = gate(&setting, &["--tag", "v2.0"], 1);
    let issue = &gate["issues"][0];
    let fields = ["file_path", "line_number", "issue_type", "severity", "message", "fix_suggestion"];
    assert_eq!(kinds(issue, &fields), ["text", "number", "text", "text", "text", "text"], "{issue:#}");
    assert_eq!((&issue["file_path"], &issue["line_number"]), (&"pyproject.toml".into(), &3.into()));
    assert_eq!((&issue["issue_type"], &issue["severity"]), (&"tag-mismatch".into(), &"error".into()));
}

/// A failed run names its step, its reason and its code, and quotes the tool that failed.
#[test]
fn what_a_failed_run_says() {
    let setting = Setting::tiny();
    setting
        .write_config("[build]\ncommand = [\"sh\", \"-c\", \"seq 100000; echo the last words; exit 3\"]\n");
    let events = setting.path("events.jsonl");
    let run =
        setting.shiponce(["release", "--yes", "--json", "--events", events.to_str().unwrap()]).expect(1);
    let document = run.json();
    let step = document["steps"].as_array().unwrap().last().unwrap();
    assert_eq!((&step["name"], &step["status"]), (&"build".into(), &"failed".into()));
    let error = &document["error"];
    assert_eq!((&error["code"], &error["exit_code"]), (&"build-failed".into(), &1.into()));
    let output = error["facts"].as_array().unwrap().iter().find(|fact| fact["label"] == "output").unwrap();
    let excerpt = output["text"].as_str().unwrap();
    assert!(excerpt.ends_with("the last words") && excerpt.len() < 20_000, "{} bytes", excerpt.len());
    assert!(document["receipt"].is_null());
    let last = fs_err::read_to_string(events).unwrap();
    let last: Value = serde_json::from_str(last.lines().last().unwrap()).unwrap();
    assert!(last["ts"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{last}");
    assert_eq!(last["fields"]["code"], "build-failed");
}
