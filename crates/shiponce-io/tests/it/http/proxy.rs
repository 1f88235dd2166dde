//! Proxies: used for hosts outside, never for this machine.

use std::sync::mpsc;

use shiponce_io::http::{
    ProxyChoice, ProxyRule, ProxyScope, RealTransport, Request, Transport as _, TransportOptions,
};

use super::patient;
use super::server::Server;

#[tokio::test]
async fn a_proxy_gets_what_is_for_outside_and_its_own_credentials() {
    let (sender, receiver) = mpsc::channel();
    let proxy = Server::start(move |mut connection| {
        while let Some(request) = connection.request() {
            sender.send(request).unwrap();
            connection.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nproxy");
        }
    });
    let local = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nlocal");
    let mut url = proxy.url("/");
    url.set_username("me").unwrap();
    url.set_password(Some("hunter2")).unwrap();
    let mut options = TransportOptions::new("shiponce-test/1");
    let rule = ProxyRule { scope: ProxyScope::All, url, except: Some("not.example".to_owned()) };
    options.proxy = ProxyChoice::Rules(vec![rule]);
    assert!(!format!("{options:?}").contains("hunter2"));
    let (transport, _) = RealTransport::new(&options).unwrap();

    let outside = Request::get("http://index.example/simple/".parse().unwrap()).limits(patient());
    assert_eq!(transport.send(outside).await.unwrap().text(10).await.unwrap(), "proxy");
    let seen = receiver.recv().unwrap();
    assert!(seen.head.starts_with("GET http://index.example/simple/ HTTP/1.1\r\n"), "{}", seen.head);
    assert_eq!(seen.header("proxy-authorization"), Some("Basic bWU6aHVudGVyMg=="));
    assert_eq!(seen.header("authorization"), None);

    let here = Request::get(local.url("/")).limits(patient());
    assert_eq!(transport.send(here).await.unwrap().text(10).await.unwrap(), "local");
    assert_eq!(proxy.connections(), 1);
}
