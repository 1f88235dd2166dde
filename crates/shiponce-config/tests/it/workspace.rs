//! Several projects in one repository.

use crate::world::World;
use shiponce_config::{Credentials, Workspace, resolve_member, show_sources};

fn project(name: &str, rest: &str) -> String {
    format!(
        "[build-system]\nrequires = [\"hatchling>=1\"]\n[project]\nname = \"{name}\"\nversion = \"1.0\"\n{rest}"
    )
}

/// A root that is no project, with packages in folders whose order is not the order of release.
fn world(config: &str) -> World {
    let world = World::empty().file("shiponce.toml", config);
    world.nested(
        "packages/app/pyproject.toml",
        &project("demo-app", "dependencies = [\"Demo_Lib[fast]>=1 ; python_version > '3'\"]\n"),
    );
    world.nested(
        "packages/core/pyproject.toml",
        &project("demo-core", "[project.optional-dependencies]\nall = [\"demo-app\"]\n"),
    );
    world.nested(
        "packages/lib/pyproject.toml",
        &project("demo.lib", "dependencies = [\"demo_core\", \"requests\"]\n"),
    );
    world.nested("packages/legacy/setup.py", "from setuptools import setup\nsetup()\n");
    world.nested("packages/legacy/shiponce.toml", "package = \"demo-old\"\n");
    world.nested("packages/notes/README.md", "no project\n");
    world.nested("packages/.venv/pyproject.toml", &project("other", ""));
    world
}

fn workspace(world: &World) -> Workspace {
    world.config().workspace.expect("a workspace")
}

#[test]
fn members_in_the_order_of_release() {
    let world = world("[workspace]\nmembers = [\"packages/*\"]\n");
    let workspace = workspace(&world);
    let lines: Vec<String> = workspace
        .order()
        .unwrap()
        .iter()
        .map(|member| format!("{} {} ({})", member.name.value, member.folder, member.name.source))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    demo-old packages/legacy (packages/legacy/shiponce.toml:1)
    demo-core packages/core (packages/core/pyproject.toml:4)
    demo.lib packages/lib (packages/lib/pyproject.toml:4)
    demo-app packages/app (packages/app/pyproject.toml:4)
    ");
    assert_eq!(world.config().tag.value.to_string(), "{package}-v{version}");
    let app = workspace.members.iter().find(|member| member.folder == "packages/app").unwrap();
    let needed: Vec<&str> = workspace.needed_by(app).map(|member| member.folder.as_str()).collect();
    assert_eq!(needed, ["packages/lib"]);
}

#[test]
fn names_and_folders_choose_members() {
    let workspace = workspace(&world("[workspace]\nmembers = [\"packages/*\"]\nexclude = [\"**/leg*\"]\n"));
    let choose = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        workspace.select(&words).map(|members| {
            members
                .iter()
                .map(|member| member.name.value.normalized().to_owned())
                .collect::<Vec<_>>()
                .join(" ")
        })
    };
    assert_eq!(choose(&[]).unwrap(), "demo-core demo-lib demo-app");
    assert_eq!(choose(&["demo-app", "Demo.Core"]).unwrap(), "demo-core demo-app");
    assert_eq!(choose(&["packages/lib/"]).unwrap(), "demo-lib");
    insta::assert_snapshot!(choose(&["demo-ap"]).unwrap_err().problem().render(), @"
    error[usage]: `-p demo-ap` names no project of this workspace
    hint: did you mean `demo-app`?
    hint: projects: demo-app, demo-core, demo.lib
    ");
}

