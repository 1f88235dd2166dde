//! The matrix, what flags make of it, and what a release must have.

use crate::world::{PYPROJECT, World};

fn list(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn world(config: &str, python: &[&str], platform: &[&str]) -> World {
    let mut world =
        World::with(config).file("pyproject.toml", &format!("{PYPROJECT}requires-python = \">=3.12\"\n"));
    world.inputs.flags.python = list(python);
    world.inputs.flags.platform = list(platform);
    world
}

/// The legs of the run, what is skipped, and what the first variant owes.
fn show(world: &World) -> String {
    let config = match world.resolve() {
        Ok(config) => config,
        Err(error) => return world.show(&error),
    };
    let variants: Vec<_> = config.variants.iter().collect();
    let Some(expansion) = config.legs(&variants) else { return "no matrix".to_owned() };
    let mut lines: Vec<String> = expansion.legs.iter().map(ToString::to_string).collect();
    lines.extend(expansion.skipped.iter().map(ToString::to_string));
    let owed = config.expected(config.variants.first(), None).map(|expected| expected.canonical().join(", "));
    lines.push(format!("owed: {}", owed.unwrap_or_default()));
    lines.join("\n")
}

const LINUX: &str = "matrix = { python = \"auto\", platform = \"linux-x86_64\" }";

#[test]
fn flags_narrow_what_is_built_and_not_what_is_owed() {
    insta::assert_snapshot!(show(&world(LINUX, &["3.12-3.13"], &[])), @"
    cp312-linux-x86_64
    cp313-linux-x86_64
    skipping cp314-linux-x86_64: --python does not name 3.14
    owed: cp312-linux-x86_64, cp313-linux-x86_64, cp314-linux-x86_64, sdist allowed
    ");
}

#[test]
fn flags_alone_are_a_matrix() {
    insta::assert_snapshot!(show(&world("", &["3.9", "3.13t"], &["macos-aarch64"])), @"
    cp39-macos-arm64
    cp313t-macos-arm64
    owed: cp39-macos-arm64, cp313t-macos-arm64, sdist allowed
    ");
    insta::assert_snapshot!(show(&world("", &["auto"], &[])), @r#"
    error[usage]: `--python` has no platform to go with it
      source flag --python
    hint: add platform = ["linux-x86_64"] to `matrix`, or pass --platform
    exit 2
    "#);
    insta::assert_snapshot!(show(&world("", &[], &["linux-x86_64"])), @"
    cp312-linux-x86_64
    cp313-linux-x86_64
    cp314-linux-x86_64
    owed: cp312-linux-x86_64, cp313-linux-x86_64, cp314-linux-x86_64, sdist allowed
    ");
    assert_eq!(show(&world("", &[], &[])), "no matrix");
}

#[test]
fn platforms_come_from_the_variants() {
    let config = "matrix.python = \"3.12\"\n[variants.a]\npackage = \"a\"\nplatform = \"linux-x86_64\"\n\
        [variants.b]\npackage = \"b\"\nplatform = [\"linux-x86_64\", \"linux-aarch64\"]\n";
    insta::assert_snapshot!(show(&world(config, &[], &["linux-aarch64"])), @"
    b-cp312-linux-aarch64
    skipping a-cp312-linux-x86_64: --platform does not name linux-x86_64
    skipping a-cp312-linux-aarch64: the variant is made for linux-x86_64
    skipping b-cp312-linux-x86_64: --platform does not name linux-x86_64
    owed: cp312-linux-x86_64, sdist allowed
    ");
}

#[test]
fn mistakes() {
    let complaints = [
        show(&world(LINUX, &["3.9"], &[])),
        show(&world(LINUX, &[], &["linux-aarch64"])),
        show(&world(LINUX, &["3.14-3.12"], &[])),
        show(&world(LINUX, &["latest"], &[])),
        show(&world("matrix = { python = \"3.12\" }", &[], &[])),
        show(&world("matrix = { python = [], platform = \"linux-x86_64\" }", &[], &[])),
        show(&world("matrix = { platform = [\"linux-x86-64\"] }", &[], &[])),
        show(&World::with(LINUX)),
        show(
            &World::with(LINUX).file("pyproject.toml", &format!("{PYPROJECT}requires-python = \"three\"\n")),
        ),
    ];
    insta::assert_snapshot!(complaints.join("\n"), @r#"
    error[usage]: `--python` names nothing of the matrix: 3.12, 3.13, 3.14
      source flag --python
    exit 2
    error[usage]: `--platform` names nothing of the matrix: linux-x86_64
      source flag --platform
    exit 2
    error[usage]: `--python` is wrong: `3.14-3.12` is an empty range: write the earlier Python first, and `t` at both ends or at none
      source flag --python
    exit 2
    error[usage]: `--python` is `latest`, expected a version such as `3.12`, a range `3.10-3.14` or `auto`
      source flag --python
    exit 2
    error[config-invalid]: `matrix` has no platform to go with it
      --> shiponce.toml:1:10
       1 | matrix = { python = "3.12" }
         |          ^^^^^^^^^^^^^^^^^^^
    hint: add platform = ["linux-x86_64"] to `matrix`, or pass --platform
    exit 2
    error[config-invalid]: `matrix.python` is an empty list
      --> shiponce.toml:1:21
       1 | matrix = { python = [], platform = "linux-x86_64" }
         |                     ^^
    exit 2
    error[config-invalid]: `matrix.platform` is `linux-x86-64`, expected a platform such as `linux-x86_64`
      --> shiponce.toml:1:23
       1 | matrix = { platform = ["linux-x86-64"] }
         |                       ^^^^^^^^^^^^^^^^
    hint: did you mean `linux-x86_64`?
    exit 2
    error[config-invalid]: `matrix.python` is wrong: `auto` needs `requires-python`, and the project states none
      --> shiponce.toml:1:21
       1 | matrix = { python = "auto", platform = "linux-x86_64" }
         |                     ^^^^^^
    hint: state `requires-python` in [project], or name the Pythons
    exit 2
    error[config-invalid]: `project.requires-python` is wrong: `three` is no list of PEP 440 specifiers such as `>=3.10,<3.15`
      source pyproject.toml:8
    exit 2
    "#);
}

#[test]
fn what_is_expected() {
    let expected = |config: &str, previous: Option<&[&str]>| {
        let config = world(config, &[], &[]).config();
        let previous = previous.map(list);
        let expected = config.expected(config.variants.first(), previous.as_deref());
        expected.map_or_else(|| "nothing".to_owned(), |expected| expected.canonical().join(", "))
    };
    assert_eq!(expected("", None), "nothing");
    assert_eq!(expected("[expect]\nsdist = true", None), "sdist, any wheels");
    let wheels = "[expect]\nwheels = [\"cp312-cp312-manylinux_2_28_x86_64\", \"cp312-cp312-macosx_11_0_arm64\"]\nsdist = false\n";
    assert_eq!(
        expected(wheels, None),
        "cp312-cp312-macosx_11_0_arm64, cp312-cp312-manylinux_2_28_x86_64, sdist refused"
    );
    let variant = format!("{wheels}[variants.x]\npackage = \"x\"\nplatform = \"linux-x86_64\"");
    assert_eq!(expected(&variant, None), "cp312-cp312-manylinux_2_28_x86_64, sdist refused");
    let like = "[expect]\nlike = \"previous\"";
    assert_eq!(expected(like, None), "nothing");
    assert_eq!(expected(like, Some(&["demo-1.0.tar.gz.asc"])), "nothing");
    let earlier = ["demo-1.0-cp312-cp312-manylinux2014_x86_64.whl", "demo-1.0.tar.gz"];
    assert_eq!(expected(like, Some(&earlier)), "cp312-cp312 manylinux_x86_64, sdist");
}
