//! The world's GitHub: a repository that has the tags of the project's remote, and the check of all that is said.

use super::tools::variable;
use shiponce_rehearsal::{GithubAddresses, GithubToken, Refs, Tag, World, WorldConfig};
use std::path::Path;
use std::process::Command;

/// The repository of every setting.
pub(crate) const REPOSITORY: &str = "octo/project";
/// The variable that holds a token that may write it.
pub(crate) const VARIABLE: &str = "REHEARSAL_GITHUB_TOKEN";

/// Adds the repository to a world; returns the token.
pub(crate) fn prepare(config: &mut WorldConfig, remote: &Path) -> String {
    let remote = remote.to_owned();
    config.keep_exchanges = true;
    config.github.repository(REPOSITORY).refs(Refs::new(move |tag| read(&remote, tag)));
    config.github.token(GithubToken::of("alice").write(REPOSITORY))
}

/// `[github]` for the world's GitHub.
pub(crate) fn table(addresses: &GithubAddresses) -> String {
    let api = addresses.api();
    format!("[github]\napi = \"{api}\"\nrepository = \"{REPOSITORY}\"\ntoken-env = [\"{VARIABLE}\"]\n")
}

/// A tag of a bare repository: the commit, and the tag object of an annotated one.
fn read(remote: &Path, tag: &str) -> Option<Tag> {
    let id = |reference: &str| {
        #[expect(clippy::disallowed_methods, reason = "the world reads a repository from outside")]
        let mut git = Command::new("git");
        git.env_clear().env("PATH", variable("PATH").unwrap_or_default()).env("GIT_CONFIG_NOSYSTEM", "1");
        git.arg("--git-dir").arg(remote).args(["rev-parse", "--verify", "--quiet", reference]);
        let output = git.output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_owned())
    };
    let object = id(&format!("refs/tags/{tag}"))?;
    let commit = id(&format!("refs/tags/{tag}^{{commit}}"))?;
    Some(if commit == object { Tag::lightweight(&commit) } else { Tag::annotated(&commit, &object) })
}

/// Fails when a request of the product, or an answer of the world, is not as GitHub describes it. Answers of faults
/// are not described.
pub(crate) fn check(world: &World) {
    let said = world.exchanges().into_iter();
    let said = said.map(|one| (one.request, one.entry.fault.is_none().then_some(one.response)));
    let objections = shiponce_openapi::objections(variable("SHIPONCE_TEST_GITHUB"), said);
    assert!(objections.is_empty(), "not as GitHub describes it:\n{objections}");
}
