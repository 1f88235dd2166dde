//! The gate `publisher`: would the identity of this job be taken for a trusted publisher?
//!
//! No index tells anybody but its owner what is registered. What can be known is what the job says about itself, under
//! which identity the last release was published, and, only when asked, what the index answers to an exchange: that is a
//! real act, it makes the project of a pending publisher and uses an identity token up.

mod findings;
mod history;

use crate::context::Context;
use crate::report::Say as _;
use crate::session::dry_observer;
use crate::target::ReleaseTarget;
use findings::{compared, never_allowed, of_claims, unknown};
use history::last_publisher;
use shiponce_api::v1::{
    FormField, GateIssue, GateRow, GateStatus, IssueSeverity, PublisherRow, PublisherState,
    TrustedPublisherStatus,
};
use shiponce_core::PackageName;
use shiponce_index::trusted::{Claims, IdentitySource, TrustedError, TrustedOptions, TrustedPublishing};
use std::collections::BTreeMap;

/// What to check.
#[derive(Debug)]
pub struct PublisherCheck {
    /// The project, where its name is known.
    pub project: Option<PackageName>,
    /// Every index that trusted publishing is configured for.
    pub places: Vec<PublishingPlace>,
    /// Whether the identity is exchanged, and the token given back at once.
    pub mint: bool,
}

/// An index that takes trusted publishers.
#[derive(Debug)]
pub struct PublishingPlace {
    /// The index.
    pub target: ReleaseTarget,
    /// The identity of this job and the name of the CI; `None` outside a job that offers one.
    pub identity: Option<(IdentitySource, &'static str)>,
}

/// Looks at every index in turn.
pub async fn check_publisher(
    context: &Context,
    request: &PublisherCheck,
) -> (GateRow, TrustedPublisherStatus) {
    let mut gate = Gate { context, request, issues: Vec::new(), claims: BTreeMap::new() };
    let mut indexes = Vec::new();
    for place in &request.places {
        indexes.push(gate.place(place).await);
    }
    let provider = request.places.iter().find_map(|place| place.identity.as_ref());
    let status = TrustedPublisherStatus {
        provider: provider.map(|(_, name)| (*name).to_owned()),
        claims: gate.claims,
        indexes,
    };
    let row = GateRow {
        gate: "publisher".to_owned(),
        status: verdict(&status, &gate.issues),
        issues: gate.issues,
        validation: None,
    };
    (row, status)
}

fn verdict(status: &TrustedPublisherStatus, issues: &[GateIssue]) -> GateStatus {
    let all = |state: PublisherState| status.indexes.iter().all(|row| row.state == state);
    if issues.iter().any(|issue| issue.severity == IssueSeverity::Error) {
        GateStatus::Fail
    } else if status.indexes.iter().any(|row| row.state == PublisherState::Unknown) {
        GateStatus::Unknown
    } else if all(PublisherState::UnverifiableHere) {
        GateStatus::UnverifiableHere
    } else {
        GateStatus::Pass
    }
}

struct Gate<'a> {
    context: &'a Context,
    request: &'a PublisherCheck,
    issues: Vec<GateIssue>,
    claims: BTreeMap<String, String>,
}

impl Gate<'_> {
    async fn place(&mut self, place: &PublishingPlace) -> PublisherRow {
        let target = &place.target;
        let mut row = PublisherRow {
            index: target.core.name.clone(),
            state: PublisherState::UnverifiableHere,
            audience: None,
            register: Vec::new(),
            last: None,
            reason: None,
        };
        let observer = dry_observer(self.context, std::slice::from_ref(target));
        let history = match &self.request.project {
            Some(project) => last_publisher(&observer, target, project).await,
            None => Ok(None),
        };
        let unread = history.as_ref().err().cloned();
        row.last = history.unwrap_or_default();
        let Some((source, _)) = &place.identity else {
            row.reason = Some("this is no CI job that offers an identity".to_owned());
            return row;
        };
        let exchange = TrustedPublishing::new(
            self.context.transport.clone(),
            self.context.clock.clone(),
            TrustedOptions::default(),
        );
        let identified = match exchange.identify(&target.index, source).await {
            Ok(Some(identified)) => identified,
            Ok(None) => {
                row.state = PublisherState::NotOffered;
                self.issues.push(findings::not_offered(&target.label));
                return row;
            }
            Err(error) => return self.unknown(row, &target.label, &error),
        };
        let claims = identified.claims;
        self.claims.extend(claims.iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
        let field = |(field, value): (&str, String)| FormField { field: field.to_owned(), value };
        row.register = claims.registration().into_iter().map(field).collect();
        self.issues.extend(of_claims(&target.label, &claims, &identified.audience));
        row.audience = Some(identified.audience);
        if self.request.mint {
            return self.mint(row, place, &exchange, source).await;
        }
        row.state = match (&row.last, unread) {
            (Some(last), _) => {
                let issue = compared(&target.label, last, &claims);
                let same = issue.is_none();
                self.issues.extend(issue);
                if same { PublisherState::SameAsLast } else { PublisherState::OtherThanLast }
            }
            (None, Some(why)) => {
                self.issues.push(unknown(&target.label, &why));
                row.reason = Some(why);
                PublisherState::Unknown
            }
            (None, None) => PublisherState::NotCompared,
        };
        row
    }

    /// Exchanges the identity and gives the token back. A job that is never allowed is not sent there.
    async fn mint(
        &mut self,
        mut row: PublisherRow,
        place: &PublishingPlace,
        exchange: &TrustedPublishing,
        source: &IdentitySource,
    ) -> PublisherRow {
        let (label, report) = (&place.target.label, &self.context.report);
        if never_allowed(&self.issues) {
            row.state = PublisherState::Refused;
            return row;
        }
        report.warning(format!(
            "Exchanging the identity with {label}: where the publisher is pending, this makes the project"
        ));
        if matches!(source, IdentitySource::Ready { .. }) {
            report.warning(format!("The identity token of this job for {label} is used up by this"));
        }
        match exchange.mint(&place.target.index, source).await {
            Ok(minted) => {
                let back = exchange.burn(&place.target.index, &minted).await;
                let then = if back { "the token was given back" } else { "the token expires by itself" };
                report.info(format!("{label} takes this job for a publisher; {then}"));
                row.state = PublisherState::Accepted;
                row
            }
            Err(TrustedError::Refused(refused)) => {
                self.issues.push(findings::refused(label, &refused));
                row.state = PublisherState::Refused;
                row.reason = Some(format!("{}: {}", refused.code, refused.description));
                row
            }
            Err(error) => self.unknown(row, label, &error),
        }
    }

    fn unknown(&mut self, mut row: PublisherRow, label: &str, error: &TrustedError) -> PublisherRow {
        let problem =
            shiponce_api::Problem::from_error(shiponce_api::ErrorCode::TrustedPublishingFailed, error);
        let why = problem.causes.iter().fold(error.to_string(), |said, cause| format!("{said}: {cause}"));
        self.issues.push(unknown(label, &why));
        row.state = PublisherState::Unknown;
        row.reason = Some(why);
        row
    }
}

/// What a publisher is registered with, out of claims; for comparing.
pub(super) fn environment_of(claims: &Claims) -> Option<&str> {
    claims.get("environment").filter(|name| !name.is_empty())
}
