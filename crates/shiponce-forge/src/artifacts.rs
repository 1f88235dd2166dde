//! Artifacts of workflow runs: bytes that other jobs have built.

use std::io::Write;

use jiff::Timestamp;
use shiponce_core::Sha256;

use crate::answer::Call;
use crate::client::Client;
use crate::download::Fetched;
use crate::error::Error;
use crate::wire::WireArtifacts;

/// One artifact: a zip archive of what a job has handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its number.
    pub id: u64,
    /// The name the job gave it. A run that was run again may have several of one name.
    pub name: String,
    /// The length of the archive in bytes.
    pub size: u64,
    /// The digest of the archive, where GitHub tells it.
    pub digest: Option<Sha256>,
    /// Whether GitHub has removed the bytes (after 90 days, unless configured otherwise).
    pub expired: bool,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// The commit its run was for, where GitHub tells it. A run for a pull request is for the head of its branch, and
    /// checks out a merge that is another commit.
    pub commit: Option<String>,
}

impl Client {
    /// Every artifact of a workflow run.
    ///
    /// # Errors
    /// [`Error`]; a list that is not whole is one.
    pub async fn run_artifacts(&self, run: u64) -> Result<Vec<Artifact>, Error> {
        let call = Call::read(format!("list the artifacts of run {run} of {}", self.repository()));
        let url = self.api(&["actions", "runs", &run.to_string(), "artifacts"]);
        let pages: Vec<WireArtifacts> = self.read_pages(&call, url).await?;
        Ok(pages.into_iter().flat_map(|page| page.artifacts).map(Artifact::from).collect())
    }

    /// Streams the archive of an artifact into `sink`. What is in the sink counts only when this succeeds. It needs a
    /// token even where the repository is public.
    ///
    /// # Errors
    /// [`Error`]; an expired artifact is [`Error::NotFound`] (GitHub answers 410).
    pub async fn download_artifact(
        &self,
        artifact: &Artifact,
        max_bytes: u64,
        sink: &mut (dyn Write + Send),
    ) -> Result<Fetched, Error> {
        let id = artifact.id.to_string();
        let call = Call::read(format!("download artifact {} of {}", artifact.name, self.repository()));
        let url = self.api(&["actions", "artifacts", &id, "zip"]);
        self.download(&call, &url, artifact.digest, max_bytes, sink).await
    }
}
