//! Secrets are planted everywhere a user keeps them, and looked for everywhere they could come out.

use super::recorder::Recorder;
use crate::bad_input::said;
use crate::harness::{Run, Setting, git, wheel};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use shiponce_rehearsal::{Index, TokenSpec};
use std::ffi::OsString;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Secrets by the place they were planted in.
type Planted = Vec<(&'static str, String)>;

/// Writes a file that only its owner can read.
fn write_private(path: &Path, text: &str) {
    fs_err::write(path, text).unwrap();
    fs_err::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

/// A module that writes down what the process that imports it can see.
fn spying_module(into: &Path) -> String {
    format!(
        "doc\"\"\"\nimport os, sys\nwith open({into:?}, \"a\") as file: print(sys.argv, dict(os.environ), file=file)\n\"\"\""
    )
}

/// A project whose build, whose import and whose tools write down their arguments and their environment.
fn spied_upon() -> Setting {
    let mut setting = Setting::tiny();
    let spied = setting.path("spied");
    fs_err::create_dir(&spied).unwrap();
    wheel(&setting.path("files"), "tiny", "1.0.0", "py3-none-any", &spying_module(&spied.join("import")));
    let tools = setting.path("tools");
    fs_err::create_dir(&tools).unwrap();
    for tool in ["python3", "uv", "git"] {
        let real = which(&setting, tool);
        let script = format!(
            "#!/bin/sh\n{{ echo \"$0 $*\"; env; }} > \"{}/{tool}-$$\"\nexec \"{}\" \"$@\"\n",
            spied.display(),
            real.display()
        );
        fs_err::write(tools.join(tool), script).unwrap();
        fs_err::set_permissions(tools.join(tool), Permissions::from_mode(0o755)).unwrap();
    }
    let path = std::env::join_paths([tools].into_iter().chain(std::env::split_paths(&search_path(&setting))));
    setting.set("PATH", path.unwrap());
    setting
}

/// The `PATH` the binary is given.
fn search_path(setting: &Setting) -> OsString {
    let command = setting.command::<&str>([]);
    let mut variables = command.get_envs();
    variables.find(|(name, _)| *name == "PATH").and_then(|(_, value)| value).unwrap().to_owned()
}

fn which(setting: &Setting, tool: &str) -> PathBuf {
    let path = search_path(setting);
    std::env::split_paths(&path).map(|folder| folder.join(tool)).find(|path| path.is_file()).unwrap()
}

/// Plants a secret in every place at once. Production's token comes from a command.
fn plant(setting: &mut Setting) -> Planted {
    let production = setting.world().token(Index::Pypi, &TokenSpec::user("alice").project("tiny"));
    let test = setting.world().token(Index::TestPypi, &TokenSpec::user("alice").project("tiny"));
    setting.unset("REHEARSAL_PROD_TOKEN");
    setting.set("REHEARSAL_TEST_TOKEN", &test);
    write_private(&setting.path("production-token"), &format!("{production}\n"));
    write_private(&setting.project().join(".env"), "PYPI_API_TOKEN=planted-in-dotenv\n");
    write_private(
        &setting.path("home/.pypirc"),
        "[pypi]\nusername = __token__\npassword = planted-in-pypirc\n",
    );
    let exclude = setting.project().join(".git/info/exclude");
    fs_err::create_dir_all(exclude.parent().unwrap()).unwrap();
    fs_err::write(exclude, ".env\n").unwrap();
    for (name, value) in [
        ("UV_PUBLISH_TOKEN", "planted-for-uv"),
        ("TWINE_PASSWORD", "planted-for-twine"),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "planted-for-actions"),
        ("GITHUB_TOKEN", "planted-for-github"),
        ("AWS_SECRET_ACCESS_KEY", "planted-for-aws"),
        ("HTTPS_PROXY", "http://user:planted-for-proxy@127.0.0.1:9"),
        ("UV_DEFAULT_INDEX", "https://user:planted-for-index@127.0.0.1:9/simple/"),
    ] {
        setting.set(name, value);
    }
    let mut planted: Planted = vec![("token-command", production), ("environment", test)];
    planted.push(("any other place", "planted-".to_owned()));
    planted
}

/// The configuration: both indexes behind a recorder each, a build that spies, a token from a command.
fn configure(setting: &Setting, production: &Recorder, test: &Recorder) {
    let base = setting.server().base_url();
    let host = base.trim_start_matches("http://");
    let tables = setting.indexes();
    let (test_table, production_table) = tables.split_at(tables.find("[index.pypi]").unwrap());
    let test_table = test_table.replace(host, &test.address.to_string());
    let command = format!("token-command = [\"cat\", \"{}\"]\n", setting.path("production-token").display());
    let production_table = production_table
        .replace(host, &production.address.to_string())
        .replace("token-env", &format!("{command}token-env"));
    let build = format!(
        "[build]\ncommand = [\"sh\", \"-c\", \"env > {}; cp {}/*.whl $0\", \"{{dist}}\"]\n",
        setting.path("spied/build").display(),
        setting.path("files").display()
    );
    fs_err::write(setting.path("shiponce.toml"), test_table + &production_table + &build).unwrap();
}

/// Every file below a folder, links aside.
fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs_err::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            files_below(&entry.path(), found);
        } else if entry.file_type().unwrap().is_file() {
            found.push(entry.path());
        }
    }
}

