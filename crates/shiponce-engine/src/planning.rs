//! Plans: made from observations and the journal, shown, and held against the rules before anything is written.

use crate::context::Context;
use crate::observe::{Seen, observe_or_stop};
use crate::problem::{StopContext, files, first_that_applies, partial_problem, stop_problem, target_total};
use crate::python::interrupted;
use crate::report::{Confirmation, Say as _};
use crate::session::Session;
use crate::stage::rest;
use crate::target::ReleaseTarget;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::decide::{Action, Facts, OnUnknown, Skip, Stop, decide};
use shiponce_core::journal::History;
use shiponce_core::observation::{Listing, Observation, View, observe};
use shiponce_core::plan::{Cell, Plan, action_word, state_word};
use shiponce_core::{FileEntry, Manifest, PackageName};
use shiponce_index::Freshness;
use std::collections::BTreeMap;
use std::time::Duration;

/// Readings after an attempt before an absence is believed: the first one after a purge may legitimately be old.
pub(crate) const READINGS_TO_BELIEVE: u32 = 2;
/// The pause before the second of them.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Questions about one release before a press gives up on indexes that keep changing.
const QUESTIONS_MAX: usize = 5;

/// Histories of one target by file name.
pub(crate) type Histories = BTreeMap<String, History>;

/// The plan of a press that holds the lease, and the readings it rests on. Where an earlier press left an attempt of
/// unknown outcome, the indexes are read once more, so that the plan says what will be sent.
pub(crate) async fn make_plan(
    session: &Session<'_>,
    targets: &[ReleaseTarget],
    manifest: &Manifest,
    mut seen: Vec<Seen>,
) -> Result<(Plan, Vec<Seen>), Problem> {
    let context = session.context;
    learn_digests(session, targets, manifest, &mut seen).await?;
    let histories: Result<Vec<Histories>, Problem> =
        targets.iter().map(|target| session.histories(target, manifest)).collect();
    let histories = histories?;
    let plan = plan_with(context, targets, manifest, &seen, &histories);
    if !plan.cells.values().any(|cell| cell.action == Action::Reobserve) {
        return Ok((plan, seen));
    }
    rest(context, LOOK_AGAIN_AFTER).await?;
    let mut again = observe_now(session, targets, &manifest.project).await?;
    for (again, before) in again.iter_mut().zip(&seen) {
        again.readings += before.readings;
    }
    learn_digests(session, targets, manifest, &mut again).await?;
    Ok((plan_with(context, targets, manifest, &again, &histories), again))
}

/// Downloads what an index lists without a digest, so that a plan is about bytes and never only about names. An index
/// whose files cannot be compared counts as unread.
async fn learn_digests(
    session: &Session<'_>,
    targets: &[ReleaseTarget],
    manifest: &Manifest,
    seen: &mut [Seen],
) -> Result<(), Problem> {
    for (target, seen) in targets.iter().zip(seen) {
        let View::Listed(listing) = &mut seen.view else { continue };
        let mut failed = None;
        for name in manifest.files.keys() {
            let Some(file) = listing.files.get_mut(name).filter(|file| file.sha256.is_none()) else {
                continue;
            };
            let Some(url) = &file.url else { continue };
            match session.digest_of(target, name, url).await {
                Ok(digest) => file.sha256 = Some(digest),
                Err(problem) if problem.code == ErrorCode::Interrupted => return Err(problem),
                Err(problem) => failed = Some(problem.message),
            }
        }
        if let Some(why) = failed {
            seen.view = View::Unobserved { why };
        }
    }
    Ok(())
}

/// Reads every target, past all caches.
///
/// # Errors
/// `interrupted`.
pub(crate) async fn observe_now(
    session: &Session<'_>,
    targets: &[ReleaseTarget],
    project: &PackageName,
) -> Result<Vec<Seen>, Problem> {
    observe_or_stop(session.context, &session.observer, project, targets, Freshness::Bypass).await
}

/// Whether a plan was agreed to before it is looked at on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answered {
    /// Nobody was asked.
    NotYet,
    /// Somebody said yes to this plan and others at once.
    Yes,
}

