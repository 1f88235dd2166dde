//! `[github]`, resolved.

use std::path::{Component, Path, PathBuf};

use shiponce_core::RepositoryName;
use shiponce_core::redact::SafeUrl;

use super::settings::{invalid, typed};
use crate::config::Config;
use crate::endpoints::GithubEndpoint;
use crate::error::{ConfigError, Origin};
use crate::github::{GitHub, Notes};
use crate::place::At;
use crate::policy::Policy;
use crate::raw::{Raw, RawGithub, RawNotes};
use crate::source::{Source, Sourced};
use crate::values::{authority, choose, index_identity, is_variable_name, parse_address};

/// Variables that hold the token of GitHub itself when the table names none. On any other server nobody has said that
/// the token is meant for it.
pub(crate) const GITHUB_TOKENS: [&str; 2] = ["GITHUB_TOKEN", "GH_TOKEN"];

/// The path of the REST API of a GitHub Enterprise server, and that of its uploads
/// (<https://docs.github.com/enterprise-server/rest/quickstart>).
const ENTERPRISE: (&str, &str) = ("/api/v3", "/api/uploads");

pub(super) fn resolve_github(raw: &Raw, endpoint: &GithubEndpoint) -> Result<GitHub, ConfigError> {
    let at = raw.github.as_ref().map(|table| &table.at);
    let table = raw.github.as_ref().map(|table| &table.value);
    let server = server(table, endpoint)?;
    let repository = table.and_then(|table| table.repository.as_ref()).map(repository).transpose()?;
    Ok(GitHub {
        configured: at.map(Source::from),
        repository,
        notes: notes(table.and_then(|table| table.notes.as_ref()))?,
        assets: assets(table.and_then(|table| table.assets.as_ref()))?,
        token_env: token_env(table, server.built_in)?,
        api: server.api,
        uploads: server.uploads,
        website: server.website,
        files: server.built_in.then(|| endpoint.files.clone()),
        built_in: server.built_in,
    })
}

struct Server {
    api: Sourced<SafeUrl>,
    uploads: SafeUrl,
    website: String,
    built_in: bool,
}

fn server(table: Option<&RawGithub>, endpoint: &GithubEndpoint) -> Result<Server, ConfigError> {
    let key = "github.api";
    let built_in = |source: Source| -> Result<Server, ConfigError> {
        let address = |text: &str| parse_address(key, text, &Origin::Other(Source::Default));
        Ok(Server {
            api: Sourced::new(address(&endpoint.api)?, source),
            uploads: address(&endpoint.uploads)?,
            website: endpoint.website.clone(),
            built_in: true,
        })
    };
    let Some(text) = table.and_then(|table| table.api.as_ref()) else { return built_in(Source::Default) };
    let source = Source::from(&text.at);
    let api = parse_address(key, &text.value, &Origin::from(&text.at))?;
    let identity = index_identity(api.expose());
    if url::Url::parse(&endpoint.api).is_ok_and(|url| index_identity(&url) == identity) {
        return built_in(source);
    }
    let mut uploads = api.expose().clone();
    let root = uploads.path().trim_end_matches('/').strip_suffix(ENTERPRISE.0).map(str::to_owned);
    let (Some(root), None, None) = (root, uploads.query(), uploads.fragment()) else {
        return Err(ConfigError::Invalid {
            origin: Origin::from(&text.at),
            key: key.to_owned(),
            complaint: format!("is not the address of a REST API: {api}"),
            hint: Some(format!(
                "leave it out for {}, or write https://HOST{} for a GitHub Enterprise server",
                endpoint.website, ENTERPRISE.0
            )),
        });
    };
    uploads.set_path(&format!("{root}{}", ENTERPRISE.1));
    let website = authority(api.expose());
    Ok(Server { api: Sourced::new(api, source), uploads: SafeUrl::from(uploads), website, built_in: false })
}

fn repository(text: &At<String>) -> Result<Sourced<RepositoryName>, ConfigError> {
    let parsed: Result<RepositoryName, _> = text.value.parse();
    let name = parsed.map_err(|_| invalid("github.repository", text, "is not of the form `owner/name`"))?;
    Ok(Sourced::new(name, Source::from(&text.at)))
}

fn notes(written: Option<&RawNotes>) -> Result<Sourced<Notes>, ConfigError> {
    let key = "github.notes";
    match written {
        None => Ok(Sourced::default_of(Notes::Auto)),
        Some(RawNotes::Word(text)) => {
            let words = [("auto", 0), ("generated", 1), ("none", 2)];
            let notes = match choose(key, &text.value, &Origin::from(&text.at), &words)? {
                0 => Notes::Auto,
                1 => Notes::Generated,
                _ => Notes::None,
            };
            Ok(Sourced::new(notes, Source::from(&text.at)))
        }
        Some(RawNotes::File(text)) if is_outside(&text.value) => {
            Err(invalid(&format!("{key}.file"), text, "is not a path inside the project"))
        }
        Some(RawNotes::File(text)) => {
            Ok(Sourced::new(Notes::File(PathBuf::from(&text.value)), Source::from(&text.at)))
        }
        Some(RawNotes::Command(command)) => {
            let Sourced { value, source } = typed(command);
            Ok(Sourced::new(Notes::Command(value), source))
        }
    }
}

fn assets(written: Option<&At<Vec<At<String>>>>) -> Result<Sourced<Vec<String>>, ConfigError> {
    let Some(list) = written else { return Ok(Sourced::default_of(Vec::new())) };
    if let Some(bad) = list.value.iter().find(|glob| is_outside(&glob.value)) {
        return Err(invalid("github.assets", bad, "is not a path inside the project"));
    }
    let globs = list.value.iter().map(|glob| glob.value.clone()).collect();
    Ok(Sourced::new(globs, Source::from(&list.at)))
}

fn token_env(table: Option<&RawGithub>, built_in: bool) -> Result<Sourced<Vec<String>>, ConfigError> {
    let Some(list) = table.and_then(|table| table.token_env.as_ref()) else {
        let names = if built_in { GITHUB_TOKENS.map(str::to_owned).to_vec() } else { Vec::new() };
        return Ok(Sourced::default_of(names));
    };
    if let Some(bad) = list.value.iter().find(|name| !is_variable_name(&name.value)) {
        let complaint = "holds a text that is not the name of an environment variable";
        return Err(invalid("github.token-env", bad, complaint));
    }
    let names = list.value.iter().map(|name| name.value.clone()).collect();
    Ok(Sourced::new(names, Source::from(&list.at)))
}

fn is_outside(path: &str) -> bool {
    let parts = Path::new(path);
    path.is_empty() || parts.is_absolute() || parts.components().any(|part| part == Component::ParentDir)
}

/// Leaves the page out where nobody asked for it and the policy allows none of its hosts: what is only made where it is
/// possible must not stop a release whose policy was written before.
pub(super) fn left_out_by_policy(config: &Config) -> Option<Source> {
    let policy: &Sourced<Policy> = config.policy.as_ref().filter(|_| config.github.configured.is_none())?;
    let hosts = [config.github.api.value.authority(), config.github.uploads.authority()];
    let refused = hosts.iter().any(|host| policy.value.refuse_host(host, "the release page").is_err());
    refused.then(|| Source::Fallback(format!("the policy of {}", policy.source)))
}
