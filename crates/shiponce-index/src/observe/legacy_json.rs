//! The JSON API (`/pypi/<name>/json`).
//!
//! Its `releases` are deprecated (PyPI announced that newer projects may lack them), so `urls`, the files of the newest
//! version, are read too; a page without `releases` is not complete.

use std::collections::BTreeMap;

use serde::Deserialize;
use shiponce_core::PackageName;
use shiponce_core::names::normalize;
use shiponce_core::observation::{ProjectStatus, RemoteFile};
use url::Url;

use super::page::{Page, PageError, filename_of, time};

#[derive(Deserialize)]
struct Document {
    info: Info,
    #[serde(default)]
    releases: Option<BTreeMap<String, Vec<File>>>,
    #[serde(default)]
    urls: Option<Vec<File>>,
    #[serde(default)]
    last_serial: serde_json::Value,
}

#[derive(Deserialize)]
struct Info {
    // pypiserver does not say it.
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    filename: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    digests: BTreeMap<String, String>,
    #[serde(default)]
    size: Option<u64>,
    #[serde(default)]
    upload_time: Option<String>,
    #[serde(default)]
    upload_time_iso_8601: Option<String>,
    #[serde(default)]
    yanked: bool,
    #[serde(default)]
    yanked_reason: Option<String>,
}

/// Reads a page of `project` that was served at `at`.
pub(crate) fn read(body: &[u8], project: &PackageName, at: &Url) -> Result<Page, PageError> {
    let document: Document = serde_json::from_slice(body).map_err(PageError::Json)?;
    if let Some(name) = document.info.name.filter(|name| normalize(name) != project.normalized()) {
        return Err(PageError::OtherProject(name));
    }
    let complete = document.releases.is_some();
    if !complete && document.urls.is_none() {
        return Err(PageError::NoFiles);
    }
    let releases = document.releases.unwrap_or_default().into_values().flatten();
    let newest = document.urls.unwrap_or_default();
    let files = releases.chain(newest).map(|file| remote(file, at)).collect::<Result<_, _>>()?;
    Ok(Page { status: ProjectStatus::Active, files, serial: document.last_serial.as_u64(), complete })
}

fn remote(file: File, at: &Url) -> Result<RemoteFile, PageError> {
    let url = file.url.as_deref().and_then(|url| at.join(url).ok());
    let named = file.filename.filter(|name| !name.is_empty());
    let filename = named.or_else(|| url.as_ref().and_then(filename_of)).ok_or(PageError::Nameless)?;
    let uploaded = file.upload_time_iso_8601.or(file.upload_time);
    Ok(RemoteFile {
        filename,
        sha256: file.digests.get("sha256").and_then(|hex| hex.parse().ok()),
        size: file.size,
        uploaded_at: uploaded.as_deref().and_then(time),
        yanked: file.yanked.then(|| file.yanked_reason.unwrap_or_default()),
        url: url.map(Into::into),
        provenance: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(text: &str) -> Result<Page, PageError> {
        let at = Url::parse("http://127.0.0.1:1/pypi/demo/json").unwrap();
        read(text.as_bytes(), &"demo".parse().unwrap(), &at)
    }

    #[test]
    fn reads_pypis_page() {
        let hex = "cd".repeat(32);
        let page = page(&format!(
            r#"{{"info":{{"name":"Demo","version":"1.0"}},"last_serial":9,"releases":{{"0.6.3":[],"1.0":[
              {{"filename":"demo-1.0.tar.gz","digests":{{"md5":"0","sha256":"{hex}","blake2b_256":"1"}},"size":5,
                "upload_time":"2026-11-21T01:35:08","upload_time_iso_8601":"2026-11-21T01:35:08.5Z","url":"http://f/demo-1.0.tar.gz",
                "yanked":true,"yanked_reason":null,"python_version":"3.7"}}]}},"urls":[]}}"#
        ))
        .unwrap();
        assert_eq!((page.serial, page.complete, page.files.len()), (Some(9), true, 1));
        let file = &page.files[0];
        assert_eq!((file.sha256, file.size, file.yanked.as_deref()), (hex.parse().ok(), Some(5), Some("")));
        assert_eq!(file.uploaded_at.unwrap().0 % 1_000_000, 500_000);
    }

    #[test]
    fn reads_pypiservers_page() {
        let text =
            r#"{"info":{"version":"1.0"},"releases":{"1.0":[{"url":"http://h/packages/demo-1.0.tar.gz"}]}}"#;
        let page = page(text).unwrap();
        assert_eq!((page.files[0].filename.as_str(), page.files[0].sha256), ("demo-1.0.tar.gz", None));
    }

    #[test]
    fn a_page_without_releases_is_not_complete() {
        let newest = page(r#"{"info":{},"urls":[{"filename":"demo-1.0.tar.gz"}]}"#).unwrap();
        assert!(!newest.complete);
        assert!(matches!(page(r#"{"info":{}}"#), Err(PageError::NoFiles)));
        assert!(matches!(page(r#"{"info":{"name":"x"},"urls":[]}"#), Err(PageError::OtherProject(_))));
        assert!(matches!(page(r#"{"info":{},"urls":[{}]}"#), Err(PageError::Nameless)));
        assert!(matches!(page(r#"{"message":"Not Found"}"#), Err(PageError::Json(_))));
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            prop_assert!(page(&text).is_err());
        }
    }
}
