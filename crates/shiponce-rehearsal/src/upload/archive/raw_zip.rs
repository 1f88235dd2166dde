//! Zip archives that readers disagree about are refused; this reads the records one after the other, as a
//! streaming reader would, and compares them with the central directory.

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
/// In the general purpose flags: sizes follow the data instead of preceding it.
const DATA_DESCRIPTOR: u16 = 1 << 3;

struct Entry<'d> {
    name: &'d [u8],
    offset: usize,
    size: u32,
    unpacked: u32,
}

/// The reason why the archive is not accepted.
pub(super) fn check(data: &[u8]) -> Result<(), &'static str> {
    let mut at = 0;
    let mut locals: Vec<Entry<'_>> = Vec::new();
    while data[at..].starts_with(LOCAL) {
        let (entry, next) = local(data, at)?;
        if locals.iter().any(|known| known.name == entry.name) {
            return Err("Duplicate filename in local headers");
        }
        locals.push(entry);
        at = next;
    }
    let directory = at;
    let mut centrals: Vec<Entry<'_>> = Vec::new();
    while data[at..].starts_with(CENTRAL) {
        let (entry, next) = central(data, at)?;
        if centrals.iter().any(|known| known.name == entry.name) {
            return Err("Duplicate filename in central directory");
        }
        centrals.push(entry);
        at = next;
    }
    if !data[at..].starts_with(END) {
        return Err("Unknown record signature");
    }
    compare(&locals, &centrals)?;
    end(data, at, directory, centrals.len())
}

fn local(data: &[u8], at: usize) -> Result<(Entry<'_>, usize), &'static str> {
    let flags = short(data, at + 6)?;
    if flags & DATA_DESCRIPTOR != 0 {
        return Err("ZIP contains a data descriptor");
    }
    let size = long(data, at + 18)?;
    let unpacked = long(data, at + 22)?;
    let name_length = usize::from(short(data, at + 26)?);
    let extra = usize::from(short(data, at + 28)?);
    let name = slice(data, at + 30, name_length)?;
    if name.is_empty() {
        return Err("Missing filename in local headers");
    }
    if std::str::from_utf8(name).is_err() {
        return Err("Filename not valid UTF-8");
    }
    if name.iter().any(|b| *b < 0x20) {
        return Err("Invalid character in filename");
    }
    let body = at + 30 + name_length + extra;
    slice(data, body, size as usize)?;
    Ok((Entry { name, offset: at, size, unpacked }, body + size as usize))
}

fn central(data: &[u8], at: usize) -> Result<(Entry<'_>, usize), &'static str> {
    let size = long(data, at + 20)?;
    let unpacked = long(data, at + 24)?;
    let name_length = usize::from(short(data, at + 28)?);
    let extra = usize::from(short(data, at + 30)?);
    let comment = usize::from(short(data, at + 32)?);
    if comment != 0 {
        return Err("Comment in central directory");
    }
    let offset = long(data, at + 42)? as usize;
    let name = slice(data, at + 46, name_length)?;
    Ok((Entry { name, offset, size, unpacked }, at + 46 + name_length + extra))
}

fn compare(locals: &[Entry<'_>], centrals: &[Entry<'_>]) -> Result<(), &'static str> {
    for entry in locals {
        let Some(listed) = centrals.iter().find(|c| c.name == entry.name) else {
            return Err("Filename not in central directory");
        };
        if listed.offset != entry.offset {
            return Err("Mis-matched local headers and central directory");
        }
        if listed.size != entry.size {
            return Err("Mis-matched data size");
        }
        if listed.unpacked != entry.unpacked {
            return Err("Mis-matched file size");
        }
    }
    if locals.len() != centrals.len() {
        return Err("Mis-matched local headers and central directory");
    }
    Ok(())
}

fn end(data: &[u8], at: usize, directory: usize, count: usize) -> Result<(), &'static str> {
    if usize::from(short(data, at + 10)?) != count {
        return Err("Mismatched central directory records");
    }
    if long(data, at + 12)? as usize != at - directory {
        return Err("Mismatched central directory size");
    }
    if long(data, at + 16)? as usize != directory {
        return Err("Mismatched central directory offset");
    }
    // A comment of the archive itself is accepted.
    let comment = usize::from(short(data, at + 20)?);
    if data.len() != at + 22 + comment {
        return Err("Trailing data");
    }
    Ok(())
}

const CUT: &str = "Malformed zip file";

fn slice(data: &[u8], at: usize, length: usize) -> Result<&[u8], &'static str> {
    at.checked_add(length).and_then(|end| data.get(at..end)).ok_or(CUT)
}

fn short(data: &[u8], at: usize) -> Result<u16, &'static str> {
    let bytes = slice(data, at, 2)?;
    Ok(u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn long(data: &[u8], at: usize) -> Result<u32, &'static str> {
    let bytes = slice(data, at, 4)?;
    Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}
