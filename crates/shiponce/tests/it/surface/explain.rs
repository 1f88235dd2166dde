//! `explain`: a page behind every code.

use super::help::text;
use crate::harness::Setting;
use insta::assert_snapshot;
use shiponce_api::ErrorCode;

#[test]
fn every_code_has_its_page() {
    let setting = Setting::new();
    let list = text(&setting, &["explain"]);
    // The codes come first, then the rules of `check dist`.
    assert!(list.lines().count() > ErrorCode::all().len(), "{list}");
    for code in ErrorCode::all() {
        assert!(list.lines().any(|line| line.split_whitespace().next() == Some(code.slug())), "{code}");
        let page = text(&setting, &["explain", code.slug()]);
        assert_eq!(page, code.page());
        assert!(page.starts_with("# ") && page.ends_with('\n'), "{page}");
    }
    // What stands in the message can be pasted as it is.
    assert_eq!(text(&setting, &["explain", "error[partial]"]), ErrorCode::Partial.page());
}

#[test]
fn a_code_that_does_not_exist() {
    let setting = Setting::new();
    let run = setting.shiponce(["explain", "file-conflct"]).expect(2);
    assert_eq!(run.stdout, "");
    assert_snapshot!(run.stderr, @"
    error[usage]: there is neither an error code nor a rule `file-conflct`
    hint: shiponce explain lists them
    ");
}
