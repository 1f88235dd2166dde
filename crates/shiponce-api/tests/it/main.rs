//! The reference page shows the JSON that the types write: no field more, no field less.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shiponce_api::v1;

const PAGE: &str = include_str!("../../../../docs/reference/json.md");

/// The JSON block below a heading.
fn example(heading: &str) -> &'static str {
    let section = PAGE.split_once(&format!("\n## {heading}\n")).expect("the heading").1;
    let block = section.split_once("```json\n").expect("a block").1;
    block.split_once("```").expect("the end of the block").0
}

/// Reads the example as the type and writes it again: a field that the type lacks is lost on the way, a field that
/// the example lacks cannot be read or comes back as null.
fn check<T: DeserializeOwned + Serialize>(heading: &str) {
    let written: Value = serde_json::from_str(example(heading)).expect("the example is JSON");
    let read: T = serde_json::from_value(written.clone()).expect("the example fits the type");
    assert_eq!(serde_json::to_value(&read).expect("it can be written"), written, "{heading}");
}

#[test]
fn the_examples_are_what_the_types_write() {
    check::<v1::ReleaseDocument>("release, rehearse, publish, plan");
    check::<v1::BatchDocument>("release, rehearse and plan of several packages");
    check::<v1::StatusDocument>("status");
    check::<v1::StatusListDocument>("status of several packages");
    check::<v1::VersionsDocument>("versions");
    check::<v1::VerifyDocument>("verify");
    check::<v1::ConfigDocument>("config show");
    check::<v1::CheckDocument>("check");
    check::<v1::TagDocument>("tag");
    check::<v1::ErrorDocument>("A problem");
    check::<v1::Event>("Events");
}

/// Each value is a word of the page.
fn words<T: Serialize>(values: &[T]) {
    for value in values {
        let word = serde_json::to_value(value).expect("a word");
        let word = word.as_str().expect("a text");
        assert!(PAGE.contains(&format!("`{word}`")), "docs/reference/json.md does not explain {word}");
    }
}

#[test]
fn every_word_is_on_the_page() {
    use v1::{Action, Outcome, StepStatus, TargetState, VerifyStatus};
    words(&shiponce_api::ExitCode::ALL.map(Outcome::of_failure));
    words(&[Outcome::Released]);
    words(&[Action::Skip, Action::Upload, Action::Compare, Action::Wait, Action::Stop, Action::LeaveOut]);
    words(&[
        TargetState::Same,
        TargetState::Yanked,
        TargetState::Missing,
        TargetState::Conflict,
        TargetState::DigestUnknown,
        TargetState::SameBytesOtherName,
        TargetState::SecondSdist,
        TargetState::Burned,
        TargetState::Closed,
        TargetState::NotAccepting,
        TargetState::Unknown,
    ]);
    words(&[v1::Success::True, v1::Success::Partial, v1::Success::False]);
    words(&[StepStatus::Done, StepStatus::Skipped, StepStatus::Warning, StepStatus::Failed]);
    words(&[StepStatus::Planned, StepStatus::NotReached]);
    words(&[VerifyStatus::Verified, VerifyStatus::Failed, VerifyStatus::NotVerifiableHere]);
}

#[test]
fn every_word_of_the_gates_is_on_the_page() {
    use v1::{
        ActionCode, GateStatus, IndexVersionState, IssueSeverity, LocationState, PublisherState, TagWord,
    };
    words(&[GateStatus::Pass, GateStatus::Fail, GateStatus::Unknown, GateStatus::UnverifiableHere]);
    words(&[PublisherState::Accepted, PublisherState::Refused, PublisherState::SameAsLast]);
    words(&[PublisherState::OtherThanLast, PublisherState::NotCompared, PublisherState::NotOffered]);
    words(&[PublisherState::UnverifiableHere, PublisherState::Unknown]);
    words(&[IssueSeverity::Error, IssueSeverity::Warning, IssueSeverity::Note]);
    words(&[ActionCode::None, ActionCode::SynchronizeVersions, ActionCode::FixTag]);
    words(&[ActionCode::UseNextVersion, ActionCode::BuildFirst, ActionCode::LookAgain]);
    words(&[LocationState::Read, LocationState::NotAVersion, LocationState::KnownAfterBuild]);
    words(&[LocationState::FromTag, LocationState::Missing]);
    words(&[v1::Bump::Major, v1::Bump::Minor, v1::Bump::Patch]);
    words(&[IndexVersionState::Free, IndexVersionState::SameContent, IndexVersionState::OtherContent]);
    words(&[IndexVersionState::Published, IndexVersionState::Unobserved]);
    words(&[TagWord::Created, TagWord::AlreadyThere, TagWord::WouldCreate]);
}
