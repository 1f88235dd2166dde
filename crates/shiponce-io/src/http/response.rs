//! An answer, read in bounded pieces.

use std::fmt;
use std::io::Write;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};

use super::{BoxFuture, Peer, TransportError};

/// Where the pieces of an answer's body come from.
pub trait Chunks: Send {
    /// The next piece, or `None` after the last one.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>>;
}

/// An answer, its body unread.
#[derive(Debug)]
pub struct Response {
    /// The status code; redirects come through as they are.
    pub status: StatusCode,
    /// The reason phrase of HTTP/1.1, when it is not the usual one. The upload endpoint puts its message
    /// there; HTTP/2 has none.
    pub reason: Option<String>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: ResponseBody,
}

impl Response {
    /// The next piece of the body, or `None` after the last one.
    ///
    /// # Errors
    /// When the body breaks off, stays silent or exceeds the request's limit.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        self.body.chunk().await
    }

    /// The whole body, of at most `limit` bytes.
    ///
    /// # Errors
    /// As [`Response::chunk`], and when the body is larger than `limit`.
    pub async fn bytes(self, limit: u64) -> Result<Bytes, TransportError> {
        self.body.bytes(limit).await
    }

    /// The whole body as text; bytes that are not UTF-8 are replaced, since the text is for people.
    ///
    /// # Errors
    /// As [`Response::bytes`].
    pub async fn text(self, limit: u64) -> Result<String, TransportError> {
        let bytes = self.body.bytes(limit).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Writes the body to `sink` piece by piece and returns its length.
    ///
    /// # Errors
    /// As [`Response::bytes`], and when `sink` fails.
    pub async fn write_to(self, sink: &mut (impl Write + Send), limit: u64) -> Result<u64, TransportError> {
        self.body.write_to(sink, limit).await
    }
}

/// The body of an answer: at most the request's `response_bytes`, read once.
pub struct ResponseBody {
    peer: Peer,
    chunks: Box<dyn Chunks>,
    limit: u64,
    received: u64,
}

impl ResponseBody {
    /// A body that refuses to grow beyond `limit` bytes.
    #[must_use]
    pub fn new(peer: Peer, chunks: Box<dyn Chunks>, limit: u64) -> Self {
        Self { peer, chunks, limit, received: 0 }
    }

    /// The next piece, or `None` after the last one.
    ///
    /// # Errors
    /// When the body breaks off, stays silent or exceeds its limit.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        let Some(bytes) = self.chunks.next().await? else { return Ok(None) };
        self.received = self.received.saturating_add(bytes.len() as u64);
        if self.received > self.limit {
            return Err(TransportError::TooLarge { peer: self.peer.clone(), limit: self.limit });
        }
        Ok(Some(bytes))
    }

    async fn bytes(mut self, limit: u64) -> Result<Bytes, TransportError> {
        self.limit = self.limit.min(limit);
        let Some(first) = self.chunk().await? else { return Ok(Bytes::new()) };
        let Some(second) = self.chunk().await? else { return Ok(first) };
        let mut whole = BytesMut::from(&first[..]);
        whole.extend_from_slice(&second);
        while let Some(more) = self.chunk().await? {
            whole.extend_from_slice(&more);
        }
        Ok(whole.freeze())
    }

    async fn write_to(mut self, sink: &mut (impl Write + Send), limit: u64) -> Result<u64, TransportError> {
        self.limit = self.limit.min(limit);
        while let Some(bytes) = self.chunk().await? {
            sink.write_all(&bytes)
                .map_err(|source| TransportError::Store { peer: self.peer.clone(), source })?;
        }
        Ok(self.received)
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody")
            .field("peer", &self.peer)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}
