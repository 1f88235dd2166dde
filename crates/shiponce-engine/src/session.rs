//! One press: the lease, its beat, the journal, the index reader and sender.

use crate::context::Context;
use crate::python::interrupted;
use crate::report::Say as _;
use crate::stage::rest;
use crate::target::ReleaseTarget;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::journal::{Event, History};
use shiponce_core::{Manifest, PackageName, Sha256, Version};
use shiponce_index::{Observer, ReadOptions, UploadOptions, Uploader};
use shiponce_io::Cancel;
use shiponce_ledger::{
    Acquired, Beat, Entry, Fence, FreezeError, HolderId, Lease, Ledger, NewPress, OpenError, Options,
    PressId, StepId, release_group,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often a waiter asks whether it is its turn.
const ASK_EVERY: Duration = Duration::from_millis(250);

/// The lease of a project, beating in the background until it is given back.
#[derive(Debug)]
pub(crate) struct Held {
    fence: Fence,
    lease: Arc<Mutex<Option<Lease>>>,
    beat: tokio::task::JoinHandle<()>,
    lost: Cancel,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.beat.abort();
    }
}

/// Everything a press works with while it holds the lease.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pub(crate) context: &'a Context,
    pub(crate) ledger: Ledger,
    pub(crate) project: PackageName,
    pub(crate) observer: Observer,
    pub(crate) uploader: Uploader,
    held: Held,
    press: Mutex<Option<PressId>>,
    /// Digests found by downloading, by address.
    digests: Mutex<BTreeMap<String, Sha256>>,
}

impl<'a> Session<'a> {
    /// Waits for `release/<project>`, first come, first served, and begins to hold it.
    ///
    /// # Errors
    /// `lease-timeout` after `wait`; `ledger-unusable`; `interrupted`.
    pub(crate) async fn begin(
        context: &'a Context,
        project: &PackageName,
        wait: Duration,
    ) -> Result<Self, Problem> {
        let ledger = open_ledger(context)?;
        let held = acquire(context, &ledger, project, wait).await?;
        Ok(Self {
            context,
            ledger,
            project: project.clone(),
            observer: observer(context, &[]),
            uploader: Uploader::new(
                context.transport.clone(),
                context.clock.clone(),
                UploadOptions::default(),
            ),
            held,
            press: Mutex::new(None),
            digests: Mutex::default(),
        })
    }

    pub(crate) fn fence(&self) -> &Fence {
        &self.held.fence
    }

