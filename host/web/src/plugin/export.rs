//! Export of a table as a file ([`table_file`](crate::table_file)): the page is drawn for one part of the table after the
//! other, and each part leaves as soon as it is there, and as soon as the evidence that it leaves is durable. A file is
//! never cut silently: beyond the bound, or when a part fails, the transfer breaks off.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use dinh_model::{Label, RecordId, Timestamp};
use dinh_runtime::Plugin;
use dinh_runtime::bindings::views::{Block, CellStyle, Format, Page, Table, Target};
use tokio::sync::mpsc;

use super::address::Address;
use super::draw::label;
use super::layout::{below, layout};
use crate::app::App;
use crate::datum::{Datum, rows};
use crate::draw::table::{header, styles_of_rows};
use crate::lookup::Lookup;
use crate::pages::call;
use crate::parts::{BrokenOff, Parts};
use crate::problem::{Kind, Problem};
use crate::table_file::{FileFormat, Standing, TableFile, refused};
use crate::visitor::Visitor;
use crate::workbook::Bounds;

/// `GET ?export=TABLE&format=csv|excel|xlsx|ods`
pub async fn export(
    app: App,
    visitor: Visitor,
    address: Address,
    table: String,
) -> Result<Response, Problem> {
    let format = FileFormat::named(address.host("format"))?;
    let place = visitor.transfer(&app)?;
    let name = format!("{}-{table}", address.plugin.manifest.id);
    let began = app.platform.clock().now();
    let mut exporter = Exporter {
        writer: Writer { app, visitor, plugin: Arc::clone(&address.plugin), table, format, began },
        address,
        file: None,
        rows: 0,
        parts: 0,
        seen: HashSet::new(),
    };
    // The first part before the head: what is refused is refused with its own status.
    let first = exporter.part().await?;
    let (send, receive) = mpsc::channel(2);
    tokio::spawn(async move {
        let _place = place;
        let (mut bytes, mut next) = first;
        loop {
            if send.send(Ok(Bytes::from(bytes))).await.is_err() {
                return;
            }
            let Some(cursor) = next else { return };
            exporter.go_on(cursor);
            match exporter.part().await {
                Ok(part) => (bytes, next) = part,
                Err(problem) => {
                    let (table, kind) = (&exporter.writer.table, problem.kind.slug());
                    tracing::warn!(table, kind, "an export broke off");
                    let _ = send.send(Err(BrokenOff)).await;
                    return;
                }
            }
        }
    });
    Ok(format.file(&name, Body::new(Parts { receive })))
}

/// Most names of filters that an entry of evidence lists.
const FILTERS: usize = 16;

/// Whether a part of an address is named as fields are: what anybody writes into an address is not to become a sentence of
/// the evidence.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c == '-';
    (1..=32).contains(&name.len()) && name.chars().all(plain)
}

/// A file that parts are written to.
struct Begun {
    file: TableFile,
    /// How confidential it says above its rows that it is, and how confidential it has become.
    above: Label,
    highest: Label,
}

struct Exporter {
    writer: Writer,
    address: Address,
    /// What was begun with the first part.
    file: Option<Begun>,
    rows: usize,
    parts: usize,
    seen: HashSet<String>,
}

impl Exporter {
    /// The next part, and the cursor of the one after it. What stands above the rows goes before the first, what ends
    /// the file behind the last.
    async fn part(&mut self) -> Result<(Vec<u8>, Option<String>), Problem> {
        let Writer { app, visitor, table, .. } = &self.writer;
        visitor.still(app)?;
        let language = visitor.language;
        let asked = self.address.asked(visitor, Some(table), None);
        let rendered = app.runtime.render(&self.address.plugin.manifest.id, asked).await;
        let page = rendered.map_err(|error| Problem::call(error, language))?;
        let table = find(&page, table).filter(|table| table.exportable).ok_or(Kind::NotFound)?;
        let most = app.options.export_rows;
        let total = table.paging.as_ref().and_then(|paging| paging.total).unwrap_or(0);
        let count = table.data.first().map_or(0, rows);
        self.rows += count;
        if self.rows > most || usize::try_from(total).unwrap_or(usize::MAX) > most {
            return Err(Problem { most: Some(most), ..Kind::Export.into() });
        }
        let next = table.paging.as_ref().and_then(|paging| paging.next.clone());
        let (leaving, last) = (self.leaving(table, count), next.is_none());
        // Written before the evidence, so that what no program could read is refused and not said to have left; handed
        // on behind it.
        let (writer, file) = (self.writer.clone(), self.file.take());
        let (file, bytes) = call::blocking(move || writer.write(file, &page, last)).await??;
        self.file = Some(file);
        self.leave_evidence(leaving).await?;
        if let Some(cursor) = &next
            && !self.seen.insert(cursor.clone())
        {
            // A plugin that leads in a circle.
            return Err(Kind::Plugin.into());
        }
        Ok((bytes, next))
    }

