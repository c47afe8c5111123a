//! Export of a table as CSV: the page is drawn for one part of the table after the other, and each part
//! leaves as soon as it is there.
//!
//! Two ways of writing, because there are two readers:
//! - `csv`: RFC 4180. UTF-8 with a byte-order mark, commas, CRLF; numbers with a point and without separators,
//!   days as `2021-12-31`: what programs read exactly.
//! - `excel`: what a Vietnamese Excel opens right with a double click: semicolons, a comma in decimals, days as
//!   `31/12/2021`.
//!
//! In both, a text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, tab or return)
//! gets an apostrophe before it. Programs that need every text to the letter take the JSON twin. A file is
//! never cut silently: beyond the bound, or when a part fails, the transfer breaks off.

use std::collections::HashSet;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use dinh_runtime::bindings::views::{Block, Format, Page, Table};
use hyper::body::Frame;
use tokio::sync::mpsc;

use super::address::Address;
use crate::app::App;
use crate::datum::{Datum, rows};
use crate::directory::Directory;
use crate::lookup::Lookup;
use crate::problem::{Kind, Problem};
use crate::visitor::Visitor;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// RFC 4180.
    Csv,
    /// As a Vietnamese Excel opens it.
    Excel,
}

impl Writing {
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
    fn cell(self, lookup: &Lookup<'_>, datum: &Datum<'_>, format: &Format) -> String {
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
            Datum::Reference(id) | Datum::Attachment(id) => id.to_string(),
            Datum::Unit(id) => guarded(&lookup.unit(*id).unwrap_or_else(|| id.to_string())),
            Datum::Account(id) => {
                guarded(&lookup.person(*id).map_or_else(|| id.to_string(), |person| person.text))
            }
            Datum::Texts(texts) => guarded(&texts.join("; ")),
        }
    }
}

/// A text that no spreadsheet runs as a formula.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// `GET ?export=TABLE&format=csv|excel`
pub async fn export(
    app: App,
    visitor: Visitor,
    address: Address,
    table: String,
) -> Result<Response, Problem> {
    let writing = match address.host("format") {
        None | Some("csv") => Writing::Csv,
        Some("excel") => Writing::Excel,
        Some(_) => return Err(Kind::BadRequest.into()),
    };
    let name = format!("{}-{table}.csv", address.plugin.manifest.id);
    let mut exporter = Exporter { app, visitor, address, table, writing, rows: 0, seen: HashSet::new() };
    // The first part before the head: what is refused is refused with its own status.
    let first = exporter.part().await?;
    let (send, receive) = mpsc::channel(2);
    tokio::spawn(async move {
        let (mut text, mut next) = first;
        text.insert_str(0, &writing.begin());
        loop {
            if send.send(Ok(Bytes::from(text))).await.is_err() {
                return;
            }
            let Some(cursor) = next else { return };
            exporter.go_on(cursor);
            match exporter.part().await {
                Ok(part) => (text, next) = part,
                Err(problem) => {
                    tracing::warn!(table = exporter.table, kind = problem.kind.slug(), "an export broke off");
                    let _ = send.send(Err(BrokenOff)).await;
                    return;
                }
            }
        }
    });
    let mut response = Response::new(Body::new(Parts { receive }));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, attachment(&name));
    Ok(response)
}

/// Saved under a name; names here are plain.
pub fn attachment(name: &str) -> HeaderValue {
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\""))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// The transfer broke off; the receiver sees that the file is not whole.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the export broke off")]
struct BrokenOff;

struct Exporter {
    app: App,
    visitor: Visitor,
    address: Address,
    table: String,
    writing: Writing,
    rows: usize,
    seen: HashSet<String>,
}

impl Exporter {
    /// The next part, and the cursor of the one after it. The heads go before the first.
    async fn part(&mut self) -> Result<(String, Option<String>), Problem> {
        let language = self.visitor.language;
        let asked = self.address.asked(&self.visitor, Some(&self.table), None);
        let rendered = self.app.runtime.render(&self.address.plugin.manifest.id, asked).await;
        let page = rendered.map_err(|error| Problem::call(error, language))?;
        let table = find(&page, &self.table).filter(|table| table.exportable).ok_or(Kind::NotFound)?;
        let most = self.app.options.export_rows;
        let total = table.paging.as_ref().and_then(|paging| paging.total).unwrap_or(0);
        let count = table.data.first().map_or(0, rows);
        let first = self.rows == 0 && self.seen.is_empty();
        self.rows += count;
        if self.rows > most || usize::try_from(total).unwrap_or(usize::MAX) > most {
            return Err(Problem { most: Some(most), ..Kind::Export.into() });
        }
        let text = self.text(table, count, first);
        let next = table.paging.as_ref().and_then(|paging| paging.next.clone());
        if let Some(cursor) = &next
            && !self.seen.insert(cursor.clone())
        {
            // A plugin that leads in a circle.
            return Err(Kind::Plugin.into());
        }
        Ok((text, next))
    }

    fn text(&self, table: &Table, count: usize, first: bool) -> String {
        let lookup = Lookup::new(&self.app, &self.visitor, Some(self.address.plugin.clone()));
        let mut text = String::new();
        if first {
            let heads: Vec<_> =
                table.columns.iter().map(|column| guarded(&column.heads.join(" – "))).collect();
            text.push_str(&self.writing.line(heads.iter().map(String::as_str)));
        }
        for row in 0..count {
            let cells: Vec<_> = table
                .columns
                .iter()
                .zip(&table.data)
                .map(|(column, data)| self.writing.cell(&lookup, &Datum::at(data, row), &column.format))
                .collect();
            text.push_str(&self.writing.line(cells.iter().map(String::as_str)));
        }
        text
    }

    /// Asks for the part that begins at a cursor.
    fn go_on(&mut self, cursor: String) {
        self.address.query.retain(|(name, _)| name != "after");
        self.address.query.push(("after".to_owned(), cursor));
    }
}

fn find<'a>(page: &'a Page, id: &str) -> Option<&'a Table> {
    page.sections.iter().flat_map(|section| &section.blocks).find_map(|block| match block {
        Block::Table(table) if table.id == id => Some(table),
        _ => None,
    })
}

/// A body made of parts as they come.
struct Parts {
    receive: mpsc::Receiver<Result<Bytes, BrokenOff>>,
}

impl hyper::body::Body for Parts {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        self.receive.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data)))
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

    #[test]
    fn a_file_name_is_plain() {
        assert_eq!(attachment("pci-index-ranking.csv"), "attachment; filename=\"pci-index-ranking.csv\"");
        assert_eq!(attachment("a\"b\r\nc.csv"), "attachment; filename=\"abc.csv\"");
    }
}