    /// Refuses to go on after Ctrl-C, and when the beat has found that another press took over.
    ///
    /// # Errors
    /// `interrupted` or `lease-timeout`.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        if self.context.cancel.is_cancelled() {
            return Err(interrupted());
        }
        if self.held.lost.is_cancelled() {
            let message = format!("{} is held by another press now", self.held.fence.group);
            return Err(taken_over(Problem::new(ErrorCode::LeaseTimeout, message)));
        }
        Ok(())
    }

    /// Waits until this press must not go on, and says why in a word: what is on its way then is given up.
    pub(crate) async fn halted(&self) -> &'static str {
        tokio::select! {
            () = self.context.cancel.cancelled() => "interrupted while sending",
            () = self.held.lost.cancelled() => "another press took over while sending",
        }
    }

    pub(crate) fn press(&self) -> Option<PressId> {
        *self.press.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes that a press of a version begins.
    pub(crate) fn begin_press(
        &self,
        version: &Version,
        commit: Option<&str>,
        command: &str,
    ) -> Result<(), Problem> {
        let press = NewPress { project: &self.project, version, commit, note: command };
        let id = self.ledger.begin_press(self.fence(), &press).map_err(|error| ledger_problem(&error))?;
        *self.press.lock().unwrap_or_else(PoisonError::into_inner) = Some(id);
        Ok(())
    }

    /// Writes how the press ended and gives the lease back. A lease that is lost has nothing to give back.
    pub(crate) fn end(&self, outcome: &str) {
        if let Some(press) = self.press()
            && let Err(error) = self.ledger.end_press(self.fence(), &self.project, press, outcome)
        {
            self.context.report.warning(format!("the end of this press could not be recorded: {error}"));
        }
        let lease = self.held.lease.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(error)) = lease.map(Lease::release) {
            self.context
                .report
                .warning(format!("the lease could not be given back, it ends by itself: {error}"));
        }
    }

    /// Notes that a phase begins, for `status` in another terminal. Losing the note never stops a release.
    pub(crate) fn start_step(&self, phase: &str) -> Option<StepId> {
        self.context.report.event(shiponce_api::v1::Level::Info, "step.started", &[("step", phase)]);
        let press = self.press()?;
        self.ledger.start_step(self.fence(), &self.project, press, phase).ok()
    }

    /// Notes that a phase ended.
    pub(crate) fn finish_step(&self, step: Option<StepId>, phase: &str, outcome: &str, detail: &str) {
        let fields = [("step", phase), ("outcome", outcome), ("detail", detail)];
        self.context.report.event(shiponce_api::v1::Level::Info, "step.finished", &fields);
        if let Some(step) = step {
            // As at the start: the note is for people, the journal is what counts.
            drop(self.ledger.finish_step(self.fence(), &self.project, step, outcome, detail));
        }
    }

    /// Writes one journal event. When an intent cannot be written, nothing may be sent.
    pub(crate) fn journal(
        &self,
        target: &ReleaseTarget,
        manifest: &Manifest,
        filename: &str,
        event: &Event,
    ) -> Result<(), Problem> {
        let press =
            self.press().ok_or_else(|| Problem::new(ErrorCode::Internal, "an effect outside a press"))?;
        let entry = Entry {
            press,
            target: &target.core.identity,
            project: &self.project,
            version: &manifest.version,
            filename,
            event,
        };
        self.ledger.append(self.fence(), &entry).map(drop).map_err(|error| ledger_problem(&error))
    }

    /// What the journal says of every file on a target. A name burned in any earlier version counts.
    pub(crate) fn histories(
        &self,
        target: &ReleaseTarget,
        manifest: &Manifest,
    ) -> Result<BTreeMap<String, History>, Problem> {
        histories(&self.ledger, target, &manifest.project, &manifest.version, self.press())
    }

    /// Freezes a manifest: names may be added, nothing frozen may change.
    pub(crate) fn freeze(&self, offered: &Manifest) -> Result<Manifest, Problem> {
        match self.ledger.freeze(self.fence(), offered) {
            Ok(merged) => Ok(merged.manifest),
            Err(FreezeError::Conflict { source }) => Err(Problem::from_error(
                ErrorCode::ManifestMismatch,
                &source,
            )
            .note("Nothing was uploaded by this run.")
            .hint("the release was frozen before; resume it from the same commit, or release a new version")),
            Err(FreezeError::Ledger { source }) => Err(ledger_problem(&source)),
        }
    }

    /// Records that these bytes were handed to this user's own state, which is what allows uploading them.
    pub(crate) fn hand_over(&self, manifest: &Manifest, how: &str) -> Result<(), Problem> {
        let files = manifest.files.values().map(|entry| entry.sha256);
        let assets = manifest.assets.values().map(|entry| entry.sha256);
        let digests: Vec<Sha256> = files.chain(assets).collect();
        let noted = self.ledger.hand_over(self.fence(), &self.project, &manifest.version, &digests, how);
        noted.map_err(|error| ledger_problem(&error))
    }

    /// Refuses bytes that nobody handed over: a ledger may stop an upload, never cause one.
    pub(crate) fn vouched(&self, manifest: &Manifest, name: &str, sha256: Sha256) -> Result<(), Problem> {
        let digests = self
            .ledger
            .handed_over(&self.project, &manifest.version)
            .map_err(|error| ledger_problem(&error))?;
        if digests.contains_key(&sha256) {
            return Ok(());
        }
        Err(Problem::new(ErrorCode::BytesMissing, format!("nobody handed over the bytes of {name}"))
            .fact("sha256", sha256.to_string())
            .hint("hand the files over: shiponce publish FILES"))
    }

    /// Stores the receipt.
    pub(crate) fn put_receipt(&self, version: &Version, json: &str) -> Result<(), Problem> {
        let stored = self.ledger.put_receipt(self.fence(), &self.project, version, json);
        stored.map(drop).map_err(|error| ledger_problem(&error))
    }

    /// The digest of a file that an index lists without one, by downloading it into nothing; once a press.
    pub(crate) async fn digest_of(
        &self,
        target: &ReleaseTarget,
        filename: &str,
        url: &str,
    ) -> Result<Sha256, Problem> {
        let digests = || self.digests.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = digests().get(url).copied() {
            return Ok(known);
        }
        let label = &target.label;
        let line = format!("{label} gives no digest for {filename}; downloading it to compare");
        self.context.report.info(line);
        let digest = crate::fetch::digest_of(self.context, &target.index, url).await?;
        digests().insert(url.to_owned(), digest);
        Ok(digest)
    }
}

/// What a ledger says of every file of a release on a target, as a press sees it (`None`: one that begins now). A name
/// burned in any earlier version counts.
///
/// # Errors
/// When the ledger cannot be read.
pub(crate) fn histories(
    ledger: &Ledger,
    target: &ReleaseTarget,
    project: &PackageName,
    version: &Version,
    press: Option<PressId>,
) -> Result<BTreeMap<String, History>, Problem> {
    let identity = &target.core.identity;
    let read = || {
        let mut histories = ledger.history(identity, project, version, press)?;
        for name in ledger.burned(identity, project)? {
            histories.entry(name).or_default().burned = true;
        }
        Ok(histories)
    };
    read().map_err(|error| ledger_problem(&error))
}

