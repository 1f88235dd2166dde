//! Which indexes a run has.

use crate::world::{PYPROJECT, World};

const COMPANY: &str = "[index.company]\nrole = \"production\"\nupload = \"https://packages.example/up\"\nsimple = \"https://packages.example/simple\"\n";

#[test]
fn without_a_table_only_the_production_index() {
    insta::assert_snapshot!(World::new().indexes(), @"pypi production https://upload.index.example/legacy/ from default");
}

#[test]
fn a_role_without_an_address_is_the_built_in_index() {
    let world = World::with("[index.staging]\nrole = \"test\"\n[index.main]\nrole = \"production\"\n");
    insta::assert_snapshot!(world.indexes(), @"
    staging test https://upload.test.index.example/legacy/ from shiponce.toml:1
    main production https://upload.index.example/legacy/ from shiponce.toml:3
    ");
}

#[test]
fn a_production_table_takes_the_place_of_the_built_in_index() {
    let world = World::with(COMPANY);
    insta::assert_snapshot!(world.indexes(), @"company production https://packages.example/up from shiponce.toml:1");
    let config = world.config();
    let index = config.index("company").unwrap();
    assert_eq!(index.identity(), "https://packages.example/up/");
    assert_eq!(index.simple.as_ref().unwrap().value.to_string(), "https://packages.example/simple/");
    assert!(index.json.is_none() && index.built_in.is_none());
    assert_eq!(index.immutable.value, shiponce_core::decide::WriteOnce::Unknown);
    assert!(index.token_env.value.is_empty(), "default tokens bind to the built-in hosts only");
}

#[test]
fn a_test_table_leaves_the_built_in_index_in_place() {
    insta::assert_snapshot!(World::with("[index.pypi]\nrole = \"test\"\n").indexes(), @"
    pypi test https://upload.test.index.example/legacy/ from shiponce.toml:1
    production production https://upload.index.example/legacy/ from default
    ");
}

#[test]
fn built_in_addresses_are_recognised_in_every_spelling() {
    let world = World::with(
        "[index.x]\nrole = \"production\"\nupload = \"https://UPLOAD.index.example:443/legacy\"\n",
    );
    let config = world.config();
    let index = config.index("x").unwrap();
    assert_eq!(index.upload.value.to_string(), "https://upload.index.example/legacy/");
    assert_eq!(index.title(), "PyPI");
    assert_eq!(index.immutable.value, shiponce_core::decide::WriteOnce::Yes);
    assert_eq!(index.oidc().unwrap().to_string(), "https://index.example/_/oidc/");
    assert!(index.simple.is_some() && index.json.is_some());
}

#[test]
fn addresses_that_are_refused() {
    let errors: Vec<String> = [
        "[index.c]\nrole = \"production\"\nupload = \"http://packages.example/legacy/\"\n",
        "[index.c]\nrole = \"production\"\nupload = \"https://packages.example/legacy/\"\n",
        "[index.c]\nrole = \"production\"\nupload = \"https://ana:pw@packages.example/\"\nsimple = \"https://h/\"\n",
        "[index.c]\nrole = \"production\"\nupload = \"packages.example\"\n",
        "[index.c]\nrole = \"production\"\nupload = \"http://127.0.0.1:1/\"\nsimple = \"http://10.0.0.1/\"\n",
    ]
    .iter()
    .map(|text| World::with(text).error())
    .collect();
    insta::assert_snapshot!(errors.join("\n\n"), @r#"
    error[insecure-url]: `index.c.upload` is not https: http://packages.example/legacy/
      --> shiponce.toml:3:10
       3 | upload = "http://packages.example/legacy/"
         |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: use https, or a loopback address
    exit 2

    error[config-invalid]: `index.c` has no address to read from: https://packages.example/legacy/
      --> shiponce.toml:1:1
       1 | [index.c]
         | ^^^^^^^^^
    hint: add simple = "https://…" to a table [index.NAME] for packages.example
    exit 2

    error[secret-in-url]: `index.c.upload` contains a user name or password: https://***@packages.example/
      --> shiponce.toml:3:10
    hint: take the credential out of the address
    hint: for an index use `username` with `token-env` or `token-command`
    exit 2

    error[config-invalid]: `index.c.upload` is not an address: relative URL without a base
      --> shiponce.toml:3:10
       3 | upload = "packages.example"
         |          ^^^^^^^^^^^^^^^^^^
    hint: write a whole address, such as https://packages.example/simple/
    exit 2

    error[insecure-url]: `index.c.simple` is not https: http://10.0.0.1/
      --> shiponce.toml:4:10
       4 | simple = "http://10.0.0.1/"
         |          ^^^^^^^^^^^^^^^^^^
    hint: use https, or a loopback address
    exit 2
    "#);
}

/// Certificates are found from the project's folder; the credential for reading goes where the one for uploads goes.
#[test]
fn certificates_and_reading() {
    let table = "[index.c]\nrole = \"production\"\nupload = \"https://packages.example/legacy/\"\n";
    let closed = format!(
        "{table}simple = \"https://packages.example:443/simple/\"\nread-auth = true\nca = \"keys/ca.pem\"\nclient-cert = \"/etc/me.pem\"\n"
    );
    let world = World::with(&closed);
    let index = world.config().indexes.into_iter().next().unwrap();
    assert_eq!(index.ca.unwrap().value, world.inputs.project_dir.join("keys/ca.pem"));
    assert_eq!(index.client_cert.unwrap().value, std::path::Path::new("/etc/me.pem"));
    for simple in ["https://files.packages.example/simple/", "https://packages.example:8443/simple/"] {
        let error = World::with(&format!("{table}simple = \"{simple}\"\nread-auth = true\n")).error();
        assert!(
            error.contains("`index.c.read-auth` would send the credential of packages.example to "),
            "{error}"
        );
        assert!(error.ends_with("exit 2"), "{error}");
    }
}

#[test]
fn two_names_of_one_index() {
    let twins = format!(
        "{COMPANY}[index.again]\nrole = \"test\"\nupload = \"https://packages.example:443/up/\"\nsimple = \"https://h/\"\n"
    );
    insta::assert_snapshot!(World::with(&twins).error(), @"
    error[config-invalid]: `index.again` is the same index as `index.company`: https://packages.example/up/
      --> shiponce.toml:5:1
       5 | [index.again]
         | ^^^^^^^^^^^^^
    hint: keep one of them
    exit 2
    ");
}

#[test]
fn settings_of_uv_stand_in_for_production() {
    let uv = format!(
        "{PYPROJECT}\n[[tool.uv.index]]\nname = \"company\"\nurl = \"https://packages.example/simple\"\npublish-url = \"https://packages.example/up/\"\n[[tool.uv.index]]\nname = \"try\"\nurl = \"https://test.index.example/simple/\"\npublish-url = \"https://upload.test.index.example/legacy/\"\n[[tool.uv.index]]\nname = \"mirror\"\nurl = \"https://mirror.example/\"\n"
    );
    let world = World::empty().file("pyproject.toml", &uv);
    insta::assert_snapshot!(world.indexes(), @"
    try test https://upload.test.index.example/legacy/ from pyproject.toml:13
    company production https://packages.example/up/ from pyproject.toml:9
    ");
    // A table of our own for production makes the fallback none of our business.
    let world = world.file("shiponce.toml", "[index.main]\nrole = \"production\"\n");
    insta::assert_snapshot!(world.indexes(), @"
    try test https://upload.test.index.example/legacy/ from pyproject.toml:13
    main production https://upload.index.example/legacy/ from shiponce.toml:1
    ");
}

#[test]
fn an_address_in_the_environment_stands_in_for_production() {
    let check = ("UV_PUBLISH_CHECK_URL", "https://packages.example/simple");
    let uv = World::new().env("UV_PUBLISH_URL", "https://packages.example/up").env(check.0, check.1);
    insta::assert_snapshot!(uv.indexes(), @"packages.example production https://packages.example/up from environment UV_PUBLISH_URL");
    // Told to publish to the test index, the run must not reach production.
    let test = World::new().env("UV_PUBLISH_URL", "https://upload.test.index.example/legacy/");
    insta::assert_snapshot!(test.indexes(), @"testpypi production https://upload.test.index.example/legacy/ from environment UV_PUBLISH_URL");
    let twine = World::new().env("TWINE_REPOSITORY", "testpypi");
    insta::assert_snapshot!(twine.indexes(), @"testpypi production https://upload.test.index.example/legacy/ from environment TWINE_REPOSITORY");
    // Of an index with a table the variable only binds the credential.
    let both = World::with("[index.staging]\nrole = \"test\"\n")
        .env("UV_PUBLISH_URL", "https://upload.test.index.example/legacy/");
    insta::assert_snapshot!(both.indexes(), @"
    staging test https://upload.test.index.example/legacy/ from shiponce.toml:1
    pypi production https://upload.index.example/legacy/ from default
    ");
    insta::assert_snapshot!(World::new().env("TWINE_REPOSITORY", "company").error(), @"
    error[usage]: `TWINE_REPOSITORY` names no server of .pypirc with a `repository`: company
      source environment TWINE_REPOSITORY
    exit 2
    ");
    insta::assert_snapshot!(World::new().env("UV_PUBLISH_INDEX", "company").error(), @"
    error[usage]: `UV_PUBLISH_INDEX` names no [[tool.uv.index]] with a `publish-url`: company
      source environment UV_PUBLISH_INDEX
    exit 2
    ");
}

#[test]
fn targets_can_be_left_out_and_mistyped() {
    let mut world = World::with(&format!("[index.try]\nrole = \"test\"\n{COMPANY}"));
    world.inputs.flags.skip = vec!["try".to_owned(), "github".to_owned()];
    insta::assert_snapshot!(world.indexes(), @"
    try test https://upload.test.index.example/legacy/ from shiponce.toml:1, left out by flag --skip try
    company production https://packages.example/up from shiponce.toml:3
    ");
    assert_eq!(world.config().skip_github.unwrap().to_string(), "flag --skip github");
    world.inputs.flags.skip = Vec::new();
    world.inputs.flags.to = vec!["try".to_owned()];
    insta::assert_snapshot!(world.indexes(), @"
    try test https://upload.test.index.example/legacy/ from shiponce.toml:1
    company production https://packages.example/up from shiponce.toml:3, left out by flag --to try
    ");
    assert_eq!(world.config().targets().count(), 1);
    world.inputs.flags.to = vec!["comapny".to_owned()];
    insta::assert_snapshot!(world.error(), @"
    error[usage]: --to names no configured index: comapny
    hint: did you mean `company`?
    hint: configured: company, github, try
    exit 2
    ");
    world.inputs.flags.to = Vec::new();
    world.inputs.flags.skip_test = true;
    world.inputs.flags.skip_production = true;
    assert_eq!(world.config().targets().count(), 0);
}

#[test]
fn one_index_alone() {
    let mut world = World::with(COMPANY).publish();
    let mut with = |index: &str| {
        world.inputs.flags.index = Some(index.to_owned());
        match world.resolve() {
            Ok(_) => world.indexes(),
            Err(error) => world.show(&error),
        }
    };
    let answers: Vec<String> = [
        "company",
        "pypi",
        "testpypi",
        "https://packages.example/up",
        "https://upload.test.index.example/legacy",
        "https://other.example/legacy/",
        "http://other.example/legacy/",
        "tespypi",
    ]
    .iter()
    .map(|index| with(index))
    .collect();
    insta::assert_snapshot!(answers.join("\n\n"), @r#"
    company production https://packages.example/up from shiponce.toml:1

    pypi production https://upload.index.example/legacy/ from flag --index

    testpypi test https://upload.test.index.example/legacy/ from flag --index

    company production https://packages.example/up from shiponce.toml:1

    testpypi test https://upload.test.index.example/legacy/ from flag --index

    error[usage]: `index.other.example` has no address to read from: https://other.example/legacy/
      source flag --index
    hint: add simple = "https://…" to a table [index.NAME] for other.example
    exit 2

    error[insecure-url]: `--index` is not https: http://other.example/legacy/
      source flag --index
    hint: use https, or a loopback address
    exit 2

    error[usage]: --index names no configured index: tespypi
    hint: did you mean `testpypi`?
    hint: configured: company, pypi, testpypi
    exit 2
    "#);
}

#[test]
fn hosts_that_are_contacted() {
    let world =
        World::with(&format!("[index.try]\nrole = \"test\"\ntrusted-publishing = \"never\"\n{COMPANY}"));
    let hosts: Vec<String> = shiponce_config::network_hosts(&world.config())
        .into_iter()
        .map(|used| format!("{} {}", used.host, used.purpose))
        .collect();
    insta::assert_snapshot!(hosts.join("\n"), @"
    test.index.example read Test PyPI
    files.test.index.example download files of Test PyPI
    upload.test.index.example upload to Test PyPI
    packages.example read company
    packages.example upload to company
    api.forge.example the GitHub release, when origin is on forge.example
    uploads.forge.example upload files to the GitHub release, when origin is on forge.example
    assets.forge.example download files of the GitHub release, when origin is on forge.example
    ");
}
