//! Uploads into the embedded world, and answers from hand-made servers.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use shiponce_core::journal::Refusal;
use shiponce_core::redact::SecretString;
use shiponce_index::{AnswerClass, Credential, UploadOptions, Uploader, check_token};
use shiponce_io::http::BodySource;
use shiponce_rehearsal::{Index as Which, RouteKind, TokenSpec, User, WorldConfig};

use crate::lab::{File, Lab, WHEEL, answer, clock, index, server, url};

const UNKNOWN: AnswerClass = AnswerClass::OutcomeUnknown { retry_after: None };

#[tokio::test(start_paused = true)]
async fn a_file_arrives_once_and_identical_bytes_are_harmless() {
    let lab = Lab::new();
    let file = File::wheel("a");
    for _ in 0..2 {
        let answer = lab.upload(&file).await;
        assert_eq!((answer.class, answer.status), (AnswerClass::Accepted, Some(200)));
        assert_eq!(answer.explanation, None);
    }
    let files = lab.world.files(Which::Pypi);
    assert_eq!(files.len(), 1);
    assert_eq!(lab.read().await.listing().unwrap().files[WHEEL].sha256, Some(file.sha256()));
}

#[test]
fn tokens_of_the_world_are_known_by_their_location() {
    let mut config = WorldConfig::new();
    let token = config.token(Which::Pypi, &TokenSpec::user("alice").project("demo"));
    let token = SecretString::from(token);
    assert_eq!(check_token(&token, &url("http://127.0.0.1:8080/prod/legacy/")), Ok(()));
    let foreign = check_token(&token, &url("https://index.example/legacy/")).unwrap_err();
    assert_eq!(
        foreign.to_string(),
        "the token was issued by `127.0.0.1` and would be sent to `index.example`"
    );
}

