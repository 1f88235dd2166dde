//! The project's git, on real repositories.

use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use shiponce_io::Cancel;
use shiponce_io::git::{
    ChangeKind, CloneKind, Discovery, Git, GitError, Identity, ObjectId, OnBranch, Pushed, Repository,
    TagKind, TagOutcome,
};
use shiponce_io::process::{Environment, SystemRunner};
use tempfile::TempDir;

use crate::world::environment;

fn git_in(environment: &Environment) -> Git {
    Git::new(Arc::new(SystemRunner), environment, Cancel::new(), Duration::from_secs(60))
}

/// An environment whose git has no settings but an identity.
fn bare_environment(world: &Path) -> Environment {
    let mut environment = environment();
    for (name, value) in [
        ("HOME", world.to_str().unwrap()),
        ("GIT_CONFIG_GLOBAL", world.join("gitconfig").to_str().unwrap()),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_COMMITTER_NAME", "Tess Ter"),
        ("GIT_COMMITTER_EMAIL", "tess@example.org"),
    ] {
        environment.0.insert(name.into(), value.into());
    }
    environment
}

struct World {
    folder: TempDir,
    git: Git,
    repository: Repository,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let git = git_in(&bare_environment(folder.path()));
        let root = folder.path().join("project");
        fs_err::create_dir(&root).unwrap();
        let repository = git.init(&root).await.unwrap().unwrap();
        Self { folder, git, repository }
    }

    fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.repository.root().join(name)
    }

    fn write(&self, name: impl AsRef<Path>) {
        fs_err::write(self.path(name), "text\n").unwrap();
    }

    async fn commit(&self) -> ObjectId {
        self.repository.commit_all("a commit", &identity()).await.unwrap()
    }
}

fn identity() -> Identity {
    Identity {
        name: "Re Hearsal".to_owned(),
        email: "rehearsal@example.org".to_owned(),
        when: "2026-11-20T10:00:00Z".parse().unwrap(),
    }
}

#[tokio::test]
async fn no_git_and_no_repository_are_answers() {
    let world = tempfile::tempdir().unwrap();
    let without = git_in(&[("PATH", world.path())].into_iter().collect());
    assert!(matches!(without.discover(world.path()).await.unwrap(), Discovery::NoGit));
    assert!(without.init(world.path()).await.unwrap().is_none());
    let git = git_in(&bare_environment(world.path()));
    assert!(matches!(git.discover(world.path()).await.unwrap(), Discovery::NoRepository));
}

#[tokio::test]
async fn finds_the_root_from_a_folder_below_whatever_git_dir_says() {
    let world = World::new().await;
    fs_err::create_dir_all(world.path("src/hello")).unwrap();
    let mut environment = bare_environment(world.folder.path());
    environment.0.insert("GIT_DIR".into(), "/somewhere/else".into());
    let found = git_in(&environment).discover(&world.path("src/hello")).await.unwrap();
    let root = fs_err::canonicalize(found.found().unwrap().root()).unwrap();
    assert_eq!(root, fs_err::canonicalize(world.repository.root()).unwrap());
}

#[tokio::test]
async fn reads_head_branch_tree_and_time() {
    let world = World::new().await;
    assert_eq!(world.repository.head().await.unwrap(), None);
    assert_eq!(world.repository.branch().await.unwrap().as_deref(), Some("main"));
    world.write("a.py");
    let first = world.commit().await;
    let info = world.repository.commit(&first).await.unwrap();
    assert_eq!(info.committed, identity().when);
    assert_eq!(info.parents, []);
    let second = world.commit().await;
    let again = world.repository.commit(&second).await.unwrap();
    assert_eq!((&again.tree, again.parents), (&info.tree, vec![first.clone()]));
    assert_eq!(world.repository.head().await.unwrap(), Some(second));
    assert!(world.repository.commit(&info.tree).await.is_err());
}

#[tokio::test]
async fn every_kind_of_change_counts_and_no_name_lies() {
    let world = World::new().await;
    let odd = std::ffi::OsString::from_vec(b"odd \xff\n? name".to_vec());
    fs_err::write(world.path(".gitignore"), "ignored\n").unwrap();
    for name in ["kept", "changed", "gone", "-x"] {
        world.write(name);
    }
    world.write(&odd);
    world.commit().await;
    world.write("ignored");
    assert!(!world.repository.is_dirty().await.unwrap());

    fs_err::write(world.path("changed"), "other\n").unwrap();
    fs_err::write(world.path(&odd), "other\n").unwrap();
    fs_err::remove_file(world.path("gone")).unwrap();
    fs_err::create_dir(world.path("new folder")).unwrap();
    world.write("new folder/ new");
    let mut changes = world.repository.changes().await.unwrap();
    changes.sort_by(|one, other| one.path.cmp(&other.path));
    let seen: Vec<_> = changes.iter().map(|change| (change.kind, change.path.as_path())).collect();
    assert_eq!(
        seen,
        [
            (ChangeKind::Modified, Path::new("changed")),
            (ChangeKind::Modified, Path::new("gone")),
            (ChangeKind::Untracked, Path::new("new folder/ new")),
            (ChangeKind::Modified, Path::new(&odd)),
        ]
    );
    let files = world.repository.files().await.unwrap();
    assert!(files.contains(&PathBuf::from(&odd)) && files.contains(&PathBuf::from("new folder/ new")));
    assert!(!files.contains(&PathBuf::from("ignored")));
}

