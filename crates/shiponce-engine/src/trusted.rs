//! Trusted publishing as the source of a credential.

use crate::context::Context;
use crate::report::Say as _;
use crate::target::{Access, ReleaseTarget};
use futures_util::future::join_all;
use shiponce_api::v1::Level;
use shiponce_api::{ErrorCode, Problem};
use shiponce_index::trusted::{Claims, IdentitySource, Minted, TrustedOptions, TrustedPublishing};
use shiponce_index::{Credential, Index};
use std::time::Duration;
use tokio::sync::Mutex;

/// A token that lives for less than this is exchanged anew before the next upload (it lives 15 minutes in all).
const RENEW_BEFORE: Duration = Duration::from_secs(5 * 60);

/// The longest that giving tokens back may take: CI kills a cancelled job about ten seconds after its signal.
const GIVE_BACK_WITHIN: Duration = Duration::from_secs(4);

/// The identity of this CI job, and the tokens it was exchanged for.
#[derive(Debug)]
pub struct Publisher {
    source: IdentitySource,
    provider: &'static str,
    held: Mutex<Held>,
}

/// Tokens of this press.
#[derive(Debug, Default)]
struct Held {
    /// The one in use.
    current: Option<Box<Minted>>,
    /// Those before it, which may be good for some minutes.
    before: Vec<Minted>,
}

impl Publisher {
    /// A publisher that has exchanged nothing yet.
    #[must_use]
    pub fn new(source: IdentitySource, provider: &'static str) -> Self {
        Self { source, provider, held: Mutex::default() }
    }

    /// Who the CI says this is, once a token was exchanged.
    pub(crate) async fn claims(&self) -> Option<Claims> {
        self.held.lock().await.current.as_ref().map(|minted| minted.claims.clone())
    }

    /// Forgets the token: the index says that it has expired.
    pub(crate) async fn forget(&self) {
        let mut held = self.held.lock().await;
        let expired = held.current.take();
        held.before.extend(expired.map(|expired| *expired));
    }

    /// A token that is good for at least one more upload. A failed exchange never falls back to another credential.
    pub(crate) async fn credential(
        &self,
        context: &Context,
        index: &Index,
        label: &str,
    ) -> Result<Credential, Problem> {
        let mut held = self.held.lock().await;
        if let Some(minted) = held.current.as_ref()
            && !minted.expires_within(RENEW_BEFORE, context.now())
        {
            return Ok(minted.credential.clone());
        }
        context.report.info(format!("Credential for {}: trusted publishing ({})", label, self.provider));
        let exchange = exchange(context, TrustedOptions::default());
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
        let old = held.current.replace(Box::new(fresh));
        held.before.extend(old.map(|old| *old));
        Ok(credential)
    }

    /// Makes every token of this press useless, as far as the index takes part.
    async fn give_back(&self, context: &Context, index: &Index, label: &str) {
        let held = std::mem::take(&mut *self.held.lock().await);
        let options = TrustedOptions { attempts: 1, pause: Duration::ZERO, timeout: GIVE_BACK_WITHIN };
        let exchange = exchange(context, options);
        let alive = |minted: &Minted| !minted.expires_within(Duration::ZERO, context.now());
        for minted in held.before.into_iter().chain(held.current.map(|current| *current)).filter(alive) {
            let taken = exchange.burn(index, &minted).await;
            let line = if taken {
                "took the token back"
            } else {
                "did not take the token back; it expires by itself"
            };
            context.report.line(Level::Debug, &format!("{label} {line}"));
        }
    }
}

fn exchange(context: &Context, options: TrustedOptions) -> TrustedPublishing {
    TrustedPublishing::new(context.transport.clone(), context.clock.clone(), options)
}

/// Gives back the tokens of a press that has ended, however it ended: a stolen one is then worth nothing. Best effort and
/// bounded; it changes nothing about how the press ends.
pub(crate) async fn give_back(context: &Context, targets: &[ReleaseTarget]) {
    let each = targets.iter().filter_map(|target| match &target.access {
        Access::TrustedPublishing(publisher) => {
            Some(publisher.give_back(context, &target.index, &target.label))
        }
        _ => None,
    });
    let all = join_all(each);
    tokio::select! {
        _ = all => {}
        () = context.clock.sleep(GIVE_BACK_WITHIN) => {}
    }
}
