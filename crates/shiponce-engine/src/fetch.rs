//! Bytes from an index, judged by their digest.

use crate::context::Context;
use crate::python::interrupted;
use shiponce_api::{ErrorCode, Problem};
use shiponce_core::Sha256;
use shiponce_core::redact::SafeUrl;
use shiponce_index::Index;
use shiponce_index::download::{Download, Fetched, fetch};
use shiponce_io::http::Limits;
use shiponce_store::Store;
use std::io::Write;

/// The largest file that is downloaded only to compare it: what PyPI allows a whole project.
pub(crate) const COMPARED_MAX: u64 = 10 << 30;

/// The digest of a file on an index, by downloading it into nothing.
///
/// # Errors
/// `index-failed` when it cannot be fetched; `interrupted`.
pub(crate) async fn digest_of(context: &Context, index: &Index, url: &str) -> Result<Sha256, Problem> {
    // A file of another size has another digest, and that digest is the answer.
    let limits = Limits { response_bytes: COMPARED_MAX, total: None, ..Limits::default() };
    download(context, index, url, None, limits, &mut std::io::sink()).await.map(|fetched| fetched.sha256)
}

/// A file whose digest is known before it is fetched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its digest.
    pub(crate) sha256: Sha256,
    /// Its size, when that is known.
    pub(crate) size: Option<u64>,
}

/// Fetches a file into the store; other bytes are refused.
///
/// # Errors
/// `index-failed` when the bytes cannot be had from there; `interrupted`.
pub(crate) async fn into_store(
    context: &Context,
    index: &Index,
    url: &str,
    wanted: Wanted<'_>,
    store: &Store,
) -> Result<(), Problem> {
    let path = context.state.temp.join(format!("fetched-{}", wanted.name));
    let mut file = fs_err::File::create(&path).map_err(|error| locally(&error))?;
    // One byte over the expected size is enough to know that the file is another one.
    let response_bytes = wanted.size.map_or(COMPARED_MAX, |size| size.saturating_add(1));
    let limits = Limits { response_bytes, total: None, ..Limits::default() };
    download(context, index, url, Some(wanted.sha256), limits, &mut file).await?;
    drop(file);
    store.put_file(&path, wanted.sha256).map_err(|error| locally(&error))?;
    fs_err::remove_file(&path).map_err(|error| locally(&error))
}

/// The disk failed under a fetched file.
pub(crate) fn locally(error: &dyn std::fmt::Display) -> Problem {
    Problem::new(ErrorCode::LedgerUnusable, "the fetched file could not be stored").cause(error.to_string())
}

/// Fetches bytes with a known digest into a file of the caller; other bytes are refused.
///
/// # Errors
/// `index-failed` when the bytes cannot be had from there; `interrupted`.
pub(crate) async fn into_file(
    context: &Context,
    index: &Index,
    url: &str,
    sha256: Sha256,
    sink: &mut (dyn Write + Send),
) -> Result<(), Problem> {
    let limits = Limits { response_bytes: COMPARED_MAX, total: None, ..Limits::default() };
    download(context, index, url, Some(sha256), limits, sink).await.map(drop)
}

async fn download(
    context: &Context,
    index: &Index,
    url: &str,
    expected: Option<Sha256>,
    limits: Limits,
    sink: &mut (dyn Write + Send),
) -> Result<Fetched, Problem> {
    let failed = |message: String| Problem::new(ErrorCode::IndexFailed, message);
    let parsed = url::Url::parse(url)
        .map_err(|error| failed(format!("the index gave a bad address, {url}: {error}")))?;
    let address = SafeUrl::from(parsed);
    let wanted = Download { url: &address, expected, limits, auth: index.read_auth.as_ref() };
    tokio::select! {
        fetched = fetch(&*context.transport, wanted, sink) => {
            fetched.map_err(|error| Problem::from_error(ErrorCode::IndexFailed, &error))
        }
        () = context.cancel.cancelled() => Err(interrupted()),
    }
}
