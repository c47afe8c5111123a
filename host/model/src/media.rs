//! Types of files that may be attached: a closed list, each with its media type and the extensions it is known by.
//!
//! What can be run, or what a browser would run (HTML, SVG), is no type of this list, and neither are archives, into
//! which nobody looks.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ParseError;

/// The type of an attached file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MediaType {
    /// Portable Document Format.
    Pdf,
    /// JPEG image.
    Jpeg,
    /// PNG image.
    Png,
    /// TIFF image: what scanners make.
    Tiff,
    /// Text of Microsoft Word, before 2007.
    Doc,
    /// Text of Microsoft Word.
    Docx,
    /// Workbook of Microsoft Excel, before 2007.
    Xls,
    /// Workbook of Microsoft Excel.
    Xlsx,
    /// Slides of Microsoft PowerPoint, before 2007.
    Ppt,
    /// Slides of Microsoft PowerPoint.
    Pptx,
    /// Text of OpenDocument (TCVN ISO/IEC 26300).
    Odt,
    /// Workbook of OpenDocument.
    Ods,
    /// Slides of OpenDocument.
    Odp,
    /// Plain text in UTF-8.
    Text,
    /// A table of comma-separated values in UTF-8.
    Csv,
}

impl MediaType {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Pdf,
        Self::Jpeg,
        Self::Png,
        Self::Tiff,
        Self::Doc,
        Self::Docx,
        Self::Xls,
        Self::Xlsx,
        Self::Ppt,
        Self::Pptx,
        Self::Odt,
        Self::Ods,
        Self::Odp,
        Self::Text,
        Self::Csv,
    ];

    /// The word as it is registered with IANA.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Tiff => "image/tiff",
            Self::Doc => "application/msword",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xls => "application/vnd.ms-excel",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Text => "text/plain",
            Self::Csv => "text/csv",
        }
    }

    /// The extensions that its files are known by, without the dot, the usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Tiff => &["tif", "tiff"],
            Self::Doc => &["doc"],
            Self::Docx => &["docx"],
            Self::Xls => &["xls"],
            Self::Xlsx => &["xlsx"],
            Self::Ppt => &["ppt"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Odp => &["odp"],
            Self::Text => &["txt"],
            Self::Csv => &["csv"],
        }
    }

    /// The type of files of that extension, written in any case; none when they are not taken.
    pub fn of_extension(extension: &str) -> Option<Self> {
        let lower = extension.to_ascii_lowercase();
        Self::ALL.into_iter().find(|media| media.extensions().contains(&lower.as_str()))
    }

    /// The usual extensions of some types, for messages: `.pdf, .jpg`.
    pub fn list(media: &[Self]) -> String {
        let usual = |media: &Self| media.extensions().first().map(|extension| format!(".{extension}"));
        media.iter().filter_map(usual).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MediaType {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let found = Self::ALL.into_iter().find(|media| media.as_str() == text);
        found.ok_or_else(|| ParseError::new("a media type of files that may be attached", text))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_type_is_found_by_its_word_and_by_each_of_its_extensions_and_no_two_share_one() {
        let mut extensions = BTreeSet::new();
        for media in MediaType::ALL {
            assert_eq!(media.as_str().parse(), Ok(media));
            for extension in media.extensions() {
                assert_eq!(MediaType::of_extension(&extension.to_uppercase()), Some(media));
                assert!(extensions.insert(extension));
            }
        }
    }

    #[test]
    fn what_can_be_run_is_no_type() {
        for extension in ["exe", "html", "htm", "svg", "xhtml", "js", "docm", "xlsm", "zip", "bat", "lnk", ""]
        {
            assert_eq!(MediaType::of_extension(extension), None, "{extension}");
        }
        assert!("text/html".parse::<MediaType>().is_err());
    }
}