#[tokio::test]
async fn tags_are_created_once_and_never_moved() {
    let world = World::new().await;
    world.write("a.py");
    let first = world.commit().await;
    let annotated = TagKind::Annotated { message: "Release\n\n# not a comment".to_owned() };
    let repository = &world.repository;
    for _ in 0..2 {
        let outcomes = [
            repository.create_tag("v1.0", &first, &annotated).await.unwrap(),
            repository.create_tag("pkg/v1.0", &first, &TagKind::Lightweight).await.unwrap(),
        ];
        assert!(outcomes == [TagOutcome::Created; 2] || outcomes == [TagOutcome::AlreadyThere; 2]);
    }
    assert_eq!(repository.tags_at(&first).await.unwrap(), ["pkg/v1.0", "v1.0"]);
    assert_eq!(repository.tag_commit("v1.0").await.unwrap(), Some(first.clone()));
    assert_eq!(repository.tag_commit("v2.0").await.unwrap(), None);

    let second = world.commit().await;
    assert_eq!(repository.tags_at(&second).await.unwrap(), [""; 0]);
    let error = repository.create_tag("v1.0", &second, &annotated).await.unwrap_err();
    assert!(matches!(&error, GitError::TagElsewhere { commit, .. } if *commit == first), "{error}");
    assert_eq!(repository.tag_commit("v1.0").await.unwrap(), Some(first));
    for name in ["-d", "a..b", "with space", "", "x.lock"] {
        let error = repository.create_tag(name, &second, &TagKind::Lightweight).await.unwrap_err();
        assert!(matches!(error, GitError::TagName { .. }), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_commit_is_pushed_when_a_remote_has_it() {
    let world = World::new().await;
    world.write("a.py");
    let first = world.commit().await;
    let repository = &world.repository;
    assert_eq!(repository.pushed(&first).await.unwrap(), Pushed::NoRemote);
    let remote = world.folder.path().join("remote");
    repository.add_local_remote("origin", &remote).await.unwrap();
    assert_eq!(repository.pushed(&first).await.unwrap(), Pushed::No);
    repository.push("origin", &["main"]).await.unwrap();
    let by_branch = Pushed::Yes { reference: "refs/remotes/origin/main".to_owned() };
    assert_eq!(repository.pushed(&first).await.unwrap(), by_branch);

    // A tag alone, as in a CI checkout of it: this clone knows of no remote branch with the commit.
    let second = world.commit().await;
    let annotated = TagKind::Annotated { message: "two".to_owned() };
    repository.create_tag("v2", &second, &annotated).await.unwrap();
    assert_eq!(repository.pushed(&second).await.unwrap(), Pushed::No);
    repository.push("origin", &["refs/tags/v2"]).await.unwrap();
    let by_tag = Pushed::Yes { reference: "origin refs/tags/v2".to_owned() };
    assert_eq!(repository.pushed(&second).await.unwrap(), by_tag);

    let third = world.commit().await;
    fs_err::rename(&remote, world.folder.path().join("moved")).unwrap();
    assert!(matches!(repository.pushed(&third).await.unwrap(), Pushed::Unknown { .. }));
    assert!(matches!(repository.push("origin", &["main"]).await.unwrap_err(), GitError::Failed { .. }));
}

/// Runs git from outside; `protocol.file.allow` lets it take a submodule from a folder.
fn outside(world: &World, folder: &Path, args: &[&str]) {
    #[expect(clippy::disallowed_methods, reason = "the repository is made from outside")]
    let mut command = std::process::Command::new("git");
    let done = command
        .env_clear()
        .envs(bare_environment(world.folder.path()).0)
        .args(["-c", "protocol.file.allow=always"])
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test]
async fn a_clone_of_a_clone_has_the_files_of_its_commit_and_of_every_submodule() {
    let (world, inner, innermost) = (World::new().await, World::new().await, World::new().await);
    innermost.write("deep");
    innermost.commit().await;
    inner.write("inside");
    let address = |world: &World| world.repository.root().to_str().unwrap().to_owned();
    outside(&inner, inner.repository.root(), &["submodule", "--quiet", "add", &address(&innermost), "more"]);
    inner.commit().await;
    world.write("outside");
    outside(&world, world.repository.root(), &["submodule", "--quiet", "add", &address(&inner), "a folder"]);
    outside(&world, world.repository.root(), &["submodule", "--quiet", "update", "--init", "--recursive"]);
    let commit = world.commit().await;
    // What comes later is not part of it.
    inner.write("later");
    inner.commit().await;
    world.write("later");
    world.commit().await;

    let source = world.folder.path().join("source");
    let copy = world.repository.clone_at(&commit, &source, CloneKind::Source).await.unwrap();
    assert!(!source.join("outside").exists(), "a source of clones has no files checked out");
    let room = world.folder.path().join("room");
    let clone = copy.clone_at(&commit, &room, CloneKind::Working).await.unwrap();
    for file in ["outside", "a folder/inside", "a folder/more/deep"] {
        assert!(room.join(file).is_file(), "{file}");
    }
    for file in ["later", "a folder/later"] {
        assert!(!room.join(file).exists(), "{file}");
    }
    assert_eq!(clone.head().await.unwrap(), Some(commit));
    assert!(!clone.is_dirty().await.unwrap());
    fs_err::write(room.join("outside"), "patched\n").unwrap();
    assert!(clone.is_dirty().await.unwrap());
    clone.assume_unchanged(&[Path::new("outside")]).await.unwrap();
    assert!(!clone.is_dirty().await.unwrap());
}

#[tokio::test]
async fn hooks_monitors_and_signing_stay_off() {
    let world = World::new().await;
    let spy = world.folder.path().join("spy");
    let noise = world.folder.path().join("noise");
    fs_err::write(&spy, format!("#!/bin/sh\ntouch '{}'\nexit 1\n", noise.display())).unwrap();
    fs_err::set_permissions(&spy, std::fs::Permissions::from_mode(0o755)).unwrap();
    let hooks = world.path(".git/hooks");
    fs_err::create_dir_all(&hooks).unwrap();
    for hook in ["pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-index-change"] {
        fs_err::copy(&spy, hooks.join(hook)).unwrap();
    }
    let settings = format!(
        "[core]\n\tfsmonitor = {spy}\n\taskPass = {spy}\n[commit]\n\tgpgSign = true\n[tag]\n\tgpgSign = true\n\
         [gpg]\n\tprogram = {spy}\n",
        spy = spy.display()
    );
    fs_err::write(world.folder.path().join("gitconfig"), settings).unwrap();
    world.write("a.py");
    let commit = world.commit().await;
    let annotated = TagKind::Annotated { message: "one".to_owned() };
    world.repository.create_tag("v1", &commit, &annotated).await.unwrap();
    assert!(!world.repository.is_dirty().await.unwrap());
    assert!(!noise.exists(), "something ran");
}

#[tokio::test]
async fn a_raised_flag_interrupts() {
    let world = World::new().await;
    let cancel = Cancel::new();
    let git = Git::new(
        Arc::new(SystemRunner),
        &bare_environment(world.folder.path()),
        cancel.clone(),
        Duration::from_secs(60),
    );
    cancel.cancel();
    let error = git.discover(world.repository.root()).await.unwrap_err();
    assert!(matches!(error, GitError::Interrupted { .. }));
    assert!(world.git.program().is_some());
}

#[tokio::test]
async fn messages_since_a_tag_are_those_of_the_folder() {
    let world = World::new().await;
    fs_err::create_dir(world.path("a")).unwrap();
    let repository = &world.repository;
    let commit = async |file: &str, message: &str| {
        fs_err::write(world.path(file), message).unwrap();
        repository.commit_all(message, &identity()).await.unwrap()
    };
    let first = commit("one", "first").await;
    repository.create_tag("v1.0", &first, &TagKind::Lightweight).await.unwrap();
    commit("a/two", "feat: below\n\nBREAKING CHANGE: all of it").await;
    let last = commit("three", "fix: above").await;
    assert_eq!(repository.tags_behind_head().await.unwrap(), ["v1.0"]);
    let since = async |folder: &Path| repository.messages_since("v1.0", folder).await.unwrap();
    assert_eq!(since(repository.root()).await, ["fix: above", "feat: below\n\nBREAKING CHANGE: all of it"]);
    assert_eq!(since(&world.path("a")).await, ["feat: below\n\nBREAKING CHANGE: all of it"]);
    repository.create_tag("v2.0", &last, &TagKind::Lightweight).await.unwrap();
    assert!(repository.messages_since("v2.0", repository.root()).await.unwrap().is_empty());
    assert!(repository.messages_since("v3.0", repository.root()).await.is_err());
}

#[tokio::test]
async fn tags_here_and_on_a_remote_with_their_commits() {
    let world = World::new().await;
    world.write("a.py");
    let first = world.commit().await;
    let repository = &world.repository;
    let annotated = TagKind::Annotated { message: "two".to_owned() };
    repository.create_tag("a", &first, &TagKind::Lightweight).await.unwrap();
    let second = world.commit().await;
    repository.create_tag("b/c", &second, &annotated).await.unwrap();
    let all = vec![("a".to_owned(), first), ("b/c".to_owned(), second)];
    assert_eq!(repository.tags().await.unwrap(), all);
    let remote = world.folder.path().join("remote");
    repository.add_local_remote("origin", &remote).await.unwrap();
    assert_eq!(repository.remote_tags("origin").await.unwrap(), []);
    repository.push("origin", &["refs/tags/b/c", "refs/tags/a"]).await.unwrap();
    assert_eq!(repository.remote_tags("origin").await.unwrap(), all);
    fs_err::rename(&remote, world.folder.path().join("moved")).unwrap();
    assert!(repository.remote_tags("origin").await.is_err());
}

#[tokio::test]
async fn a_commit_is_on_a_branch_of_the_remote_that_contains_it() {
    let world = World::new().await;
    world.write("a.py");
    let first = world.commit().await;
    let repository = &world.repository;
    let remote = world.folder.path().join("remote");
    repository.add_local_remote("origin", &remote).await.unwrap();
    assert_eq!(repository.on_branch("origin", "main", &first).await.unwrap(), OnBranch::No);
    let second = world.commit().await;
    repository.push("origin", &["main"]).await.unwrap();
    for commit in [&first, &second] {
        assert_eq!(repository.on_branch("origin", "main", commit).await.unwrap(), OnBranch::Yes);
        // Neither a longer name nor a shorter one is the branch.
        assert_eq!(repository.on_branch("origin", "mai", commit).await.unwrap(), OnBranch::No);
        assert_eq!(repository.on_branch("origin", "main/x", commit).await.unwrap(), OnBranch::No);
    }
    let third = world.commit().await;
    assert_eq!(repository.on_branch("origin", "main", &third).await.unwrap(), OnBranch::No);
    repository.push("origin", &["main:refs/heads/main/below"]).await.unwrap_err();
    repository.push("origin", &["main:refs/heads/next"]).await.unwrap();
    assert_eq!(repository.on_branch("origin", "next", &third).await.unwrap(), OnBranch::Yes);
    fs_err::rename(&remote, world.folder.path().join("moved")).unwrap();
    let unknown = repository.on_branch("origin", "main", &third).await.unwrap();
    assert!(matches!(unknown, OnBranch::Unknown { .. }));
    assert_eq!(repository.on_branch("origin", "main", &second).await.unwrap(), OnBranch::Yes);
}

#[tokio::test]
async fn the_default_branch_is_the_remotes_head() {
    let world = World::new().await;
    world.write("a.py");
    world.commit().await;
    let repository = &world.repository;
    let remote = world.folder.path().join("remote");
    repository.add_local_remote("origin", &remote).await.unwrap();
    assert_eq!(repository.default_branch("origin").await.unwrap(), None);
    repository.push("origin", &["main:refs/heads/stable", "main:refs/heads/main"]).await.unwrap();
    for branch in ["stable", "main"] {
        fs_err::write(remote.join("HEAD"), format!("ref: refs/heads/{branch}\n")).unwrap();
        assert_eq!(repository.default_branch("origin").await.unwrap().as_deref(), Some(branch));
    }
    // What a clone recorded needs no network.
    let head = world.path(".git/refs/remotes/origin/HEAD");
    fs_err::write(head, "ref: refs/remotes/origin/stable\n").unwrap();
    fs_err::rename(&remote, world.folder.path().join("moved")).unwrap();
    assert_eq!(repository.default_branch("origin").await.unwrap().as_deref(), Some("stable"));
}

#[tokio::test]
async fn a_remote_has_the_addresses_that_are_written_and_used_without_secrets() {
    let world = World::new().await;
    assert!(world.repository.remote_addresses("origin").await.unwrap().is_empty());
    let config = world.path(".git/config");
    let before = fs_err::read_to_string(&config).unwrap();
    let more = "[remote \"origin\"]\n\turl = https://me:hunter2@forge.example/o/demo.git\n\
                [url \"/srv/mirror/\"]\n\tinsteadOf = https://me:hunter2@forge.example/\n";
    fs_err::write(&config, before + more).unwrap();
    let addresses = world.repository.remote_addresses("origin").await.unwrap();
    assert_eq!(addresses, ["https://forge.example/o/demo.git", "/srv/mirror/o/demo.git"]);
}
