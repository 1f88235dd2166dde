//! What passes between us and a server that behaves.

use std::sync::mpsc;

use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, LOCATION};
use http::{HeaderValue, Method};
use shiponce_io::http::{Body, Request, Transport as _};

use super::server::Server;
use super::{patient, transport};

/// `hello hello hello`, compressed.
const GZIPPED: [u8; 28] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0xc8,
    0x40, 0x90, 0x00, 0x80, 0x88, 0xf9, 0xe5, 0x11, 0x00, 0x00, 0x00,
];

#[tokio::test]
async fn connections_are_kept_for_the_next_request() {
    let server = Server::start(|mut connection| {
        while connection.request().is_some() {
            connection.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
        }
    });
    let transport = transport();
    for _ in 0..5 {
        let answer = transport.send(Request::get(server.url("/")).limits(patient())).await.unwrap();
        assert_eq!(answer.text(10).await.unwrap(), "ok");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_redirect_comes_back_and_the_other_host_hears_nothing() {
    let other = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let location = other.url("/stolen");
    let server = Server::answering(format!(
        "HTTP/1.1 308 Permanent Redirect\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
    ));
    let request = Request::get(server.url("/legacy"))
        .header(AUTHORIZATION, HeaderValue::from_static("Basic aHVudGVyMg=="))
        .limits(patient());
    let answer = transport().send(request).await.unwrap();
    assert_eq!(answer.status, 308);
    assert_eq!(answer.headers[LOCATION], location.as_str());
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn status_headers_and_the_reason_phrase_come_through() {
    let server = Server::answering(
        "HTTP/1.1 400 File already exists. See the help\r\nx-pypi-last-serial: 7\r\ncontent-length: 3\r\n\r\nno!",
    );
    let answer = transport().send(Request::get(server.url("/")).limits(patient())).await.unwrap();
    assert_eq!(answer.status, 400);
    assert_eq!(answer.reason.as_deref(), Some("File already exists. See the help"));
    assert_eq!(answer.headers["x-pypi-last-serial"], "7");
    assert_eq!(&answer.bytes(3).await.unwrap()[..], b"no!");
}

#[tokio::test]
async fn user_and_password_in_the_address_become_a_header() {
    let (sender, receiver) = mpsc::channel();
    let server = Server::start(move |mut connection| {
        sender.send(connection.request().unwrap()).unwrap();
        connection.write(b"HTTP/1.1 204 No Content\r\n\r\n");
    });
    let mut url = server.url("/simple/");
    url.set_username("__token__").unwrap();
    url.set_password(Some("hunter2:%")).unwrap();
    let request = Request::new(Method::POST, url).body(Body::Bytes("abc".into())).limits(patient());
    let shown = format!("{request:?}");
    assert!(!shown.contains("hunter2") && !shown.contains("__token__"), "{shown}");
    transport().send(request).await.unwrap();
    let received = receiver.recv().unwrap();
    assert_eq!(received.header("authorization"), Some("Basic X190b2tlbl9fOmh1bnRlcjI6JQ=="));
    assert_eq!(received.header("user-agent"), Some("shiponce-test/1"));
    assert_eq!(received.header("content-length"), Some("3"));
    assert!(received.head.starts_with("POST /simple/ HTTP/1.1\r\n"), "{}", received.head);
    assert_eq!(received.body, b"abc");
}

#[test]
fn debug_shows_no_credentials() {
    let mut request = Request::get("https://u:hunter2@h.example/x".parse().unwrap());
    request.headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer hunter2"));
    request.body = Body::Bytes("hunter2".into());
    let shown = format!("{request:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("https://h.example/x") && shown.contains("7 bytes"), "{shown}");
}

#[tokio::test]
async fn listings_are_decoded_and_files_are_not() {
    let mut answer = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 28\r\n\r\n".to_vec();
    answer.extend(GZIPPED);
    let server = Server::answering(answer);
    let transport = transport();
    let listing = transport.send(Request::get(server.url("/")).limits(patient())).await.unwrap();
    assert_eq!(listing.text(100).await.unwrap(), "hello hello hello");
    let request = Request::get(server.url("/hello-1.0.tar.gz"))
        .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"))
        .limits(patient());
    let file = transport.send(request).await.unwrap();
    assert_eq!(file.headers[CONTENT_ENCODING], "gzip");
    let mut bytes = Vec::new();
    assert_eq!(file.write_to(&mut bytes, 100).await.unwrap(), 28);
    assert_eq!(bytes, GZIPPED);
}