/// Asks before production and before the release page (`page` is what is asked about it), until the plan that was agreed to is the plan that holds. Returns whether anybody was asked.
///
/// # Errors
/// `not-confirmed`, `confirmation-needed`; what a target turned out to refuse meanwhile; `stale-plan` when the indexes
/// never stay as they were shown.
pub(crate) async fn agree(
    session: &Session<'_>,
    targets: &[ReleaseTarget],
    plan: &mut Plan,
    seen: &mut Vec<Seen>,
    page: &[String],
    answered: Answered,
) -> Result<bool, Problem> {
    let context = session.context;
    for asked in 0..QUESTIONS_MAX {
        let Some(lines) = question(plan, targets, page) else { return Ok(asked > 0) };
        if asked > 0 || answered == Answered::NotYet {
            ask(context, &lines)?;
        }
        // A person may have thought about it for an hour: decide again on what is true now.
        let now = observe_now(session, targets, &plan.manifest.project).await?;
        let (renewed, now) = make_plan(session, targets, &plan.manifest, now).await?;
        stops_before_writing(context, session, targets, &renewed, &now)?;
        let same = renewed.to_value() == plan.to_value();
        (*plan, *seen) = (renewed, now);
        if same {
            return Ok(true);
        }
        context.report.warning("The indexes changed while you were asked; this is the plan now:");
        for line in plan_lines(plan, targets) {
            context.report.info(line);
        }
    }
    let message = format!("the indexes changed {QUESTIONS_MAX} times while the plan was confirmed");
    Err(Problem::new(ErrorCode::StalePlan, message)
        .note("Nothing was uploaded by this run.")
        .hint("find out who else releases this version, then press again"))
}

/// The plan as a pure function of what is known.
pub(crate) fn plan_with(
    context: &Context,
    targets: &[ReleaseTarget],
    manifest: &Manifest,
    seen: &[Seen],
    histories: &[Histories],
) -> Plan {
    let mut cells = BTreeMap::new();
    for ((target, seen), histories) in targets.iter().zip(seen).zip(histories) {
        for (name, entry) in &manifest.files {
            let history = histories.get(name).cloned().unwrap_or_default();
            let rules = target.core.listing_rules();
            let observation = observe(entry, &seen.view, rules, history.burned, context.now());
            let fresh = seen.readings >= READINGS_TO_BELIEVE;
            let facts = Facts { observation: observation.clone(), fresh, wait_over: false, history };
            let action = decide(&facts, target.core.rules());
            cells.insert((target.core.name.clone(), name.clone()), Cell { observation, action });
        }
    }
    let targets = targets.iter().map(|target| target.core.clone()).collect();
    Plan { manifest: manifest.clone(), targets, cells }
}

/// The plan for people: a line per target and file where something is to be done, one line where nothing is.
pub(crate) fn plan_lines(plan: &Plan, targets: &[ReleaseTarget]) -> Vec<String> {
    let mut lines = vec![format!(
        "Plan for {} {}, {}:",
        plan.manifest.project,
        plan.manifest.version,
        files(plan.manifest.files.len())
    )];
    for target in targets {
        let name = &target.core.name;
        let cells: Vec<_> = plan.cells_of(name).collect();
        let there = cells.iter().filter(|(_, cell)| matches!(cell.action, Action::Skip(_))).count();
        lines.push(format!(
            "  {} ({}): {there} of {} there, {} to upload",
            target.label,
            target.core.host,
            cells.len(),
            plan.uploads(name)
        ));
        for (filename, cell) in cells {
            if !matches!(cell.action, Action::Skip(Skip::Identical { .. })) {
                lines.push(format!("    {:8} {filename}: {}", action_word(&cell.action), reason(cell)));
            }
        }
    }
    lines
}

