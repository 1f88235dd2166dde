//! `[github]`: the release page, and whose token it gets.

use shiponce_config::{Credentials, GitHub, Notes};
use shiponce_core::redact::ExposeSecret as _;

use crate::world::{World, token};

fn github(config: &str) -> GitHub {
    World::with(config).config().github
}

/// The source of the token and what was looked at before, or the whole error.
fn token_of(world: &World) -> String {
    let config = world.config();
    match Credentials::load(&config, &world.inputs).and_then(|found| found.for_github()) {
        Ok(offer) => {
            let source = offer.token.map_or_else(|| "none".to_owned(), |token| token.source.to_string());
            format!("{source} after {:?}", offer.looked)
        }
        Err(error) => world.show(&error),
    }
}

#[test]
fn without_a_table_it_is_github_itself_and_nobody_asked() {
    let github = World::new().config().github;
    assert!(github.configured.is_none() && github.repository.is_none() && github.built_in);
    assert_eq!(github.api.value.to_string(), "https://api.forge.example/");
    assert_eq!(github.uploads.to_string(), "https://uploads.forge.example/");
    assert_eq!(github.website, "forge.example");
    assert_eq!(github.notes.value, Notes::Auto);
    assert_eq!(github.token_env.value, ["GITHUB_TOKEN", "GH_TOKEN"]);
}

#[test]
fn every_setting() {
    let github = github(
        "[github]\nrepository = \"owner/demo.py\"\nnotes = { command = [\"towncrier\", \"build\"] }\nassets = \"x/*.json\"\ntoken-env = \"RELEASE_TOKEN\"\napi = \"https://forge.example:8443/api/v3/\"\n",
    );
    assert_eq!(github.configured.unwrap().to_string(), "shiponce.toml:1");
    assert_eq!(github.repository.unwrap().value.to_string(), "owner/demo.py");
    assert_eq!(github.notes.value, Notes::Command(vec!["towncrier".to_owned(), "build".to_owned()]));
    assert_eq!(github.notes.source.to_string(), "shiponce.toml:3");
    assert_eq!(github.assets.value, ["x/*.json"]);
    assert_eq!(github.token_env.value, ["RELEASE_TOKEN"]);
    assert_eq!(github.uploads.to_string(), "https://forge.example:8443/api/uploads");
    assert_eq!(github.website, "forge.example:8443");
    assert!(!github.built_in && github.files.is_none());
}

#[test]
fn notes_are_a_word_a_file_or_a_command() {
    let notes = |text: &str| github(&format!("[github]\nnotes = {text}\n")).notes.value;
    assert_eq!(notes("\"auto\""), Notes::Auto);
    assert_eq!(notes("\"generated\""), Notes::Generated);
    assert_eq!(notes("\"none\""), Notes::None);
    assert_eq!(notes("{ file = \"docs/notes.md\" }"), Notes::File("docs/notes.md".into()));
}

/// The address is what decides, not whether it was typed.
#[test]
fn the_built_in_api_is_built_in_however_it_is_spelled() {
    for api in ["https://api.forge.example", "https://API.forge.example:443/"] {
        let github = github(&format!("[github]\napi = \"{api}\"\n"));
        assert!(github.built_in, "{api}");
        assert_eq!(github.uploads.to_string(), "https://uploads.forge.example/");
        assert_eq!(github.token_env.value.len(), 2);
    }
}

#[test]
fn an_enterprise_server_gets_no_token_unless_its_table_names_one() {
    let world = |extra: &str| {
        World::with(&format!("[github]\napi = \"https://forge.corp.example/api/v3\"\n{extra}"))
            .env("GITHUB_TOKEN", "ghp_public")
            .env("GH_TOKEN", "ghp_public")
            .env("GH_ENTERPRISE_TOKEN", "ghp_corp")
    };
    assert_eq!(token_of(&world("")), "none after []");
    let named = world("token-env = [\"GITHUB_ENTERPRISE_TOKEN\", \"GH_ENTERPRISE_TOKEN\"]\n");
    assert_eq!(
        token_of(&named),
        "environment GH_ENTERPRISE_TOKEN after [\"GITHUB_ENTERPRISE_TOKEN: not set\"]"
    );
}

