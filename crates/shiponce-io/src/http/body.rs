//! What a request carries.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

/// The body of a request.
#[derive(Clone, Default)]
pub enum Body {
    /// No body.
    #[default]
    Empty,
    /// Bytes already in memory.
    Bytes(Bytes),
    /// Bytes read while they are sent, so that a 2 GiB wheel needs no 2 GiB of memory.
    Stream(Arc<dyn BodySource>),
}

impl Body {
    /// Length in bytes; always known, because indexes refuse chunked uploads.
    #[must_use]
    pub fn length(&self) -> u64 {
        match self {
            Self::Empty => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Stream(source) => source.length(),
        }
    }
}

impl fmt::Debug for Body {
    // Bodies can hold tokens (trusted publishing), so only the length is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.length())
    }
}

/// A body that can be opened again, so that a second attempt sends the identical bytes.
pub trait BodySource: Send + Sync + fmt::Debug {
    /// Length in bytes; the reader must give exactly as many.
    fn length(&self) -> u64;

    /// Opens the body from its first byte. The reader is used on a thread that may block.
    ///
    /// # Errors
    /// When the bytes cannot be had any more; nothing has been sent then.
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;
}

/// A file as a body, of the length it had when it was first looked at.
#[derive(Debug)]
pub struct FileBody {
    path: PathBuf,
    length: u64,
}

impl FileBody {
    /// Looks at the file once for its length.
    ///
    /// # Errors
    /// When the file cannot be looked at.
    pub fn new(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let length = fs_err::metadata(&path)?.len();
        Ok(Self { path, length })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl BodySource for FileBody {
    fn length(&self) -> u64 {
        self.length
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(fs_err::File::open(&self.path)?))
    }
}
