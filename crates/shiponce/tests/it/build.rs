//! `build`: what a release would build, on its own; twice; a leg at a time.

use crate::harness::{Setting, git, project, python};
use insta::assert_snapshot;
use serde_json::{Value, json};
use shiponce_api::v1::{BuildDocument, to_text};
use shiponce_rehearsal::Index;

/// A build that writes one wheel; `{MORE}` stands in its module, `{NAME}` in the file name.
const SCRIPT: &str = r##"import base64, hashlib, os, random, sys, tempfile, time, zipfile
out, tag = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "py3-none-any"
info = "calm-1.0.dist-info"
count = os.path.join(os.environ["COUNT_DIR"], f"build-{time.time_ns()}") if "COUNT_DIR" in os.environ else os.devnull
open(count, "w").write(f"{os.getcwd()} {os.environ.get('SOURCE_DATE_EPOCH')} {os.environ.get('REHEARSAL_PROD_TOKEN')}")
builds = len(os.listdir(os.environ["COUNT_DIR"])) if "COUNT_DIR" in os.environ else 0
module = "__version__ = '1.0'\n" + eval(os.environ.get("MORE", "''"))
pure = str(tag.endswith("none-any")).lower()
members = {
    "calm/__init__.py": module,
    f"{info}/METADATA": "Metadata-Version: 2.1\nName: calm\nVersion: 1.0\nSummary: Small\n\nText.\n",
    f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests (1.0)\nRoot-Is-Purelib: {pure}\nTag: {tag}\n",
}
digest = lambda text: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
record = "".join(f"{path},sha256={digest(text)},{len(text.encode())}\n" for path, text in members.items())
members[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
if os.environ.get("TORN") and builds <= int(os.environ["TORN"]):
    members["calm/__init__.py"] += "# torn\n"
when = time.gmtime()[:6] if os.environ.get("CLOCK") else (2026, 1, 2, 3, 4, 4)
with zipfile.ZipFile(os.path.join(out, f"calm-1.0-{tag}.whl"), "w") as archive:
    for path, text in members.items():
        archive.writestr(zipfile.ZipInfo(path, when), text)
"##;

/// A project whose build does what its environment says.
fn calm(env: &str) -> Setting {
    let setting = Setting::with(|config| {
        config.released_here("calm");
    });
    let folder = setting.project();
    let pyproject = "[project]\nname = \"calm\"\nversion = \"1.0\"\nrequires-python = \">=3.9\"\n";
    fs_err::write(folder.join("pyproject.toml"), pyproject).unwrap();
    fs_err::write(folder.join("build.py"), SCRIPT).unwrap();
    project::commit(&folder, "v1.0");
    fs_err::create_dir(setting.path("count")).unwrap();
    configure(&setting, "", env);
    setting
}

fn configure(setting: &Setting, top: &str, env: &str) {
    let count = setting.path("count");
    let build = format!(
        "\n[build]\ncommand = [\"python3\", \"build.py\", \"{{dist}}\"]\nenv = {{ COUNT_DIR = \"{}\"{env} }}\n",
        count.display()
    );
    fs_err::write(setting.path("shiponce.toml"), format!("{top}\n{}{build}", setting.indexes())).unwrap();
}

/// What each build saw: its folder, `SOURCE_DATE_EPOCH`, the token.
fn builds(setting: &Setting) -> Vec<String> {
    let entries = fs_err::read_dir(setting.path("count")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs_err::read_to_string(path).unwrap()).collect()
}

#[track_caller]
fn document(stdout: &str) -> Value {
    let document: BuildDocument = serde_json::from_str(stdout).unwrap();
    assert_eq!(to_text(&document).unwrap(), stdout);
    serde_json::from_str(stdout).unwrap()
}

#[test]
fn a_build_is_the_one_of_a_release_and_goes_into_the_dist_folder() {
    let setting = calm("");
    let run = setting.shiponce(["build"]).expect(0);
    assert_snapshot!(setting.tidy(&run.stderr), @"
    [time] [WARNING] REHEARSAL_PROD_TOKEN, REHEARSAL_TEST_TOKEN: set here, not seen by the build and the tests
    [time] [INFO] Building with `python3` from a clean clone of [short]
    [time] [SUCCESS] Built [folder]/project/dist/calm-1.0-py3-none-any.whl
    ");
    let wheel = setting.project().join("dist/calm-1.0-py3-none-any.whl");
    assert!(run.stdout.contains(wheel.to_str().unwrap()), "{}", run.stdout);
    let seen = builds(&setting);
    assert!(!seen[0].starts_with(setting.project().to_str().unwrap()), "not in the user's folder: {seen:?}");
    // The commit's time, and no credential.
    assert!(seen[0].ends_with(" 1767323045 None"), "{seen:?}");
    let again = setting.shiponce(["build", "--json"]).expect(0);
    let package = &document(&again.stdout)["packages"][0];
    assert_eq!(package["files"][0]["status"], "already-there");
    assert_eq!(
        (&package["version"], &package["clean"], &package["source_date_epoch"], &package["reproducible"]),
        (&json!("1.0"), &json!(true), &json!(1_767_323_045), &json!(null))
    );
    // The release takes exactly these files.
    let digest = package["files"][0]["sha256"].as_str().unwrap().to_owned();
    setting.shiponce(["release", "--yes", "--skip-build"]).expect(0);
    assert_eq!(setting.files(Index::Pypi)["calm-1.0-py3-none-any.whl"], digest);
}

#[test]
fn other_bytes_in_the_dist_folder_stay() {
    let setting = calm(", MORE = \"'x = %d' % time.time_ns()\"");
    setting.shiponce(["build"]).expect(0);
    let wheel = setting.project().join("dist/calm-1.0-py3-none-any.whl");
    let before = fs_err::read(&wheel).unwrap();
    let refused = setting.shiponce(["build", "--json"]).expect(4);
    let package = &document(&refused.stdout)["packages"][0];
    assert_eq!(package["error"]["code"], "file-exists");
    assert_eq!(package["files"][0]["path"], json!(null));
    assert_eq!(fs_err::read(&wheel).unwrap(), before);
    setting.shiponce(["build", "--dist-dir", "elsewhere"]).expect(0);
    assert!(setting.project().join("elsewhere/calm-1.0-py3-none-any.whl").is_file());
}

#[test]
fn two_builds_that_agree_are_put_into_the_dist_folder() {
    let setting = calm("");
    let run = setting.shiponce(["build", "--twice", "--json"]).expect(0);
    let package = &document(&run.stdout)["packages"][0];
    assert_eq!((&package["reproducible"], &package["differences"]), (&json!(true), &json!([])));
    assert_eq!(package["files"][0]["status"], "created");
    let seen = builds(&setting);
    assert_eq!(seen.len(), 2);
    assert_ne!(seen[0], seen[1], "two folders");
}

#[test]
fn two_builds_that_differ_are_told_apart_to_the_byte() {
    let setting = calm(", CLOCK = \"1\", MORE = \"'x = %r' % os.getcwd()\"");
    let run = setting.shiponce(["build", "--twice", "--json"]).expect(1);
    let package = &document(&run.stdout)["packages"][0];
    assert_eq!(
        (&package["reproducible"], &package["error"]["code"]),
        (&json!(false), &json!("not-reproducible"))
    );
    let rows = package["differences"].as_array().unwrap();
    let of = |entry: &str, what: &str| {
        rows.iter()
            .find(|row| row["entry"] == entry && row["what"].as_str().unwrap().starts_with(what))
            .cloned()
    };
    assert!(of("calm/__init__.py", "time: ").is_some(), "{rows:?}");
    let content = of("calm/__init__.py", "content differs from byte ").unwrap();
    assert!(content["offset"].as_u64().unwrap() > 20, "{content}");
    assert!(of("calm-1.0.dist-info/METADATA", "content").is_none());
    assert!(run.stderr.contains("error[not-reproducible]"), "{}", run.stderr);
    assert!(!setting.project().join("dist").exists(), "nothing was put anywhere");
}

#[test]
fn a_damaged_build_is_made_once_more_and_not_a_third_time() {
    let setting = calm(", TORN = \"1\"");
    let run = setting.shiponce(["build"]).expect(0);
    assert!(run.stderr.contains("the build came out damaged: calm-1.0-py3-none-any.whl"), "{}", run.stderr);
    assert!(run.stderr.contains("building again, attempt 2 of 2"), "{}", run.stderr);
    assert_eq!(builds(&setting).len(), 2);
    let twice = calm(", TORN = \"9\"");
    let run = twice.shiponce(["release", "--yes"]).expect(1);
    assert!(run.stderr.contains("error[check-failed]: calm-1.0-py3-none-any.whl"), "{}", run.stderr);
    assert_eq!(builds(&twice).len(), 2, "two attempts");
    assert_eq!(twice.world().writes(Index::TestPypi), 0);
    // What a second build says again is not built again.
    let wrong = calm("");
    fs_err::write(wrong.project().join("build.py"), SCRIPT.replace("Name: calm", "Name: other")).unwrap();
    git(&wrong.project(), ["commit", "-aqm", "Wrong"]);
    wrong.shiponce(["build"]).expect(1);
    assert_eq!(builds(&wrong).len(), 1);
}

#[test]
fn a_ci_job_that_holds_a_token_does_not_build() {
    let mut setting = calm("");
    setting.set("CI", "true");
    let run = setting.shiponce(["build"]).expect(2);
    assert!(run.stderr.contains("error[build-beside-credentials]"), "{}", run.stderr);
    assert_eq!(builds(&setting).len(), 0);
    for name in ["REHEARSAL_PROD_TOKEN", "REHEARSAL_TEST_TOKEN"] {
        setting.unset(name);
    }
    setting.shiponce(["build"]).expect(0);
}

/// The platform of this machine in the words of a matrix, and the tag of its own Python.
fn here() -> (String, String) {
    let script = "import platform, sys; m = platform.machine().lower(); m = {'arm64': 'aarch64', 'amd64': 'x86_64'}.get(m, m); print(f'linux-{m} cp{sys.version_info[0]}{sys.version_info[1]}')";
    #[expect(clippy::disallowed_methods, reason = "the interpreter is asked from outside")]
    let said = std::process::Command::new(python()).args(["-c", script]).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let (platform, tag) = said.trim().split_once(' ').unwrap();
    (platform.to_owned(), tag.to_owned())
}

#[test]
fn one_leg_of_a_matrix_is_one_job_of_ci() {
    let setting = calm("");
    let (platform, tag) = here();
    let minor = tag.trim_start_matches("cp3");
    configure(
        &setting,
        &format!("matrix = {{ python = [\"3.{minor}\"], platform = [\"{platform}\", \"macos-arm64\"] }}"),
        "",
    );
    let leg = format!("{tag}-{platform}");
    let run = setting.shiponce(["build", "--leg", &leg, "--json"]).expect(0);
    let package = &document(&run.stdout)["packages"][0];
    assert_eq!(package["legs"], json!([leg]));
    assert_eq!(package["files"][0]["filename"], "calm-1.0-py3-none-any.whl");
    let foreign = setting.shiponce(["build", "--leg", &format!("{tag}-macos-arm64")]).expect(1);
    assert!(foreign.stderr.contains("none of the 1 legs can be built on this machine"), "{}", foreign.stderr);
    let unknown = setting.shiponce(["build", "--leg", "cp38-linux-x86_64"]).expect(2);
    assert!(unknown.stderr.contains("is no leg of this project's matrix"), "{}", unknown.stderr);
    setting.shiponce(["build", "--leg", "nonsense"]).expect(2);
    // The dist folders of the jobs, put together, are the release.
    setting.shiponce(["release", "--yes", "--skip-build"]).expect(0);
}

/// The build runs in a clean clone also where the project has submodules: nothing it leaves behind is in the checkout,
/// and each submodule is at the commit that is recorded, whatever was done to it since.
#[test]
fn submodules_are_cloned_too_at_the_commit_that_is_recorded() {
    let setting = Setting::tiny();
    let (root, other) = (setting.project(), setting.path("other"));
    fs_err::create_dir_all(&other).unwrap();
    fs_err::write(other.join("inside.txt"), "recorded").unwrap();
    project::commit(&other, "v1");
    let text = fs_err::read_to_string(root.join("build.py")).unwrap();
    let more = "assert open('vend/inside.txt').read() == 'recorded'\nopen('left-behind', 'w').close()\n";
    fs_err::write(root.join("build.py"), format!("{text}{more}")).unwrap();
    let allow = ["-c", "protocol.file.allow=always"];
    git(&root, allow.into_iter().chain(["submodule", "--quiet", "add", other.to_str().unwrap(), "vend"]));
    git(&root, ["add", "--all"]);
    git(&root, ["commit", "--quiet", "--message", "With a submodule"]);
    git(&root, ["tag", "--force", "v1.0.0"]);
    git(&root, ["push", "--quiet", "--force", "origin", "main", "--tags"]);
    fs_err::write(root.join("vend/inside.txt"), "changed since").unwrap();
    let run = setting.shiponce(["release", "--yes"]).expect(0);
    assert!(run.stderr.contains("from a clean clone of"), "{}", run.stderr);
    assert!(!root.join("left-behind").exists());
    assert_eq!(setting.stores(Index::Pypi), 1);
}
