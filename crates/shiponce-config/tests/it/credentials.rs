//! Which credential an index gets, and which it never gets.

use shiponce_config::{Choice, Credentials, Source, check_token};
use shiponce_core::redact::SecretString;

use crate::world::{World, token};

const BOTH: &str = "[index.try]\nrole = \"test\"\n[index.company]\nrole = \"production\"\nupload = \"https://packages.example/up/\"\nsimple = \"https://packages.example/simple/\"\n[index.main]\nrole = \"production\"\n";

#[test]
fn nothing_set() {
    insta::assert_snapshot!(World::new().credential("pypi"), @"
    error[token-missing]: no credential for index pypi
      looked at trusted publishing: this is no CI job with an identity
      looked at PYPI_API_TOKEN: not set
      looked at PYPI_TOKEN: not set
    hint: set PYPI_API_TOKEN
    hint: or publish from CI with trusted publishing, which needs no token
    exit 7
    ");
    let world = World::with(BOTH).env("PYPI_TOKEN", "").secret_file(".env", "UV_PUBLISH_TOKEN=\n", 0o600);
    insta::assert_snapshot!(world.credential("main"), @"
    error[token-missing]: no credential for index main
      looked at trusted publishing: this is no CI job with an identity
      looked at PYPI_API_TOKEN: not set
      looked at PYPI_TOKEN: set, but empty
      looked at .env: no credential for this index
    hint: set PYPI_API_TOKEN
    hint: or publish from CI with trusted publishing, which needs no token
    exit 7
    ");
    insta::assert_snapshot!(world.credential("company"), @r#"
    error[token-missing]: no credential for index company
      looked at .env: no credential for this index
    hint: add token-env = ["VARIABLE"] or token-command = ["…"] to [index.company]
    exit 7
    "#);
}

#[test]
fn the_order_of_sources() {
    let real = token("index.example");
    let mut world = World::with("")
        .env("ACTIONS_ID_TOKEN_REQUEST_URL", "https://runner.example/token?x=1")
        .env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-secret")
        .env("PYPI_API_TOKEN", &real)
        .env("PYPI_TOKEN", &real)
        .env("UV_PUBLISH_TOKEN", &real)
        .env("TWINE_PASSWORD", &real)
        .env("TWINE_USERNAME", "ana")
        .secret_file(".env", &format!("PYPI_TOKEN={real}\n"), 0o600)
        .home_file(".pypirc", &format!("[pypi]\nusername = ana\npassword = {real}\n"), 0o600);
    let mut seen = vec![world.credential("pypi")];
    for variable in [
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "PYPI_API_TOKEN",
        "PYPI_TOKEN",
        "UV_PUBLISH_TOKEN",
        "TWINE_PASSWORD",
    ] {
        world.inputs.environment.remove(variable);
        seen.push(world.credential("pypi"));
    }
    world = world.secret_file(".env", "", 0o600);
    seen.push(world.credential("pypi"));
    insta::assert_snapshot!(seen.join("\n"), @"
    trusted publishing (GitHub Actions)
    environment PYPI_API_TOKEN as __token__
    environment PYPI_TOKEN as __token__
    environment UV_PUBLISH_TOKEN as __token__
    environment TWINE_PASSWORD as __token__
    .env PYPI_TOKEN as __token__
    .pypirc [pypi] as __token__
    ");
}

#[test]
fn default_tokens_never_leave_the_built_in_hosts() {
    let world = World::with(BOTH)
        .env("PYPI_API_TOKEN", &token("index.example"))
        .env("UV_PUBLISH_TOKEN", &token("index.example"))
        .env("TWINE_PASSWORD", &token("index.example"));
    insta::assert_snapshot!(world.credential("company"), @r#"
    error[token-missing]: no credential for index company
      looked at UV_PUBLISH_TOKEN: belongs to https://upload.index.example/legacy/
      looked at TWINE_PASSWORD: belongs to https://upload.index.example/legacy/
    hint: add token-env = ["VARIABLE"] or token-command = ["…"] to [index.company]
    exit 7
    "#);
    insta::assert_snapshot!(world.credential("try"), @"
    error[token-missing]: no credential for index try
      looked at trusted publishing: this is no CI job with an identity
      looked at TEST_PYPI_API_TOKEN: not set
      looked at UV_PUBLISH_TOKEN: belongs to https://upload.index.example/legacy/
      looked at TWINE_PASSWORD: belongs to https://upload.index.example/legacy/
    hint: set TEST_PYPI_API_TOKEN
    hint: or publish from CI with trusted publishing, which needs no token
    exit 7
    ");
    assert_eq!(world.credential("main"), "environment PYPI_API_TOKEN as __token__");
}

#[test]
fn settings_of_other_tools_belong_to_the_address_they_name() {
    let world = World::with(BOTH)
        .env("UV_PUBLISH_URL", "https://packages.example/up")
        .env("UV_PUBLISH_USERNAME", "ci")
        .env("UV_PUBLISH_PASSWORD", "hunter2");
    assert_eq!(world.credential("company"), "environment UV_PUBLISH_PASSWORD as ci");
    assert!(
        world.credential("main").contains("UV_PUBLISH_PASSWORD: belongs to https://packages.example/up/")
    );
    let pypirc = "[work]\nrepository = https://packages.example/up\nusername = ci\npassword = hunter2\n[bad]\nrepository = http://\npassword = x\n";
    let world = World::with(BOTH).home_file(".pypirc", pypirc, 0o600);
    assert_eq!(world.credential("company"), ".pypirc [work] as ci");
    assert!(world.credential("main").starts_with("error[token-missing]"));
    let world = World::with(BOTH)
        .home_file(".pypirc", pypirc, 0o600)
        .env("TWINE_REPOSITORY", "work")
        .env("TWINE_PASSWORD", "hunter2");
    assert_eq!(world.credential("company"), "environment TWINE_PASSWORD as __token__");
}

#[test]
fn tokens_that_are_refused_before_any_connection() {
    let answers: Vec<String> = [
        token("test.index.example"),
        token("index.example")[..30].to_owned(),
        "hunter2".to_owned(),
        "pypi-".to_owned(),
        format!("\"{}\"", token("index.example")),
        format!("{} {}", token("index.example"), token("index.example")),
    ]
    .iter()
    .map(|text| World::new().env("PYPI_TOKEN", text).credential("pypi"))
    .collect();
    insta::assert_snapshot!(answers.join("\n\n"), @"
    error[token-foreign-host]: the token from PYPI_TOKEN was issued by test.index.example, not by index.example
      index  pypi
      source environment PYPI_TOKEN
    Nothing was sent.
    hint: use a token of index.example
    exit 7

    error[token-malformed]: the token from PYPI_TOKEN is cut short or damaged
      index  pypi
      source environment PYPI_TOKEN
    Nothing was sent.
    hint: copy the token again, whole: it begins with pypi- and has more than 100 characters
    exit 7

    error[token-malformed]: the token from PYPI_TOKEN does not begin with pypi-
      index  pypi
      source environment PYPI_TOKEN
    Nothing was sent.
    hint: copy the token again, whole: it begins with pypi- and has more than 100 characters
    exit 7

    error[token-malformed]: the token from PYPI_TOKEN is cut short or damaged
      index  pypi
      source environment PYPI_TOKEN
    Nothing was sent.
    hint: copy the token again, whole: it begins with pypi- and has more than 100 characters
    exit 7

    error[token-malformed]: the token from PYPI_TOKEN does not begin with pypi-
      index  pypi
      source environment PYPI_TOKEN
    Nothing was sent.
    hint: copy the token again, whole: it begins with pypi- and has more than 100 characters
    exit 7

    error[token-malformed]: the token from PYPI_TOKEN contains a space or a line break
      index  pypi
      source environment PYPI_TOKEN
    Nothing was sent.
    hint: copy the token again, whole: it begins with pypi- and has more than 100 characters
    exit 7
    ");
}

/// A line break at the end comes with most ways of storing a token.
#[test]
fn white_space_around_a_token_is_removed() {
    let world = World::new().env("PYPI_TOKEN", &format!(" {}\n", token("index.example")));
    assert_eq!(world.credential("pypi"), "environment PYPI_TOKEN as __token__");
}

#[test]
fn a_private_index_takes_any_password_but_no_foreign_token() {
    let config = format!(
        "{BOTH}\n[index.priv]\nrole = \"test\"\nupload = \"https://up.priv.example/\"\nsimple = \"https://priv.example/simple/\"\ntoken-env = [\"PRIV\"]\nusername = \"ci\"\n"
    );
    let with = |value: &str| World::with(&config).env("PRIV", value).credential("priv");
    assert_eq!(with("hunter2"), "environment PRIV as ci");
    assert_eq!(with("pypi-hunter2"), "environment PRIV as ci");
    assert_eq!(with(&token("priv.example")), "environment PRIV as ci");
    insta::assert_snapshot!(with(&token("index.example")), @"
    error[token-foreign-host]: the token from PRIV was issued by index.example, not by up.priv.example
      index  priv
      source environment PRIV
    Nothing was sent.
    hint: use a token of up.priv.example
    exit 7
    ");
    insta::assert_snapshot!(with(&token("iv.example")), @"
    error[token-foreign-host]: the token from PRIV was issued by iv.example, not by up.priv.example
      index  priv
      source environment PRIV
    Nothing was sent.
    hint: use a token of up.priv.example
    exit 7
    ");
    insta::assert_snapshot!(with("line\u{1}break"), @"
    error[token-malformed]: the token from PRIV contains control characters
      index  priv
      source environment PRIV
    Nothing was sent.
    hint: set it to the password or token alone, on one line
    exit 7
    ");
}

#[test]
fn files_that_others_can_read_are_refused() {
    let real = token("index.example");
    let errors: Vec<String> = [
        World::new().secret_file(".env", &format!("PYPI_TOKEN={real}\n"), 0o644),
        World::new().secret_file(".env", &format!("PYPI_TOKEN={real}\n"), 0o620),
        World::new().home_file(".pypirc", &format!("[pypi]\npassword = {real}\n"), 0o640),
    ]
    .iter()
    .map(|world| world.credential("pypi"))
    .collect();
    insta::assert_snapshot!(errors.join("\n\n"), @"
    error[secret-file-readable]: .env holds PYPI_TOKEN and its mode is 0644
      file DIR/.env
    hint: chmod 600 DIR/.env
    exit 2

    error[secret-file-readable]: .env holds PYPI_TOKEN and its mode is 0620
      file DIR/.env
    hint: chmod 600 DIR/.env
    exit 2

    error[secret-file-readable]: .pypirc holds the password of [pypi] and its mode is 0640
      file HOME/.pypirc
    hint: chmod 600 HOME/.pypirc
    exit 2
    ");
    // A file without a secret of ours is nobody's business, whatever its mode.
    let open = World::new()
        .secret_file(".env", "DATABASE_PASSWORD=x\nUV_PUBLISH_USERNAME=ana\n", 0o644)
        .home_file(".pypirc", "[pypi]\nusername = __token__\n", 0o644)
        .env("PYPI_TOKEN", &real);
    assert_eq!(open.credential("pypi"), "environment PYPI_TOKEN as __token__");
}

#[test]
fn the_real_environment_wins_over_the_file() {
    let world = World::new()
        .secret_file(".env", &format!("PYPI_TOKEN={}\nOTHER=1\n", token("test.index.example")), 0o600)
        .env("PYPI_TOKEN", &token("index.example"));
    assert_eq!(world.credential("pypi"), "environment PYPI_TOKEN as __token__");
}

#[test]
fn a_command_is_offered_and_not_run() {
    let config = "[index.main]\nrole = \"production\"\ntoken-command = [\"vault\", \"read\"]\n";
    let world = World::with(config).env("UV_PUBLISH_TOKEN", &token("index.example"));
    assert_eq!(world.credential("main"), "token-command vault (shiponce.toml:3)");
    let config = world.config();
    let index = config.index("main").unwrap();
    let source = Source::Flag("x".to_owned());
    // What it prints is checked like every other credential.
    let printed = SecretString::from(token("test.index.example"));
    assert!(check_token(index, &printed, &source).is_err());
    assert!(check_token(index, &SecretString::from(token("index.example")), &source).is_ok());
    assert!(check_token(index, &SecretString::from(""), &source).is_err());
}

#[test]
fn trusted_publishing_on_request() {
    let ci = |config: &str| {
        World::with(config)
            .env("ACTIONS_ID_TOKEN_REQUEST_URL", "https://runner.example/token")
            .env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-secret")
            .env("PYPI_TOKEN", &token("index.example"))
    };
    assert_eq!(ci("").credential("pypi"), "trusted publishing (GitHub Actions)");
    let never = "[index.main]\nrole = \"production\"\ntrusted-publishing = \"never\"\n";
    assert_eq!(ci(never).credential("main"), "environment PYPI_TOKEN as __token__");
    // A private index has no exchange unless its table says so.
    let private = BOTH.replace("simple = ", "trusted-publishing = \"always\"\nsimple = ");
    assert_eq!(ci(&private).credential("company"), "trusted publishing (GitHub Actions)");
    assert!(ci(BOTH).credential("company").starts_with("error[token-missing]"));
    insta::assert_snapshot!(World::with(&private).credential("company"), @"
    error[config-invalid]: `index.company.trusted-publishing` is `always`, and this is no CI job with an identity
      source shiponce.toml:6
    hint: in GitHub Actions the job needs `permissions: id-token: write`
    exit 2
    ");
    let world = World::with(BOTH).env("TESTPYPI_ID_TOKEN", "jwt");
    assert_eq!(world.credential("try"), "trusted publishing (GitLab CI)");
    assert!(world.credential("main").starts_with("error[token-missing]"));
    let broken = ci("").env("ACTIONS_ID_TOKEN_REQUEST_URL", "nonsense");
    insta::assert_snapshot!(broken.credential("pypi"), @"
    error[usage]: `ACTIONS_ID_TOKEN_REQUEST_URL` is not an address: relative URL without a base
      source environment ACTIONS_ID_TOKEN_REQUEST_URL
    hint: write a whole address, such as https://packages.example/simple/
    exit 2
    ");
}

#[test]
fn variables_that_project_code_must_not_see() {
    let world = World::with("[index.main]\nrole = \"production\"\ntoken-env = [\"MY_TOKEN\"]\n")
        .env("MY_TOKEN", "x")
        .env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "x")
        .env("TWINE_PASSWORD", "x")
        .env("TWINE_USERNAME", "x")
        .env("PYPI_TOKEN", " ")
        .env("PATH", "/bin");
    let config = world.config();
    let credentials = Credentials::load(&config, &world.inputs).unwrap();
    assert_eq!(
        credentials.exposed_variables(),
        ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", "MY_TOKEN", "TWINE_PASSWORD"]
    );
}

#[test]
fn a_package_has_its_own_token_and_shares_the_general_one() {
    let (own, general) = (token("index.example"), token("index.example"));
    let world =
        World::with("").env("PYPI_API_TOKEN_DEMO_PROJECT", &own).env("PYPI_TOKEN", &general).secret_file(
            ".env",
            &format!("TEST_PYPI_API_TOKEN_DEMO_FAST={}\n", token("test.index.example")),
            0o600,
        );
    assert_eq!(world.credential("pypi"), "environment PYPI_API_TOKEN_DEMO_PROJECT as __token__");
    let config = world.config();
    let credentials = Credentials::load(&config, &world.inputs).unwrap();
    let fast: shiponce_core::PackageName = "Demo.Fast".parse().unwrap();
    let index = config.index("pypi").unwrap();
    let offer = credentials.of_package(&fast).for_index(index).unwrap();
    assert_eq!(offer.choice.unwrap().source(), "environment PYPI_TOKEN");
    assert_eq!(credentials.exposed_variables(), ["PYPI_API_TOKEN_DEMO_PROJECT", "PYPI_TOKEN"]);

    let test = World::with("[index.test]\nrole = \"test\"\n").secret_file(
        ".env",
        &format!("TEST_PYPI_API_TOKEN_DEMO_FAST={}\n", token("test.index.example")),
        0o600,
    );
    let config = test.config();
    let credentials = Credentials::load(&config, &test.inputs).unwrap();
    let index = config.index("test").unwrap();
    let offer = credentials.of_package(&fast).for_index(index).unwrap();
    assert_eq!(offer.choice.unwrap().source(), ".env TEST_PYPI_API_TOKEN_DEMO_FAST");
    let other: shiponce_core::PackageName = "other".parse().unwrap();
    insta::assert_snapshot!(test.show(&credentials.of_package(&other).require(index).unwrap_err()), @"
    error[token-missing]: no credential for index test
      looked at trusted publishing: this is no CI job with an identity
      looked at TEST_PYPI_API_TOKEN_OTHER: not set
      looked at TEST_PYPI_API_TOKEN: not set
      looked at .env: no credential for this index
    hint: set TEST_PYPI_API_TOKEN
    hint: or publish from CI with trusted publishing, which needs no token
    exit 7
    ");
}

#[test]
fn no_secret_is_printed() {
    let secret = token("index.example");
    let world = World::new()
        .env("PYPI_TOKEN", &secret)
        .secret_file(".env", &format!("UV_PUBLISH_TOKEN={secret}\n"), 0o600)
        .home_file(".pypirc", &format!("[pypi]\npassword={secret}\n"), 0o600);
    let config = world.config();
    let credentials = Credentials::load(&config, &world.inputs).unwrap();
    let index = config.index("pypi").unwrap();
    let offer = credentials.for_index(index).unwrap();
    let Some(Choice::Token(token)) = &offer.choice else { panic!("no token") };
    let shown =
        format!("{:?} {config:?} {credentials:?} {offer:?} {token:?} {}", world.inputs, world.sources());
    assert!(!shown.contains(&secret[5..40]), "{shown}");
}
