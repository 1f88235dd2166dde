//! `status`: what each place holds of one release.

use serde::{Deserialize, Serialize};

use std::collections::BTreeMap;

use super::{FileRow, Propagation};

/// The document of `status --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusDocument {
    /// The project, as PEP 503 normalises it.
    pub project: String,
    /// The version looked at; `null` when the project has no release anywhere.
    pub version: Option<String>,
    /// Whether every expected file is at every required target.
    pub complete: bool,
    /// When an incomplete release stops taking files, RFC 3339 in UTC; `null` when nothing closes.
    pub deadline: Option<String>,
    /// Every file that is expected or was found, in order of its name. `local` is a target here too.
    pub files: Vec<FileRow>,
    /// Per target name, where a file was accepted or seen before and is not listed now: what every page says.
    #[serde(default)]
    pub propagation: BTreeMap<String, Propagation>,
}

/// The document of `status --json` for several packages: the members of a workspace, the variants of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusListDocument {
    /// Whether nothing is owed and nothing is unknown.
    pub complete: bool,
    /// The packages whose newest version is tagged or begun, and not whole.
    pub owed: Vec<String>,
    /// Each package's own document, those that others need first.
    pub packages: Vec<StatusDocument>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::{Action, TargetCell, TargetState, to_text};

    #[test]
    fn an_incomplete_release_names_its_deadline() {
        let document = StatusDocument {
            project: "demo".to_owned(),
            version: Some("1.4.0".to_owned()),
            complete: false,
            deadline: Some("2026-12-04T14:03:00Z".to_owned()),
            files: vec![FileRow {
                filename: "demo-1.4.0.tar.gz".to_owned(),
                sha256: Some("9f2c".to_owned()),
                size: Some(2048),
                targets: [(
                    "pypi".to_owned(),
                    TargetCell {
                        state: TargetState::Missing,
                        action: Action::Upload,
                        reason: "not there".to_owned(),
                    },
                )]
                .into(),
            }],
            propagation: BTreeMap::new(),
        };
        insta::assert_snapshot!(to_text(&document).unwrap(), @r#"
        {
          "project": "demo",
          "version": "1.4.0",
          "complete": false,
          "deadline": "2026-12-04T14:03:00Z",
          "files": [
            {
              "filename": "demo-1.4.0.tar.gz",
              "sha256": "9f2c",
              "size": 2048,
              "targets": {
                "pypi": {
                  "state": "missing",
                  "action": "upload",
                  "reason": "not there"
                }
              }
            }
          ],
          "propagation": {}
        }
        "#);
    }
}
