//! Plans: made from observations and the journal, shown, and held against the rules before anything is written.

use crate::context::Context;
use crate::observe::Seen;
use crate::problem::{StopContext, partial_problem, stop_problem};
use crate::python::interrupted;
use crate::report::Confirmation;
use crate::session::Session;
use crate::target::ReleaseTarget;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::decide::{Action, Facts, Skip, Stop, decide};
use shiponce_core::journal::History;
use shiponce_core::observation::{Listing, Observation, observe};
use shiponce_core::plan::{Cell, Plan, action_word, state_word};
use shiponce_core::{FileEntry, Manifest};
use std::collections::BTreeMap;

/// Histories of one target by file name.
pub(crate) type Histories = BTreeMap<String, History>;

/// The plan of a press that holds the lease.
pub(crate) fn make_plan(
    context: &Context,
    session: &Session<'_>,
    targets: &[ReleaseTarget],
    manifest: &Manifest,
    seen: &[Seen],
) -> Result<Plan, Problem> {
    let histories: Result<Vec<Histories>, Problem> =
        targets.iter().map(|target| session.histories(target, manifest)).collect();
    Ok(plan_with(context, targets, manifest, seen, &histories?))
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
            let facts = Facts { observation: observation.clone(), fresh: false, wait_over: false, history };
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
        "Plan for {} {}, {} files:",
        plan.manifest.project,
        plan.manifest.version,
        plan.manifest.files.len()
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
    for (target, seen) in targets.iter().zip(seen).filter(|(target, _)| target.core.required) {
        let histories = session.histories(target, &plan.manifest)?;
        if let Some(problem) = target_problem(context, target, plan, seen, &histories) {
            return Err(problem);
        }
    }
    Ok(())
}

/// Why a target cannot be completed as things stand, in the same words a stage would end with.
pub(crate) fn target_problem(
    context: &Context,
    target: &ReleaseTarget,
    plan: &Plan,
    seen: &Seen,
    histories: &Histories,
) -> Option<Problem> {
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
    let first = problems.first()?.clone();
    let there =
        plan.cells_of(&target.core.name).filter(|(_, cell)| matches!(cell.action, Action::Skip(_))).count();
    let mut problem = if target.is_production() && there > 0 {
        let opened = seen.listing().and_then(|listing| listing.opened_at(&plan.manifest.version));
        let mut partial =
            partial_problem(&plan.manifest, &target.core, &target.label, there, opened, context.now());
        for problem in &problems {
            partial = partial.fact("missing", format!("{} [{}]", problem.message, problem.code));
        }
        partial.hints = first.hints;
        partial
    } else {
        problems.iter().skip(1).fold(first, |problem, other| problem.fact("also", other.message.clone()))
    };
    problem.notes.push("Nothing was uploaded by this run.".to_owned());
    Some(problem)
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

/// The question about everything a plan may send to production; `None` when it sends nothing there.
pub(crate) fn question(plan: &Plan, targets: &[ReleaseTarget]) -> Option<Vec<String>> {
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
    (!lines.is_empty()).then_some(lines)
}
