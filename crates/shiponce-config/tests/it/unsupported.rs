//! Settings with a meaning and no engine: refused where something would be done, shown where nothing is.

use crate::world::World;

const SETTINGS: [&str; 3] = [
    "[gates]
required = [\"version\", \"quality\"]",
    "[concurrency]
order = \"strict\"",
    "[concurrency]
on-failure = \"hold\"",
];

#[test]
fn refused_for_a_release_and_shown_otherwise() {
    let mut refusals = Vec::new();
    for text in SETTINGS {
        let world = World::with(text);
        let error = world.error();
        assert!(error.ends_with("exit 2") && error.contains("--> shiponce.toml:"), "{error}");
        refusals.push(error.lines().next().unwrap().to_owned());
        assert!(World::with(text).publish().resolve().is_err(), "{text}");
        assert!(World::with(text).inspect().resolve().is_ok(), "{text}");
    }
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    error[not-supported]: [gates] required is not supported in this version: the gates package, quality and publisher
    error[not-supported]: [concurrency] order = "strict" is not supported in this version: a line that stops at an unclaimed head
    error[not-supported]: [concurrency] on-failure = "hold" is not supported in this version: holding the line after a failed release
    "#);
}

#[test]
fn the_defaults_of_these_settings_are_supported() {
    let text = "[gates]\nrequired = [\"dist\", \"version\", \"dist\"]\n[concurrency]\norder = \"arrival\"\non-failure = \"continue\"\nlimit = 1\ngroup = \"release/{package}\"\n[index.c]\nrole = \"test\"\nmirror = false\nread-auth = false\n";
    assert_eq!(World::with(text).config().gates.value.len(), 2);
}

#[test]
fn ledgers_of_later_versions() {
    let mut world = World::new();
    world.inputs.flags.ledger = Some("git+ssh://git@host.example/ledger".to_owned());
    insta::assert_snapshot!(world.error(), @"
    error[not-supported]: --ledger is not supported in this version: a ledger in a git repository
      source flag --ledger
    hint: remove it, or use a version of shiponce that supports it
    exit 2
    ");
    world.inputs.flags.ledger = Some("postgres://ana:hunter2@db.example/x".to_owned());
    insta::assert_snapshot!(world.error(), @"
    error[secret-in-url]: `--ledger` contains a user name or password: postgres://***@db.example/x
      source flag --ledger
    hint: take the credential out of the address
    exit 2
    ");
    world.inputs.flags.ledger = Some("sqlite:".to_owned());
    let ledger = world.config().ledger.unwrap();
    assert!(ledger.is_explicit(), "an explicit ledger is a statement that only this machine publishes");
}