    /// What this part takes out: which table of which page, which columns, narrowed by what (names, never values), how
    /// many rows, and the records where the rows are records.
    fn leaving(&mut self, table: &Table, count: usize) -> Leaving {
        self.parts += 1;
        let columns: Vec<_> = table.columns.iter().map(|column| column.key.as_str()).collect();
        let filled = self.address.query.iter().filter(|(name, value)| name != "after" && !value.is_empty());
        let filter: BTreeSet<_> =
            filled.map(|(name, _)| name.as_str()).filter(|name| is_name(name)).collect();
        let filter = filter.into_iter().take(FILTERS).collect::<Vec<_>>().join(" ");
        let manifest = &self.address.plugin.manifest;
        let route = manifest.route(&self.address.path).map(|route| route.path.clone()).unwrap_or_default();
        let detail = [
            ("route", route),
            ("table", table.id.clone()),
            ("fields", columns.join(" ")),
            ("filter", filter),
            ("rows", count.to_string()),
            ("part", self.parts.to_string()),
        ];
        Leaving { detail, records: records(table) }
    }

    /// Puts it into the evidence, durable before its first byte leaves.
    async fn leave_evidence(&self, leaving: Leaving) -> Result<(), Problem> {
        let plugin = self.address.plugin.manifest.id.clone();
        call::perform(&self.writer.app, &self.writer.visitor, move |call| {
            call.plugin = Some(plugin.clone());
            let detail = leaving.detail.iter().filter(|(_, value)| !value.is_empty()).cloned();
            call.evidence_about("table.exported", format!("plugin:{plugin}"), detail, &leaving.records);
            Ok(())
        })
        .await
    }

    /// Asks for the part that begins at a cursor.
    fn go_on(&mut self, cursor: String) {
        self.address.query.retain(|(name, _)| name != "after");
        self.address.query.push(("after".to_owned(), cursor));
    }
}

