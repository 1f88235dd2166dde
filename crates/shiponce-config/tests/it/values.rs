//! Values with a grammar of their own.

use crate::world::World;

fn complaint(text: &str) -> String {
    let error = World::with(text).error();
    let first = error.lines().next().unwrap_or_default().to_owned();
    let exit = error.lines().last().unwrap_or_default();
    format!("{first} ({exit})")
}

const REFUSED: [&str; 44] = [
    "package = \"-demo\"",
    "tag = \"v\"",
    "tag = \"{variant}\"",
    "build.timeout = \"1 hour\"",
    "build.env.\"A-B\" = \"1\"",
    "build.env.PYPI_TOKEN = \"x\"",
    "build.command = []",
    "verify.import = [\"os; print()\"]",
    "verify.version = \"1.0\"",
    "verify.version = \"__version__\"",
    "verify.index = \"nowhere\"",
    "verify.index = \"http://packages.example/simple/\"",
    "verify.commands = [[]]",
    "gates.required = [\"versoin\"]",
    "gates.version-files = [\"../VERSION\"]",
    "git.branch = \"-f\"",
    "git.branch = \"a..b\"",
    "concurrency.group = \"release/{tag}\"",
    "concurrency.group = \"\"",
    "concurrency.group = \"}{\"",
    "concurrency.limit = 2",
    "concurrency.order = \"fifo\"",
    "matrix.python = \"2.7\"",
    "matrix.platform = [\"linux\"]",
    "variants.x.package = \"!\"",
    "variants.x = { package = \"x\", readme = \"../x.md\" }",
    "github.repository = \"owner\"",
    "github.assets = [\"/etc/passwd\"]",
    "expect.wheels = [\"py3-none\"]",
    "expect = { like = \"previous\", sdist = true }",
    "expect.like = \"last\"",
    "workspace.members = [\"../other\"]",
    "index.github.role = \"test\"",
    "index.\"a b\".role = \"test\"",
    "index.x = {}",
    "index.x = { role = \"staging\" }",
    "index.x = { role = \"test\", immutable = \"maybe\" }",
    "index.x = { role = \"test\", rules = \"strict\" }",
    "index.x = { role = \"test\", trusted-publishing = \"yes\" }",
    "index.x = { role = \"test\", token-env = [\"1A\"] }",
    "index.x = { role = \"test\", token-command = [] }",
    "index.x = { role = \"test\", cache-ttl = \"1\" }",
    "index.x = { role = \"test\", parallel-uploads = 0 }",
    "index.x = { role = \"test\", parallel-uploads = 17 }",
];

