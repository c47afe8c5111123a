//! Multi-level heads, and which columns stay in view.
//!
//! Neighbouring columns that share a level share its cell; a column with fewer levels reaches down to the
//! last one. A cell never reaches from a frozen column into one that scrolls.

use dinh_runtime::bindings::views::{TableColumn, Width};

/// A cell of the heads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head<'a> {
    /// Its text.
    pub text: &'a str,
    /// The first column it stands over.
    pub column: usize,
    /// Columns it stands over.
    pub columns: usize,
    /// Rows it takes.
    pub rows: usize,
    /// It belongs to one column: the innermost level.
    pub leaf: bool,
}

/// The rows of heads, outermost first.
pub fn heads<'a>(columns: &[&'a TableColumn]) -> Vec<Vec<Head<'a>>> {
    let depth = columns.iter().map(|column| column.heads.len()).max().unwrap_or(1).max(1);
    (0..depth).map(|level| row(columns, level, depth)).collect()
}

fn row<'a>(columns: &[&'a TableColumn], level: usize, depth: usize) -> Vec<Head<'a>> {
    let mut cells = Vec::new();
    let mut index = 0;
    while let Some(column) = columns.get(index) {
        let last = column.heads.len().saturating_sub(1);
        if level > last {
            index += 1;
        } else if level == last || column.heads.is_empty() {
            let text = column.heads.last().map_or("", String::as_str);
            cells.push(Head { text, column: index, columns: 1, rows: depth - level, leaf: true });
            index += 1;
        } else {
            let shares = |other: &&&TableColumn| {
                other.frozen == column.frozen
                    && other.heads.len() > level + 1
                    && other.heads.get(..=level) == column.heads.get(..=level)
            };
            let span = columns.iter().skip(index).take_while(shares).count().max(1);
            let text = column.heads.get(level).map_or("", String::as_str);
            cells.push(Head { text, column: index, columns: span, rows: 1, leaf: false });
            index += span;
        }
    }
    cells
}

/// The classes of a column's cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freeze {
    /// Classes that hold it in view; empty for a column that scrolls.
    pub classes: String,
}

/// Where each frozen column stands, in rem, after the columns before it. `selection` is the width of the
/// column of checkboxes, which stands first when there is one. The stylesheet knows the sums of widths
/// that are possible here, so columns beyond 30 rem are not frozen: there would be no room to scroll.
pub fn freezes(columns: &[&TableColumn], selection: Option<usize>) -> Vec<Freeze> {
    let mut left = selection.unwrap_or(0);
    let mut frozen: Vec<Option<(usize, usize)>> = Vec::with_capacity(columns.len());
    for column in columns {
        let rem = rem(column.width);
        let fits = column.frozen && left <= 30 && POSSIBLE.contains(&left);
        frozen.push(fits.then_some((left, rem)));
        left += rem;
    }
    let last = frozen.iter().rposition(Option::is_some);
    frozen
        .into_iter()
        .enumerate()
        .map(|(index, place)| Freeze {
            classes: place.map_or_else(String::new, |(left, rem)| {
                let edge = if Some(index) == last { " last" } else { "" };
                format!("frozen left-{left} fix-{rem}{edge}")
            }),
        })
        .collect()
}

/// Where the columns that scroll begin, in rem, as far as the stylesheet has a class for it: what stands over
/// several of them stays in view behind it.
pub fn edge(columns: &[&TableColumn], selection: Option<usize>) -> usize {
    let frozen = columns.iter().take_while(|column| column.frozen);
    let edge = frozen.fold(selection.unwrap_or(0), |left, column| left + rem(column.width));
    POSSIBLE.into_iter().rfind(|known| *known <= edge).unwrap_or(0)
}

/// Sums of widths that the stylesheet has a class for.
const POSSIBLE: [usize; 25] =
    [0, 3, 5, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30];

/// Width of a frozen column in rem.
fn rem(width: Width) -> usize {
    match width {
        Width::Narrow => 5,
        Width::Normal => 9,
        Width::Wide => 16,
    }
}

