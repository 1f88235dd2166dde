//! What is kept, for how long, and what drops it.

use std::time::Duration;

use shiponce_index::{Freshness, ReadOptions};
use shiponce_rehearsal::{Index as Which, RouteKind};

use crate::lab::{File, Lab, WHEEL, demo};

fn on_disk(folder: &std::path::Path) -> ReadOptions {
    ReadOptions { cache_folder: Some(folder.to_owned()), ..ReadOptions::default() }
}

#[tokio::test(start_paused = true)]
async fn a_young_listing_costs_no_request_and_an_old_one_a_304() {
    let lab = Lab::new();
    lab.upload(&File::wheel("a")).await;
    let observer = lab.observer();
    let first = observer.read(&lab.index, &demo(), Freshness::Cached).await;
    lab.clock.sleep(Duration::from_secs(599)).await;
    let second = observer.read(&lab.index, &demo(), Freshness::Cached).await;
    assert!(!first.from_cache && second.from_cache);
    assert_eq!((&first.view, first.read_at), (&second.view, second.read_at));
    assert_eq!(lab.requests(RouteKind::Simple).len(), 1);
    lab.clock.sleep(Duration::from_secs(2)).await;
    let third = observer.read(&lab.index, &demo(), Freshness::Cached).await;
    assert_eq!((&third.view, third.from_cache), (&first.view, false));
    assert!(third.read_at > first.read_at);
    let statuses: Vec<_> = lab.requests(RouteKind::Simple).iter().map(|entry| entry.status).collect();
    assert_eq!(statuses, [Some(200), Some(304)]);
    assert_eq!(lab.requests(RouteKind::Json).len(), 0);
}

#[tokio::test(start_paused = true)]
async fn bypass_and_forget_see_what_the_cache_does_not() {
    let lab = Lab::new();
    lab.upload(&File::wheel("a")).await;
    let observer = lab.observer();
    observer.read(&lab.index, &demo(), Freshness::Cached).await;
    let second = "demo-1.0-1-py3-none-any.whl";
    lab.upload(&File::named(second, "b")).await;
    let cached = observer.read(&lab.index, &demo(), Freshness::Cached).await;
    assert!(!cached.listing().unwrap().files.contains_key(second));
    let bypass = observer.read(&lab.index, &demo(), Freshness::Bypass).await;
    assert!(bypass.listing().unwrap().files.contains_key(second));
    let third = "demo-1.0-2-py3-none-any.whl";
    lab.upload(&File::named(third, "c")).await;
    observer.forget(&lab.index, &demo());
    let after = observer.read(&lab.index, &demo(), Freshness::Cached).await;
    assert!(after.listing().unwrap().files.contains_key(third));
}

#[tokio::test(start_paused = true)]
async fn an_absence_and_a_failure_are_never_kept() {
    let folder = tempfile::tempdir().unwrap();
    let lab = Lab::new();
    let observer = lab.observer_with(on_disk(&folder.path().join("cache")));
    for _ in 0..2 {
        assert!(!observer.read(&lab.index, &demo(), Freshness::Cached).await.listing().unwrap().exists);
    }
    assert_eq!(lab.requests(RouteKind::Simple).len(), 2);
    lab.fault("simple:1:captive-portal");
    assert!(observer.read(&lab.index, &demo(), Freshness::Cached).await.listing().is_none());
    assert!(!folder.path().join("cache").exists());
    lab.upload(&File::wheel("a")).await;
    assert!(observer.read(&lab.index, &demo(), Freshness::Cached).await.listing().unwrap().exists);
}

#[tokio::test(start_paused = true)]
async fn the_disk_serves_the_next_process_and_only_the_same_index() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let lab = Lab::new();
    lab.upload(&File::wheel("a")).await;
    let first = lab.observer_with(on_disk(&cache)).read(&lab.index, &demo(), Freshness::Cached).await;
    assert_eq!(fs_err::metadata(&cache).unwrap().permissions().mode() & 0o777, 0o700);
    let entries: Vec<_> = fs_err::read_dir(&cache).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [entry] = &entries[..] else { panic!("{entries:?}") };
    assert_eq!(fs_err::metadata(entry).unwrap().permissions().mode() & 0o777, 0o600);
    let next = lab.observer_with(on_disk(&cache));
    let second = next.read(&lab.index, &demo(), Freshness::Cached).await;
    assert!(second.from_cache);
    assert_eq!(
        (second.view, second.etag, second.serial, second.source),
        (first.view, first.etag, first.serial, first.source)
    );
    let test_index = crate::lab::index(&format!("{}/test", crate::lab::BASE));
    let other = next.read(&test_index, &demo(), Freshness::Cached).await;
    assert!(!other.listing().unwrap().exists, "the other index's page must not stand in");
    next.forget(&lab.index, &demo());
    assert!(!entry.exists());
    assert_eq!(
        lab.requests(RouteKind::Simple).iter().filter(|entry| entry.index == Some(Which::Pypi)).count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn damaged_entries_are_no_entries() {
    let folder = tempfile::tempdir().unwrap();
    let lab = Lab::new();
    lab.upload(&File::wheel("a")).await;
    lab.observer_with(on_disk(folder.path())).read(&lab.index, &demo(), Freshness::Cached).await;
    let entry = fs_err::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let whole = fs_err::read_to_string(&entry).unwrap();
    for damaged in [
        String::new(),
        whole[..whole.len() / 2].to_owned(),
        whole.replace("\"format\":", "\"format\":9"),
        whole.replace("\"project\":\"demo\"", "\"project\":\"other\""),
        whole.replace("\"sha256\":\"", "\"sha256\":\"zz"),
    ] {
        fs_err::write(&entry, &damaged).unwrap();
        let reading =
            lab.observer_with(on_disk(folder.path())).read(&lab.index, &demo(), Freshness::Cached).await;
        assert!(!reading.from_cache, "{damaged}");
        assert!(reading.listing().unwrap().files.contains_key(WHEEL));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reading_that_began_before_an_upload_is_not_kept_after_it() {
    let lab = Lab::new();
    lab.upload(&File::wheel("a")).await;
    lab.fault("simple:1:delay=2000");
    let observer = std::sync::Arc::new(lab.observer());
    let (early, index) = (std::sync::Arc::clone(&observer), lab.index.clone());
    let reading = tokio::spawn(async move { early.read(&index, &demo(), Freshness::Cached).await });
    lab.clock.sleep(Duration::from_secs(1)).await;
    lab.upload(&File::named("demo-1.0-1-py3-none-any.whl", "b")).await;
    observer.forget(&lab.index, &demo());
    assert_eq!(reading.await.unwrap().listing().unwrap().files.len(), 1);
    let after = observer.read(&lab.index, &demo(), Freshness::Cached).await;
    assert_eq!((after.from_cache, after.listing().unwrap().files.len()), (false, 2));
}
