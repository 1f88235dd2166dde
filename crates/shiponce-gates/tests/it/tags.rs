//! From a reference to a version.

use super::world::template;
use insta::assert_snapshot;
use proptest::prelude::*;
use shiponce_config::TagTemplate;
use shiponce_gates::version::{check_tag_name, extract_git_tag_version};
use std::sync::LazyLock;

#[test]
fn a_tag_gives_its_version_and_everything_else_a_reason() {
    let template = template("v{version}");
    let read = |reference: &str| match extract_git_tag_version(reference, &template, "demo", None) {
        Ok(version) => format!("{reference} = {version}"),
        Err(error) => format!("{reference}: {error}"),
    };
    let references = [
        "v1.2.3",
        "refs/tags/v1.2.3",
        "v1.0-rc1",
        "v2024.01.05",
        "v1!2.0.post1",
        "1.2.3",
        "refs/heads/main",
        "refs/heads/v1.2.3",
        "refs/pull/7/merge",
        "main",
        "vv1.0",
        "v",
        "v1.2.3-final-really",
        "v1.0\n",
        "v1.0;rm",
        "v$(id)",
        "-v1.0",
        "v1..0",
        "",
    ];
    let lines: Vec<String> = references.iter().map(|reference| read(reference)).collect();
    assert_snapshot!(lines.join("\n"), @"
    v1.2.3 = 1.2.3
    refs/tags/v1.2.3 = 1.2.3
    v1.0-rc1 = 1.0rc1
    v2024.01.05 = 2024.1.5
    v1!2.0.post1 = 1!2.0.post1
    1.2.3: the tag `1.2.3` does not follow `v{version}`
    refs/heads/main: `refs/heads/main` is no tag
    refs/heads/v1.2.3: `refs/heads/v1.2.3` is no tag
    refs/pull/7/merge: `refs/pull/7/merge` is no tag
    main: the tag `main` does not follow `v{version}`
    vv1.0: the tag `vv1.0` has `v1.0` in the place of the version, which is not a PEP 440 version
    v: the tag `v` does not follow `v{version}`
    v1.2.3-final-really: the tag `v1.2.3-final-really` has `1.2.3-final-really` in the place of the version, which is not a PEP 440 version
    v1.0
    : `v1.0
    ` is no tag name that is safe everywhere: letters, digits and `. _ - + ! = /` only, beginning with a letter or digit
    v1.0;rm: `v1.0;rm` is no tag name that is safe everywhere: letters, digits and `. _ - + ! = /` only, beginning with a letter or digit
    v$(id): `v$(id)` is no tag name that is safe everywhere: letters, digits and `. _ - + ! = /` only, beginning with a letter or digit
    -v1.0: `-v1.0` is no tag name that is safe everywhere: letters, digits and `. _ - + ! = /` only, beginning with a letter or digit
    v1..0: `v1..0` is no tag name that is safe everywhere: letters, digits and `. _ - + ! = /` only, beginning with a letter or digit
    : `` is no tag name that is safe everywhere: letters, digits and `. _ - + ! = /` only, beginning with a letter or digit
    ");
}

#[test]
fn a_template_of_a_monorepo_takes_its_own_tags_only() {
    let own = template("{package}-v{version}");
    assert_eq!(extract_git_tag_version("demo-v1.0", &own, "demo", None).unwrap().to_string(), "1.0");
    let other = extract_git_tag_version("demo-extra-v1.0", &own, "demo", None).unwrap_err().to_string();
    assert_snapshot!(other, @"the tag `demo-extra-v1.0` does not follow `demo-v{version}`");
    let slashed = template("{package}/{version}");
    assert_eq!(
        extract_git_tag_version("refs/tags/demo/1.0", &slashed, "demo", None).unwrap().to_string(),
        "1.0"
    );
}

#[test]
fn names_that_git_or_a_shell_would_misread() {
    for bad in [
        "a b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\", "a@{0}", ".a", "a/.b", "a//b", "a/", "a.lock",
        "a'", "é",
    ] {
        assert!(check_tag_name(bad).is_err(), "{bad}");
    }
    assert!(check_tag_name(&"a".repeat(201)).is_err());
    for good in ["v1.0", "demo/v1!2.0+l.1", "demo==1.0", "r_1"] {
        assert!(check_tag_name(good).is_ok(), "{good}");
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "(refs/(tags|heads)/)?v?.{0,20}") {
        static TEMPLATE: LazyLock<TagTemplate> = LazyLock::new(|| template("v{version}"));
        if extract_git_tag_version(&text, &TEMPLATE, "demo", None).is_ok() {
            let tag = text.strip_prefix("refs/tags/").unwrap_or(&text);
            prop_assert!(check_tag_name(tag).is_ok() && tag.starts_with('v'));
        }
    }
}