/// Looks for the secrets in everything a run left behind but the places they were planted in.
#[track_caller]
fn search(setting: &Setting, planted: &Planted, runs: &[&Run]) {
    let mut found = Vec::new();
    for folder in ["state", "project", "home", "tmp", "spied", "out"] {
        if setting.path(folder).exists() {
            files_below(&setting.path(folder), &mut found);
        }
    }
    found.retain(|path| !path.ends_with(".env") && !path.ends_with(".pypirc"));
    let mut places: Vec<(String, Vec<u8>)> =
        found.iter().map(|path| (path.display().to_string(), fs_err::read(path).unwrap())).collect();
    for run in runs {
        places.push(("standard output".to_owned(), run.stdout.clone().into_bytes()));
        places.push(("standard error".to_owned(), run.stderr.clone().into_bytes()));
    }
    for (planted_in, secret) in planted {
        let encoded = BASE64_STANDARD.encode(format!("__token__:{secret}"));
        for form in [secret.as_bytes(), encoded.as_bytes()] {
            for (place, bytes) in &places {
                let leaked = bytes.windows(form.len()).any(|window| window == form);
                assert!(!leaked, "the secret from {planted_in} is in {place}");
            }
        }
    }
}

/// The requests whose head carries an authorization, by their first line.
fn authorized(recorder: &Recorder) -> Vec<String> {
    let requests = recorder.requests();
    assert!(!requests.is_empty());
    let with = requests.iter().filter(|(_, head)| head.to_ascii_lowercase().contains("\r\nauthorization:"));
    with.map(|(line, _)| line.clone()).collect()
}

#[track_caller]
fn sends(recorder: &Recorder, secret: &str) -> bool {
    let encoded = BASE64_STANDARD.encode(format!("__token__:{secret}"));
    recorder.requests().iter().any(|(_, head)| head.contains(&encoded) || head.contains(secret))
}

#[test]
fn a_release_shows_no_secret_to_anybody() {
    let mut setting = spied_upon();
    let planted = plant(&mut setting);
    let address = setting.server().base_url().trim_start_matches("http://").parse().unwrap();
    let (production, test) = (Recorder::start(address), Recorder::start(address));
    configure(&setting, &production, &test);
    fs_err::create_dir(setting.path("out")).unwrap();
    for name in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
        setting.set(name, setting.path("out").join(name));
    }
    let events = setting.path("out/events");
    let args = ["release", "--yes", "-v", "--json", "--events", events.to_str().unwrap()];
    let first = setting.shiponce(args).expect(0);
    let second = setting.shiponce(args).expect(0);
    let status = setting.shiponce(["status", "-v"]).expect(0);
    let config = setting.shiponce(["config", "show", "--sources"]).expect(0);
    assert_eq!(setting.stores(Index::Pypi), 1);

    // The spies were there: each saw its process, and a process saw the variables that are meant for it.
    let mut spied = Vec::new();
    files_below(&setting.path("spied"), &mut spied);
    let seen: String = spied.iter().map(|path| path.file_name().unwrap().to_string_lossy() + "\n").collect();
    for spy in ["build", "import", "uv-", "git-", "python3-"] {
        assert!(seen.contains(spy), "{spy} saw nothing: {seen}");
    }
    assert!(fs_err::read_to_string(setting.path("spied/build")).unwrap().contains("TMPDIR="));
    search(&setting, &planted, &[&first, &second, &status, &config]);

    // Each token went to its own index, with uploads, and nowhere else.
    assert!(sends(&production, &planted[0].1) && !sends(&production, &planted[1].1));
    assert!(sends(&test, &planted[1].1) && !sends(&test, &planted[0].1));
    assert_eq!(authorized(&production), ["POST /prod/legacy/ HTTP/1.1"]);
    assert_eq!(authorized(&test), ["POST /test/legacy/ HTTP/1.1"]);
}

