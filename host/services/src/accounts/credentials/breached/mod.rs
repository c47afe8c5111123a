//! The list of breached passwords that an operator provides: lines of upper- or lower-case hexadecimal SHA-1,
//! sorted, each perhaps followed by `:` and a count, as the public "Pwned Passwords" export has them. Nothing
//! is asked over a network.
//!
//! The whole export has tens of gigabytes, so it stays on the disk: a look-up is a binary search over the bytes of
//! the file, some thirty reads of a line each. For the same reason a file of more than 64 MiB is not read from
//! end to end at the start, but looked at in a thousand places; a look-up that meets a wrong line later says so
//! and lets no password pass. What is looked at, at the start, is in [`check`].

mod check;

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use sha1::{Digest, Sha1};

use crate::ServiceError;

/// Longest line with its end: 40 digits, `:`, a count, CR and LF.
const LINE: usize = 64;
/// Files up to so many bytes are read from end to end at the start: a fraction of a second.
const READ_WHOLE: u64 = 64 << 20;

/// SHA-1 of a password.
type Hash = [u8; 20];

/// The list, open.
pub(crate) struct Breached {
    file: File,
    path: PathBuf,
    length: u64,
}

/// A line of the list.
struct Line {
    /// Where it begins.
    start: u64,
    /// Where the next one does.
    next: u64,
    hash: Hash,
}

impl Breached {
    /// Opens the list; refused when it cannot be read, is empty, or has a line that is wrong or out of order.
    pub(crate) fn open(path: &Path) -> Result<Self, ServiceError> {
        Self::open_with(path, READ_WHOLE)
    }

    fn open_with(path: &Path, read_whole: u64) -> Result<Self, ServiceError> {
        let unreadable = |error: std::io::Error| {
            wrong(path, format!("không đọc được ({error})"), format!("cannot be read: {error}"))
        };
        let file = File::open(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let list = Self { file, path: path.to_path_buf(), length };
        if length == 0 {
            return Err(wrong(path, "không có dòng nào".into(), "is empty".into()));
        }
        if length <= read_whole {
            list.check_all()?
        } else {
            list.check_some()?
        }
        Ok(list)
    }

    /// Whether a password is in the list.
    pub(crate) fn holds(&self, password: &[u8]) -> Result<bool, ServiceError> {
        let wanted: Hash = Sha1::digest(password).into();
        // The line, if there is one, begins at `low` or after it and before `high`.
        let (mut low, mut high) = (0, self.length);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.line_from(middle)?.filter(|line| line.start < high) {
                None => high = middle,
                Some(line) if line.hash == wanted => return Ok(true),
                Some(line) if line.hash < wanted => low = line.next,
                Some(_) => high = middle,
            }
        }
        Ok(false)
    }

    /// The first line that begins at `from` or after it; none at the end of the file.
    fn line_from(&self, from: u64) -> Result<Option<Line>, ServiceError> {
        let mut bytes = [0; 2 * LINE];
        // From the byte before, so that a line that begins exactly at `from` is seen to begin there.
        let before = from.saturating_sub(1);
        let read = self.fill(before, &mut bytes)?;
        let mut rest = bytes.get(..read).unwrap_or_default();
        let mut start = before;
        if from > 0 {
            match rest.iter().position(|byte| *byte == b'\n') {
                Some(end) => {
                    rest = rest.get(end + 1..).unwrap_or_default();
                    start += end as u64 + 1;
                }
                None if before + read as u64 >= self.length => return Ok(None),
                None => return Err(self.wrong_at(before)),
            }
        }
        if rest.is_empty() {
            return Ok(None);
        }
        let end = rest.iter().position(|byte| *byte == b'\n');
        let line = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let hash = parse(line).ok_or_else(|| self.wrong_at(start))?;
        let next = start + line.len() as u64 + 1;
        Ok(Some(Line { start, next, hash }))
    }

    fn fill(&self, at: u64, bytes: &mut [u8]) -> Result<usize, ServiceError> {
        let mut read = 0;
        while let Some(rest) = bytes.get_mut(read..).filter(|rest| !rest.is_empty()) {
            match self.file.read_at(rest, at + read as u64) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let (vi, en) = (format!("không đọc được ({error})"), format!("cannot be read: {error}"));
                    return Err(wrong(&self.path, vi, en));
                }
            }
        }
        Ok(read)
    }

    fn unreadable(&self, error: &std::io::Error) -> ServiceError {
        wrong(&self.path, format!("không đọc được ({error})"), format!("cannot be read: {error}"))
    }

    fn wrong_line(&self, number: u64, vi: &str, en: &str) -> ServiceError {
        wrong(&self.path, format!("dòng {number} {vi}"), format!("line {number} {en}"))
    }

    fn wrong_at(&self, byte: u64) -> ServiceError {
        let vi = format!("dòng tại byte {byte} sai hoặc không theo thứ tự");
        wrong(&self.path, vi, format!("the line at byte {byte} is wrong or out of order"))
    }
}

