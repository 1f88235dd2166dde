//! Where a GitHub is.

use shiponce_core::redact::SafeUrl;
use url::Url;

/// The two addresses of one GitHub. The configuration derives the second from the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Root of the REST API; a repository stands at `<api>/repos/<owner>/<name>`.
    pub api: SafeUrl,
    /// Where the bytes of assets are posted, shaped like `api`.
    pub uploads: SafeUrl,
}

impl Server {
    /// An address below the API.
    pub(crate) fn api(&self, segments: &[&str]) -> Url {
        below(&self.api, segments)
    }

    /// An address below the uploads.
    pub(crate) fn uploads(&self, segments: &[&str]) -> Url {
        below(&self.uploads, segments)
    }

    /// Host and port of the API, for messages.
    pub(crate) fn host(&self) -> String {
        self.api.authority()
    }
}

/// `root` with `segments` behind its path, each escaped as a whole: a tag such as `py/1.0` is one segment.
fn below(root: &SafeUrl, segments: &[&str]) -> Url {
    let mut url = without_userinfo(root.expose());
    url.set_query(None);
    url.set_fragment(None);
    // Only addresses such as `mailto:` have no path to extend; the configuration lets http and https through.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// The address without `user:password@`: a token travels only as [`crate::Token`].
pub(crate) fn without_userinfo(url: &Url) -> Url {
    let mut url = url.clone();
    // Both calls fail only for addresses that cannot have userinfo, which then have none to remove.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stand_below_their_root_and_segments_are_escaped() {
        for root in ["https://u:p@forge.example/api/v3", "https://forge.example/api/v3/?x#y"] {
            let server = Server {
                api: SafeUrl::from(Url::parse(root).unwrap()),
                uploads: SafeUrl::from(Url::parse("https://forge.example/api/uploads").unwrap()),
            };
            let url = server.api(&["repos", "o", "demo", "releases", "tags", "py/v1.0+é?#"]);
            assert_eq!(
                url.as_str(),
                "https://forge.example/api/v3/repos/o/demo/releases/tags/py%2Fv1.0+%C3%A9%3F%23"
            );
            assert_eq!(server.uploads(&["repos"]).as_str(), "https://forge.example/api/uploads/repos");
        }
    }
}
