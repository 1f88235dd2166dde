//! Artifacts of workflow runs.

use shiponce_forge::Options;

use crate::lab::{Lab, sha256, start};

#[tokio::test(start_paused = true)]
async fn artifacts_of_a_run() {
    let lab = Lab::new();
    let (wheels, old) = lab.repository(|repository| {
        let old = repository.artifact(7, "old", "gone", start());
        repository.expire_artifact(old);
        repository.artifact(8, "other-run", "x", start());
        (repository.artifact(7, "wheels", "a zip", start()), old)
    });
    let client = lab.client();
    let mut listed = client.run_artifacts(7).await.unwrap();
    listed.sort_by_key(|artifact| artifact.id);
    let seen: Vec<_> = listed.iter().map(|a| (a.id, a.name.as_str(), a.size, a.expired)).collect();
    assert_eq!(seen, [(old, "old", 4, true), (wheels, "wheels", 5, false)]);
    assert_eq!(listed[1].digest, Some(sha256(b"a zip")));
    assert_eq!(listed[1].created_at, Some(start()));
    assert_eq!(listed[1].commit.as_ref().map(String::len), Some(40), "{listed:?}");
    let mut sink = Vec::new();
    let fetched = client.download_artifact(&listed[1], 1 << 20, &mut sink).await.unwrap();
    assert_eq!((fetched.sha256, &sink[..]), (sha256(b"a zip"), &b"a zip"[..]));
    let error = client.download_artifact(&listed[0], 1 << 20, &mut Vec::new()).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(client.run_artifacts(9).await.is_ok_and(|none| none.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn a_download_needs_a_token() {
    let lab = Lab::new();
    lab.repository(|repository| repository.artifact(7, "wheels", "a zip", start()));
    let anonymous = lab.client_with(None, Options::default());
    let listed = anonymous.run_artifacts(7).await.unwrap();
    assert!(anonymous.download_artifact(&listed[0], 1 << 20, &mut Vec::new()).await.is_err());
}
