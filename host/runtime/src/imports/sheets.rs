//! `sheets`: the spreadsheet that a person uploaded into an import block.

use dinh_model::value::unscaled;
use dinh_model::{Value, time};
use dinh_services::sheets::{CellKind, SheetColumnData};

use super::size::Size;
use crate::AskedSheet;
use crate::bindings::sheets::{self, Rows, Sheet};
use crate::bindings::types::{Column, ColumnValues, DecimalColumn, TextColumn};
use crate::state::State;

/// Most rows of one reading.
const MOST_ROWS: u32 = 1_000;

impl sheets::Host for State {
    fn current(&mut self) -> wasmtime::Result<Option<Sheet>> {
        let Some(asked) = &self.sheet else { return Ok(None) };
        let sheet = Sheet {
            block: asked.block.clone(),
            file_name: asked.sheet.file_name.clone(),
            rows: u32::try_from(asked.sheet.rows()).unwrap_or(u32::MAX),
            columns: asked.sheet.columns.iter().map(|column| column.name.clone()).collect(),
        };
        self.crossed(sheet.block.size() + sheet.file_name.size() + sheet.columns.size())?;
        Ok(Some(sheet))
    }

    fn read(
        &mut self,
        columns: Vec<String>,
        first: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Rows, String>> {
        self.crossed(columns.size())?;
        let Some(asked) = &self.sheet else { return Ok(Err("there is no sheet in this call".to_owned())) };
        if limit == 0 || limit > MOST_ROWS {
            return Ok(Err(format!("1 to {MOST_ROWS} rows can be read at a time, not {limit}")));
        }
        let rows = match rows(asked, &columns, first as usize, limit as usize) {
            Ok(rows) => rows,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let wrong: usize = rows.wrong.iter().map(Vec::len).sum();
        self.crossed(rows.lines.len() * 4 + rows.columns.size() + wrong)?;
        Ok(Ok(rows))
    }
}

fn rows(asked: &AskedSheet, names: &[String], first: usize, limit: usize) -> Result<Rows, String> {
    let range = first.min(asked.sheet.rows())..first.saturating_add(limit).min(asked.sheet.rows());
    let lines = asked.sheet.lines.get(range.clone()).unwrap_or_default().to_vec();
    let mut columns = Vec::with_capacity(names.len());
    let mut wrong = Vec::with_capacity(names.len());
    for name in names {
        let data = asked.sheet.column(name).ok_or_else(|| format!("the file has no column {name:?}"))?;
        let declared = asked.columns.iter().find(|column| column.name == *name);
        let kind = declared.map(|column| &column.kind);
        let values = data.values.get(range.clone()).unwrap_or_default();
        columns.push(column(values, kind));
        let cells = data.wrong.get(range.clone()).unwrap_or_default().to_vec();
        wrong.push(SheetColumnData { name: String::new(), values: Vec::new(), wrong: cells }.wrong_bits());
    }
    Ok(Rows { lines, columns, wrong })
}

/// Cells as the column that their declared kind calls for.
fn column(values: &[Value], kind: Option<&CellKind>) -> Column {
    let column = match kind {
        Some(CellKind::Integer { .. } | CellKind::Money { .. }) => {
            ColumnValues::Integers(each(values, |value| match value {
                Value::Integer(number) => Some(*number),
                _ => None,
            }))
        }
        Some(CellKind::Decimal { scale, .. }) => {
            let unscaled = each(values, |value| at_scale(value, *scale));
            ColumnValues::Decimals(DecimalColumn { scale: *scale, unscaled })
        }
        Some(CellKind::Date { .. }) => ColumnValues::Dates(each(values, |value| match value {
            Value::Date(day) => Some(time::days(*day)),
            _ => None,
        })),
        Some(CellKind::Boolean) => ColumnValues::Booleans(each(values, |value| match value {
            Value::Boolean(yes) => Some(*yes),
            _ => None,
        })),
        Some(CellKind::Text { .. } | CellKind::Choice(_)) | None => {
            let mut texts = TextColumn { data: Vec::new(), ends: Vec::with_capacity(values.len()) };
            for value in values {
                if let Value::Text(text) = value {
                    texts.data.extend_from_slice(text.as_bytes());
                }
                // A staged file is far below 4 GiB.
                texts.ends.push(u32::try_from(texts.data.len()).unwrap_or(u32::MAX));
            }
            ColumnValues::Texts(texts)
        }
    };
    Column { values: column, validity: validity(values) }
}

fn each<T: Default>(values: &[Value], take: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    values.iter().map(|value| take(value).unwrap_or_default()).collect()
}

fn at_scale(value: &Value, scale: u8) -> Option<i64> {
    match value.clone().fit(&dinh_model::FieldType::Decimal { scale }) {
        Ok(Value::Decimal(number)) => unscaled(number),
        _ => None,
    }
}

/// Which cells are filled in; none when all are.
fn validity(values: &[Value]) -> Option<Vec<u8>> {
    values.iter().any(Value::is_empty).then(|| {
        let byte = |cells: &[Value]| {
            cells.iter().enumerate().fold(0_u8, |byte, (bit, cell)| byte | u8::from(!cell.is_empty()) << bit)
        };
        values.chunks(8).map(byte).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Value {
        Value::Decimal(text.parse().unwrap())
    }

    #[test]
    fn cells_become_columns_of_the_declared_kind_with_one_scale() {
        let values = [decimal("7.1"), Value::Empty, decimal("64.74")];
        let kind = CellKind::Decimal { scale: 2, minimum: None, maximum: None };
        let column = column(&values, Some(&kind));
        assert_eq!(
            column.values,
            ColumnValues::Decimals(DecimalColumn { scale: 2, unscaled: vec![710, 0, 6474] })
        );
        assert_eq!(column.validity, Some(vec![0b101]));
    }

    #[test]
    fn a_column_without_a_filled_cell_still_has_its_kind() {
        let kind = CellKind::Integer { minimum: None, maximum: None };
        let column = column(&[Value::Empty], Some(&kind));
        assert_eq!(column.values, ColumnValues::Integers(vec![0]));
        assert_eq!(column.validity, Some(vec![0]));
    }

    #[test]
    fn texts_are_one_run_of_bytes() {
        let values = [Value::Text("Huế".into()), Value::Empty, Value::Text("Hà Nội".into())];
        let column = column(&values, None);
        let ColumnValues::Texts(texts) = column.values else { panic!() };
        assert_eq!(texts.ends, [5, 5, 14]);
        assert_eq!(column.validity, Some(vec![0b101]));
    }
}
