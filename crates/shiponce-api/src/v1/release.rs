//! `release`, `rehearse` and `plan`: what is where, what was or would be done, and how it ended.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ErrorBody, Receipt};
use crate::ExitCode;

/// The document of `release --json`, `rehearse --json`, `publish --json` and `plan --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseDocument {
    /// How the command ended.
    pub outcome: Outcome,
    /// The project, as PEP 503 normalises it.
    pub project: String,
    /// The variant of the project that is released; `null` where there are no variants.
    pub variant: Option<String>,
    /// The version, as PEP 440 normalises it; `null` while it is not known.
    pub version: Option<String>,
    /// The released commit, in full; `null` where there is no checkout.
    pub commit: Option<String>,
    /// The tag that belongs to the version.
    pub tag: Option<String>,
    /// Whether the commit carries that tag.
    pub is_tagged: bool,
    /// The digest of the frozen manifest; `null` before the freeze.
    pub manifest_sha256: Option<String>,
    /// Every file of the release, in order of its name.
    pub files: Vec<FileRow>,
    /// The steps of the pipeline, in the order they ran or would run.
    pub steps: Vec<Step>,
    /// The receipt; `null` unless the release is complete.
    pub receipt: Option<Receipt>,
    /// Why the command ended early; `null` when it did not.
    pub error: Option<ErrorBody>,
}

/// One file of a release and what every target says about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// The file name.
    pub filename: String,
    /// The digest of the bytes; `null` means known after the build.
    pub sha256: Option<String>,
    /// The size in bytes; `null` means known after the build.
    pub size: Option<u64>,
    /// Per target name: what is there and what is to be done.
    pub targets: BTreeMap<String, TargetCell>,
}

/// One file at one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetCell {
    /// What the target says now.
    pub state: TargetState,
    /// What the run does about it, or did.
    pub action: Action,
    /// Why, in one sentence.
    pub reason: String,
}

/// What a target says about one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetState {
    /// The same bytes under the same name.
    Same,
    /// The same bytes, but withdrawn by the owner (PEP 592).
    Yanked,
    /// Nothing under that name.
    Missing,
    /// Other bytes under that name.
    Conflict,
    /// The name is there, and the target does not say which bytes.
    DigestUnknown,
    /// The same bytes under another name, which the index refuses to hold twice.
    SameBytesOtherName,
    /// The release has another source distribution already.
    SecondSdist,
    /// The name belonged to a deleted file and is never free again.
    Burned,
    /// The release takes no new files any more.
    Closed,
    /// The project is archived or quarantined (PEP 792) and takes no files.
    NotAccepting,
    /// The target could not be read.
    Unknown,
}

/// What is done about one file at one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Nothing: it is already true.
    Skip,
    /// Send the file.
    Upload,
    /// Download the file and compare it.
    Compare,
    /// Look again later, before anything else is decided.
    Wait,
    /// End the run without writing.
    Stop,
    /// Leave this target out of the run.
    LeaveOut,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything is where it belongs, and this run put some of it there.
    Released,
    /// Everything was there already.
    NothingToDo,
    /// A plan or dry run: there are changes to make.
    Changes,
    /// A check, the build or the verification failed.
    Failed,
    /// Usage or configuration error.
    Usage,
    /// A target or the manifest holds something else.
    Conflict,
    /// A target could not be observed.
    Unknown,
    /// Something was written and something is missing.
    Partial,
    /// A credential is missing, malformed or refused.
    Auth,
    /// An outside system failed after retries.
    Outside,
    /// A time limit passed while waiting.
    TimeLimit,
    /// SIGINT or SIGTERM.
    Interrupted,
    /// A bug in shiponce.
    Bug,
}

impl Outcome {
    /// The exit code a command with this outcome ends with, without `--detailed-exitcode`.
    #[must_use]
    pub const fn exit_code(self) -> ExitCode {
        match self {
            Self::Released | Self::NothingToDo | Self::Changes => ExitCode::Done,
            Self::Failed => ExitCode::Failed,
            Self::Usage => ExitCode::Usage,
            Self::Conflict => ExitCode::Conflict,
            Self::Unknown => ExitCode::Unknown,
            Self::Partial => ExitCode::Partial,
            Self::Auth => ExitCode::Auth,
            Self::Outside => ExitCode::Outside,
            Self::TimeLimit => ExitCode::TimeLimit,
            Self::Interrupted => ExitCode::Interrupted,
            Self::Bug => ExitCode::Bug,
        }
    }

