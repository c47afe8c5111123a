//! How tall a row is whose texts take several lines. Excel finds that out itself; other programs show the first line only
//! unless they are told.

use super::cell::Cell;
use super::layout::Slot;
use super::look::Look;

/// Points of a line.
const LINE: usize = 15;
/// Points of the title.
const TITLE: usize = 20;
/// The tallest row that a program shows: 409 points.
const LINES: usize = 27;

/// The height of a row in points, where it is not that of one line.
pub fn height(slots: &[Slot], widths: &[usize]) -> Option<usize> {
    let tall = |(column, slot): (usize, &Slot)| match slot {
        Slot::Cell { look: Look::Title, .. } => TITLE,
        Slot::Cell { cell: Cell::Text(text), look, columns, rows } if look.wraps() => {
            let width = widths.iter().skip(column).take(*columns).sum();
            lines(text, width).div_ceil((*rows).max(1)).min(LINES) * LINE
        }
        _ => LINE,
    };
    slots.iter().enumerate().map(tall).max().filter(|points| *points > LINE)
}

/// The lines of a text in a column of so many characters, broken between words.
fn lines(text: &str, width: usize) -> usize {
    let width = width.max(2) - 1;
    text.split('\n').map(|line| broken(line, width)).sum()
}

fn broken(line: &str, width: usize) -> usize {
    let (mut lines, mut taken) = (1, 0);
    for word in line.split(' ') {
        let long = word.chars().count();
        let space = usize::from(taken > 0);
        if taken + space + long <= width {
            taken += space + long;
        } else {
            lines += usize::from(taken > 0) + long.saturating_sub(1) / width;
            taken = long.saturating_sub(1) % width + 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_tall_as_its_longest_text_in_its_width() {
        assert_eq!(lines("Hạng", 9), 1);
        assert_eq!(lines("Gia nhập thị trường", 9), 3, "thị trường is broken, too");
        assert_eq!(lines("a\nb\n\nc", 9), 4);
        assert_eq!(lines(&"x".repeat(17), 9), 3);
        let head = |text: &str, columns, rows| Slot::Cell {
            cell: Cell::Text(text.into()),
            look: Look::Head,
            columns,
            rows,
        };
        assert_eq!(height(&[head("Truy thu các tháng", 1, 1)], &[9]), Some(45));
        assert_eq!(height(&[head("Truy thu các tháng", 2, 1)], &[9, 17]), None);
        assert_eq!(height(&[head("Truy thu các tháng", 1, 2)], &[9]), Some(30));
        assert_eq!(height(&[head(&"x".repeat(9_000), 1, 1)], &[9]), Some(LINES * LINE));
    }
}
