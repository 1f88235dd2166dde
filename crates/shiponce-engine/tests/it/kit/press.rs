//! Presses of `release` that take a folder of files.

use super::lab::Lab;
use shiponce_engine::{
    Expectation, Finished, Input, ReleaseRequest, ReleaseTarget, TagRule, VerifyOptions, release,
};
use std::path::Path;
use std::time::Duration;

/// A release of `demo 1.0` from a folder, outside any repository.
pub(crate) fn request(folder: &Path, targets: Vec<ReleaseTarget>) -> ReleaseRequest {
    ReleaseRequest {
        project_dir: folder.to_owned(),
        project: "demo".parse().unwrap(),
        declared_version: Some("1.0".parse().unwrap()),
        tag: TagRule {
            template: shiponce_config::TagTemplate::parse("v{version}").unwrap(),
            package: "demo".to_owned(),
            variant: None,
        },
        version_gate: None,
        create_tag: None,
        expect: Expectation::Anything,
        legs: Vec::new(),
        max_jobs: 1,
        suffix: None,
        shares_folder: false,
        input: Input::Folder(folder.to_owned()),
        verify: VerifyOptions::none(),
        targets,
        github: None,
        ci_run: None,
        left_out: Vec::new(),
        allow_dirty: true,
        single_copy: false,
        force: false,
        write: true,
        wait: Duration::from_secs(60),
        command: "release",
        credentials_in_environment: Vec::new(),
    }
}

impl Lab {
    pub(crate) async fn release(&self, request: &ReleaseRequest) -> Finished {
        release(&self.context(), request).await
    }
}
