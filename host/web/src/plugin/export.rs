//! Export of a table as CSV ([`csv`](crate::csv)): the page is drawn for one part of the table after the other, and
//! each part leaves as soon as it is there, and as soon as the evidence that it leaves is durable. A file is never cut silently: beyond the bound, or when a part fails, the
//! transfer breaks off.

use std::collections::{BTreeSet, HashSet};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use dinh_model::RecordId;
use dinh_runtime::bindings::views::{Block, Page, Table, Target};
use tokio::sync::mpsc;

use super::address::Address;
use crate::app::App;
use crate::csv::{self, Writing, guarded};
use crate::datum::{Datum, rows};
use crate::lookup::Lookup;
use crate::pages::call;
use crate::parts::{BrokenOff, Parts};
use crate::problem::{Kind, Problem};
use crate::visitor::Visitor;

/// `GET ?export=TABLE&format=csv|excel`
pub async fn export(
    app: App,
    visitor: Visitor,
    address: Address,
    table: String,
) -> Result<Response, Problem> {
    let writing = Writing::named(address.host("format"))?;
    let name = format!("{}-{table}.csv", address.plugin.manifest.id);
    let mut exporter =
        Exporter { app, visitor, address, table, writing, rows: 0, parts: 0, seen: HashSet::new() };
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
    Ok(csv::file(&name, Body::new(Parts { receive })))
}

struct Exporter {
    app: App,
    visitor: Visitor,
    address: Address,
    table: String,
    writing: Writing,
    rows: usize,
    parts: usize,
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
        self.leave_evidence(table, count).await?;
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

    /// Puts into the evidence what this part takes out, durable before its first byte leaves: which table of which page,
    /// which columns, narrowed by what (names, never values), how many rows, and the records where the rows are records.
    async fn leave_evidence(&mut self, table: &Table, count: usize) -> Result<(), Problem> {
        self.parts += 1;
        let manifest = &self.address.plugin.manifest;
        let plugin = manifest.id.clone();
        let columns: Vec<_> = table.columns.iter().map(|column| column.key.as_str()).collect();
        let filled = self.address.query.iter().filter(|(name, value)| name != "after" && !value.is_empty());
        let filter: BTreeSet<_> = filled.map(|(name, _)| name.as_str()).collect();
        let filter = filter.into_iter().collect::<Vec<_>>().join(" ");
        let route = manifest.route(&self.address.path).map(|route| route.path.clone()).unwrap_or_default();
        let detail = [
            ("route", route),
            ("table", self.table.clone()),
            ("fields", columns.join(" ")),
            ("filter", filter),
            ("rows", count.to_string()),
            ("part", self.parts.to_string()),
        ];
        let records = records(table);
        call::perform(&self.app, &self.visitor, move |call| {
            call.plugin = Some(plugin.clone());
            let detail = detail.iter().filter(|(_, value)| !value.is_empty()).cloned();
            call.evidence_about("table.exported", format!("plugin:{plugin}"), detail, &records);
            Ok(())
        })
        .await
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
