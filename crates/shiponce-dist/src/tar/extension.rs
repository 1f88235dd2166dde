//! Headers that describe the next member: GNU long names and PAX records, read within limits.

use super::{MemberProblem, TarError};
use std::io::Read;
use tar::{Entry, EntryType};

/// Longest GNU name in bytes.
const NAME_LIMIT: u64 = 64 << 10;
/// Largest PAX header in bytes.
const PAX_LIMIT: u64 = 1 << 20;

/// What the headers read so far say about the next member.
#[derive(Debug, Default)]
pub(super) struct Pending {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    offset: Option<u64>,
}

impl Pending {
    /// Takes in a header that describes the next member; `false` when `entry` is a member itself.
    pub(super) fn take_in<R: Read>(&mut self, entry: &mut Entry<'_, R>) -> Result<bool, TarError> {
        self.take_in_content(entry, &mut Vec::new())
    }

    /// [`Pending::take_in`] that also gives the content of the header.
    pub(super) fn take_in_content<R: Read>(
        &mut self,
        entry: &mut Entry<'_, R>,
        content: &mut Vec<u8>,
    ) -> Result<bool, TarError> {
        let kind = entry.header().entry_type();
        let limit = match kind {
            EntryType::GNULongName | EntryType::GNULongLink => NAME_LIMIT,
            EntryType::XHeader | EntryType::XGlobalHeader => PAX_LIMIT,
            _ => return Ok(false),
        };
        let offset = entry.raw_header_position();
        let wrong = |problem| TarError::member(b"(extension header)", offset, problem);
        if entry.header().entry_size().map_err(TarError::read)? > limit {
            return Err(wrong(MemberProblem::Extension(limit)));
        }
        entry.read_to_end(content).map_err(TarError::read)?;
        match kind {
            EntryType::GNULongName => set(&mut self.path, until_nul(content)).map_err(wrong)?,
            EntryType::GNULongLink => set(&mut self.link, until_nul(content)).map_err(wrong)?,
            EntryType::XGlobalHeader => {
                check_global(content).map_err(wrong)?;
                return Ok(true);
            }
            _ => self.pax(content).map_err(wrong)?,
        }
        self.offset = Some(offset);
        Ok(true)
    }

    fn pax(&mut self, content: &[u8]) -> Result<(), MemberProblem> {
        for (key, value) in records(content)? {
            match key.as_str() {
                "path" => set(&mut self.path, value.to_vec())?,
                "linkpath" => set(&mut self.link, value.to_vec())?,
                "size" => {
                    let size = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
                    set(&mut self.size, size.ok_or(MemberProblem::Pax)?)?;
                }
                key if key.starts_with("GNU.sparse") => return Err(MemberProblem::Sparse),
                "hdrcharset" | "charset" => return Err(MemberProblem::PaxKey(key)),
                _ => {}
            }
        }
        Ok(())
    }

    /// The name and the link target of the member `entry`, with what was pending.
    pub(super) fn resolve<R: Read>(&mut self, entry: &Entry<'_, R>) -> Result<(Vec<u8>, Vec<u8>), TarError> {
        let pending = std::mem::take(self);
        let header = entry.header();
        let old = header.as_old();
        let mut path = until_nul(&old.name);
        // POSIX headers have a prefix there; Python joins it whatever the magic says, others do not.
        let prefix = until_nul(&header.as_bytes()[345..500]);
        if !prefix.is_empty() {
            if header.as_ustar().is_none() {
                return Err(TarError::member(&path, entry.raw_header_position(), MemberProblem::Prefix));
            }
            path = [prefix.as_slice(), path.as_slice()].join(&b'/');
        }
        let path = pending.path.unwrap_or(path);
        let size = header.entry_size().map_err(TarError::read)?;
        if pending.size.is_some_and(|pax| pax != size) {
            let problem = MemberProblem::PaxKey("size".to_owned());
            return Err(TarError::member(&path, entry.raw_header_position(), problem));
        }
        Ok((path, pending.link.unwrap_or_else(|| until_nul(&old.linkname))))
    }

    /// At the end of the archive nothing may be pending.
    pub(super) fn finish(&self) -> Result<(), TarError> {
        if self.offset.is_some() { Err(TarError::Dangling) } else { Ok(()) }
    }
}

fn set<T>(slot: &mut Option<T>, value: T) -> Result<(), MemberProblem> {
    if slot.replace(value).is_some() { Err(MemberProblem::TwoExtensions) } else { Ok(()) }
}

/// Global records apply to every member that follows; only comments are harmless.
fn check_global(content: &[u8]) -> Result<(), MemberProblem> {
    match records(content)?.into_iter().find(|(key, _)| key != "comment") {
        Some((key, _)) => Err(MemberProblem::PaxKey(key)),
        None => Ok(()),
    }
}

/// The records `length key=value\n` of a PAX header.
pub(super) fn records(content: &[u8]) -> Result<Vec<(String, &[u8])>, MemberProblem> {
    let mut records = Vec::new();
    let mut rest = content;
    while !rest.is_empty() {
        let record = record(rest).ok_or(MemberProblem::Pax)?;
        records.push((record.0, record.1));
        rest = record.2;
    }
    Ok(records)
}

fn record(bytes: &[u8]) -> Option<(String, &[u8], &[u8])> {
    let space = bytes.iter().position(|&byte| byte == b' ')?;
    let digits =
        std::str::from_utf8(&bytes[..space]).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
    let length: usize = digits.parse().ok()?;
    let line = bytes.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = line.iter().position(|&byte| byte == b'=')?;
    let key = std::str::from_utf8(&line[..equals]).ok()?;
    Some((key.to_owned(), &line[equals + 1..], &bytes[length..]))
}

fn until_nul(field: &[u8]) -> Vec<u8> {
    field.iter().copied().take_while(|&byte| byte != 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pax_records_are_split_strictly() {
        let records = records(b"12 path=a/b\n11 mtime=1\n").unwrap();
        assert_eq!(records, [("path".to_owned(), &b"a/b"[..]), ("mtime".to_owned(), &b"1"[..])]);
        for bad in
            [&b"12 path=a/b"[..], b"99 path=a\n", b"x path=a\n", b"8 path\n", b"+9 path=\n", b"0 \n", b"\0\0"]
        {
            assert_eq!(super::records(bad), Err(MemberProblem::Pax), "{bad:?}");
        }
    }

    #[test]
    fn global_headers_may_only_comment() {
        assert_eq!(check_global(b"14 comment=abc\n"), Err(MemberProblem::Pax));
        assert_eq!(check_global(b"15 comment=abc\n"), Ok(()));
        assert_eq!(check_global(b"10 path=x\n"), Err(MemberProblem::PaxKey("path".to_owned())));
    }
}
