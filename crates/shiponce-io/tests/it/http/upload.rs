//! Bodies: their length, their memory, their failures, and sending them again.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use http::Method;
use shiponce_io::http::{Body, BodySource, FileBody, Request, Transport as _, TransportError, TransportKind};
use url::Url;

use super::server::Server;
use super::{patient, transport};
use crate::child::{Role, say};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

fn post(url: Url, body: Body) -> Request {
    Request::new(Method::POST, url).body(body).limits(patient())
}

/// A server that hands on every complete request.
fn listening() -> (Server, mpsc::Receiver<(String, Vec<u8>)>) {
    let (sender, receiver) = mpsc::channel();
    let server = Server::start(move |mut connection| {
        while let Some(request) = connection.request() {
            sender.send((request.head, request.body)).unwrap();
            connection.write(OK);
        }
    });
    (server, receiver)
}

#[tokio::test]
async fn a_streamed_file_has_its_length_and_goes_again_the_same() {
    let world = tempfile::tempdir().unwrap();
    let path = world.path().join("wheel");
    let bytes: Vec<u8> = (0..1_000_003_u32).map(|number| number.to_le_bytes()[0]).collect();
    fs_err::write(&path, &bytes).unwrap();
    let (server, received) = listening();
    let body = Body::Stream(Arc::new(FileBody::new(&path).unwrap()));
    let transport = transport();
    for _ in 0..2 {
        let sent = Arc::new(AtomicU64::new(0));
        let calls = Arc::new(AtomicUsize::new(0));
        let (last, count) = (sent.clone(), calls.clone());
        let request = post(server.url("/legacy/"), body.clone()).progress(Arc::new(move |bytes| {
            assert!(last.swap(bytes, Ordering::SeqCst) < bytes);
            count.fetch_add(1, Ordering::SeqCst);
        }));
        assert_eq!(transport.send(request).await.unwrap().status, 200);
        let (head, body) = received.recv().unwrap();
        assert!(head.to_lowercase().contains("content-length: 1000003\r\n"), "{head}");
        assert!(!head.to_lowercase().contains("transfer-encoding"), "{head}");
        assert!(body == bytes, "other bytes arrived");
        assert_eq!(sent.load(Ordering::SeqCst), 1_000_003);
        assert!(calls.load(Ordering::SeqCst) >= 8);
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn bytes_in_memory_report_progress_too() {
    let (server, received) = listening();
    let sent = Arc::new(AtomicU64::new(0));
    let last = sent.clone();
    let request = post(server.url("/"), Body::Bytes(vec![7; 300_000].into()))
        .progress(Arc::new(move |bytes| last.store(bytes, Ordering::SeqCst)));
    transport().send(request).await.unwrap();
    assert_eq!(received.recv().unwrap().1, vec![7; 300_000]);
    assert_eq!(sent.load(Ordering::SeqCst), 300_000);
}

/// A body whose announced and real lengths differ, or which breaks in the middle.
#[derive(Debug)]
struct Odd {
    announced: u64,
    real: u64,
    breaks: bool,
}

impl BodySource for Odd {
    fn length(&self) -> u64 {
        self.announced
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        if self.announced == 0 {
            return Err(io::ErrorKind::NotFound.into());
        }
        let bytes = io::repeat(b'x').take(self.real);
        if self.breaks { Ok(Box::new(bytes.chain(Broken))) } else { Ok(Box::new(bytes)) }
    }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is gone"))
    }
}

#[tokio::test]
async fn a_body_that_fails_never_arrives_whole() {
    let (server, received) = listening();
    for (odd, said) in [
        (Odd { announced: 500_000, real: 400_000, breaks: false }, "only 400000 found"),
        (Odd { announced: 500_000, real: 500_001, breaks: false }, "more found"),
        (Odd { announced: 500_000, real: 400_000, breaks: true }, "the disk is gone"),
    ] {
        let error = transport().send(post(server.url("/"), Body::Stream(Arc::new(odd)))).await.unwrap_err();
        assert_eq!(error.kind(), TransportKind::Interrupted);
        let TransportError::ReadBody { source, .. } = error else { panic!("{error}") };
        assert!(source.to_string().contains(said), "{source}");
    }
    assert!(received.try_recv().is_err(), "a complete request arrived");
}

#[tokio::test]
async fn a_body_that_cannot_be_opened_opens_no_connection() {
    let (server, _received) = listening();
    let body = Body::Stream(Arc::new(Odd { announced: 0, real: 0, breaks: false }));
    let error = transport().send(post(server.url("/"), body)).await.unwrap_err();
    assert_eq!(error.kind(), TransportKind::Unsent);
    assert!(matches!(error, TransportError::OpenBody { .. }));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn an_answer_in_the_middle_of_an_upload_is_heard() {
    let server = Server::start(|mut connection| {
        connection.head();
        connection.write(b"HTTP/1.1 413 Too Large\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbig!");
        connection.hang();
    });
    let body = Odd { announced: 64 << 20, real: 64 << 20, breaks: false };
    let answer = transport().send(post(server.url("/"), Body::Stream(Arc::new(body)))).await.unwrap();
    assert_eq!(answer.status, 413);
    assert_eq!(answer.text(10).await.unwrap(), "big!");
}

#[tokio::test]
async fn dropping_the_request_closes_the_connection() {
    let (sender, receiver) = mpsc::channel();
    let server = Server::start(move |mut connection| {
        connection.head();
        sender.send(0).unwrap();
        sender.send(connection.discard(u64::MAX)).unwrap();
    });
    let length = 1 << 40;
    let body = Body::Stream(Arc::new(Odd { announced: length, real: length, breaks: false }));
    let transport = transport();
    let request = post(server.url("/"), body);
    let task = tokio::spawn(async move { transport.send(request).await.map(drop) });
    tokio::task::spawn_blocking(move || {
        receiver.recv().unwrap();
        task.abort();
        assert!(receiver.recv().unwrap() < length);
    })
    .await
    .unwrap();
}

/// Resident memory at its highest so far, in KiB.
fn peak_memory_kib() -> u64 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// The child of the next test: uploads 300 MB and says by how much its peak memory grew.
pub(crate) fn upload_flat(url: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (transport, url) = (transport(), Url::parse(url).unwrap());
    let upload = |length| {
        let body = Body::Stream(Arc::new(Odd { announced: length, real: length, breaks: false }));
        let mut request = post(url.clone(), body);
        request.limits.total = None;
        assert_eq!(runtime.block_on(transport.send(request)).unwrap().status, 200);
    };
    upload(1_000_000);
    let before = peak_memory_kib();
    upload(300_000_000);
    say(&(peak_memory_kib() - before).to_string());
}

#[test]
fn an_upload_of_300_megabytes_keeps_memory_flat() {
    let (sender, receiver) = mpsc::channel();
    let server = Server::start(move |mut connection| {
        while let Some(head) = connection.head() {
            let length = head.header("content-length").unwrap().parse().unwrap();
            sender.send(connection.discard(length)).unwrap();
            connection.write(OK);
        }
    });
    let mut child = Role::start("upload-flat", server.url("/").as_str(), &[]);
    let grown: u64 = child.hear().unwrap().parse().unwrap();
    assert_eq!((receiver.recv().unwrap(), receiver.recv().unwrap()), (1_000_000, 300_000_000));
    assert!(grown < 8 * 1024, "peak memory grew by {grown} KiB");
}
