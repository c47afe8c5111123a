//! What stands above the rows of a table: its lines, its heads with their levels, the numbers of its columns.

use dinh_runtime::bindings::views::{Format, TableColumn, Width};

use super::cell::Cell;
use super::look::Look;
use super::xml::unix;
use crate::draw::heads::heads;

/// Longest name of a sheet, in UTF-16 units.
const NAME: usize = 31;
/// Widest frozen columns, in characters: with more there would be no room to scroll.
const FROZEN: usize = 60;

/// A line above a table.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// It is the title.
    pub title: bool,
}

/// What a workbook begins with.
pub struct Layout<'a> {
    /// The name of its sheet, as [`sheet_name`] makes it.
    pub sheet: String,
    /// Above the table.
    pub lines: Vec<Line>,
    /// The columns.
    pub columns: Vec<&'a TableColumn>,
}

impl Layout<'_> {
    /// The widths of the columns, in characters.
    pub fn widths(&self) -> Vec<usize> {
        self.columns.iter().map(|column| width(column)).collect()
    }

    /// Columns that stay in view.
    pub fn frozen(&self) -> usize {
        let mut left = 0;
        let fits = |column: &&&TableColumn| {
            left += width(column);
            column.frozen && left <= FROZEN
        };
        self.columns.iter().take_while(fits).count()
    }
}

/// The width of a column in characters: as wide as the page has it, and wide enough for what is a number or a day, which
/// programs do not break but hide.
pub fn width(column: &TableColumn) -> usize {
    let wanted = match column.width {
        Width::Narrow => 9,
        Width::Normal => 18,
        Width::Wide => 34,
    };
    let needed = match column.format {
        Format::Date => 12,
        Format::Instant => 19,
        Format::Money => 15,
        _ => 0,
    };
    wanted.max(needed)
}

/// A place in a row.
#[derive(Clone, Debug)]
pub enum Slot {
    /// Belongs to a cell that reaches into it.
    Covered,
    /// A cell.
    Cell {
        /// What stands in it.
        cell: Cell,
        /// How it looks.
        look: Look,
        /// Columns it takes.
        columns: usize,
        /// Rows it takes.
        rows: usize,
    },
}

impl Slot {
    /// A cell that takes one place.
    pub fn one(cell: Cell, look: Look) -> Self {
        Self::Cell { cell, look, columns: 1, rows: 1 }
    }

    /// UTF-16 units of its text.
    pub fn units(&self) -> usize {
        match self {
            Self::Cell { cell: Cell::Text(text), .. } => text.encode_utf16().count(),
            _ => 0,
        }
    }
}

/// The rows above the first of the table.
pub fn top(layout: &Layout<'_>) -> Vec<Vec<Slot>> {
    let mut rows: Vec<Vec<Slot>> = Vec::new();
    for line in &layout.lines {
        let look = if line.title { Look::Title } else { Look::Line };
        rows.push(vec![Slot::one(Cell::Text(unix(&line.text)), look)]);
    }
    if !rows.is_empty() {
        rows.push(Vec::new());
    }
    let levels = heads(&layout.columns);
    let mut grid = vec![vec![Slot::Covered; layout.columns.len()]; levels.len()];
    for (level, row) in levels.iter().enumerate() {
        for head in row {
            if let Some(slot) = grid.get_mut(level).and_then(|row| row.get_mut(head.column)) {
                let cell = Cell::Text(unix(head.text));
                *slot = Slot::Cell { cell, look: Look::Head, columns: head.columns, rows: head.rows };
            }
        }
    }
    rows.append(&mut grid);
    if layout.columns.iter().any(|column| column.number.is_some()) {
        let number = |column: &&TableColumn| column.number.clone().map_or(Cell::Empty, Cell::Text);
        rows.push(layout.columns.iter().map(|column| Slot::one(number(column), Look::Head)).collect());
    }
    rows
}

/// A name that both kinds of workbook take for a sheet: without what addresses of cells are made of, short, and not
/// empty.
pub fn sheet_name(text: &str, else_: &str) -> String {
    let clean = |text: &str| -> String {
        let taken = |c: char| c.is_control() || "[]:*?/\\\u{fffe}\u{ffff}".contains(c);
        let spaced: String = text.chars().map(|c| if taken(c) { ' ' } else { c }).collect();
        let words = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut units = 0;
        let fits = |c: &char| {
            units += c.len_utf16();
            units <= NAME
        };
        let short: String = words.trim_matches(['\'', ' ']).chars().take_while(fits).collect();
        short.trim_matches(['\'', ' ']).to_owned()
    };
    // Excel keeps this name for itself.
    let usable = |name: &String| !name.is_empty() && !name.eq_ignore_ascii_case("history");
    [clean(text), clean(else_)].into_iter().find(usable).unwrap_or_else(|| "Sheet1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_named_as_programs_allow() {
        assert_eq!(sheet_name("Bảng xếp hạng PCI năm 2021", "x"), "Bảng xếp hạng PCI năm 2021");
        assert_eq!(sheet_name("'Thu [quý 1/2026]: đảng phí*?'", "x"), "Thu quý 1 2026 đảng phí");
        assert_eq!(
            sheet_name("Danh sách đảng viên chuyển sinh hoạt", "x"),
            "Danh sách đảng viên chuyển sinh"
        );
        assert_eq!(sheet_name("😀".repeat(40).as_str(), "x").encode_utf16().count(), 30);
        assert_eq!(sheet_name("[]", "list"), "list");
        assert_eq!(sheet_name("History", ""), "Sheet1");
    }
}
