//! Entry grids: ledgers filled like a sheet.

use super::{EntryGrid, FieldKind, GridColumn, ShownVersion, Table};
use crate::records::{Record, Stored};

impl EntryGrid {
    /// A grid with the columns and rows of a table, which needs a key for each row
    /// ([`row_key`](super::TypedTable::row_key)). Cells can be filled in where a column is
    /// [`editable`](Self::editable); only those that were changed come back, as
    /// [`cells`](crate::Submission::cells).
    ///
    /// ```
    /// use dinh_sdk::prelude::*;
    ///
    /// let members = [("m1", "Nguyễn Văn An", Some(120_000_i64)), ("m2", "Trần Thị Bình", None)];
    /// let ledger = Table::of("ledger", &members)
    ///     .column(Head::new("name", "Họ tên").frozen(), |member| member.1)
    ///     .column(Head::new("paid", "Đã thu").format(Format::Money), |member| member.2)
    ///     .row_key(|member| member.0.to_owned())
    ///     .build();
    /// let money = FieldKind::Money(IntegerRange { minimum: Some(0), maximum: None });
    /// let grid = EntryGrid::new(ledger, "Ghi sổ").editable("paid", money).lock(1);
    /// assert_eq!(grid.row_keys, ["m1", "m2"]);
    /// ```
    pub fn new(table: Table, submit: impl Into<String>) -> Self {
        let shown_only = |column| GridColumn { column, kind: None, required: false };
        Self {
            id: table.id,
            caption: table.caption,
            columns: table.columns.into_iter().map(shown_only).collect(),
            data: table.data,
            row_keys: table.row_keys,
            locked_rows: Vec::new(),
            row_styles: table.row_styles,
            cell_styles: table.cell_styles,
            shown: Vec::new(),
            submit: submit.into(),
        }
    }

    /// The column with this key can be filled in.
    pub fn editable(mut self, key: &str, kind: FieldKind) -> Self {
        if let Some(column) = self.columns.iter_mut().find(|column| column.column.key == key) {
            column.kind = Some(kind);
        }
        self
    }

    /// The row (0-based) is closed and cannot be filled in.
    pub fn lock(mut self, row: u32) -> Self {
        self.locked_rows.push(row);
        self
    }

    /// A record that is shown: if somebody changes it meanwhile, the host shows both instead of overwriting.
    pub fn showing<R: Record>(mut self, record: &Stored<R>) -> Self {
        self.shown.push(ShownVersion::of(record));
        self
    }
}

impl ShownVersion {
    /// A record as it is shown.
    pub fn of<R: Record>(record: &Stored<R>) -> Self {
        Self { collection: R::COLLECTION.to_owned(), id: record.id, version: record.version }
    }
}
