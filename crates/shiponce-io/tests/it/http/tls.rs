//! Certificates: whom we trust, and what happens when we do not.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use base64::Engine as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use shiponce_io::http::{
    ExtraRoots, Phase, RealTransport, Request, SetupError, Transport as _, TransportError, TransportKind,
    TransportOptions, Warning,
};
use url::Url;

use super::{patient, transport};
use crate::child::{Role, say};

/// A root made for these tests, and a certificate of it for `localhost`, both valid for a century.
const ROOT: &[u8] = include_bytes!("../tls/root.der");
const SERVER: &[u8] = include_bytes!("../tls/server.der");
const SERVER_KEY: &[u8] = include_bytes!("../tls/server-key.der");

/// TLS with our certificate.
pub(super) fn server_config() -> ServerConfig {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(SERVER_KEY));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(SERVER)], key)
        .unwrap()
}

/// A TLS server that answers one request per connection.
fn start() -> SocketAddr {
    let config = Arc::new(server_config());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut socket = stream.unwrap();
            let mut session = ServerConnection::new(config.clone()).unwrap();
            let mut tls = Stream::new(&mut session, &mut socket);
            // A client that does not trust us goes away here.
            if tls.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {
                tls.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").unwrap();
            }
        }
    });
    address
}

pub(super) fn url(address: SocketAddr, host: &str) -> Url {
    format!("https://{host}:{}/", address.port()).parse().unwrap()
}

/// Our root, as a bundle.
pub(super) fn pem_root() -> Vec<u8> {
    pem(ROOT)
}

fn pem(der: &[u8]) -> Vec<u8> {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
    format!("# a root\n-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n")).into()
}

pub(super) fn trusting(pem: Vec<u8>) -> Result<RealTransport, SetupError> {
    let mut options = TransportOptions::new("shiponce-test/1");
    options.extra_roots.push(ExtraRoots { origin: "/etc/corp.pem".to_owned(), pem });
    RealTransport::new(&options).map(|(transport, _)| transport)
}

#[tokio::test]
async fn an_unknown_authority_is_refused_before_anything_is_sent() {
    let address = start();
    let request = Request::get(url(address, "localhost")).limits(patient());
    let error = transport().send(request).await.unwrap_err();
    assert_eq!(error.kind(), TransportKind::Unsent);
    assert!(matches!(error, TransportError::Connect { phase: Phase::Tls, .. }), "{error:?}");
}

#[tokio::test]
async fn an_extra_authority_is_trusted_for_its_own_names_only() {
    let address = start();
    let transport = trusting(pem_root()).unwrap();
    let answer = transport.send(Request::get(url(address, "localhost")).limits(patient())).await.unwrap();
    assert_eq!(answer.text(10).await.unwrap(), "ok");
    let request = Request::get(url(address, "other.localhost")).limits(patient());
    let error = transport.send(request).await.unwrap_err();
    assert_eq!(error.kind(), TransportKind::Unsent);
}

#[test]
fn a_bundle_that_holds_no_certificate_is_named() {
    let error = trusting(b"not a certificate".to_vec()).unwrap_err();
    insta::assert_snapshot!(error, @"no certificate in `/etc/corp.pem`");
    assert!(matches!(trusting(pem(b"nonsense")).unwrap_err(), SetupError::Tls { .. }));
}

/// The child of the next test.
pub(crate) fn tell_roots() {
    let (_, warnings) = RealTransport::new(&TransportOptions::new("shiponce-test/1")).unwrap();
    say(if warnings == [Warning::BundledRoots] { "bundled" } else { "system" });
}

#[test]
fn a_machine_without_authorities_uses_the_bundled_ones_and_says_so() {
    let nowhere = [("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "/var/empty/none")];
    let mut child = Role::start("roots", "", &nowhere);
    assert_eq!(child.hear().unwrap(), "bundled");
}
