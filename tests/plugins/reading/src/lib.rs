//! What the benches measure the shared read with: pages of a thousand rows of another plugin, read under a contract
//! in the order of their keys or by an index, every value of which is used.

use dinh_sdk::bindings::dinh::platform::records::{Comparison, Condition, Order};
use dinh_sdk::bindings::dinh::platform::sharing;
use dinh_sdk::bindings::dinh::platform::types::{Column, ColumnValues, Value};
use dinh_sdk::prelude::{Page, Request, Result, Router};

/// Ten of the thirty fields that its owner keeps: all that the contract gives.
const FIELDS: [&str; 10] = ["i0", "i3", "i6", "i9", "d0", "t0", "t3", "t6", "t9", "t12"];
/// Rows of one page.
const ROWS: u32 = 1_000;

/// A thousand rows: the first ones, or without `from` those whose `i0` is `from` or more, in its order.
fn selection(from: Option<i64>) -> sharing::Selection {
    let condition = |from| Condition {
        field: "i0".to_owned(),
        comparison: Comparison::GreaterOrEqual,
        value: Value::Integer(from),
    };
    let order = |_| Order { field: "i0".to_owned(), descending: false };
    sharing::Selection {
        wanted: "sheets".to_owned(),
        fields: FIELDS.map(str::to_owned).to_vec(),
        any_of: from.map(|from| vec![condition(from)]).into_iter().collect(),
        order_by: from.map(order).into_iter().collect(),
    }
}

/// Decodes a column and looks at each of its values: numbers are summed; of texts, the length and the first byte.
fn used(column: &Column) -> u64 {
    let sum = |sum: u64, number: u64| sum.wrapping_add(number);
    match &column.values {
        ColumnValues::Integers(numbers) => numbers.iter().map(|number| number.cast_unsigned()).fold(0, sum),
        ColumnValues::Dates(days) => days.iter().map(|day| u64::from(day.cast_unsigned())).fold(0, sum),
        ColumnValues::Texts(texts) => {
            let mut start = 0;
            let each = texts.ends.iter().map(|end| {
                let end = *end as usize;
                let text = texts.data.get(start..end).unwrap_or_default();
                start = end;
                text.len() as u64 + text.first().map_or(0, |first| u64::from(*first))
            });
            each.fold(0, sum)
        }
        _ => 0,
    }
}

/// Reads so many pages one after the other, `times` times over; says how many rows there were the last time, and
/// what all their values come to.
fn read(request: &Request) -> Result<Page> {
    let pages: u32 = request.required("pages")?;
    let times: u32 = request.required("times")?;
    let selection = selection(request.optional("from")?);
    let (mut rows, mut all) = (0, 0);
    for _ in 0..times {
        let mut after = None;
        (rows, all) = (0, 0);
        for _ in 0..pages {
            let page = match sharing::query(&selection, after.as_deref(), ROWS) {
                Ok(page) => page,
                Err(error) => return Ok(Page::new(format!("{error:?}"))),
            };
            rows += page.ids.len();
            all = page.columns.iter().map(used).fold(all, u64::wrapping_add);
            after = page.next;
        }
    }
    Ok(Page::new(format!("{rows} {all}")))
}

fn routes() -> Router {
    Router::new().page("/", read)
}

dinh_sdk::plugin!(routes);
