//! The run, and what of a release its artifacts hold.

use super::artifact::{Kept, Place};
use super::inside::extract;
use crate::context::Context;
use crate::fetch::{Wanted, locally};
use crate::problem::{one_line, short};
use crate::python::interrupted;
use crate::report::Say as _;
use shiponce_api::Problem;
use shiponce_core::Sha256;
use shiponce_forge::{Artifact, Client, Error};
use shiponce_store::Store;
use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::PathBuf;
use tokio::sync::Mutex;

/// Bytes fetched or unpacked for a release besides [`TIMES`] its own.
const SLACK: u64 = 64 << 20;
/// How many times the size of a release is fetched, or unpacked of one archive, at most: one artifact may hold the files
/// of several releases, and others hold none.
const TIMES: u64 = 8;

/// A workflow run of GitHub Actions, and what is known of its artifacts. Releases of one press share it: the list is
/// asked for once, and only when a file is looked for.
#[derive(Debug)]
pub struct CiRun {
    run: u64,
    commit: String,
    client: Result<Client, String>,
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Artifacts that count; `None` before the first look.
    listed: Option<Vec<Kept>>,
    places: BTreeMap<Sha256, Place>,
}

/// Files of a release that are looked for.
#[derive(Debug)]
pub(crate) struct Sought<'a> {
    /// What is checked out, if there is a checkout.
    pub(crate) commit: Option<&'a str>,
    /// The files.
    pub(crate) files: Vec<Wanted<'a>>,
    /// The size of the whole release in bytes.
    pub(crate) release_bytes: u64,
}

impl CiRun {
    /// The run with this number, for `commit`. `client` speaks to its repository, or says why nothing does; what is
    /// fetched goes into `folder`.
    #[must_use]
    pub fn new(run: u64, commit: String, client: Result<Client, String>, folder: PathBuf) -> Self {
        Self { run, commit, client, folder, state: Mutex::default() }
    }

    /// The artifact that holds each file, by the digest of the file. What is not among them is not held.
    ///
    /// # Errors
    /// `interrupted`
    pub(crate) async fn holding(
        &self,
        context: &Context,
        sought: &Sought<'_>,
    ) -> Result<BTreeMap<Sha256, String>, Problem> {
        let mut state = self.state.lock().await;
        self.look(context, &mut state, sought).await?;
        let held = sought.files.iter().filter_map(|file| {
            Some((
                file.sha256,
                format!("artifact {} of run {}", state.places.get(&file.sha256)?.artifact, self.run),
            ))
        });
        Ok(held.collect())
    }

    /// Puts the files that are held into the store, and names their digests.
    ///
    /// # Errors
    /// When the disk fails; `interrupted`.
    pub(crate) async fn fetch(
        &self,
        context: &Context,
        sought: &Sought<'_>,
        store: &Store,
    ) -> Result<Vec<Sha256>, Problem> {
        let mut state = self.state.lock().await;
        self.look(context, &mut state, sought).await?;
        let mut fetched = Vec::new();
        for file in &sought.files {
            let Some(place) = state.places.get(&file.sha256) else { continue };
            let name = file.name;
            context.report.info(format!("Taking {name} from the artifact {} by its digest", place.artifact));
            let path = context.state.temp.join(format!("fetched-{name}"));
            let mut sink = fs_err::File::create(&path).map_err(|error| locally(&error))?;
            let source = fs_err::File::open(&place.path).map_err(|error| locally(&error))?;
            match &place.member {
                Some(member) => extract(BufReader::new(source), member, &mut sink)
                    .map_err(|error| locally(&one_line(&error)))?,
                None => std::io::copy(&mut BufReader::new(source), &mut sink)
                    .map(drop)
                    .map_err(|error| locally(&error))?,
            }
            drop(sink);
            store.put_file(&path, file.sha256).map_err(|error| locally(&error))?;
            fs_err::remove_file(&path).map_err(|error| locally(&error))?;
            fetched.push(file.sha256);
        }
        Ok(fetched)
    }

    async fn look(&self, context: &Context, state: &mut State, sought: &Sought<'_>) -> Result<(), Problem> {
        let Ok(client) = &self.client else { return self.none(context, state, self.client.as_ref().err()) };
        if sought.commit != Some(self.commit.as_str()) {
            let here = sought.commit.map_or("no commit", short);
            let why = format!("the run is for commit {}, and {here} is checked out", short(&self.commit));
            return self.none(context, state, Some(&why));
        }
        if state.listed.is_none() {
            let listed = tokio::select! {
                listed = client.run_artifacts(self.run) => listed,
                () = context.cancel.cancelled() => return Err(interrupted()),
            };
            let listed = match listed {
                Ok(listed) => listed,
                Err(error) => return self.none(context, state, Some(&unlisted(&error))),
            };
            let mut kept: Vec<Kept> =
                listed.into_iter().filter(|artifact| self.counts(context, artifact)).map(Kept::new).collect();
            // Small ones cost little to be wrong about.
            kept.sort_by_key(|kept| (kept.artifact.size, kept.artifact.id));
            state.listed = Some(kept);
        }
        let State { listed: Some(listed), places } = state else { return Ok(()) };
        let allowance = sought.release_bytes.saturating_mul(TIMES).saturating_add(SLACK);
        let mut left = allowance;
        for kept in listed {
            let wanted: Vec<Wanted<'_>> =
                sought.files.iter().filter(|file| !places.contains_key(&file.sha256)).copied().collect();
            if wanted.is_empty() {
                break;
            }
            let Some(rest) = left.checked_sub(kept.cost()) else {
                let Artifact { name, size, .. } = &kept.artifact;
                context.report.info(format!("The artifact {name} is not looked into: it has {size} bytes"));
                continue;
            };
            left = rest;
            places.extend(kept.look(context, client, &self.folder, &wanted, allowance).await?);
        }
        Ok(())
    }

    /// Says once why no artifact counts.
    fn none(&self, context: &Context, state: &mut State, why: Option<&String>) -> Result<(), Problem> {
        if state.listed.is_none() {
            let why = why.map(String::as_str).unwrap_or_default();
            context.report.warning(format!("The artifacts of run {} count for nothing: {why}", self.run));
            state.listed = Some(Vec::new());
        }
        Ok(())
    }

    fn counts(&self, context: &Context, artifact: &Artifact) -> bool {
        let name = &artifact.name;
        let why = match &artifact.commit {
            _ if artifact.expired => "it has expired".to_owned(),
            Some(commit) if *commit == self.commit => return true,
            Some(commit) => format!("it is from commit {}, not {}", short(commit), short(&self.commit)),
            None => "GitHub does not say which commit it is from".to_owned(),
        };
        context.report.warning(format!("The artifact {name} counts for nothing: {why}"));
        false
    }
}

fn unlisted(error: &Error) -> String {
    let said = one_line(error);
    match error {
        Error::Forbidden { .. } | Error::NotFound { .. } => {
            format!("{said}; the job needs permissions: actions: read")
        }
        _ => said,
    }
}
