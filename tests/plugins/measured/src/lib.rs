//! What the benches measure the platform with: a page that does nothing, one that asks for permission many
//! times, and one that reads a thousand records and uses what it read.

use dinh_sdk::bindings::dinh::platform::{access, records, types};
use dinh_sdk::prelude::*;

/// The fields of [`read`]: ten of thirty.
const FIELDS: [&str; 10] = ["i0", "i3", "i6", "i9", "d0", "t0", "t3", "t6", "t9", "t12"];

fn nothing(_: &Request) -> Result<Page> {
    Ok(Page::new("Nothing"))
}

/// Asks `times` times, about unit after unit, and says how often the answer was yes.
fn ask(request: &Request) -> Result<Page> {
    let times: u32 = request.optional("times")?.unwrap_or(1);
    let handle = access::resolve("measured.sheet.read").unwrap_or_default();
    let allowed = (0..times).filter(|time| access::check(handle, 1 + time % 8)).count();
    Ok(Page::new(format!("{allowed}")))
}

/// Reads a page of records, sums two numbers and hashes a text of each.
fn read(_: &Request) -> Result<Page> {
    let selection = records::Selection {
        collection: "sheets".to_owned(),
        fields: FIELDS.map(str::to_owned).to_vec(),
        any_of: Vec::new(),
        order_by: Vec::new(),
    };
    let page = match records::query(&selection, None, 1_000) {
        Ok(page) => page,
        Err(error) => return Ok(Page::new(format!("{error:?}"))),
    };
    let mut used = 0_u64;
    for column in page.columns {
        match column.values {
            types::ColumnValues::Integers(numbers) => {
                used = numbers.iter().fold(used, |sum, number| sum.wrapping_add(number.cast_unsigned()));
            }
            types::ColumnValues::Texts(texts) => {
                // FNV-1a.
                let hash = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
                used = texts.data.iter().fold(used, hash);
            }
            _ => {}
        }
    }
    Ok(Page::new(format!("{} {used}", page.ids.len())))
}

fn routes() -> Router {
    Router::new().page("/", nothing).page("/ask", ask).page("/read", read)
}

dinh_sdk::plugin!(routes);
