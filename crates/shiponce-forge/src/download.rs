//! Bytes fetched from GitHub: assets of releases, and artifacts of workflow runs.

use std::io::Write;

use http::Method;
use http::header::{ACCEPT, ACCEPT_ENCODING, HeaderValue, LOCATION};
use sha2::{Digest as _, Sha256 as Hasher};
use shiponce_core::Sha256;
use shiponce_io::http::{Limits, Request, Response};
use url::Url;

use crate::answer::Call;
use crate::client::Client;
use crate::error::Error;
use crate::server::without_userinfo;

/// Redirects followed for one download; GitHub needs one.
const REDIRECTS: usize = 5;

/// What arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fetched {
    /// The digest of the bytes.
    pub sha256: Sha256,
    /// Their number.
    pub size: u64,
}

impl Client {
    /// Streams an asset into `sink`, drafts' assets included. What is in the sink counts only when this succeeds. With
    /// `expected` other bytes are an error: pages of HTML with status 200 have been seen here.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn download_asset(
        &self,
        id: u64,
        expected: Option<Sha256>,
        max_bytes: u64,
        sink: &mut (dyn Write + Send),
    ) -> Result<Fetched, Error> {
        let call = Call::read(format!("download asset {id} of {}", self.repository()));
        let url = self.api(&["releases", "assets", &id.to_string()]);
        self.download(&call, &url, expected, max_bytes, sink).await
    }

    /// Follows the redirect to where the bytes are, without the token: the address itself is the permission there.
    pub(crate) async fn download(
        &self,
        call: &Call,
        url: &Url,
        expected: Option<Sha256>,
        max_bytes: u64,
        sink: &mut (dyn Write + Send),
    ) -> Result<Fetched, Error> {
        let response = self.patiently(|_| self.locate(call, url, max_bytes)).await?;
        receive(call, response, expected, sink).await
    }

    /// The answer that holds the bytes, its body unread.
    async fn locate(&self, call: &Call, url: &Url, max_bytes: u64) -> Result<Response, Error> {
        let mut request = self.request(call, Method::GET, url)?;
        let mut url = url.clone();
        for _ in 0..=REDIRECTS {
            let response = self.exchange(call, self.for_bytes(request, max_bytes)).await?;
            match response.status.as_u16() {
                200 => return Ok(response),
                301 | 302 | 303 | 307 | 308 => url = target(call, &url, &response)?,
                _ => return Err(self.failed(call, &url, response).await),
            }
            request = self.anonymous(Method::GET, &url);
        }
        Err(call.malformed(format!("more than {REDIRECTS} redirects")))
    }

    fn for_bytes(&self, request: Request, max_bytes: u64) -> Request {
        let options = self.options();
        request
            .header(ACCEPT, HeaderValue::from_static("application/octet-stream"))
            // The digest is that of the file, so nothing on the way may pack or unpack it.
            .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"))
            .limits(Limits {
                connect: options.connect,
                idle: options.idle,
                total: None,
                response_bytes: max_bytes,
            })
    }
}

fn target(call: &Call, from: &Url, response: &Response) -> Result<Url, Error> {
    let location = response.headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let to = location.and_then(|text| from.join(text).ok());
    let to = to.ok_or_else(|| call.malformed("a redirect without saying where to"))?;
    if !Client::stays_secure(from, &to) {
        return Err(call.malformed("a redirect from https to plain http"));
    }
    Ok(without_userinfo(&to))
}

async fn receive(
    call: &Call,
    mut response: Response,
    expected: Option<Sha256>,
    sink: &mut (dyn Write + Send),
) -> Result<Fetched, Error> {
    let mut hasher = Hasher::new();
    let mut size = 0;
    while let Some(bytes) = response.chunk().await.map_err(|error| call.broken(error))? {
        hasher.update(&bytes);
        size += bytes.len() as u64;
        sink.write_all(&bytes).map_err(|source| Error::Store { call: call.what.clone(), source })?;
    }
    let found = Sha256(hasher.finalize().into());
    match expected {
        Some(expected) if expected != found => {
            Err(Error::OtherBytes { call: call.what.clone(), expected, found })
        }
        _ => Ok(Fetched { sha256: found, size }),
    }
}
