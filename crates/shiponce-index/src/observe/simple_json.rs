//! The Simple API in JSON (PEP 691, PEP 700, PEP 740, PEP 792).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use shiponce_core::PackageName;
use shiponce_core::names::normalize;
use shiponce_core::observation::{ProjectStatus, RemoteFile};
use url::Url;

use super::page::{Page, PageError, status, time};

#[derive(Deserialize)]
struct Document {
    meta: Meta,
    name: String,
    files: Vec<File>,
    #[serde(rename = "project-status", default)]
    project_status: Option<Status>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "api-version")]
    api_version: String,
    // PyPI's own addition; anything that is not a number is ignored.
    #[serde(rename = "_last-serial", default)]
    last_serial: Value,
}

#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    status: String,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    url: String,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
    #[serde(default)]
    size: Option<u64>,
    #[serde(rename = "upload-time", default)]
    upload_time: Option<String>,
    #[serde(default)]
    yanked: Value,
    #[serde(default)]
    provenance: Value,
}

/// Reads a page of `project` that was served at `at`.
pub(crate) fn read(body: &[u8], project: &PackageName, at: &Url) -> Result<Page, PageError> {
    let document: Document = serde_json::from_slice(body).map_err(PageError::Json)?;
    // A minor version adds things (PEP 629); another major version could mean anything.
    if document.meta.api_version.split('.').next() != Some("1") {
        return Err(PageError::ApiVersion(document.meta.api_version));
    }
    if normalize(&document.name) != project.normalized() {
        return Err(PageError::OtherProject(document.name));
    }
    let files = document.files.into_iter().map(|file| remote(file, at)).collect::<Result<_, _>>()?;
    let marker = document.project_status.map_or(ProjectStatus::Active, |found| status(&found.status));
    Ok(Page { status: marker, files, serial: document.meta.last_serial.as_u64(), complete: true })
}

fn remote(file: File, at: &Url) -> Result<RemoteFile, PageError> {
    if file.filename.is_empty() {
        return Err(PageError::Nameless);
    }
    Ok(RemoteFile {
        sha256: file.hashes.get("sha256").and_then(|hex| hex.parse().ok()),
        size: file.size,
        uploaded_at: file.upload_time.as_deref().and_then(time),
        yanked: match file.yanked {
            Value::String(reason) => Some(reason),
            Value::Bool(true) => Some(String::new()),
            _ => None,
        },
        url: at.join(&file.url).ok().map(Into::into),
        provenance: file.provenance.as_str().and_then(|to| at.join(to).ok()).map(Into::into),
        filename: file.filename,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(text: &str) -> Result<Page, PageError> {
        let at = Url::parse("http://127.0.0.1:1/simple/demo/").unwrap();
        read(text.as_bytes(), &"demo".parse().unwrap(), &at)
    }

    #[test]
    fn reads_everything_a_decision_needs() {
        let hex = "ab".repeat(32);
        let page = page(&format!(
            r#"{{"meta":{{"api-version":"1.4","_last-serial":77}},"name":"DEMO","versions":["1.0"],"alien":{{}},
              "project-status":{{"status":"archived","reason":"old"}},"files":[
              {{"filename":"demo-1.0-py3-none-any.whl","url":"../../files/demo-1.0-py3-none-any.whl","hashes":{{"sha256":"{hex}"}},
                "size":3,"upload-time":"2026-11-21T01:35:08Z","yanked":"broken","provenance":"/integrity/demo/1.0/demo-1.0-py3-none-any.whl/provenance"}},
              {{"filename":"demo-1.0.tar.gz","url":"http://x/demo-1.0.tar.gz","hashes":{{"sha256":"zz"}},"yanked":true,"provenance":null}},
              {{"filename":"demo-0.9.tar.gz","url":"","hashes":{{}},"yanked":false}}]}}"#
        ))
        .unwrap();
        assert_eq!((page.status, page.serial, page.complete), (ProjectStatus::Archived, Some(77), true));
        let [wheel, damaged, old] = &page.files[..] else { panic!("{page:?}") };
        assert_eq!(wheel.sha256, Some(hex.parse().unwrap()));
        assert_eq!(wheel.url.as_deref(), Some("http://127.0.0.1:1/files/demo-1.0-py3-none-any.whl"));
        assert_eq!((wheel.size, wheel.yanked.as_deref()), (Some(3), Some("broken")));
        let provenance = "http://127.0.0.1:1/integrity/demo/1.0/demo-1.0-py3-none-any.whl/provenance";
        assert_eq!((wheel.provenance.as_deref(), &damaged.provenance), (Some(provenance), &None));
        assert_eq!(wheel.uploaded_at.unwrap().to_string(), "2026-11-21T01:35:08Z");
        assert_eq!((damaged.sha256, damaged.yanked.as_deref()), (None, Some("")));
        assert_eq!((old.yanked.as_deref(), old.size), (None, None));
    }

    #[test]
    fn what_is_not_a_page_is_refused() {
        let whole = r#"{"meta":{"api-version":"1.0"},"name":"demo","files":[]}"#;
        assert!(page(whole).unwrap().files.is_empty());
        for end in 0..whole.len() {
            assert!(page(&whole[..end]).is_err(), "{end}");
        }
        for (from, to) in [("1.0", "2.0"), ("demo", "other"), ("files", "flies"), ("[]", "[{}]")] {
            assert!(page(&whole.replace(from, to)).is_err(), "{to}");
        }
        let nameless = whole.replace("[]", r#"[{"filename":"","url":"x"}]"#);
        assert!(matches!(page(&nameless), Err(PageError::Nameless)));
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            prop_assert!(page(&text).is_err());
        }

        #[test]
        fn never_panics_on_damaged_pages(at in 0_usize..200, byte in any::<u8>()) {
            let whole = br#"{"meta":{"api-version":"1.4"},"name":"demo","files":[{"filename":"demo-1.0.tar.gz","url":"u","hashes":{"sha256":"00"},"yanked":false}]}"#;
            let mut damaged = whole.to_vec();
            let length = damaged.len();
            damaged[at % length] = byte;
            let base = Url::parse("http://127.0.0.1/").unwrap();
            if let Ok(page) = read(&damaged, &"demo".parse().unwrap(), &base) {
                prop_assert_eq!(page.files.len(), 1);
            }
        }
    }
}
