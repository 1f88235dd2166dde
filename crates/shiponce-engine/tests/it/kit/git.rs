//! The real git under virtual time, and a checkout that is made once and copied.

use super::runner::Python;
use shiponce_io::git::{Git, Identity, TagKind};
use shiponce_io::process::{
    Captured, Command, Ended as EndedBy, Environment, ExitStatus, Finished, ProcessError, Runner,
};
use shiponce_io::{BoxFuture, Cancel};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::OnceCell;

/// Python as the lab has it, and git. Git runs while everything else waits, since virtual time would run out on it; what
/// it said once it says again, because no press changes the checkout.
#[derive(Debug)]
pub(crate) struct WithGit {
    python: Arc<Python>,
    said: Mutex<HashMap<String, Finished>>,
}

impl WithGit {
    pub(crate) fn new(python: Arc<Python>) -> Self {
        Self { python, said: Mutex::default() }
    }
}

impl Runner for WithGit {
    fn run<'a>(
        &'a self,
        command: Command,
        cancel: &'a Cancel,
    ) -> BoxFuture<'a, Result<Finished, ProcessError>> {
        if command.program.file_name().is_none_or(|name| name != "git") {
            return self.python.run(command, cancel);
        }
        let question = format!("{:?} {:?}", command.cwd, command.args);
        let mut said = self.said.lock().unwrap();
        let ended = said.entry(question).or_insert_with(|| run_git(&command)).clone();
        Box::pin(async move { Ok(ended) })
    }
}

/// Git that changes things, for making the template.
#[derive(Debug)]
struct Making;

impl Runner for Making {
    fn run<'a>(
        &'a self,
        command: Command,
        _cancel: &'a Cancel,
    ) -> BoxFuture<'a, Result<Finished, ProcessError>> {
        let ended = run_git(&command);
        Box::pin(async move { Ok(ended) })
    }
}

#[expect(clippy::disallowed_methods, reason = "a process that does not know virtual time")]
fn run_git(command: &Command) -> Finished {
    let output = std::process::Command::new(&command.program)
        .args(&command.args)
        .current_dir(&command.cwd)
        .env_clear()
        .envs(command.env.variables())
        .output()
        .unwrap();
    let captured = |bytes: Vec<u8>| Captured { head: bytes, ..Captured::default() };
    Finished {
        status: ExitStatus::Code(output.status.code().unwrap()),
        ended: EndedBy::ByItself,
        stdout: captured(output.stdout),
        stderr: captured(output.stderr),
        duration: Duration::ZERO,
    }
}

struct Template {
    folder: tempfile::TempDir,
    commit: String,
}

/// A project at the tag `v1.0` in `folder/project`, pushed to `folder/origin.git`. Returns its commit.
pub(crate) async fn checkout(folder: &Path) -> String {
    static TEMPLATE: OnceCell<Template> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(make).await;
    copy(template.folder.path(), folder);
    template.commit.clone()
}

async fn make() -> Template {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("project");
    fs_err::create_dir_all(&project).unwrap();
    fs_err::write(project.join("CHANGELOG.md"), "# Changes\n\n## 1.0\n\nThe first one.\n").unwrap();
    let path = super::variable("PATH").unwrap();
    let environment = Environment::from_iter([("PATH", path.as_str())]);
    let git = Git::new(Arc::new(Making), &environment, Cancel::new(), Duration::from_secs(60));
    let repository = git.init(&project).await.unwrap().expect("git is on PATH");
    let when = "2026-11-20T09:00:00Z".parse().unwrap();
    let identity = Identity { name: "t".to_owned(), email: "t@example".to_owned(), when };
    let commit = repository.commit_all("all", &identity).await.unwrap();
    repository.create_tag("v1.0", &commit, &TagKind::Lightweight).await.unwrap();
    // The remote is named as seen from the copy.
    let origin = folder.path().join("origin.git");
    repository.add_local_remote("origin", &origin).await.unwrap();
    repository.push("origin", &["main", "v1.0"]).await.unwrap();
    let config = project.join(".git/config");
    let text = fs_err::read_to_string(&config).unwrap();
    fs_err::write(&config, text.replace(&*origin.to_string_lossy(), "../origin.git")).unwrap();
    Template { folder, commit: commit.to_string() }
}

fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).unwrap();
    for entry in fs_err::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs_err::copy(entry.path(), &target).unwrap();
        }
    }
}
