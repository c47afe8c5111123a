//! What the benches measure the platform with: a page that does nothing, one that asks for permission many
//! times, one that looks a code up many times, and one with a table. `tests/plugins/reading` reads its records.

use dinh_sdk::bindings::dinh::platform::{access, catalog, types};
use dinh_sdk::prelude::*;

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
        .column(Head::new("t0", "Chữ 0"), |sheet| sheet.t0.as_deref())
        .column(Head::new("t1", "Chữ 1"), |sheet| sheet.t1.as_deref())
        .build()
        .paged(request, sheets.next);
    Ok(Page::new("Bảng").block(table))
}

fn routes() -> Router {
    Router::new().page("/", nothing).page("/ask", ask).page("/look-up", look_up).page("/table", table)
}

dinh_sdk::plugin!(routes);
