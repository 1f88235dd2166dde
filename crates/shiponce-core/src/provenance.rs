//! What ties a published file to a commit: the attestations its index serves (PEP 740).
//!
//! An index verifies an attestation when a file is uploaded, and serves it afterwards. Nothing here verifies a
//! signature: a claim is what the index vouches for. What is checked is whether the claim is about this file and
//! about this source.

use crate::digest::Sha256;

/// What one attestation says, as its index serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The name of the statement's subject: a file name.
    pub filename: String,
    /// The digest of the subject.
    pub sha256: Sha256,
    /// The repository of the identity under which the index took the file, `owner/name`; not every publisher has one.
    pub publisher: Option<String>,
    /// Where the signing certificate says that the work was done; not every certificate says it.
    pub origin: Option<Origin>,
}

/// The source that a signing certificate names (Fulcio's extensions 12 to 14 below 1.3.6.1.4.1.57264.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The address of the repository, as the forge's pages have it.
    pub repository: String,
    /// The commit the signing job ran for.
    pub commit: String,
    /// The branch or tag it ran for: `refs/tags/v1.0`. It is not judged: tags move.
    pub reference: Option<String>,
}

/// The source that files must come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The commit that is released.
    pub commit: String,
    /// Addresses of its repository: of the remote it came from, and the configured one. Any spelling of git is read.
    pub repositories: Vec<String>,
}

/// Why nothing ties a file to a source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Untied {
    /// The release is not made from a commit.
    #[error("no commit is released here that it could be from")]
    NoSource,
    /// The index lists no digest for the file, so no statement can be held against it.
    #[error("the index lists no sha256 for it")]
    NoDigest,
    /// The index serves no attestation of the file.
    #[error("it has no provenance")]
    NoClaim,
    /// A statement is about another file.
    #[error("its provenance is of another file, {filename}")]
    OtherFile {
        /// The subject.
        filename: String,
    },
    /// A statement is about other bytes than the index lists.
    #[error("its provenance is of other bytes, sha256 {attested}")]
    OtherBytes {
        /// The digest of the subject.
        attested: Sha256,
    },
    /// The certificate names no repository or no commit.
    #[error("its provenance names no commit")]
    NoOrigin,
    /// The index took the file from another repository than the certificate names.
    #[error("its provenance names the repository {certificate}, and its publisher {publisher}")]
    Contradiction {
        /// What the certificate says.
        certificate: String,
        /// What the index says.
        publisher: String,
    },
    /// It was made from another repository.
    #[error("it was made from {repository}")]
    OtherRepository {
        /// What the certificate says.
        repository: String,
    },
    /// It was made from another commit of the repository.
    #[error("it was made from commit {commit}")]
    OtherCommit {
        /// What the certificate says.
        commit: String,
    },
}

/// Holds every claim about a listed file against the source it should come from.
///
/// A file may carry several attestations. They must all agree: one that names another commit leaves it open which of
/// them is true.
///
/// # Errors
/// [`Untied`], the first reason in the order of the claims.
pub fn tied(filename: &str, listed: Option<Sha256>, claims: &[Claim], source: &Source) -> Result<(), Untied> {
    let listed = listed.ok_or(Untied::NoDigest)?;
    if claims.is_empty() {
        return Err(Untied::NoClaim);
    }
    claims.iter().try_for_each(|claim| agrees(filename, listed, claim, source))
}

fn agrees(filename: &str, listed: Sha256, claim: &Claim, source: &Source) -> Result<(), Untied> {
    if claim.filename != filename {
        return Err(Untied::OtherFile { filename: claim.filename.clone() });
    }
    if claim.sha256 != listed {
        return Err(Untied::OtherBytes { attested: claim.sha256 });
    }
    let origin = claim.origin.as_ref().ok_or(Untied::NoOrigin)?;
    let Some(place) = Place::of(&origin.repository) else { return Err(Untied::NoOrigin) };
    if let Some(publisher) = &claim.publisher
        && !publisher.trim_matches('/').eq_ignore_ascii_case(&place.path)
    {
        return Err(Untied::Contradiction {
            certificate: origin.repository.clone(),
            publisher: publisher.clone(),
        });
    }
    if !source.repositories.iter().any(|known| Place::of(known).as_ref() == Some(&place)) {
        return Err(Untied::OtherRepository { repository: origin.repository.clone() });
    }
    if !origin.commit.eq_ignore_ascii_case(&source.commit) {
        return Err(Untied::OtherCommit { commit: origin.commit.clone() });
    }
    Ok(())
}

/// Where a repository is, whatever protocol reaches it. Forges compare both parts without regard to case.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    host: String,
    path: String,
}

