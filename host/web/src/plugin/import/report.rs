//! The full report of a sheet that waits to be imported: every row as it was understood, what the plugin computed beside
//! it, and all that is wrong with it. The page shows the first rows and problems; this leaves none out.

use std::collections::HashMap;
use std::fmt::Write;

use axum::body::Body;
use axum::response::Response;
use dinh_runtime::bindings::views::{Page, SheetImport, SheetPreview};
use dinh_services::sheets::Sheet;

use super::imports;
use super::preview::with_sheet;
use super::read::read;
use crate::app::App;
use crate::csv::{Writing, guarded};
use crate::datum::Datum;
use crate::lookup::Lookup;
use crate::messages::Texts;
use crate::plugin::address::Address;
use crate::problem::{Kind, Problem};
use crate::table_file::FileFormat;
use crate::visitor::Visitor;

/// `GET ?sheet=ID&export=IMPORT&format=csv|excel`
pub async fn report(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    page: &Page,
    (id, block): (&str, &str),
) -> Result<Response, Problem> {
    let writing = Writing::named(address.host("format"))?;
    let at_hand = read(app, visitor, address, page, id).await?;
    let at_hand = at_hand.map_err(|unreadable| Problem::with(Kind::Invalid, unreadable.text))?;
    let page = with_sheet(app, visitor, address, &at_hand).await?;
    let import = imports(&page).find(|import| import.id == block && import.id == at_hand.block);
    let (import, preview) =
        import.and_then(|import| Some((import, import.preview.as_ref()?))).ok_or(Kind::NotFound)?;
    let lookup = Lookup::new(app, visitor, Some(address.plugin.clone()));
    let text =
        Report { writing, texts: visitor.texts(), lookup: &lookup, import, preview, sheet: &at_hand.sheet }
            .text();
    Ok(FileFormat::Csv(writing).file(&format!("{block}-kiem-tra"), Body::from(text)))
}

struct Report<'a> {
    writing: Writing,
    texts: Texts,
    lookup: &'a Lookup<'a>,
    import: &'a SheetImport,
    preview: &'a SheetPreview,
    sheet: &'a Sheet,
}

impl Report<'_> {
    fn text(&self) -> String {
        let columns: Vec<_> = self
            .import
            .columns
            .iter()
            .filter_map(|column| Some((column, self.sheet.column(&column.name)?)))
            .collect();
        let computed: Vec<_> = self.preview.computed.iter().zip(&self.preview.data).collect();
        let mut heads = vec![self.texts.say("import-line")];
        heads.extend(columns.iter().map(|(column, _)| guarded(&column.label)));
        heads.extend(computed.iter().map(|(column, _)| guarded(&column.heads.join(" – "))));
        heads.extend(["import-problems", "import-only-warnings"].map(|key| self.texts.say(key)));
        let mut text = self.writing.begin();
        text.push_str(&self.writing.line(heads.iter().map(String::as_str)));
        let (faults, cautions) = (self.said(false), self.said(true));
        for (row, line) in self.sheet.lines.iter().enumerate() {
            let mut cells = vec![line.to_string()];
            for (column, data) in &columns {
                let datum = data.values.get(row).map_or(Datum::Empty, Datum::stored);
                cells.push(self.writing.cell(self.lookup, &datum, &column.format));
            }
            for (column, data) in &computed {
                cells.push(self.writing.cell(self.lookup, &Datum::at(data, row), &column.format));
            }
            cells.extend(
                [&faults, &cautions].map(|said| said.get(&row).map(|said| guarded(said)).unwrap_or_default()),
            );
            text.push_str(&self.writing.line(cells.iter().map(String::as_str)));
        }
        if self.sheet.unlisted_problems > 0 {
            let more = self.texts.count("import-unlisted", self.sheet.unlisted_problems as usize);
            text.push_str(&self.writing.line(std::iter::once(more.as_str())));
        }
        text
    }

    /// What is wrong with each row, or worth a look: cell, what it is, what to do.
    fn said(&self, warnings: bool) -> HashMap<usize, String> {
        let mut said: HashMap<usize, String> = HashMap::new();
        let mut say = |row: u32, column: Option<&str>, value: &str, message: &str, remedy: &str| {
            let known = self.import.columns.iter().find(|known| Some(known.name.as_str()) == column);
            let text = said.entry(row as usize).or_default();
            if !text.is_empty() {
                text.push_str(" | ");
            }
            // Writing to a text does not fail.
            if let Some(known) = known {
                let _ = write!(text, "{}: ", known.label);
            }
            if !value.is_empty() {
                let _ = write!(text, "“{value}”: ");
            }
            let _ = write!(text, "{message} {remedy}");
        };
        if !warnings {
            for it in &self.sheet.problems {
                say(it.row, it.column.as_deref(), &it.value, &it.message, &it.remedy);
            }
        }
        for it in self.preview.problems.iter().filter(|it| it.warning == warnings) {
            say(it.row, it.column.as_deref(), "", &it.message, &it.remedy);
        }
        said
    }
}
