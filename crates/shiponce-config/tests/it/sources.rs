//! `config show --sources`: every value and where it came from.

use crate::world::{World, token};

#[test]
fn nothing_configured() {
    insta::assert_snapshot!(World::new().sources(), @r#"
    project.root = DIR  # pyproject.toml
    project.version = 1.4.0  # pyproject.toml:7
    project.build-backend = flit_core.buildapi  # pyproject.toml:3
    project.requires-python = any  # default
    package = Demo_Project  # pyproject.toml:6
    tag = v{version}  # default
    dist-dir = DIR/dist  # default
    build.command = detected  # default
    build.timeout = 1h  # default
    index.pypi.role = production  # default
    index.pypi.required = true  # default
    index.pypi.upload = https://upload.index.example/legacy/  # default
    index.pypi.simple = https://index.example/simple/  # default
    index.pypi.json = https://index.example/pypi/  # default
    index.pypi.immutable = yes  # default
    index.pypi.rules = pypi  # default
    index.pypi.mirror = false  # default
    index.pypi.read-auth = false  # default
    index.pypi.parallel-uploads = 6  # default
    index.pypi.cache-ttl = 1h  # default
    index.pypi.trusted-publishing = auto  # default
    index.pypi.attestations = prefer  # default
    index.pypi.username = __token__  # default
    index.pypi.token-env = ["PYPI_API_TOKEN", "PYPI_TOKEN"]  # default
    index.pypi.credential = none  # default
    verify.import = the modules of the wheel  # default
    verify.version = metadata  # default
    verify.commands = []  # default
    verify.index = the production index  # default
    verify.timeout = 10m  # default
    gates.required = ["version", "dist"]  # default
    gates.version-files = []  # default
    git.branch = the default branch of the remote  # default
    concurrency.group = release/{package}  # default
    state-dir = HOME/.local/state/shiponce  # default
    ledger = sqlite:HOME/.local/state/shiponce/ledger.sqlite3  # default
    on-unknown = stop  # default
    single-copy = false  # default
    github = when origin is on forge.example and there is a token  # default
    github.repository = the one of origin  # default
    github.notes = auto  # default
    github.assets = []  # default
    github.api = https://api.forge.example/  # default
    github.uploads = https://uploads.forge.example/  # default
    github.token-env = ["GITHUB_TOKEN", "GH_TOKEN"]  # default
    github.credential = none  # default
    "#);
}

#[test]
fn every_layer() {
    let config = "tag = \"r{version}\"\n[build]\ncommand = [\"python\", \"-m\", \"build\", \"--outdir\", \"{dist}\"]\nenv = { A = \"1\", MY_SECRET = \"hunter2\" }\ntimeout = \"30m\"\n[index.company]\nrole = \"production\"\nupload = \"https://packages.example/up/\"\njson = \"https://packages.example/pypi\"\nusername = \"ci\"\ntoken-env = [\"COMPANY\"]\nimmutable = \"no\"\nrules = \"pypi\"\nrequired = false\ncache-ttl = \"5m\"\n";
    let mut world = World::with(config)
        .env("COMPANY", "hunter2")
        .env("SHIPONCE_STATE_DIR", "/var/lib/shiponce")
        .env("SHIPONCE_LEDGER", "sqlite:");
    world.inputs.flags.dist_dir = Some("/tmp/out".into());
    world.inputs.flags.on_unknown_attempt = true;
    insta::assert_snapshot!(world.sources(), @r#"
    project.root = DIR  # pyproject.toml
    project.version = 1.4.0  # pyproject.toml:7
    project.build-backend = flit_core.buildapi  # pyproject.toml:3
    project.requires-python = any  # default
    package = Demo_Project  # pyproject.toml:6
    tag = r{version}  # shiponce.toml:1
    dist-dir = /tmp/out  # flag --dist-dir
    build.command = ["python", "-m", "build", "--outdir", "{dist}"]  # shiponce.toml:3
    build.env.A = 1  # shiponce.toml:4
    build.env.MY_SECRET = set  # shiponce.toml:4
    build.timeout = 30m  # shiponce.toml:5
    index.company.role = production  # shiponce.toml:7
    index.company.required = false  # shiponce.toml:14
    index.company.upload = https://packages.example/up/  # shiponce.toml:8
    index.company.simple = none  # default
    index.company.json = https://packages.example/pypi/  # shiponce.toml:9
    index.company.immutable = no  # shiponce.toml:12
    index.company.rules = pypi  # shiponce.toml:13
    index.company.mirror = false  # default
    index.company.read-auth = false  # default
    index.company.parallel-uploads = 6  # default
    index.company.cache-ttl = 5m  # shiponce.toml:15
    index.company.trusted-publishing = auto  # default
    index.company.attestations = off  # default
    index.company.username = ci  # shiponce.toml:10
    index.company.token-env = ["COMPANY"]  # shiponce.toml:11
    index.company.credential = set  # environment COMPANY
    verify.import = the modules of the wheel  # default
    verify.version = metadata  # default
    verify.commands = []  # default
    verify.index = the production index  # default
    verify.timeout = 10m  # default
    gates.required = ["version", "dist"]  # default
    gates.version-files = []  # default
    git.branch = the default branch of the remote  # default
    concurrency.group = release/{package}  # default
    state-dir = /var/lib/shiponce  # environment SHIPONCE_STATE_DIR
    ledger = sqlite:/var/lib/shiponce/ledger.sqlite3  # environment SHIPONCE_LEDGER
    on-unknown = attempt  # flag --on-unknown attempt
    single-copy = false  # default
    github = when origin is on forge.example and there is a token  # default
    github.repository = the one of origin  # default
    github.notes = auto  # default
    github.assets = []  # default
    github.api = https://api.forge.example/  # default
    github.uploads = https://uploads.forge.example/  # default
    github.token-env = ["GITHUB_TOKEN", "GH_TOKEN"]  # default
    github.credential = none  # default
    "#);
    assert!(!world.sources().contains("hunter2"));
}

#[test]
fn an_unusable_credential_is_shown_as_such() {
    let world = World::new().env("PYPI_TOKEN", &token("test.index.example"));
    let rows = world.sources();
    let row = rows.lines().find(|line| line.contains("credential")).unwrap();
    insta::assert_snapshot!(row, @"index.pypi.credential = unusable: the token from PYPI_TOKEN was issued by test.index.example, not by index.example  # token-foreign-host");
}

#[test]
fn where_state_is_kept() {
    let dir = |world: &World| {
        let dir = world.config().state_dir.map(|dir| format!("{} # {}", dir.value.display(), dir.source));
        world.relative(&dir.unwrap_or_default())
    };
    let mut world = World::new();
    let mut seen = vec![dir(&world)];
    world = world.env("XDG_STATE_HOME", "relative");
    seen.push(dir(&world));
    world = world.env("XDG_STATE_HOME", "/xdg");
    seen.push(dir(&world));
    world = world.env("SHIPONCE_STATE_DIR", "/own");
    seen.push(dir(&world));
    world.inputs.flags.state_dir = Some("/flag".into());
    seen.push(dir(&world));
    insta::assert_snapshot!(seen.join("\n"), @"
    HOME/.local/state/shiponce # default
    HOME/.local/state/shiponce # default
    /xdg/shiponce # environment XDG_STATE_HOME
    /own # environment SHIPONCE_STATE_DIR
    /flag # flag --state-dir
    ");
    let mut homeless = World::new();
    homeless.inputs.home = None;
    assert!(homeless.config().state_dir.is_none() && homeless.config().ledger.is_none());
}
