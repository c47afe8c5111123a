//! Which type a file is of: what its content says, and its name has to say the same.

use dinh_model::{Localized, MediaType};
use infer::MatcherType;

use super::name;
use crate::ServiceError;

/// Follows the content of a file from its first piece to its last.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) media: MediaType,
    /// What is left of a character that the next piece goes on with, in a text.
    cut: Vec<u8>,
}

impl Kind {
    /// Of a file of that name which begins with `first`: its first piece, or all of it.
    ///
    /// # Errors
    /// When files of that type are not taken, or the content is of another type than the name says.
    pub(super) fn of(file: &str, first: &[u8]) -> Result<Self, ServiceError> {
        let extension = name::extension(file);
        let found = infer::get(first);
        let runs =
            found.is_some_and(|found| found.matcher_type() == MatcherType::App) || is_markup_or_script(first);
        if runs {
            return Err(ServiceError::invalid(
                format!(
                    "Tệp “{file}” là chương trình, trang web hoặc tập lệnh nên không được đính kèm. Hãy xuất nội dung ra PDF rồi đính kèm."
                ),
                format!(
                    "The file “{file}” is a program, a web page or a script, and is not taken. Attach it as PDF."
                ),
            ));
        }
        let media = MediaType::of_extension(extension).ok_or_else(|| {
            let taken = MediaType::list(&MediaType::ALL);
            ServiceError::invalid(
                format!(
                    "Không nhận tệp “{file}”: chỉ đính kèm được {taken}. Hãy đổi sang một trong các loại này."
                ),
                format!("The file “{file}” is not taken: only {taken} are. Bring it as one of these."),
            )
        })?;
        let agrees = match media {
            MediaType::Doc | MediaType::Xls | MediaType::Ppt => is_compound(first),
            MediaType::Docx => is_office(first, b"word/"),
            MediaType::Xlsx => is_office(first, b"xl/"),
            MediaType::Pptx => is_office(first, b"ppt/"),
            // A table of forms may begin with `BM`, as a bitmap does: that it is text throughout is looked at as it comes.
            MediaType::Text | MediaType::Csv => {
                use MatcherType::{Audio, Font, Image, Video};
                found.is_none_or(|found| matches!(found.matcher_type(), Audio | Font | Image | Video))
            }
            _ => found.is_some_and(|found| found.mime_type() == media.as_str()),
        };
        if !agrees {
            return Err(other_type(file, extension));
        }
        Ok(Self { media, cut: Vec::new() })
    }

    /// Looks at the next piece, the first included; of texts, whether they are texts.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn follow(&mut self, file: &str, piece: &[u8], last: bool) -> Result<(), ServiceError> {
        if !matches!(self.media, MediaType::Text | MediaType::Csv) {
            return Ok(());
        }
        let mut bytes = std::mem::take(&mut self.cut);
        bytes.extend_from_slice(piece);
        let whole = match std::str::from_utf8(&bytes) {
            Ok(_) => bytes.len(),
            Err(error) if error.error_len().is_none() && !last => error.valid_up_to(),
            Err(_) => return Err(no_text(file)),
        };
        self.cut = bytes.split_off(whole);
        let wild = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
        if bytes.iter().any(wild) { Err(no_text(file)) } else { Ok(()) }
    }
}

/// What a browser or a shell would run, or begins as markup: no text that is attached begins so.
fn is_markup_or_script(first: &[u8]) -> bool {
    let bare = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    bare.trim_ascii_start().starts_with(b"<") || bare.starts_with(b"#!")
}

/// A compound file, as programs of before 2007 write; which of them wrote it shows only in the whole file.
fn is_compound(first: &[u8]) -> bool {
    first.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}

/// A package of Office Open XML (ECMA-376) with parts in a folder: programs put them in any order.
fn is_office(first: &[u8], folder: &[u8]) -> bool {
    const PART: &[u8] = b"PK\x03\x04";
    // The name of a part comes after the thirty bytes of its local header.
    let named = |at: usize| first.get(at + 30..).is_some_and(|name| name.starts_with(folder));
    first.starts_with(PART)
        && first.windows(PART.len()).enumerate().any(|(at, window)| window == PART && named(at))
}

