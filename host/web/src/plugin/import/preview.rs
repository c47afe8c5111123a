//! What would be imported, for people and for programs, and the file to begin with.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use dinh_runtime::bindings::views::Page;
use serde_json::{Value, json};

use super::imports;
use super::read::{AtHand, read};
use crate::app::App;
use crate::csv::Writing;
use crate::draw::{SheetAtHand, Unreadable};
use crate::plugin::address::Address;
use crate::plugin::draw::{Besides, draw};
use crate::problem::{Kind, Problem};
use crate::table_file::FileFormat;
use crate::visitor::{Visitor, Wants};

/// The page with the sheet of an upload at hand.
pub(super) async fn with_sheet(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    at_hand: &AtHand,
) -> Result<Page, Problem> {
    let asked = address.asked(visitor, None, Some(at_hand.asked(&at_hand.sheet)));
    let rendered = app.runtime.render(&address.plugin.manifest.id, asked).await;
    rendered.map_err(|error| Problem::call(error, visitor.language))
}

/// `GET ?sheet=ID`
pub async fn preview(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    page: &Page,
    id: &str,
    besides: Besides<'_>,
) -> Result<Response, Problem> {
    let at_hand = match read(app, visitor, address, page, id).await? {
        Ok(at_hand) => at_hand,
        Err(unreadable) => return unread(app, visitor, address, page, &unreadable),
    };
    let page = with_sheet(app, visitor, address, &at_hand).await?;
    let name = at_hand.id.to_string();
    let sheet = SheetAtHand { id: &name, block: &at_hand.block, sheet: &at_hand.sheet };
    Ok(draw(app, visitor, address, &page, &Besides { sheet: Some(sheet), ..besides }))
}

/// The page again, with what is wrong with the file beside its field.
pub(super) fn unread(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    page: &Page,
    unreadable: &Unreadable,
) -> Result<Response, Problem> {
    if visitor.wants == Wants::Json || imports(page).next().is_none() {
        return Err(Problem::with(Kind::Invalid, unreadable.text.clone()));
    }
    let status = Some(StatusCode::UNPROCESSABLE_ENTITY);
    Ok(draw(
        app,
        visitor,
        address,
        page,
        &Besides { unreadable: Some(unreadable), status, ..Besides::default() },
    ))
}

/// A sheet at hand, for programs: what was understood and what is wrong, row by row.
pub fn json(address: &Address, sheet: &SheetAtHand<'_>) -> Value {
    let problems = sheet.sheet.problems.iter().map(|problem| {
        json!({
            "row": problem.row, "line": problem.line, "column": problem.column, "value": problem.value,
            "message": problem.message, "remedy": problem.remedy,
        })
    });
    json!({
        "id": sheet.id,
        "form": sheet.block,
        "file_name": sheet.sheet.file_name,
        "rows": sheet.sheet.rows(),
        "good_rows": sheet.sheet.good_rows().iter().filter(|good| **good).count(),
        "columns": sheet.sheet.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(),
        "unknown_heads": sheet.sheet.unknown_heads,
        "problems": problems.collect::<Vec<_>>(),
        "unlisted_problems": sheet.sheet.unlisted_problems,
        "report": address.place().with(&[("sheet", Some(sheet.id)), ("export", Some(sheet.block))]),
    })
}

/// `GET ?template=IMPORT`: the heads that the block expects, as a file to fill in.
pub fn template(visitor: &Visitor, page: &Page, block: &str) -> Result<Response, Problem> {
    visitor.signed_in()?;
    let import = imports(page).find(|import| import.id == block).ok_or(Kind::NotFound)?;
    let labels: Vec<&str> = import.columns.iter().map(|column| column.label.as_str()).collect();
    let text = Writing::Excel.begin() + &Writing::Excel.line(labels.into_iter());
    Ok(FileFormat::Csv(Writing::Excel).file(&format!("{block}-mau"), Body::from(text)))
}
