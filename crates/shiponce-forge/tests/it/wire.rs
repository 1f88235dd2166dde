//! The same over real sockets: announced lengths, streamed bytes, redirects, bodies that break off.

use std::sync::Arc;
use std::time::Duration;

use shiponce_core::redact::SecretString;
use shiponce_forge::{Client, Error, Latest, NewAsset, Options, ReleaseUpdate, Server, Token};
use shiponce_io::SystemClock;
use shiponce_io::http::{RealTransport, TransportOptions};

use crate::lab::{Lab, Source, draft, repository, sha256, url};

/// A client of the world of `lab`, behind a port of its own.
async fn served(lab: &Lab) -> (Client, shiponce_rehearsal::Server) {
    let server = shiponce_rehearsal::Server::start(lab.world.clone()).await.unwrap();
    let at = Server { api: url(&server.github().api()), uploads: url(&server.github().uploads()) };
    let (transport, _) = RealTransport::new(&TransportOptions::new(shiponce_forge::USER_AGENT)).unwrap();
    let token = Token::new(SecretString::from(lab.token.as_str()), &at);
    let options = Options { pause: Duration::from_millis(1), ..Options::default() };
    let client = Client::new(
        Arc::new(transport),
        Arc::new(SystemClock::new()),
        at,
        repository(),
        Some(token),
        options,
    );
    (client, server)
}

#[tokio::test]
async fn a_release_with_a_large_file() {
    let lab = Lab::new();
    let (client, _server) = served(&lab).await;
    let made = client.create_draft(&draft("v1.0")).await.unwrap();
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| n.to_le_bytes()[usize::from(n % 3 == 0)]).collect();
    let digest = sha256(&bytes);
    let new = NewAsset { name: "demo-1.0+cpu-py3-none-any.whl", label: None };
    let asset = client.upload_asset(made.id, new, Source::new(bytes), None).await.unwrap();
    assert_eq!((asset.size, asset.digest, asset.name.as_str()), (3_000_000, Some(digest), new.name));
    let mut sink = Vec::new();
    let fetched = client.download_asset(asset.id, Some(digest), 1 << 30, &mut sink).await.unwrap();
    assert_eq!(fetched.size, 3_000_000);
    let published = client.update_release(made.id, &ReleaseUpdate::publish(Latest::Yes)).await.unwrap();
    assert_eq!(client.release_by_tag("v1.0").await.unwrap().unwrap().assets, published.assets);
    assert!(client.delete_release(made.id).await.unwrap());
}

#[tokio::test]
async fn what_breaks_off() {
    let lab = Lab::new();
    let (client, _server) = served(&lab).await;
    let made = client.create_draft(&draft("v1.0")).await.unwrap();
    let new = NewAsset { name: "a.whl", label: None };
    let file = Source::new(vec![7; 500_000]);
    for fault in ["drop-before", "cut-reading"] {
        lab.fault(&format!("github.asset:1:{fault}"));
        let error = client.upload_asset(made.id, new, Arc::clone(&file) as _, None).await.unwrap_err();
        assert!(matches!(error, Error::AnswerLost { .. }), "{fault}: {error}");
        for asset in client.assets(made.id).await.unwrap() {
            assert!(client.delete_asset(asset.id).await.unwrap());
        }
    }
    let asset = client.upload_asset(made.id, new, Arc::clone(&file) as _, None).await.unwrap();
    assert_eq!(file.opened(), 3, "the body begins anew with every attempt");
    // The head of the answer has arrived, so the sink may hold a part: the caller begins again.
    lab.fault("github.download:2:truncated");
    let mut sink = Vec::new();
    let error = client.download_asset(asset.id, asset.digest, 1 << 30, &mut sink).await.unwrap_err();
    assert!(matches!(error, Error::Unread { .. }) && error.may_pass(), "{error}");
    assert!(sink.len() < 500_000);
    lab.fault("github.list:1:drop-after");
    assert_eq!(client.releases().await.unwrap().len(), 1, "a read is tried again");
}
