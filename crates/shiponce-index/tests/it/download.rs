//! Files fetched back.

use std::sync::Arc;

use shiponce_core::Sha256;
use shiponce_core::redact::SecretString;
use shiponce_index::Credential;
use shiponce_index::download::{Download, DownloadError, Fetched, fetch};
use shiponce_io::http::Limits;

use crate::lab::{File, Lab, WHEEL, answer, clock, server, url};

#[tokio::test(start_paused = true)]
async fn a_published_file_comes_back_byte_for_byte() {
    let lab = Lab::new();
    let file = File::wheel("a");
    lab.upload(&file).await;
    let listed = lab.read().await.listing().unwrap().files[WHEEL].url.clone().unwrap();
    let here = url(&listed);
    let mut download =
        Download { url: &here, expected: Some(file.sha256()), limits: Limits::default(), auth: None };
    let mut sink = Vec::new();
    let fetched = fetch(&*lab.transport, download, &mut sink).await.unwrap();
    assert_eq!(fetched, Fetched { sha256: file.sha256(), size: file.bytes.len() as u64 });
    assert_eq!(sink, file.bytes);
    download.expected = Some(Sha256([0; 32]));
    let error = fetch(&*lab.transport, download, &mut Vec::new()).await.unwrap_err();
    assert!(matches!(error, DownloadError::OtherBytes { found, .. } if found == file.sha256()), "{error}");
    download.expected = None;
    assert_eq!(fetch(&*lab.transport, download, &mut Vec::new()).await.unwrap().sha256, file.sha256());
    download.limits.response_bytes = 10;
    let error = fetch(&*lab.transport, download, &mut Vec::new()).await.unwrap_err();
    assert!(matches!(error, DownloadError::Transport { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_credential_does_not_follow_a_redirect_to_the_object_store() {
    let clock = clock();
    let (transport, asked) = server(&clock, |request, _| {
        let to = match request.uri().path() {
            "/file" => "http://127.0.0.1:10/object?signature=x",
            "/away" => "https://store.example/object",
            "/loop" => "/loop",
            _ => return answer(200, "application/octet-stream", "BYTES"),
        };
        let mut response = answer(302, "", "");
        response.headers_mut().insert("location", to.parse().unwrap());
        response
    });
    let auth = Credential::new("me", SecretString::from("hunter2"), &url("http://127.0.0.1:9/"));
    let get = async |path: &str, auth| {
        let address = url(&format!("http://127.0.0.1:9{path}#sha256=0"));
        let download = Download { url: &address, expected: None, limits: Limits::default(), auth };
        fetch(&*transport, download, &mut Vec::new()).await
    };
    assert_eq!(get("/file", Some(&auth)).await.unwrap().size, 5);
    {
        let asked = asked.lock().unwrap();
        let sent: Vec<_> =
            asked.iter().map(|request| request.headers().contains_key("authorization")).collect();
        assert_eq!(sent, [true, false]);
        assert!(asked.iter().all(|request| request.headers()["accept-encoding"] == "identity"));
    }
    assert_eq!(get("/away", Some(&auth)).await.unwrap().size, 5);
    let error = get("/loop", None).await.unwrap_err();
    assert_eq!(error.to_string(), "`http://127.0.0.1:9/loop#sha256=0` redirects too often");
}

#[tokio::test(start_paused = true)]
async fn https_never_becomes_http_and_statuses_are_named() {
    let clock = clock();
    let (transport, _) = server(&clock, |request, _| {
        let mut response = answer(if request.uri().path() == "/gone" { 404 } else { 301 }, "", "");
        response.headers_mut().insert("location", "http://store.example/object".parse().unwrap());
        response
    });
    let transport: Arc<_> = transport;
    for (path, expected) in [
        ("/moved", "`https://files.example/moved` redirects from https to plain http"),
        ("/gone", "`https://files.example/gone` answered 404"),
    ] {
        let address = url(&format!("https://files.example{path}"));
        let download = Download { url: &address, expected: None, limits: Limits::default(), auth: None };
        let error = fetch(&*transport, download, &mut Vec::new()).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}
