//! Bytes of a file → text.

use super::SheetError;

/// The text of a CSV file: UTF-8 with or without a byte-order mark, or UTF-16 in either order. Line ends
/// become line feeds.
pub(super) fn decode(bytes: &[u8]) -> Result<String, SheetError> {
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest)?,
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => match unmarked_utf16(bytes) {
            Some(order) => utf16(bytes, order)?,
            None => utf8(bytes)?,
        },
    };
    // A text file has no characters of control but tabs and line ends.
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        return Err(SheetError::Binary);
    }
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text })
}

fn utf8(bytes: &[u8]) -> Result<String, SheetError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            // A null byte never occurs in text of any single-byte encoding, so the file is no text at all.
            if bytes.contains(&0) {
                return Err(SheetError::Binary);
            }
            let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
            Err(SheetError::Encoding { line: u32::try_from(line).unwrap_or(u32::MAX) })
        }
    }
}

fn utf16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> Result<String, SheetError> {
    let (units, rest) = bytes.as_chunks::<2>();
    let text: Result<String, _> = char::decode_utf16(units.iter().map(|unit| order(*unit))).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err(SheetError::Binary),
    }
}

/// The byte order of UTF-16 without a mark: in Vietnamese and English text most characters are below
/// 256, so one half of nearly every unit is zero.
fn unmarked_utf16(bytes: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    let (units, rest) = bytes.get(..bytes.len().min(4096))?.as_chunks::<2>();
    if units.len() < 2 || !rest.is_empty() {
        return None;
    }
    let high_last = units.iter().filter(|[low, high]| *low != 0 && *high == 0).count();
    let high_first = units.iter().filter(|[high, low]| *high == 0 && *low != 0).count();
    if high_last * 2 > units.len() {
        Some(u16::from_le_bytes)
    } else if high_first * 2 > units.len() {
        Some(u16::from_be_bytes)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Tỉnh;Điểm\nQuảng Ninh;73,02\n";

    fn wide(order: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
        let marked = if mark { format!("\u{feff}{TEXT}") } else { TEXT.into() };
        marked.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn every_unicode_form_that_excel_writes_is_read() {
        for bytes in [
            TEXT.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", TEXT.as_bytes()].concat(),
            wide(u16::to_le_bytes, true),
            wide(u16::to_be_bytes, true),
            wide(u16::to_le_bytes, false),
            wide(u16::to_be_bytes, false),
            TEXT.replace('\n', "\r\n").into_bytes(),
            TEXT.replace('\n', "\r").into_bytes(),
        ] {
            assert_eq!(decode(&bytes).unwrap(), TEXT, "{bytes:?}");
        }
    }

    #[test]
    fn other_encodings_are_refused_with_the_line() {
        assert_eq!(decode(b"Tinh;Diem\nQu\xe4ng Ninh;73"), Err(SheetError::Encoding { line: 2 }));
        assert_eq!(decode(b"\x7fELF\x02\x01\x01\0\0\xff"), Err(SheetError::Binary));
        assert_eq!(decode(b"\xff\xfea"), Err(SheetError::Binary));
        assert_eq!(decode(b"a\x01b"), Err(SheetError::Binary));
    }
}
