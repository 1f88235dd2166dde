//! A zip writer whose every record can be tampered with.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write as _;

/// A change to an encoded record.
pub(crate) type Tweak = Box<dyn Fn(&mut Vec<u8>)>;

/// One entry. The tweaks change the encoded records.
pub(crate) struct Item {
    pub(crate) name: Vec<u8>,
    pub(crate) data: Vec<u8>,
    pub(crate) deflate: bool,
    /// The packed bytes, when they are not what the data gives.
    pub(crate) packed: Option<Vec<u8>>,
    pub(crate) crc: Option<u32>,
    pub(crate) local: Tweak,
    pub(crate) central: Tweak,
    /// Bytes between the data and the next record, such as a data descriptor.
    pub(crate) after: Vec<u8>,
}

/// An archive.
pub(crate) struct Zip {
    pub(crate) items: Vec<Item>,
    pub(crate) before: Vec<u8>,
    pub(crate) before_directory: Vec<u8>,
    pub(crate) after: Vec<u8>,
    pub(crate) comment: Vec<u8>,
    pub(crate) zip64: bool,
    /// Changes the bytes from the end of the directory on.
    pub(crate) end: Tweak,
}

impl Item {
    pub(crate) fn new(name: impl Into<Vec<u8>>, data: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            data: data.into(),
            deflate: true,
            packed: None,
            crc: None,
            local: Box::new(|_| {}),
            central: Box::new(|_| {}),
            after: Vec::new(),
        }
    }

    pub(crate) fn stored(name: impl Into<Vec<u8>>, data: impl Into<Vec<u8>>) -> Self {
        Self { deflate: false, ..Self::new(name, data) }
    }

    fn packed(&self) -> Vec<u8> {
        match &self.packed {
            Some(packed) => packed.clone(),
            None if self.deflate => {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(&self.data).unwrap();
                encoder.finish().unwrap()
            }
            None => self.data.clone(),
        }
    }

    pub(crate) fn crc(&self) -> u32 {
        self.crc.unwrap_or_else(|| {
            let mut crc = flate2::Crc::new();
            crc.update(&self.data);
            crc.sum()
        })
    }

    /// The fields that local and central records share: version to CRC and sizes.
    fn shared(&self, packed: usize) -> Vec<u8> {
        let flags: u16 = if self.name.is_ascii() { 0 } else { 1 << 11 };
        let method: u16 = if self.deflate { 8 } else { 0 };
        let mut bytes = Vec::new();
        for field in [20, flags, method, 0, 0x5a21] {
            bytes.extend(field.to_le_bytes());
        }
        for field in [self.crc(), u32(packed), u32(self.data.len())] {
            bytes.extend(field.to_le_bytes());
        }
        bytes.extend(u16(self.name.len()).to_le_bytes());
        bytes
    }
}

impl Zip {
    pub(crate) fn new(items: Vec<Item>) -> Self {
        Self {
            items,
            before: Vec::new(),
            before_directory: Vec::new(),
            after: Vec::new(),
            comment: Vec::new(),
            zip64: false,
            end: Box::new(|_| {}),
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.before.clone();
        let mut directory = Vec::new();
        for item in &self.items {
            let offset = u32(bytes.len());
            let packed = item.packed();
            let shared = item.shared(packed.len());
            let mut local = b"PK\x03\x04".to_vec();
            local.extend(&shared);
            local.extend([0, 0]);
            local.extend(&item.name);
            (item.local)(&mut local);
            bytes.extend(local);
            bytes.extend(&packed);
            bytes.extend(&item.after);
            let mut central = b"PK\x01\x02\x14\x03".to_vec();
            central.extend(&shared);
            central.extend([0; 8]);
            central.extend((0o100_644_u32 << 16).to_le_bytes());
            central.extend(offset.to_le_bytes());
            central.extend(&item.name);
            (item.central)(&mut central);
            directory.extend(central);
        }
        bytes.extend(&self.before_directory);
        let start = bytes.len();
        bytes.extend(&directory);
        let mut end = self.end_records(start, directory.len());
        (self.end)(&mut end);
        bytes.extend(end);
        bytes.extend(&self.after);
        bytes
    }

    fn end_records(&self, start: usize, size: usize) -> Vec<u8> {
        let mut end = Vec::new();
        let count = self.items.len();
        if self.zip64 {
            end.extend(b"PK\x06\x06");
            end.extend(44_u64.to_le_bytes());
            end.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            for field in [count, count, size, start] {
                end.extend((field as u64).to_le_bytes());
            }
            end.extend(b"PK\x06\x07\0\0\0\0");
            end.extend(((start + size) as u64).to_le_bytes());
            end.extend(1_u32.to_le_bytes());
        }
        end.extend(b"PK\x05\x06\0\0\0\0");
        let (count, size, start) =
            if self.zip64 { (u16::MAX, u32::MAX, u32::MAX) } else { (u16(count), u32(size), u32(start)) };
        end.extend(count.to_le_bytes());
        end.extend(count.to_le_bytes());
        end.extend(size.to_le_bytes());
        end.extend(start.to_le_bytes());
        end.extend(u16(self.comment.len()).to_le_bytes());
        end.extend(&self.comment);
        end
    }
}

fn u16(value: usize) -> u16 {
    u16::try_from(value).unwrap()
}

fn u32(value: usize) -> u32 {
    u32::try_from(value).unwrap()
}
