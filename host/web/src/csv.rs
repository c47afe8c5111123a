//! Tables as lines of text (CSV).
//!
//! Two ways of writing, because there are two readers:
//! - `csv`: RFC 4180. UTF-8 with a byte-order mark, commas, CRLF; numbers with a point and without separators,
//!   days as `2021-12-31`: what programs read exactly.
//! - `excel`: what a Vietnamese Excel opens right with a double click: semicolons, a comma in decimals, days as
//!   `31/12/2021`.
//!
//! In both, a text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, also full-width, tab or return)
//! gets an apostrophe before it. Programs that need every text to the letter take the JSON twin.

use dinh_runtime::bindings::views::Format;

use crate::datum::Datum;
use crate::directory::Directory;
use crate::problem::Kind;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// RFC 4180.
    Csv,
    /// As a Vietnamese Excel opens it.
    Excel,
}

impl Writing {
    /// The one that a query names; that of programs when it names none.
    pub fn named(format: Option<&str>) -> Result<Self, Kind> {
        match format {
            None | Some("csv") => Ok(Self::Csv),
            Some("excel") => Ok(Self::Excel),
            Some(_) => Err(Kind::BadRequest),
        }
    }

    /// What a file begins with.
    pub fn begin(self) -> String {
        "\u{feff}".to_owned()
    }

    fn separator(self) -> char {
        match self {
            Self::Csv => ',',
            Self::Excel => ';',
        }
    }

    /// One line.
    pub fn line<'a>(self, cells: impl Iterator<Item = &'a str>) -> String {
        let mut line = String::new();
        for (place, cell) in cells.enumerate() {
            if place > 0 {
                line.push(self.separator());
            }
            if cell.contains(['"', '\n', '\r', ';', ',']) || cell.starts_with(' ') || cell.ends_with(' ') {
                line.push('"');
                line.push_str(&cell.replace('"', "\"\""));
                line.push('"');
            } else {
                line.push_str(cell);
            }
        }
        line.push_str("\r\n");
        line
    }

    /// A value.
    pub fn cell(self, directory: &dyn Directory, datum: &Datum<'_>, format: &Format) -> String {
        let number = |text: String| match self {
            Self::Csv => text,
            Self::Excel => text.replace('.', ","),
        };
        match datum {
            Datum::Empty => String::new(),
            Datum::Integer(whole) => whole.to_string(),
            Datum::Decimal(decimal) => number(decimal.to_string()),
            Datum::Text(text) => guarded(text),
            Datum::Date(day) => match (self, format) {
                (Self::Csv, _) => day.to_string(),
                (Self::Excel, Format::Month) => crate::format::month(*day),
                (Self::Excel, _) => crate::format::date(*day),
            },
            Datum::Instant(moment) => match self {
                Self::Csv => moment.to_string(),
                Self::Excel => crate::format::instant(*moment),
            },
            Datum::Boolean(yes) => match (self, yes) {
                (Self::Csv, yes) => yes.to_string(),
                (Self::Excel, true) => "x".to_owned(),
                (Self::Excel, false) => String::new(),
            },
            Datum::Reference(id) => id.to_string(),
            Datum::Attachment(id) => {
                guarded(&directory.file(*id).map_or_else(|| id.to_string(), |info| info.name))
            }
            Datum::Unit(id) => guarded(&directory.unit(*id).unwrap_or_else(|| id.to_string())),
            Datum::Account(id) => {
                guarded(&directory.person(*id).map_or_else(|| id.to_string(), |person| person.text))
            }
            Datum::Texts(texts) => guarded(&texts.join("; ")),
        }
    }
}

/// A text that no spreadsheet runs as a formula.
pub fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_a_reader_would_stumble() {
        let line = Writing::Csv.line(["a", "b,c", "d\"e", "f\ng", "h;i", " j"].into_iter());
        assert_eq!(line, "a,\"b,c\",\"d\"\"e\",\"f\ng\",\"h;i\",\" j\"\r\n");
        assert_eq!(Writing::Excel.line(["7,98", "x"].into_iter()), "\"7,98\";x\r\n");
    }

    #[test]
    fn no_text_becomes_a_formula() {
        for text in ["=1+1", "+84 912", "-x", "@SUM(A1)", "\tx", "\rx"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        assert_eq!(guarded("Quảng Ninh"), "Quảng Ninh");
    }
}
