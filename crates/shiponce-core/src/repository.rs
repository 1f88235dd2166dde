//! The name of a repository on a forge: `owner/name`.

use std::fmt;
use std::str::FromStr;

/// `owner/name`, as it stands in addresses. Forges compare both without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryName {
    owner: String,
    name: String,
}

/// A text that is no `owner/name`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not of the form `owner/name`")]
pub struct RepositoryNameError(pub String);

impl RepositoryName {
    /// The user or organisation.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The repository's own name, without `.git`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether both name one repository: a forge ignores case.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.owner.eq_ignore_ascii_case(&other.owner) && self.name.eq_ignore_ascii_case(&other.name)
    }

    /// The repository that the address of a git remote names, when it is on `host`, the host of the forge's pages.
    ///
    /// Read are `https://host/owner/name.git`, `ssh://git@host/owner/name` and `git@host:owner/name.git`, each with or
    /// without `.git`, and `ssh.host`, which serves git where port 22 is closed. An address of any other shape or host
    /// is somebody else's and gives `None`.
    #[must_use]
    pub fn of_remote(address: &str, host: &str) -> Option<Self> {
        let (found, path) = match address.split_once("://") {
            Some(("https" | "http" | "ssh" | "git" | "git+ssh", rest)) => rest.split_once('/')?,
            Some(_) => return None,
            // The form of scp: a colon before any slash (gitglossary, "URL").
            None => address.split_once(':').filter(|(host, _)| !host.contains('/'))?,
        };
        let found = found.rsplit_once('@').map_or(found, |(_, host)| host);
        if !is_host(found, host) {
            return None;
        }
        let path = path.trim_matches('/');
        path.strip_suffix(".git").unwrap_or(path).parse().ok()
    }
}

fn is_host(found: &str, host: &str) -> bool {
    let is = |text: &str| text.eq_ignore_ascii_case(host);
    let bare = found.split_once(':').map_or(found, |(bare, _)| bare);
    // The port of ssh says nothing about whose machine it is; one of https is compared when the host has one too.
    is(found) || is(bare) || bare.get(..4).is_some_and(|start| start == "ssh." && is(&bare[4..]))
}

impl FromStr for RepositoryName {
    type Err = RepositoryNameError;

    fn from_str(text: &str) -> Result<Self, RepositoryNameError> {
        let fits = |part: &str| {
            !matches!(part, "" | "." | "..")
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        match text.split_once('/') {
            Some((owner, name)) if fits(owner) && fits(name) => {
                Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
            }
            _ => Err(RepositoryNameError(text.to_owned())),
        }
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owner_and_name() {
        let repository: RepositoryName = "An-Owner/demo.py_x".parse().unwrap();
        assert_eq!((repository.owner(), repository.name()), ("An-Owner", "demo.py_x"));
        assert_eq!(repository.to_string(), "An-Owner/demo.py_x");
        assert!(repository.is_same(&"an-owner/DEMO.py_x".parse().unwrap()));
        for bad in ["", "demo", "a/", "/b", "a/b/c", "a/..", "../b", "a b/c", "a/b?x", "a/ü"] {
            assert!(bad.parse::<RepositoryName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn remotes_of_the_forge() {
        for address in [
            "https://forge.example/owner/demo.git",
            "https://forge.example/owner/demo",
            "https://me:hunter2@forge.example/owner/demo/",
            "https://FORGE.example/owner/demo.git",
            "git@forge.example:owner/demo.git",
            "forge.example:owner/demo",
            "ssh://git@forge.example/owner/demo.git",
            "ssh://git@forge.example:22/owner/demo.git",
            "ssh://git@ssh.forge.example:443/owner/demo.git",
            "git://forge.example/owner/demo.git",
        ] {
            let found = RepositoryName::of_remote(address, "forge.example").map(|name| name.to_string());
            assert_eq!(found.as_deref(), Some("owner/demo"), "{address}");
        }
        let local = RepositoryName::of_remote("http://127.0.0.1:8080/owner/demo", "127.0.0.1:8080");
        assert_eq!(local.unwrap().name(), "demo");
    }

    #[test]
    fn everything_else_is_elsewhere() {
        for address in [
            "https://forge.example.org/owner/demo.git",
            "https://evil.example/forge.example/owner/demo",
            "https://forge.example@evil.example/owner/demo",
            "git@other.example:owner/demo.git",
            "https://forge.example/owner",
            "https://forge.example/group/sub/demo",
            "/srv/git/demo.git",
            "../demo",
            "file:///srv/forge.example/owner/demo",
            "C:\\git\\demo",
            "/srv/forge.example:owner/demo",
            "",
        ] {
            assert_eq!(RepositoryName::of_remote(address, "forge.example"), None, "{address}");
        }
    }
}
