//! What the benches measure the platform with: a page that does nothing, one that asks for permission many
//! times, one that looks a code up many times, and one that reads a thousand records and uses what it read.

use dinh_sdk::bindings::dinh::platform::{access, catalog, records, types};
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

/// 1 January 2026, as it crosses.
const DAY: types::Date = 20_454;

/// Looks a province up `times` times, and says how often there was one.
fn look_up(request: &Request) -> Result<Page> {
    let times: u32 = request.optional("times")?.unwrap_or(1);
    let code: String = request.required("code")?;
    let found =
        (0..times).filter(|_| matches!(catalog::lookup("provinces", &code, DAY), Ok(Some(_)))).count();
    Ok(Page::new(format!("{found}")))
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
    let [i0, i3, _, _, _, t0, ..] = page.columns.as_slice() else { return Ok(Page::new("too few columns")) };
    for column in [i0, i3, t0] {
        match &column.values {
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

/// A record, as far as a table shows it.
#[derive(Clone, Record)]
#[record(collection = "sheets")]
pub struct Sheet {
    /// Whose it is.
    pub unit: UnitId,
    /// A number.
    pub i0: Option<i64>,
    /// Another.
    pub i1: Option<i64>,
    /// A day.
    pub d0: Option<Date>,
    /// A text.
    pub t0: Option<String>,
    /// Another.
    pub t1: Option<String>,
}

/// A page as people see them: fifty rows of a table.
fn table(request: &Request) -> Result<Page> {
    let sheets = Sheet::all().page(request.after(), 50)?;
    let table = Table::of("sheets", &sheets.rows)
        .column(Head::new("i0", "Số 0"), |sheet| sheet.i0)
        .column(Head::new("i1", "Số 1"), |sheet| sheet.i1)
        .column(Head::new("d0", "Ngày"), |sheet| sheet.d0)
        .column(Head::new("t0", "Chữ 0"), |sheet| sheet.t0.clone())
        .column(Head::new("t1", "Chữ 1"), |sheet| sheet.t1.clone())
        .build()
        .paged(request, sheets.next);
    Ok(Page::new("Bảng").block(table))
}

fn routes() -> Router {
    Router::new()
        .page("/", nothing)
        .page("/ask", ask)
        .page("/look-up", look_up)
        .page("/read", read)
        .page("/table", table)
}

dinh_sdk::plugin!(routes);
