//! Tables: from rows of any type, a column at a time, or from columns as they were read.

use super::{
    Action, Block, CellStyle, Format, Paging, RowKind, RowStyle, SharedField, Sorting, Table, TableColumn,
    Target, Tone, Width,
};
use crate::column::{Column, ColumnBuilder};
use crate::records::{Property, Record};
use crate::request::Request;
use crate::value::FieldType;

/// Deepest indentation of a row that is drawn.
const DEEPEST: u8 = 5;

impl TableColumn {
    /// The head of a column. The key names it in sort links and exports: a–z, 0–9, `-`.
    pub fn new(key: impl Into<String>, head: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            heads: vec![head.into()],
            number: None,
            format: Format::Plain,
            width: Width::Normal,
            frozen: false,
            sortable: false,
            help: None,
            shared: None,
        }
    }

    /// Puts a head above: neighbours that share it share its cell.
    pub fn under(mut self, head: impl Into<String>) -> Self {
        self.heads.insert(0, head.into());
        self
    }

    /// A line under the heads, such as `1` or `4=1+2+3`.
    pub fn number(mut self, number: impl Into<String>) -> Self {
        self.number = Some(number.into());
        self
    }

    /// How its values are shown.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// A decimal number with so many places.
    pub fn decimal(self, places: u8) -> Self {
        self.format(Format::Decimal(places))
    }

    /// Narrower than usual.
    pub fn narrow(mut self) -> Self {
        self.width = Width::Narrow;
        self
    }

    /// Wider than usual.
    pub fn wide(mut self) -> Self {
        self.width = Width::Wide;
        self
    }

    /// Stays in view when the table scrolls sideways; frozen columns come first.
    pub fn frozen(mut self) -> Self {
        self.frozen = true;
        self
    }

    /// The head links to the page sorted by this column.
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// The column holds references to records of a wanted dataset; the host shows this field of each, under the contract,
    /// so that no name has to be read or kept. Given as a property of the struct with `#[record(wanted = "…")]`.
    ///
    /// ```
    /// use dinh_sdk::prelude::*;
    ///
    /// #[derive(Clone, Record)]
    /// #[record(wanted = "members")]
    /// struct Member {
    ///     full_name: String,
    /// }
    /// let name = Head::new("member", "Họ và tên").showing(Member::FULL_NAME);
    /// # let _ = name;
    /// ```
    pub fn showing<R: Record, T: FieldType>(mut self, property: Property<R, T>) -> Self {
        let (wanted, field) = (R::COLLECTION.to_owned(), property.name().to_owned());
        self.shared = Some(SharedField { wanted, field });
        self
    }

    /// A short explanation.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A cell that is not an ordinary one.
///
/// ```
/// use dinh_sdk::prelude::*;
/// let total = Cell::new(Some(Decimal::new(6679, 2))).tone(Tone::Warning).note("Lệch 0,31 điểm");
/// # let _ = total;
/// ```
#[derive(Clone, Debug)]
pub struct Cell<V> {
    value: V,
    tone: Tone,
    note: Option<String>,
    target: Option<Target>,
    placeholder: Option<String>,
}

impl<V: FieldType> Cell<V> {
    /// With this value.
    pub fn new(value: V) -> Self {
        Self { value, tone: Tone::Neutral, note: None, target: None, placeholder: None }
    }

    /// What it means for the reader.
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// A short note shown with the cell, such as why it is flagged.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Where it leads.
    pub fn to(mut self, target: impl Into<Target>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// Shown instead of an empty value, such as `N/A`.
    pub fn or(mut self, placeholder: impl Into<String>) -> Self {
        self.placeholder = Some(placeholder.into());
        self
    }
}

/// What can stand in a cell: a value, or a [`Cell`].
pub trait IntoCell {
    /// The type of the value.
    type Value: FieldType;

    /// As a cell.
    fn into_cell(self) -> Cell<Self::Value>;
}

impl<V: FieldType> IntoCell for V {
    type Value = V;

    fn into_cell(self) -> Cell<V> {
        Cell::new(self)
    }
}

impl<V: FieldType> IntoCell for Cell<V> {
    type Value = V;

