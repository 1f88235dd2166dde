//! The policy of an organisation can only forbid.

use shiponce_config::{Credentials, Forbidden};

use crate::world::{World, token};

fn with(policy: &str) -> World {
    let world = World::with("[index.try]\nrole = \"test\"\n").file("policy.toml", policy);
    let path = world.path("policy.toml").display().to_string();
    world.env("SHIPONCE_POLICY", &path)
}

#[test]
fn what_it_forbids() {
    let skips = "# ours\nforbid-skips = true\n";
    let mut errors = Vec::new();
    let mut world = with(skips);
    world.inputs.flags.skip = vec!["try".to_owned()];
    errors.push(world.error());
    let mut world = with(skips);
    world.inputs.flags.skip_test = true;
    errors.push(world.error());
    let mut world = with(skips);
    world.inputs.flags.to = vec!["pypi".to_owned()];
    errors.push(world.error());
    let mut world = with("forbid-attempt-on-unknown = true\n");
    world.inputs.flags.on_unknown_attempt = true;
    errors.push(world.error());
    let mut world = with("forbid-single-copy = true\n");
    world.inputs.flags.single_copy = true;
    errors.push(world.error());
    errors.push(with("allowed-hosts = [\"index.example\", \"test.index.example\"]\n").error());
    let tokens = with("forbid-tokens = true\n").env("PYPI_TOKEN", &token("index.example"));
    errors.push(tokens.credential("pypi"));
    insta::assert_snapshot!(errors.join("\n\n"), @"
    error[policy-refused]: the policy forbids leaving out a target: --skip try
      policy DIR/policy.toml:2
    hint: release to every target
    exit 2

    error[policy-refused]: the policy forbids leaving out a target: --skip-test-pypi
      policy DIR/policy.toml:2
    hint: release to every target
    exit 2

    error[policy-refused]: the policy forbids leaving out a target: --to pypi
      policy DIR/policy.toml:2
    hint: release to every target
    exit 2

    error[policy-refused]: the policy forbids uploading to a target that could not be read: --on-unknown attempt
      policy DIR/policy.toml:1
    hint: run again when the target can be read
    exit 2

    error[policy-refused]: the policy forbids publishing files without a second copy: --single-copy
      policy DIR/policy.toml:1
    hint: configure a test index as a second place
    exit 2

    error[policy-refused]: the policy forbids the host files.test.index.example: download files of Test PyPI
      policy DIR/policy.toml:1
    hint: allowed hosts: index.example, test.index.example
    exit 2

    error[policy-refused]: the policy forbids stored credentials: environment PYPI_TOKEN for index pypi
      policy DIR/policy.toml:1
    hint: use trusted publishing
    exit 2
    ");
}

#[test]
fn what_it_leaves_alone() {
    let hosts = "allowed-hosts = [\"INDEX.example\", \"upload.index.example\", \"files.index.example\", \"test.index.example\", \"upload.test.index.example\", \"files.test.index.example\"]\nforbid-tokens = true\nforbid-skips = false\n";
    let mut world = with(hosts)
        .env("ACTIONS_ID_TOKEN_REQUEST_URL", "https://runner.example/token")
        .env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "x");
    world.inputs.flags.skip_test = true;
    assert_eq!(world.credential("pypi"), "trusted publishing (GitHub Actions)");
    let config = world.config();
    assert!(Credentials::load(&config, &world.inputs).is_ok());
    let policy = config.policy.unwrap();
    assert_eq!(policy.source.to_string(), "environment SHIPONCE_POLICY");
    // Files handed to `publish` imply one copy; the engine asks before it accepts that.
    assert!(policy.value.refuse(Forbidden::SingleCopy, "x").is_ok());
}

#[test]
fn a_policy_that_cannot_be_read_is_no_permission() {
    insta::assert_snapshot!(World::new().env("SHIPONCE_POLICY", "/nowhere/policy.toml").error(), @"
    error[config-invalid]: /nowhere/policy.toml cannot be read
      caused by: there is no such file
    exit 2
    ");
    insta::assert_snapshot!(with("forbid-skip = true\n").error(), @"
    error[config-unknown-key]: unknown key `forbid-skip` in DIR/policy.toml
      --> DIR/policy.toml:1:1
       1 | forbid-skip = …
         | ^^^^^^^^^^^
    hint: did you mean `forbid-skips`?
    exit 2
    ");
    insta::assert_snapshot!(with("forbid-skips = \"yes\"\n").error(), @r#"
    error[config-invalid]: `forbid-skips` is a text, expected true or false
      --> DIR/policy.toml:1:16
       1 | forbid-skips = "yes"
         |                ^^^^^
    exit 2
    "#);
}
