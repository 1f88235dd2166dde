//! RECORD.

use super::finding::Report;
use super::{Family, Rule, Scope, Severity};
use crate::distribution::Distribution;
use crate::record::{RecordProblem, verify};

/// Findings shown per wheel; the rest is counted.
const SHOWN: usize = 20;

/// A wheel has RECORD: PyPI refuses it without, installers cannot uninstall it.
pub(super) static PRESENT: Rule = Rule {
    id: "record-missing",
    title: "a wheel has RECORD",
    severity: Severity::Rejected,
    source: "PEP 427; the upload view: `… does not contain the required RECORD file …`",
    family: Family::Wheels,
    scope: Scope::Everywhere,
    hint: "build the wheel again, or repack it with `wheel pack`, which writes RECORD",
    check: |distribution, report| {
        if let Some(wheel) = distribution.as_wheel()
            && wheel.record.is_none()
        {
            report.rejected(&format!("{}/RECORD", wheel.dist_info), "the wheel has no RECORD");
        }
    },
};

/// RECORD lists exactly the files that are there, with their digests and sizes.
pub(super) static CONTENT: Rule = Rule {
    id: "record-mismatch",
    title: "RECORD lists exactly the files that are there",
    severity: Severity::Rejected,
    source: "PEP 427; PyPI takes the file and writes a mail to its owners, installers may refuse it",
    family: Family::Wheels,
    scope: Scope::Everywhere,
    hint: "a file was changed, added or removed after the build; repack the wheel with `wheel pack`",
    check: content,
};

fn content(distribution: &Distribution, report: &mut Report<'_>) {
    let Some(wheel) = distribution.as_wheel() else { return };
    let Some(record) = &wheel.record else { return };
    let place = format!("{}/RECORD", wheel.dist_info);
    let mut archive = match wheel.archive() {
        Ok(archive) => archive,
        Err(error) => return report.rejected(&place, format!("the wheel cannot be read again: {error}")),
    };
    match verify(&mut archive, record, &wheel.dist_info) {
        Ok(problems) => tell(&problems, &place, report),
        Err(error) => report.rejected(&place, format!("a file cannot be compared: {error}")),
    }
}

fn tell(problems: &[RecordProblem], place: &str, report: &mut Report<'_>) {
    for problem in problems.iter().take(SHOWN) {
        report.rejected(place, problem.to_string());
    }
    if let Some(more) = problems.len().checked_sub(SHOWN).filter(|&more| more > 0) {
        report.rejected(place, format!("{more} more differences"));
    }
}
