//! Finding the project and reading what it states about itself.

use shiponce_config::{Project, ProjectVersion};

use crate::world::World;

fn describe(world: &World) -> String {
    world.config().project.map_or_else(|| "none".to_owned(), |project| show(&project))
}

fn show(project: &Project) -> String {
    let name = project.name.as_ref().map_or("unknown", |name| name.value.written());
    let version = match &project.version {
        ProjectVersion::Static(version) => format!("{} ({})", version.value, version.source),
        ProjectVersion::Dynamic(source) => format!("dynamic ({source})"),
        ProjectVersion::Unknown => "unknown".to_owned(),
    };
    let backend = project.build_backend.as_ref().map_or("legacy", |backend| &backend.value);
    let readme = project.readme.as_ref().map(|readme| readme.value.display().to_string());
    format!("{} {name} {version} {backend} {readme:?}", project.form.file())
}

#[test]
fn the_forms_of_a_project() {
    let dynamic = "[project]\nname = \"demo\"\ndynamic = [\"version\"]\nreadme = { file = \"R.md\" }\n";
    let worlds = [
        World::new(),
        World::empty().file("pyproject.toml", dynamic),
        World::empty().file("pyproject.toml", "[build-system]\nrequires = []\n"),
        World::empty().file("setup.py", "from setuptools import setup; setup()"),
        World::empty().file("setup.cfg", "[metadata]\nname = demo\n"),
        World::empty().file("pyproject.toml", "[tool.ruff]\n").file("setup.py", ""),
    ];
    let table: Vec<String> = worlds.iter().map(describe).collect();
    insta::assert_snapshot!(table.join("\n"), @r#"
    pyproject.toml Demo_Project 1.4.0 (pyproject.toml:7) flit_core.buildapi None
    pyproject.toml demo dynamic (pyproject.toml:3) legacy Some("R.md")
    pyproject.toml unknown unknown legacy None
    setup.py unknown unknown legacy None
    setup.cfg unknown unknown legacy None
    setup.py unknown unknown legacy None
    "#);
}

#[test]
fn no_project() {
    insta::assert_snapshot!(World::empty().error(), @"
    error[no-project]: no pyproject.toml, setup.cfg or setup.py in DIR
    hint: go to the project, or name its folder
    exit 2
    ");
}

#[test]
fn files_that_only_configure_tools_make_no_project() {
    let world = World::empty().file("pyproject.toml", "[tool.ruff]\n").file("setup.cfg", "[flake8]\n");
    insta::assert_snapshot!(world.error(), @"
    error[no-project]: pyproject.toml has neither [project] nor [build-system] in DIR
    hint: go to the project, or name its folder
    exit 2
    ");
}

#[test]
fn the_project_above_is_named_but_not_used() {
    let mut world = World::new();
    let inner = world.path("docs");
    fs_err::create_dir(&inner).unwrap();
    world.inputs.project_dir = inner;
    insta::assert_snapshot!(world.error(), @"
    error[no-project]: no pyproject.toml, setup.cfg or setup.py in DIR/docs
    hint: a folder above has one: DIR
    exit 2
    ");
}

#[test]
fn publishing_files_needs_no_project() {
    let config = World::empty().publish().config();
    assert!(config.project.is_none() && config.package.is_none());
    assert_eq!(config.indexes.len(), 1);
}

#[test]
fn a_wrong_statement_names_its_place() {
    let world = World::empty().file("pyproject.toml", "[project]\nname = \"demo\"\nversion = \"one\"\n");
    insta::assert_snapshot!(world.error(), @r#"
    error[config-invalid]: `project.version` is wrong: `one` is not a PEP 440 version
      --> pyproject.toml:3:11
       3 | version = "one"
         |           ^^^^^
    exit 2
    "#);
    let both = "[project]\nname = \"demo\"\nversion = \"1\"\ndynamic = [\"version\"]\n";
    insta::assert_snapshot!(World::empty().file("pyproject.toml", both).error(), @r#"
    error[config-invalid]: `project.version` is stated and also listed in `dynamic` (PEP 621)
      --> pyproject.toml:3:11
       3 | version = "1"
         |           ^^^
    exit 2
    "#);
}

#[test]
fn the_package_name_of_the_configuration_wins() {
    let config = World::with("package = \"Other.Name\"\n").config();
    let package = config.package.unwrap();
    assert_eq!(package.value.normalized(), "other-name");
    assert_eq!(package.source.to_string(), "shiponce.toml:1");
    assert_eq!(config.group.value.render(&package.value), "release/other-name");
    assert_eq!(config.tag.value.render("other-name", "1.0", None), "v1.0");
}
