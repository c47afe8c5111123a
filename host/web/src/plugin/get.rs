//! A page of a plugin, drawn.

use axum::extract::{Request, State};
use axum::response::Response;
use dinh_runtime::CallError;

use super::address::Address;
use super::draw::{Besides, draw};
use super::{export, import, mistyped, pick, print};
use crate::app::App;
use crate::problem::Problem;
use crate::respond;
use crate::visitor::Visitor;

/// `GET /apps/PLUGIN/…`
pub async fn get(State(app): State<App>, visitor: Visitor, request: Request) -> Result<Response, Problem> {
    let address = Address::of(&app, &visitor, request.uri())?;
    let headers = request.headers().clone();
    drop(request);
    if let Some(wanted) = print::Wanted::of(&address) {
        return print::print(app, visitor, address, wanted).await;
    }
    let sheet = address.host("sheet").map(str::to_owned);
    let exported = address.host("export").map(str::to_owned);
    if let (Some(table), None) = (&exported, &sheet) {
        let table = table.clone();
        return export::export(app, visitor, address, table).await;
    }
    let id = &address.plugin.manifest.id;
    let render = |sheet| app.runtime.render(id, address.asked(&visitor, None, sheet));
    let language = visitor.language;
    let page = match render(None).await {
        Ok(page) => page,
        Err(CallError::BadRequest(said)) => return mistyped::again(&app, &visitor, &address, said).await,
        Err(error) => return Err(Problem::call(error, language)),
    };
    if let Some(field) = address.host("pick") {
        return pick::candidates(&app, &visitor, &address, &page, field);
    }
    if let Some(block) = address.host("template") {
        return import::template(&visitor, &page, block);
    }
    if let (Some(sheet), Some(block)) = (&sheet, &exported) {
        return import::report(&app, &visitor, &address, &page, (sheet, block)).await;
    }
    if let Some(sheet) = sheet {
        return import::preview(&app, &visitor, &address, &page, &sheet, Besides::default()).await;
    }
    let notice = respond::carried(&visitor, &headers);
    Ok(draw(&app, &visitor, &address, &page, &Besides { notice, ..Besides::default() }))
}
