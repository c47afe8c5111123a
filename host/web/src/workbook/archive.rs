//! A ZIP file that is written from front to back (PKWARE APPNOTE 6.3.10), as workbooks are packed.
//!
//! Not by the crate that reads such files here: where it cannot go back in what it writes, it announces each entry
//! without its size, and OpenDocument's first entry, which tells programs what the file is, is then not read by some of
//! them. Here only the sheet is, whose size nobody knows before it is over; the small parts have theirs.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::Refused;

/// Version needed to read: 2.0, for packed entries.
const VERSION: u16 = 20;
/// Packed by DEFLATE.
const DEFLATED: u16 = 8;
/// Sum and sizes stand behind the entry.
const BEHIND: u16 = 1 << 3;
/// 1980-01-01, the first day there is: when a file was made it says itself, where it does.
const DAY: u16 = 1 << 5 | 1;

/// A ZIP file in the making.
pub struct Archive {
    out: Vec<u8>,
    /// Bytes that were taken.
    gone: u64,
    most: u64,
    entries: Vec<Entry>,
    open: Option<Open>,
}

/// An entry, as the directory at the end lists it.
#[derive(Clone, Copy)]
struct Entry {
    name: &'static str,
    at: u64,
    method: u16,
    flags: u16,
    sum: u32,
    packed: u64,
    size: u64,
}

/// The entry that is being written.
struct Open {
    name: &'static str,
    at: u64,
    from: u64,
    crc: Crc,
    size: u64,
    deflate: DeflateEncoder<Vec<u8>>,
}

impl Archive {
    /// An empty file, of at most so many bytes, never more than 4 GiB less one.
    pub fn new(most: u64) -> Self {
        let most = most.min(u64::from(u32::MAX));
        Self { out: Vec::new(), gone: 0, most, entries: Vec::new(), open: None }
    }

    /// The bytes that are ready.
    pub fn take(&mut self) -> Vec<u8> {
        self.gone += self.out.len() as u64;
        std::mem::take(&mut self.out)
    }

    fn at(&self) -> u64 {
        self.gone + self.out.len() as u64
    }

    fn bounded(&self, number: u64) -> Result<u32, Refused> {
        let small = u32::try_from(number).ok().filter(|_| number <= self.most);
        small.ok_or(Refused::Bytes(self.most))
    }

    /// A whole entry.
    pub fn put(&mut self, name: &'static str, content: &[u8], packed: bool) -> Result<(), Refused> {
        let mut crc = Crc::new();
        crc.update(content);
        let size = content.len() as u64;
        let (method, data) = if packed {
            let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
            let deflated = deflate.write_all(content).and_then(|()| deflate.finish());
            (DEFLATED, deflated.map_err(|_| Refused::Bytes(self.most))?)
        } else {
            (0, content.to_vec())
        };
        let entry =
            Entry { name, at: self.at(), method, flags: 0, sum: crc.sum(), packed: data.len() as u64, size };
        self.head(&entry)?;
        self.out.extend(data);
        self.entries.push(entry);
        Ok(())
    }

    /// Begins the entry that is written piece by piece.
    pub fn begin(&mut self, name: &'static str) {
        let at = self.at();
        let entry = Entry { name, at, method: DEFLATED, flags: BEHIND, sum: 0, packed: 0, size: 0 };
        // Nothing in it is large.
        let _ = self.head(&entry);
        let deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        self.open = Some(Open { name, at, from: self.at(), crc: Crc::new(), size: 0, deflate });
    }

    /// Goes on with it.
    pub fn write(&mut self, content: &[u8]) -> Result<(), Refused> {
        let most = self.most;
        let Some(open) = &mut self.open else { return Ok(()) };
        open.crc.update(content);
        open.size += content.len() as u64;
        open.deflate.write_all(content).map_err(|_| Refused::Bytes(most))?;
        self.out.append(open.deflate.get_mut());
        self.bounded(self.at()).map(drop)
    }

