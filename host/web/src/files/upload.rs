//! A file by itself, for programs: its identifier is then what they send in a form.

use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt;

use super::{Receiving, told};
use crate::app::App;
use crate::body;
use crate::draw::purpose;
use crate::plugin::address::Address;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::Visitor;

/// `POST /apps/PLUGIN/files`: the first file of a multipart body, or the body as it is with `?name=` for its name.
pub async fn upload(State(app): State<App>, visitor: Visitor, request: Request) -> Result<Response, Problem> {
    let account = visitor.signed_in()?.account.id;
    let address = Address::of(&app, &visitor, request.uri())?;
    let token = request.headers().get("x-csrf-token").and_then(|value| value.to_str().ok());
    visitor.require_token(&purpose(address.plugin.manifest.id.as_str()), token)?;
    let Some(_place) = app.receiving.take(account) else {
        return Err(Problem::busy());
    };
    let received = tokio::time::timeout(app.options.upload_time, receive(&app, &visitor, &address, request));
    let info = received.await.map_err(|_| Kind::Slow)??;
    let place = address.place();
    let mut response = respond::json(&told(place, &info));
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(href) = HeaderValue::from_str(&place.file(info.id)) {
        response.headers_mut().insert(header::LOCATION, href);
    }
    Ok(response)
}

async fn receive(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    request: Request,
) -> Result<dinh_services::files::FileInfo, Problem> {
    let plugin = &address.plugin;
    if body::kind(request.headers()) == "multipart/form-data" {
        let limited = body::limited(request, app.body_bytes());
        let mut multipart = Multipart::from_request(limited, &()).await.map_err(|_| Kind::BadRequest)?;
        let broken = |error| body::broken(&error, app.body_bytes());
        while let Some(mut field) = multipart.next_field().await.map_err(broken)? {
            let Some(name) = field.file_name().map(str::to_owned) else { continue };
            let mut receiving = Receiving::begin(app, visitor, plugin, name).await?;
            while let Some(bytes) = field.chunk().await.map_err(broken)? {
                receiving.take(&bytes).await?;
            }
            return receiving.finish().await;
        }
        return Err(Problem::with(Kind::BadRequest, visitor.texts().say("upload-no-file")));
    }
    let name = address.query.iter().find(|(name, _)| name == "name").map(|(_, value)| value.clone());
    let Some(name) = name.filter(|name| !name.trim().is_empty()) else {
        return Err(Problem::with(Kind::BadRequest, visitor.texts().say("upload-no-name")));
    };
    let mut receiving = Receiving::begin(app, visitor, plugin, name).await?;
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        // The sender went away.
        let frame = frame.map_err(|_| Kind::BadRequest)?;
        if let Some(bytes) = frame.data_ref() {
            receiving.take(bytes).await?;
        }
    }
    receiving.finish().await
}