/// An index reader with the user's cache.
pub(crate) fn observer(context: &Context, targets: &[ReleaseTarget]) -> Observer {
    observer_with(context, targets, false)
}

/// The same for a dry run: it uses what is cached and leaves no file behind.
pub(crate) fn dry_observer(context: &Context, targets: &[ReleaseTarget]) -> Observer {
    observer_with(context, targets, true)
}

fn observer_with(context: &Context, targets: &[ReleaseTarget], cache_read_only: bool) -> Observer {
    let ttl_by_index =
        targets.iter().map(|target| (target.core.identity.clone(), target.cache_ttl)).collect();
    let cache_folder = Some(context.state.cache());
    let options = ReadOptions { ttl_by_index, cache_folder, cache_read_only, ..ReadOptions::default() };
    Observer::new(context.transport.clone(), context.clock.clone(), options)
}

/// Opens the user's ledger.
pub(crate) fn open_ledger(context: &Context) -> Result<Ledger, Problem> {
    Ledger::open(&context.state.ledger, context.clock.clone(), Options::usual())
        .map_err(|error| open_problem(&error))
}

/// Opens the user's ledger for looking at it; nothing is made or written.
pub(crate) fn read_ledger(context: &Context) -> Result<Ledger, Problem> {
    Ledger::open_read_only(&context.state.ledger, context.clock.clone(), Options::usual())
        .map_err(|error| open_problem(&error))
}

fn open_problem(error: &OpenError) -> Problem {
    let hint = match error {
        OpenError::Newer { .. } => "use the newer shiponce that wrote it",
        _ => "name another state directory with --state-dir, on a local disk that only you can read",
    };
    Problem::from_error(ErrorCode::LedgerUnusable, error).note("Nothing was uploaded by this run.").hint(hint)
}

pub(crate) fn ledger_problem(error: &shiponce_ledger::Error) -> Problem {
    if matches!(error, shiponce_ledger::Error::Fenced { .. }) {
        return taken_over(Problem::from_error(ErrorCode::LeaseTimeout, error));
    }
    Problem::from_error(ErrorCode::LedgerUnusable, error)
        .note("Without a record nothing more is sent.")
        .hint("make room or repair the disk, then press again")
}

fn taken_over(problem: Problem) -> Problem {
    problem
        .note("Another press took the release over; this one sends nothing more.")
        .hint("shiponce status shows who works on it; press again to join the queue")
}

async fn acquire(
    context: &Context,
    ledger: &Ledger,
    project: &PackageName,
    wait: Duration,
) -> Result<Held, Problem> {
    let id: HolderId = context
        .ids
        .uuid()
        .to_string()
        .parse()
        .map_err(|error| Problem::from_error(ErrorCode::Internal, &error))?;
    let holder = ledger.register(id).map_err(|error| ledger_problem(&error))?;
    let group = release_group(project);
    let started = context.clock.monotonic();
    let mut said = None;
    loop {
        match ledger.acquire(&group, &holder).map_err(|error| ledger_problem(&error))? {
            Acquired::Granted(lease) => {
                let fence = lease.fence().clone();
                let lease = Arc::new(Mutex::new(Some(lease)));
                let lost = Cancel::new();
                let every = ledger.options().beat;
                let beat = tokio::spawn(beat(context.clone(), lease.clone(), lost.clone(), every));
                return Ok(Held { fence, lease, beat, lost });
            }
            Acquired::Waiting { ahead, behind } => {
                if said != Some((ahead, behind.clone())) {
                    let line =
                        format!("Waiting for {group}: another press works on it, {ahead} more before us");
                    context.report.info(line);
                    said = Some((ahead, behind));
                }
            }
        }
        let waited = context.clock.monotonic().saturating_sub(started);
        let over =
            if waited >= wait { Err(waited_too_long(&group, wait)) } else { rest(context, ASK_EVERY).await };
        if let Err(problem) = over {
            // Leaving is a courtesy: a seat nobody asks for is passed over anyway.
            drop(ledger.leave(&group, &holder));
            return Err(problem);
        }
    }
}

fn waited_too_long(group: &str, wait: Duration) -> Problem {
    Problem::new(
        ErrorCode::LeaseTimeout,
        format!("another press held {group} for longer than {} s", wait.as_secs()),
    )
    .note("Nothing was uploaded by this run; what it waited for goes on.")
    .hint("press again, or wait longer with --wait")
}

async fn beat(context: Context, lease: Arc<Mutex<Option<Lease>>>, lost: Cancel, every: Duration) {
    loop {
        context.clock.sleep(every).await;
        let beaten = lease.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(Lease::beat);
        match beaten {
            Some(Ok(Beat::Renewed)) => {}
            // The next journal write would be refused by its token; those who wait need not wait for that.
            Some(Ok(Beat::Lost)) => return lost.cancel(),
            None => return,
            Some(Err(error)) => context.report.warning(format!("the lease could not be renewed: {error}")),
        }
    }
}
