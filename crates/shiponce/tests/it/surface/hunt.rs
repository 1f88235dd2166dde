//! The hunt for leaks: a secret from every source, every command, a build backend, a package and a dependency that look
//! everywhere they can, all as an ordinary user. What root may do anyway proves nothing.
//!
//! What a user keeps in files that project code can read (`~/.pypirc`, `.env`) is not looked at where it lies: no program
//! can hide it from code that runs as the same user. Everything the tool makes, passes on or says is.

use super::user::as_ordinary_user;
use crate::harness::forge::REPOSITORY;
use crate::harness::{Run, Setting, git};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use shiponce_rehearsal::{GithubToken, Index, TokenSpec};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// A backend in the project's own folder: it looks around, and writes an sdist and a wheel that look around when it is imported,
/// itself and through a module of another name, as a dependency would.
const BACKEND: &str = r#"
import base64, hashlib, os, tarfile, zipfile
SPY = {spy:?}
exec(SPY)
HERE = "INTO, PLACES = {into:?}, {places}\n"
exec(HERE)
look("backend", INTO, PLACES)

def get_requires_for_build_wheel(config_settings=None):
    look("requires", INTO, PLACES)
    return []

def build_sdist(directory, config_settings=None):
    look("sdist", INTO, PLACES)
    with open("PKG-INFO", "w") as about:
        about.write("Metadata-Version: 2.1\nName: tiny\nVersion: 1.0.0\nSummary: Small\n\nText.\n")
    with tarfile.open(os.path.join(directory, "tiny-1.0.0.tar.gz"), "w:gz") as archive:
        for name in ("PKG-INFO", "pyproject.toml", "backend.py"):
            archive.add(name, f"tiny-1.0.0/{name}")
    return "tiny-1.0.0.tar.gz"

