//! From core's values to the rows of the documents.

use crate::context::Context;
use crate::planning::reason;
use crate::stage::StageReport;
use crate::target::ReleaseTarget;
use shiponce_api::v1::{
    Action as Doing, FileRow, Receipt, ReceiptFile, ReceiptTarget, TargetCell, TargetState,
};
use shiponce_core::decide::Action;
use shiponce_core::observation::{Listing, Observation};
use shiponce_core::plan::{Cell, Plan};
use shiponce_core::{Manifest, Sha256};
use std::collections::BTreeMap;

/// The state of an observation in the words of the JSON.
pub(crate) fn state(observation: &Observation) -> TargetState {
    match observation {
        Observation::Identical { .. } => TargetState::Same,
        Observation::Yanked { .. } => TargetState::Yanked,
        Observation::OtherBytes { .. } => TargetState::Conflict,
        Observation::BytesUnknown => TargetState::DigestUnknown,
        Observation::SameBytesElsewhere { .. } => TargetState::SameBytesOtherName,
        Observation::SecondSdist { .. } => TargetState::SecondSdist,
        Observation::Absent => TargetState::Missing,
        Observation::Burned => TargetState::Burned,
        Observation::Closed { .. } => TargetState::Closed,
        Observation::NotAccepting(_) => TargetState::NotAccepting,
        Observation::Unobserved { .. } => TargetState::Unknown,
    }
}

fn doing(action: &Action) -> Doing {
    match action {
        Action::Skip(_) => Doing::Skip,
        Action::Upload { .. } => Doing::Upload,
        Action::CompareByDownload => Doing::Compare,
        Action::Reobserve | Action::AwaitVisibility => Doing::Wait,
        Action::Stop(_) => Doing::Stop,
    }
}

/// The rows of a plan.
pub(crate) fn planned_rows(plan: &Plan) -> Vec<FileRow> {
    let row = |(name, entry): (&String, &shiponce_core::FileEntry)| {
        let cell = |target: &shiponce_core::plan::Target| {
            let cell = plan.cell(&target.name, name)?;
            Some((target.name.clone(), cell_row(cell)))
        };
        FileRow {
            filename: name.clone(),
            sha256: Some(entry.sha256.to_string()),
            size: Some(entry.size),
            targets: plan.targets.iter().filter_map(cell).collect(),
        }
    };
    plan.manifest.files.iter().map(row).collect()
}

fn cell_row(cell: &Cell) -> TargetCell {
    TargetCell { state: state(&cell.observation), action: doing(&cell.action), reason: reason(cell) }
}

/// Puts what the stages found and did into the rows.
pub(crate) fn file_rows(
    rows: &mut [FileRow],
    targets: &[ReleaseTarget],
    reports: &BTreeMap<String, StageReport>,
) {
    for row in rows {
        for target in targets {
            let Some(settled) =
                reports.get(&target.core.name).and_then(|report| report.files.get(&row.filename))
            else {
                continue;
            };
            let cell = Cell { observation: settled.observation.clone(), action: settled.action.clone() };
            let mut cell = cell_row(&cell);
            if settled.sent && matches!(settled.action, Action::Skip(_)) {
                cell.action = Doing::Upload;
                cell.reason = "uploaded and read back".to_owned();
            }
            row.targets.insert(target.core.name.clone(), cell);
        }
    }
}

/// Whether a production target holds any of the files.
pub(crate) fn written(rows: &[FileRow], targets: &[ReleaseTarget]) -> bool {
    let there = |cell: &TargetCell| matches!(cell.state, TargetState::Same | TargetState::Yanked);
    let production: Vec<&ReleaseTarget> = targets.iter().filter(|target| target.is_production()).collect();
    rows.iter()
        .any(|row| production.iter().any(|target| row.targets.get(&target.core.name).is_some_and(there)))
}

/// The receipt of a release that is complete on every target.
pub(crate) fn receipt_of(
    context: &Context,
    manifest: &Manifest,
    targets: &[ReleaseTarget],
    reports: &BTreeMap<String, StageReport>,
) -> Receipt {
    let verified_at = context.now().to_string();
    let target_row = |target: &ReleaseTarget| {
        let report = reports.get(&target.core.name)?;
        let listing = report.listing.as_ref();
        let file = |(name, settled): (&String, &crate::stage::Settled)| ReceiptFile {
            filename: name.clone(),
            sha256: manifest.files.get(name).map(|entry| entry.sha256.to_string()).unwrap_or_default(),
            url: listing.and_then(|listing| listing.files.get(name)).and_then(|file| file.url.clone()),
            state: state(&settled.observation),
            verified_at: verified_at.clone(),
            serial: listing.and_then(|listing: &Listing| listing.serial),
        };
        let files = report.files.iter().map(file).collect();
        Some((
            target.core.name.clone(),
            ReceiptTarget {
                identity: target.core.identity.clone(),
                files,
                propagation: report.propagation.clone(),
            },
        ))
    };
    Receipt {
        schema: 1,
        project: manifest.project.normalized().to_owned(),
        version: manifest.version.to_string(),
        commit: manifest.commit.clone(),
        manifest_sha256: manifest_digest(manifest).to_string(),
        targets: targets.iter().filter_map(target_row).collect(),
        github: None,
    }
}

/// The digest of a manifest's canonical form.
pub(crate) fn manifest_digest(manifest: &Manifest) -> Sha256 {
    crate::digest::sha256_of(manifest.to_value().to_canonical().as_bytes())
}
