//! `rehearse`: a world of its own, and nothing of the user's is touched.

use crate::bad_input::said;
use crate::harness::{Setting, git, project};
use insta::assert_snapshot;
use rustix::process::Signal;
use shiponce_api::v1;
use std::process::{Command, Stdio};

/// The state of the project's own checkout, ignored files included.
fn checkout(setting: &Setting) -> String {
    #[expect(clippy::disallowed_methods, reason = "a peer is driven from outside")]
    let mut git = Command::new("git");
    git.args(["status", "--porcelain", "--ignored", "--branch"])
        .current_dir(setting.project())
        .stdin(Stdio::null());
    String::from_utf8(git.output().unwrap().stdout).unwrap()
}

#[test]
fn a_submodule_is_part_of_the_copy() {
    let setting = Setting::tiny();
    let other = setting.path("other");
    fs_err::create_dir_all(&other).unwrap();
    fs_err::write(other.join("inside.txt"), "inside").unwrap();
    project::commit(&other, "v1");
    let root = setting.project();
    let file = fs_err::read_to_string(root.join("build.py")).unwrap();
    // The build leaves a file behind, as most builds do, and needs what the submodule holds.
    let more = "open('vend/inside.txt').read()\nopen('left-behind', 'w').close()\n";
    fs_err::write(root.join("build.py"), format!("{file}{more}")).unwrap();
    let allow = ["-c", "protocol.file.allow=always"];
    let add = ["submodule", "--quiet", "add", other.to_str().unwrap(), "vend"];
    git(&root, allow.into_iter().chain(add));
    git(&root, ["add", "--all"]);
    git(&root, ["commit", "--quiet", "--message", "With a submodule"]);
    let run = setting.shiponce(["rehearse"]).expect(0);
    assert!(
        run.stderr.contains("Second press: 0 writes to Test PyPI, 0 to PyPI, 0 to GitHub"),
        "{}",
        run.stderr
    );
}

#[test]
fn its_document_is_the_one_of_a_release() {
    let setting = Setting::tiny();
    let before = checkout(&setting);
    let run = setting.shiponce(["rehearse", "--json"]).expect(0);
    let document: v1::ReleaseDocument = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document.outcome, v1::Outcome::NothingToDo, "the second press has nothing to do");
    let presses = document.steps.iter().filter(|step| step.name.ends_with("press"));
    let lines: Vec<String> = presses.map(|step| format!("{}: {}", step.name, step.detail)).collect();
    assert_snapshot!(lines.join("\n"), @"
    first press: 1 writes to Test PyPI, 1 to PyPI, 4 to GitHub
    second press: 0 writes to Test PyPI, 0 to PyPI, 0 to GitHub
    ");
    assert_eq!(checkout(&setting), before);
    assert!(
        fs_err::read_dir(setting.path("state")).unwrap().next().is_none(),
        "the user's state is not its own"
    );
    assert!(setting.world().log().is_empty(), "configured indexes are not asked");
}

#[test]
fn targets_are_chosen_by_their_embedded_or_their_configured_names() {
    let setting = Setting::tiny();
    let writes = |args: &[&str]| {
        let run = setting.shiponce([&["rehearse"], args].concat()).expect(0);
        let text = said(&setting, &run);
        text.lines().find(|line| line.contains("First press")).unwrap().to_owned()
    };
    assert_eq!(
        writes(&["--skip", "pypi,github"]),
        "[INFO] First press: 1 writes to Test PyPI, 0 to PyPI, 0 to GitHub"
    );
    assert_eq!(
        writes(&["--to", "pypi", "--single-copy"]),
        "[INFO] First press: 0 writes to Test PyPI, 1 to PyPI, 0 to GitHub"
    );
    let renamed = fs_err::read_to_string(setting.path("shiponce.toml"))
        .unwrap()
        .replace("[index.pypi]", "[index.company]");
    fs_err::write(setting.path("shiponce.toml"), renamed).unwrap();
    assert_eq!(
        writes(&["--skip", "company", "--skip-github"]),
        "[INFO] First press: 1 writes to Test PyPI, 0 to PyPI, 0 to GitHub"
    );
    assert_eq!(
        writes(&["--to", "github,pypi"]),
        "[INFO] First press: 0 writes to Test PyPI, 1 to PyPI, 4 to GitHub"
    );
    let run = setting.shiponce(["rehearse", "--skip", "other"]).expect(2);
    assert_snapshot!(run.stderr, @"
    error[usage]: --skip names no target of a rehearsal: other
    hint: there are testpypi, pypi and github, and the names in shiponce.toml stand for the indexes by their role
    ");
}

#[test]
fn what_it_kept() {
    let setting = Setting::tiny();
    let kept = setting.path("kept");
    let run = setting
        .shiponce(["rehearse", "--fault", "prod.upload:1:503", "--keep", kept.to_str().unwrap()])
        .expect(0);
    assert!(run.stderr.contains("(attempt 2)"), "{}", run.stderr);
    assert!(
        run.stderr.contains("Second press: 0 writes to Test PyPI, 0 to PyPI, 0 to GitHub"),
        "{}",
        run.stderr
    );
    let log = fs_err::read_to_string(kept.join("requests.log")).unwrap();
    let uploads: Vec<&str> = log.lines().filter(|line| line.contains("/legacy/ ")).collect();
    assert_eq!(uploads.len(), 3, "{log}");
    assert!(log.contains("assets?name=tiny-1.0.0-py3-none-any.whl 201 changed"), "{log}");
    assert!(kept.join("project/pyproject.toml").is_file() && kept.join("state/ledger.sqlite3").is_file());
    // What was kept is looked at like any other state.
    let mut command = setting.command(["status", "tiny", "--state-dir"]);
    command.arg(kept.join("state"));
    let status = crate::harness::Run::of(command);
    assert!(status.stdout.contains("tiny-1.0.0-py3-none-any.whl  same"), "{status:?}");
}

#[test]
fn a_fault_that_cannot_be_read() {
    let setting = Setting::tiny();
    let run = setting.shiponce(["rehearse", "--fault", "upload:503"]).expect(2);
    assert!(run.stderr.starts_with("error[usage]: invalid value 'upload:503' for '--fault <SPEC>': fault `upload:503` is not of the form"), "{}", run.stderr);
}

/// The world stays up until Ctrl-C; its addresses are data, unless the document is.
#[test]
fn a_world_to_look_at() {
    for json in [false, true] {
        let setting = Setting::tiny();
        let args = if json { vec!["rehearse", "--serve", "--json"] } else { vec!["rehearse", "--serve"] };
        let child = setting.spawn(args);
        child.wait_for_line("The world is up until Ctrl-C");
        child.signal(Signal::INT);
        let run = child.wait().expect(0);
        if json {
            run.json();
            assert!(run.stderr.contains("prod simple http://127.0.0.1:"), "{}", run.stderr);
        } else {
            assert_eq!(run.stdout.lines().count(), 9, "{}", run.stdout);
        }
    }
}
