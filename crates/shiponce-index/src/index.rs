//! A package index, as far as speaking to it needs.

use shiponce_core::PackageName;
use shiponce_core::redact::SafeUrl;
use url::Url;

use crate::credential::Credential;

/// Addresses and properties of one index.
///
/// Upload credentials are not here: they are handed to each upload, since a trusted publisher's live for minutes.
#[derive(Debug, Clone)]
pub struct Index {
    /// The name in the configuration, for messages.
    pub name: String,
    /// Where files are posted.
    pub upload: SafeUrl,
    /// Root of the Simple API (PEP 503, PEP 691); a project stands at `<simple>/<name>/`.
    pub simple: Option<SafeUrl>,
    /// Root of the legacy JSON API; a project stands at `<json>/<name>/json`.
    pub json: Option<SafeUrl>,
    /// The credential for reading. Without it no read carries any.
    pub read_auth: Option<Credential>,
    /// Whether the index hides projects from readers it does not know. Without a credential a 404 there means
    /// nothing (GitLab and Artifactory answer 404 where they mean 401).
    pub reads_need_auth: bool,
    /// Whether the index also shows files of an upstream; then only its own layer counts.
    pub mirror: bool,
    /// Whether the upload form must carry an MD5 digest.
    pub asks_md5: bool,
}

impl Index {
    /// The identity of the index: its upload URL without credentials, query and fragment, ending in a slash.
    /// Two local names with one identity are one index.
    #[must_use]
    pub fn identity(&self) -> String {
        let mut url = without_userinfo(self.upload.expose());
        url.set_query(None);
        url.set_fragment(None);
        as_directory(&mut url);
        url.into()
    }

    /// The address of a project in the Simple API.
    pub(crate) fn simple_page(&self, project: &PackageName) -> Option<Url> {
        let root = self.simple.as_ref()?;
        Some(below(root, &format!("{}/", project.normalized())))
    }

    /// The address of a project in the JSON API.
    pub(crate) fn json_page(&self, project: &PackageName) -> Option<Url> {
        let root = self.json.as_ref()?;
        Some(below(root, &format!("{}/json", project.normalized())))
    }
}

/// The URL without `user:password@`: credentials travel only as [`Credential`].
pub(crate) fn without_userinfo(url: &Url) -> Url {
    let mut url = url.clone();
    // Both calls fail only for URLs that cannot have userinfo, which then have none to remove.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url
}

fn below(root: &SafeUrl, path: &str) -> Url {
    let mut url = without_userinfo(root.expose());
    as_directory(&mut url);
    // Normalised project names contain nothing that needs escaping, so they can simply be appended.
    let path = format!("{}{path}", url.path());
    url.set_path(&path);
    url
}

fn as_directory(url: &mut Url) {
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(upload: &str, simple: &str) -> Index {
        let url = |text: &str| SafeUrl::from(Url::parse(text).unwrap());
        Index {
            name: "company".into(),
            upload: url(upload),
            simple: Some(url(simple)),
            json: Some(url("http://127.0.0.1/pypi")),
            read_auth: None,
            reads_need_auth: false,
            mirror: false,
            asks_md5: false,
        }
    }

    #[test]
    fn pages_stand_below_their_roots_with_or_without_a_slash() {
        let demo: PackageName = "De_Mo.X".parse().unwrap();
        for simple in ["http://u:p@127.0.0.1:8080/simple", "http://127.0.0.1:8080/simple/"] {
            let index = index("http://127.0.0.1/legacy/", simple);
            assert_eq!(index.simple_page(&demo).unwrap().as_str(), "http://127.0.0.1:8080/simple/de-mo-x/");
            assert_eq!(index.json_page(&demo).unwrap().as_str(), "http://127.0.0.1/pypi/de-mo-x/json");
        }
    }

    #[test]
    fn identity_is_the_normalised_upload_url() {
        let spellings = ["https://u:p@EXAMPLE.org:443/legacy", "https://example.org/legacy/?x=1#y"];
        for spelling in spellings {
            let index = index(spelling, "https://example.org/simple/");
            assert_eq!(index.identity(), "https://example.org/legacy/");
        }
    }
}
