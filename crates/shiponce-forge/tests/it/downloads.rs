//! Bytes, and where the token does not go.

use shiponce_forge::{Error, NewAsset};
use shiponce_rehearsal::RouteKind;

use crate::lab::{Lab, Source, sha256};

const MAX: u64 = 1 << 20;

async fn lab_with_asset() -> (Lab, u64) {
    let lab = Lab::new();
    let draft = lab.draft().await;
    let new = NewAsset { name: "a.whl", label: None };
    let made = lab.client().upload_asset(draft.id, new, Source::new("wheel"), None).await.unwrap();
    (lab, made.id)
}

#[tokio::test(start_paused = true)]
async fn the_asset_of_a_draft_comes_from_another_place() {
    let (lab, id) = lab_with_asset().await;
    let mut sink = Vec::new();
    let digest = sha256(b"wheel");
    let fetched = lab.client().download_asset(id, Some(digest), MAX, &mut sink).await.unwrap();
    assert_eq!((fetched.sha256, fetched.size, &sink[..]), (digest, 5, &b"wheel"[..]));
    assert_eq!(lab.requests(RouteKind::GithubDownload).len(), 2);
    let carried = lab.carried.lock().unwrap();
    assert_eq!(carried[carried.len() - 2..], [true, false], "the token does not cross the redirect");
}

#[tokio::test(start_paused = true)]
async fn other_bytes_are_told_apart() {
    let (lab, id) = lab_with_asset().await;
    let error = lab.client().download_asset(id, Some(sha256(b"other")), MAX, &mut Vec::new()).await;
    assert!(matches!(error, Err(Error::OtherBytes { .. })));
    // The storage sends a page of HTML with status 200.
    lab.fault("github.download:2:unicorn");
    let error = lab.client().download_asset(id, Some(sha256(b"wheel")), MAX, &mut Vec::new()).await;
    assert!(matches!(error, Err(Error::OtherBytes { .. })));
}

#[tokio::test(start_paused = true)]
async fn failures_before_the_first_byte_are_waited_out() {
    for fault in ["github.download:1:503", "github.download:2:503", "github.download:2:drop-before"] {
        let (lab, id) = lab_with_asset().await;
        lab.fault(fault);
        let mut sink = Vec::new();
        assert!(lab.client().download_asset(id, None, MAX, &mut sink).await.is_ok(), "{fault}");
        assert_eq!(sink, b"wheel", "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_or_is_too_long_is_no_file() {
    let (lab, id) = lab_with_asset().await;
    lab.fault("github.download:*:truncated");
    let error = lab.client().download_asset(id, None, MAX, &mut Vec::new()).await.unwrap_err();
    assert!(matches!(error, Error::Unread { .. }) && error.may_pass(), "{error}");
    let (lab, id) = lab_with_asset().await;
    let error = lab.client().download_asset(id, None, 4, &mut Vec::new()).await.unwrap_err();
    assert!(matches!(error, Error::Unread { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_cannot_be_downloaded() {
    let (lab, _) = lab_with_asset().await;
    let error = lab.client().download_asset(1, None, MAX, &mut Vec::new()).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(lab.elapsed(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_is_said_to_be_ours() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (lab, id) = lab_with_asset().await;
    let error = lab.client().download_asset(id, None, MAX, &mut Full).await.unwrap_err();
    assert!(matches!(error, Error::Store { .. }) && !error.may_pass(), "{error}");
}
