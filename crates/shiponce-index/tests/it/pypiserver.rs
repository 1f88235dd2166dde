//! Held against the real pypiserver, over real sockets.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use shiponce_core::journal::Refusal;
use shiponce_core::redact::SecretString;
use shiponce_index::download::{Download, fetch};
use shiponce_index::{
    AnswerClass, Credential, Freshness, Index, Observer, ReadOptions, Source, UploadOptions, Uploader,
};
use shiponce_io::http::{Limits, RealTransport, Transport, TransportOptions};
use shiponce_io::process::{ChildEnv, Command, Finished, ProcessError, Runner as _, SystemRunner};
use shiponce_io::{Cancel, Clock, SystemClock};

use crate::lab::{File, WHEEL, demo, url};

#[expect(clippy::disallowed_methods, reason = "`cargo xtask test` says here where its tools are")]
fn program() -> PathBuf {
    let given = std::env::var_os("SHIPONCE_TEST_VENV").map(PathBuf::from);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let path = given.unwrap_or_else(|| root.join("target/tools/venv")).join("bin/pypi-server");
    assert!(path.exists(), "{} is missing; `cargo xtask test` prepares it", path.display());
    path
}

/// A server on a free port, ended when the test ends it.
struct Server {
    port: u16,
    cancel: Cancel,
    task: tokio::task::JoinHandle<Result<Finished, ProcessError>>,
    clock: Arc<dyn Clock>,
    transport: Arc<dyn Transport>,
}

impl Server {
    async fn start(folder: &Path, hash: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let command = Command::new(program(), folder, ChildEnv::empty(), Duration::from_secs(120))
            .args([
                "run",
                "-i",
                "127.0.0.1",
                "-p",
                &port.to_string(),
                "--disable-fallback",
                "-P",
                ".",
                "-a",
                ".",
            ])
            .args(["--hash-algo", hash])
            .arg(folder);
        let cancel = Cancel::new();
        let stop = cancel.clone();
        let runner = SystemRunner;
        let task = tokio::spawn(async move { runner.run(command, &stop).await });
        let (transport, _) = RealTransport::new(&TransportOptions::new(shiponce_index::USER_AGENT)).unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let server = Self { port, cancel, task, clock, transport: Arc::new(transport) };
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(!server.task.is_finished(), "the server ended");
            server.clock.sleep(Duration::from_millis(20)).await;
        }
        server
    }

    fn index(&self) -> Index {
        let root = format!("http://127.0.0.1:{}", self.port);
        Index {
            name: "company".to_owned(),
            upload: url(&format!("{root}/")),
            simple: Some(url(&format!("{root}/simple/"))),
            json: Some(url(&root)),
            read_auth: None,
            reads_need_auth: false,
            mirror: false,
            asks_md5: false,
        }
    }

    fn observer(&self) -> Observer {
        Observer::new(Arc::clone(&self.transport), Arc::clone(&self.clock), ReadOptions::default())
    }

    async fn stop(self) {
        self.cancel.cancel();
        drop(self.task.await.unwrap().unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_uploads_reads_back_and_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), "sha256").await;
    let (index, observer) = (server.index(), server.observer());
    assert!(!observer.read(&index, &demo(), Freshness::Bypass).await.listing().unwrap().exists);
    let (file, other) = (File::wheel("a"), File::wheel("b"));
    let uploader =
        Uploader::new(Arc::clone(&server.transport), Arc::clone(&server.clock), UploadOptions::default());
    let credential = Credential::new("me", SecretString::from("secret"), &index.upload);
    let answer = uploader.send(&index, &file.form(), file.body(), &credential, None).await;
    assert_eq!(answer.class, AnswerClass::Accepted, "{answer:?}");
    let reading = observer.read(&index, &demo(), Freshness::Bypass).await;
    assert_eq!(reading.source, Some(Source::SimpleHtml));
    let listed = &reading.listing().unwrap().files[WHEEL];
    assert_eq!(listed.sha256, Some(file.sha256()));
    let here = url(listed.url.as_deref().unwrap());
    let download =
        Download { url: &here, expected: Some(file.sha256()), limits: Limits::default(), auth: None };
    let mut bytes = Vec::new();
    fetch(&*server.transport, download, &mut bytes).await.unwrap();
    assert_eq!(bytes, file.bytes);
    let refused = uploader.send(&index, &other.form(), other.body(), &credential, None).await;
    assert_eq!(refused.class, AnswerClass::Refused(Refusal::NameTaken), "{refused:?}");
    assert_eq!(refused.explanation.unwrap().rule, "name-exists");
    assert!(
        refused.message.starts_with(&format!("Package '{WHEEL}' already exists!")),
        "{}",
        refused.message
    );
    let mut json_only = index.clone();
    json_only.simple = None;
    let legacy = observer.read(&json_only, &demo(), Freshness::Bypass).await;
    assert!(legacy.listing().unwrap().files.contains_key(WHEEL), "{legacy:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listing_with_md5_only_has_no_digest() {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join(WHEEL), File::wheel("a").bytes).unwrap();
    let server = Server::start(folder.path(), "md5").await;
    let reading = server.observer().read(&server.index(), &demo(), Freshness::Bypass).await;
    let listed = &reading.listing().unwrap().files[WHEEL];
    assert_eq!((listed.sha256, listed.uploaded_at), (None, None));
    server.stop().await;
}
