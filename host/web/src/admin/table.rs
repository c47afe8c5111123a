//! Tables, built from the rows they show: one closure for each column.

use dinh_model::{AccountId, Date, Timestamp, UnitId, time};
use dinh_runtime::bindings::types::{Column, ColumnValues, TextColumn};
use dinh_runtime::bindings::views::*;

/// Rows on a page; whoever wants all of them pages on or exports.
pub const ON_A_PAGE: usize = 50;
/// Rows in one part of an export.
const IN_AN_EXPORT: usize = 1_000;

/// How many rows of a table are shown at once.
pub fn rows(exporting: bool) -> usize {
    if exporting { IN_AN_EXPORT } else { ON_A_PAGE }
}

/// A table of rows that are all of one kind.
pub struct Rows<'r, R> {
    rows: &'r [R],
    table: Table,
}

impl<'r, R> Rows<'r, R> {
    /// A table; `empty` is said when there is nothing in it.
    pub fn new(id: &str, rows: &'r [R], empty: String) -> Self {
        let table = Table {
            id: id.to_owned(),
            caption: None,
            columns: Vec::new(),
            data: Vec::new(),
            row_styles: Vec::new(),
            cell_styles: Vec::new(),
            row_targets: Vec::new(),
            row_keys: Vec::new(),
            bulk_actions: Vec::new(),
            sorting: None,
            paging: None,
            empty_text: empty,
            exportable: true,
            note: None,
        };
        Self { rows, table }
    }

    fn push(
        mut self,
        key: &str,
        head: String,
        format: Format,
        values: ColumnValues,
        bits: Vec<bool>,
    ) -> Self {
        let every = bits.iter().all(|there| *there);
        let mut validity = vec![0_u8; bits.len().div_ceil(8)];
        for (row, _) in bits.iter().enumerate().filter(|(_, there)| **there) {
            if let Some(byte) = validity.get_mut(row / 8) {
                *byte |= 1 << (row % 8);
            }
        }
        self.table.columns.push(TableColumn {
            key: key.to_owned(),
            heads: vec![head],
            number: None,
            format,
            width: Width::Normal,
            frozen: false,
            sortable: false,
            help: None,
            shared: None,
        });
        self.table.data.push(Column { values, validity: (!every).then_some(validity) });
        self
    }

    /// Texts in some format; none where there is nothing to say.
    fn texts(self, key: &str, head: String, format: Format, cell: impl Fn(&R) -> Option<String>) -> Self {
        let cells: Vec<_> = self.rows.iter().map(cell).collect();
        let mut column = TextColumn { data: Vec::new(), ends: Vec::with_capacity(cells.len()) };
        for text in &cells {
            column.data.extend(text.as_deref().unwrap_or_default().bytes());
            column.ends.push(u32::try_from(column.data.len()).unwrap_or(u32::MAX));
        }
        let bits = cells.iter().map(Option::is_some).collect();
        self.push(key, head, format, ColumnValues::Texts(column), bits)
    }

    /// A column of texts.
    pub fn text(self, key: &str, head: String, cell: impl Fn(&R) -> String) -> Self {
        self.texts(key, head, Format::Plain, |row| Some(cell(row)))
    }

    /// A column of texts, some empty.
    pub fn maybe(self, key: &str, head: String, cell: impl Fn(&R) -> Option<String>) -> Self {
        self.texts(key, head, Format::Plain, cell)
    }

    /// A column of codes.
    pub fn code(self, key: &str, head: String, cell: impl Fn(&R) -> String) -> Self {
        self.texts(key, head, Format::Code, |row| Some(cell(row)))
    }

    /// A column of states, each with what it means.
    pub fn badge(mut self, key: &str, head: String, cell: impl Fn(&R) -> (String, Tone)) -> Self {
        let column = u32::try_from(self.table.columns.len()).unwrap_or(u32::MAX);
        for (row, shown) in self.rows.iter().enumerate() {
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            let tone = cell(shown).1;
            let style = CellStyle { row, column, tone, note: None, target: None, placeholder: None };
            self.table.cell_styles.push(style);
        }
        self.texts(key, head, Format::Badge, |row| Some(cell(row).0))
    }

    /// A column of units.
    pub fn unit(self, key: &str, head: String, cell: impl Fn(&R) -> UnitId) -> Self {
        let units: Vec<u32> = self.rows.iter().map(|row| cell(row).0).collect();
        let bits = vec![true; units.len()];
        self.push(key, head, Format::Plain, ColumnValues::Units(units), bits)
    }

