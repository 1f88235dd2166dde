//! Peers that fail, and what is known about the request afterwards.

use std::error::Error as _;
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use http::Method;
use shiponce_io::http::{Body, Limits, Request, Transport as _, TransportError, TransportKind};
use url::Url;

use super::server::Server;
use super::{patient, transport};

const SOON: Duration = Duration::from_millis(300);

async fn failure(url: Url, limits: Limits) -> TransportError {
    let request = Request::new(Method::POST, url).body(Body::Bytes("abc".into())).limits(limits);
    transport().send(request).await.unwrap_err()
}

/// The whole chain of causes.
fn chain(error: &TransportError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[tokio::test]
async fn a_refused_connection_surely_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = failure(format!("http://{address}/legacy/?t=hunter2").parse().unwrap(), patient()).await;
    assert_eq!(error.kind(), TransportKind::Unsent);
    let text = chain(&error).replace(&address.port().to_string(), "PORT");
    assert!(!text.contains("hunter2"), "{text}");
    insta::assert_snapshot!(error.to_string().replace(&address.port().to_string(), "PORT"), @"POST to `127.0.0.1:PORT` failed while connecting");
}

#[tokio::test]
async fn a_name_that_does_not_exist_surely_got_nothing() {
    let error = failure("http://no-such-host.invalid/".parse().unwrap(), patient()).await;
    assert_eq!(error.kind(), TransportKind::Unsent, "{}", chain(&error));
    insta::assert_snapshot!(error, @"POST to `no-such-host.invalid` failed while looking up the host");
}

#[tokio::test]
async fn a_handshake_that_hangs_surely_sent_nothing() {
    let server = Server::start(|mut connection| connection.hang());
    let url = format!("https://{}/", server.address).parse().unwrap();
    let error = failure(url, Limits { connect: SOON, ..patient() }).await;
    assert_eq!(error.kind(), TransportKind::Timeout { sent: false }, "{}", chain(&error));
    assert!(error.to_string().contains("took longer than 300 ms while connecting"), "{error}");
}

#[tokio::test]
async fn a_server_that_hangs_before_answering_may_have_acted() {
    let server = Server::start(|mut connection| {
        connection.request();
        connection.hang();
    });
    let error = failure(server.url("/"), Limits { idle: SOON, ..patient() }).await;
    assert_eq!(error.kind(), TransportKind::Timeout { sent: true });
    let error = failure(server.url("/"), Limits { total: Some(SOON), ..patient() }).await;
    assert_eq!(error.kind(), TransportKind::Timeout { sent: true });
    assert!(error.to_string().contains("while waiting for the answer"), "{error}");
}

#[tokio::test]
async fn a_total_limit_that_passes_while_connecting_surely_sent_nothing() {
    let server = Server::start(|mut connection| connection.hang());
    let url = format!("https://{}/", server.address).parse().unwrap();
    let error = failure(url, Limits { total: Some(SOON), ..patient() }).await;
    assert!(!error.kind().maybe_sent(), "{}", chain(&error));
}

#[tokio::test]
async fn an_upload_that_nobody_reads_ends_at_the_idle_limit() {
    let server = Server::start(|mut connection| {
        connection.head();
        // Keeps the connection without reading from it, until the test process ends.
        std::thread::park();
    });
    let limits = Limits { idle: SOON, ..patient() };
    let body = Body::Bytes(vec![0; 64 << 20].into());
    let request = Request::new(Method::POST, server.url("/")).body(body).limits(limits);
    let error = transport().send(request).await.unwrap_err();
    assert_eq!(error.kind(), TransportKind::Timeout { sent: true });
}

/// Whoever closes a kept connection races with our next request on it. Whatever comes of the race, a request
/// that arrived must never be called unsent.
#[tokio::test]
async fn a_request_that_arrived_is_never_called_unsent() {
    let (sender, receiver) = mpsc::channel();
    let server = Server::start(move |mut connection| {
        for round in 0..2 {
            let Some(request) = connection.request() else { return };
            sender.send(request.header("x-number").unwrap().to_owned()).unwrap();
            // Closes without a word: after the first answer, or in place of the second.
            if round == 0 {
                connection.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
            }
        }
    });
    let transport = transport();
    let (mut answered, mut interrupted) = (0, 0);
    for number in 0..200_u32 {
        let request = Request::new(Method::POST, server.url("/"))
            .body(Body::Bytes("abc".into()))
            .header("x-number".parse().unwrap(), number.into())
            .limits(patient());
        match transport.send(request).await {
            Ok(answer) => {
                answer.bytes(0).await.unwrap();
                answered += 1;
            }
            Err(error) => {
                let arrived = receiver.try_iter().any(|seen| seen == number.to_string());
                assert!(error.kind().maybe_sent() || !arrived, "{number}: {}", chain(&error));
                interrupted += 1;
            }
        }
    }
    assert!(answered >= 50 && interrupted >= 50, "{answered} answered, {interrupted} interrupted");
}