fn wrong(path: &Path, vi: String, en: String) -> ServiceError {
    let path = path.display();
    ServiceError::invalid(
        format!(
            "Danh sách mật khẩu đã lộ {path}: {vi}. Cần các dòng SHA-1 dạng thập lục phân, đã sắp xếp; hãy tải lại tệp hoặc chạy `sort`."
        ),
        format!(
            "the list of breached passwords {path}: {en}; it takes sorted lines of hexadecimal SHA-1: fetch it again, or sort it (LC_ALL=C sort)"
        ),
    )
}

/// `5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8`, perhaps with `:9545824`, perhaps with CR.
fn parse(line: &[u8]) -> Option<Hash> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (digits, rest) = line.split_at_checked(40)?;
    let counted = match rest.split_first() {
        None => true,
        Some((colon, count)) => {
            *colon == b':' && (1..=20).contains(&count.len()) && count.iter().all(u8::is_ascii_digit)
        }
    };
    let decoded = data_encoding::HEXLOWER_PERMISSIVE.decode(digits).ok()?;
    decoded.try_into().ok().filter(|_| counted)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;
    use tempfile::NamedTempFile;

    use super::*;

    fn file(text: &str) -> NamedTempFile {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    fn line(password: &str) -> String {
        data_encoding::HEXUPPER.encode(&Sha1::digest(password.as_bytes()))
    }

    fn refusal(text: &str) -> String {
        match Breached::open(file(text).path()) {
            Err(ServiceError::Invalid(text)) => text.en,
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("taken: {text:?}"),
        }
    }

    proptest! {
        #[test]
        fn what_is_in_the_list_is_found_and_nothing_else(
            listed in proptest::collection::btree_set("[a-z]{1,12}", 1..80),
            others in proptest::collection::vec("[A-Z]{1,12}", 8),
            endings in proptest::collection::vec(0..4usize, 80),
            whole: bool,
            last_newline: bool,
        ) {
            let mut lines: Vec<_> = listed.iter().map(|password| line(password)).collect();
            lines.sort();
            let ends = ["\n", "\r\n", ":1\n", ":123456789\r\n"];
            let mut text = String::new();
            for (line, ending) in lines.iter().zip(&endings) {
                text.push_str(line);
                text.push_str(ends[*ending]);
            }
            if !last_newline {
                text.truncate(text.trim_end().len());
            }
            let file = file(&text);
            let list = Breached::open_with(file.path(), if whole { READ_WHOLE } else { 0 }).unwrap();
            for password in &listed {
                prop_assert!(list.holds(password.as_bytes()).unwrap(), "{password}");
            }
            for password in &others {
                prop_assert!(!list.holds(password.as_bytes()).unwrap(), "{password}");
            }
        }

        #[test]
        fn no_file_makes_it_fail_otherwise_than_by_saying_so(
            bytes in proptest::collection::vec(any::<u8>(), 0..400), whole: bool,
        ) {
            let mut file = NamedTempFile::new().unwrap();
            file.write_all(&bytes).unwrap();
            let opened = Breached::open_with(file.path(), if whole { READ_WHOLE } else { 0 });
            if let Ok(list) = opened {
                let _ = list.holds(b"matkhau");
            }
        }
    }

    #[test]
    fn a_wrong_list_is_refused_with_its_line() {
        let (a, b) = ("0".repeat(40), "1".repeat(40));
        assert!(refusal(&format!("{a}\n{b}\nmatkhau123\n")).contains("line 3 is no SHA-1"));
        assert!(refusal(&format!("{a}\n{b}\n{a}:4\n")).contains("line 3 is out of order"));
        assert!(refusal(&format!("{a}\n\n{b}\n")).contains("line 2"));
        assert!(refusal(&format!("{a}:\n")).contains("line 1"));
        assert!(refusal(&format!("{a}{b}{b}\n")).contains("line 1"));
        assert!(refusal("").contains("is empty"));
        let Err(ServiceError::Invalid(text)) = Breached::open(Path::new("/nowhere/pwned.txt")) else {
            panic!()
        };
        assert!(text.en.contains("/nowhere/pwned.txt") && text.vi.contains("không đọc được"), "{text:?}");
    }

    #[test]
    fn a_long_list_is_looked_at_in_many_places_and_a_wrong_line_met_later_lets_nothing_pass() {
        let mut lines: Vec<_> = (0..5_000).map(|number| line(&number.to_string())).collect();
        lines.sort();
        let good = lines.join("\n");
        lines.reverse();
        assert!(Breached::open_with(file(&lines.join("\n")).path(), 0).is_err());
        // Opened while it was right, and overwritten since.
        let file = file(&good);
        let list = Breached::open_with(file.path(), 0).unwrap();
        std::fs::write(file.path(), "x".repeat(good.len())).unwrap();
        assert!(list.holds(b"1").is_err());
    }
}