#[tokio::test(start_paused = true)]
async fn refusals_of_the_world_are_told_apart() {
    let lab = Lab::new();
    lab.upload(&File::wheel("a")).await;
    let check = |answer: &shiponce_index::Answer, refusal: Refusal, rule: &str| {
        assert_eq!(answer.class, AnswerClass::Refused(refusal), "{answer:?}");
        assert_eq!(answer.explanation.as_ref().map(|found| found.rule), Some(rule), "{answer:?}");
    };
    let other = lab.upload(&File::wheel("b")).await;
    check(&other, Refusal::NameTaken, "file-exists");
    assert!(
        other.message.starts_with("File already exists ('demo-1.0-py3-none-any.whl', with"),
        "{}",
        other.message
    );
    let now = lab.clock.now();
    assert!(lab.world.delete_file(Which::Pypi, "demo", WHEEL, now));
    check(&lab.upload(&File::wheel("a")).await, Refusal::Burned, "filename-burned");
    let linux = File::named("demo-1.0-cp311-cp311-linux_x86_64.whl", "a");
    check(&lab.upload(&linux).await, Refusal::Rejected, "platform-tag");
    lab.world.switch(Which::Pypi, |switches| switches.read_only = true);
    check(&lab.upload(&File::wheel("a")).await, Refusal::Disabled, "read-only-mode");
    lab.world.switch(Which::Pypi, |switches| switches.read_only = false);
    lab.clock.sleep(Duration::from_secs(15 * 86_400)).await;
    check(
        &lab.upload(&File::named("demo-1.0-1-py3-none-any.whl", "z")).await,
        Refusal::Closed,
        "release-closed",
    );
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_of_the_world_are_told_apart() {
    let mut config = WorldConfig::new();
    config.index(Which::Pypi).user(User::new("dave"));
    let expired = TokenSpec::user("alice").expires("2026-11-20T09:00:00Z".parse().unwrap());
    let specs = [
        ("token-damaged", TokenSpec::user("alice").damaged()),
        ("token-expired", expired),
        ("token-other-project", TokenSpec::user("alice").project("other")),
        ("upload-not-permitted", TokenSpec::user("dave")),
    ];
    let tokens: Vec<_> = specs.iter().map(|(rule, spec)| (*rule, config.token(Which::Pypi, spec))).collect();
    let lab = Lab::with(config);
    lab.upload(&File::wheel("a")).await;
    for (rule, token) in
        tokens.iter().map(|(rule, token)| (*rule, token.as_str())).chain([("credential-invalid", "pypi-xxx")])
    {
        let credential = Credential::token(SecretString::from(token), &lab.index.upload);
        let answer = lab.upload_as(&File::wheel("a"), &credential).await;
        assert_eq!(answer.class, AnswerClass::Refused(Refusal::Auth), "{rule}: {answer:?}");
        assert_eq!(answer.explanation.unwrap().rule, rule, "{}", answer.message);
    }
}

#[tokio::test(start_paused = true)]
async fn failures_say_whether_the_bytes_may_be_there() {
    for (fault, class, stored) in [
        ("upload:1:500", UNKNOWN, false),
        ("upload:1:503", UNKNOWN, false),
        ("upload:1:502-stored", UNKNOWN, true),
        (
            "upload:1:503+retry-after=7",
            AnswerClass::OutcomeUnknown { retry_after: Some(Duration::from_secs(7)) },
            false,
        ),
        ("upload:1:429", AnswerClass::Transient { retry_after: None }, false),
        ("upload:1:drop-before", UNKNOWN, false),
        ("upload:1:drop-after", UNKNOWN, true),
        ("upload:1:hang", UNKNOWN, false),
        ("upload:1:race", UNKNOWN, false),
        ("upload:1:captive-portal", UNKNOWN, false),
        ("upload:1:200-not-stored", AnswerClass::Accepted, false),
        ("upload:1:read-only", AnswerClass::Refused(Refusal::Disabled), false),
    ] {
        let lab = Lab::new();
        lab.fault(fault);
        let answer = lab.upload(&File::wheel("a")).await;
        assert_eq!(answer.class, class, "{fault}: {answer:?}");
        assert!(!answer.message.is_empty(), "{fault}");
        assert_eq!(lab.world.files(Which::Pypi).len(), usize::from(stored), "{fault}");
        assert_eq!(lab.requests(RouteKind::Upload).len(), 1, "{fault}: an upload is never repeated here");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_sends_nothing() {
    let clock = clock();
    let (transport, _) = server(&clock, |_, _| {
        let mut response = answer(200, "", "");
        response.extensions_mut().insert(std::io::ErrorKind::ConnectionRefused);
        response
    });
    let index = index("http://127.0.0.1:9");
    let credential = Credential::token(SecretString::from("s"), &index.upload);
    let file = File::wheel("a");
    let uploader = Uploader::new(transport, clock, UploadOptions::default());
    let answer = uploader.send(&index, &file.form(), file.body(), &credential, None).await;
    assert_eq!((answer.class, answer.status), (AnswerClass::NotSent, None));
    assert!(answer.message.contains("127.0.0.1:9"), "{}", answer.message);
}

/// A file that shrank since its length was taken, or is gone.
#[derive(Debug)]
struct Vanishing {
    gone: bool,
}

impl BodySource for Vanishing {
    fn length(&self) -> u64 {
        10
    }

    fn open(&self) -> io::Result<Box<dyn io::Read + Send>> {
        if self.gone { Err(io::ErrorKind::NotFound.into()) } else { Ok(Box::new(&b"short"[..])) }
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_that_vanishes_is_not_sent_and_one_that_shrinks_is_unknown() {
    let lab = Lab::new();
    let form = File::wheel("a").form();
    for (gone, class) in [(true, AnswerClass::NotSent), (false, UNKNOWN)] {
        let body = Arc::new(Vanishing { gone });
        let answer = lab.uploader().send(&lab.index, &form, body, &lab.credential, None).await;
        assert_eq!(answer.class, class, "{answer:?}");
    }
    assert!(lab.requests(RouteKind::Upload).is_empty());
}

#[tokio::test(start_paused = true)]
async fn redirects_are_explained_and_not_followed() {
    let lab = Lab::new();
    let mut slashless = lab.index.clone();
    slashless.upload = url("http://127.0.0.1:8080/prod/legacy");
    let file = File::wheel("a");
    let credential = lab.credential.clone();
    let answer = lab.uploader().send(&slashless, &file.form(), file.body(), &credential, None).await;
    assert_eq!(answer.class, AnswerClass::Refused(Refusal::Rejected));
    let explanation = answer.explanation.unwrap();
    assert_eq!(explanation.rule, "missing-slash");
    assert_eq!(explanation.hint.unwrap(), "set the upload address to http://127.0.0.1:8080/prod/legacy/");
    assert_eq!(lab.requests(RouteKind::Upload).len(), 1);
    assert!(lab.world.files(Which::Pypi).is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_request_is_what_upload_endpoints_expect() {
    let clock = clock();
    let (transport, asked) = server(&clock, |_, _| answer(200, "", ""));
    let mut index = index("http://127.0.0.1:9");
    let credential = Credential::token(SecretString::from("hunter2"), &index.upload);
    let file = File::wheel("a");
    let told = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&told);
    let uploader = Uploader::new(transport, clock, UploadOptions::default());
    let progress: shiponce_io::http::Progress = Arc::new(move |sent| sink.lock().unwrap().push(sent));
    uploader.send(&index, &file.form(), file.body(), &credential, Some(progress)).await;
    {
        let asked = asked.lock().unwrap();
        let header = |name: &str| asked[0].headers()[name].to_str().unwrap().to_owned();
        assert_eq!(asked[0].method(), "POST");
        assert_eq!(header("accept"), "application/json");
        assert_eq!(header("user-agent"), shiponce_index::USER_AGENT);
        assert_eq!(header("authorization"), "Basic X190b2tlbl9fOmh1bnRlcjI=");
        assert_eq!(header("content-length"), asked[0].body().len().to_string());
        assert!(header("content-type").starts_with("multipart/form-data; boundary=shiponce-"));
    }
    assert_eq!(told.lock().unwrap().last(), Some(&(file.bytes.len() as u64)));
    index.asks_md5 = true;
    let answer = uploader.send(&index, &file.form(), file.body(), &credential, None).await;
    assert_eq!((answer.class, answer.explanation.unwrap().rule), (AnswerClass::NotSent, "md5-missing"));
    assert_eq!(asked.lock().unwrap().len(), 1);
}
