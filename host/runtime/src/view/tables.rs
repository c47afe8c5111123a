//! Tables, entry grids and charts.

use std::collections::HashSet;

use dinh_services::records::MOST_ROWS;

use super::{COLUMNS, Checked, Checker, ITEMS, ROWS};
use crate::bindings::types::{Column, ColumnValues};
use crate::bindings::views::{Axis, CellStyle, Chart, EntryGrid, FieldKind, RowStyle, Table, TableColumn};

impl Checker {
    pub(super) fn table(&mut self, table: &Table) -> Checked {
        self.id("id", &table.id)?;
        self.optional("caption", table.caption.as_deref())?;
        self.optional("note", table.note.as_deref())?;
        self.text("empty-text", &table.empty_text)?;
        let columns: Vec<&TableColumn> = table.columns.iter().collect();
        self.columns(&columns)?;
        let rows = self.data(&table.data, table.columns.len(), ROWS)?;
        self.shared(&columns, &table.data, rows)?;
        self.row_styles(&table.row_styles, rows)?;
        self.cell_styles(&table.cell_styles, rows, table.columns.len())?;
        self.one_for_each_row("row-targets", table.row_targets.len(), rows)?;
        self.each("row-targets", &table.row_targets, ROWS, |checker, target| {
            checker.maybe_target(target.as_ref())
        })?;
        self.one_for_each_row("row-keys", table.row_keys.len(), rows)?;
        self.row_keys(&table.row_keys)?;
        self.actions("bulk-actions", &table.bulk_actions)?;
        if !table.bulk_actions.is_empty() && table.row_keys.is_empty() && rows > 0 {
            return self.wrong("bulk actions without row keys: no row could be selected");
        }
        if let Some(sorting) = &table.sorting
            && !table.columns.iter().any(|column| column.key == sorting.column)
        {
            return self
                .wrong(format!("sorted by {:?}, which is no column", super::words::cut(&sorting.column)));
        }
        match table.paging.as_ref().and_then(|paging| paging.next.as_deref()) {
            Some(cursor) if cursor.is_empty() || cursor.len() > 4096 => {
                self.wrong("a cursor of no or more than 4,096 bytes")
            }
            Some(cursor) => self.text("paging", cursor),
            None => Ok(()),
        }
    }

    pub(super) fn grid(&mut self, grid: &EntryGrid) -> Checked {
        self.id("id", &grid.id)?;
        self.optional("caption", grid.caption.as_deref())?;
        self.filled("submit", &grid.submit)?;
        let columns: Vec<&TableColumn> = grid.columns.iter().map(|column| &column.column).collect();
        self.columns(&columns)?;
        self.each("columns", &grid.columns, COLUMNS, |checker, column| match &column.kind {
            Some(FieldKind::Attachment(_)) => {
                checker.wrong("a kind that a cell cannot have: files come with forms")
            }
            Some(kind) => checker.at("kind", |checker| checker.field_kind(kind)),
            None => Ok(()),
        })?;
        let rows = self.data(&grid.data, grid.columns.len(), ROWS)?;
        self.shared(&columns, &grid.data, rows)?;
        if grid.row_keys.len() != rows {
            return self.wrong(format!("{} row keys for {rows} rows", grid.row_keys.len()));
        }
        self.row_keys(&grid.row_keys)?;
        self.each("locked-rows", &grid.locked_rows, ROWS, |checker, row| checker.row(*row, rows))?;
        self.row_styles(&grid.row_styles, rows)?;
        self.cell_styles(&grid.cell_styles, rows, grid.columns.len())?;
        self.shown(&grid.shown)
    }

    pub(super) fn columns(&mut self, columns: &[&TableColumn]) -> Checked {
        let mut keys = HashSet::new();
        let mut frozen = true;
        self.each("columns", columns, COLUMNS, |checker, column| {
            checker.key("key", &column.key)?;
            if !keys.insert(column.key.clone()) {
                return checker.wrong(format!("the key {:?} is there twice", column.key));
            }
            if column.frozen && !frozen {
                return checker.wrong("frozen after one that is not; frozen columns come first");
            }
            frozen = column.frozen;
            if !(1..=5).contains(&column.heads.len()) {
                return checker.wrong(format!("{} heads; 1 to 5 levels", column.heads.len()));
            }
            checker.each("heads", &column.heads, 5, |checker, head| checker.text("head", head))?;
            checker.optional("number", column.number.as_deref())?;
            checker.optional("help", column.help.as_deref())?;
            checker.format(column.format)
        })
    }

