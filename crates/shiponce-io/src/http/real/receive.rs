//! Reads an answer's body under the request's limits.

use bytes::Bytes;
use tokio::time::Instant;

use super::activity::{Activity, Expired};
use crate::http::{BoxFuture, Chunks, Limits, Peer, Phase, TransportError};

/// An answer whose body is still coming.
pub(super) struct Receiving {
    peer: Peer,
    answer: reqwest::Response,
    limits: Limits,
    deadline: Option<Instant>,
}

impl Receiving {
    pub(super) fn new(
        peer: Peer,
        answer: reqwest::Response,
        limits: Limits,
        deadline: Option<Instant>,
    ) -> Self {
        Self { peer, answer, limits, deadline }
    }

    async fn read(&mut self) -> Result<Option<Bytes>, TransportError> {
        let activity = Activity::start();
        match activity.watch(self.answer.chunk(), &self.limits, self.deadline).await {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(error)) => Err(TransportError::Interrupted {
                peer: self.peer.clone(),
                phase: Phase::Receive,
                source: error.without_url().into(),
            }),
            Err(Expired { limit }) => Err(TransportError::Timeout {
                peer: self.peer.clone(),
                phase: Phase::Receive,
                limit,
                sent: true,
            }),
        }
    }
}

impl Chunks for Receiving {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        Box::pin(self.read())
    }
}
