//! Rows of a dataset as they are written: JSON lines, or a table with the names of the fields as heads.

use dinh_runtime::bindings::views::{Format, TableColumn, Width};
use dinh_services::records::Page;
use serde_json::{Map, Value};

use super::selection::Shape;
use crate::datum::Datum;
use crate::directory::Directory;
use crate::format::Formats;
use crate::json;
use crate::table_file::{Standing, TableFile};
use crate::workbook::{Bounds, Layout, Refused, sheet_name};

/// Rows on their way out.
pub enum Rows {
    /// JSON lines that are ready.
    Json(String),
    /// A file.
    Table(TableFile),
}

impl Rows {
    /// Nothing but the heads of a table: the names of its fields, as programs know them.
    pub fn begin(shape: Shape, name: &str, fields: &[String]) -> Result<Self, Refused> {
        let Shape::Table(format) = shape else { return Ok(Self::Json(String::new())) };
        let column = |name: &str| TableColumn {
            key: name.to_owned(),
            heads: vec![name.to_owned()],
            number: None,
            format: Format::Plain,
            width: Width::Normal,
            frozen: false,
            sortable: false,
            help: None,
            shared: None,
        };
        let columns: Vec<_> =
            std::iter::once("id").chain(fields.iter().map(String::as_str)).map(column).collect();
        let layout =
            Layout { sheet: sheet_name(name, ""), lines: Vec::new(), columns: columns.iter().collect() };
        TableFile::begin(format, &layout, None, Bounds::default()).map(Self::Table)
    }

    /// The rows of a page.
    pub fn put(
        &mut self,
        directory: &dyn Directory,
        formats: Formats,
        page: &Page,
        fields: &[String],
    ) -> Result<(), Refused> {
        for (row, id) in page.ids.iter().enumerate() {
            // A column that contradicts itself was refused when it was made.
            let values: Vec<_> =
                page.columns.iter().map(|column| column.value(row).unwrap_or_default()).collect();
            let data = values.iter().map(Datum::stored);
            let id = id.to_string();
            match self {
                Self::Json(text) => {
                    let mut object = Map::new();
                    object.insert("id".to_owned(), Value::String(id));
                    object
                        .extend(fields.iter().cloned().zip(data.map(|datum| json::datum(directory, &datum))));
                    text.push_str(&Value::Object(object).to_string());
                    text.push('\n');
                }
                Self::Table(file) => {
                    let data = std::iter::once(Datum::Text(&id)).chain(data);
                    let values = data.map(|datum| (datum, &Format::Plain));
                    file.row(directory, formats, values, Standing::default())?;
                }
            }
        }
        Ok(())
    }

    /// Nothing follows.
    pub fn end(&mut self) -> Result<(), Refused> {
        match self {
            Self::Json(_) => Ok(()),
            Self::Table(file) => file.end(&[]),
        }
    }

    /// The bytes that are ready to leave.
    pub fn take(&mut self) -> Vec<u8> {
        match self {
            Self::Json(text) => std::mem::take(text).into_bytes(),
            Self::Table(file) => file.take(),
        }
    }
}