fn other_type(file: &str, extension: &str) -> ServiceError {
    ServiceError::Invalid(Localized {
        vi: format!(
            "Nội dung tệp “{file}” không phải loại .{extension} như tên tệp. Hãy mở tệp, lưu lại đúng loại rồi đính kèm."
        ),
        en: format!(
            "What is in “{file}” is not what .{extension} says. Open it, save it as what it is, and attach that."
        ),
    })
}

fn no_text(file: &str) -> ServiceError {
    ServiceError::invalid(
        format!("Tệp “{file}” không phải văn bản UTF-8. Hãy lưu lại với mã UTF-8 hoặc xuất ra PDF."),
        format!("The file “{file}” is not text in UTF-8. Save it as UTF-8, or attach it as PDF."),
    )
}

#[cfg(test)]
mod tests {
    use dinh_model::Language;

    use super::*;

    /// A package that begins with these parts.
    fn package(parts: &[&str]) -> Vec<u8> {
        let part = |name: &&str| {
            let mut header = vec![0; 30];
            header[..4].copy_from_slice(b"PK\x03\x04");
            [header, name.as_bytes().to_vec(), b"deflated".to_vec()].concat()
        };
        parts.iter().flat_map(part).collect()
    }

    fn media(file: &str, content: &[u8]) -> Result<MediaType, String> {
        let kind = Kind::of(file, content).and_then(|mut kind| {
            kind.follow(file, content, true)?;
            Ok(kind.media)
        });
        kind.map_err(|error| error.text(Language::En))
    }

    #[test]
    fn the_content_says_what_a_file_is_and_the_name_has_to_agree() {
        let docx =
            package(&["[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "x", "word/document.xml"]);
        assert_eq!(media("a.pdf", b"%PDF-1.7 ..."), Ok(MediaType::Pdf));
        assert_eq!(media("A.JPEG", b"\xff\xd8\xff\xe0 ..."), Ok(MediaType::Jpeg));
        assert_eq!(media("a.docx", &docx), Ok(MediaType::Docx));
        assert_eq!(media("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ..."), Ok(MediaType::Xls));
        assert_eq!(media("a.csv", "mã;tên\n1;Hà Nội".as_bytes()), Ok(MediaType::Csv));
        assert_eq!(media("a.csv", "BM01;Phiếu đề nghị".as_bytes()), Ok(MediaType::Csv));
        assert!(media("a.txt", b"BM\x00\x01").unwrap_err().contains("UTF-8"));
        for (file, content) in [
            ("a.pdf", docx.as_slice()),
            ("a.xlsx", &docx),
            ("a.docx", b"%PDF-1.7 ..."),
            ("a.txt", b"%PDF-1.7 ..."),
            ("a.png", b"\xff\xd8\xff\xe0 ..."),
            ("a.pdf", "một văn bản".as_bytes()),
        ] {
            assert!(media(file, content).unwrap_err().contains("is not what"), "{file}");
        }
    }

    #[test]
    fn what_runs_is_refused_whatever_it_is_called() {
        let linux = [b"\x7fELF\x02\x01\x01".to_vec(), vec![0; 64]].concat();
        let refused: [&[u8]; 6] = [
            b"MZ\x90\x00 a program of windows",
            &linux,
            b"  <!doctype html><script>alert(1)</script>",
            b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"#!/bin/sh\nrm -rf /",
            b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>",
        ];
        for content in refused {
            for file in ["a.pdf", "a.txt", "a.html", "a.exe"] {
                assert!(media(file, content).unwrap_err().contains("a program, a web page"), "{file}");
            }
        }
        assert!(media("a.zip", &package(&["x"])).unwrap_err().contains("only .pdf, .jpg"));
    }

    #[test]
    fn a_text_is_followed_across_pieces_and_is_utf_8_throughout() {
        let text = "Thường trực Tỉnh uỷ".as_bytes();
        for at in 0..text.len() {
            let (one, two) = text.split_at(at);
            let mut kind = Kind::of("a.txt", text).unwrap();
            kind.follow("a.txt", one, false).unwrap();
            kind.follow("a.txt", two, true).unwrap();
        }
        let mut kind = Kind::of("a.txt", text).unwrap();
        assert!(kind.follow("a.txt", b"\xe1\xbb", true).is_err(), "cut off in a character");
        assert!(media("a.txt", b"a\x00b").unwrap_err().contains("UTF-8"));
        assert!(media("a.txt", b"Vi\xf0t").unwrap_err().contains("UTF-8"));
    }
}
