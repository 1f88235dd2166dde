//! Variants, from both files that can hold them, and the words that choose them.

use crate::world::World;
use shiponce_config::Config;

const TWO: &str = "[variants.cpu]\npackage = \"demo-cpu\"\naliases = [\"plain\"]\n\
    [variants.avx512]\npackage = \"demo-avx512\"\nreadme = \"avx.md\"\ndescription = \"demo for new processors\"\n\
    keywords = [\"demo\", \"avx\"]\nplatform = [\"linux-x86_64\"]\nenv = { DEMO = \"1\" }\nflags = { LEVEL = 3, DEBUG = false }\n\
    aliases = [\"avx\", \"512\"]\n";

const JSON: &str = r##"{"builds": {"amx": {
  "package_name": "demo-amx", "description": "demo for AMX", "readme_file": "avx.md",
  "flags": {"DEMO_AMX": true, "LEVEL": 4, "NAME": "x y"}, "platforms": ["linux-x86_64"], "keywords": ["demo"],
  "aliases": ["a"], "comment": ["other tools own this"]
}}}"##;

fn world(config: &str) -> World {
    World::with(config).file("avx.md", "# avx\n")
}

fn show(config: &Config) -> String {
    let mut lines = Vec::new();
    for variant in &config.variants {
        lines.push(format!("{} ({}) {}", variant.name.value, variant.name.source, variant.package.value));
        let readme = variant.readme.as_ref().map(|readme| readme.value.display().to_string());
        let platforms = variant.platforms.as_ref().map(|list| format!("{:?}", list.value.len()));
        let env: Vec<String> = variant
            .env
            .iter()
            .map(|(name, value)| format!("{name}={} ({})", value.value, value.source))
            .collect();
        let words =
            |list: &Option<shiponce_config::Sourced<Vec<String>>>| list.as_ref().map(|l| l.value.join("+"));
        lines.push(format!(
            "  {} | {} | {} | {} | {}",
            readme.unwrap_or_default(),
            variant.description.as_ref().map(|text| text.value.as_str()).unwrap_or_default(),
            words(&variant.keywords).unwrap_or_default(),
            platforms.unwrap_or_default(),
            env.join(" "),
        ));
    }
    lines.join("\n")
}

