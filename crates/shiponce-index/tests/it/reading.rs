//! What the embedded world's pages say.

use std::time::Duration;

use shiponce_core::observation::ProjectStatus;
use shiponce_index::{AnswerClass, Freshness, Observer, ReadOptions, Source};
use shiponce_rehearsal::{Index as Which, Lag, ProjectStatus as Marker, RouteKind};

use crate::lab::{File, Lab, WHEEL, answer, clock, demo, index, server, url};

#[tokio::test(start_paused = true)]
async fn an_absent_project_is_absent_on_both_apis() {
    let lab = Lab::new();
    let reading = lab.read().await;
    let listing = reading.listing().unwrap();
    assert!(!listing.exists && listing.files.is_empty());
    assert_eq!((reading.source, reading.from_cache), (None, false));
    assert_eq!(lab.requests(RouteKind::Simple).len(), 1);
    assert_eq!(lab.requests(RouteKind::Json).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_request_tells_everything_about_a_published_file() {
    let lab = Lab::new();
    let file = File::wheel("a");
    assert_eq!(lab.upload(&file).await.class, AnswerClass::Accepted);
    let reading = lab.read().await;
    let listed = &reading.listing().unwrap().files[WHEEL];
    assert_eq!(listed.sha256, Some(file.sha256()));
    assert_eq!(listed.size, Some(file.bytes.len() as u64));
    assert_eq!(listed.uploaded_at.unwrap().to_string(), "2026-11-20T10:00:00Z");
    assert!(listed.url.as_deref().unwrap().starts_with("http://127.0.0.1:8080/prod/files/"), "{listed:?}");
    assert_eq!(reading.source, Some(Source::SimpleJson));
    assert_eq!(reading.serial, Some(lab.world.serial(Which::Pypi)));
    assert!(reading.etag.is_some());
    assert_eq!((lab.requests(RouteKind::Simple).len(), lab.requests(RouteKind::Json).len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_index_with_only_one_api_is_read_through_it() {
    let mut lab = Lab::new();
    let file = File::wheel("a");
    lab.upload(&file).await;
    let json = lab.index.json.take();
    let simple = lab.read().await;
    lab.index.json = json;
    lab.index.simple = None;
    let legacy = lab.read().await;
    assert_eq!(legacy.source, Some(Source::LegacyJson));
    assert_eq!(simple.listing().unwrap().files, legacy.listing().unwrap().files);
    assert_eq!(simple.serial, legacy.serial);
    lab.index.json = None;
    let neither = lab.read().await;
    assert_eq!(crate::lab::why(&neither), "index `pypi` has neither a Simple nor a JSON address");
}

#[tokio::test(start_paused = true)]
async fn markers_and_yanks_come_through() {
    let lab = Lab::new();
    lab.upload(&File::wheel("a")).await;
    let now = lab.clock.now();
    assert!(lab.world.yank(Which::Pypi, "demo", "1.0", Some("broken"), now));
    assert_eq!(lab.read().await.listing().unwrap().files[WHEEL].yanked.as_deref(), Some("broken"));
    assert!(lab.world.set_status(Which::Pypi, "demo", Marker::Archived, now));
    assert_eq!(lab.read().await.listing().unwrap().status, ProjectStatus::Archived);
    assert!(lab.world.set_status(Which::Pypi, "demo", Marker::Quarantined, now));
    let quarantined = lab.read().await;
    let listing = quarantined.listing().unwrap();
    assert_eq!((listing.exists, listing.status, listing.files.len()), (true, ProjectStatus::Quarantined, 0));
}

#[tokio::test(start_paused = true)]
async fn a_project_whose_404_lingers_is_found_through_the_other_api() {
    let lab = Lab::new();
    // The absence is read, and so cached, before the upload.
    assert!(!lab.read().await.listing().unwrap().exists);
    lab.world.lag(Which::Pypi, Lag::None, Lag::For(Duration::from_secs(600)));
    assert!(!lab.read().await.listing().unwrap().exists);
    lab.upload(&File::wheel("a")).await;
    let observer = lab.observer();
    for _ in 0..2 {
        let reading = observer.read(&lab.index, &demo(), Freshness::Bypass).await;
        assert_eq!(reading.source, Some(Source::LegacyJson));
        assert!(reading.listing().unwrap().files.contains_key(WHEEL));
    }
    // When both lie, a project that was there is not taken for absent.
    lab.fault("json:1:captive-portal");
    assert!(observer.read(&lab.index, &demo(), Freshness::Bypass).await.listing().is_none());
}

#[tokio::test(start_paused = true)]
async fn pages_are_asked_for_as_pip_does_and_around_caches_before_an_upload() {
    let clock = clock();
    let (transport, asked) = server(&clock, |_, _| {
        let mut page = answer(200, "text/html", "<title>Links for demo</title>");
        page.headers_mut().insert("etag", "\"v1\"".parse().unwrap());
        page
    });
    let options = ReadOptions { ttl: Duration::ZERO, ..ReadOptions::default() };
    let observer = Observer::new(transport, clock, options);
    let index = index("http://127.0.0.1:9");
    for freshness in [Freshness::Cached, Freshness::Cached, Freshness::Bypass] {
        assert_eq!(observer.read(&index, &demo(), freshness).await.etag.as_deref(), Some("\"v1\""));
    }
    let asked = asked.lock().unwrap();
    let header =
        |at: usize, name: &str| asked[at].headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    for at in 0..3 {
        let pip = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01";
        assert_eq!(header(at, "accept").as_deref(), Some(pip));
        assert_eq!(header(at, "user-agent").as_deref(), Some(shiponce_index::USER_AGENT));
    }
    let cache = [0, 1, 2].map(|at| (header(at, "if-none-match"), header(at, "cache-control")));
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(cache, [(None, None), (text("\"v1\""), None), (None, text("no-cache"))]);
}

#[tokio::test(start_paused = true)]
async fn of_a_mirroring_index_only_its_own_files_count() {
    let clock = clock();
    let (transport, _) = server(&clock, |_, _| {
        let page = "<a href=/me/dev/+f/0/demo-1.0.tar.gz>x</a><a href=/all/mirror/+f/0/demo-0.9.tar.gz>x</a>";
        answer(200, "text/html", page)
    });
    let observer = Observer::new(transport, clock, ReadOptions::default());
    let mut index = index("http://127.0.0.1:9");
    (index.upload, index.json) = (url("http://127.0.0.1:9/me/dev/"), None);
    for (mirror, files) in [(false, 2), (true, 1)] {
        index.mirror = mirror;
        let reading = observer.read(&index, &demo(), Freshness::Bypass).await;
        assert_eq!(reading.listing().unwrap().files.len(), files, "mirror: {mirror}");
    }
}

#[tokio::test(start_paused = true)]
async fn many_questions_at_once_cost_few_requests() {
    let lab = Lab::new();
    lab.upload(&File::wheel("a")).await;
    let observer = std::sync::Arc::new(lab.observer());
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (observer, index) = (std::sync::Arc::clone(&observer), lab.index.clone());
            tokio::spawn(async move { observer.read(&index, &demo(), Freshness::Bypass).await })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap().listing().unwrap().exists);
    }
    let requests = lab.requests(RouteKind::Simple).len();
    assert!(requests <= 2, "{requests} requests for 50 questions");
}
