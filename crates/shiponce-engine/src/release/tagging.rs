//! `release --create-tag`: the tag of `shiponce tag`, before anything is built.

use super::pipeline::Pipeline;
use crate::gates::before_build;
use crate::report::Say as _;
use crate::tag::{TagRequest, tag};
use shiponce_api::v1::{StepStatus, TagWord};
use shiponce_api::{ErrorCode, Problem};

impl Pipeline<'_> {
    /// Creates and pushes the tag when it was asked for and HEAD lacks it. Returns whether a dry run would do so.
    pub(super) async fn create_tag(&mut self) -> Result<bool, Problem> {
        let request = self.request;
        let (Some(create), Some(checkout)) = (&request.create_tag, &mut self.checkout) else {
            return Ok(false);
        };
        let version = before_build(request, &checkout.tags)?.ok_or_else(|| {
            Problem::new(
                ErrorCode::Usage,
                "the version is known only after the build, so no tag can be made for it",
            )
            .hint("shiponce tag VERSION --push, then press again without --create-tag")
        })?;
        let name = request.tag.tag_of(&version, &checkout.tags);
        if checkout.tags.contains(&name) {
            return Ok(false);
        }
        let wanted = TagRequest {
            project_dir: request.project_dir.clone(),
            version,
            rule: request.tag.clone(),
            gate: request.version_gate.clone().unwrap_or_default(),
            create: create.clone(),
            build: None,
            push: true,
            dry_run: !request.write,
        };
        let made = tag(self.context, &wanted).await?;
        let word =
            if made.outcome == TagWord::WouldCreate { "would be created" } else { "created and pushed" };
        self.context.report.success(format!("Tag {} {word}", made.tag));
        let status = if request.write { StepStatus::Done } else { StepStatus::Planned };
        self.steps.note("tag", status, format!("{} {word}", made.tag));
        if request.write {
            checkout.tags.push(made.tag);
        }
        Ok(!request.write)
    }
}
