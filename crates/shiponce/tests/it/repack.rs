//! `repack` on real packages: what comes out is installed by pip and by uv, and checked by the tools of others.

use crate::harness::{Setting, python, sdist, sdists, venv, wheel};
use insta::assert_snapshot;
use serde_json::Value;
use shiponce_api::v1::{RepackDocument, to_text};
use shiponce_rehearsal::Index;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A project with everything that a wheel keeps outside its package: a script, a data file, an entry point.
const PYPROJECT: &str = r#"[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "Every.Thing"
version = "1.0"
readme = "README.rst"
scripts = { everything = "everything:main" }

[tool.setuptools]
py-modules = ["everything"]
script-files = ["old-script"]
data-files = { "share/every" = ["a, b.txt"] }
"#;

/// Says what a fresh environment has of a project.
const LOOK: &str = r#"
import importlib.metadata, json, pathlib, subprocess, sys, sysconfig
distribution = importlib.metadata.distribution(sys.argv[1])
files = {str(f): f.locate().is_file() for f in distribution.files}
scripts = pathlib.Path(sysconfig.get_path("scripts"))
ran = [subprocess.run([scripts / name], capture_output=True, text=True).stdout.strip() for name in sys.argv[2:]]
print(json.dumps({
    "version": distribution.version,
    "missing": [name for name, there in files.items() if not there],
    "description": distribution.metadata.get_payload(),
    "type": distribution.metadata["Description-Content-Type"],
    "ran": ran,
    "data": (pathlib.Path(sys.prefix) / "share/every/a, b.txt").is_file(),
}))
"#;

/// Holds every file against its RECORD as `wheel unpack` does, and its metadata as `twine check` does.
const PROVE: &str = r"
import pathlib, subprocess, sys, tempfile
for path in sys.argv[1:]:
    if path.endswith('.whl'):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, '-m', 'wheel', 'unpack', '-d', folder, path], check=True, capture_output=True)
    subprocess.run([sys.executable, '-m', 'twine', 'check', path], check=True, capture_output=True)
";

#[track_caller]
fn python_run(args: &[&std::ffi::OsStr]) -> String {
    run(python(), args)
}