    /// A column of people, each leading to their page.
    pub fn account(mut self, key: &str, head: String, cell: impl Fn(&R) -> AccountId) -> Self {
        let people: Vec<u32> = self.rows.iter().map(|row| cell(row).0).collect();
        let column = u32::try_from(self.table.columns.len()).unwrap_or(u32::MAX);
        for (row, person) in people.iter().enumerate() {
            let (row, tone) = (u32::try_from(row).unwrap_or(u32::MAX), Tone::Neutral);
            let target = Some(Target::Page(format!("/people/{person}")));
            self.table.cell_styles.push(CellStyle {
                row,
                column,
                tone,
                note: None,
                target,
                placeholder: None,
            });
        }
        let bits = vec![true; people.len()];
        self.push(key, head, Format::Plain, ColumnValues::Accounts(people), bits)
    }

    /// A column of numbers.
    pub fn number(self, key: &str, head: String, format: Format, cell: impl Fn(&R) -> u64) -> Self {
        let numbers: Vec<i64> =
            self.rows.iter().map(|row| i64::try_from(cell(row)).unwrap_or(i64::MAX)).collect();
        let bits = vec![true; numbers.len()];
        self.push(key, head, format, ColumnValues::Integers(numbers), bits)
    }

    /// A column of days.
    pub fn day(self, key: &str, head: String, cell: impl Fn(&R) -> Option<Date>) -> Self {
        let cells: Vec<_> = self.rows.iter().map(cell).collect();
        let days = cells.iter().map(|day| day.map_or(0, time::days)).collect();
        let bits = cells.iter().map(Option::is_some).collect();
        self.push(key, head, Format::Date, ColumnValues::Dates(days), bits)
    }

    /// A column of moments.
    pub fn moment(self, key: &str, head: String, cell: impl Fn(&R) -> Timestamp) -> Self {
        let moments: Vec<i64> = self.rows.iter().map(|row| time::microseconds(cell(row))).collect();
        let bits = vec![true; moments.len()];
        self.push(key, head, Format::Instant, ColumnValues::Instants(moments), bits)
    }

    /// What is said below the cells of the column added last.
    pub fn noted(mut self, note: impl Fn(&R) -> Option<String>) -> Self {
        let Some(last) = self.table.columns.len().checked_sub(1) else { return self };
        let column = u32::try_from(last).unwrap_or(u32::MAX);
        for (row, shown) in self.rows.iter().enumerate() {
            let note = note(shown);
            if note.is_some() {
                let row = u32::try_from(row).unwrap_or(u32::MAX);
                let style =
                    CellStyle { row, column, tone: Tone::Neutral, note, target: None, placeholder: None };
                self.table.cell_styles.push(style);
            }
        }
        self
    }

    /// Where each row leads.
    pub fn target(self, path: impl Fn(&R) -> Option<String>) -> Self {
        self.leads(|row| path(row).map(Target::Page))
    }

    /// Where each row leads, also to pages of plugins.
    pub fn leads(mut self, to: impl Fn(&R) -> Option<Target>) -> Self {
        self.table.row_targets = self.rows.iter().map(to).collect();
        self
    }

    /// Rows that are shown struck through: ended, withdrawn.
    pub fn cancelled(mut self, over: impl Fn(&R) -> bool) -> Self {
        for (row, _) in self.rows.iter().enumerate().filter(|(_, row)| over(row)) {
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            self.table.row_styles.push(RowStyle { row, kind: Some(RowKind::Cancelled), depth: 0 });
        }
        self
    }

    /// What can be done to rows that are selected.
    pub fn bulk(mut self, key: impl Fn(&R) -> String, actions: Vec<Action>) -> Self {
        self.table.row_keys = self.rows.iter().map(key).collect();
        self.table.bulk_actions = actions;
        self
    }

    /// The list goes on at `next`.
    pub fn paged(mut self, started: bool, next: Option<String>) -> Self {
        self.table.paging = Some(Paging { total: None, next, started });
        self
    }

    /// A short list within the page of something else, or the beginning of one that has a page of its own: it
    /// is not exported.
    pub fn within(mut self) -> Self {
        self.table.exportable = false;
        self
    }

    /// What stands under it.
    pub fn note(mut self, note: String) -> Self {
        self.table.note = Some(note);
        self
    }

    /// What stands above it.
    pub fn caption(mut self, caption: String) -> Self {
        self.table.caption = Some(caption);
        self
    }

    /// The columns alone, with their cells.
    pub fn columns(self) -> (Vec<TableColumn>, Vec<Column>) {
        (self.table.columns, self.table.data)
    }

    /// The table.
    pub fn block(self) -> Block {
        Block::Table(self.table)
    }
}