impl Place {
    /// `None` for a folder of this machine and for what is no address.
    fn of(address: &str) -> Option<Self> {
        let (scheme, host, path) = match address.split_once("://") {
            Some(("file", _)) => return None,
            Some((scheme, rest)) => {
                let (host, path) = rest.split_once('/')?;
                (scheme, host, path)
            }
            // The form of scp: a colon before any slash (gitglossary, "URL").
            None => {
                let (host, path) = address.split_once(':').filter(|(host, _)| !host.contains('/'))?;
                ("ssh", host, path)
            }
        };
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host).to_ascii_lowercase();
        // The port of ssh says nothing about whose pages they are; `ssh.` serves git where port 22 is closed.
        let host = match (scheme, host.split_once(':')) {
            ("ssh" | "git+ssh" | "git", Some((bare, _))) | ("https", Some((bare, "443"))) => bare,
            _ => &host,
        };
        let host = host.strip_prefix("ssh.").filter(|_| scheme.ends_with("ssh")).unwrap_or(host);
        let path = path.trim_matches('/').to_ascii_lowercase();
        let path = path.strip_suffix(".git").unwrap_or(&path);
        (!host.is_empty() && path.contains('/'))
            .then(|| Self { host: host.to_owned(), path: path.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "demo-1.0-py3-none-any.whl";
    const DIGEST: Sha256 = Sha256([7; 32]);

    fn source() -> Source {
        Source {
            commit: "ab".repeat(20),
            repositories: vec![
                "/srv/mirror/demo.git".to_owned(),
                "git@forge.example:Octo/demo.git".to_owned(),
            ],
        }
    }

    fn claim() -> Claim {
        Claim {
            filename: FILE.to_owned(),
            sha256: DIGEST,
            publisher: Some("octo/Demo".to_owned()),
            origin: Some(Origin {
                repository: "https://forge.example/octo/demo".to_owned(),
                commit: "AB".repeat(20),
                reference: None,
            }),
        }
    }

    fn judged(change: impl FnOnce(&mut Claim)) -> String {
        let mut claim = claim();
        change(&mut claim);
        tied(FILE, Some(DIGEST), &[self::claim(), claim], &source())
            .map_or_else(|untied| untied.to_string(), |()| "tied".to_owned())
    }

    #[test]
    fn a_claim_about_these_bytes_from_this_commit_ties_a_file() {
        assert_eq!(judged(|_| ()), "tied");
        assert_eq!(judged(|claim| claim.publisher = None), "tied");
        assert_eq!(tied(FILE, Some(DIGEST), &[], &source()), Err(Untied::NoClaim));
        assert_eq!(tied(FILE, None, &[claim()], &source()), Err(Untied::NoDigest));
    }

    #[test]
    fn anything_else_does_not() {
        let origin = |claim: &mut Claim, change: fn(&mut Origin)| change(claim.origin.as_mut().unwrap());
        assert!(judged(|claim| claim.filename.push('x')).contains("of another file"));
        assert!(judged(|claim| claim.sha256 = Sha256([8; 32])).contains("of other bytes"));
        assert!(judged(|claim| claim.origin = None).contains("names no commit"));
        assert!(
            judged(|claim| claim.publisher = Some("octo/fork".to_owned()))
                .contains("its publisher octo/fork")
        );
        let other = judged(|claim| {
            claim.publisher = None;
            origin(claim, |origin| origin.repository = "https://forge.example/evil/demo".to_owned());
        });
        assert_eq!(other, "it was made from https://forge.example/evil/demo");
        let elsewhere = judged(|claim| {
            origin(claim, |origin| origin.repository = "https://other.example/octo/demo".to_owned());
        });
        assert_eq!(elsewhere, "it was made from https://other.example/octo/demo");
        let older = judged(|claim| origin(claim, |origin| origin.commit = "cd".repeat(20)));
        assert!(older.starts_with("it was made from commit cdcd"), "{older}");
        let cut = judged(|claim| origin(claim, |origin| origin.commit.truncate(7)));
        assert_eq!(cut, "it was made from commit ABABABA");
    }

    #[test]
    fn one_repository_has_many_addresses() {
        let page = Place::of("https://forge.example/group/sub/demo").unwrap();
        for same in [
            "https://forge.example/group/sub/demo.git",
            "https://me:x@FORGE.example:443/Group/sub/demo/",
            "git@forge.example:group/sub/demo.git",
            "ssh://git@ssh.forge.example:443/group/sub/demo.git",
            "git://forge.example/group/sub/demo",
        ] {
            assert_eq!(Place::of(same).as_ref(), Some(&page), "{same}");
        }
        for other in [
            "https://forge.example:8443/group/sub/demo",
            "https://forge.example/group/sub",
            "https://forge.example@evil.example/group/sub/demo",
            "https://evil.example/forge.example/group/sub/demo",
        ] {
            assert_ne!(Place::of(other).as_ref(), Some(&page), "{other}");
        }
        for none in
            ["/srv/git/demo.git", "file:///srv/forge.example/group/demo", "demo", "", "https://x", "a:b"]
        {
            assert_eq!(Place::of(none), None, "{none}");
        }
    }
}
