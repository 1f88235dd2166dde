//! The receipt of a finished release: what is where, proven by reading it back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::TargetState;

/// Proof of a release, kept beside it and checked by `receipt verify FILE`.
///
/// Nothing in it is secret, and nothing in it names a host of the publisher or a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The version of this format; 1.
    pub schema: u32,
    /// The project, as PEP 503 normalises it.
    pub project: String,
    /// The version, as PEP 440 normalises it.
    pub version: String,
    /// The released commit, in full; `null` for `publish` without a checkout.
    pub commit: Option<String>,
    /// The digest of the frozen manifest.
    pub manifest_sha256: String,
    /// Per target name: the address and every file there.
    pub targets: BTreeMap<String, ReceiptTarget>,
    /// The release page; `null` when the release has none and needs none.
    #[serde(default)]
    pub github: Option<ReceiptPage>,
}

/// The release page on GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptPage {
    /// `owner/name`; `null` when it is not known.
    pub repository: Option<String>,
    /// The number of the release; `null` when there is none.
    pub release_id: Option<u64>,
    /// The address of the page; `null` when there is none.
    pub url: Option<String>,
    /// How far it came.
    pub state: PageState,
    /// Why it is not published with every file; `null` when it is.
    pub outstanding: Option<String>,
}

/// How far a release page came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageState {
    /// Everybody sees it.
    Published,
    /// Only those who may write to the repository see it.
    Draft,
    /// There is none.
    Missing,
    /// It could not be read.
    Unknown,
}

/// One target of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptTarget {
    /// The normalised upload address, which is the identity of an index.
    pub identity: String,
    /// Every file, in order of its name.
    pub files: Vec<ReceiptFile>,
    /// What readers got when the files had been sent; `null` when this run sent none.
    #[serde(default)]
    pub propagation: Option<Propagation>,
}

/// How far a release has come to its readers on one index: its pages are cached each on its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Propagation {
    /// `everywhere`; `edge-stale`: the index has every file, and a page that is read here is older; `missing`;
    /// `other-bytes`; `unread`.
    pub verdict: String,
    /// Every page that was read.
    pub pages: Vec<PropagationPage>,
    /// The same in one sentence.
    pub summary: String,
}

/// One page of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropagationPage {
    /// `simple-json`, read as installers read it, `simple-html` or `json`.
    pub page: String,
    /// `shows`, `behind`, `lacks`, `other-bytes` or `unread`.
    pub verdict: String,
    /// The serial number of the page; `null` for indexes without serials and for a page that could not be read.
    pub serial: Option<u64>,
}

/// One file at one target, as it was read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptFile {
    /// The file name.
    pub filename: String,
    /// The digest of the bytes that were read back.
    pub sha256: String,
    /// Where the file can be fetched; `null` when the index does not say.
    pub url: Option<String>,
    /// What the target said.
    pub state: TargetState,
    /// When it was read back, RFC 3339 in UTC.
    pub verified_at: String,
    /// The serial number of the index page that showed it; `null` for indexes without serials.
    pub serial: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::to_text;

    fn receipt() -> Receipt {
        Receipt {
            schema: 1,
            project: "demo".to_owned(),
            version: "1.4.0".to_owned(),
            commit: Some("3fa9c1d0".to_owned()),
            manifest_sha256: "ab12".to_owned(),
            targets: BTreeMap::from([(
                "company".to_owned(),
                ReceiptTarget {
                    identity: "https://packages.example/legacy/".to_owned(),
                    files: vec![ReceiptFile {
                        filename: "demo-1.4.0.tar.gz".to_owned(),
                        sha256: "9f2c".to_owned(),
                        url: None,
                        state: TargetState::Same,
                        verified_at: "2026-11-20T14:03:00Z".to_owned(),
                        serial: Some(28_104_001),
                    }],
                    propagation: None,
                },
            )]),
            github: Some(ReceiptPage {
                repository: Some("owner/demo".to_owned()),
                release_id: Some(7),
                url: None,
                state: PageState::Draft,
                outstanding: Some("GitHub answered 502".to_owned()),
            }),
        }
    }

    #[test]
    fn the_receipt_on_disk() {
        insta::assert_snapshot!(to_text(&receipt()).unwrap(), @r#"
        {
          "schema": 1,
          "project": "demo",
          "version": "1.4.0",
          "commit": "3fa9c1d0",
          "manifest_sha256": "ab12",
          "targets": {
            "company": {
              "identity": "https://packages.example/legacy/",
              "files": [
                {
                  "filename": "demo-1.4.0.tar.gz",
                  "sha256": "9f2c",
                  "url": null,
                  "state": "same",
                  "verified_at": "2026-11-20T14:03:00Z",
                  "serial": 28104001
                }
              ],
              "propagation": null
            }
          },
          "github": {
            "repository": "owner/demo",
            "release_id": 7,
            "url": null,
            "state": "draft",
            "outstanding": "GitHub answered 502"
          }
        }
        "#);
    }

    /// A receipt from before there were release pages.
    #[test]
    fn a_receipt_without_a_page_is_read() {
        let mut value = serde_json::to_value(receipt()).unwrap();
        value.as_object_mut().unwrap().remove("github");
        let read: Receipt = serde_json::from_value(value).unwrap();
        assert_eq!(read, Receipt { github: None, ..receipt() });
    }

    /// An old reader meets a new writer: unknown fields are ignored, known ones keep their meaning.
    #[test]
    fn a_reader_ignores_fields_of_a_later_version() {
        let text =
            to_text(&receipt()).unwrap().replacen("\"schema\": 1,", "\"schema\": 1, \"signed\": {},", 1);
        let read: Receipt = serde_json::from_str(&text).unwrap();
        assert_eq!(read, receipt());
    }
}
