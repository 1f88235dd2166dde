//! `versions`: what every index has published of a project.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The document of `versions --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionsDocument {
    /// The project, as PEP 503 normalises it.
    pub project: String,
    /// Per index name.
    pub indexes: BTreeMap<String, IndexVersions>,
}

/// The versions on one index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexVersions {
    /// Whether the index could be read; when not, `versions` is empty and means nothing.
    pub observed: bool,
    /// Why it could not be read; `null` when it could.
    pub reason: Option<String>,
    /// Every version with at least one file, oldest first in PEP 440 order.
    pub versions: Vec<VersionRow>,
}

/// One version on one index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRow {
    /// The version as the index spells it.
    pub version: String,
    /// How many files it has.
    pub files: u64,
    /// Whether every one of them is withdrawn (PEP 592).
    pub yanked: bool,
    /// When its first file came, RFC 3339 in UTC; `null` when the index does not say.
    pub first_upload: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::to_text;

    #[test]
    fn an_unreadable_index_is_not_an_empty_one() {
        let document = VersionsDocument {
            project: "demo".to_owned(),
            indexes: BTreeMap::from([
                (
                    "pypi".to_owned(),
                    IndexVersions {
                        observed: true,
                        reason: None,
                        versions: vec![VersionRow {
                            version: "1.0".to_owned(),
                            files: 2,
                            yanked: false,
                            first_upload: None,
                        }],
                    },
                ),
                (
                    "test".to_owned(),
                    IndexVersions {
                        observed: false,
                        reason: Some("answered 503".to_owned()),
                        versions: vec![],
                    },
                ),
            ]),
        };
        insta::assert_snapshot!(to_text(&document).unwrap(), @r#"
        {
          "project": "demo",
          "indexes": {
            "pypi": {
              "observed": true,
              "reason": null,
              "versions": [
                {
                  "version": "1.0",
                  "files": 2,
                  "yanked": false,
                  "first_upload": null
                }
              ]
            },
            "test": {
              "observed": false,
              "reason": "answered 503",
              "versions": []
            }
          }
        }
        "#);
    }
}
