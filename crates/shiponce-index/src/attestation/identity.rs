//! Who signed: what the certificate of an attestation says, held against what a CI job says about itself.
//!
//! PyPI compares repository and workflow file, not the environment, and a statement names no index: one attestation is
//! good for every index that has the same publisher (`pypi_attestations`, the policies of its publishers).

use std::fmt;

use url::Url;

use crate::trusted::Claims;

/// The identity of a signing certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The address of the repository.
    pub repository: String,
    /// The workflow file that was started, with its address and the reference it was taken from: Fulcio's Build Config
    /// URI. In a reusable workflow that is the calling file.
    pub workflow: String,
}

/// Why PyPI would not take an attestation from a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What differs: `repository`, `workflow file`.
    pub what: &'static str,
    /// As the certificate has it.
    pub signed: String,
    /// As the publisher has it.
    pub publisher: String,
}

impl Signer {
    /// Whether two attestations have one identity; the reference says when, not who.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.owner_and_name().eq_ignore_ascii_case(other.owner_and_name()) && self.file() == other.file()
    }

    /// The workflow file as a publisher is registered with it: without folder and reference.
    #[must_use]
    pub fn file(&self) -> &str {
        let path = self.workflow.split('@').next().unwrap_or_default();
        // GitLab separates the file by two slashes, and registers it with its folders.
        match path.split_once("//").map(|(_, rest)| rest).and_then(|rest| rest.split_once("//")) {
            Some((_, file)) => file,
            None => path.rsplit('/').next().unwrap_or_default(),
        }
    }

    /// `owner/name`, or the address itself when it is none.
    fn owner_and_name(&self) -> &str {
        self.repository.splitn(4, '/').nth(3).unwrap_or(&self.repository).trim_end_matches('/')
    }

    /// Holds the signer against the identity that uploads. Claims that name no repository are left to the index.
    ///
    /// # Errors
    /// [`Mismatch`]: the index is bound to refuse the attestation.
    pub fn fits(&self, claims: &Claims) -> Result<(), Mismatch> {
        let Some(repository) = claims.get("repository").or_else(|| claims.get("project_path")) else {
            return Ok(());
        };
        let issuer = claims.get("iss").and_then(|iss| Url::parse(iss).ok());
        let host = Url::parse(&self.repository).ok().and_then(|url| url.host_str().map(ToOwned::to_owned));
        // GitLab issues its tokens at the host of its repositories; GitHub's service has another name below the same one.
        let other_forge = issuer.as_ref().and_then(Url::host_str).zip(host.as_deref());
        let other_forge =
            claims.get("project_path").is_some() && other_forge.is_some_and(|(one, two)| one != two);
        if other_forge || !self.owner_and_name().eq_ignore_ascii_case(repository) {
            return Err(self.differs("repository", self.repository.clone(), repository));
        }
        match claims.workflow_file() {
            Some(file) if file != self.file() => {
                Err(self.differs("workflow file", self.file().to_owned(), file))
            }
            _ => Ok(()),
        }
    }

    fn differs(&self, what: &'static str, signed: String, publisher: &str) -> Mismatch {
        Mismatch { what, signed, publisher: publisher.to_owned() }
    }
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} @ {}", self.file(), self.owner_and_name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trusted::claims_of;
    use serde_json::json;

    fn github(file: &str) -> Signer {
        Signer {
            repository: "https://forge.example/octo/demo".to_owned(),
            workflow: format!("https://forge.example/octo/demo/.github/workflows/{file}@refs/tags/v1"),
        }
    }

    fn claims(called: &str) -> Claims {
        claims_of(&json!({
            "iss": "https://token.forge.example", "repository": "Octo/demo",
            "workflow_ref": "octo/demo/.github/workflows/ci.yml@refs/tags/v1",
            "job_workflow_ref": format!("octo/demo/.github/workflows/{called}@refs/tags/v1"),
        }))
    }

    #[test]
    fn the_workflow_file_that_was_started_must_be_the_publishers() {
        assert_eq!(github("ci.yml").fits(&claims("ci.yml")), Ok(()));
        let reusable = github("ci.yml").fits(&claims("publish.yml")).unwrap_err();
        assert_eq!(
            (reusable.what, &*reusable.signed, &*reusable.publisher),
            ("workflow file", "ci.yml", "publish.yml")
        );
        let fork = Signer { repository: "https://forge.example/octo/fork".to_owned(), ..github("ci.yml") };
        assert_eq!(fork.fits(&claims("ci.yml")).unwrap_err().what, "repository");
    }

    #[test]
    fn gitlab_names_the_file_with_its_folders() {
        let signer = Signer {
            repository: "https://gitlab.example/group/sub/demo".to_owned(),
            workflow: "https://gitlab.example/group/sub/demo//ci/release.yml@refs/heads/main".to_owned(),
        };
        let claims = |iss: &str| {
            claims_of(&json!({
                "iss": iss, "project_path": "group/sub/demo",
                "ci_config_ref_uri": "gitlab.example/group/sub/demo//ci/release.yml@refs/heads/main",
            }))
        };
        assert_eq!(signer.to_string(), "ci/release.yml @ group/sub/demo");
        assert_eq!(signer.fits(&claims("https://gitlab.example")), Ok(()));
        assert_eq!(signer.fits(&claims("https://other.example")).unwrap_err().what, "repository");
    }

    #[test]
    fn one_identity_signs_at_different_times() {
        let later = Signer { workflow: github("ci.yml").workflow.replace("v1", "v2"), ..github("ci.yml") };
        assert!(github("ci.yml").same(&later));
        assert!(!github("ci.yml").same(&github("release.yml")));
    }
}
