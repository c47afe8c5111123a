//! Every address of the pages' listener.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};

use crate::app::App;
use crate::pages::account::{acting, history, password, second_factor, sessions, tokens};
use crate::pages::evidence::{proofs, witness};
use crate::pages::{account, language, launcher, passwords, release, session_api, sign_in};
use crate::{assets, datasets, files, frame, plugin};

/// The pages, the JSON door and the static files.
pub fn router(app: App) -> Router {
    let files = Router::new()
        .route("/assets/{version}/{name}", get(assets::serve))
        .layer(middleware::from_fn_with_state(app.clone(), frame::for_everybody));
    let pages = Router::new()
        .route("/", get(launcher::launcher))
        .route("/sign-in", get(sign_in::form).post(sign_in::submit))
        .route("/sign-in/code", post(sign_in::submit_code))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/language", get(language::switch))
        .route("/account", get(account::page))
        .route("/account/password", get(password::form).post(password::submit))
        .route("/account/sessions", get(sessions::page).post(sessions::submit))
        .route("/account/tokens", get(tokens::page).post(tokens::submit))
        .route("/account/second-factor", get(second_factor::page).post(second_factor::submit))
        .route("/account/acting", get(acting::page).post(acting::submit))
        .route("/account/history", get(history::page))
        .route("/api/v1/session", post(session_api::open_session).delete(session_api::close_session))
        .route("/api/v1/datasets", get(datasets::register::register))
        .route("/api/v1/datasets/{plugin}/{name}", get(datasets::rows))
        .route("/apps/dinh/people/{id}/release", get(release::page).post(release::submit))
        .route("/apps/dinh/requests/{id}/passwords", get(passwords::page).post(passwords::submit))
        .route("/apps/dinh/evidence/proofs", get(proofs::file))
        .route("/apps/dinh/evidence/seen/proofs", get(proofs::file))
        .route("/apps/dinh/evidence/witness", get(witness::page))
        .route("/apps/{plugin}", get(plugin::get::get).post(plugin::post::post))
        .route("/apps/{plugin}/", get(plugin::get::get).post(plugin::post::post))
        .route("/apps/{plugin}/files", post(files::upload))
        .route("/apps/{plugin}/files/{id}", get(files::download))
        .route("/apps/{plugin}/{*path}", get(plugin::get::get).post(plugin::post::post))
        .fallback(frame::not_found)
        .method_not_allowed_fallback(frame::method_not_allowed)
        // Bodies have bounds of their own (`body`).
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(app.clone(), frame::frame))
        .with_state(app);
    pages.merge(files)
}
