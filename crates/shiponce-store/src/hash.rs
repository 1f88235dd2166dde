//! Hashing while copying.

use sha2::{Digest as _, Sha256 as Hasher};
use shiponce_core::Sha256;
use std::io::{self, Read, Write};

/// Bytes held in memory at a time, whatever the size of a file.
const BUFFER_BYTES: usize = 128 * 1024;

/// What one pass over a file told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) sha256: Sha256,
    pub(crate) size: u64,
}

/// Where a pass failed: the two ends have different owners, and so different messages.
#[derive(Debug)]
pub(crate) enum CopyError {
    Read(io::Error),
    Write(io::Error),
}

/// Copies everything, hashing it on the way.
pub(crate) fn copy(from: &mut impl Read, to: &mut impl Write) -> Result<Seen, CopyError> {
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut size = 0;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyError::Read(error)),
        };
        hasher.update(&buffer[..read]);
        to.write_all(&buffer[..read]).map_err(CopyError::Write)?;
        size += read as u64;
    }
    Ok(Seen { sha256: Sha256(hasher.finalize().into()), size })
}

/// Reads everything, hashing it.
pub(crate) fn read(from: &mut impl Read) -> io::Result<Seen> {
    copy(from, &mut io::sink()).map_err(|(CopyError::Read(error) | CopyError::Write(error))| error)
}

/// Passes a file's bytes on and holds the last ones back until all of them are known to be right.
///
/// A receiver that was promised a length never gets the whole of a file that changed meanwhile.
#[derive(Debug)]
pub(crate) struct CheckedReader<R> {
    inner: R,
    hasher: Hasher,
    expected: Seen,
    passed: u64,
}

impl<R> CheckedReader<R> {
    pub(crate) fn new(inner: R, expected: Seen) -> Self {
        Self { inner, hasher: Hasher::new(), expected, passed: 0 }
    }
}

impl<R: Read> Read for CheckedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.expected.size - self.passed;
        // An empty buffer asks nothing, and after the last byte there is nothing left to tell.
        if buffer.is_empty() || (left == 0 && self.passed > 0) {
            return Ok(0);
        }
        let most = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let read = self.inner.read(&mut buffer[..most])?;
        if read == 0 && left > 0 {
            return Err(changed("it became shorter"));
        }
        self.hasher.update(&buffer[..read]);
        self.passed += read as u64;
        if self.passed == self.expected.size
            && self.hasher.clone().finalize().as_slice() != self.expected.sha256.0
        {
            return Err(changed("it has other bytes"));
        }
        Ok(read)
    }
}

fn changed(how: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the stored file changed while it was read: {how}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(bytes: &[u8]) -> Seen {
        read(&mut &bytes[..]).unwrap()
    }

    #[test]
    fn digest_is_sha256() {
        // FIPS 180-2, appendix B.1.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(seen(b"abc"), Seen { sha256: abc.parse().unwrap(), size: 3 });
    }

    fn drain(bytes: &[u8], expected: Seen, chunk: usize) -> (Vec<u8>, io::Result<()>) {
        let mut reader = CheckedReader::new(bytes, expected);
        let (mut out, mut buffer) = (Vec::new(), vec![0; chunk]);
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return (out, Ok(())),
                Ok(read) => out.extend_from_slice(&buffer[..read]),
                Err(error) => return (out, Err(error)),
            }
        }
    }

    proptest! {
        #[test]
        fn right_bytes_pass_whole(bytes: Vec<u8>, chunk in 1usize..40) {
            let (out, end) = drain(&bytes, seen(&bytes), chunk);
            prop_assert!(end.is_ok());
            prop_assert_eq!(out, bytes);
        }

        #[test]
        fn changed_bytes_never_pass_whole(bytes in proptest::collection::vec(any::<u8>(), 1..60), at: usize, chunk in 1usize..40) {
            let mut other = bytes.clone();
            let place = at % other.len();
            other[place] ^= 1;
            let (out, end) = drain(&other, seen(&bytes), chunk);
            prop_assert!(end.is_err());
            prop_assert!(out.len() < bytes.len());
            let (out, end) = drain(&bytes[..place], seen(&bytes), chunk);
            prop_assert!(end.is_err());
            prop_assert_eq!(out.len(), place);
        }
    }
}