#[test]
fn refused_workspaces() {
    let complaints: Vec<String> = [
        "[workspace]",
        "[workspace]\nmembers = []",
        "[workspace]\nmembers = [\"../x\"]",
        "[workspace]\nmembers = [\"packages/gone\"]",
        "[workspace]\nmembers = [\"packages/notes\"]",
        "[workspace]\nmembers = [\"crates/*\"]",
        "[workspace]\nmembers = [\"packages/core\"]\nexclude = [\"packages/*\"]",
        "[workspace]\nmember = [\"packages/*\"]",
    ]
    .iter()
    .map(|text| world(text).error())
    .collect();
    insta::assert_snapshot!(complaints.join("\n"), @r#"
    error[config-invalid]: `workspace.members` is missing or empty
      --> shiponce.toml:1:1
       1 | [workspace]
         | ^^^^^^^^^^^
    hint: name the folders: members = ["packages/*"]
    exit 2
    error[config-invalid]: `workspace.members` is missing or empty
      --> shiponce.toml:1:1
       1 | [workspace]
         | ^^^^^^^^^^^
    hint: name the folders: members = ["packages/*"]
    exit 2
    error[config-invalid]: `workspace.members` is not a path inside the workspace
      --> shiponce.toml:2:12
       2 | members = ["../x"]
         |            ^^^^^^
    exit 2
    error[config-invalid]: `workspace.members` names `packages/gone`, which is no folder with a pyproject.toml, setup.cfg or setup.py
      --> shiponce.toml:2:12
       2 | members = ["packages/gone"]
         |            ^^^^^^^^^^^^^^^
    exit 2
    error[config-invalid]: `workspace.members` names `packages/notes`, which is no folder with a pyproject.toml, setup.cfg or setup.py
      --> shiponce.toml:2:12
       2 | members = ["packages/notes"]
         |            ^^^^^^^^^^^^^^^^
    exit 2
    error[config-invalid]: `workspace.members` has the pattern `crates/*`, which fits no folder with a project
      --> shiponce.toml:2:12
       2 | members = ["crates/*"]
         |            ^^^^^^^^^^
    exit 2
    error[config-invalid]: `workspace.members` names no project that is not excluded
      --> shiponce.toml:1:1
       1 | [workspace]
         | ^^^^^^^^^^^
    exit 2
    error[config-unknown-key]: unknown key `member` in [workspace]
      --> shiponce.toml:2:1
       2 | member = …
         | ^^^^^^
    hint: did you mean `members`?
    exit 2
    "#);
    let world = world("[workspace]\nmembers = [\"packages/*\"]");
    world.nested("packages/second/pyproject.toml", &project("Demo-Core", ""));
    insta::assert_snapshot!(world.error(), @"
    error[config-invalid]: `workspace.members` has `Demo-Core` in two folders: packages/core and packages/second
      --> shiponce.toml:1:1
       1 | [workspace]
         | ^^^^^^^^^^^
    exit 2
    ");
    world.nested("packages/second/pyproject.toml", "[build-system]\nrequires = []\n");
    insta::assert_snapshot!(world.error(), @"
    error[config-invalid]: `workspace.members` has `packages/second`, whose name only a build tells
      --> shiponce.toml:1:1
       1 | [workspace]
         | ^^^^^^^^^^^
    hint: set `package` in a shiponce.toml in that folder
    exit 2
    ");
}

#[test]
fn a_circle_has_no_order() {
    let world = world("[workspace]\nmembers = [\"packages/*\"]");
    world.nested("packages/core/pyproject.toml", &project("demo-core", "dependencies = [\"demo-app\"]\n"));
    insta::assert_snapshot!(workspace(&world).select(&[]).unwrap_err().problem().render(), @"
    error[config-invalid]: projects depend on each other in a circle: demo-app -> Demo_Lib -> demo_core -> demo-app
    hint: move what both need into a project of its own, or make one of the needs an extra
    ");
}

#[test]
fn a_member_has_its_own_settings_above_those_of_the_workspace() {
    let root = "[workspace]\nmembers = [\"packages/*\", \".\"]\n[build]\ncommand = [\"make\"]\nenv = { A = \"1\", B = \"1\" }\n\
        [index.company]\nrole = \"production\"\nupload = \"https://packages.example/up/\"\n\
        simple = \"https://packages.example/simple/\"\nca = \"ca.pem\"\ntoken-env = [\"COMPANY\"]\n\
        [verify]\ntimeout = \"1m\"\nimport = [\"root\"]\n[gates]\nversion-files = [\"VERSION\"]\n";
    let mut world = world(root).file("pyproject.toml", &project("demo-root", ""));
    world.nested(
        "packages/core/shiponce.toml",
        "[build]\nenv = { B = \"2\" }\n[verify]\nimport = [\"core\"]\n",
    );
    world.nested("packages/lib/shiponce.toml", "tag = \"lib-{version}\"\n[index.own]\nrole = \"test\"\n");
    world = world.env("COMPANY_DEMO_CORE", "hunter2");
    let workspace = workspace(&world);
    let shown = |folder: &str, keys: &[&str]| {
        let member = workspace.members.iter().find(|member| member.folder == folder).unwrap();
        let config = resolve_member(&world.inputs, member).unwrap();
        let rows = show_sources(&config, &Credentials::load(&config, &world.inputs).unwrap());
        let rows = rows.iter().filter(|row| keys.iter().any(|key| row.key.starts_with(key)));
        let lines: Vec<String> =
            rows.map(|row| format!("{} = {} # {}", row.key, row.value, row.source)).collect();
        lines.join("\n").replace(&world.path("").display().to_string(), "/project/")
    };
    let keys = [
        "package",
        "tag",
        "build.",
        "verify.",
        "gates.",
        "dist-dir",
        "workspace",
        "index.own.role",
        "index.company.ca",
        "index.company.cred",
    ];
    insta::assert_snapshot!(shown("packages/core", &keys), @r#"
    package = demo-core # packages/core/pyproject.toml:4
    tag = {package}-v{version} # default
    dist-dir = /project/packages/core/dist # default
    build.command = ["make"] # shiponce.toml:4
    build.env.A = 1 # shiponce.toml:5
    build.env.B = 2 # packages/core/shiponce.toml:2
    build.timeout = 1h # default
    index.company.ca = /project/ca.pem # shiponce.toml:10
    index.company.cache-ttl = 1h # default
    index.company.credential = set # environment COMPANY_DEMO_CORE
    verify.import = ["core"] # packages/core/shiponce.toml:4
    verify.version = metadata # default
    verify.commands = [] # default
    verify.index = the production index # default
    verify.timeout = 1m # shiponce.toml:13
    gates.required = ["version", "dist"] # default
    gates.version-files = [] # default
    "#);
    insta::assert_snapshot!(shown("packages/lib", &["tag", "index.own.role", "index.company.role"]), @"
    tag = lib-{version} # packages/lib/shiponce.toml:1
    index.own.role = test # packages/lib/shiponce.toml:3
    ");
    insta::assert_snapshot!(shown(".", &["package", "tag", "verify.import"]), @r#"
    package = demo-root # pyproject.toml:4
    tag = {package}-v{version} # default
    verify.import = ["root"] # shiponce.toml:14
    "#);
}

#[test]
fn a_member_is_refused_by_its_own_place() {
    let world = world("[workspace]\nmembers = [\"packages/core\"]\n");
    let refused = |text: &str| {
        world.nested("packages/core/shiponce.toml", "");
        let workspace = workspace(&world);
        world.nested("packages/core/shiponce.toml", text);
        world.show(&resolve_member(&world.inputs, &workspace.members[0]).unwrap_err())
    };
    insta::assert_snapshot!(refused("[workspace]\nmembers = [\"x\"]\n"), @"
    error[config-invalid]: `workspace` stands in a member of a workspace
      --> packages/core/shiponce.toml:1:1
       1 | [workspace]
         | ^^^^^^^^^^^
    hint: list all members in the outer workspace
    exit 2
    ");
    insta::assert_snapshot!(refused("tag = \"v\"\n"), @r#"
    error[config-invalid]: `tag` does not contain `{version}` exactly once
      --> packages/core/shiponce.toml:1:7
       1 | tag = "v"
         |       ^^^
    hint: the default is `{package}-v{version}`
    exit 2
    "#);
}

#[test]
fn a_name_outside_of_pyproject_is_found_by_whoever_can_read_it() {
    let mut world = World::empty().file("shiponce.toml", "[workspace]\nmembers = [\"old\", \"older\"]\n");
    world.nested("old/setup.py", "from setuptools import setup\nsetup(name='demo-old')\n");
    world.nested("older/setup.py", "from setuptools import setup\nsetup()\n");
    world.nested("older/shiponce.toml", "package = \"demo-older\"\n");
    assert!(world.error().contains("has `old`, whose name only a build tells"), "{}", world.error());
    world.inputs.name_of = Some(|folder| Some((folder.file_name()?.to_str()?.to_owned(), "setup.py")));
    let workspace = workspace(&world);
    let names: Vec<String> = workspace
        .members
        .iter()
        .map(|member| format!("{} ({})", member.name.value, member.name.source))
        .collect();
    assert_eq!(names, ["old (old/setup.py)", "demo-older (older/shiponce.toml:1)"]);
}