/// What leaves with one part.
struct Leaving {
    detail: [(&'static str, String); 6],
    records: Vec<RecordId>,
}

/// Writes parts of a page's table to a file.
#[derive(Clone)]
struct Writer {
    app: App,
    visitor: Visitor,
    plugin: Arc<Plugin>,
    table: String,
    format: FileFormat,
    /// When the export began.
    began: Timestamp,
}

impl Writer {
    /// Writes the rows that a page shows, to the file or to a new one; also the bytes that are ready.
    fn write(&self, file: Option<Begun>, page: &Page, last: bool) -> Result<(Begun, Vec<u8>), Problem> {
        let table = find(page, &self.table).ok_or(Kind::NotFound)?;
        let lookup = Lookup::new(&self.app, &self.visitor, Some(Arc::clone(&self.plugin)));
        let formats = self.visitor.formats();
        let refused = |what| refused(what, self.visitor.texts());
        let label = label(page.label);
        let mut begun = match file {
            Some(begun) => begun,
            None => {
                let layout = layout(&self.visitor, &lookup, page, table, self.began);
                let total = table.paging.as_ref().and_then(|paging| paging.total);
                let file =
                    TableFile::begin(self.format, &layout, total, Bounds::default()).map_err(refused)?;
                Begun { file, above: label, highest: label }
            }
        };
        begun.highest = begun.highest.max(label);
        let file = &mut begun.file;
        let (named, styles) = (header(table), styles_of_rows(table));
        let instead = if self.format.is_for_people() { placeholders(table) } else { HashMap::new() };
        for row in 0..table.data.first().map_or(0, rows) {
            let style = u32::try_from(row).ok().and_then(|row| styles.get(&row));
            let standing = Standing {
                kind: style.and_then(|style| style.kind),
                named: (named, style.map_or(0, |style| style.depth)),
            };
            file.row(&lookup, formats, values(table, row, &instead), standing).map_err(refused)?;
        }
        if last {
            let below = below(&self.visitor, table, begun.above, begun.highest);
            file.end(&below).map_err(refused)?;
        }
        let bytes = file.take();
        Ok((begun, bytes))
    }
}

/// What is shown instead of empty cells, by row and column: that what they refer to is not available, for one.
fn placeholders(table: &Table) -> HashMap<(usize, usize), &str> {
    let placed = |style: &'_ CellStyle| (style.row as usize, style.column as usize);
    let said =
        table.cell_styles.iter().filter_map(|style| Some((placed(style), style.placeholder.as_deref()?)));
    said.collect()
}

/// The values of a row, one for each column.
fn values<'t>(
    table: &'t Table,
    row: usize,
    instead: &HashMap<(usize, usize), &'t str>,
) -> impl Iterator<Item = (Datum<'t>, &'t Format)> {
    let data = table.columns.iter().zip(&table.data).enumerate();
    data.map(move |(at, (column, data))| match (Datum::at(data, row), instead.get(&(row, at))) {
        (Datum::Empty, Some(text)) => (Datum::Text(text), &Format::Plain),
        (datum, _) => (datum, &column.format),
    })
}

/// The records that rows are, as far as the table says: by their keys, or by where they lead.
pub(super) fn records(table: &Table) -> Vec<RecordId> {
    let keys = table.row_keys.iter().filter_map(|key| key.parse().ok());
    let of_target = |target: &Target| match target {
        Target::Page(path) => path.split(['/', '?', '&', '=', '#']).find_map(|part| part.parse().ok()),
        _ => None,
    };
    let targets = table.row_targets.iter().flatten().filter_map(of_target);
    keys.chain(targets).collect::<BTreeSet<_>>().into_iter().collect()
}

fn find<'a>(page: &'a Page, id: &str) -> Option<&'a Table> {
    page.sections.iter().flat_map(|section| &section.blocks).find_map(|block| match block {
        Block::Table(table) if table.id == id => Some(table),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;

    #[test]
    fn a_file_for_people_says_what_the_page_says_instead_of_nothing() {
        let table = gallery::ranking();
        let (said, nothing) = (placeholders(&table), HashMap::new());
        let at = |row, column, instead| values(&table, row, instead).nth(column).unwrap().0;
        assert_eq!(at(7, 10, &said), Datum::Text("N/A"));
        assert_eq!(at(7, 10, &nothing), Datum::Empty);
        assert_ne!(at(7, 2, &said), Datum::Empty, "what is there is shown");
        let people = ["excel", "xlsx", "ods"].map(|name| FileFormat::named(Some(name)).unwrap());
        assert!(people.into_iter().all(FileFormat::is_for_people));
        assert!(!FileFormat::named(None).unwrap().is_for_people());
    }

    #[test]
    fn the_records_of_an_export_are_those_that_its_rows_say_they_are() {
        let [one, two] = [3, 4].map(|number| RecordId::new(1_767_225_600_000, [number; 10]));
        let mut table = Table {
            id: "list".into(),
            caption: None,
            columns: Vec::new(),
            data: Vec::new(),
            row_styles: Vec::new(),
            cell_styles: Vec::new(),
            row_targets: vec![
                Some(Target::Page(format!("/vouchers/{two}/lines?back=1"))),
                None,
                Some(Target::Page(format!("/voucher?id={one}"))),
                Some(Target::Page("/people/7".into())),
            ],
            row_keys: Vec::new(),
            bulk_actions: Vec::new(),
            sorting: None,
            paging: None,
            empty_text: String::new(),
            exportable: true,
            note: None,
        };
        assert_eq!(records(&table), [one, two]);
        table.row_targets.clear();
        assert_eq!(records(&table), []);
        table.row_keys = vec![two.to_string(), "7".into()];
        assert_eq!(records(&table), [two]);
    }
}
