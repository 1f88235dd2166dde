//! `release`, `rehearse` and `plan` of several packages: the variants of a project, the members of a workspace.

use serde::{Deserialize, Serialize};

use super::{ErrorBody, Outcome, ReleaseDocument};

/// The document of `release --json`, `rehearse --json` and `plan --json` for several packages. For one package it is
/// the [`ReleaseDocument`] itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchDocument {
    /// How the command ended, all packages together.
    pub outcome: Outcome,
    /// Whether every package is where it belongs, some, or none.
    pub success: Success,
    /// The packages that are complete on every target now, those that were so before included.
    pub published: Vec<String>,
    /// What was found before anything was built; `null` in a dry run, whose packages say it themselves, and when no
    /// package came that far.
    pub preflight: Option<Preflight>,
    /// Each package's own document, in the order they were released.
    pub packages: Vec<ReleaseDocument>,
    /// The error that decides the exit code; `null` when every package succeeded.
    pub error: Option<ErrorBody>,
}

/// How much of a batch succeeded. Words and not a boolean, because there are three answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Success {
    /// Every package.
    True,
    /// Some packages, or some files of one.
    Partial,
    /// None.
    False,
}

/// What a batch has before it, each package as `name version` (the name alone while the version is not known).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preflight {
    /// Every file is on every target.
    pub complete: Vec<String>,
    /// Files of this version are there, and whether they are this commit's is found out next.
    pub compare: Vec<String>,
    /// Packages that are to be built.
    pub build: Vec<String>,
    /// Packages whose files are known, and not on every target.
    pub publish: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::to_text;

    #[test]
    fn success_is_a_word() {
        let document = BatchDocument {
            outcome: Outcome::Partial,
            success: Success::Partial,
            published: vec!["demo-cpu".to_owned()],
            preflight: Some(Preflight { build: vec!["demo-cpu 1.0".to_owned()], ..Preflight::default() }),
            packages: Vec::new(),
            error: None,
        };
        insta::assert_snapshot!(to_text(&document).unwrap(), @r#"
        {
          "outcome": "partial",
          "success": "partial",
          "published": [
            "demo-cpu"
          ],
          "preflight": {
            "complete": [],
            "compare": [],
            "build": [
              "demo-cpu 1.0"
            ],
            "publish": []
          },
          "packages": [],
          "error": null
        }
        "#);
    }
}