#[test]
fn the_order_of_tokens() {
    let mut world = World::with("[github]\n")
        .env("GITHUB_TOKEN", " ghp_first\n")
        .env("GH_TOKEN", "ghp_second")
        .secret_file(".env", "GH_TOKEN=ghp_third\n", 0o600);
    let config = world.config();
    let credentials = Credentials::load(&config, &world.inputs).unwrap();
    let found = credentials.for_github().unwrap().token.unwrap();
    assert_eq!(found.secret.expose_secret(), "ghp_first", "a line break at the end comes with most files");
    let mut seen = Vec::new();
    for variable in ["GITHUB_TOKEN", "GH_TOKEN"] {
        world.inputs.environment.insert(variable.to_owned(), String::new());
        seen.push(token_of(&world));
    }
    let world = world.secret_file(".env", "OTHER=1\n", 0o600);
    seen.push(token_of(&world));
    insta::assert_snapshot!(seen.join("\n"), @r#"
    environment GH_TOKEN after ["GITHUB_TOKEN: set, but empty"]
    .env GH_TOKEN after ["GITHUB_TOKEN: set, but empty", "GH_TOKEN: set, but empty"]
    none after ["GITHUB_TOKEN: set, but empty", "GH_TOKEN: set, but empty"]
    "#);
}

#[test]
fn a_token_in_env_file_counts_where_a_table_asks_for_releases() {
    let file = "GITHUB_TOKEN=ghp_x\n";
    assert_eq!(
        token_of(&World::new().secret_file(".env", file, 0o644)),
        "none after [\"GITHUB_TOKEN: not set\", \"GH_TOKEN: not set\"]"
    );
    let with_table = |mode| World::with("[github]\n").secret_file(".env", file, mode);
    assert!(token_of(&with_table(0o600)).starts_with(".env GITHUB_TOKEN"));
    assert!(token_of(&with_table(0o644)).starts_with("error[secret-file-readable]"));
}

#[test]
fn texts_that_are_no_token_of_github() {
    let answers: Vec<String> = [token("index.example"), "ghp_a ghp_b".to_owned()]
        .iter()
        .map(|text| token_of(&World::new().env("GITHUB_TOKEN", text)))
        .collect();
    insta::assert_snapshot!(answers.join("\n\n"), @"
    error[token-malformed]: the token from GITHUB_TOKEN is the API token of a package index
      index  github
      source environment GITHUB_TOKEN
    Nothing was sent.
    hint: set it to a token of GitHub alone, on one line
    exit 7

    error[token-malformed]: the token from GITHUB_TOKEN contains a space or a line break
      index  github
      source environment GITHUB_TOKEN
    Nothing was sent.
    hint: set it to a token of GitHub alone, on one line
    exit 7
    ");
}

#[test]
fn a_build_never_sees_it() {
    for (name, extra) in [("GH_TOKEN", ""), ("MINE", "[github]\ntoken-env = [\"MINE\"]\n")] {
        let error = World::with(&format!("[build.env]\n{name} = \"x\"\n{extra}")).error();
        assert!(error.contains("is a publishing credential"), "{error}");
    }
}

#[test]
fn what_is_refused() {
    let refusals: Vec<String> = [
        "repository = \"owner\"",
        "repository = \"https://forge.example/owner/demo\"",
        "notes = \"changelog\"",
        "notes = \"autom\"",
        "notes = {}",
        "notes = { file = \"a\", command = [\"b\"] }",
        "notes = { file = \"../a\" }",
        "notes = { command = [] }",
        "notes = 1",
        "assets = [\"../x\"]",
        "assets = [\"\"]",
        "token-env = [\"A B\"]",
        "api = \"http://forge.example/api/v3\"",
        "api = \"https://forge.example/api\"",
        "api = \"https://forge.example/api/v3?x=1\"",
        "api = \"https://me:hunter2@forge.example/api/v3\"",
    ]
    .iter()
    .map(|text| World::with(&format!("[github]\n{text}\n")).error().lines().next().unwrap().to_owned())
    .collect();
    insta::assert_snapshot!(refusals.join("\n"), @"
    error[config-invalid]: `github.repository` is not of the form `owner/name`
    error[config-invalid]: `github.repository` is not of the form `owner/name`
    error[config-invalid]: `github.notes` is `changelog`, expected one of `auto`, `generated`, `none`
    error[config-invalid]: `github.notes` is `autom`, expected one of `auto`, `generated`, `none`
    error[config-invalid]: `github.notes` must have either `file` or `command`
    error[config-invalid]: `github.notes` must have either `file` or `command`
    error[config-invalid]: `github.notes.file` is not a path inside the project
    error[config-invalid]: `github.notes.command` is an empty command
    error[config-invalid]: `github.notes` is a whole number, expected a text
    error[config-invalid]: `github.assets` is not a path inside the project
    error[config-invalid]: `github.assets` is not a path inside the project
    error[config-invalid]: `github.token-env` holds a text that is not the name of an environment variable
    error[insecure-url]: `github.api` is not https: http://forge.example/api/v3
    error[config-invalid]: `github.api` is not the address of a REST API: https://forge.example/api
    error[config-invalid]: `github.api` is not the address of a REST API: https://forge.example/api/v3?x=1
    error[secret-in-url]: `github.api` contains a user name or password: https://***@forge.example/api/v3
    ");
}

#[test]
fn flags_leave_it_out() {
    let out = |change: fn(&mut shiponce_config::Flags)| {
        let mut world = World::with("[github]\n");
        change(&mut world.inputs.flags);
        let config = world.config();
        let hosts = shiponce_config::network_hosts(&config);
        let named = hosts.iter().any(|host| host.host.contains("forge"));
        assert_eq!(named, config.skip_github.is_none(), "{hosts:?}");
        config.skip_github.map(|source| source.to_string())
    };
    assert_eq!(out(|_| {}), None);
    assert_eq!(out(|flags| flags.skip_github = true).as_deref(), Some("flag --skip-github"));
    assert_eq!(out(|flags| flags.skip = vec!["github".to_owned()]).as_deref(), Some("flag --skip github"));
    assert_eq!(out(|flags| flags.to = vec!["pypi".to_owned()]).as_deref(), Some("flag --to pypi"));
    assert_eq!(out(|flags| flags.to = vec!["github".to_owned()]), None);
    assert_eq!(out(|flags| flags.index = Some("pypi".to_owned())).as_deref(), Some("flag --index"));
}

#[test]
fn its_hosts_and_the_policy() {
    let with = |config: &str, policy: &str| {
        let world = World::with(config).file("policy.toml", policy);
        let path = world.path("policy.toml").display().to_string();
        world.env("SHIPONCE_POLICY", &path)
    };
    let index = "allowed-hosts = [\"index.example\", \"upload.index.example\", \"files.index.example\"]\n";
    // Nobody asked for the page: a policy that does not know it leaves it out, and nothing else changes.
    let config = with("", index).config();
    let left_out = config.skip_github.unwrap().to_string();
    assert_eq!(left_out, "the policy of environment SHIPONCE_POLICY");
    insta::assert_snapshot!(with("[github]\n", index).error(), @"
    error[policy-refused]: the policy forbids the host api.forge.example: the GitHub release
      policy DIR/policy.toml:1
    hint: allowed hosts: index.example, upload.index.example, files.index.example
    exit 2
    ");
    let all =
        index.replace("]", ", \"api.forge.example\", \"uploads.forge.example\", \"assets.forge.example\"]");
    assert!(with("[github]\n", &all).config().skip_github.is_none());
}

#[test]
fn how_it_is_shown() {
    let rows = |world: &World| {
        let rows = world.sources();
        rows.lines().filter(|line| line.starts_with("github")).collect::<Vec<_>>().join("\n")
    };
    let mut world = World::with(
        "[github]\nrepository = \"owner/demo\"\nnotes = { file = \"notes.md\" }\nassets = [\"*.json\"]\n",
    )
    .env("GH_TOKEN", "ghp_hunter2");
    let mut shown = vec![rows(&World::new()), rows(&world)];
    world.inputs.flags.skip_github = true;
    shown.push(rows(&world));
    insta::assert_snapshot!(shown.join("\n\n"), @r#"
    github = when origin is on forge.example and there is a token  # default
    github.repository = the one of origin  # default
    github.notes = auto  # default
    github.assets = []  # default
    github.api = https://api.forge.example/  # default
    github.uploads = https://uploads.forge.example/  # default
    github.token-env = ["GITHUB_TOKEN", "GH_TOKEN"]  # default
    github.credential = none  # default

    github = required  # shiponce.toml:1
    github.repository = owner/demo  # shiponce.toml:2
    github.notes = file notes.md  # shiponce.toml:3
    github.assets = ["*.json"]  # shiponce.toml:4
    github.api = https://api.forge.example/  # default
    github.uploads = https://uploads.forge.example/  # default
    github.token-env = ["GITHUB_TOKEN", "GH_TOKEN"]  # default
    github.credential = set  # environment GH_TOKEN

    github = left out  # flag --skip-github
    "#);
}
