//! Projects in git repositories of their own: committed, tagged, pushed to a remote on the same disk.

use super::tools::repository;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Writes one wheel with fresh random bytes in it at every build, so that a second build can never pass for the first.
///
/// With `TINY_MARK` in its environment the first build writes its process id there and waits until that file is
/// gone; with `TINY_STUBBORN` it also ignores the signals that ask it to end.
const BUILD: &str = r#"import base64, hashlib, os, signal, sys, time, zipfile
name, version, out = "tiny", "1.0.0", sys.argv[1]
info = f"{name}-{version}.dist-info"
members = {
    f"{name}/__init__.py": f'__version__ = "{version}"\nBUILT = "{os.urandom(16).hex()}"\n',
    f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: Small\n\nText.\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests (1.0)\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
record = "".join(
    f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text.encode())}\n"
    for path, text in members.items()
)
members[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
mark = os.environ.get("TINY_MARK")
if mark and not os.path.exists(mark + ".taken"):
    open(mark + ".taken", "x").close()
    if os.environ.get("TINY_STUBBORN"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open(mark + ".new", "w") as file:
        file.write(str(os.getpid()))
    os.rename(mark + ".new", mark)
    print("waiting in the build", flush=True)
    while os.path.exists(mark):
        time.sleep(0.01)
wheel = os.path.join(out, f"{name}-{version}-py3-none-any.whl")
try:
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in members.items():
            archive.writestr(path, text)
finally:
    if mark and os.path.exists(mark + ".taken"):
        open(mark + ".done", "w").close()
"#;

/// The configuration of the build of [`tiny`].
pub(crate) const TINY_CONFIG: &str = "[build]\ncommand = [\"python3\", \"build.py\", \"{dist}\"]\n";

/// A project that builds in a blink without any network: one wheel, no dependency, no sdist.
pub(crate) fn tiny(project: &Path) {
    fs_err::create_dir_all(project).unwrap();
    let pyproject = "[project]\nname = \"tiny\"\nversion = \"1.0.0\"\nrequires-python = \">=3.9\"\n";
    fs_err::write(project.join("pyproject.toml"), pyproject).unwrap();
    fs_err::write(project.join("build.py"), BUILD).unwrap();
    commit(project, "v1.0.0");
}

/// A copy of `examples/hello`.
pub(crate) fn hello(project: &Path) {
    copy(&repository().join("examples/hello"), project);
    commit(project, "v1.0.0");
}

/// Copies a folder without what builds and tests leave in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).unwrap();
    for entry in fs_err::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if ["__pycache__", "dist", "build", ".venv", ".pytest_cache"].iter().any(|left| name == *left) {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs_err::copy(entry.path(), target).unwrap();
        }
    }
}

/// Makes a repository with one commit, a tag on it, and a bare remote beside the folder that has both.
pub(crate) fn commit(project: &Path, tag: &str) {
    commit_tags(project, &[tag.to_owned()]);
}

/// The same with several tags.
pub(crate) fn commit_tags(project: &Path, tags: &[String]) {
    let remote = project.with_extension("remote.git");
    git(project, ["init", "--quiet", "--initial-branch", "main"]);
    git(project, ["add", "--all"]);
    git(project, ["commit", "--quiet", "--message", "One project"]);
    for tag in tags {
        git(project, ["tag", tag]);
    }
    git(
        project.parent().unwrap(),
        [OsStr::new("init"), "--quiet".as_ref(), "--bare".as_ref(), remote.as_ref()],
    );
    git(project, [OsStr::new("remote"), "add".as_ref(), "origin".as_ref(), remote.as_ref()]);
    git(project, ["push", "--quiet", "--set-upstream", "origin", "main", "--tags"]);
}

/// Runs git with nothing of the user's configuration.
pub(crate) fn git<A: AsRef<OsStr>>(folder: &Path, args: impl IntoIterator<Item = A>) {
    #[expect(clippy::disallowed_methods, reason = "the repository is made from outside")]
    let mut command = Command::new("git");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    let done = command
        .args(["-c", "user.name=Tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z")
        .env("GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z")
        .output()
        .unwrap();
    assert!(done.status.success(), "git: {}", String::from_utf8_lossy(&done.stderr));
}
