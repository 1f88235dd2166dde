//! Contents of entries, streamed: memory does not grow with the entry.

use super::entry::{Entry, Method};
use super::source::u16_at;
use super::{Archive, EntryProblem, ZipError};
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use sha2::Digest;
use std::io::{self, BufRead, Read, Seek, Write};

/// Bytes handed on at a time.
const CHUNK: usize = 64 * 1024;

impl<R: Read + Seek> Archive<R> {
    /// The whole content of `name`, at most `limit` bytes.
    ///
    /// # Errors
    /// [`ZipError::Absent`]; [`ZipError::Entry`] when it is larger than `limit` or damaged.
    pub fn read(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, ZipError> {
        let mut content = Vec::new();
        self.stream(name, limit, &mut |chunk| content.extend_from_slice(chunk))?;
        Ok(content)
    }

    /// The digest `D` of the content of `name`, and its size in bytes.
    ///
    /// # Errors
    /// [`ZipError::Absent`]; [`ZipError::Entry`] when it is damaged.
    pub fn digest<D: Digest>(&mut self, name: &str) -> Result<(u64, Vec<u8>), ZipError> {
        let mut digest = D::new();
        let size = self.stream(name, u64::MAX, &mut |chunk| digest.update(chunk))?;
        Ok((size, digest.finalize().to_vec()))
    }

    /// Gives the content of `name` to `sink` piece by piece and returns its size, verified like the checksum.
    ///
    /// # Errors
    /// As [`Archive::read`].
    pub fn stream(&mut self, name: &str, limit: u64, sink: &mut dyn FnMut(&[u8])) -> Result<u64, ZipError> {
        let Some(entry) = self.entry(name).cloned() else {
            return Err(ZipError::Absent(crate::member::shown(name.as_bytes())));
        };
        let wrong = |problem| ZipError::entry(entry.name.as_bytes(), entry.offset, problem);
        if entry.size > limit {
            return Err(wrong(EntryProblem::TooLarge(limit)));
        }
        self.source.seek(entry.data_offset)?;
        let unpacked = self.source.with_next(entry.compressed_size, |packed| unpack(&entry, packed, sink));
        match unpacked {
            Ok(()) => Ok(entry.size),
            Err(Unpack::Problem(problem)) => Err(wrong(problem)),
            Err(Unpack::Reader(source)) => Err(ZipError::Read { offset: self.source.position(), source }),
        }
    }
}

impl<R: Read + Seek> Archive<R> {
    /// The extra fields of an entry's local header that mean something to nobody but the writer.
    pub(crate) fn local_extra(&mut self, entry: &Entry) -> Result<Vec<u8>, ZipError> {
        let header: [u8; 30] = self.source.record(entry.offset)?;
        let name = u64::from(u16_at(&header, 26));
        self.source.seek(entry.offset + 30 + name)?;
        let bytes = self.source.bytes(u16_at(&header, 28))?;
        Ok(super::extra::meaningless(&bytes))
    }

    /// Copies the packed bytes of an entry as they are. They are not checked: see [`Archive::stream`].
    pub(crate) fn copy_packed(&mut self, entry: &Entry, out: &mut dyn Write) -> Result<(), Copy> {
        self.source.seek(entry.data_offset).map_err(Copy::Reader)?;
        let mut left = entry.compressed_size;
        let mut buffer = vec![0; CHUNK];
        while left > 0 {
            let step = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            self.source.fill(&mut buffer[..step]).map_err(Copy::Reader)?;
            out.write_all(&buffer[..step]).map_err(Copy::Writer)?;
            left -= step as u64;
        }
        Ok(())
    }
}

/// Why packed bytes were not copied.
#[derive(Debug)]
pub(crate) enum Copy {
    /// The archive could not be read.
    Reader(ZipError),
    /// The copy could not be written.
    Writer(io::Error),
}

enum Unpack {
    Problem(EntryProblem),
    Reader(io::Error),
}

fn unpack(entry: &Entry, packed: &mut impl BufRead, sink: &mut dyn FnMut(&[u8])) -> Result<(), Unpack> {
    match entry.method {
        Method::Stored => copy(entry, packed, sink),
        Method::Deflated => {
            let mut decoder = DeflateDecoder::new(packed);
            copy(entry, &mut decoder, sink)?;
            if decoder.total_in() == entry.compressed_size {
                Ok(())
            } else {
                Err(Unpack::Problem(EntryProblem::Leftover))
            }
        }
    }
}

fn copy(entry: &Entry, reader: &mut impl Read, sink: &mut dyn FnMut(&[u8])) -> Result<(), Unpack> {
    let mut buffer = vec![0; CHUNK];
    let mut crc = Crc::new();
    let mut size: u64 = 0;
    loop {
        let read = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // What flate2 says about bytes that are not deflate.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
                ) =>
            {
                return Err(Unpack::Problem(EntryProblem::Damaged));
            }
            Err(error) => return Err(Unpack::Reader(error)),
        };
        size += read as u64;
        if size > entry.size {
            return Err(Unpack::Problem(EntryProblem::Size(entry.size)));
        }
        crc.update(&buffer[..read]);
        sink(&buffer[..read]);
    }
    if size != entry.size {
        return Err(Unpack::Problem(EntryProblem::Size(entry.size)));
    }
    if crc.sum() != entry.crc32 {
        return Err(Unpack::Problem(EntryProblem::Crc { declared: entry.crc32, found: crc.sum() }));
    }
    Ok(())
}
