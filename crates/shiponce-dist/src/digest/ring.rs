//! The two-thread pass: the caller reads and computes BLAKE2b, lanes beside it compute the other digests.

use super::{CHUNK, Digests, HashError, Running, fill, hex};
use sha2::Digest;
use shiponce_core::{Blake2b256, Sha256};
use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, Scope, ScopedJoinHandle};

/// Chunks in flight at most: with [`CHUNK`] it bounds the memory of one pass to 2 MiB.
const RING: usize = 8;

type Chunk = Arc<Vec<u8>>;

/// One digest computed on its own thread. Dropping it ends the thread.
struct Lane<'scope, D> {
    work: Sender<Chunk>,
    done: Receiver<()>,
    thread: ScopedJoinHandle<'scope, D>,
}

impl<'scope, D: Digest + Send + 'scope> Lane<'scope, D> {
    /// Goes on from `digest`.
    fn start<'env>(scope: &'scope Scope<'scope, 'env>, mut digest: D) -> io::Result<Self> {
        let (work, chunks) = channel::<Chunk>();
        let (report, done) = channel();
        let thread = thread::Builder::new().name("digest".to_owned()).spawn_scoped(scope, move || {
            for chunk in chunks {
                digest.update(chunk.as_slice());
                // Let go of the buffer before saying so: the caller takes it back for the next read.
                drop(chunk);
                if report.send(()).is_err() {
                    break;
                }
            }
            digest
        })?;
        Ok(Self { work, done, thread })
    }

    fn give(&self, chunk: &Chunk) {
        // A lane ends only after its caller, so there is somebody to receive.
        let _received = self.work.send(Arc::clone(chunk));
    }

    fn wait_for_one(&self) {
        let _reported = self.done.recv();
    }

    fn finish(self) -> D {
        drop(self.work);
        match self.thread.join() {
            Ok(digest) => digest,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

/// Goes on from `running` with `first`, which is full, and then everything left in `reader`.
pub(super) fn hash(
    mut reader: impl Read,
    running: Running,
    first: Vec<u8>,
    progress: &mut dyn FnMut(u64),
) -> Result<Digests, HashError> {
    let Running { mut size, sha256, mut blake2b, md5 } = running;
    let hashed = thread::scope(|scope| {
        let sha256 = Lane::start(scope, sha256)?;
        let md5 = md5.map(|md5| Lane::start(scope, md5)).transpose()?;
        let mut in_flight: VecDeque<Chunk> = VecDeque::with_capacity(RING);
        let mut buffer = first;
        loop {
            let last = buffer.len() < CHUNK;
            let chunk = Arc::new(buffer);
            sha256.give(&chunk);
            if let Some(md5) = &md5 {
                md5.give(&chunk);
            }
            blake2b.update(chunk.as_slice());
            size += chunk.len() as u64;
            progress(size);
            if last {
                break;
            }
            in_flight.push_back(chunk);
            buffer = if in_flight.len() < RING {
                vec![0; CHUNK]
            } else {
                sha256.wait_for_one();
                if let Some(md5) = &md5 {
                    md5.wait_for_one();
                }
                in_flight.pop_front().and_then(Arc::into_inner).unwrap_or_else(|| vec![0; CHUNK])
            };
            let filled = fill(&mut reader, &mut buffer)?;
            buffer.truncate(filled);
        }
        Ok(Digests {
            size,
            sha256: Sha256(sha256.finish().finalize().into()),
            blake2b: Blake2b256(blake2b.finalize().into()),
            md5: md5.map(|lane| hex(&lane.finish().finalize())),
        })
    });
    hashed.map_err(|source| HashError::Read { offset: size, source })
}