/// The class of a column that scrolls.
pub fn width(width: Width) -> &'static str {
    match width {
        Width::Narrow => "col-narrow",
        Width::Normal => "col-normal",
        Width::Wide => "col-wide",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_runtime::bindings::views::Format;

    fn column(heads: &[&str], frozen: bool, width: Width) -> TableColumn {
        TableColumn {
            key: heads.join("-"),
            heads: heads.iter().map(|head| (*head).to_owned()).collect(),
            number: None,
            format: Format::Plain,
            width,
            frozen,
            sortable: false,
            help: None,
            shared: None,
        }
    }

    #[test]
    fn neighbours_share_the_cells_of_their_shared_levels() {
        let ledger = [
            column(&["Stt"], true, Width::Narrow),
            column(&["Họ tên"], true, Width::Wide),
            column(&["Phải đóng", "Tháng này"], false, Width::Normal),
            column(&["Phải đóng", "Truy thu"], false, Width::Normal),
            column(&["Phải đóng", "Cộng"], false, Width::Normal),
            column(&["Đã thu"], false, Width::Normal),
        ];
        let columns: Vec<_> = ledger.iter().collect();
        let rows = heads(&columns);
        let shape: Vec<Vec<_>> = rows
            .iter()
            .map(|row| row.iter().map(|head| (head.text, head.columns, head.rows)).collect())
            .collect();
        assert_eq!(shape[0], [("Stt", 1, 2), ("Họ tên", 1, 2), ("Phải đóng", 3, 1), ("Đã thu", 1, 2)]);
        assert_eq!(shape[1], [("Tháng này", 1, 1), ("Truy thu", 1, 1), ("Cộng", 1, 1)]);
    }

    #[test]
    fn three_levels_nest_and_do_not_cross_into_what_scrolls() {
        let columns = [
            column(&["A", "B", "1"], true, Width::Narrow),
            column(&["A", "B", "2"], false, Width::Narrow),
            column(&["A", "C"], false, Width::Narrow),
        ];
        let rows = heads(&columns.iter().collect::<Vec<_>>());
        let shape: Vec<Vec<_>> = rows
            .iter()
            .map(|row| row.iter().map(|h| (h.text, h.column, h.columns, h.rows)).collect())
            .collect();
        assert_eq!(shape[0], [("A", 0, 1, 1), ("A", 1, 2, 1)]);
        assert_eq!(shape[1], [("B", 0, 1, 1), ("B", 1, 1, 1), ("C", 2, 1, 2)]);
        assert_eq!(shape[2], [("1", 0, 1, 1), ("2", 1, 1, 1)]);
        let covered: usize = rows.iter().flatten().map(|head| head.columns * head.rows).sum();
        assert_eq!(covered, 9);
    }

    #[test]
    fn a_column_without_heads_still_has_its_cell() {
        let columns = [column(&[], false, Width::Narrow)];
        assert_eq!(heads(&columns.iter().collect::<Vec<_>>())[0].len(), 1);
    }

    #[test]
    fn frozen_columns_stand_behind_each_other_and_every_place_has_its_class() {
        let columns = [
            column(&["a"], true, Width::Narrow),
            column(&["b"], true, Width::Wide),
            column(&["c"], false, Width::Wide),
        ];
        let freezes = freezes(&columns.iter().collect::<Vec<_>>(), Some(3));
        assert_eq!(freezes[0].classes, "frozen left-3 fix-5");
        assert_eq!(freezes[1].classes, "frozen left-8 fix-16 last");
        assert_eq!(freezes[2].classes, "");
        let style = include_str!("../../assets/style.css");
        for left in POSSIBLE {
            assert!(style.contains(&format!(".left-{left} {{")), "{left}");
        }
        for rem in [3, 5, 9, 16] {
            assert!(style.contains(&format!(".fix-{rem} {{")), "{rem}");
        }
    }
}
