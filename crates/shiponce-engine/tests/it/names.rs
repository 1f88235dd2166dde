//! Names that are taken, burned, closed, or listed in strange ways.

use crate::kit::{Lab, code, dist, wheel_name};
use shiponce_core::decide::WriteOnce;
use shiponce_rehearsal::Index::Pypi;
use shiponce_rehearsal::RouteKind;

const PURE: &str = "py3-none-any";

#[tokio::test(start_paused = true)]
async fn a_burned_name_is_remembered_across_presses_and_never_sent_again() {
    let lab = Lab::new();
    let mine = dist::wheel(&lab.folder("dist"), "1.0", PURE, "mine");
    let other = dist::wheel(&lab.folder("other"), "1.0", PURE, "other");
    lab.put(Pypi, &other);
    lab.world.delete_file(Pypi, "demo", &wheel_name("1.0", PURE), lab.clock.now());
    for sent in [1, 1] {
        let ended = lab.publish(std::slice::from_ref(&mine)).await;
        assert_eq!((ended.exit_code().number(), code(&ended)), (4, "file-name-burned"), "{ended:?}");
        assert_eq!(lab.uploads(Pypi).len(), sent, "the journal remembers");
        let problem = ended.problem.unwrap().render();
        assert!(problem.contains("release 1.0.post1"), "{problem}");
        assert!(problem.contains("Nothing was uploaded"), "{problem}");
    }
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn other_bytes_under_the_name_are_a_conflict_and_nothing_is_frozen() {
    let lab = Lab::new();
    let mine = dist::wheel(&lab.folder("dist"), "1.0", PURE, "mine");
    let other = dist::wheel(&lab.folder("other"), "1.0", PURE, "other");
    lab.put(Pypi, &other);
    let ended = lab.publish(&[mine]).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (4, "file-conflict"), "{ended:?}");
    assert_eq!(lab.uploads(Pypi).len(), 0);
    assert!(lab.ledger().manifests(&"demo".parse().unwrap()).unwrap().is_empty());
    // The bytes that are there can still be handed over.
    let true_bytes = lab.publish(&[other]).await;
    assert_eq!(true_bytes.exit_code().number(), 0, "{true_bytes:?}");
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn a_race_for_the_name_is_decided_by_reading() {
    for (content, exit, slug) in [("mine", 0, ""), ("other", 4, "file-conflict")] {
        let lab = Lab::new();
        let mine = dist::wheel(&lab.folder("dist"), "1.0", PURE, "mine");
        let theirs = dist::wheel(&lab.folder("theirs"), "1.0", PURE, content);
        let mut put = Some(lab.putting(Pypi, &theirs));
        let identical = content == "mine";
        lab.hook(move |request| {
            let upload = request.uri().path().ends_with("/legacy/");
            if let Some(put) = upload.then(|| put.take()).flatten() {
                put();
                // PyPI calls identical bytes a success; others refuse the name whatever it holds.
                let message = "400 File already exists. See https://example.invalid for more information.";
                return identical
                    .then(|| http::Response::builder().status(400).body(message.into()).unwrap());
            }
            None
        });
        let ended = lab.publish(&[mine]).await;
        assert_eq!((ended.exit_code().number(), code(&ended)), (exit, slug), "{ended:?}");
        assert_eq!(lab.names(Pypi).len(), 1);
        let requests = lab.world.log().iter().filter(|entry| entry.route == RouteKind::Upload).count();
        assert!(requests <= 2, "theirs, and ours once");
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_bytes_in_another_project_end_in_words() {
    let lab = Lab::new();
    let mine = dist::wheel(&lab.folder("dist"), "1.0", PURE, "mine");
    lab.hook(|request| {
        let message = "400 File already exists ('other-1.0-py3-none-any.whl', with blake2_256 hash 'x').";
        (request.uri().path().ends_with("/legacy/"))
            .then(|| http::Response::builder().status(400).body(message.into()).unwrap())
    });
    let ended = lab.publish(&[mine]).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (4, "same-bytes-other-name"), "{ended:?}");
    let problem = ended.problem.unwrap().render();
    assert!(problem.contains("other-1.0-py3-none-any.whl"), "{problem}");
    assert!(problem.contains("Nothing was uploaded to PyPI by this run."), "{problem}");
}

#[tokio::test(start_paused = true)]
async fn a_second_sdist_and_a_closed_release_are_known_before_sending() {
    let lab = Lab::new();
    let wheel = dist::wheel(&lab.folder("dist"), "1.0", PURE, "a");
    assert_eq!(lab.publish(&[wheel]).await.exit_code().number(), 0);
    lab.clock.sleep(std::time::Duration::from_secs(15 * 24 * 3600)).await;
    let late = dist::wheel(&lab.folder("dist"), "1.0", &dist::tag(0), "a");
    let ended = lab.publish(&[late]).await;
    assert_eq!((ended.exit_code().number(), code(&ended)), (4, "release-closed"), "{ended:?}");
    assert_eq!(lab.uploads(Pypi).len(), 1);
    let hints = ended.problem.unwrap().hints.join(" ");
    assert!(hints.contains("1.0.post1"), "{hints}");
    let first = dist::sdist(&lab.folder("one"), "2.0", "one");
    assert_eq!(lab.publish(&[first]).await.exit_code().number(), 0);
    let zip = lab.folder("two").join("demo-2.0.zip");
    let second = dist::sdist(&lab.folder("two"), "2.0", "two");
    fs_err::rename(&second, &zip).unwrap();
    let ended = lab.publish(&[zip]).await;
    assert_eq!(lab.uploads(Pypi).len(), 2, "{ended:?}");
    assert_ne!(ended.exit_code().number(), 0);
    lab.check();
}

#[tokio::test(start_paused = true)]
async fn yanked_files_count_as_there_and_are_not_published_again() {
    let lab = Lab::new();
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    assert_eq!(lab.publish(&files).await.exit_code().number(), 0);
    lab.world.yank(Pypi, "demo", "1.0", Some("broken on Tuesdays"), lab.clock.now());
    let ended = lab.publish(&files).await;
    assert_eq!(ended.exit_code().number(), 0);
    assert_eq!(lab.uploads(Pypi).len(), 2);
    assert!(lab.report.warned("yanked: broken on Tuesdays"), "{}", lab.report.text());
    lab.check();
}

/// An index that lists names without digests, as PEP 503 pages may.
fn without_digests(lab: &Lab) {
    let world = lab.world.clone();
    let clock = lab.clock.clone();
    lab.hook(move |request| {
        if !request.uri().path().contains("/simple/") {
            return None;
        }
        let mut asked = http::Request::new(bytes::Bytes::new());
        *asked.uri_mut() = request.uri().clone();
        asked.headers_mut().insert("accept", "text/html".parse().unwrap());
        asked.headers_mut().insert("host", "127.0.0.1:8080".parse().unwrap());
        let answer = world.handle(asked, clock.now());
        let (parts, body) = answer.into_parts();
        let text = String::from_utf8(body.to_vec()).unwrap();
        let stripped: String = text
            .lines()
            .map(|line| match (line.find("#sha256="), line.find("\">").or_else(|| line.find("\" "))) {
                (Some(from), Some(to)) if from < to => format!("{}{}\n", &line[..from], &line[to..]),
                _ => format!("{line}\n"),
            })
            .collect();
        let mut answer = http::Response::new(bytes::Bytes::from(stripped));
        *answer.status_mut() = parts.status;
        answer.headers_mut().insert("content-type", "text/html".parse().unwrap());
        Some(answer)
    });
}

#[tokio::test(start_paused = true)]
async fn where_no_digest_is_listed_the_bytes_are_compared() {
    for (content, exit, slug) in [("mine", 0, ""), ("other, and longer than mine", 4, "file-conflict")] {
        let lab = Lab::new();
        let mine = dist::wheel(&lab.folder("dist"), "1.0", PURE, "mine");
        let theirs = dist::wheel(&lab.folder("theirs"), "1.0", PURE, content);
        lab.put(Pypi, &theirs);
        without_digests(&lab);
        let target = lab.target_with(Pypi, |_, index| index.json = None);
        let ended = lab.publish_to(&[mine], vec![target]).await;
        assert_eq!((ended.exit_code().number(), code(&ended)), (exit, slug), "{ended:?}");
        assert_eq!(lab.uploads(Pypi).len(), 0);
        assert_eq!(lab.requests(RouteKind::File).len(), 1);
        assert!(lab.report.said("gives no digest"), "{}", lab.report.text());
    }
}

#[tokio::test(start_paused = true)]
async fn bytes_are_compared_before_the_first_file_is_sent() {
    for broken in [false, true] {
        let lab = Lab::new();
        let files = dist::wheels(&lab.folder("dist"), "1.0", 3);
        let theirs = dist::wheel(&lab.folder("theirs"), "1.0", &dist::tag(2), "other");
        lab.put(Pypi, &theirs);
        without_digests(&lab);
        if broken {
            lab.fault("file:*:503");
        }
        let target = lab.target_with(Pypi, |_, index| index.json = None);
        let ended = lab.publish_to(&files, vec![target]).await;
        let expected = if broken { (5, "target-unobserved") } else { (4, "file-conflict") };
        assert_eq!((ended.exit_code().number(), code(&ended)), expected, "{ended:?}");
        assert_eq!(lab.uploads(Pypi).len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn an_upload_without_listed_digests_is_read_back_by_downloading_it() {
    let lab = Lab::new();
    without_digests(&lab);
    let files = dist::wheels(&lab.folder("dist"), "1.0", 2);
    let target = lab.target_with(Pypi, |_, index| index.json = None);
    let ended = lab.publish_to(&files, vec![target]).await;
    assert_eq!(ended.exit_code().number(), 0, "{ended:?}\n{}", lab.report.text());
    assert_eq!((lab.uploads(Pypi).len(), lab.requests(RouteKind::File).len()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn where_names_may_be_replaced_nothing_is_sent_twice() {
    for write_once in [WriteOnce::Unknown, WriteOnce::No] {
        let lab = Lab::new();
        lab.fault("upload:1:drop-before");
        let files = dist::wheels(&lab.folder("dist"), "1.0", 1);
        for _ in 0..2 {
            let target = lab.target_with(Pypi, |core, _| core.write_once = write_once);
            let ended = lab.publish_to(&files, vec![target]).await;
            assert_eq!((ended.exit_code().number(), code(&ended)), (5, "target-unobserved"), "{ended:?}");
            assert_eq!(lab.uploads(Pypi).len(), 1, "no blind resend");
        }
        lab.check();
    }
}

#[tokio::test(start_paused = true)]
async fn files_that_are_listed_without_a_digest_are_there_and_not_known() {
    let lab = Lab::new();
    lab.put(Pypi, &dist::wheel(&lab.folder("theirs"), "1.0", PURE, "theirs"));
    without_digests(&lab);
    let target = lab.target_with(Pypi, |_, index| index.json = None);
    let request = shiponce_engine::StatusRequest {
        tagged: Vec::new(),
        page: None,
        project: "demo".parse().unwrap(),
        version: Some("1.0".parse().unwrap()),
        targets: vec![target],
    };
    let report = shiponce_engine::status(&lab.context(), &request).await.unwrap();
    assert_eq!(report.exit_code.number(), 5, "neither absent nor complete: {report:?}");
    let [row] = &report.document.files[..] else { panic!("{report:?}") };
    assert_eq!((row.filename.as_str(), &row.sha256), (wheel_name("1.0", PURE).as_str(), &None));
    assert_eq!(row.targets["pypi"].state, shiponce_api::v1::TargetState::DigestUnknown);
}
