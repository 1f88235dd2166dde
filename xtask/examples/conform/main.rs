//! The replayer of `cargo xtask conform`: the three arguments are the index, where it is read, and the project.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a tool beside the product: it reads the environment and the clock, and writes to the terminal"
)]

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use shiponce_io::http::{Body, Limits, ProxyChoice, RealTransport, Request, Transport, TransportOptions};
use shiponce_rehearsal::recorded::{Case, Subject, cases};
use shiponce_rehearsal::{Index, Server, TokenSpec, World, WorldConfig};
use url::Url;

/// The token for the index.
const TOKEN: &str = "CONFORM_TOKEN";
const ANSWER_BYTES: u64 = 4 * 1024 * 1024;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given = |n: usize| given.get(n).map(String::as_str).filter(|text| !text.is_empty());
    let Some(index) = given(0) else { return embedded().await };
    let upload_root = root(index)?;
    let subject = Subject {
        read_root: given(1).map_or_else(|| Ok(upload_root.clone()), root)?,
        upload_root,
        token: std::env::var(TOKEN).with_context(|| format!("set {TOKEN} to a token of the index"))?,
        project: given(2).context("name a project that nobody needs")?.to_owned(),
        version: version()?,
    };
    replay(&subject).await
}

/// An index in this process, over sockets.
async fn embedded() -> Result<()> {
    let mut config = WorldConfig::new();
    let token = config.token(Index::Pypi, &TokenSpec::user("alice"));
    let server = Server::start(World::new(config)).await.context("no index can be started")?;
    let root = format!("{}/prod/", server.base_url());
    let project = "throwaway".to_owned();
    let (read_root, upload_root) = (root.clone(), root);
    replay(&Subject { upload_root, read_root, token, project, version: version()? }).await
}

/// A version that no run before had.
fn version() -> Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    Ok(format!("0.{}", now.as_secs()))
}

/// An address with a slash at its end, to which a token may be sent.
fn root(text: &str) -> Result<String> {
    let url = Url::parse(text).with_context(|| format!("`{text}` is no address"))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if !(url.scheme() == "https" || (url.scheme() == "http" && here)) {
        bail!("a token is sent there: `{text}` must be https, or on this machine");
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        bail!("the address must have no user, password or query");
    }
    Ok(format!("{}/", url.as_str().trim_end_matches('/')))
}

async fn replay(subject: &Subject) -> Result<()> {
    let mut options = TransportOptions::new("shiponce-conform");
    options.proxy = ProxyChoice::System;
    let transport = RealTransport::new(&options).context("no network")?.0;
    let transport: Arc<dyn Transport> = Arc::new(transport);
    let all = cases(subject);
    println!(
        "{} cases against {}; {} {} is written to",
        all.len(),
        subject.upload_root,
        subject.project,
        subject.version
    );
    let mut differ = 0;
    for case in &all {
        if let Some(why) = ask(&*transport, case).await {
            differ += 1;
            println!("{:5} {}: {why}", case.id, case.what);
        }
    }
    println!("{} as recorded, {differ} not", all.len() - differ);
    if differ > 0 { bail!("the index answers otherwise than the recorded service") } else { Ok(()) }
}

/// Asks once; what differs, if anything does.
async fn ask(transport: &dyn Transport, case: &Case) -> Option<String> {
    let (head, body) = case.request.clone().into_parts();
    let Ok(url) = Url::parse(&head.uri.to_string()) else { return Some("it has no address".to_owned()) };
    let mut request = Request::new(head.method, url).body(Body::Bytes(body)).limits(Limits {
        total: Some(Duration::from_secs(120)),
        response_bytes: ANSWER_BYTES,
        ..Limits::default()
    });
    for (name, value) in &head.headers {
        request = request.header(name.clone(), value.clone());
    }
    let answer = match transport.send(request).await {
        Ok(answer) => answer,
        Err(error) => return Some(format!("no answer: {error}")),
    };
    let status = answer.status.as_u16();
    match answer.bytes(ANSWER_BYTES).await {
        Ok(body) => case.difference(status, &body),
        Err(error) => Some(format!("half an answer: {error}")),
    }
}
