//! The reference page and the code say the same.

use crate::world::World;

const PAGE: &str = include_str!("../../../../docs/reference/configuration.md");

/// The fenced blocks of the page whose info string is `kind`.
fn blocks(kind: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut current: Option<Vec<&str>> = None;
    for line in PAGE.lines() {
        match (&mut current, line.strip_prefix("```")) {
            (None, Some(info)) if info == kind => current = Some(Vec::new()),
            (Some(lines), Some(_)) => {
                blocks.push(lines.join("\n"));
                current = None;
            }
            (Some(lines), None) => lines.push(line),
            _ => {}
        }
    }
    blocks
}

#[test]
fn every_example_is_accepted() {
    let examples = blocks("toml");
    assert!(examples.len() >= 5, "{}", examples.len());
    for example in examples {
        // What the examples name is there: a description, and packages of a workspace.
        let world = World::with(&example).file("fast.md", "# fast\n");
        for name in ["core", "plugin"] {
            let project = format!("[project]\nname = \"demo-{name}\"\nversion = \"1.0\"\n");
            world.nested(&format!("packages/{name}/pyproject.toml"), &project);
        }
        world.inspect().config();
    }
    for policy in blocks("toml policy") {
        let world = World::new().file("policy.toml", &policy);
        let path = world.path("policy.toml").display().to_string();
        let error = world.env("SHIPONCE_POLICY", &path).error();
        assert!(error.contains("policy forbids the host"), "{error}");
    }
}

/// The keys come from the error about an unknown one, so a key that is read and not documented fails here.
#[test]
fn every_key_is_documented() {
    let mut count = 0;
    for table in [
        "",
        "[matrix]",
        "[build]",
        "[variants.x]",
        "[index.x]",
        "[verify]",
        "[github]",
        "[git]",
        "[gates]",
        "[expect]",
        "[workspace]",
        "[concurrency]",
    ] {
        let world = World::with(&format!("{table}\nzzzzzzzzzz = 1\n"));
        let error = world.error();
        let known = error.lines().find_map(|line| line.strip_prefix("hint: known keys: "));
        for key in known.unwrap_or_else(|| panic!("{error}")).split(", ") {
            let documented =
                [format!("`{key}`"), format!("[{key}]"), format!("[{key}."), format!("\n{key} = ")];
            assert!(documented.iter().any(|text| PAGE.contains(text.as_str())), "{table} {key}");
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}
