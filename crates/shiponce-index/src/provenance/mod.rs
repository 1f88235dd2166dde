//! Provenance: the attestations an index serves for a file (PEP 740), read as claims.
//!
//! An index verifies signature, certificate and transparency log when it takes a file. That is not done again here:
//! what is returned is what the index vouches for, and no more. What it is worth for a release is decided in
//! [`shiponce_core::provenance`].

pub(crate) mod certificate;
mod document;

use http::header::CONTENT_TYPE;
use shiponce_core::observation::RemoteFile;
use shiponce_core::provenance::Claim;
use url::Url;

use crate::chain::chain;
use crate::index::Index;
use crate::observe::Observer;
use crate::observe::exchange::{Asked, Exchange, Got, Miss};
use crate::redirect;

use document::DocumentError;

pub use certificate::CertificateError;
pub use document::PublishedBy;

/// The form of the Integrity API; PyPI answers 406 to a request for another one.
const ACCEPT: &str = "application/vnd.pypi.integrity.v1+json";

/// What an index says about where a file came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    /// The claims of its attestations, in the order of the document.
    Claims(Vec<Claim>),
    /// The index lists the file without provenance.
    None,
    /// The index shows that there is provenance, and it could not be read or understood. That is not the same as none.
    Unread {
        /// What was asked and what came back, for people.
        why: String,
    },
}

impl Observer {
    /// Reads the provenance of a listed file. Its address comes from the listing; one on another server is not asked.
    pub async fn provenance(&self, index: &Index, file: &RemoteFile) -> Provenance {
        let Some(address) = &file.provenance else { return Provenance::None };
        let read = match allowed(index, address) {
            Ok(url) => self.document(index, url, document::read).await,
            Err(why) => Err(why),
        };
        read.map_or_else(|why| Provenance::Unread { why }, Provenance::Claims)
    }

    /// Reads under which identities a listed file was published; none when the index shows no provenance.
    ///
    /// # Errors
    /// A sentence for people, when there is provenance that could not be read or understood.
    pub async fn published_by(&self, index: &Index, file: &RemoteFile) -> Result<Vec<PublishedBy>, String> {
        let Some(address) = &file.provenance else { return Ok(Vec::new()) };
        self.document(index, allowed(index, address)?, document::publishers).await
    }

    async fn document<T>(
        &self,
        index: &Index,
        url: Url,
        read: fn(&[u8]) -> Result<Vec<T>, DocumentError>,
    ) -> Result<Vec<T>, String> {
        let until = self.clock.monotonic().saturating_add(self.options.deadline);
        let exchange = Exchange {
            transport: &*self.transport,
            clock: &*self.clock,
            options: &self.options,
            index,
            until,
        };
        // It is written once, with its file; only its absence may be an old copy, and that is asked for in the listing.
        let asked = Asked { url, accept: ACCEPT, etag: None, bypass: false };
        exchange.ask(&asked, |got| judged(&got, read)).await
    }
}

fn allowed(index: &Index, address: &str) -> Result<Url, String> {
    let url = Url::parse(address)
        .map_err(|error| format!("the address of the provenance, `{address}`, is none: {error}"))?;
    let home = index.simple.as_ref().or(index.json.as_ref());
    match home {
        Some(home) if redirect::same_server(home.expose(), &url) => Ok(url),
        _ => Err(format!("the provenance is on another server than the index, `{address}`")),
    }
}

fn judged<T>(got: &Got, read: fn(&[u8]) -> Result<Vec<T>, DocumentError>) -> Result<Vec<T>, Miss> {
    let at = &got.url;
    if got.status.as_u16() != 200 {
        return Err(Miss::Final(format!("`{at}` answered {}, and the index lists it", got.status)));
    }
    let kind = got.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != ACCEPT && kind != "application/json" {
        return Err(Miss::Final(format!("`{at}` answered 200 with `{kind}`, which is no provenance")));
    }
    read(&got.body).map_err(|error| Miss::Final(format!("`{at}` answered 200, but {}", chain(&error))))
}
