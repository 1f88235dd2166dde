//! The version gate and the tag command, through the real binary.

mod backends;
mod check;
mod release;
mod repair;
mod tag;

use crate::harness::{Run, Setting, git};
use shiponce_rehearsal::Index;

/// The settings of a project whose releases come from `main`.
const BRANCH: &str = "[git]\nbranch = \"main\"\n";

/// A tiny project without a tag, whose release branch is `main`, and a user with a name.
fn untagged() -> Setting {
    let mut setting = Setting::tiny();
    git(&setting.project(), ["tag", "--delete", "v1.0.0"]);
    git(&setting.project(), ["push", "--quiet", "origin", "--delete", "v1.0.0"]);
    setting.write_config(&format!("{BRANCH}{}", crate::harness::project::TINY_CONFIG));
    for name in ["GIT_COMMITTER_NAME", "GIT_AUTHOR_NAME"] {
        setting.set(name, "Tester");
    }
    for name in ["GIT_COMMITTER_EMAIL", "GIT_AUTHOR_EMAIL"] {
        setting.set(name, "tester@example.org");
    }
    setting
}

/// Writes a file of the project, commits it and pushes the branch.
fn change(setting: &Setting, path: &str, text: &str) {
    let file = setting.project().join(path);
    fs_err::create_dir_all(file.parent().unwrap()).unwrap();
    fs_err::write(file, text).unwrap();
    git(&setting.project(), ["add", "--all"]);
    git(&setting.project(), ["commit", "--quiet", "--message", "Change"]);
    git(&setting.project(), ["push", "--quiet", "origin", "HEAD"]);
}

/// What a repository says to a question, without its line end.
fn ask(setting: &Setting, folder: &str, args: &[&str]) -> String {
    #[expect(clippy::disallowed_methods, reason = "the repository is looked at from outside")]
    let mut command = std::process::Command::new("git");
    let output = command.args(args).current_dir(setting.path(folder)).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The commit a tag is on, here and on the remote.
fn tagged(setting: &Setting, tag: &str) -> [String; 2] {
    let name = format!("refs/tags/{tag}^{{commit}}");
    ["project", "project.remote.git"]
        .map(|folder| ask(setting, folder, &["rev-parse", "--verify", "--quiet", &name]))
}

fn head(setting: &Setting) -> String {
    ask(setting, "project", &["rev-parse", "HEAD"])
}

/// Standard error without times, and without the line about credentials that every release says.
fn said(setting: &Setting, run: &Run) -> String {
    let text = setting.tidy(&run.stderr).replace("[time] [", "[");
    text.lines().filter(|line| !line.contains("REHEARSAL_")).collect::<Vec<_>>().join("\n")
}

/// Nobody in the world has heard anything, and nothing was built.
#[track_caller]
fn unheard(setting: &Setting, run: &Run) {
    let log = setting.world().log();
    assert!(log.is_empty(), "{log:#?}");
    assert!(!run.stderr.contains("Built "), "{}", run.stderr);
    assert!(Index::ALL.iter().all(|index| setting.files(*index).is_empty()));
}