    fn into_cell(self) -> Self {
        self
    }
}

impl Table {
    /// A table without columns. The id names it in exports: a–z, 0–9, `-`. It may be exported.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
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
            empty_text: String::new(),
            exportable: true,
            note: None,
        }
    }

    /// A table with one row for each of `rows`.
    pub fn of<R>(id: impl Into<String>, rows: &[R]) -> TypedTable<'_, R> {
        TypedTable { rows, table: Self::new(id) }
    }

    /// One more column, as it was read.
    pub fn with(mut self, head: TableColumn, data: Column) -> Self {
        self.columns.push(head);
        self.data.push(data);
        self
    }

    /// A title above it.
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// Shown under it: source, rules of rounding.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Said in place of an empty table.
    pub fn empty(mut self, text: impl Into<String>) -> Self {
        self.empty_text = text.into();
        self
    }

    /// May not be exported.
    pub fn not_exportable(mut self) -> Self {
        self.exportable = false;
        self
    }

    /// Shows how it is sorted: by one of its sortable columns. Anything else (an address can name any
    /// column) changes nothing.
    pub fn sorted(mut self, sorting: Option<Sorting>) -> Self {
        let known = |sorting: &Sorting| {
            self.columns.iter().any(|column| column.sortable && column.key == sorting.column)
        };
        if let Some(sorting) = sorting.filter(known) {
            self.sorting = Some(sorting);
        }
        self
    }

    /// One page of a longer list, whose next page begins at the cursor `next`.
    pub fn paged(mut self, request: &Request, next: Option<String>) -> Self {
        self.paging = Some(Paging { total: None, next, started: request.after().is_some() });
        self
    }

    /// How many rows the longer list has in all.
    pub fn total(mut self, rows: u64) -> Self {
        self.paging.get_or_insert(Paging { total: None, next: None, started: false }).total = Some(rows);
        self
    }

    /// What can be done to the selected rows.
    pub fn bulk_action(mut self, action: Action) -> Self {
        self.bulk_actions.push(action);
        self
    }
}

/// A table that is being built from rows, a column at a time.
#[derive(Clone, Debug)]
#[must_use]
pub struct TypedTable<'a, R> {
    rows: &'a [R],
    table: Table,
}

impl<'a, R> TypedTable<'a, R> {
    /// One more column: its head, and its cell in each row. A text need not be copied: `|note| note.title.as_str()`, and of
    /// one that may be empty, `.as_deref()`.
    pub fn column<C: IntoCell>(mut self, head: TableColumn, cell: impl Fn(&'a R) -> C) -> Self {
        let column = index(self.table.columns.len());
        let mut data = ColumnBuilder::new(C::Value::KIND);
        for (row, item) in self.rows.iter().enumerate() {
            let cell = cell(item).into_cell();
            let filled = cell.value.put(&mut data);
            let placeholder = cell.placeholder.filter(|_| !filled);
            let ordinary = cell.tone == Tone::Neutral
                && cell.note.is_none()
                && cell.target.is_none()
                && placeholder.is_none();
            if !ordinary {
                self.table.cell_styles.push(CellStyle {
                    row: index(row),
                    column,
                    tone: cell.tone,
                    note: cell.note,
                    target: cell.target,
                    placeholder,
                });
            }
        }
        self.table = self.table.with(head, data.finish());
        self
    }

    /// Where the first cell of each row leads.
    pub fn row_target<T: Into<Target>>(mut self, target: impl Fn(&R) -> Option<T>) -> Self {
        self.table.row_targets = self.rows.iter().map(|row| target(row).map(Into::into)).collect();
        self
    }

    /// Which rows are not ordinary ones.
    pub fn row_kind(mut self, kind: impl Fn(&R) -> Option<RowKind>) -> Self {
        for (row, item) in self.rows.iter().enumerate() {
            if let Some(kind) = kind(item) {
                restyle(&mut self.table.row_styles, row, |style| style.kind = Some(kind));
            }
        }
        self
    }

    /// How many rows each stands below: how far its first cell is indented. What is deeper than the deepest that is drawn
    /// stands there.
    pub fn row_depth(mut self, depth: impl Fn(&R) -> usize) -> Self {
        for (row, item) in self.rows.iter().enumerate() {
            let depth = u8::try_from(depth(item)).unwrap_or(DEEPEST).min(DEEPEST);
            if depth > 0 {
                restyle(&mut self.table.row_styles, row, |style| style.depth = depth);
            }
        }
        self
    }

    /// Makes rows selectable: one key for each.
    pub fn row_key(mut self, key: impl Fn(&R) -> String) -> Self {
        self.table.row_keys = self.rows.iter().map(key).collect();
        self
    }

    /// The finished table.
    pub fn build(self) -> Table {
        self.table
    }
}

impl<R> From<TypedTable<'_, R>> for Block {
    fn from(table: TypedTable<'_, R>) -> Self {
        Self::Table(table.table)
    }
}

