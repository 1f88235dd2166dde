//! Bodies that are counted while they are sent, read on a thread that may block.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use tokio::sync::mpsc;

use super::activity::Activity;
use crate::http::Progress;

/// Size of one piece. With the pieces waiting in the channel and hyper's own buffer this bounds the memory
/// of an upload to about a megabyte, whatever its length.
const PIECE_BYTES: usize = 128 * 1024;

/// Pieces read ahead of the network.
const PIECES_AHEAD: usize = 2;

/// A body of bytes in memory whose sending is reported.
pub(super) fn from_bytes(bytes: Bytes, activity: Activity, progress: Option<Progress>) -> reqwest::Body {
    let pieces = stream::unfold(bytes, |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        let piece = rest.split_to(PIECE_BYTES.min(rest.len()));
        Some((Ok(piece), rest))
    });
    counted(pieces, activity, progress)
}

/// A body read from `reader`, which must hold exactly `length` bytes.
pub(super) fn from_reader(
    reader: Box<dyn Read + Send>,
    length: u64,
    activity: Activity,
    progress: Option<Progress>,
) -> reqwest::Body {
    let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
    // The thread ends with the reader or, at its next piece, when the request is dropped.
    let thread = tokio::task::spawn_blocking(move || read_pieces(reader, length, &sender));
    drop(thread);
    let pieces = stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    counted(pieces, activity, progress)
}

fn counted(
    pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    activity: Activity,
    progress: Option<Progress>,
) -> reqwest::Body {
    let handed = Arc::new(AtomicU64::new(0));
    reqwest::Body::wrap_stream(pieces.map(move |piece| match piece {
        Ok(bytes) => {
            activity.moved();
            let length = bytes.len() as u64;
            let total = handed.fetch_add(length, Ordering::Relaxed).saturating_add(length);
            if let Some(progress) = &progress {
                progress(total);
            }
            Ok(bytes)
        }
        Err(error) => {
            let kind = error.kind();
            activity.body_failed(error);
            Err(io::Error::from(kind))
        }
    }))
}

fn read_pieces(mut reader: Box<dyn Read + Send>, length: u64, sender: &mpsc::Sender<io::Result<Bytes>>) {
    let mut read = 0;
    while read < length {
        let piece = read_piece(&mut *reader, length, read);
        read += piece.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let failed = piece.is_err();
        if sender.blocking_send(piece).is_err() || failed {
            return;
        }
    }
}

/// Reads the piece that starts at `offset`. The last piece is given out only once the reader is known to
/// end there, so that a file that grew never looks like a complete upload.
fn read_piece(reader: &mut dyn Read, length: u64, offset: u64) -> io::Result<Bytes> {
    let left = length - offset;
    let size = usize::try_from(left).map_or(PIECE_BYTES, |left| left.min(PIECE_BYTES));
    let mut piece = vec![0; size];
    let mut filled = 0;
    while filled < size {
        match reader.read(&mut piece[filled..]) {
            Ok(0) => return Err(wrong_length(length, offset + filled as u64)),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if size as u64 == left && reader.read(&mut [0])? != 0 {
        return Err(wrong_length(length, length + 1));
    }
    Ok(piece.into())
}

/// Fails unless a body has the length that was announced.
pub(in crate::http) fn check_length(announced: u64, found: u64) -> io::Result<()> {
    if announced == found { Ok(()) } else { Err(wrong_length(announced, found)) }
}

fn wrong_length(announced: u64, found: u64) -> io::Error {
    let what = if found < announced { format!("only {found}") } else { "more".to_owned() };
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the body changed: {announced} bytes announced, {what} found"),
    )
}
