//! `/apps/dinh/evidence/proofs` and `/apps/dinh/evidence/seen/proofs`: the entries that the page above finds for the
//! same query, with what proves them, as one file that verifies on its own.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::Response;
use dinh_runtime::Refused;
use dinh_runtime::bindings::pages::Refusal;
use dinh_services::ServiceError;

use crate::admin::evidence_taken;
use crate::app::App;
use crate::pages::call;
use crate::plugin::address::Address;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::Visitor;

const NAME: &str = "attachment; filename=\"dinh-evidence-proofs.json\"";

/// `GET`: the file. That it was taken is in the evidence before it leaves.
pub async fn file(State(app): State<App>, visitor: Visitor, request: Request) -> Result<Response, Problem> {
    visitor.signed_in()?;
    let asked = Address::of(&app, &visitor, request.uri())?.asked(&visitor, None, None);
    drop(request);
    let (platform, plugins, language) = (app.platform.clone(), app.runtime.plugins(), visitor.language);
    let taken = call::perform(&app, &visitor, move |call| {
        match evidence_taken(call, &asked, &platform, plugins.clone()) {
            Ok(proofs) => Ok(Ok(proofs)),
            Err(Refused::Service(error)) => Err(error),
            Err(Refused::Refusal(refusal)) => Ok(Err(refusal)),
        }
    });
    let proofs = match taken.await? {
        Ok(Some(proofs)) => proofs,
        Ok(None) => return Err(Kind::NotFound.into()),
        Err(Refusal::BadRequest(text)) => {
            return Err(Problem::service(&ServiceError::invalid(text.clone(), text), language));
        }
        Err(_) => return Err(Kind::NotFound.into()),
    };
    let value = serde_json::to_value(proofs).map_err(|error| Problem::internal(&error))?;
    let mut response = respond::json(&value);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(NAME));
    Ok(response)
}
