//! `verify`: what was installed, imported and compared.

use serde::{Deserialize, Serialize};

use super::{ErrorBody, Outcome};

/// The document of `verify --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyDocument {
    /// How the command ended.
    pub outcome: Outcome,
    /// The project, as PEP 503 normalises it.
    pub project: String,
    /// The version, as PEP 440 normalises it.
    pub version: String,
    /// The interpreter the files were installed with; `null` when none could run any of them.
    pub python: Option<String>,
    /// Every file, in order of its name.
    pub files: Vec<VerifyRow>,
    /// Why the command ended early; `null` when it did not.
    pub error: Option<ErrorBody>,
}

/// One file that was verified, or could not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyRow {
    /// The file name.
    pub filename: String,
    /// The digest of the bytes that were installed.
    pub sha256: String,
    /// Where they came from: an index name, or `local`.
    pub from: String,
    /// How it went.
    pub status: VerifyStatus,
    /// One sentence with the values.
    pub detail: String,
}

/// How the verification of one file went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerifyStatus {
    /// Installed, imported, version as expected.
    Verified,
    /// It did not install, import or report its version.
    Failed,
    /// No interpreter or platform here can run it. This never counts as verified.
    NotVerifiableHere,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::to_text;

    #[test]
    fn a_foreign_platform_is_not_a_pass() {
        let document = VerifyDocument {
            outcome: Outcome::Failed,
            project: "demo".to_owned(),
            version: "1.4.0".to_owned(),
            python: None,
            files: vec![VerifyRow {
                filename: "demo-1.4.0-cp313-cp313-win_amd64.whl".to_owned(),
                sha256: "9f2c".to_owned(),
                from: "test".to_owned(),
                status: VerifyStatus::NotVerifiableHere,
                detail: "not verifiable here: no matching platform".to_owned(),
            }],
            error: None,
        };
        insta::assert_snapshot!(to_text(&document).unwrap(), @r#"
        {
          "outcome": "failed",
          "project": "demo",
          "version": "1.4.0",
          "python": null,
          "files": [
            {
              "filename": "demo-1.4.0-cp313-cp313-win_amd64.whl",
              "sha256": "9f2c",
              "from": "test",
              "status": "not-verifiable-here",
              "detail": "not verifiable here: no matching platform"
            }
          ],
          "error": null
        }
        "#);
    }
}
