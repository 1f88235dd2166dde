//! The configuration files: which one counts, and what is said about mistakes in them.

use crate::world::{PYPROJECT, World};

#[test]
fn an_empty_file_is_enough() {
    assert_eq!(World::with("").sources(), World::new().sources());
}

#[test]
fn both_files() {
    let both = format!("{PYPROJECT}\n[tool.shiponce]\n");
    let mut world = World::with("tag = \"r{version}\"\n").file("pyproject.toml", &both);
    insta::assert_snapshot!(world.error(), @"
    error[config-both-files]: both shiponce.toml and [tool.shiponce] in pyproject.toml configure this project
    hint: keep one of them
    hint: or name the one that counts for this run: --config shiponce.toml
    exit 2
    ");
    world.inputs.flags.config = Some(world.path("shiponce.toml"));
    assert_eq!(world.config().tag.value.to_string(), "r{version}");
    world.inputs.flags.config = Some(world.path("pyproject.toml"));
    assert_eq!(world.config().tag.value.to_string(), "v{version}");
}

#[test]
fn the_table_in_pyproject() {
    let text = format!(
        "{PYPROJECT}\n[tool.shiponce]\ntag = \"r{{version}}\"\n[tool.shiponce.verify]\nimprt = [\"x\"]\n"
    );
    insta::assert_snapshot!(World::empty().file("pyproject.toml", &text).error(), @"
    error[config-unknown-key]: unknown key `imprt` in [tool.shiponce.verify]
      --> pyproject.toml:12:1
       12 | imprt = …
          | ^^^^^
    hint: did you mean `import`?
    exit 2
    ");
}

#[test]
fn a_named_file_that_is_missing() {
    let mut world = World::new().env("SHIPONCE_CONFIG", "/nowhere/shiponce.toml");
    insta::assert_snapshot!(world.error(), @"
    error[config-invalid]: /nowhere/shiponce.toml cannot be read
      caused by: there is no such file
    exit 2
    ");
    // The flag stands above the environment.
    world = world.file("other.toml", "tag = \"x{version}\"\n");
    world.inputs.flags.config = Some(world.path("other.toml"));
    assert_eq!(world.config().tag.source.to_string(), format!("{}:1", world.path("other.toml").display()));
}

#[test]
fn unknown_keys_at_every_depth() {
    let errors: Vec<String> = [
        "projet = \"x\"\n",
        "[index.company]\nrole = \"production\"\nrequird = true\n",
        "[index.company]\ntoken_env = [\"A\"]\n",
        "[build]\nshell = \"make\"\n",
        "index.company = { role = \"test\", uplaod = \"https://h/\" }\n",
        "[[index]]\n",
    ]
    .iter()
    .map(|text| World::with(text).error())
    .collect();
    insta::assert_snapshot!(errors.join("\n\n"), @r#"
    error[config-unknown-key]: unknown key `projet` in shiponce.toml
      --> shiponce.toml:1:1
       1 | projet = …
         | ^^^^^^
    hint: known keys: package, tag, matrix, build, variants, index, verify, github, git, gates, expect, workspace, concurrency
    exit 2

    error[config-unknown-key]: unknown key `requird` in [index.company]
      --> shiponce.toml:3:1
       3 | requird = …
         | ^^^^^^^
    hint: did you mean `required`?
    exit 2

    error[config-unknown-key]: unknown key `token_env` in [index.company]
      --> shiponce.toml:2:1
       2 | token_env = …
         | ^^^^^^^^^
    hint: did you mean `token-env`?
    exit 2

    error[config-unknown-key]: unknown key `shell` in [build]
      --> shiponce.toml:2:1
       2 | shell = …
         | ^^^^^
    hint: known keys: command, env, timeout
    exit 2

    error[config-unknown-key]: unknown key `uplaod` in [index.company]
      --> shiponce.toml:1:34
       1 | index.company = { role = "test", uplaod = …
         |                                  ^^^^^^
    hint: did you mean `upload`?
    exit 2

    error[config-invalid]: `index` is a list, expected a table
      --> shiponce.toml:1:1
       1 | [[index]]
         | ^^^^^^^^^
    exit 2
    "#);
}

#[test]
fn values_of_the_wrong_type() {
    let errors: Vec<String> = [
        "package = 3\n",
        "[index.company]\nrole = \"production\"\nrequired = \"yes\"\n",
        "[build]\ncommand = \"python -m build\"\n",
        "[verify]\ncommands = [\"demo --help\"]\n",
        "build = \"x\"\n",
        "[concurrency]\nlimit = -1\n",
        "[build.env]\nA = 1\n",
        "package = \"a\\u0000b\"\n",
    ]
    .iter()
    .map(|text| World::with(text).error())
    .collect();
    insta::assert_snapshot!(errors.join("\n\n"), @r#"
    error[config-invalid]: `package` is a whole number, expected a text
      --> shiponce.toml:1:11
       1 | package = 3
         |           ^
    exit 2

    error[config-invalid]: `index.company.required` is a text, expected true or false
      --> shiponce.toml:3:12
       3 | required = "yes"
         |            ^^^^^
    exit 2

    error[config-invalid]: `build.command` is a text, expected a list of texts
      --> shiponce.toml:2:11
       2 | command = "python -m build"
         |           ^^^^^^^^^^^^^^^^^
    exit 2

    error[config-invalid]: `verify.commands` is a text, expected a list of commands, each a list of texts
      --> shiponce.toml:2:13
       2 | commands = ["demo --help"]
         |             ^^^^^^^^^^^^^
    exit 2

    error[config-invalid]: `build` is a text, expected a table
      --> shiponce.toml:1:9
       1 | build = "x"
         |         ^^^
    exit 2

    error[config-invalid]: `concurrency.limit` is not a whole number in range
      --> shiponce.toml:2:9
       2 | limit = -1
         |         ^^
    exit 2

    error[config-invalid]: `build.env.A` is a whole number, expected a text
      --> shiponce.toml:2:5
       2 | A = 1
         |     ^
    exit 2

    error[config-invalid]: `package` contains a NUL character
      --> shiponce.toml:1:11
       1 | package = "a\u0000b"
         |           ^^^^^^^^^^
    exit 2
    "#);
}

#[test]
fn broken_toml() {
    let errors: Vec<String> =
        ["tag = \n", "tag = \"v{version}\ntag = 1", "tag = \"a{version}\"\ntag = \"b\"\n", "[index\n"]
            .iter()
            .map(|text| World::with(text).error())
            .collect();
    insta::assert_snapshot!(errors.join("\n\n"), @r#"
    error[config-invalid]: shiponce.toml is not valid TOML: string values must be quoted, expected literal string
      --> shiponce.toml:1:7
       1 | tag =
         |       ^
    exit 2

    error[config-invalid]: shiponce.toml is not valid TOML: invalid basic string, expected `"`
      --> shiponce.toml:1:18
       1 | tag = "v{version}
         |                  ^
    exit 2

    error[config-invalid]: shiponce.toml is not valid TOML: duplicate key
      --> shiponce.toml:2:1
       2 | tag = "b"
         | ^^^
    exit 2

    error[config-invalid]: shiponce.toml is not valid TOML: unclosed table, expected `]`
      --> shiponce.toml:1:7
       1 | [index
         |       ^
    exit 2
    "#);
}

#[test]
fn a_file_that_is_no_text() {
    let world = World::new();
    fs_err::write(world.path("shiponce.toml"), [0xff, 0xfe, 0x00]).unwrap();
    insta::assert_snapshot!(world.error(), @"
    error[config-invalid]: DIR/shiponce.toml cannot be read
      caused by: it is not text in UTF-8
    exit 2
    ");
}

/// People paste secrets where names belong. Nothing of them may come back in a message.
#[test]
fn a_secret_in_the_wrong_place_is_not_repeated() {
    let token = crate::world::token("index.example");
    for text in [
        format!("token = \"{token}\"\n"),
        format!("[index.company]\nrole = \"production\"\ntoken-env = \"{token}\"\n"),
        format!("[index.company]\nrole = \"production\"\npassword = \"hunter2-{token}\"\n"),
        format!("[index.company]\nrole = \"{token}\"\n"),
        format!("[index.company]\npassword = hunter2-{token}\n"),
        format!("{token} = 1\n"),
        format!("[{token}]\n"),
        format!("package = \"{token} {token}\"\n"),
        format!("tag = \"{token} \"\n"),
        "[index.c]\nrole = \"test\"\nupload = \"https://ana:hunter2@packages.example/\"\n".to_owned(),
        "[index.c]\nrole = \"test\"\nupload = \"https://ana:hunter2/x@packages.example/\"\n".to_owned(),
        "[index.c]\nrole = \"test\"\nupload = \"ftp://ana:hunter2@packages.example/\"\n".to_owned(),
    ] {
        let world = World::with(&text);
        let error = world.resolve().expect_err(&text);
        let shown = format!("{}{error:?}", world.show(&error));
        assert!(!shown.contains("hunter2"), "{text}\n{shown}");
        assert!(!shown.contains(&token[..24]), "{text}\n{shown}");
    }
}