    /// One column of data for each column, all of the same length of at most so many rows; that length.
    pub(super) fn data(
        &mut self,
        data: &[Column],
        columns: usize,
        most: usize,
    ) -> Result<usize, super::ViewProblem> {
        if data.len() != columns {
            self.wrong(format!("{} columns of data for {columns} columns", data.len()))?;
        }
        let rows = data.first().map_or(0, |column| super::data::length(&column.values));
        if rows > most {
            self.wrong(format!("{rows} rows; at most {most} at a time: use paging"))?;
        }
        self.each("data", data, COLUMNS, |checker, column| checker.column(column, rows))?;
        Ok(rows)
    }

    /// Columns that show a shared field hold references, as many as are resolved at once.
    fn shared(&mut self, columns: &[&TableColumn], data: &[Column], rows: usize) -> Checked {
        for (column, data) in columns.iter().zip(data) {
            let Some(shared) = &column.shared else { continue };
            self.text("wanted", &shared.wanted)?;
            self.text("field", &shared.field)?;
            if !matches!(data.values, ColumnValues::References(_)) {
                return self.wrong(format!("{:?} shows a shared field and holds no references", column.key));
            }
            if rows > MOST_ROWS as usize {
                return self.wrong(format!("{rows} rows with a shared field; at most {MOST_ROWS} at a time"));
            }
        }
        Ok(())
    }

    fn row(&self, row: u32, rows: usize) -> Checked {
        if (row as usize) < rows {
            Ok(())
        } else {
            self.wrong(format!("row {row} of {rows}; rows count from 0"))
        }
    }

    fn one_for_each_row(&self, what: &str, given: usize, rows: usize) -> Checked {
        if given == 0 || given == rows {
            return Ok(());
        }
        self.wrong(format!("{given} {what} for {rows} rows; none, or one for each"))
    }

    fn row_keys(&mut self, keys: &[String]) -> Checked {
        let mut seen = HashSet::new();
        self.each("row-keys", keys, ROWS, |checker, key| {
            checker.token("key", key)?;
            if seen.insert(key.clone()) { Ok(()) } else { checker.wrong("a key that another row has too") }
        })
    }

    fn row_styles(&mut self, styles: &[RowStyle], rows: usize) -> Checked {
        self.each("row-styles", styles, ROWS, |checker, style| {
            checker.row(style.row, rows)?;
            checker.up_to("depth", style.depth, 5)
        })
    }

    fn cell_styles(&mut self, styles: &[CellStyle], rows: usize, columns: usize) -> Checked {
        self.each("cell-styles", styles, 100_000, |checker, style| {
            checker.row(style.row, rows)?;
            if style.column as usize >= columns {
                return checker.wrong(format!("column {} of {columns}; columns count from 0", style.column));
            }
            checker.optional("note", style.note.as_deref())?;
            checker.optional("placeholder", style.placeholder.as_deref())?;
            checker.maybe_target(style.target.as_ref())
        })
    }

    pub(super) fn chart(&mut self, chart: &Chart) -> Checked {
        self.id("id", &chart.id)?;
        self.filled("title", &chart.title)?;
        self.optional("note", chart.note.as_deref())?;
        self.format(chart.format)?;
        self.each("categories", &chart.categories, ITEMS, |checker, name| checker.text("name", name))?;
        self.at("axis", |checker| checker.axis(&chart.axis))?;
        if let Some(axis) = &chart.second_axis {
            self.at("second-axis", |checker| checker.axis(axis))?;
        }
        self.each("series", &chart.series, 50, |checker, series| {
            checker.filled("name", &series.name)?;
            if series.second_axis && chart.second_axis.is_none() {
                return checker.wrong("drawn against a second axis that is not there");
            }
            if !matches!(series.values.values, ColumnValues::Integers(_) | ColumnValues::Decimals(_)) {
                return checker.wrong("values that are not numbers");
            }
            checker.column(&series.values, chart.categories.len())
        })
    }

    fn axis(&mut self, axis: &Axis) -> Checked {
        use crate::bindings::types::Value;
        self.optional("title", axis.title.as_deref())?;
        for (name, value) in [("minimum", &axis.minimum), ("maximum", &axis.maximum)] {
            if !matches!(value, Value::Empty | Value::Integer(_) | Value::Decimal(_)) {
                return self.at(name, |checker| checker.wrong("not a number"));
            }
            self.value(name, value)?;
        }
        Ok(())
    }
}
