//! Every digest an index asks for, in one streaming pass with flat memory.

mod ring;

use blake2::Blake2b256 as Blake2b;
use md5::Md5;
use sha2::Digest as _;
use shiponce_core::{Blake2b256, Sha256};
use std::fmt::Write as _;
use std::io::{self, Read};
use std::path::Path;

/// Size of one read.
const CHUNK: usize = 256 * 1024;

/// Up to this many bytes are hashed on the calling thread alone: callers with many files open them side by side, and
/// a second thread for a few milliseconds of work costs more than it saves.
const ALONE_MAX: u64 = 8 << 20;

/// What is known about the bytes of a file after reading them once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    /// Number of bytes read.
    pub size: u64,
    /// Identity of the bytes everywhere in the product.
    pub sha256: Sha256,
    /// What PyPI keys stored bytes by.
    pub blake2b: Blake2b256,
    /// MD5 in lower-case hexadecimal, when it was asked for.
    pub md5: Option<String>,
}

/// Why bytes were not hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// The file cannot be opened; the source names it.
    #[error("cannot open the file to hash")]
    Open(#[source] io::Error),
    /// Reading stopped.
    #[error("hashing stopped after {offset} bytes")]
    Read {
        /// Bytes hashed so far.
        offset: u64,
        /// What the reader said.
        source: io::Error,
    },
}

/// Hashes everything `reader` gives.
///
/// Large inputs are hashed on two threads over a ring of a few MiB, so the pass takes about as long as the slower
/// digest alone.
///
/// # Errors
/// [`HashError::Read`] when the reader fails.
pub fn hash_reader(reader: impl Read) -> Result<Digests, HashError> {
    hash_reader_with(reader, false, &mut |_| {})
}

/// [`hash_reader`], with MD5 on request and `progress` told the number of bytes hashed so far after every chunk.
///
/// # Errors
/// [`HashError::Read`] when the reader fails.
pub fn hash_reader_with(
    mut reader: impl Read,
    with_md5: bool,
    progress: &mut dyn FnMut(u64),
) -> Result<Digests, HashError> {
    let mut running = Running::new(with_md5);
    let mut buffer = vec![0; CHUNK];
    loop {
        let filled = fill(&mut reader, &mut buffer)
            .map_err(|source| HashError::Read { offset: running.size, source })?;
        if filled == CHUNK && running.size >= ALONE_MAX {
            return ring::hash(reader, running, buffer, progress);
        }
        running.update(&buffer[..filled]);
        progress(running.size);
        if filled < CHUNK {
            return Ok(running.finish());
        }
    }
}

/// The digests of the bytes so far.
struct Running {
    size: u64,
    sha256: sha2::Sha256,
    blake2b: Blake2b,
    md5: Option<Md5>,
}

impl Running {
    fn new(with_md5: bool) -> Self {
        Self { size: 0, sha256: sha2::Sha256::new(), blake2b: Blake2b::new(), md5: with_md5.then(Md5::new) }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.sha256.update(bytes);
        self.blake2b.update(bytes);
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
    }

    fn finish(self) -> Digests {
        Digests {
            size: self.size,
            sha256: Sha256(self.sha256.finalize().into()),
            blake2b: Blake2b256(self.blake2b.finalize().into()),
            md5: self.md5.map(|md5| hex(&md5.finalize())),
        }
    }
}

/// [`hash_reader_with`] on the file at `path`.
///
/// # Errors
/// [`HashError`] when it cannot be opened or read.
pub fn hash_file(path: &Path, with_md5: bool, progress: &mut dyn FnMut(u64)) -> Result<Digests, HashError> {
    let file = fs_err::File::open(path).map_err(HashError::Open)?;
    hash_reader_with(file, with_md5, progress)
}

/// Reads until `buffer` is full or the input ends.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives at most `step` bytes at a time, as a socket does.
    struct Dribble<'a>(&'a [u8], usize);

    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let step = self.1.min(buffer.len()).min(self.0.len());
            buffer[..step].copy_from_slice(&self.0[..step]);
            self.0 = &self.0[step..];
            Ok(step)
        }
    }

    #[test]
    fn known_answers() {
        let digests = hash_reader_with(&b"abc"[..], true, &mut |_| {}).unwrap();
        assert_eq!(digests.size, 3);
        assert_eq!(
            digests.sha256.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            digests.blake2b.to_string(),
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
        );
        assert_eq!(digests.md5.unwrap(), "900150983cd24fb0d6963f7d28e17f72");
    }

    #[test]
    fn threads_and_one_thread_agree_at_every_boundary() {
        for size in
            [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, CHUNK * 32, CHUNK * 33, CHUNK * 33 + 1, CHUNK * 45 + 7]
        {
            let bytes: Vec<u8> = (0..size).map(|i| u8::try_from(i * 31 % 251).unwrap()).collect();
            let mut seen = Vec::new();
            let digests =
                hash_reader_with(Dribble(&bytes, 100_003), true, &mut |done| seen.push(done)).unwrap();
            assert_eq!(digests.size, size as u64);
            assert_eq!(digests.sha256, Sha256(sha2::Sha256::digest(&bytes).into()), "{size}");
            assert_eq!(digests.blake2b, Blake2b256(Blake2b::digest(&bytes).into()), "{size}");
            assert_eq!(digests.md5, Some(hex(&Md5::digest(&bytes))), "{size}");
            assert_eq!(seen.last(), Some(&(size as u64)));
            assert!(seen.is_sorted());
        }
    }

    #[test]
    fn a_failing_reader_is_reported_with_its_place() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("disk on fire"))
            }
        }
        let bytes = vec![7; CHUNK * 35];
        let error = hash_reader(bytes.chain(Broken)).unwrap_err();
        assert_eq!(error.to_string(), format!("hashing stopped after {} bytes", CHUNK * 35));
        let error = hash_file(Path::new("/nonexistent/x.whl"), false, &mut |_| {}).unwrap_err();
        assert!(matches!(error, HashError::Open(_)));
    }
}
