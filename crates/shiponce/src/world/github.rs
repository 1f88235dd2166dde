//! The GitHub of an embedded world: a repository whose tags are those of the copy's remote.

use super::Embedded;
use shiponce_api::{ErrorCode, Problem};
use shiponce_config::Config;
use shiponce_core::redact::{SafeUrl, SecretString};
use shiponce_core::{PackageName, RepositoryName};
use shiponce_engine::{Context, GitHub, GitHubTarget};
use shiponce_forge::{Client, Options, Server, Token};
use shiponce_io::git::Git;
use shiponce_rehearsal::{Refs, Tag};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::runtime::Builder;
use url::Url;

/// Longest time for git to read the tags of a remote on the same disk.
const GIT_MAX: Duration = Duration::from_secs(60);

/// The configured repository, else one of the world's own.
pub(crate) fn repository(config: &Config, projects: &[PackageName]) -> Result<RepositoryName, Problem> {
    if let Some(repository) = &config.github.repository {
        return Ok(repository.value.clone());
    }
    let name = projects.first().map_or("project", PackageName::normalized);
    format!("rehearsal/{name}").parse().map_err(|error| Problem::from_error(ErrorCode::Internal, &error))
}

/// Reads the tags that were pushed to the remote of a copy, each time anew.
///
/// The world asks on a thread that may block, which is why waiting for git is allowed there. It waits on a runtime of
/// its own: the world is locked meanwhile, and requests that wait for it may hold every worker of the other one.
pub(crate) fn refs(context: &Context, copy: PathBuf) -> Refs {
    let git = Git::new(context.runner.clone(), &context.environment, context.cancel.clone(), GIT_MAX);
    Refs::new(move |tag| {
        let runtime = Builder::new_current_thread().enable_all().build().ok()?;
        runtime.block_on(read(&git, &copy, tag))
    })
}

async fn read(git: &Git, copy: &Path, tag: &str) -> Option<Tag> {
    // A remote that cannot be read has no tags, as far as a world without a net can tell.
    let checkout = git.discover(copy).await.ok()?.found()?;
    let tags = checkout.remote_tags("origin").await.ok()?;
    let (_, commit) = tags.into_iter().find(|(name, _)| name == tag)?;
    Some(Tag::lightweight(commit.as_str()))
}

impl Embedded {
    /// The repository as the place of the release page.
    pub(crate) fn github(&self, context: &Context, config: &Config) -> Result<GitHub, Problem> {
        let addresses = self.server.github();
        let url = |text: String| {
            Url::parse(&text)
                .map(SafeUrl::from)
                .map_err(|error| Problem::from_error(ErrorCode::Internal, &error))
        };
        let server = Server { api: url(addresses.api())?, uploads: url(addresses.uploads())? };
        let token = Token::new(SecretString::from(self.github_token.clone()), &server);
        let address = format!("{}/repos/{}", addresses.api(), self.repository);
        let client = Client::new(
            context.transport.clone(),
            context.clock.clone(),
            server,
            self.repository.clone(),
            Some(token),
            Options::default(),
        );
        Ok(GitHub::Page(Box::new(GitHubTarget {
            client,
            identity: address.to_lowercase(),
            address,
            // Nothing is out of reach in this world, so a page that cannot be made is a failure to be seen.
            required: true,
            notes: config.github.notes.value.clone(),
            assets: config.github.assets.value.clone(),
        })))
    }
}