#[track_caller]
fn run(program: PathBuf, args: &[&std::ffi::OsStr]) -> String {
    #[expect(clippy::disallowed_methods, reason = "the tools of others are the judges here")]
    let done = Command::new(program).args(args).output().unwrap();
    assert!(
        done.status.success(),
        "{}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).unwrap()
}

/// Installs the file with pip or uv into an environment of its own and says what is there.
#[track_caller]
fn installed(setting: &Setting, file: &Path, with: &str, project: &str, scripts: &[&str]) -> Value {
    let name = format!("env-{with}-{}", file.file_name().unwrap().to_str().unwrap());
    let environment = setting.path(&name);
    let uv = venv().join("bin/uv");
    let (base, inside) = (python(), environment.join("bin/python"));
    run(
        uv.clone(),
        &["venv".as_ref(), "-q".as_ref(), "--python".as_ref(), base.as_ref(), environment.as_ref()],
    );
    if with == "uv" {
        let args = ["pip", "install", "-q", "--offline", "--no-deps", "--no-build-isolation", "--python"];
        let args: Vec<&std::ffi::OsStr> =
            args.iter().map(AsRef::as_ref).chain([inside.as_ref(), file.as_ref()]).collect();
        run(uv, &args);
    } else {
        let args = ["-m", "pip", "--python"];
        let rest = ["install", "-q", "--no-index", "--no-deps", "--disable-pip-version-check"];
        let args: Vec<&std::ffi::OsStr> = args
            .iter()
            .map(AsRef::as_ref)
            .chain([inside.as_ref()])
            .chain(rest.iter().map(AsRef::as_ref))
            .chain([file.as_ref()])
            .collect();
        python_run(&args);
    }
    let mut args: Vec<&std::ffi::OsStr> = vec!["-c".as_ref(), LOOK.as_ref(), project.as_ref()];
    args.extend(scripts.iter().map(AsRef::<std::ffi::OsStr>::as_ref));
    serde_json::from_str(&run(inside, &args)).unwrap()
}

/// Wheels of six, idna and the project above, made by their own backends.
fn real_wheels(setting: &Setting) -> Vec<PathBuf> {
    let (project, out) = (setting.path("everything"), setting.path("built"));
    fs_err::create_dir_all(&project).unwrap();
    fs_err::write(project.join("pyproject.toml"), PYPROJECT).unwrap();
    fs_err::write(project.join("README.rst"), "Old\n===\n").unwrap();
    fs_err::write(project.join("everything.py"), "__version__ = '1.0'\ndef main():\n    print('entry')\n")
        .unwrap();
    fs_err::write(project.join("old-script"), "#!python\nprint('script')\n").unwrap();
    fs_err::write(project.join("a, b.txt"), "data").unwrap();
    python_run(&[
        "-m".as_ref(),
        "build".as_ref(),
        "-nw".as_ref(),
        "-o".as_ref(),
        out.as_ref(),
        project.as_ref(),
    ]);
    for name in ["six-1.17.0", "idna-3.20"] {
        let archive = sdists().join(format!("{name}.tar.gz"));
        let flags = ["-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "--no-index", "-w"];
        let args: Vec<&std::ffi::OsStr> =
            flags.iter().map(AsRef::as_ref).chain([out.as_ref(), archive.as_ref()]).collect();
        python_run(&args);
    }
    let mut wheels: Vec<PathBuf> =
        fs_err::read_dir(out).unwrap().map(|entry| entry.unwrap().path()).collect();
    wheels.sort();
    wheels
}

fn prove(files: &[PathBuf]) {
    let mut args: Vec<&std::ffi::OsStr> = vec!["-c".as_ref(), PROVE.as_ref()];
    args.extend(files.iter().map(AsRef::<std::ffi::OsStr>::as_ref));
    python_run(&args);
}

#[test]
fn real_wheels_get_a_version_that_pip_and_uv_install() {
    let setting = Setting::new();
    let wheels = real_wheels(&setting);
    assert_eq!(wheels.len(), 3, "{wheels:?}");
    let mut args = vec!["repack".into(), "--version-suffix".into(), ".post1".into(), "--json".into()];
    args.extend(wheels.iter().map(|path| path.clone().into_os_string()));
    let run = setting.shiponce(args.clone()).expect(0);
    let document: RepackDocument = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(to_text(&document).unwrap(), run.stdout);
    let names: Vec<&str> = document.files.iter().map(|row| row.filename.as_str()).collect();
    assert_eq!(
        names,
        [
            "every_thing-1.0.post1-py3-none-any.whl",
            "idna-3.20.post1-py3-none-any.whl",
            "six-1.17.0.post1-py2.py3-none-any.whl",
        ]
    );
    let files: Vec<PathBuf> = document.files.iter().map(|row| PathBuf::from(&row.path)).collect();
    prove(&files);
    for with in ["pip", "uv"] {
        let look = installed(&setting, &files[0], with, "every.thing", &["everything", "old-script"]);
        assert_eq!(look["version"], "1.0.post1");
        assert_eq!(look["missing"], serde_json::json!([]));
        assert_eq!(look["ran"], serde_json::json!(["entry", "script"]));
        assert_eq!(look["data"], true);
        assert_eq!(installed(&setting, &files[1], with, "idna", &[])["version"], "3.20.post1");
        assert_eq!(installed(&setting, &files[2], with, "six", &[])["version"], "1.17.0.post1");
    }
    let again = setting.shiponce(args).expect(0);
    assert!(
        again.stdout.contains("\"already-there\"") && !again.stdout.contains("\"created\""),
        "{}",
        again.stdout
    );
}

#[test]
fn a_real_wheel_gets_another_description() {
    let setting = Setting::new();
    let wheels = real_wheels(&setting);
    let readme = setting.path("NEW.md");
    fs_err::write(&readme, "# New\n\nWords.\n").unwrap();
    let command = |more: &[&str]| {
        let mut args = vec!["repack".into(), wheels[0].clone().into_os_string(), "--readme".into()];
        args.push(readme.clone().into_os_string());
        args.extend(more.iter().map(std::ffi::OsString::from));
        setting.shiponce(args)
    };
    // The name stays, so beside the old file there is no place for it.
    let refused = command(&[]).expect(4);
    assert!(refused.stderr.contains("error[file-exists]"), "{}", refused.stderr);
    let made = command(&["-o", "out"]).expect(0);
    assert!(made.stdout.ends_with("  out/every_thing-1.0-py3-none-any.whl\n"), "{}", made.stdout);
    let file = setting.project().join("out/every_thing-1.0-py3-none-any.whl");
    prove(std::slice::from_ref(&file));
    let look = installed(&setting, &file, "pip", "every.thing", &[]);
    assert_eq!(look["description"], "# New\n\nWords.\n");
    assert_eq!(look["type"], "text/markdown");
    assert_eq!(look["version"], "1.0");
    assert_eq!(setting.world().writes(Index::Pypi) + setting.world().writes(Index::TestPypi), 0);
}

/// A wheel built from the repacked sdist has the version that the sdist promises.
#[test]
fn an_sdist_builds_what_it_says_after_repacking() {
    let setting = Setting::new();
    let sample = setting.project().join("sampleproject-4.0.0.tar.gz");
    fs_err::copy(sdists().join("sampleproject-4.0.0.tar.gz"), &sample).unwrap();
    let sample = sample.to_str().unwrap();
    setting.shiponce(["repack", sample, "--version-suffix", ".dev2"]).expect(0);
    let file = setting.project().join("sampleproject-4.0.0.dev2.tar.gz");
    prove(std::slice::from_ref(&file));
    let out = setting.path("from-sdist");
    let flags = ["-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "--no-index", "-w"];
    let args: Vec<&std::ffi::OsStr> =
        flags.iter().map(AsRef::as_ref).chain([out.as_ref(), file.as_ref()]).collect();
    python_run(&args);
    assert!(out.join("sampleproject-4.0.0.dev2-py3-none-any.whl").is_file());
    let computed = sdists().join("idna-3.20.tar.gz");
    let refused = setting
        .shiponce(["repack", computed.to_str().unwrap(), "--version-suffix", ".post1", "-o", "."])
        .expect(1);
    assert_snapshot!(setting.tidy(&refused.stderr), @"
    error[repack-refused]: `idna-3.20.tar.gz` cannot be repacked: its version is not stated in pyproject.toml, so a wheel built from it would still be 3.20
    No file was written.
    hint: change the version or the description in the source, commit, and build the sdist from it
    hint: the wheels alone can be repacked; they carry no build of their own
    ");
}

#[test]
fn nothing_is_written_when_one_file_is_refused() {
    let setting = Setting::new();
    let dist = setting.project().join("dist");
    wheel(&dist, "demo", "1.0", "py3-none-any", "one");
    wheel(&dist, "other", "1.0.post1", "py3-none-any", "one");
    sdist(&dist, "demo", "1.0", "one");
    let files =
        ["dist/demo-1.0-py3-none-any.whl", "dist/demo-1.0.tar.gz", "dist/other-1.0.post1-py3-none-any.whl"];
    let mut args = vec!["repack", "--version-suffix", ".post1"];
    args.extend(files);
    let refused = setting.shiponce(&args).expect(2);
    assert_snapshot!(setting.tidy(&refused.stderr), @"
    error[usage]: `other-1.0.post1-py3-none-any.whl` cannot get another version
      caused by: `.post1` cannot follow 1.0.post1: PEP 440 knows no version 1.0.post1.post1
    No file was written.
    hint: a post-release of a post-release is the next one: build from the source with that version
    ");
    let left = fs_err::read_dir(&dist).unwrap().count();
    assert_eq!(left, 3, "unfinished files are gone too");
    let repacked = setting.shiponce(&args[..5]).expect(0);
    assert_snapshot!(setting.tidy(&repacked.stderr), @"
    [time] [INFO] modules are not changed: a __version__ inside them still says 1.0
    [time] [INFO] the version in its pyproject.toml is changed too
    [time] [SUCCESS] Repacked dist/demo-1.0.post1-py3-none-any.whl
    [time] [SUCCESS] Repacked dist/demo-1.0.post1.tar.gz
    ");
    let names: Vec<&str> = repacked.stdout.lines().map(|line| line.split("  ").nth(1).unwrap()).collect();
    assert_eq!(names, ["dist/demo-1.0.post1-py3-none-any.whl", "dist/demo-1.0.post1.tar.gz"]);
    // Other bytes under the new name are somebody's.
    fs_err::write(dist.join("demo-1.0.post1.tar.gz"), "mine").unwrap();
    let kept = setting.shiponce(["repack", files[1], "--version-suffix", ".post1"]).expect(4);
    assert!(
        kept.stderr.contains("error[file-exists]: demo-1.0.post1.tar.gz exists with other bytes"),
        "{}",
        kept.stderr
    );
    assert!(kept.stderr.contains("No file was overwritten."), "{}", kept.stderr);
    assert_eq!(fs_err::read(dist.join("demo-1.0.post1.tar.gz")).unwrap(), b"mine");
    for bad in [&["repack", files[0]][..], &["repack", files[0], "--version-suffix", "post1"], &["repack"]] {
        setting.shiponce(bad).expect(2);
    }
}
