//! Uploading and deleting files.

use std::sync::{Arc, Mutex};

use shiponce_core::forge::same_name;
use shiponce_forge::{AssetState, Error, NewAsset, Reason};
use shiponce_io::http::Progress;
use shiponce_rehearsal::{HandMade, RouteKind};

use crate::lab::{Lab, REPOSITORY, Source, sha256};

fn asset(name: &str) -> NewAsset<'_> {
    NewAsset { name, label: None }
}

#[tokio::test(start_paused = true)]
async fn a_file_arrives_with_its_digest() {
    let lab = Lab::new();
    let draft = lab.draft().await;
    let sent = Arc::new(Mutex::new(0));
    let counter = Arc::clone(&sent);
    let progress: Progress = Arc::new(move |bytes| *counter.lock().unwrap() = bytes);
    let new = asset("demo-1.0-py3-none-any.whl");
    let made = lab.client().upload_asset(draft.id, new, Source::new("wheel"), Some(progress)).await.unwrap();
    assert_eq!((made.state, made.size, made.digest), (AssetState::Uploaded, 5, Some(sha256(b"wheel"))));
    assert_eq!((made.name.as_str(), made.label), ("demo-1.0-py3-none-any.whl", None));
    assert_eq!(*sent.lock().unwrap(), 5);
    let listed = lab.client().assets(draft.id).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].digest, made.digest);
    assert_eq!(lab.client().release(draft.id).await.unwrap().unwrap().assets, listed);
    assert_eq!(&lab.world.releases(REPOSITORY)[0].assets[0].content[..], b"wheel");
}

/// `size must be greater than or equal to 1` (softprops/action-gh-release#321).
#[tokio::test(start_paused = true)]
async fn an_empty_file_is_refused() {
    let lab = Lab::new();
    let draft = lab.draft().await;
    let error =
        lab.client().upload_asset(draft.id, asset("py.typed"), Source::new(""), None).await.unwrap_err();
    insta::assert_snapshot!(error, @"could not upload py.typed to release 1000001 of owner/demo: GitHub refuses: Validation Failed; size must be greater than or equal to 1");
    assert!(!error.outcome_unknown() && !error.may_pass());
}

