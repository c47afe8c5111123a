//! A file and the columns of a block → a sheet and its problems.

use dinh_model::{Language, Value};

use super::cell::{self, CellParser};
use super::error::{Problem, SheetError};
use super::heads::{Assigned, Heads};
use super::sheet::{Sheet, SheetColumn, SheetColumnData};
use super::table::{Limits, RawCell, RawRow, RawTable};
use super::wrong::Wrong;
use super::{delimited, encoding, workbook};

/// Most columns of a file, declared or not.
const MOST_COLUMNS: u32 = 500;
/// Most bytes that a workbook may unpack to.
const MOST_UNPACKED: u64 = 256 << 20;
/// Most problems that are put into words; cells beyond it are marked wrong and counted.
const MOST_PROBLEMS: usize = 10_000;
/// Characters of a wrong cell that a problem repeats.
const SHOWN: usize = 100;

/// What a block asks of a file.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Its columns.
    pub columns: &'a [SheetColumn],
    /// Most rows of data.
    pub most_rows: u32,
    /// The language of problems.
    pub language: Language,
}

/// Reads an uploaded file. Which kind it is, its first bytes say, not its name.
pub fn read(file_name: &str, bytes: &[u8], wanted: Wanted<'_>) -> Result<Sheet, SheetError> {
    let heads = Heads::new(wanted.columns);
    let is_head = |head: &str| heads.find(head).is_some();
    let limits = Limits { rows: wanted.most_rows, columns: MOST_COLUMNS, unpacked: MOST_UNPACKED };
    let table = match bytes {
        [] => return Err(SheetError::Empty),
        [b'P', b'K', 3, 4, ..] => workbook::read(bytes, is_head, limits)?,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(SheetError::OldExcel),
        [b'%', b'P', b'D', b'F', b'-', ..] => return Err(SheetError::Binary),
        bytes => delimited::read(&encoding::decode(bytes)?, is_head, limits)?,
    };
    let assigned = heads.assign(&table.heads)?;
    let parsers = wanted.columns.iter().map(CellParser::new).collect();
    let reading = Reading { parsers, language: wanted.language, table: &table, assigned: &assigned };
    Ok(reading.sheet(file_name))
}

struct Reading<'a> {
    parsers: Vec<CellParser<'a>>,
    language: Language,
    table: &'a RawTable,
    assigned: &'a Assigned,
}

impl Reading<'_> {
    fn sheet(&self, file_name: &str) -> Sheet {
        let rows = self.table.rows.len();
        let mut sheet = Sheet {
            file_name: base_name(file_name),
            lines: self.table.rows.iter().map(|row| row.line).collect(),
            columns: Vec::new(),
            problems: Vec::new(),
            unlisted_problems: 0,
            unknown_heads: self.assigned.unknown.clone(),
        };
        let present = || {
            self.parsers
                .iter()
                .zip(&self.assigned.places)
                .filter_map(|(parser, place)| Some((parser, (*place)?)))
        };
        let mut columns: Vec<SheetColumnData> = present()
            .map(|(parser, _)| SheetColumnData {
                name: parser.column.name.clone(),
                values: Vec::with_capacity(rows),
                wrong: Vec::with_capacity(rows),
            })
            .collect();
        for (number, row) in self.table.rows.iter().enumerate() {
            let ragged = self.whole_row(row);
            if let Some(wrong) = &ragged {
                let shown = row.cells.iter().map(cell::as_text).collect::<Vec<_>>().join(" | ");
                self.report(&mut sheet, number, row.line, None, &shown, wrong);
            }
            for ((parser, place), data) in present().zip(&mut columns) {
                let raw = row.cells.get(place).unwrap_or(&RawCell::Empty);
                let value = match (&ragged, parser.parse(raw)) {
                    (Some(_), _) => None,
                    (None, Ok(value)) => Some(value),
                    (None, Err(wrong)) => {
                        let shown = cell::as_text(raw);
                        self.report(&mut sheet, number, row.line, Some(parser.column), &shown, &wrong);
                        None
                    }
                };
                data.wrong.push(value.is_none());
                data.values.push(value.unwrap_or(Value::Empty));
            }
        }
        sheet.columns = columns;
        sheet
    }

    /// What is wrong with a row as a whole. Empty cells beyond the heads are nobody's mistake.
    fn whole_row(&self, row: &RawRow) -> Option<Wrong> {
        if row.unclosed {
            return Some(Wrong::Unclosed);
        }
        let heads = self.table.heads.len();
        let filled = row.cells.iter().rposition(|cell| *cell != RawCell::Empty).map_or(0, |last| last + 1);
        let (few, many) = (row.cells.len() < heads && !self.table.sparse, filled > heads);
        // A workbook may have a note beside the table; a CSV file with an extra cell is out of step.
        (few || (many && !self.table.sparse)).then_some(Wrong::Ragged { cells: row.cells.len(), heads })
    }

    fn report(
        &self,
        sheet: &mut Sheet,
        row: usize,
        line: u32,
        column: Option<&SheetColumn>,
        value: &str,
        wrong: &Wrong,
    ) {
        if sheet.problems.len() >= MOST_PROBLEMS {
            sheet.unlisted_problems += 1;
            return;
        }
        let label = column.map_or("", |column| &column.label);
        sheet.problems.push(Problem {
            row: u32::try_from(row).unwrap_or(u32::MAX),
            line,
            column: column.map(|column| column.name.clone()),
            value: value.chars().take(SHOWN).collect(),
            message: wrong.message(self.language),
            remedy: wrong.remedy(label, self.language),
        });
    }
}

/// The last part of a file name, whichever way its folders are separated; at most 200 characters.
pub(super) fn base_name(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    dinh_model::text::nfc(name).chars().filter(|c| !c.is_control()).take(200).collect()
}
