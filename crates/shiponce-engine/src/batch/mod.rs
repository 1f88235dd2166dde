//! Several releases in one press: the variants of a project, the members of a workspace.
//!
//! Each is a release of its own, with its own lease, manifest, tag and receipt. What they share is the order: cheap
//! checks of all come first, then all leases, then everything that is built, one question, and the stages. One that
//! fails does not stop the others. A press of one release is a batch of one.

mod preflight;
mod press;
mod verdict;

use crate::build::Workshop;
use crate::context::Context;
use crate::release::{Finished, ReleaseRequest};
use crate::trusted::give_back;
use futures_util::future::join_all;
use press::Press;
use shiponce_api::v1::Preflight;
use std::sync::Arc;

/// One release of a batch.
#[derive(Debug)]
pub struct Member {
    /// The release.
    pub request: ReleaseRequest,
    /// Positions of earlier members that this one cannot do without.
    pub needs: Vec<usize>,
}

impl Member {
    /// A release that needs no other.
    #[must_use]
    pub fn alone(request: ReleaseRequest) -> Self {
        Self { request, needs: Vec::new() }
    }
}

/// How a batch ended: every member's document and problem, in the order given.
#[derive(Debug)]
pub struct Batch {
    /// One per member.
    pub finished: Vec<Finished>,
    preflight: Option<Preflight>,
}

/// Releases a project, or says what a release would do.
pub async fn release(context: &Context, request: &ReleaseRequest) -> Finished {
    let mut press = Press::alone(context, request, workshop(context));
    press::run(context, std::slice::from_mut(&mut press)).await;
    give_back(context, &request.targets).await;
    press.finish()
}

/// Releases every member, or says what releasing them would do. Members come after those they need.
pub async fn release_all(context: &Context, members: &[Member]) -> Batch {
    let contexts: Vec<Context> =
        members.iter().enumerate().map(|(n, member)| own(context, n, member)).collect();
    let workshop = workshop(context);
    let pairs = contexts.iter().zip(members);
    let mut presses: Vec<Press<'_>> =
        pairs.map(|(context, member)| Press::among(context, member, workshop.clone())).collect();
    let preflight = press::run(context, &mut presses).await;
    join_all(members.iter().map(|member| give_back(context, &member.request.targets))).await;
    let batch = Batch { finished: presses.into_iter().map(Press::finish).collect(), preflight };
    batch.say(context);
    batch
}

/// One copy of the source for everything that is built in a press.
fn workshop(context: &Context) -> Arc<Workshop> {
    Arc::new(Workshop::new(&context.state.temp))
}

/// The same world with a temporary folder of its own: builds and environments of two members never meet.
fn own(context: &Context, number: usize, member: &Member) -> Context {
    let mut own = context.clone();
    own.state.temp = context.state.temp.join(format!("{number}-{}", member.request.project.normalized()));
    own
}