/// GitHub says which name it has given.
#[tokio::test(start_paused = true)]
async fn renamed_files_are_found_again() {
    let lab = Lab::new();
    let draft = lab.draft().await;
    for (name, listed) in [
        ("demo-1.0+cpu-py3-none-any.whl", "demo-1.0+cpu-py3-none-any.whl"),
        ("demo 1.0 (final).zip", "demo.1.0.final.zip"),
        ("demo~1.deb", "demo.1.deb"),
        (".config", "default.config"),
    ] {
        let new = NewAsset { name, label: Some(name) };
        let made = lab.client().upload_asset(draft.id, new, Source::new(name), None).await.unwrap();
        assert_eq!(made.name, listed);
        assert_eq!(made.label.as_deref(), Some(name));
        assert!(same_name(&made.name, name), "{name}");
        let again = lab.client().upload_asset(draft.id, new, Source::new(name), None).await.unwrap_err();
        assert_eq!(again.reason(), Some(Reason::AlreadyExists), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_page_of_assets_is_read() {
    let lab = Lab::new();
    let id = lab.repository(|repository| {
        let made = (0..230).fold(HandMade::new("v1.0"), |made, n| made.asset(&format!("f{n}.whl"), "x"));
        repository.release_by_hand(made.without_digests())
    });
    let assets = lab.client().assets(id).await.unwrap();
    assert_eq!(assets.len(), 230);
    assert!(assets.iter().all(|asset| asset.digest.is_none() && asset.state == AssetState::Uploaded));
    assert_eq!(lab.requests(RouteKind::GithubAssets).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_taken_name_is_refused_and_nothing_is_replaced() {
    let lab = Lab::new();
    let draft = lab.draft().await;
    let client = lab.client();
    client.upload_asset(draft.id, asset("a.whl"), Source::new("one"), None).await.unwrap();
    let error = client.upload_asset(draft.id, asset("a.whl"), Source::new("two"), None).await.unwrap_err();
    insta::assert_snapshot!(error, @"could not upload a.whl to release 1000001 of owner/demo: GitHub refuses: Validation Failed; ReleaseAsset name already_exists");
    assert_eq!(client.assets(draft.id).await.unwrap()[0].digest, Some(sha256(b"one")));
}

/// A 502 of an upload leaves the name behind without bytes.
#[tokio::test(start_paused = true)]
async fn the_remains_of_an_upload_are_deleted_before_the_next() {
    let lab = Lab::new();
    let draft = lab.draft().await;
    let client = lab.client();
    lab.fault("github.asset:1:502-starter");
    let file = Source::new("wheel");
    let error =
        client.upload_asset(draft.id, asset("a.whl"), Arc::clone(&file) as _, None).await.unwrap_err();
    assert!(error.outcome_unknown() && error.may_pass(), "{error}");
    let left = client.assets(draft.id).await.unwrap();
    assert_eq!((left[0].state, left[0].size, left[0].digest), (AssetState::Starter, 0, None));
    let error =
        client.upload_asset(draft.id, asset("a.whl"), Arc::clone(&file) as _, None).await.unwrap_err();
    assert_eq!(error.reason(), Some(Reason::AlreadyExists), "{error}");
    assert!(client.delete_asset(left[0].id).await.unwrap());
    assert!(!client.delete_asset(left[0].id).await.unwrap(), "gone already");
    let made = client.upload_asset(draft.id, asset("a.whl"), Arc::clone(&file) as _, None).await.unwrap();
    assert_eq!(made.digest, Some(sha256(b"wheel")));
    assert_eq!(file.opened(), 3, "every attempt reads the file from its beginning");
}

#[tokio::test(start_paused = true)]
async fn what_came_of_a_lost_answer_is_listed() {
    for (fault, left) in [
        ("drop-after", Some(AssetState::Uploaded)),
        ("500-stored", Some(AssetState::Uploaded)),
        ("truncated", Some(AssetState::Uploaded)),
        ("drop-before", None),
        ("503", None),
        ("200-not-stored", None),
        ("cut-reading", Some(AssetState::Starter)),
    ] {
        let lab = Lab::new();
        let draft = lab.draft().await;
        lab.fault(&format!("github.asset:1:{fault}"));
        let answer = lab.client().upload_asset(draft.id, asset("a.whl"), Source::new("x"), None).await;
        assert_eq!(
            answer.as_ref().err().map(Error::outcome_unknown),
            (fault != "200-not-stored").then_some(true),
            "{fault}"
        );
        let listed = lab.client().assets(draft.id).await.unwrap();
        assert_eq!(listed.first().map(|asset| asset.state), left, "{fault}");
        assert_eq!(lab.requests(RouteKind::GithubAsset).len(), 1, "{fault}: nothing is repeated here");
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_upload_ends() {
    let lab = Lab::new();
    let draft = lab.draft().await;
    lab.fault("github.asset:1:hang");
    let error =
        lab.client().upload_asset(draft.id, asset("a.whl"), Source::new("x"), None).await.unwrap_err();
    assert!(matches!(error, Error::AnswerLost { .. }), "{error}");
    assert_eq!(lab.elapsed(), 120);
}

#[tokio::test(start_paused = true)]
async fn an_immutable_release_takes_and_gives_up_nothing() {
    let lab = Lab::new();
    let id = lab.repository(|repository| {
        repository.release_by_hand(HandMade::new("v1.0").asset("a.whl", "x").immutable())
    });
    let client = lab.client();
    let error = client.upload_asset(id, asset("b.whl"), Source::new("x"), None).await.unwrap_err();
    insta::assert_snapshot!(error, @"could not upload b.whl to release 1000001 of owner/demo: GitHub refuses: Cannot upload assets to an immutable release.");
    assert_eq!(error.reason(), Some(Reason::Immutable));
    let there = client.assets(id).await.unwrap();
    let error = client.delete_asset(there[0].id).await.unwrap_err();
    assert!(!error.outcome_unknown(), "{error}");
    assert_eq!(client.assets(id).await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_changed_meanwhile_is_not_sent() {
    #[derive(Debug)]
    struct Shrunk;
    impl shiponce_io::http::BodySource for Shrunk {
        fn length(&self) -> u64 {
            9
        }
        fn open(&self) -> std::io::Result<Box<dyn std::io::Read + Send>> {
            Ok(Box::new(&b"short"[..]))
        }
    }
    let lab = Lab::new();
    let draft = lab.draft().await;
    let error =
        lab.client().upload_asset(draft.id, asset("a.whl"), Arc::new(Shrunk), None).await.unwrap_err();
    assert!(error.outcome_unknown() && error.may_pass(), "part of it may have arrived: {error}");
    assert!(lab.client().assets(draft.id).await.unwrap().is_empty());
}
