//! A page with its tables in full.

use std::collections::{HashMap, HashSet};

use dinh_model::Label;
use dinh_runtime::bindings::views::{Block, Page, Table};

use crate::app::App;
use crate::datum::rows;
use crate::plugin::address::Address;
use crate::plugin::draw::label;
use crate::problem::{Kind, Problem};
use crate::visitor::Visitor;

/// A page, and what belongs to it.
pub struct Whole {
    /// How confidential it is with all its parts: the highest of what was drawn.
    pub label: Label,
    /// The page; of its tables that go on, only what stands in `parts` counts.
    pub page: Page,
    /// The parts of tables that go on, by their names.
    pub parts: HashMap<String, Vec<Table>>,
}

impl Whole {
    /// Draws a page to leave the platform, with all rows of every table that goes on and may be exported; or only
    /// with one table.
    pub async fn read(
        app: &App,
        visitor: &Visitor,
        address: &Address,
        only: Option<&str>,
    ) -> Result<Self, Problem> {
        let most = app.options.print_rows;
        let mut page = render(app, visitor, address, None, None).await?;
        if let Some(only) = only {
            keep(&mut page, only)?;
        }
        let mut highest = label(page.label);
        let tables: Vec<&Table> = tables(&page).collect();
        let mut left = most;
        let mut parts = HashMap::new();
        for table in tables {
            let goes_on = table.paging.as_ref().is_some_and(|paging| paging.next.is_some());
            if goes_on && table.exportable {
                let (all, label) = all(app, visitor, address, &table.id, left).await?;
                highest = highest.max(label);
                left = left.saturating_sub(all.iter().map(count).sum());
                parts.insert(table.id.clone(), all);
            } else {
                left = left.checked_sub(count(table)).ok_or_else(|| too_many(most))?;
            }
        }
        Ok(Self { label: highest, page, parts })
    }

    /// All tables, each with the parts that it stands in.
    pub fn tables(&self) -> impl Iterator<Item = (&str, Vec<&Table>)> {
        tables(&self.page).map(|table| {
            let parts = self.parts.get(&table.id);
            (table.id.as_str(), parts.map_or_else(|| vec![table], |parts| parts.iter().collect()))
        })
    }
}

/// All parts of a table, as an export has them, and the highest label among them.
async fn all(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    table: &str,
    most: usize,
) -> Result<(Vec<Table>, Label), Problem> {
    let (mut parts, mut after, mut sum, mut highest) = (Vec::new(), None, 0, Label::Ordinary);
    let mut seen = HashSet::new();
    loop {
        let page = render(app, visitor, address, Some(table), after.as_deref()).await?;
        highest = highest.max(label(page.label));
        let part = into_tables(page).find(|found| found.id == table).ok_or(Kind::Plugin)?;
        sum += count(&part);
        if sum > most {
            return Err(too_many(app.options.print_rows));
        }
        after = part.paging.as_ref().and_then(|paging| paging.next.clone());
        parts.push(part);
        match &after {
            None => return Ok((parts, highest)),
            // A plugin that leads in a circle.
            Some(cursor) if !seen.insert(cursor.clone()) => return Err(Kind::Plugin.into()),
            Some(_) => {}
        }
    }
}

async fn render(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    table: Option<&str>,
    after: Option<&str>,
) -> Result<Page, Problem> {
    let mut asked = address.asked(visitor, table, None);
    asked.leaves = true;
    asked.request.query.extend(after.map(|after| ("after".to_owned(), after.to_owned())));
    let rendered = app.runtime.render(&address.plugin.manifest.id, asked).await;
    rendered.map_err(|error| Problem::call(error, visitor.language))
}

/// Leaves only one table on a page: one that may be exported.
fn keep(page: &mut Page, only: &str) -> Result<(), Problem> {
    for section in &mut page.sections {
        section
            .blocks
            .retain(|block| matches!(block, Block::Table(table) if table.id == only && table.exportable));
    }
    page.sections.retain(|section| !section.blocks.is_empty());
    if page.sections.is_empty() { Err(Kind::NotFound.into()) } else { Ok(()) }
}

fn tables(page: &Page) -> impl Iterator<Item = &Table> {
    page.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    })
}

fn into_tables(page: Page) -> impl Iterator<Item = Table> {
    page.sections.into_iter().flat_map(|section| section.blocks).filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    })
}

/// Rows of a table.
pub fn count(table: &Table) -> usize {
    table.data.first().map_or(0, rows)
}

fn too_many(most: usize) -> Problem {
    Problem { most: Some(most), ..Kind::Export.into() }
}