/// What fails speaks most: refusals of the index, of the configuration, of the token-command.
#[test]
fn failures_show_no_secret_either() {
    let mut setting = Setting::new();
    wheel(&setting.project().join("dist"), "demo", "1.0", "py3-none-any", "one");
    let damaged = setting.world().token(Index::Pypi, &TokenSpec::user("alice").damaged());
    setting.set("REHEARSAL_PROD_TOKEN", &damaged);
    let args = ["publish", "--yes", "-v", "--index", "pypi"];
    let refused = setting.shiponce(args).expect(7);

    setting.unset("REHEARSAL_PROD_TOKEN");
    let script = setting.path("token.sh");
    fs_err::write(&script, "echo planted-on-standard-output; echo planted-on-standard-error >&2; exit 3\n")
        .unwrap();
    let command = format!("token-command = [\"sh\", \"{}\"]\ntoken-env", script.display());
    let tables = setting.indexes();
    let at = tables.find("[index.pypi]").unwrap();
    let table = tables[at..].replace("token-env", &command);
    fs_err::write(setting.path("shiponce.toml"), &table).unwrap();
    let failed = setting.shiponce(args).expect(7);
    assert!(failed.stderr.contains("token-command"), "{}", failed.stderr);

    fs_err::write(setting.path("shiponce.toml"), format!("{table}token = \"planted-in-configuration\"\n"))
        .unwrap();
    let configured = setting.shiponce(args).expect(2);
    let planted = vec![("environment", damaged), ("any other place", "planted-".to_owned())];
    search(&setting, &planted, &[&refused, &failed, &configured]);
    insta::assert_snapshot!(said(&setting, &failed), @"
    [INFO] The files are yours to keep: no second place is asked for (single copy)
    [DEBUG] pypi does not have the project
    [INFO] Plan for demo 1.0, 1 file:
    [INFO]   pypi (127.0.0.1:PORT): 0 of 1 there, 1 to upload
    [INFO]     upload   demo-1.0-py3-none-any.whl: not there
    [DEBUG] pypi does not have the project
    [INFO] Credential for pypi: token-command
    error[token-missing]: token-command `sh` ended with exit code 3
    Nothing was uploaded to pypi by this run.
    hint: run the token-command by hand to see what it says
    ");
    insta::assert_snapshot!(said(&setting, &configured), @"
    error[config-unknown-key]: unknown key `token` in [index.pypi]
      --> [folder]/shiponce.toml:10:1
       10 | token = …
          | ^^^^^
    hint: known keys: role, required, upload, simple, json, username, token-env, token-command, trusted-publishing, attestations, read-auth, immutable, mirror, rules, ca, client-cert, parallel-uploads, cache-ttl
    ");
}

/// A remote with a password in its address: git knows it, nobody else has to.
#[test]
fn the_address_of_a_remote() {
    let setting = Setting::tiny();
    git(
        &setting.project(),
        ["remote", "set-url", "origin", "https://user:planted-in-remote@127.0.0.1:9/tiny.git"],
    );
    git(&setting.project(), ["update-ref", "-d", "refs/remotes/origin/main"]);
    let run = setting.shiponce(["release", "--yes", "-v"]).expect(1);
    assert!(run.stderr.contains("error[unpushed-commit]"), "{}", run.stderr);
    // git's own configuration is where it was planted.
    fs_err::remove_file(setting.project().join(".git/config")).unwrap();
    search(&setting, &vec![("remote", "planted-".to_owned())], &[&run]);
}
