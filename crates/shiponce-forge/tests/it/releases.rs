//! Drafts, publishing, and what can no longer be changed.

use shiponce_forge::{Error, Latest, Reason, ReleaseUpdate};
use shiponce_rehearsal::{HandMade, RouteKind};

use crate::lab::{COMMIT, Lab, REPOSITORY, draft};

#[tokio::test(start_paused = true)]
async fn a_draft_becomes_a_release() {
    let lab = Lab::new();
    let client = lab.client();
    let made = client.create_draft(&draft("v1.0")).await.unwrap();
    assert!(made.draft && made.published_at.is_none() && made.assets.is_empty());
    assert_eq!((made.name.as_str(), made.body.as_str()), ("demo v1.0", "What is new.\n"));
    let published = client.update_release(made.id, &ReleaseUpdate::publish(Latest::Yes)).await.unwrap();
    assert!(!published.draft && !published.immutable && published.published_at.is_some());
    assert_eq!(published.body, made.body, "what is not named stays as it is");
    assert_eq!(client.release_by_tag("v1.0").await.unwrap().unwrap().id, made.id);
    let seen = &lab.world.releases(REPOSITORY)[0];
    assert!(seen.latest && !seen.prerelease);
    // Publishing again is harmless: a stale write that comes late changes nothing.
    assert!(client.update_release(made.id, &ReleaseUpdate::publish(Latest::Yes)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn every_field_can_be_changed() {
    let lab = Lab::new();
    let made = lab.draft().await;
    let update = ReleaseUpdate {
        name: Some("other".to_owned()),
        body: Some(String::new()),
        draft: None,
        prerelease: Some(true),
        make_latest: Some(Latest::No),
    };
    let changed = lab.client().update_release(made.id, &update).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.body.as_str()), ("other", ""));
    assert!(changed.prerelease && changed.draft);
}

/// GitHub makes as many drafts of one tag as it is asked to: the caller looks first.
#[tokio::test(start_paused = true)]
async fn two_drafts_of_one_tag_can_exist() {
    let lab = Lab::new();
    let (first, second) = (lab.draft().await, lab.draft().await);
    assert!(first.id < second.id);
    assert_eq!(lab.client().releases().await.unwrap().len(), 2);
    assert!(lab.client().delete_release(second.id).await.unwrap());
    assert!(!lab.client().delete_release(second.id).await.unwrap(), "gone already");
    assert_eq!(lab.client().releases().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_second_published_release_of_a_tag_is_refused() {
    let lab = Lab::new();
    lab.repository(|repository| repository.release_by_hand(HandMade::new("v1.0")));
    let made = lab.draft().await;
    let publish = ReleaseUpdate::publish(Latest::Yes);
    let error = lab.client().update_release(made.id, &publish).await.unwrap_err();
    insta::assert_snapshot!(error, @"could not publish release 1000002 of owner/demo: GitHub refuses: Validation Failed; Release tag_name already_exists");
    assert_eq!(error.reason(), Some(Reason::AlreadyExists));
    assert!(!error.outcome_unknown() && !error.may_pass());
}

#[tokio::test(start_paused = true)]
async fn the_name_of_a_deleted_immutable_release_is_burned() {
    let lab = Lab::new();
    lab.repository(|repository| {
        let id = repository.release_by_hand(HandMade::new("v1.0").immutable());
        assert!(repository.delete_by_hand(id));
    });
    let made = lab.draft().await;
    let publish = ReleaseUpdate::publish(Latest::Yes);
    let error = lab.client().update_release(made.id, &publish).await.unwrap_err();
    insta::assert_snapshot!(error, @"could not publish release 1000002 of owner/demo: GitHub refuses: Validation Failed; tag_name was used by an immutable release; Published releases must have a valid tag");
    assert_eq!(error.reason(), Some(Reason::BurnedTag));
    assert!(error.hint().is_some_and(|hint| hint.contains("another tag")));
    lab.repository(|repository| {
        repository.drafts_meet_burned_tags(true);
    });
    let error = lab.client().create_draft(&draft("v1.0")).await.unwrap_err();
    assert_eq!(error.reason(), Some(Reason::BurnedTag), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_immutable_release_says_so() {
    let lab = Lab::new();
    lab.repository(|repository| {
        repository.immutable_releases(true);
    });
    let made = lab.draft().await;
    assert!(!made.immutable, "a draft can still be changed");
    let publish = ReleaseUpdate::publish(Latest::Yes);
    assert!(lab.client().update_release(made.id, &publish).await.unwrap().immutable);
    let back = ReleaseUpdate { draft: Some(true), ..ReleaseUpdate::default() };
    let error = lab.client().update_release(made.id, &back).await.unwrap_err();
    assert_eq!(error.reason(), Some(Reason::Immutable), "{error}");
    let notes = ReleaseUpdate { body: Some("later".to_owned()), ..ReleaseUpdate::default() };
    assert_eq!(lab.client().update_release(made.id, &notes).await.unwrap().body, "later");
}

#[tokio::test(start_paused = true)]
async fn a_write_is_sent_once_whatever_comes_back() {
    for (fault, made) in
        [("503", 0), ("500-stored", 1), ("drop-before", 0), ("drop-after", 1), ("unicorn", 0)]
    {
        let lab = Lab::new();
        lab.fault(&format!("github.create:1:{fault}"));
        let error = lab.client().create_draft(&draft("v1.0")).await.unwrap_err();
        assert!(error.outcome_unknown(), "{fault}: {error}");
        assert_eq!(lab.requests(RouteKind::GithubCreate).len(), 1, "{fault}");
        // Looking tells what came of it.
        assert_eq!(lab.client().releases().await.unwrap().len(), made, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_of_the_publishing_is_seen_by_tag() {
    let lab = Lab::new();
    let made = lab.draft().await;
    lab.fault("github.publish:1:drop-after");
    let publish = ReleaseUpdate::publish(Latest::Yes);
    let error = lab.client().update_release(made.id, &publish).await.unwrap_err();
    assert!(matches!(error, Error::AnswerLost { .. }) && error.outcome_unknown(), "{error}");
    assert_eq!(lab.client().release_by_tag("v1.0").await.unwrap().unwrap().id, made.id);
}

#[tokio::test(start_paused = true)]
async fn notes_that_are_too_long_are_refused_whole() {
    let lab = Lab::new();
    let mut long = draft("v1.0");
    long.body = "é".repeat(125_001);
    let error = lab.client().create_draft(&long).await.unwrap_err();
    insta::assert_snapshot!(error, @"could not make a draft of `v1.0` at owner/demo: GitHub refuses: Validation Failed; body is too long (maximum is 125000 characters)");
    long.body.pop();
    assert!(lab.client().create_draft(&long).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn generated_notes_change_nothing() {
    let lab = Lab::new();
    let request = shiponce_forge::NotesRequest { tag: "v1.0", previous_tag: None };
    let notes = lab.client().generate_notes(request).await.unwrap();
    assert!(!notes.name.is_empty() && !notes.body.is_empty(), "{notes:?}");
    lab.fault("github.notes:1:drop-after");
    let error = lab.client().generate_notes(request).await.unwrap_err();
    assert!(!error.outcome_unknown() && error.may_pass(), "{error}");
    assert_eq!(lab.world.github_writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_target_of_a_tag_is_never_named() {
    let lab = Lab::new();
    let made = lab.draft().await;
    let publish = ReleaseUpdate::publish(Latest::Yes);
    lab.client().update_release(made.id, &publish).await.unwrap();
    assert_eq!(lab.client().tag_commit("v1.0").await.unwrap().as_deref(), Some(COMMIT));
    for entry in lab.requests(RouteKind::GithubCreate) {
        assert_eq!(entry.status, Some(201));
    }
}
