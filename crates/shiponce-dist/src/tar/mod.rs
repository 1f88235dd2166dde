//! A bounded lister of `.tar.gz` files that refuses what tar readers disagree on.
//!
//! The `tar` crate reads the raw headers only: it would keep long names and PAX headers in memory whatever their
//! size, so both are read here.

mod error;
mod extension;
mod limited;
mod rewrite;

use crate::member::{self, NameProblem};
use extension::Pending;
use flate2::bufread::MultiGzDecoder;
use limited::Limited;
use std::collections::{BTreeMap, HashSet};
use std::io::{BufReader, Read};
use tar::{Entry, EntryType};

pub use error::{MemberProblem, TarError};
pub(crate) use rewrite::{Change, RewriteError, rewrite};

/// What an archive may cost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Number of members, counting headers that only describe the next one.
    pub members: usize,
    /// Size of the unpacked archive in bytes.
    pub unpacked_bytes: u64,
}

impl Default for Limits {
    /// Far above any real sdist: PyPI takes 100 MiB packed by default.
    fn default() -> Self {
        Self { members: 200_000, unpacked_bytes: 16 << 30 }
    }
}

/// What a member is. Devices, pipes, sparse files and everything else are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberKind {
    /// A regular file.
    File,
    /// A folder.
    Dir,
    /// A symbolic link that stays inside the archive's folder.
    Symlink,
    /// A hard link to a member of the archive.
    Hardlink,
}

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name; a folder's ends with `/`.
    pub name: String,
    /// Size of the content in bytes.
    pub size: u64,
    /// What it is.
    pub kind: MemberKind,
}

impl Member {
    /// Whether the member is a folder.
    #[must_use]
    pub fn is_dir(&self) -> bool {
        self.kind == MemberKind::Dir
    }
}

/// Every member of an archive, and the contents that were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The members in order.
    pub members: Vec<Member>,
    /// Contents by name.
    pub kept: BTreeMap<String, Vec<u8>>,
}

/// Lists a gzipped tar file to its very end. `keep` is asked for every file, in order, whether to keep its content,
/// and says up to which size in bytes.
///
/// # Errors
/// [`TarError`] for damaged data, for everything over `limits`, and for names, links and members that do not belong
/// into an sdist.
pub fn list(
    reader: impl Read,
    limits: &Limits,
    mut keep: impl FnMut(&str) -> Option<u64>,
) -> Result<Listing, TarError> {
    let unpacked = MultiGzDecoder::new(BufReader::with_capacity(64 * 1024, reader));
    let mut archive = tar::Archive::new(Limited::new(unpacked, limits.unpacked_bytes));
    let mut listing = Listing::default();
    let mut names = HashSet::new();
    let mut pending = Pending::default();
    let entries = archive.entries().map_err(TarError::read)?.raw(true);
    for (count, entry) in entries.enumerate() {
        let mut entry = entry.map_err(TarError::read)?;
        if count == limits.members {
            return Err(TarError::TooManyMembers { limit: limits.members });
        }
        let offset = entry.raw_header_position();
        if pending.take_in(&mut entry)? {
            continue;
        }
        let (name, link) = pending.resolve(&entry)?;
        let wrong = |problem| TarError::member(&name, offset, problem);
        let member = describe(&entry, &name, &link, offset)?;
        if !names.insert(member.name.trim_end_matches('/').to_owned()) && !member.is_dir() {
            return Err(wrong(MemberProblem::Duplicate));
        }
        if member.kind == MemberKind::File
            && let Some(limit) = keep(&member.name)
        {
            if member.size > limit {
                return Err(wrong(MemberProblem::TooLarge(limit)));
            }
            let mut content = Vec::new();
            entry.read_to_end(&mut content).map_err(TarError::read)?;
            listing.kept.insert(member.name.clone(), content);
        }
        listing.members.push(member);
    }
    pending.finish()?;
    drain(&mut archive.into_inner())?;
    Ok(listing)
}

/// Checks kind, name and link of one member.
fn describe<R: Read>(
    entry: &Entry<'_, R>,
    name: &[u8],
    link: &[u8],
    offset: u64,
) -> Result<Member, TarError> {
    let wrong = |problem| TarError::member(name, offset, problem);
    let size = entry.header().entry_size().map_err(TarError::read)?;
    let kind = match entry.header().entry_type() {
        // Before POSIX, a folder was a regular file whose name ends with a slash.
        EntryType::Regular if name.ends_with(b"/") && entry.header().as_old().linkflag == [0] => {
            MemberKind::Dir
        }
        EntryType::Regular | EntryType::Continuous => MemberKind::File,
        EntryType::Directory => MemberKind::Dir,
        EntryType::Symlink => MemberKind::Symlink,
        EntryType::Link => MemberKind::Hardlink,
        EntryType::GNUSparse => return Err(wrong(MemberProblem::Sparse)),
        other => return Err(wrong(MemberProblem::Kind(other.as_byte()))),
    };
    let checked = member::check(name).map_err(|problem| wrong(MemberProblem::Name(problem)))?;
    if kind != MemberKind::Dir && checked.ends_with('/') {
        return Err(wrong(MemberProblem::Name(NameProblem::Component)));
    }
    // Python skips no data behind these, other readers do.
    if kind != MemberKind::File && size > 0 {
        return Err(wrong(MemberProblem::Data));
    }
    if matches!(kind, MemberKind::Symlink | MemberKind::Hardlink) {
        let target = std::str::from_utf8(link).unwrap_or_default();
        let resolved = match kind {
            MemberKind::Hardlink => member::check(link).ok().map(ToOwned::to_owned),
            _ => member::resolve_link(checked, target),
        };
        let top = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
        if resolved.is_none_or(|resolved| top(&resolved) != top(checked)) {
            return Err(wrong(MemberProblem::Link(member::shown(link))));
        }
    }
    let name = checked.trim_end_matches('/');
    let name = if kind == MemberKind::Dir { format!("{name}/") } else { name.to_owned() };
    Ok(Member { name, size, kind })
}

/// Reads what follows the end marker: only zeros belong there. This also verifies the checksum of the gzip stream.
fn drain(rest: &mut impl Read) -> Result<(), TarError> {
    let mut buffer = vec![0; 32 * 1024];
    loop {
        match rest.read(&mut buffer).map_err(TarError::read)? {
            0 => return Ok(()),
            read if buffer[..read].iter().all(|&byte| byte == 0) => {}
            _ => return Err(TarError::TrailingData),
        }
    }
}