#[test]
fn both_files_are_read() {
    let world = world(TWO).file("build_config.json", JSON);
    insta::assert_snapshot!(show(&world.config()), @"
    cpu (shiponce.toml:1) demo-cpu
       |  |  |  | 
    avx512 (shiponce.toml:4) demo-avx512
      avx.md | demo for new processors | demo+avx | 1 | DEBUG=0 (shiponce.toml:11) DEMO=1 (shiponce.toml:10) LEVEL=3 (shiponce.toml:11)
    amx (build_config.json builds.amx) demo-amx
      avx.md | demo for AMX | demo | 1 | DEMO_AMX=1 (build_config.json builds.amx) LEVEL=4 (build_config.json builds.amx) NAME=x y (build_config.json builds.amx)
    ");
    assert_eq!(world.config().tag.value.to_string(), "v{version}-{variant}");
}

#[test]
fn words_choose_variants() {
    let world = world(TWO).file("build_config.json", JSON);
    let config = world.config();
    let choose = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        match config.select_variants(&words) {
            Ok(chosen) => {
                chosen.iter().map(|variant| variant.name.value.clone()).collect::<Vec<_>>().join(" ")
            }
            Err(error) => world.show(&error),
        }
    };
    assert_eq!(choose(&[]), "cpu avx512 amx");
    assert_eq!(choose(&["all"]), "cpu avx512 amx");
    assert_eq!(choose(&["a", "512", "avx512", "plain"]), "cpu avx512 amx");
    assert_eq!(choose(&["avx"]), "avx512");
    insta::assert_snapshot!(choose(&["cpu", "avx521"]), @"
    error[usage]: --variant names no variant of this project: avx521
    hint: did you mean `avx512`?
    hint: variants: cpu or plain, avx512 or avx or 512, amx or a, or `all`
    exit 2
    ");
    let plain = World::new();
    let error = plain.config().select_variants(&["all".to_owned()]).unwrap_err();
    insta::assert_snapshot!(plain.show(&error), @"
    error[usage]: --variant names `all`, and this project has no variants
    exit 2
    ");
}

#[test]
fn a_variant_is_refused_with_its_field() {
    let complaints: Vec<String> = [
        "[variants.x]",
        "[variants.all]\npackage = \"x\"",
        "[variants.\"a b\"]\npackage = \"x\"",
        "[variants.\"a..b\"]\npackage = \"x\"",
        "[variants.x]\npackage = \"x\"\nreadme = \"none.md\"",
        "[variants.x]\npackage = \"x\"\ndescription = \"a\\nb\"",
        "[variants.x]\npackage = \"x\"\ndescription = \" \"",
        "[variants.x]\npackage = \"x\"\nkeywords = [\"a,b\"]",
        "[variants.x]\npackage = \"x\"\nplatform = []",
        "[variants.x]\npackage = \"x\"\nplatform = [\"linux-x86_46\"]",
        "[variants.x]\npackage = \"x\"\nenv = { \"A B\" = \"1\" }",
        "[variants.x]\npackage = \"x\"\nenv = { PYPI_API_TOKEN = \"1\" }",
        "[variants.x]\npackage = \"x\"\nflags = { TEST_PYPI_API_TOKEN_X = 1 }",
        "[variants.x]\npackage = \"x\"\nenv = { A = \"1\" }\nflags = { A = 2 }",
        "[variants.x]\npackage = \"x\"\nflags = { A = [1] }",
        "[variants.x]\npackage = \"x\"\n[variants.y]\npackage = \"X\"",
        "[variants.x]\npackage = \"x\"\n[variants.y]\npackage = \"y\"\naliases = [\"X\"]",
        "[variants.x]\npackage = \"x\"\npackge = \"y\"",
        "tag = \"v{version}\"\n[variants.x]\npackage = \"x\"",
        "tag = \"v{version}-{variant}\"",
    ]
    .iter()
    .map(|text| world(text).error().lines().next().unwrap_or_default().to_owned())
    .collect();
    insta::assert_snapshot!(complaints.join("\n"), @"
    error[config-invalid]: `variants.x.package` is missing: the name on the index
    error[config-invalid]: `variants.all` has the name `all`, which means every variant
    error[config-invalid]: `variants.a b` has the name `a b`, expected letters, digits, `.`, `_` and `-` with a letter or digit at both ends
    error[config-invalid]: `variants.a..b` has the name `a..b`, expected letters, digits, `.`, `_` and `-` with a letter or digit at both ends
    error[config-invalid]: `variants.x.readme` names `none.md`, which is not there
    error[config-invalid]: `variants.x.description` has several lines; the summary of a package is one
    error[config-invalid]: `variants.x.description` is empty
    error[config-invalid]: `variants.x.keywords` contains `a,b`, which is empty or has a comma
    error[config-invalid]: `variants.x.platform` is empty; without it the variant is made for every platform
    error[config-invalid]: `variants.x.platform` is `linux-x86_46`, expected a platform such as `linux-x86_64`
    error[config-invalid]: `variants.x.env.A B` is not the name of an environment variable
    error[config-invalid]: `variants.x.env.PYPI_API_TOKEN` is a publishing credential, which a build must never see
    error[config-invalid]: `variants.x.flags.TEST_PYPI_API_TOKEN_X` is a publishing credential, which a build must never see
    error[config-invalid]: `variants.x.flags.A` stands in `env` and in `flags`
    error[config-invalid]: `variants.x.flags.A` is a list, expected a text, a number, true or false
    error[config-invalid]: `variants.y.package` is `X`, which is already the package of the variant `x` (shiponce.toml:2)
    error[config-invalid]: `variants.y` has the name `X`, which also means the variant `x` (shiponce.toml:1)
    error[config-unknown-key]: unknown key `packge` in [variants.x]
    error[config-invalid]: `tag` contains neither `{variant}` nor `{package}`, and there are variants
    error[config-invalid]: `tag` contains `{variant}`, and there is no variant
    ");
}

#[test]
fn every_field_of_build_config_must_say_something() {
    let with = |from: &str, to: &str| {
        assert!(JSON.contains(from), "{from}");
        let error = world("").file("build_config.json", &JSON.replace(from, to)).error();
        error.lines().take(3).collect::<Vec<_>>().join(" | ")
    };
    let complaints = [
        with("\"package_name\": \"demo-amx\", ", ""),
        with("\"demo-amx\"", "\" \""),
        with("\"description\": \"demo for AMX\", ", ""),
        with("\"demo for AMX\"", "\"\""),
        with("readme_file", "readme_fil"),
        with("\"avx.md\"", "\"\""),
        with("\"avx.md\"", "\"gone.md\""),
        with("[\"linux-x86_64\"]", "[]"),
        with("[\"linux-x86_64\"]", "\"linux-x86_64\""),
        with("\"keywords\": [\"demo\"]", "\"keywords\": null"),
        with("\"flags\": {\"DEMO_AMX\": true, \"LEVEL\": 4, \"NAME\": \"x y\"}", "\"flags\": [1]"),
        with("\"NAME\": \"x y\"", "\"NAME\": [1]"),
        with("\"x y\"", "\"https://u:hunter2@host.example/\""),
        with("\"amx\"", "\"all\""),
        with("\"LEVEL\": 4", "\"LEVEL\": 4, \"LEVEL\": 5"),
        with("}}}", "}}"),
    ];
    insta::assert_snapshot!(complaints.join("\n"), @r#"
    error[config-invalid]: `builds.amx.package_name` is missing |   source build_config.json | exit 2
    error[config-invalid]: `builds.amx.package_name` is empty |   source build_config.json | exit 2
    error[config-invalid]: `builds.amx.description` is missing |   source build_config.json | exit 2
    error[config-invalid]: `builds.amx.description` is empty |   source build_config.json | exit 2
    error[config-invalid]: `builds.amx.readme_file` is missing; there is `readme_fil` |   source build_config.json | exit 2
    error[config-invalid]: `builds.amx.readme_file` is empty |   source build_config.json | exit 2
    error[config-invalid]: `builds.amx.readme_file` names `gone.md`, which is not there |   source build_config.json builds.amx | exit 2
    error[config-invalid]: `builds.amx.platforms` is empty |   source build_config.json | exit 2
    error[config-invalid]: `builds.amx.platforms` is a text, expected a list of texts |   source build_config.json | exit 2
    error[config-invalid]: `builds.amx.keywords` is empty |   source build_config.json | exit 2
    error[config-invalid]: `builds.amx.flags` is a list, expected an object |   source build_config.json | exit 2
    error[config-invalid]: `builds.amx.flags.NAME` is a list, expected a text, a number, true or false |   source build_config.json | exit 2
    error[config-invalid]: `builds.amx.flags.NAME` holds a credential or a NUL character |   source build_config.json | exit 2
    error[config-invalid]: `builds.all` has the name `all`, which means every variant |   source build_config.json builds.all | exit 2
    error[config-invalid]: build_config.json is not valid JSON: `LEVEL` is there twice |   --> build_config.json:3:49 |    3 |   "flags": {"DEMO_AMX": true, "LEVEL": 4, "LEVEL": 5, "NAME": "x y"}, "platforms": ["linux-x86_64"], "keywords": ["demo"],
    error[config-invalid]: build_config.json is not valid JSON: EOF while parsing an object |   --> build_config.json:5:2 |    5 | }}
    "#);
    let plain = JSON.replace("{\"DEMO_AMX\": true, \"LEVEL\": 4, \"NAME\": \"x y\"}", "{}");
    assert!(world("").file("build_config.json", &plain).config().variants[0].env.is_empty());
}

#[test]
fn the_shape_without_builds_and_files_of_other_tools() {
    let flat = JSON.replacen("{\"builds\": ", "", 1);
    let flat = &flat[..flat.len() - 1];
    assert_eq!(world("").file("build_config.json", flat).config().variants[0].name.value, "amx");
    for other in ["{}", "[]", "{\"version\": 3}", "{\"debug\": {\"cflags\": \"-g\"}}", "{\"builds\": {}}"] {
        assert!(world("").file("build_config.json", other).config().variants.is_empty(), "{other}");
    }
}

#[test]
fn a_name_in_both_files_is_an_error() {
    let error = world(&TWO.replace("\"avx\", \"512\"", "\"amx\"")).file("build_config.json", JSON).error();
    insta::assert_snapshot!(error, @"
    error[config-invalid]: `builds.amx` has the name `amx`, which also means the variant `avx512` (shiponce.toml:12)
      source build_config.json builds.amx
    exit 2
    ");
}

#[test]
fn every_value_has_its_source() {
    let matrix = "matrix = { python = [\"3.12\"], platform = \"linux-x86_64\" }\n";
    let expect = "[expect]\nwheels = [\"py3-none-any\"]\nsdist = true\n";
    let rows = world(&format!("{matrix}{TWO}{expect}")).sources();
    let wanted = |line: &&str| ["matrix.", "variants.", "expect."].iter().any(|key| line.starts_with(key));
    insta::assert_snapshot!(rows.lines().filter(wanted).collect::<Vec<_>>().join("\n"), @r#"
    matrix.python = ["3.12"]  # shiponce.toml:1
    matrix.platform = ["linux-x86_64"]  # shiponce.toml:1
    variants.cpu.package = demo-cpu  # shiponce.toml:3
    variants.cpu.alias = plain  # shiponce.toml:4
    variants.avx512.package = demo-avx512  # shiponce.toml:6
    variants.avx512.readme = avx.md  # shiponce.toml:7
    variants.avx512.description = demo for new processors  # shiponce.toml:8
    variants.avx512.keywords = ["demo", "avx"]  # shiponce.toml:9
    variants.avx512.platform = ["linux-x86_64"]  # shiponce.toml:10
    variants.avx512.env.DEBUG = 0  # shiponce.toml:12
    variants.avx512.env.DEMO = 1  # shiponce.toml:11
    variants.avx512.env.LEVEL = 3  # shiponce.toml:12
    variants.avx512.alias = avx  # shiponce.toml:13
    variants.avx512.alias = 512  # shiponce.toml:13
    expect.wheels = ["py3-none-any"]  # shiponce.toml:15
    expect.sdist = true  # shiponce.toml:16
    "#);
}
