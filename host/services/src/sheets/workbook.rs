//! XLSX: the first sheet of a workbook that looks like what is asked for.

use std::io::{self, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use dinh_model::Date;
use zip::ZipArchive;

use super::SheetError;
use super::table::{Collector, Limits, RawCell, RawRow, RawTable};

/// Most visible sheets of a workbook that are looked through.
const MOST_SHEETS: usize = 50;
/// Most bytes of all texts of a workbook: they are held in memory, some three times as large.
const MOST_TEXTS: u64 = 64 << 20;
/// Most bytes that are looked through in all. Each sheet counts as the largest part, which any of them may name.
const MOST_LOOKED_THROUGH: u64 = 1 << 30;

/// Reads the first visible sheet that has a head known to `is_head`; without one, the first visible one.
pub(super) fn read(
    bytes: &[u8],
    is_head: impl Fn(&str) -> bool,
    limits: Limits,
) -> Result<RawTable, SheetError> {
    let largest = check_unpacked_size(bytes, limits.unpacked)?;
    // The parser is a library fed with whatever people upload: should it panic on a damaged file, that
    // is one more way of saying so. It shares no state with anything else.
    catch_unwind(AssertUnwindSafe(|| read_sheets(bytes, largest, is_head, limits)))
        .unwrap_or(Err(SheetError::Damaged))
}

/// Unpacks everything into nothing and counts: what a workbook says about its own sizes may be a lie, and
/// a few kilobytes can unpack to gigabytes. Returns the bytes of the largest part.
fn check_unpacked_size(bytes: &[u8], most: u64) -> Result<u64, SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| SheetError::Damaged)?;
    let is_workbook =
        |place| matches!(archive.name_for_index(place), Some(Ok(name)) if name.starts_with("xl/"));
    if !(0..archive.len()).any(is_workbook) {
        return Err(SheetError::Binary);
    }
    let (mut left, mut largest) = (most, 0);
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).map_err(|_| SheetError::Damaged)?;
        let texts = part.name().is_ok_and(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        let read = io::copy(&mut part.by_ref().take(left + 1), &mut io::sink());
        let read = read.map_err(|_| SheetError::Damaged)?;
        left = left.checked_sub(read).ok_or(too_large(most))?;
        if texts && read > MOST_TEXTS {
            return Err(too_large(MOST_TEXTS));
        }
        largest = largest.max(read);
    }
    Ok(largest)
}

fn too_large(most: u64) -> SheetError {
    SheetError::TooLarge { most_mebibytes: most >> 20 }
}

fn damaged(_: XlsxError) -> SheetError {
    SheetError::Damaged
}

fn read_sheets(
    bytes: &[u8],
    largest: u64,
    is_head: impl Fn(&str) -> bool,
    limits: Limits,
) -> Result<RawTable, SheetError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .take(MOST_SHEETS + 1)
        .collect();
    if names.len() > MOST_SHEETS {
        return Err(SheetError::TooManySheets { most: MOST_SHEETS });
    }
    let (sheets, mut left) = (names.len(), MOST_LOOKED_THROUGH);
    let mut first = None;
    for name in names {
        left = left
            .checked_sub(largest)
            .ok_or(SheetError::TableNotFound { sheets, most_mebibytes: MOST_LOOKED_THROUGH >> 20 })?;
        let table = read_sheet(&mut workbook, &name, limits);
        if table.as_ref().is_ok_and(|table| table.heads.iter().any(|head| is_head(head))) {
            return table;
        }
        first.get_or_insert(table);
    }
    first.unwrap_or(Err(SheetError::Empty))
}

fn read_sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    limits: Limits,
) -> Result<RawTable, SheetError> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(damaged)?;
    let mut rows = Collector::new(limits, true);
    let mut row = RawRow { line: 1, cells: Vec::new(), unclosed: false };
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (down, across) = cell.get_position();
        let raw = raw(cell.get_value());
        if raw == RawCell::Empty {
            continue;
        }
        let line = down.saturating_add(1);
        if line != row.line {
            if line < row.line {
                return Err(SheetError::Damaged);
            }
            rows.push(std::mem::replace(&mut row, RawRow { line, cells: Vec::new(), unclosed: false }))?;
        }
        if across >= limits.columns {
            return Err(SheetError::TooManyColumns {
                columns: across.saturating_add(1),
                most: limits.columns,
            });
        }
        let place = across as usize;
        if row.cells.len() <= place {
            row.cells.resize(place + 1, RawCell::Empty);
        }
        if let Some(slot) = row.cells.get_mut(place) {
            *slot = raw;
        }
    }
    rows.push(row)?;
    rows.finish()
}

fn raw(cell: &DataRef<'_>) -> RawCell {
    match cell {
        DataRef::Empty => RawCell::Empty,
        #[expect(clippy::cast_precision_loss, reason = "a workbook's numbers are floating-point anyway")]
        DataRef::Int(number) => RawCell::Number(*number as f64),
        DataRef::Float(number) => RawCell::Number(*number),
        DataRef::String(text) => RawCell::text(text),
        DataRef::SharedString(text) => RawCell::text(text),
        DataRef::Bool(yes) => RawCell::Boolean(*yes),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
            match whole_day(year, month, day) {
                Some(day) if (hour, minute, second, milli) == (0, 0, 0, 0) => RawCell::Date(day),
                _ => RawCell::Moment(format!(
                    "{day:02}/{month:02}/{year:04} {hour:02}:{minute:02}:{second:02}"
                )),
            }
        }
        DataRef::DateTime(duration) => RawCell::Moment(duration.as_f64().to_string()),
        DataRef::DateTimeIso(text) => match text.parse::<Date>() {
            Ok(day) if !text.contains('T') || text.contains("T00:00:00") => RawCell::Date(day),
            _ => RawCell::Moment(text.clone()),
        },
        DataRef::DurationIso(text) => RawCell::Moment(text.clone()),
        DataRef::Error(error) => RawCell::Failed(error.to_string()),
    }
}

fn whole_day(year: u16, month: u8, day: u8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}
