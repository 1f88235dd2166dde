//! What the central directory says about one entry.

/// How the bytes of an entry are packed. Nothing else is accepted, by PyPI neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// As they are.
    Stored,
    /// Deflate (RFC 1951).
    Deflated,
}

/// One verified entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name; ends with `/` for a folder.
    pub name: String,
    /// Unpacked size in bytes.
    pub size: u64,
    /// Packed size in bytes.
    pub compressed_size: u64,
    /// CRC-32 of the unpacked bytes.
    pub crc32: u32,
    /// How it is packed.
    pub method: Method,
    /// Where its local header begins in the file.
    pub offset: u64,
    /// Whether it has a comment, which PyPI refuses.
    pub has_comment: bool,
    /// Whether its sizes follow the data, which PyPI refuses.
    pub has_descriptor: bool,
    /// Unix mode, when the writer recorded one.
    pub unix_mode: Option<u32>,
    /// When it was last changed, in the MS-DOS form of the format: the date in the upper 16 bits, the time in the
    /// lower ones. Local time of the writer, in steps of two seconds.
    pub modified: u32,
    /// File attributes as the writer's system has them; on Unix the mode is in the upper 16 bits.
    pub external_attributes: u32,
    /// The system and the version of the format that it was made with.
    pub made_by: u16,
    /// The version of the format that is needed to read it.
    pub(crate) needed: u16,
    /// Hints of the writer, such as "text".
    pub(crate) internal_attributes: u16,
    /// Extra fields of the directory that mean something to nobody but the writer.
    pub(crate) extra: Vec<u8>,
    /// Where the packed bytes begin in the file.
    pub(super) data_offset: u64,
    /// General purpose flags, for agreement with the local header.
    pub(crate) flags: u16,
}

impl Entry {
    /// Whether the entry is a folder.
    #[must_use]
    pub fn is_dir(&self) -> bool {
        self.name.ends_with('/')
    }

    /// Whether the recorded mode says symbolic link: installers write a text file instead.
    #[must_use]
    pub fn is_symlink(&self) -> bool {
        self.unix_mode.is_some_and(|mode| mode & 0o170_000 == 0o120_000)
    }
}
