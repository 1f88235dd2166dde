//! Building twice, in two folders and at two times, to see what depends on either.

use super::{Legs, build_sound};
use crate::bytes::Looked;
use crate::report::Say as _;
use crate::target::ReleaseTarget;
use shiponce_api::v1::DifferenceRow;
use shiponce_api::{ErrorCode, Problem};
use shiponce_dist::compare::What;
use shiponce_dist::{Difference, Distribution, compare};
use std::collections::BTreeMap;
use std::time::Duration;

/// Times in zip files have steps of two seconds: two builds nearer to each other would agree by chance.
const APART: Duration = Duration::from_millis(2100);

/// Differences that are printed: most builds that differ have one cause for all of them.
const SHOWN_MAX: usize = 20;

/// Two builds.
#[derive(Debug)]
pub(crate) struct Twice {
    /// The files of the first one.
    pub(crate) first: Looked,
    /// What differs; empty when both are the same.
    pub(crate) differences: Vec<DifferenceRow>,
}

/// Builds twice and compares, file by file and entry by entry.
///
/// # Errors
/// What a build ends with, and when a file is gone before it is compared.
pub(crate) async fn build_twice(legs: &Legs<'_>, targets: &[ReleaseTarget]) -> Result<Twice, Problem> {
    let context = legs.context;
    if legs.checkout.is_none_or(|checkout| !checkout.changes.is_empty()) {
        context.report.warning(
            "Both builds run in the working tree: what depends on the folder, or on leftovers of the first, is not seen",
        );
    }
    let begun = context.clock.monotonic();
    let first = build_sound(legs, targets).await?;
    let spent = context.clock.monotonic().saturating_sub(begun);
    context.clock.sleep(APART.saturating_sub(spent)).await;
    context.report.info("Building a second time, in another folder");
    // Another name of another length: what a path's length shifts shows too.
    let temp = legs.temp.with_file_name("the-second-build");
    let second = build_sound(&Legs { temp: &temp, ..*legs }, targets).await?;
    let differences = differences(&first.files, &second.files)?;
    match differences.len() {
        0 => context.report.success("Both builds came out the same"),
        count => context.report.warning(format!("Two builds differ in {count} places")),
    }
    for row in differences.iter().take(SHOWN_MAX) {
        context.report.warning(format!("{}: {}", row.filename, row.described()));
    }
    if let Some(more) = differences.len().checked_sub(SHOWN_MAX).filter(|more| *more > 0) {
        context.report.warning(format!("and {more} more, which --json lists"));
    }
    Ok(Twice { first, differences })
}

fn differences(first: &[Distribution], second: &[Distribution]) -> Result<Vec<DifferenceRow>, Problem> {
    let by_name = |files: &[Distribution]| -> BTreeMap<String, Distribution> {
        files.iter().map(|file| (file.filename.to_string(), file.clone())).collect()
    };
    let (first, mut second) = (by_name(first), by_name(second));
    let only = |filename: &str, first: bool| {
        row_of(filename, Difference { entry: None, what: What::OnlyIn { first } })
    };
    let mut rows = Vec::new();
    for (filename, file) in &first {
        let Some(other) = second.remove(filename) else {
            rows.push(only(filename, true));
            continue;
        };
        let found = compare(file, &other).map_err(|error| {
            Problem::from_error(ErrorCode::BuildFailed, &error).fact("file", filename.clone())
        })?;
        rows.extend(found.into_iter().map(|difference| row_of(filename, difference)));
    }
    rows.extend(second.keys().map(|filename| only(filename, false)));
    Ok(rows)
}

fn row_of(filename: &str, difference: Difference) -> DifferenceRow {
    let offset = match difference.what {
        What::Content { offset, .. } => offset,
        What::OnlyIn { .. } | What::Order | What::Field { .. } | What::Packing => None,
    };
    let entry = difference.entry.clone();
    let what = Difference { entry: None, what: difference.what }.to_string();
    DifferenceRow { filename: filename.to_owned(), entry, what, offset }
}
