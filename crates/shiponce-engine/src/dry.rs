//! What `plan` and the dry runs share: every read, no lease, no row, no file.

use crate::context::Context;
use crate::observe::Seen;
use crate::planning::{plan_lines, plan_with, stop_of_plan};
use crate::report::Say as _;
use crate::session::histories as histories_of;
use crate::stages::say_what_is_there;
use crate::table::planned_rows;
use crate::target::ReleaseTarget;
use shiponce_api::Problem;
use shiponce_api::v1::{FileRow, Outcome};
use shiponce_core::decide::Action;
use shiponce_core::plan::{Cell, Plan};
use shiponce_core::{Manifest, PackageName};
use shiponce_ledger::Ledger;

/// A plan that was shown, and how the command ends on it.
#[derive(Debug)]
pub(crate) struct Shown {
    /// What was decided.
    pub(crate) plan: Plan,
    /// The rows of the document.
    pub(crate) files: Vec<FileRow>,
    /// Changes, nothing to do, or what a press would refuse.
    pub(crate) verdict: Result<Outcome, Problem>,
}

/// Names the address each target is read at.
pub(crate) fn say_addresses(context: &Context, project: &PackageName, targets: &[ReleaseTarget]) {
    for target in targets {
        let json = target.index.json.as_ref().map(|root| (root, "/json"));
        let Some((root, page)) = json.or(target.index.simple.as_ref().map(|root| (root, "/"))) else {
            continue;
        };
        let root = root.to_string();
        let root = root.trim_end_matches('/');
        context.report.info(format!("[DRY RUN] Would check: {root}/{}{page}", project.normalized()));
    }
}

/// Decides on what is known, shows it, and judges it as a press would before its first write.
///
/// # Errors
/// When the ledger cannot be read.
pub(crate) fn show_plan(
    context: &Context,
    ledger: &Ledger,
    targets: &[ReleaseTarget],
    manifest: &Manifest,
    seen: &[Seen],
) -> Result<Shown, Problem> {
    let mut histories = Vec::new();
    for target in targets {
        histories.push(histories_of(ledger, target, &manifest.project, &manifest.version, None)?);
    }
    let plan = plan_with(context, targets, manifest, seen, &histories);
    for (target, seen) in targets.iter().zip(seen) {
        say_what_is_there(context, manifest, target, seen);
    }
    for line in plan_lines(&plan, targets) {
        context.report.info(line);
    }
    let problem = stop_of_plan(context, targets, &plan, seen, &histories);
    let todo = |cell: &Cell| !matches!(cell.action, Action::Skip(_) | Action::Stop(_));
    let outcome = if plan.cells.values().any(todo) { Outcome::Changes } else { Outcome::NothingToDo };
    let files = planned_rows(&plan);
    Ok(Shown { plan, files, verdict: problem.map_or(Ok(outcome), Err) })
}
