//! Every host that a release with a configuration contacts (`config show --network`).

use crate::config::Config;
use crate::index::TrustedPublishing;
use crate::values::authority;

/// A host and why it is contacted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostUse {
    /// The host, with its port when that is not the usual one.
    pub host: String,
    /// What it is contacted for.
    pub purpose: String,
}

/// The hosts of the configured targets, each once per purpose, in the order they are contacted.
///
/// Build tools and installers choose further hosts by their own settings (the index of build dependencies);
/// those are not known here.
#[must_use]
pub fn network_hosts(config: &Config) -> Vec<HostUse> {
    let mut hosts = Vec::new();
    let mut add = |host: String, purpose: String| {
        let used = HostUse { host, purpose };
        if !hosts.contains(&used) {
            hosts.push(used);
        }
    };
    for index in config.targets() {
        let title = index.title();
        for address in [&index.simple, &index.json].into_iter().flatten() {
            add(authority(address.value.expose()), format!("read {title}"));
        }
        if let Some(endpoint) = &index.built_in {
            add(endpoint.files.clone(), format!("download files of {title}"));
        }
        let exchanges = match index.trusted_publishing.value {
            TrustedPublishing::Never => false,
            TrustedPublishing::Always => true,
            TrustedPublishing::Auto => index.built_in.is_some(),
        };
        if let Some(oidc) = index.oidc().filter(|_| exchanges) {
            add(authority(oidc.expose()), format!("trusted publishing on {title}"));
        }
        add(index.host(), format!("upload to {title}"));
    }
    if config.skip_github.is_none() {
        let github = &config.github;
        let here = match github.configured {
            Some(_) => String::new(),
            None => format!(", when origin is on {}", github.website),
        };
        add(github.api.value.authority(), format!("the GitHub release{here}"));
        add(github.uploads.authority(), format!("upload files to the GitHub release{here}"));
        if let Some(files) = &github.files {
            add(files.clone(), format!("download files of the GitHub release{here}"));
        }
    }
    if let Some(dependencies) = &config.verify.dependencies {
        add(authority(dependencies.value.expose()), "dependencies for the verification".to_owned());
    }
    hosts
}
