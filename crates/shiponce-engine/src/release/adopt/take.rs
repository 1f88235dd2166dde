//! Files that another machine froze or published: fetched by their digests, handed over, frozen here.

use super::{Published, taken};
use crate::bytes::{belong_together, manifest_of, named_from_store, open_all, open_store, payloads};
use crate::fetch::Wanted;
use crate::observe::Seen;
use crate::planning::{make_plan, stops_before_writing};
use crate::problem::{bytes_missing, files};
use crate::release::Pipeline;
use crate::release::prepare::Prepared;
use crate::report::Say as _;
use crate::session::Session;
use crate::table::planned_rows;
use shiponce_api::Problem;
use shiponce_api::v1::StepStatus;

impl Pipeline<'_> {
    /// Takes a published release in hand, as if it had been frozen here before.
    pub(in crate::release) async fn take_published(
        &mut self,
        session: &Session<'_>,
        published: &Published,
        seen: &[Seen],
    ) -> Result<Prepared, Problem> {
        let (context, request) = (self.context, self.request);
        let count = files(published.files.len());
        let detail = match published.frozen {
            Some(_) => format!("{count} frozen on another machine, nothing built"),
            None => format!("{count} published from this commit, nothing built"),
        };
        context.report.info(format!("{} {}: {detail}", request.project, published.version));
        self.steps.note("build", StepStatus::Skipped, detail);
        let store = open_store(context)?;
        let folder = context.state.temp.join("frozen");
        let wanted = || published.files.iter().map(|(name, sha256)| (name.as_str(), *sha256));
        let (_, missing) = named_from_store(context, &store, wanted(), &folder)?;
        for name in &missing {
            let Some(sha256) = published.files.get(name) else { continue };
            let wanted = Wanted { name, sha256: *sha256, size: published.sizes.get(name).copied() };
            self.fetch(&store, wanted, seen).await?;
        }
        let from_run = self.fetch_from_run(&store, &published.manifest(&request.project), &missing).await?;
        let (paths, missing) = named_from_store(context, &store, wanted(), &folder)?;
        if let Some(name) = missing.first() {
            return Err(bytes_missing(name, &taken(seen)));
        }
        let files = open_all(&paths)?;
        belong_together(&files, &request.project, Some(&published.version))?;
        let commit = Some(published.commit.clone());
        let made = manifest_of(&files, &request.project, &published.version, commit, None);
        let manifest = published.frozen.clone().unwrap_or(made);
        for (name, entry) in &manifest.assets {
            // What only the page shows is needed only where the page lacks it; then the page says so.
            let wanted = Wanted { name, sha256: entry.sha256, size: Some(entry.size) };
            self.fetch_from_page(&store, wanted).await?;
        }
        session.begin_press(&published.version, manifest.commit.as_deref(), request.command)?;
        // As before any freeze: bytes that a target contradicts could never be resumed afterwards.
        let (plan, seen) = make_plan(session, &request.targets, &manifest, seen.to_vec()).await?;
        self.files = planned_rows(&plan);
        stops_before_writing(context, session, &request.targets, &plan, &seen)?;
        self.page_allows(session, &manifest).await?;
        from_run.hand_over(session, &manifest)?;
        session.hand_over(&manifest, published.how)?;
        let manifest = session.freeze(&manifest)?;
        self.steps.note("freeze", StepStatus::Done, format!("{} files", manifest.files.len()));
        self.manifest = Some(manifest.clone());
        Ok(Prepared { manifest, payloads: payloads(&store, &files)?, files, store })
    }
}