/// One cell in a sentence.
pub(crate) fn reason(cell: &Cell) -> String {
    match (&cell.observation, &cell.action) {
        (Observation::Identical { uploaded_at: Some(at) }, _) => {
            format!("the same bytes are there since {}", crate::problem::minute(*at))
        }
        (Observation::Identical { .. }, _) => "the same bytes are there".to_owned(),
        (Observation::Yanked { reason }, _) => format!("the same bytes are there, yanked: {reason}"),
        (Observation::OtherBytes { there, .. }, _) => format!("other bytes are there: sha256 {there}"),
        (Observation::BytesUnknown, _) => "the name is there, the index gives no digest".to_owned(),
        (Observation::SameBytesElsewhere { filename }, _) => {
            format!("the same bytes are there as {filename}")
        }
        (Observation::SecondSdist { filename }, _) => format!("the release has the sdist {filename}"),
        (Observation::Burned, _) => "the name was deleted once and is never free again".to_owned(),
        (Observation::Closed { opened_at }, _) => {
            format!("the release is closed, it was opened {}", crate::problem::minute(*opened_at))
        }
        (Observation::NotAccepting(_), _) => "the project takes no uploads".to_owned(),
        (Observation::Unobserved { why }, _) => format!("not known: {why}"),
        (Observation::Absent, Action::Upload { .. }) => "not there".to_owned(),
        (Observation::Absent, Action::AwaitVisibility) => "accepted before, not visible yet".to_owned(),
        (Observation::Absent, Action::Reobserve) => {
            "an earlier attempt has no known outcome; reading again first".to_owned()
        }
        (Observation::Absent, _) => format!("not there ({})", state_word(&cell.observation)),
    }
}

/// Stops before the first write when a required target is known to refuse the release, or cannot be read.
pub(crate) fn stops_before_writing(
    context: &Context,
    session: &Session<'_>,
    targets: &[ReleaseTarget],
    plan: &Plan,
    seen: &[Seen],
) -> Result<(), Problem> {
    let mut histories = Vec::new();
    for target in targets {
        histories.push(session.histories(target, &plan.manifest)?);
    }
    stop_of_plan(context, targets, plan, seen, &histories).map_or(Ok(()), Err)
}

/// Why a plan cannot be carried out: the problem of all required targets together.
pub(crate) fn stop_of_plan(
    context: &Context,
    targets: &[ReleaseTarget],
    plan: &Plan,
    seen: &[Seen],
    histories: &[Histories],
) -> Option<Problem> {
    let (mut problems, mut stops_production) = (Vec::new(), false);
    let required = targets.iter().zip(seen).zip(histories).filter(|((target, _), _)| target.core.required);
    for ((target, seen), histories) in required {
        let problem = target_problem(context, target, plan, seen, histories);
        stops_production |= problem.is_some() && target.is_production();
        problems.extend(problem);
    }
    let first = first_that_applies(problems)?;
    // A production index that stops has said itself how far it is, and one that was not read is not known to be begun.
    let says_all = stops_production || first.code == ErrorCode::TargetUnobserved;
    Some(if says_all { first } else { begun_before(context, targets, plan, seen, first) })
}

/// What stops a run before production is a partial release all the same when an earlier press has published a part.
pub(crate) fn begun_before(
    context: &Context,
    targets: &[ReleaseTarget],
    plan: &Plan,
    seen: &[Seen],
    problem: Problem,
) -> Problem {
    if matches!(problem.code, ErrorCode::Interrupted | ErrorCode::Internal) {
        return problem;
    }
    let total = plan.manifest.files.len();
    let production = targets.iter().zip(seen).filter(|(target, _)| target.is_production());
    let counted: Vec<_> = production
        .map(|(target, seen)| {
            let cells = plan.cells_of(&target.core.name);
            (target, seen, cells.filter(|(_, cell)| matches!(cell.action, Action::Skip(_))).count())
        })
        .collect();
    let incomplete = counted.iter().find(|(_, _, there)| *there < total);
    let (Some((target, seen, there)), true) = (incomplete, counted.iter().any(|(_, _, there)| *there > 0))
    else {
        return problem;
    };
    let opened = seen.listing().and_then(|listing| listing.opened_at(&plan.manifest.version));
    let now = context.now();
    let mut partial = partial_problem(&plan.manifest, &target.core, &target.label, (*there, 0), opened, now)
        .fact("because", format!("{} [{}]", problem.message, problem.code));
    partial.facts.extend(problem.facts);
    partial.causes.extend(problem.causes);
    partial.notes.extend(problem.notes);
    partial.hints.splice(0..0, problem.hints);
    partial
}

