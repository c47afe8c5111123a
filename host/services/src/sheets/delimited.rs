//! CSV: text with commas, semicolons or tabs.

use csv::{ReaderBuilder, StringRecord};

use super::SheetError;
use super::table::{Collector, Limits, RawCell, RawRow, RawTable};

const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads `text`. Which delimiter it has shows its first line: the one that makes most heads known to
/// `is_head`, and among equals the one that makes most cells. A first line `sep=;`, as Excel writes it,
/// decides by itself.
pub(super) fn read(
    text: &str,
    is_head: impl Fn(&str) -> bool,
    limits: Limits,
) -> Result<RawTable, SheetError> {
    let says_something = |c: char| !c.is_whitespace() && !",;\"".contains(c);
    if !text.contains(says_something) {
        return Err(SheetError::Empty);
    }
    let (text, named, skipped) = match text.split_once('\n') {
        Some((first, rest)) => match first.strip_prefix("sep=").map(str::as_bytes) {
            Some([delimiter]) if DELIMITERS.contains(delimiter) => (rest, Some(*delimiter), 1),
            _ => (text, None, 0),
        },
        None => (text, None, 0),
    };
    let delimiter = named.unwrap_or_else(|| find_delimiter(text, is_head));
    let mut reader = reader(delimiter).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut rows = Collector::new(limits, false);
    let mut lines = Lines::new(text, skipped);
    loop {
        // The text is UTF-8 and rows may have any length, so there is nothing left to fail.
        if !reader.read_record(&mut record).map_err(|_| SheetError::Binary)? {
            break;
        }
        let end = reader.position().byte();
        let line = lines.of_record_before(end);
        let cells: Vec<_> = record.iter().map(RawCell::text).collect();
        let is_last = usize::try_from(end).is_ok_and(|end| end >= text.len());
        let unclosed = is_last
            && record.iter().next_back().is_some_and(|last| last.contains('\n'))
            && !text.trim_end().ends_with('"');
        rows.push(RawRow { line, cells, unclosed })?;
    }
    rows.finish()
}

fn reader(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter);
    builder
}

fn find_delimiter(text: &str, is_head: impl Fn(&str) -> bool) -> u8 {
    let score = |delimiter: u8| {
        let mut reader = reader(delimiter).from_reader(text.as_bytes());
        let filled = |record: &StringRecord| record.iter().any(|cell| !cell.trim().is_empty());
        let heads = reader.records().filter_map(Result::ok).find(filled).unwrap_or_default();
        (heads.iter().filter(|head| is_head(head)).count(), heads.len())
    };
    // The first of equals: a file of one column has no delimiter, and then any will do.
    let mut best = (b',', score(b','));
    for delimiter in DELIMITERS {
        let found = score(delimiter);
        if found > best.1 {
            best = (delimiter, found);
        }
    }
    best.0
}

/// Counts lines: the reader skips blank lines without saying so, hence each record's line is found from
/// where it ends, by skipping the blank lines it may begin with.
struct Lines<'a> {
    text: &'a str,
    line: u32,
    at: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str, skipped: u32) -> Self {
        Self { text, line: 1 + skipped, at: 0 }
    }

    fn of_record_before(&mut self, end: u64) -> u32 {
        let end = usize::try_from(end).unwrap_or(usize::MAX);
        let consumed = self.text.as_bytes().get(self.at..end.min(self.text.len())).unwrap_or_default();
        let blank = consumed.iter().take_while(|byte| **byte == b'\n').count();
        let all = consumed.iter().filter(|byte| **byte == b'\n').count();
        let begins = self.line.saturating_add(u32::try_from(blank).unwrap_or(u32::MAX));
        self.line = self.line.saturating_add(u32::try_from(all).unwrap_or(u32::MAX));
        self.at = end;
        begins
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { rows: 10, columns: 5, unpacked: 1 << 20 };

    fn table(text: &str) -> Result<RawTable, SheetError> {
        read(text, |head| ["năm", "điểm"].contains(&head), LIMITS)
    }

    fn lines(table: &RawTable) -> Vec<u32> {
        table.rows.iter().map(|row| row.line).collect()
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_known_heads() {
        for text in ["năm;điểm, tổng\n2021;7,39", "năm\tđiểm\n2021\t7,39", "sep=;\nx;y\n2021;7,39"]
        {
            let table = table(text).unwrap();
            assert_eq!(table.heads.len(), 2, "{text}");
            assert_eq!(table.rows[0].cells[1], RawCell::Text("7,39".into()), "{text}");
        }
        assert_eq!(table("năm,điểm\n2021,\"7,39\"").unwrap().heads, ["năm", "điểm"]);
    }

    #[test]
    fn lines_are_those_of_the_file_whatever_was_skipped() {
        let table_read = table("năm;điểm\n\n1;2\n;\n\"a\nb\";3\n4;5\n").unwrap();
        assert_eq!(lines(&table_read), [3, 5, 7]);
        assert_eq!(lines(&table("sep=;\nnăm;điểm\n1;2").unwrap()), [3]);
        assert_eq!(lines(&table("\n\nnăm;điểm\n1;2").unwrap()), [4]);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_noticed() {
        let table = table("năm;điểm\n1;\"2\n3;4\n5;6\n").unwrap();
        assert!(table.rows[0].unclosed);
    }

    #[test]
    fn limits_say_how_much_there_was() {
        let long = format!("năm;điểm\n{}", "1;2\n".repeat(11));
        assert_eq!(table(&long), Err(SheetError::TooManyRows { rows: 11, most: 10 }));
        assert_eq!(table("a;b;c;d;e;f\n"), Err(SheetError::TooManyColumns { columns: 6, most: 5 }));
        assert_eq!(table(""), Err(SheetError::Empty));
        assert_eq!(table(" \n;;\n"), Err(SheetError::Empty));
        assert_eq!(table("năm;điểm\n;\n"), Err(SheetError::NoRows));
    }
}