#[test]
fn refused_values() {
    let table: Vec<String> = REFUSED.iter().map(|text| complaint(text)).collect();
    insta::assert_snapshot!(table.join("\n"), @"
    error[config-invalid]: `package` is wrong: `-demo` is not a project name: it must start and end with a letter or digit and contain only ASCII letters, digits, `.`, `_` and `-` (exit 2)
    error[config-invalid]: `tag` does not contain `{version}` exactly once (exit 2)
    error[config-invalid]: `tag` does not contain `{version}` exactly once (exit 2)
    error[config-invalid]: `build.timeout` is `1 hour`, expected a duration such as `90s`, `15m` or `1h30m` (exit 2)
    error[config-invalid]: `build.env.A-B` is not the name of an environment variable (exit 2)
    error[config-invalid]: `build.env.PYPI_TOKEN` is a publishing credential, which a build must never see (exit 2)
    error[config-invalid]: `build.command` is an empty command (exit 2)
    error[config-invalid]: `verify.import` is not the name of a module (exit 2)
    error[config-invalid]: `verify.version` is neither `metadata` nor an attribute such as `demo.__version__` (exit 2)
    error[config-invalid]: `verify.version` is neither `metadata` nor an attribute such as `demo.__version__` (exit 2)
    error[config-invalid]: `verify.index` is neither an address nor an index of this run: pypi (exit 2)
    error[insecure-url]: `verify.index` is not https: http://packages.example/simple/ (exit 2)
    error[config-invalid]: `verify.commands` contains an empty command (exit 2)
    error[config-invalid]: `gates.required` is `versoin`, expected one of `version`, `dist`, `package`, `quality`, `publisher` (exit 2)
    error[config-invalid]: `gates.version-files` is not a path inside the project (exit 2)
    error[config-invalid]: `git.branch` is no name that git allows for a branch (exit 2)
    error[config-invalid]: `git.branch` is no name that git allows for a branch (exit 2)
    error[not-supported]: [concurrency] group is not supported in this version: a group other than release/{package} (exit 2)
    error[not-supported]: [concurrency] group is not supported in this version: a group other than release/{package} (exit 2)
    error[not-supported]: [concurrency] group is not supported in this version: a group other than release/{package} (exit 2)
    error[config-invalid]: `concurrency.limit` must be 1: two releases of one project never run side by side (exit 2)
    error[config-invalid]: `concurrency.order` is `fifo`, expected one of `arrival`, `strict` (exit 2)
    error[config-invalid]: `matrix.python` is `2.7`, expected a version such as `3.12`, a range `3.10-3.14` or `auto` (exit 2)
    error[config-invalid]: `matrix.platform` is `linux`, expected a platform such as `linux-x86_64` (exit 2)
    error[config-invalid]: `variants.x.package` is wrong: `!` is not a project name: it must start and end with a letter or digit and contain only ASCII letters, digits, `.`, `_` and `-` (exit 2)
    error[config-invalid]: `variants.x.readme` is not a path inside the project (exit 2)
    error[config-invalid]: `github.repository` is not of the form `owner/name` (exit 2)
    error[config-invalid]: `github.assets` is not a path inside the project (exit 2)
    error[config-invalid]: `expect.wheels` is `py3-none`, expected a wheel tag such as `py3-none-any` (exit 2)
    error[config-invalid]: `expect.like` cannot stand beside `wheels` or `sdist` (exit 2)
    error[config-invalid]: `expect.like` is `last`, expected one of `previous` (exit 2)
    error[config-invalid]: `workspace.members` is not a path inside the workspace (exit 2)
    error[config-invalid]: `index.github` has a name that another target owns (exit 2)
    error[config-invalid]: `index` has a name with other characters than letters, digits, `-`, `_` and `.` (exit 2)
    error[config-invalid]: `index.x` has no `role` (exit 2)
    error[config-invalid]: `index.x.role` is `staging`, expected one of `production`, `test` (exit 2)
    error[config-invalid]: `index.x.immutable` is `maybe`, expected one of `yes`, `no`, `unknown` (exit 2)
    error[config-invalid]: `index.x.rules` is `strict`, expected one of `pypi`, `permissive` (exit 2)
    error[config-invalid]: `index.x.trusted-publishing` is `yes`, expected one of `auto`, `always`, `never` (exit 2)
    error[config-invalid]: `index.x.token-env` holds a text that is not the name of an environment variable (exit 2)
    error[config-invalid]: `index.x.token-command` is an empty command (exit 2)
    error[config-invalid]: `index.x.cache-ttl` is `1`, expected a duration such as `90s`, `15m` or `1h30m` (exit 2)
    error[config-invalid]: `index.x.parallel-uploads` is `0`, expected a number from 1 to 16 (exit 2)
    error[config-invalid]: `index.x.parallel-uploads` is `17`, expected a number from 1 to 16 (exit 2)
    ");
}

#[test]
fn verification_settings() {
    let config = World::with(
        "[verify]\nimport = \"demo\"\nversion = \"demo.core.__version__\"\ncommands = [[\"demo\", \"--help\"]]\nindex = \"pypi\"\ntimeout = \"90s\"\n",
    )
    .config();
    let verify = config.verify;
    assert_eq!(verify.import.unwrap().value, ["demo"]);
    assert_eq!(
        verify.version.value,
        shiponce_config::VersionProbe::Attribute {
            module: "demo.core".to_owned(),
            name: "__version__".to_owned()
        }
    );
    assert_eq!(verify.commands.value, [["demo", "--help"]]);
    assert_eq!(verify.dependencies.unwrap().value.to_string(), "https://index.example/simple/");
    assert_eq!(verify.timeout.value.as_secs(), 90);
}

#[test]
fn the_built_in_addresses_fit_together() {
    let endpoints = shiponce_config::Endpoints::built_in();
    for endpoint in [&endpoints.production, &endpoints.test] {
        for address in [&endpoint.upload, &endpoint.simple, &endpoint.json, &endpoint.oidc] {
            assert!(address.starts_with("https://") && address.ends_with('/'), "{address}");
            let host = url::Url::parse(address).unwrap().host_str().unwrap().to_owned();
            // The check of tokens rests on it: the issuer is the host, or the name above it.
            let issuer = &endpoint.token_location;
            assert!(host == *issuer || host.ends_with(&format!(".{issuer}")), "{host} {issuer}");
        }
    }
    assert_ne!(endpoints.production.token_location, endpoints.test.token_location);
}