/// Stops when a required target could not be read: nothing is built, let alone written, on the strength of not knowing.
pub(crate) fn stops_unread(targets: &[ReleaseTarget], seen: &[Seen]) -> Result<(), Problem> {
    let required = targets.iter().zip(seen).filter(|(target, _)| target.core.required);
    required.into_iter().find_map(|(target, seen)| unread(target, seen)).map_or(Ok(()), Err)
}

fn unread(target: &ReleaseTarget, seen: &Seen) -> Option<Problem> {
    let (View::Unobserved { why }, OnUnknown::Stop) = (&seen.view, target.core.on_unknown) else {
        return None;
    };
    let message = format!("{} could not be read, so it is not known what is there", target.label);
    Some(
        Problem::new(ErrorCode::TargetUnobserved, message)
            .cause(why.clone())
            .note("Nothing was uploaded by this run.")
            .hint("press again when the index answers; --on-unknown attempt goes on without knowing"),
    )
}

/// Why a target cannot be completed as things stand, in the same words a stage would end with.
fn target_problem(
    context: &Context,
    target: &ReleaseTarget,
    plan: &Plan,
    seen: &Seen,
    histories: &Histories,
) -> Option<Problem> {
    if let Some(problem) = unread(target, seen) {
        return Some(problem);
    }
    let taken = seen.listing().map(Listing::versions).unwrap_or_default();
    let no_history = History::default();
    let explain = |entry: &FileEntry, stop: &Stop| {
        let history = histories.get(&entry.filename.to_string()).unwrap_or(&no_history);
        let manifest = &plan.manifest;
        let context = StopContext {
            target: &target.core,
            label: &target.label,
            manifest,
            entry,
            history,
            taken: &taken,
        };
        stop_problem(stop, context)
    };
    let order = plan.manifest.in_upload_order();
    let problems: Vec<Problem> = order
        .into_iter()
        .filter_map(|entry| match &plan.cell(&target.core.name, &entry.filename.to_string())?.action {
            Action::Stop(stop) => Some(explain(entry, stop)),
            _ => None,
        })
        .collect();
    let there =
        plan.cells_of(&target.core.name).filter(|(_, cell)| matches!(cell.action, Action::Skip(_))).count();
    let partial = (target.is_production() && there > 0).then(|| {
        let opened = seen.listing().and_then(|listing| listing.opened_at(&plan.manifest.version));
        partial_problem(&plan.manifest, &target.core, &target.label, (there, 0), opened, context.now())
    });
    Some(target_total(&problems, partial)?.note("Nothing was uploaded by this run."))
}

/// Asks before production.
pub(crate) fn ask(context: &Context, lines: &[String]) -> Result<(), Problem> {
    match context.report.confirm(lines, &context.cancel) {
        _ if context.cancel.is_cancelled() => Err(interrupted()),
        Confirmation::Yes => Ok(()),
        Confirmation::No => Err(Problem::new(ErrorCode::NotConfirmed, "publishing was not confirmed")
            .note("Nothing was uploaded by this run.")
            .hint("press again and answer yes, or use --yes")),
        Confirmation::NobodyToAsk => {
            let message = "publishing to production needs a yes, and there is no terminal to ask at";
            Err(Problem::new(ErrorCode::ConfirmationNeeded, message)
                .note("Nothing was uploaded by this run.")
                .hint("use --yes"))
        }
    }
}

/// The question about everything a plan may send to production, and about the release page; `None` when nothing goes
/// anywhere.
pub(crate) fn question(plan: &Plan, targets: &[ReleaseTarget], page: &[String]) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    for target in
        targets.iter().filter(|target| target.is_production() && plan.may_send(&target.core.name) > 0)
    {
        let manifest = &plan.manifest;
        lines.push(format!(
            "{} {} goes to {} ({}):",
            manifest.project, manifest.version, target.label, target.core.host
        ));
        for entry in manifest.in_upload_order() {
            let name = entry.filename.to_string();
            let cell = plan.cell(&target.core.name, &name);
            if cell.is_some_and(|cell| cell.action.may_send()) {
                lines.push(format!("  {name}  {} bytes  sha256 {}", entry.size, entry.sha256));
            }
        }
    }
    lines.extend_from_slice(page);
    (!lines.is_empty()).then_some(lines)
}
