//! Which layer of an index that also shows an upstream a file belongs to.

use url::Url;

use crate::index::Index;

/// Whether a file listed by a mirroring index counts.
///
/// Only what is surely the upstream's is left out; where the layout does not tell, the file counts, because taking one
/// of our own files for the upstream's could lead to a second upload of it.
pub(crate) fn counts(index: &Index, file: Option<&str>) -> bool {
    if !index.mirror {
        return true;
    }
    let Some(file) = file.and_then(|text| Url::parse(text).ok()) else { return true };
    let upload = index.upload.expose();
    // The index links to the upstream's own files instead of serving copies.
    let reads = index.simple.iter().chain(&index.json).map(|url| url.expose().origin());
    if file.origin() != upload.origin() && !reads.into_iter().any(|origin| origin == file.origin()) {
        return false;
    }
    // devpi keeps files at `/<user>/<index>/+f/…` (`+e` for mirrored ones): the owner stands in the address.
    match (devpi_stage(file.path()), devpi_upload(upload.path())) {
        (Some(stage), Some(ours)) => stage == ours,
        _ => true,
    }
}

fn devpi_stage(path: &str) -> Option<&str> {
    let end = path.find("/+f/").or_else(|| path.find("/+e/"))?;
    Some(path[..end].trim_matches('/'))
}

fn devpi_upload(path: &str) -> Option<&str> {
    Some(path.trim_matches('/')).filter(|stage| stage.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shiponce_core::redact::SafeUrl;

    fn index(mirror: bool) -> Index {
        let url = |text: &str| SafeUrl::from(Url::parse(text).unwrap());
        Index {
            name: "company".into(),
            upload: url("https://devpi.example/me/dev/"),
            simple: Some(url("https://devpi.example/me/dev/+simple/")),
            json: None,
            read_auth: None,
            reads_need_auth: false,
            mirror,
            asks_md5: false,
        }
    }

    #[test]
    fn files_of_the_upstream_do_not_count() {
        let own = "https://devpi.example/me/dev/+f/0ab/cdef/demo-1.0.tar.gz";
        let inherited = "https://devpi.example/all/mirror/+f/0ab/cdef/demo-1.0.tar.gz";
        let linked = "https://files.example/demo-1.0.tar.gz";
        let elsewhere = "https://devpi.example/packages/demo-1.0.tar.gz";
        for (file, counted) in [(own, true), (inherited, false), (linked, false), (elsewhere, true)] {
            assert_eq!(counts(&index(true), Some(file)), counted, "{file}");
            assert!(counts(&index(false), Some(file)), "{file}");
        }
        assert!(counts(&index(true), None));
    }
}
