//! A table as a file, in whichever format is asked for: CSV in its two ways of writing, XLSX, ODS.
//!
//! Rows go in, bytes come out as soon as there are any; nothing is held back for the end.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use dinh_runtime::bindings::views::{Format, RowKind};

use crate::csv::{Writing, guarded};
use crate::datum::Datum;
use crate::directory::Directory;
use crate::format::Formats;
use crate::messages::Texts;
use crate::problem::{Kind, Problem};
use crate::respond::Sandboxed;
use crate::workbook::{self, Bounds, Layout, Refused, Workbook};

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// Lines of text.
    Csv(Writing),
    /// A workbook of one sheet.
    Workbook(workbook::Kind),
}

impl FileFormat {
    /// The one that a query names; the one for programs when it names none.
    pub fn named(format: Option<&str>) -> Result<Self, Kind> {
        match format {
            Some("xlsx") => Ok(Self::Workbook(workbook::Kind::Xlsx)),
            Some("ods") => Ok(Self::Workbook(workbook::Kind::Ods)),
            other => Writing::named(other).map(Self::Csv),
        }
    }

    /// Whether people read it. In the other, every column is of one type for programs.
    pub fn is_for_people(self) -> bool {
        self != Self::Csv(Writing::Csv)
    }

    /// What names of such files end with.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Workbook(workbook::Kind::Xlsx) => "xlsx",
            Self::Workbook(workbook::Kind::Ods) => "ods",
        }
    }

    /// The media type.
    pub fn media(self) -> &'static str {
        match self {
            Self::Csv(_) => "text/csv; charset=utf-8",
            Self::Workbook(workbook::Kind::Xlsx) => {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
            Self::Workbook(workbook::Kind::Ods) => workbook::ODS_MEDIA,
        }
    }

    /// A file of this format, to be saved under a name.
    pub fn file(self, name: &str, body: Body) -> Response {
        saved(&format!("{name}.{}", self.extension()), self.media(), body)
    }
}

/// A file to be saved under a name.
pub fn saved(name: &str, media: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    response.extensions_mut().insert(Sandboxed);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CONTENT_DISPOSITION, attachment(name));
    response
}

/// Saved under a name; names here are plain.
fn attachment(name: &str) -> HeaderValue {
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\""))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// How a row stands in its table.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    /// What it is, where it is not an ordinary one.
    pub kind: Option<RowKind>,
    /// The column that names it, and how far its name is indented.
    pub named: (usize, u8),
}

/// A file on its way out.
pub enum TableFile {
    /// CSV, and what is ready of it.
    Csv(Writing, String),
    /// A workbook.
    Workbook(Box<Workbook>),
}

impl TableFile {
    /// Begins a file: everything up to the first row. `total` is how many rows will come, where that is known.
    pub fn begin(
        format: FileFormat,
        layout: &Layout<'_>,
        total: Option<u64>,
        bounds: Bounds,
    ) -> Result<Self, Refused> {
        match format {
            FileFormat::Csv(writing) => {
                let heads: Vec<_> =
                    layout.columns.iter().map(|column| guarded(&column.heads.join(" – "))).collect();
                let text = writing.begin() + &writing.line(heads.iter().map(String::as_str));
                Ok(Self::Csv(writing, text))
            }
            FileFormat::Workbook(kind) => {
                Ok(Self::Workbook(Box::new(Workbook::begin(kind, layout, total, bounds)?)))
            }
        }
    }

    /// A row: one value for each column.
    pub fn row<'a>(
        &mut self,
        directory: &dyn Directory,
        formats: Formats,
        values: impl Iterator<Item = (Datum<'a>, &'a Format)>,
        standing: Standing,
    ) -> Result<(), Refused> {
        match self {
            Self::Csv(writing, text) => {
                let cells: Vec<_> =
                    values.map(|(datum, format)| writing.cell(directory, &datum, format)).collect();
                text.push_str(&writing.line(cells.iter().map(String::as_str)));
                Ok(())
            }
            Self::Workbook(workbook) => {
                let cells = values.map(|(datum, format)| workbook::cell(directory, formats, &datum, format));
                workbook.row(cells.collect(), standing.kind, standing.named)
            }
        }
    }

    /// Ends the file. The lines stand below the table of a workbook; lines of text are rows and nothing else.
    pub fn end(&mut self, below: &[String]) -> Result<(), Refused> {
        match self {
            Self::Csv(..) => Ok(()),
            Self::Workbook(workbook) => workbook.end(below),
        }
    }

    /// The bytes that are ready to leave.
    pub fn take(&mut self) -> Vec<u8> {
        match self {
            Self::Csv(_, text) => std::mem::take(text).into_bytes(),
            Self::Workbook(workbook) => workbook.take(),
        }
    }
}

/// What a person is told of a workbook that no program could read whole.
pub fn refused(refused: Refused, texts: Texts) -> Problem {
    let formats = Formats::of(texts.language());
    let shown = |number: u64| formats.integer(i64::try_from(number).unwrap_or(i64::MAX));
    let text = match refused {
        Refused::Rows(most) => texts.with("export-rows", &[("most", &shown(most))]),
        Refused::Columns(most) => texts.with("export-columns", &[("most", &shown(most))]),
        Refused::Text { most, row } => {
            texts.with("export-text", &[("most", &shown(most)), ("row", &shown(row))])
        }
        Refused::Bytes(most) => texts.with("export-bytes", &[("most", &shown(most >> 20))]),
    };
    Problem::with(Kind::Export, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_plain() {
        assert_eq!(attachment("pci-index-ranking.csv"), "attachment; filename=\"pci-index-ranking.csv\"");
        assert_eq!(attachment("a\"b\r\nc.ods"), "attachment; filename=\"abc.ods\"");
    }

    #[test]
    fn formats_are_named_and_what_has_no_name_is_refused() {
        let extension = |name| FileFormat::named(name).map(FileFormat::extension).ok();
        let all = [None, Some("csv"), Some("excel"), Some("xlsx"), Some("ods"), Some("pdf"), Some("")];
        assert_eq!(
            all.map(extension),
            [Some("csv"), Some("csv"), Some("csv"), Some("xlsx"), Some("ods"), None, None]
        );
    }
}