    /// The outcome of a command that ended with a problem of this exit code.
    #[must_use]
    pub const fn of_failure(code: ExitCode) -> Self {
        match code {
            ExitCode::Done => Self::NothingToDo,
            ExitCode::Changes => Self::Changes,
            ExitCode::Failed => Self::Failed,
            ExitCode::Usage | ExitCode::Duplicate => Self::Usage,
            ExitCode::Conflict => Self::Conflict,
            ExitCode::Unknown => Self::Unknown,
            ExitCode::Partial => Self::Partial,
            ExitCode::Auth => Self::Auth,
            ExitCode::Outside => Self::Outside,
            ExitCode::TimeLimit | ExitCode::LockFailed => Self::TimeLimit,
            ExitCode::Interrupted => Self::Interrupted,
            ExitCode::Bug => Self::Bug,
        }
    }
}

/// One step of the pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The name of the step, such as `build` or `verify`.
    pub name: String,
    /// How it went, or what would happen.
    pub status: StepStatus,
    /// One sentence with the values.
    pub detail: String,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepStatus {
    /// It ran and succeeded.
    Done,
    /// There was nothing to do, or it was asked to be left out; the detail says which.
    Skipped,
    /// It succeeded, and something about it deserves attention.
    Warning,
    /// It failed.
    Failed,
    /// It would run (plan and dry run only).
    Planned,
    /// An earlier step ended the run.
    NotReached,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::to_text;

    #[test]
    fn a_plan_before_the_build() {
        let cell = |state, action, reason: &str| TargetCell { state, action, reason: reason.to_owned() };
        let document = ReleaseDocument {
            outcome: Outcome::Changes,
            project: "demo".to_owned(),
            variant: None,
            version: Some("1.4.0".to_owned()),
            commit: None,
            tag: Some("v1.4.0".to_owned()),
            is_tagged: false,
            manifest_sha256: None,
            files: vec![FileRow {
                filename: "demo-1.4.0-py3-none-any.whl".to_owned(),
                sha256: None,
                size: None,
                targets: BTreeMap::from([
                    ("test".to_owned(), cell(TargetState::Same, Action::Skip, "identical")),
                    ("pypi".to_owned(), cell(TargetState::Missing, Action::Upload, "not there")),
                ]),
            }],
            steps: vec![Step {
                name: "build".to_owned(),
                status: StepStatus::Planned,
                detail: "1 wheel".to_owned(),
            }],
            receipt: None,
            error: None,
        };
        insta::assert_snapshot!(to_text(&document).unwrap(), @r#"
        {
          "outcome": "changes",
          "project": "demo",
          "variant": null,
          "version": "1.4.0",
          "commit": null,
          "tag": "v1.4.0",
          "is_tagged": false,
          "manifest_sha256": null,
          "files": [
            {
              "filename": "demo-1.4.0-py3-none-any.whl",
              "sha256": null,
              "size": null,
              "targets": {
                "pypi": {
                  "state": "missing",
                  "action": "upload",
                  "reason": "not there"
                },
                "test": {
                  "state": "same",
                  "action": "skip",
                  "reason": "identical"
                }
              }
            }
          ],
          "steps": [
            {
              "name": "build",
              "status": "planned",
              "detail": "1 wheel"
            }
          ],
          "receipt": null,
          "error": null
        }
        "#);
        let back: ReleaseDocument = serde_json::from_str(&to_text(&document).unwrap()).unwrap();
        assert_eq!(back, document);
    }

    #[test]
    fn a_failure_keeps_its_exit_code() {
        for code in ExitCode::ALL {
            let kept = Outcome::of_failure(code).exit_code();
            match code {
                ExitCode::Duplicate => assert_eq!(kept, ExitCode::Usage),
                ExitCode::LockFailed => assert_eq!(kept, ExitCode::TimeLimit),
                ExitCode::Changes => assert_eq!(kept, ExitCode::Done),
                code => assert_eq!(kept, code),
            }
        }
    }
}
