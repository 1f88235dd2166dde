//! How far a release has come to its readers: every page of an index, as an installer here gets it.
//!
//! A statement, not a gate: what was read back is on the index, and a page that is old on this edge becomes new by
//! itself.

use crate::context::Context;
use crate::report::Say as _;
use crate::target::ReleaseTarget;
use shiponce_api::v1::{Propagation, PropagationPage};
use shiponce_core::propagation::{PageVerdict, Verdict, judge};
use shiponce_core::{PackageName, Sha256};
use shiponce_index::{Observer, ReadOptions, Surface};
use std::collections::BTreeMap;
use std::time::Duration;

/// Longest time for a page. Nothing depends on it, so nobody waits long for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads every page of `project` on a target and judges it. `read_back` is the serial of the page that showed the files
/// to us. `None` when the run is asked to stop.
pub(crate) async fn propagation(
    context: &Context,
    target: &ReleaseTarget,
    project: &PackageName,
    wanted: &BTreeMap<String, Sha256>,
    read_back: Option<u64>,
) -> Option<Propagation> {
    let options = ReadOptions { attempts: 1, deadline: PATIENCE, ..ReadOptions::default() };
    let observer = Observer::new(context.transport.clone(), context.clock.clone(), options);
    let surfaces = tokio::select! {
        surfaces = observer.surfaces(&target.index, project) => surfaces,
        () = context.cancel.cancelled() => return None,
    };
    let pages: Vec<_> = surfaces.iter().map(|surface| surface.page.clone().ok()).collect();
    let (each, verdict) = judge(wanted, &pages, read_back);
    let row = |(surface, verdict): (&Surface, PageVerdict)| PropagationPage {
        page: surface.source.word().to_owned(),
        verdict: verdict.word().to_owned(),
        serial: surface.page.as_ref().ok().and_then(|page| page.serial),
    };
    let pages: Vec<PropagationPage> = surfaces.iter().zip(each).map(row).collect();
    let line = line(&target.label, wanted.len(), verdict, &pages);
    match verdict {
        Verdict::Everywhere | Verdict::EdgeStale => context.report.info(&line),
        Verdict::Missing | Verdict::OtherBytes | Verdict::Unread => context.report.warning(&line),
    }
    Some(Propagation { verdict: verdict.word().to_owned(), pages, summary: line })
}

fn line(label: &str, files: usize, verdict: Verdict, pages: &[PropagationPage]) -> String {
    let with = |wanted: &str| {
        let named = pages.iter().filter(|page| page.verdict == wanted).map(|page| match page.serial {
            Some(serial) => format!("{} (serial {serial})", page.page),
            None => page.page.clone(),
        });
        named.collect::<Vec<_>>().join(", ")
    };
    let files = crate::problem::files(files);
    match verdict {
        Verdict::Everywhere => format!("{label}: what installers read here shows {files}: {}", with("shows")),
        Verdict::EdgeStale => {
            format!(
                "{label} has {files}; a cache near here is behind and becomes new by itself: {}",
                with("behind")
            )
        }
        Verdict::Missing => format!("{label}: a file of the release is missing on {}", with("lacks")),
        Verdict::OtherBytes => format!("{label}: other bytes are shown by {}", with("other-bytes")),
        Verdict::Unread => format!("{label}: no page could be read, so it is not known what installers see"),
    }
}
