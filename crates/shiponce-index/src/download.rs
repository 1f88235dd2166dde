//! Files fetched from an index, checked while they stream.

use std::io::Write;

use http::HeaderMap;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderValue, USER_AGENT};
use sha2::{Digest as _, Sha256 as Hasher};
use shiponce_core::Sha256;
use shiponce_core::redact::SafeUrl;
use shiponce_io::http::{Limits, Request, Response, Transport, TransportError};
use url::Url;

use crate::credential::{Credential, Secure};
use crate::index::without_userinfo;
use crate::redirect;

/// Which bytes, from where.
#[derive(Debug, Clone, Copy)]
pub struct Download<'a> {
    /// The file's address, as listed.
    pub url: &'a SafeUrl,
    /// The digest the bytes must have; `None` when they are fetched in order to learn it.
    pub expected: Option<Sha256>,
    /// Times, and the largest file that is taken.
    pub limits: Limits,
    /// Sent only to the origin it was issued for; file hosts usually need none.
    pub auth: Option<&'a Credential>,
}

/// What arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fetched {
    /// The digest of the bytes.
    pub sha256: Sha256,
    /// Their number.
    pub size: u64,
}

/// Why the bytes are not here.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// No whole answer.
    #[error("could not fetch `{url}`")]
    Transport {
        /// What was asked for, without credentials.
        url: String,
        /// What went wrong.
        source: Box<TransportError>,
    },
    /// An answer that is not the file.
    #[error("`{url}` answered {status}")]
    Status {
        /// What was asked for, without credentials.
        url: String,
        /// What came back.
        status: u16,
    },
    /// A redirect that is not followed.
    #[error("`{url}` redirects {why}")]
    Redirect {
        /// What was asked for, without credentials.
        url: String,
        /// Why it is not followed.
        why: &'static str,
    },
    /// The caller's place for the bytes failed.
    #[error("could not store what `{url}` sent")]
    Store {
        /// What was asked for, without credentials.
        url: String,
        /// The failure of the sink.
        source: std::io::Error,
    },
    /// Other bytes than expected. They are in the sink and must not be used.
    #[error("`{url}` sent bytes with sha256 {found}, not {expected}")]
    OtherBytes {
        /// What was asked for, without credentials.
        url: String,
        /// The digest that was expected.
        expected: Sha256,
        /// The digest that came.
        found: Sha256,
    },
}

/// Streams a file into `sink` and checks its digest. What is in the sink counts only when this succeeds.
///
/// Redirects are followed, also to another host (indexes keep files in object stores), never with a credential to
/// another origin and never from https to http.
///
/// # Errors
/// [`DownloadError`].
pub async fn fetch(
    transport: &dyn Transport,
    download: Download<'_>,
    sink: &mut (dyn Write + Send),
) -> Result<Fetched, DownloadError> {
    let shown = download.url;
    let mut url = without_userinfo(shown.expose());
    url.set_fragment(None);
    for _ in 0..=redirect::MAX {
        let answer = transport.send(request(&download, &url)).await;
        let response = answer.map_err(|source| DownloadError::Transport {
            url: shown.to_string(),
            source: Box::new(source),
        })?;
        if response.status.is_redirection() {
            url = next(shown, &url, &response.headers, response.status)?;
            continue;
        }
        if response.status.as_u16() != 200 {
            return Err(DownloadError::Status { url: shown.to_string(), status: response.status.as_u16() });
        }
        return receive(&download, response, sink).await;
    }
    Err(DownloadError::Redirect { url: shown.to_string(), why: "too often" })
}

fn request(download: &Download<'_>, url: &Url) -> Request {
    let mut request = Request::get(url.clone())
        .header(USER_AGENT, HeaderValue::from_static(crate::USER_AGENT))
        // The digest is that of the file, so nothing on the way may pack or unpack it.
        .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"))
        .limits(download.limits);
    // Another origin, or plain http, simply gets no credential.
    if let Some(Ok(header)) = download.auth.map(|auth| auth.header_for(url)) {
        request = request.header(AUTHORIZATION, header);
    }
    request
}

fn next(
    shown: &SafeUrl,
    from: &Url,
    headers: &HeaderMap,
    status: http::StatusCode,
) -> Result<Url, DownloadError> {
    let refused = |why| DownloadError::Redirect { url: shown.to_string(), why };
    let to = redirect::target(status, headers, from).ok_or_else(|| refused("without saying where to"))?;
    if from.scheme() == "https" && Secure::check(&to).is_err() {
        return Err(refused("from https to plain http"));
    }
    Ok(without_userinfo(&to))
}

async fn receive(
    download: &Download<'_>,
    mut response: Response,
    sink: &mut (dyn Write + Send),
) -> Result<Fetched, DownloadError> {
    let shown = download.url;
    let mut hasher = Hasher::new();
    let mut size = 0;
    loop {
        let chunk = response.chunk().await;
        let chunk = chunk.map_err(|source| DownloadError::Transport {
            url: shown.to_string(),
            source: Box::new(source),
        })?;
        let Some(bytes) = chunk else { break };
        hasher.update(&bytes);
        size += bytes.len() as u64;
        sink.write_all(&bytes).map_err(|source| DownloadError::Store { url: shown.to_string(), source })?;
    }
    let found = Sha256(hasher.finalize().into());
    match download.expected {
        Some(expected) if expected != found => {
            Err(DownloadError::OtherBytes { url: shown.to_string(), expected, found })
        }
        _ => Ok(Fetched { sha256: found, size }),
    }
}