def build_wheel(directory, config_settings=None, metadata_directory=None):
    look("build", INTO, PLACES)
    name, info = "tiny-1.0.0-py3-none-any.whl", "tiny-1.0.0.dist-info"
    members = {
        "tiny/__init__.py": "import tiny_dependency\n" + SPY + HERE + "look('import', INTO, PLACES)\n__version__ = '1.0.0'\n",
        "tiny_dependency/__init__.py": SPY + HERE + "look('dependency', INTO, PLACES)\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0.0\nSummary: Small\n\nText.\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests (1.0)\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digest = lambda text: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    record = "".join(f"{path},sha256={digest(text)},{len(text.encode())}\n" for path, text in members.items())
    with zipfile.ZipFile(os.path.join(directory, name), "w") as archive:
        for path, text in (members | {f"{info}/RECORD": record + f"{info}/RECORD,,\n"}).items():
            archive.writestr(path, text)
    return name
"#;

const PYPROJECT: &str = "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n\n[project]\nname = \"tiny\"\nversion = \"1.0.0\"\nrequires-python = \">=3.9\"\n";

/// A token that no other test has: worlds number theirs, and the spy sees the processes of other tests too.
fn nobody_elses(issue: impl Fn() -> String) -> String {
    (0..50).map(|_| issue()).last().unwrap()
}

struct Hunt {
    setting: Setting,
    /// Secrets by the place they come from.
    planted: Vec<(&'static str, String)>,
    runs: Vec<(String, Run)>,
}

fn private(path: &Path, text: &str) {
    fs_err::write(path, text).unwrap();
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

impl Hunt {
    fn new() -> Self {
        let mut setting = Setting::tiny();
        // uv's cache of the other tests belongs to whoever runs them.
        fs_err::remove_file(setting.path("home/.cache/uv")).unwrap();
        fs_err::create_dir(setting.path("spied")).unwrap();
        let project = setting.project();
        let places = [setting.path("state"), setting.path("tmp")];
        let spy = include_str!("spy.py");
        let backend = BACKEND
            .replace("{spy:?}", &serde_json::to_string(spy).unwrap())
            .replace("{into:?}", &format!("'{}'", setting.path("spied").display()))
            .replace("{places}", &format!("['{}', '{}']", places[0].display(), places[1].display()));
        fs_err::write(project.join("backend.py"), backend).unwrap();
        fs_err::write(project.join("pyproject.toml"), PYPROJECT).unwrap();
        fs_err::write(project.join(".gitignore"), ".env\ndist/\n").unwrap();
        git(&project, ["rm", "--quiet", "--force", "build.py"]);
        git(&project, ["add", "--all"]);
        git(&project, ["commit", "--quiet", "--amend", "--message", "hostile"]);
        git(&project, ["tag", "--force", "v1.0.0"]);
        git(&project, ["push", "--quiet", "--force", "origin", "HEAD", "refs/tags/v1.0.0"]);
        let planted = Self::plant(&mut setting);
        Self { setting, planted, runs: Vec::new() }
    }

    /// Production's token from a command, the test index's from the environment, GitHub's from another variable, and
    /// decoys in every other source.
    fn plant(setting: &mut Setting) -> Vec<(&'static str, String)> {
        let [production, test] =
            Index::ALL.map(|index| nobody_elses(|| setting.world().token(index, &TokenSpec::user("alice"))));
        let github = nobody_elses(|| {
            let token = || GithubToken::of("alice").write(REPOSITORY);
            setting.world().github(|github| github.token(token()))
        });
        setting.set("REHEARSAL_GITHUB_TOKEN", &github);
        setting.unset("REHEARSAL_PROD_TOKEN");
        setting.set("REHEARSAL_TEST_TOKEN", &test);
        let keyring = setting.path("keyring");
        fs_err::create_dir(&keyring).unwrap();
        private(&keyring.join("token"), &format!("{production}\n"));
        let command = format!("token-command = [\"cat\", \"{}\"]\n", keyring.join("token").display());
        let tables = setting.indexes();
        let at = tables.find("[index.pypi]").unwrap();
        let table = tables[at..].replace("token-env", &format!("{command}token-env"));
        fs_err::write(setting.path("shiponce.toml"), format!("{}{table}{}", &tables[..at], setting.github()))
            .unwrap();
        private(&setting.project().join(".env"), "PYPI_API_TOKEN=hunted-in-dotenv\n");
        private(&setting.path("home/.pypirc"), "[pypi]\nusername = __token__\npassword = hunted-in-pypirc\n");
        for (name, value) in [
            ("UV_PUBLISH_TOKEN", "hunted-for-uv"),
            ("TWINE_PASSWORD", "hunted-for-twine"),
            ("GITHUB_TOKEN", "hunted-for-github"),
            ("AWS_SECRET_ACCESS_KEY", "hunted-for-aws"),
        ] {
            setting.set(name, value);
        }
        vec![
            ("token-command", production),
            ("environment", test),
            ("the variable of GitHub", github),
            ("any other source", "hunted-".to_owned()),
        ]
    }

    fn run(&mut self, args: &[&str], codes: &[i32]) {
        let run = as_ordinary_user(&self.setting, args);
        assert!(run.code.is_some_and(|code| codes.contains(&code)), "{args:?}: {run:#?}");
        self.runs.push((args.join(" "), run));
    }

    /// Nothing planted is in what was said, written or seen.
    fn search(&self) {
        let mut places: Vec<(String, String)> = Vec::new();
        for (args, run) in &self.runs {
            places.push((format!("standard output of {args}"), run.stdout.clone()));
            places.push((format!("standard error of {args}"), run.stderr.clone()));
        }
        let mut found = Vec::new();
        for folder in ["state", "project", "home", "tmp", "spied"] {
            below(&self.setting.path(folder), &mut found);
        }
        found.retain(|path| !path.ends_with(".env") && !path.ends_with(".pypirc"));
        places.extend(found.iter().map(|path| (path.display().to_string(), read(path))));
        for (source, secret) in &self.planted {
            let encoded = BASE64_STANDARD.encode(format!("__token__:{secret}"));
            for (place, text) in &places {
                let leaked = text.contains(secret) || text.contains(&encoded);
                assert!(!leaked, "the secret from {source} is in {place}");
            }
        }
    }
}

/// What a file holds, whatever it is: secrets are plain characters.
fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs_err::read(path).unwrap()).into_owned()
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs_err::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            below(&entry.path(), found);
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
}

#[test]
fn hostile_project_code_finds_no_secret_whatever_the_command() {
    let mut hunt = Hunt::new();
    let anything = [0, 1, 2, 4, 5, 6, 7, 8];
    for args in [
        &["plan", "-v"][..],
        &["check", "version", "-v"],
        &["build", "-v"],
        &["rehearse", "-v"],
        &["tag", "--build", "-v"],
        &["config", "show", "--sources"],
    ] {
        hunt.run(args, &anything);
    }
    hunt.run(&["release", "--yes", "-v", "--json"], &[0]);
    hunt.run(&["release", "--yes", "-v"], &[0]);
    for args in [
        &["status", "-v"][..],
        &["versions", "tiny", "-v"],
        &["verify", "tiny", "1.0.0", "--index", "testpypi", "-v"],
        &["publish", "--yes", "-v"],
        &["explain", "partial"],
    ] {
        hunt.run(args, &anything);
    }
    // Each token opened its own door, so there was something to find.
    assert_eq!((hunt.setting.stores(Index::Pypi), hunt.setting.stores(Index::TestPypi)), (2, 2));
    assert_eq!(hunt.setting.releases().iter().filter(|page| !page.draft).count(), 1);
    let mut seen = Vec::new();
    below(&hunt.setting.path("spied"), &mut seen);
    let seen: Vec<String> =
        seen.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    for spy in ["backend-", "requires-", "sdist-", "build-", "import-", "dependency-"] {
        assert!(seen.iter().any(|name| name.starts_with(spy)), "{spy} saw nothing: {seen:?}");
    }
    hunt.search();
}

/// The same look, from a child of a process that does hold the secret and does not protect itself: the spy finds it.
#[test]
fn the_spy_finds_what_is_there_to_be_found() {
    let hunt = Hunt::new();
    let (_, secret) = &hunt.planted[1];
    let into = hunt.setting.path("spied");
    let script = "import os, subprocess, sys\nsubprocess.run([sys.executable, '-c', open(sys.argv[1]).read() + '\\nlook(\"test\", sys.argv[2], [])', sys.argv[1], sys.argv[2]], env={}, check=True)";
    let spy = hunt.setting.path("spy.py");
    fs_err::write(&spy, include_str!("spy.py")).unwrap();
    #[expect(clippy::disallowed_methods, reason = "a process that does not protect itself")]
    let mut command = std::process::Command::new(crate::harness::python());
    command.args(["-c", script]).args([&spy, &into]).env("PLANTED", secret);
    Run::of(command).expect(0);
    let mut seen = Vec::new();
    below(&into, &mut seen);
    assert!(seen.iter().any(|path| read(path).contains(secret)));
}
