//! One artifact of a run: fetched once, read as often as files are looked for.

use super::inside::{Member, find};
use crate::context::Context;
use crate::fetch::Wanted;
use crate::problem::one_line;
use crate::python::interrupted;
use crate::report::Say as _;
use shiponce_api::Problem;
use shiponce_core::Sha256;
use shiponce_forge::{Artifact, Client};
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Where in the artifacts of a run a file is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The name of the artifact.
    pub(super) artifact: String,
    /// What was fetched of it.
    pub(super) path: PathBuf,
    /// The name in the archive; `None` when the artifact is the file itself, as `archive: false` uploads it.
    pub(super) member: Option<String>,
}

/// An artifact that counts: of this run, for its commit, not expired.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) artifact: Artifact,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// At GitHub only.
    There,
    /// Here, with the digest of the whole.
    Here(PathBuf, Sha256),
    /// It could not be read, and is not asked for again.
    Unreadable,
}

impl Kept {
    pub(super) fn new(artifact: Artifact) -> Self {
        Self { artifact, content: Content::There }
    }

    /// What fetching it costs, in bytes.
    pub(super) fn cost(&self) -> u64 {
        if matches!(self.content, Content::There) { self.artifact.size } else { 0 }
    }

    /// Where wanted files are in it. What cannot be read holds nothing.
    ///
    /// # Errors
    /// `interrupted`
    pub(super) async fn look(
        &mut self,
        context: &Context,
        client: &Client,
        folder: &Path,
        wanted: &[Wanted<'_>],
        allowance: u64,
    ) -> Result<Vec<(Sha256, Place)>, Problem> {
        if let Content::There = self.content {
            self.fetch(context, client, folder).await?;
        }
        let Content::Here(path, whole) = &self.content else { return Ok(Vec::new()) };
        let place = |member| Place { artifact: self.artifact.name.clone(), path: path.clone(), member };
        if wanted.iter().any(|file| file.sha256 == *whole) {
            return Ok(vec![(*whole, place(None))]);
        }
        let read = fs_err::File::open(path)
            .map_err(|error| error.to_string())
            .and_then(|file| find(BufReader::new(file), wanted, allowance).map_err(|error| one_line(&error)));
        match read {
            Ok(found) => {
                let placed =
                    found.into_iter().map(|Member { sha256, name }| (sha256, place(Some(name)))).collect();
                Ok(placed)
            }
            Err(why) => {
                self.give_up(context, &why);
                Ok(Vec::new())
            }
        }
    }

    async fn fetch(&mut self, context: &Context, client: &Client, folder: &Path) -> Result<(), Problem> {
        let path = folder.join(format!("{}.zip", self.artifact.id));
        let file = fs_err::create_dir_all(folder).and_then(|()| fs_err::File::create(&path));
        let mut file = match file {
            Ok(file) => file,
            Err(error) => {
                self.give_up(context, &error.to_string());
                return Ok(());
            }
        };
        let name = &self.artifact.name;
        context.report.info(format!("Looking into the artifact {name}"));
        let fetched = tokio::select! {
            fetched = client.download_artifact(&self.artifact, self.artifact.size, &mut file) => fetched,
            () = context.cancel.cancelled() => return Err(interrupted()),
        };
        match fetched {
            Ok(fetched) => self.content = Content::Here(path, fetched.sha256),
            Err(error) => self.give_up(context, &one_line(&error)),
        }
        Ok(())
    }

    fn give_up(&mut self, context: &Context, why: &str) {
        context.report.warning(format!("The artifact {} is not read: {why}", self.artifact.name));
        self.content = Content::Unreadable;
    }
}