/// Says one more thing of a row; the styles are in the order of their rows.
fn restyle(styles: &mut Vec<RowStyle>, row: usize, change: impl FnOnce(&mut RowStyle)) {
    let row = index(row);
    match styles.binary_search_by_key(&row, |style| style.row) {
        Ok(place) => {
            if let Some(style) = styles.get_mut(place) {
                change(style);
            }
        }
        Err(place) => {
            let mut style = RowStyle { row, kind: None, depth: 0 };
            change(&mut style);
            styles.insert(place, style);
        }
    }
}

/// Tables have fewer than 2^32 rows: they are in a guest's memory.
fn index(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Decimal;

    #[test]
    fn a_row_is_indented_whatever_its_kind_and_no_deeper_than_is_drawn() {
        let rows =
            [("Đảng bộ", 0, false), ("Chi bộ 1", 1, false), ("Chi bộ 2", 1, true), ("Tổ đảng", 9, false)];
        let table = Table::of("tree", &rows)
            .column(TableColumn::new("name", "Tổ chức đảng"), |row| row.0)
            .row_kind(|row| row.2.then_some(RowKind::Cancelled))
            .row_depth(|row| row.1)
            .build();
        let style = |row, kind, depth| RowStyle { row, kind, depth };
        let expected = [style(1, None, 1), style(2, Some(RowKind::Cancelled), 1), style(3, None, DEEPEST)];
        assert_eq!(table.row_styles, expected);
    }

    #[test]
    fn a_table_of_rows_has_a_column_for_each_and_styles_where_cells_are_special() {
        let rows = [("Quảng Ninh", Some(Decimal::new(7302, 2))), ("Thanh Hóa", None)];
        let table = Table::of("ranking", &rows)
            .column(TableColumn::new("name", "Tỉnh"), |row| row.0)
            .column(TableColumn::new("score", "Điểm").decimal(2), |row| Cell::new(row.1).or("N/A"))
            .row_kind(|row| row.1.is_none().then_some(RowKind::Highlight))
            .row_target(|row| row.1.map(|_| "/x"))
            .build();
        assert_eq!(table.data[0].text(1), Some("Thanh Hóa"));
        assert_eq!(table.data[1].get(1), Ok(None::<Decimal>));
        let placeholders: Vec<_> =
            table.cell_styles.iter().map(|style| (style.row, style.placeholder.as_deref())).collect();
        assert_eq!(placeholders, [(1, Some("N/A"))]);
        assert_eq!(table.row_styles, [RowStyle { row: 1, kind: Some(RowKind::Highlight), depth: 0 }]);
        assert_eq!(table.row_targets, [Some(Target::Page("/x".into())), None]);
    }

    #[test]
    fn a_table_is_only_sorted_by_a_column_that_can_be() {
        let by = |column: &str| Some(Sorting { column: column.into(), descending: true });
        let table = Table::new("t")
            .with(TableColumn::new("a", "A").sortable(), Column::of([1_i64]))
            .with(TableColumn::new("b", "B"), Column::of([1_i64]))
            .sorted(by("a"));
        assert_eq!(table.clone().sorted(by("b")).sorted(by("c")).sorted(None).sorting, by("a"));
    }

    #[test]
    fn an_empty_table_still_has_typed_columns() {
        let table = Table::of::<i64>("t", &[]).column(TableColumn::new("n", "N"), |n| *n).build();
        assert_eq!(table.data[0].rows(), 0);
    }
}
