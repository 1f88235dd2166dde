//! Trusted publishing as the source of a credential.

use crate::context::Context;
use crate::report::Say as _;
use shiponce_api::{ErrorCode, Problem};
use shiponce_index::trusted::{IdentitySource, Minted, TrustedOptions, TrustedPublishing};
use shiponce_index::{Credential, Index};
use std::time::Duration;
use tokio::sync::Mutex;

/// A token that lives for less than this is exchanged anew before the next upload (it lives 15 minutes in all).
const RENEW_BEFORE: Duration = Duration::from_secs(5 * 60);

/// The identity of this CI job, and the token it was exchanged for.
#[derive(Debug)]
pub struct Publisher {
    source: IdentitySource,
    provider: &'static str,
    minted: Mutex<Option<Minted>>,
}

impl Publisher {
    /// A publisher that has exchanged nothing yet.
    #[must_use]
    pub fn new(source: IdentitySource, provider: &'static str) -> Self {
        Self { source, provider, minted: Mutex::new(None) }
    }

    /// Forgets the token: the index says that it has expired.
    pub(crate) async fn forget(&self) {
        *self.minted.lock().await = None;
    }

    /// A token that is good for at least one more upload. A failed exchange never falls back to another credential.
    pub(crate) async fn credential(
        &self,
        context: &Context,
        index: &Index,
        label: &str,
    ) -> Result<Credential, Problem> {
        let mut minted = self.minted.lock().await;
        if let Some(minted) = minted.as_ref()
            && !minted.expires_within(RENEW_BEFORE, context.now())
        {
            return Ok(minted.credential.clone());
        }
        context.report.info(format!("Credential for {}: trusted publishing ({})", label, self.provider));
        let exchange = TrustedPublishing::new(
            context.transport.clone(),
            context.clock.clone(),
            TrustedOptions::default(),
        );
        let fresh = exchange.mint(index, &self.source).await.map_err(|error| {
            let explanation = error.explanation();
            let problem =
                Problem::from_error(ErrorCode::TrustedPublishingFailed, &error).note(explanation.why);
            match explanation.hint {
                Some(hint) => problem.hint(hint),
                None => problem,
            }
        })?;
        let credential = fresh.credential.clone();
        *minted = Some(fresh);
        Ok(credential)
    }
}