    /// Ends it.
    pub fn end(&mut self) -> Result<(), Refused> {
        let Some(Open { name, at, from, crc, size, deflate }) = self.open.take() else { return Ok(()) };
        self.out.extend(deflate.finish().map_err(|_| Refused::Bytes(self.most))?);
        let packed = self.at() - from;
        let sum = crc.sum();
        let (small, whole) = (self.bounded(packed)?, self.bounded(size)?);
        self.out.extend(*b"PK\x07\x08");
        for number in [sum, small, whole] {
            self.out.extend(number.to_le_bytes());
        }
        self.entries.push(Entry { name, at, method: DEFLATED, flags: BEHIND, sum, packed, size });
        Ok(())
    }

    /// The directory of what is in the file, which ends it.
    pub fn finish(&mut self) -> Result<(), Refused> {
        let from = self.at();
        for entry in std::mem::take(&mut self.entries) {
            self.out.extend(*b"PK\x01\x02");
            self.out.extend(VERSION.to_le_bytes());
            self.described(&entry)?;
            // No comment, first disk, no attributes.
            self.out.extend([0; 10]);
            self.out.extend(self.bounded(entry.at)?.to_le_bytes());
            self.out.extend(entry.name.as_bytes());
            self.entries.push(entry);
        }
        let (size, from) = (self.bounded(self.at() - from)?, self.bounded(from)?);
        let count = u16::try_from(self.entries.len()).unwrap_or(u16::MAX).to_le_bytes();
        self.out.extend(*b"PK\x05\x06\0\0\0\0");
        self.out.extend([count, count].concat());
        self.out.extend(size.to_le_bytes());
        self.out.extend(from.to_le_bytes());
        self.out.extend([0; 2]);
        Ok(())
    }

    fn head(&mut self, entry: &Entry) -> Result<(), Refused> {
        self.out.extend(*b"PK\x03\x04");
        self.described(entry)?;
        self.out.extend(entry.name.as_bytes());
        Ok(())
    }

    /// What the head of an entry and the directory say alike.
    fn described(&mut self, entry: &Entry) -> Result<(), Refused> {
        let sizes = [entry.sum, self.bounded(entry.packed)?, self.bounded(entry.size)?];
        let name = u16::try_from(entry.name.len()).unwrap_or(u16::MAX);
        for number in [VERSION, entry.flags, entry.method, 0, DAY] {
            self.out.extend(number.to_le_bytes());
        }
        for number in sizes {
            self.out.extend(number.to_le_bytes());
        }
        // No extra field.
        self.out.extend([name, 0].map(u16::to_le_bytes).concat());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    #[test]
    fn an_archive_that_left_in_pieces_is_read_back_by_others() {
        let mut archive = Archive::new(u64::MAX);
        archive.put("mimetype", b"application/x", false).unwrap();
        archive.put("a/b.xml", "Điều".repeat(99).as_bytes(), true).unwrap();
        let mut file = archive.take();
        assert_eq!(file.get(30..51).unwrap(), b"mimetypeapplication/x", "programs look here");
        archive.begin("sheet.xml");
        for piece in 0..1_000 {
            archive.write(format!("dòng {piece}\n").as_bytes()).unwrap();
            file.extend(archive.take());
        }
        archive.end().unwrap();
        archive.finish().unwrap();
        file.extend(archive.take());
        let mut read = zip::ZipArchive::new(Cursor::new(file)).unwrap();
        let mut text = |name: &str| {
            let mut text = String::new();
            read.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        assert_eq!(text("mimetype"), "application/x");
        assert_eq!(text("a/b.xml"), "Điều".repeat(99));
        assert_eq!(text("sheet.xml").lines().nth(999), Some("dòng 999"));
        assert_eq!(read.len(), 3);
    }

    #[test]
    fn an_archive_does_not_outgrow_its_bound() {
        let mut archive = Archive::new(100);
        archive.begin("sheet.xml");
        let noise: Vec<u8> = (0..60_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(archive.write(&noise).and_then(|()| archive.end()), Err(Refused::Bytes(100)));
    }
}
