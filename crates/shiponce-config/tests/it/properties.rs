//! Whatever stands in the files, resolving answers; and whatever it answers, a secret is not in it.

use proptest::prelude::*;
use shiponce_config::{Credentials, network_hosts, show_sources};

use crate::world::World;

const SECRET: &str = "pypi-AgENc2VjcmV0LXBsYW50ZWQtaGVyZQACAzEyMwAABiB";

fn key() -> impl Strategy<Value = String> {
    let known = [
        "package",
        "tag",
        "matrix",
        "build",
        "variants",
        "index",
        "verify",
        "github",
        "gates",
        "git",
        "branch",
        "version-files",
        "expect",
        "workspace",
        "concurrency",
        "role",
        "upload",
        "simple",
        "json",
        "token-env",
        "token-command",
        "env",
        "timeout",
        "command",
        "required",
        "import",
        "version",
        "commands",
        "username",
        "group",
        "limit",
        "a",
        "company",
        "password",
    ];
    prop_oneof![
        8 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => "[a-z_-]{1,8}",
        1 => "[^\\x00-\\x1f\"\\\\]{0,6}".prop_map(|text| format!("\"{text}\"")),
    ]
}

fn value() -> impl Strategy<Value = String> {
    let words = [
        "test",
        "production",
        "yes",
        "no",
        "https://packages.example/up/",
        "https://ana:hunter2@packages.example/",
        "http://127.0.0.1:1/",
        "http://h/",
        "v{version}",
        "{variant}",
        "{",
        "1h",
        "metadata",
        "demo.x",
        SECRET,
        "release/{package}",
        "sqlite:",
        "py3-none-any",
        "3.12",
        "PYPI_TOKEN",
        "",
    ];
    let leaf = prop_oneof![
        6 => proptest::sample::select(words.to_vec()).prop_map(|word| format!("\"{word}\"")),
        1 => any::<bool>().prop_map(|flag| flag.to_string()),
        1 => any::<i64>().prop_map(|number| number.to_string()),
        1 => Just("1979-05-27T07:32:00Z".to_owned()),
        1 => "[ -~é\\n]{0,12}".prop_map(|raw| raw),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(", "))),
            proptest::collection::vec((key(), inner), 0..4).prop_map(|pairs| {
                let pairs: Vec<String> =
                    pairs.iter().map(|(key, value)| format!("{key} = {value}")).collect();
                format!("{{ {} }}", pairs.join(", "))
            }),
        ]
    })
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (proptest::collection::vec(key(), 1..4), value())
            .prop_map(|(path, value)| format!("{} = {value}", path.join("."))),
        1 => proptest::collection::vec(key(), 1..4).prop_map(|path| format!("[{}]", path.join("."))),
    ]
}

fn document() -> impl Strategy<Value = String> {
    proptest::collection::vec(line(), 0..8).prop_map(|lines| lines.join("\n") + "\n")
}

/// Lines that are right by themselves, with `$` for a text the user chose. Most documents of this kind resolve, so
/// that what is shown of a resolved configuration is tried as well.
const LINES: [&str; 17] = [
    "package = \"$\"",
    "tag = \"$-{version}\"",
    "build.command = [\"make\", \"$\"]",
    "build.env.MY_PASSWORD = \"hunter2\"",
    "build.env.A = \"$\"",
    "verify.import = [\"$\"]",
    "verify.commands = [[\"demo\", \"$\"]]",
    "verify.version = \"$.version\"",
    "verify.index = \"https://packages.example/$\"",
    "concurrency.group = \"$/{package}\"",
    "index.\"$\".role = \"test\"",
    "index.company = { role = \"production\", upload = \"https://packages.example/$\", simple = \"https://h/\", username = \"$\" }",
    "index.other = { role = \"production\", token-command = [\"vault\", \"--token\", \"$\"] }",
    "github = { repository = \"$/$\", notes = \"$\" }",
    "workspace.members = [\"$\"]",
    "expect.wheels = [\"$-none-any\"]",
    "variants.\"$\" = { package = \"$\", env = { A = \"$\" } }",
];

fn sensible_document() -> impl Strategy<Value = String> {
    let chosen = prop_oneof![
        4 => Just("demo"),
        1 => Just(SECRET),
        1 => Just("https://ana:hunter2@packages.example/x"),
    ];
    let line = (proptest::sample::select(LINES.to_vec()), chosen);
    proptest::collection::vec(line, 0..4)
        .prop_map(|lines| lines.iter().map(|(line, text)| line.replace('$', text) + "\n").collect())
}

/// Everything that could be shown of a world.
fn everything(world: &World) -> String {
    let config = match world.resolve() {
        Ok(config) => config,
        Err(error) => return format!("{error:?}\n{}", world.show(&error)),
    };
    let hosts = network_hosts(&config);
    match Credentials::load(&config, &world.inputs) {
        Ok(credentials) => {
            let rows = show_sources(&config, &credentials);
            let offers: Vec<_> = config.indexes.iter().map(|index| credentials.for_index(index)).collect();
            format!("{config:?}\n{hosts:?}\n{rows:?}\n{offers:?}")
        }
        Err(error) => format!("{error:?}\n{}", world.show(&error)),
    }
}

proptest! {
    #[test]
    fn resolving_answers_and_hides_secrets(text in prop_oneof![document(), sensible_document()], inspect in any::<bool>()) {
        let mut world = World::with(&text)
            .env("PYPI_TOKEN", SECRET)
            .env("UV_PUBLISH_PASSWORD", "hunter2")
            .secret_file(".env", &format!("TWINE_PASSWORD={SECRET}\n"), 0o600);
        if inspect {
            world = world.inspect();
        }
        let shown = everything(&world);
        prop_assert!(!shown.contains(&SECRET[5..25]), "{}\n{}", text, shown);
        prop_assert!(!shown.contains("hunter2"), "{}\n{}", text, shown);
    }

    #[test]
    fn any_pyproject_gets_an_answer(text in "(\\[project\\]\n|\\[tool.uv\\]\n|\\[\\[tool.uv.index\\]\\]\n|name = |version = |publish-url = |dynamic = |\"[a-z:/.0-9@]{0,12}\"|\\[\"version\"\\]|\n|\\[tool.shiponce\\]\n){0,14}") {
        let shown = everything(&World::empty().file("pyproject.toml", &text));
        prop_assert!(!shown.is_empty());
    }

    #[test]
    fn any_secret_file_gets_an_answer(dotenv in "[ -~\n]{0,60}", pypirc in "[ -~\n]{0,60}") {
        let world = World::new()
            .secret_file(".env", &format!("{dotenv}\nPYPI_TOKEN={SECRET}"), 0o600)
            .home_file(".pypirc", &format!("[pypi]\n{pypirc}\n[x]\npassword={SECRET}"), 0o600);
        prop_assert!(!everything(&world).contains(&SECRET[5..25]));
    }
}
