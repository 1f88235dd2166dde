//! HTTP/2, which the production index speaks behind its CDN.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Method;
use shiponce_io::http::{Body, FileBody, Request, Transport as _, TransportKind};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use super::patient;
use super::tls::{pem_root, server_config, trusting, url};

/// One request as the server saw it.
#[derive(Debug)]
struct Seen {
    path: String,
    content_length: Option<String>,
    body: Vec<u8>,
}

struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    seen: mpsc::UnboundedReceiver<Seen>,
}

async fn start() -> Server {
    let mut config = server_config();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let (sender, seen) = mpsc::unbounded_channel();
    let counter = connections.clone();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(acceptor.clone(), socket, sender.clone()));
        }
    });
    Server { address, connections, seen }
}

async fn serve(acceptor: TlsAcceptor, socket: TcpStream, sender: mpsc::UnboundedSender<Seen>) {
    let tls = acceptor.accept(socket).await.unwrap();
    let mut connection = h2::server::handshake(tls).await.unwrap();
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let sender = sender.clone();
        tokio::spawn(async move {
            let path = request.uri().path().to_owned();
            let length = request.headers().get("content-length");
            let content_length = length.map(|value| value.to_str().unwrap().to_owned());
            let mut incoming = request.into_body();
            if path == "/reset" {
                respond.send_reset(h2::Reason::INTERNAL_ERROR);
                return;
            }
            let mut body = Vec::new();
            while let Some(piece) = incoming.data().await {
                let piece = piece.unwrap();
                incoming.flow_control().release_capacity(piece.len()).unwrap();
                body.extend_from_slice(&piece);
            }
            let answer = http::Response::builder().status(200).body(()).unwrap();
            let mut answer = respond.send_response(answer, false).unwrap();
            answer.send_data("ok".into(), true).unwrap();
            sender.send(Seen { path, content_length, body }).unwrap();
        });
    }
}

#[tokio::test]
async fn uploads_stream_with_their_length_over_one_connection() {
    let mut server = start().await;
    let transport = trusting(pem_root()).unwrap();
    let world = tempfile::tempdir().unwrap();
    let file = world.path().join("wheel");
    let bytes: Vec<u8> = (0..700_001_u32).map(|number| number.to_le_bytes()[0]).collect();
    fs_err::write(&file, &bytes).unwrap();
    for path in ["/first", "/second"] {
        let mut url = url(server.address, "localhost");
        url.set_path(path);
        let body = Body::Stream(Arc::new(FileBody::new(&file).unwrap()));
        let request = Request::new(Method::POST, url).body(body).limits(patient());
        let answer = transport.send(request).await.unwrap();
        assert_eq!(answer.reason, None);
        assert_eq!(answer.text(10).await.unwrap(), "ok");
        let seen = server.seen.recv().await.unwrap();
        assert_eq!((seen.path.as_str(), seen.content_length.as_deref()), (path, Some("700001")));
        assert!(seen.body == bytes, "other bytes arrived");
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_reset_stream_may_have_acted() {
    let server = start().await;
    let transport = trusting(pem_root()).unwrap();
    let mut url = url(server.address, "localhost");
    url.set_path("/reset");
    let request = Request::new(Method::POST, url).body(Body::Bytes("abc".into())).limits(patient());
    let error = transport.send(request).await.unwrap_err();
    assert_eq!(error.kind(), TransportKind::Interrupted);
}