#[tokio::test]
async fn a_connection_that_dies_before_the_answer_may_have_acted() {
    let server = Server::start(|mut connection| drop(connection.request()));
    let error = failure(server.url("/"), patient()).await;
    assert_eq!(error.kind(), TransportKind::Interrupted, "{}", chain(&error));
    let server = Server::answering("HTTP/1.1 200 O");
    let error = failure(server.url("/"), patient()).await;
    assert_eq!(error.kind(), TransportKind::Interrupted, "{}", chain(&error));
    let server = Server::answering("SSH-2.0-OpenSSH_9.2\r\n");
    let error = failure(server.url("/"), patient()).await;
    assert_eq!(error.kind(), TransportKind::Interrupted, "{}", chain(&error));
}

#[tokio::test]
async fn a_body_that_is_cut_is_no_answer() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this");
    let answer = transport().send(Request::get(server.url("/")).limits(patient())).await.unwrap();
    let error = answer.bytes(1000).await.unwrap_err();
    assert_eq!(error.kind(), TransportKind::Interrupted);
    assert!(error.to_string().contains("while reading the answer"), "{error}");
}

#[tokio::test]
async fn a_body_that_stalls_ends_at_the_idle_limit() {
    let server = Server::start(|mut connection| {
        connection.request();
        connection.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this");
        connection.hang();
    });
    let limits = Limits { idle: SOON, ..patient() };
    let answer = transport().send(Request::get(server.url("/")).limits(limits)).await.unwrap();
    let error = answer.bytes(1000).await.unwrap_err();
    assert!(matches!(error, TransportError::Timeout { limit: SOON, sent: true, .. }), "{error}");
}

#[tokio::test]
async fn a_body_that_drips_ends_at_the_total_limit() {
    let server = Server::start(|mut connection| {
        connection.request();
        connection.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n");
        while connection.write(b".") {
            #[expect(clippy::disallowed_methods, reason = "a slow server is slow in real time")]
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let total = Duration::from_secs(1);
    let limits = Limits { total: Some(total), ..patient() };
    let answer = transport().send(Request::get(server.url("/")).limits(limits)).await.unwrap();
    let error = answer.bytes(1 << 20).await.unwrap_err();
    assert!(matches!(error, TransportError::Timeout { limit, .. } if limit == total), "{error}");
}

#[tokio::test]
async fn an_answer_larger_than_allowed_is_cut_off() {
    let server = Server::start(|mut connection| {
        connection.request();
        connection.write(b"HTTP/1.1 200 OK\r\n\r\n");
        while connection.write(&[b'x'; 8192]) {}
    });
    let limits = Limits { response_bytes: 100_000, ..patient() };
    let request = || Request::get(server.url("/")).limits(limits);
    let mut sink = Vec::new();
    let error = transport().send(request()).await.unwrap().write_to(&mut sink, u64::MAX).await.unwrap_err();
    assert_eq!(error.kind(), TransportKind::TooLarge);
    assert!(sink.len() <= 100_000);
    let error = transport().send(request()).await.unwrap().bytes(10_000).await.unwrap_err();
    assert!(matches!(error, TransportError::TooLarge { limit: 10_000, .. }), "{error}");
}

#[tokio::test]
async fn a_writer_of_ours_that_fails_is_told_apart() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _bytes: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    let answer = transport().send(Request::get(server.url("/")).limits(patient())).await.unwrap();
    let error = answer.write_to(&mut Full, 10).await.unwrap_err();
    assert_eq!(error.kind(), TransportKind::Local);
}

#[tokio::test]
async fn an_address_without_http_is_an_invalid_request() {
    let error = failure("ftp://127.0.0.1/".parse().unwrap(), patient()).await;
    assert_eq!(error.kind(), TransportKind::Unsent, "{}", chain(&error));
}
