//! What monitoring and start-up scripts ask, on a listener of its own.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use dinh_runtime::{Ending, Standing};
use dinh_services::ServiceError;
use dinh_services::sharing::feed;
use dinh_services::{jobs, schedule};

use crate::app::App;
use crate::metrics::Ended;

/// `/healthz`, `/readyz`, `/metrics`.
pub fn monitoring_router(app: App) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(app)
}

/// The process answers.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The store answers and takes evidence: requests can be served. A plugin that cannot be loaded fails alone; it
/// is named.
async fn readyz(State(app): State<App>) -> impl IntoResponse {
    if let Some(behind) = app.platform.clock_behind() {
        let minutes = behind.as_secs() / 60;
        let text = format!(
            "the machine's clock stands {minutes} minutes before the last entry of the evidence, so nothing is written; set it right, `dinh doctor` says more\n"
        );
        return (StatusCode::SERVICE_UNAVAILABLE, text);
    }
    let store = app.platform.store().snapshot().and_then(|snapshot| snapshot.evidence_log().check_end());
    match store {
        Ok(()) => {
            let failed: Vec<_> = app.runtime.not_loaded().into_iter().map(|plugin| plugin.id).collect();
            let but = match failed.is_empty() {
                true => String::new(),
                false => format!("not loaded: {}; `dinh plugin list` says why\n", failed.join(", ")),
            };
            let standing = |plugin: &dinh_runtime::Plugin| match plugin.standing() {
                Standing::Serving => None,
                out => Some(format!("{}: {}\n", out.as_str(), plugin.manifest.id)),
            };
            let out: String = app.runtime.plugins().iter().filter_map(|plugin| standing(plugin)).collect();
            (StatusCode::OK, format!("ready\n{but}{out}"))
        }
        Err(error) => {
            tracing::error!(%error, "the store is not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store is not ready; the log says why\n".to_owned())
        }
    }
}

/// Figures for Prometheus.
async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let today = dinh_model::time::day_in_vietnam(app.platform.clock().now());
    app.metrics.waiting.set(count(app.runtime.waiting()));
    app.metrics.plugins.set(count(app.runtime.plugins().len()));
    app.metrics.not_loaded.set(count(app.runtime.not_loaded().len()));
    let out = app.runtime.plugins().iter().filter(|plugin| plugin.standing() != Standing::Serving).count();
    app.metrics.out.set(count(out));
    for (ending, ended) in app.runtime.endings() {
        let Ending { plugin, action, limit } = ending;
        app.metrics.ended(&Ended { plugin: plugin.to_string(), action, limit }, ended);
    }
    for (outcome, count) in app.runtime.compilations() {
        app.metrics.compiled(outcome, count);
    }
    let snapshot = || app.platform.store().snapshot().map_err(ServiceError::from);
    match snapshot().and_then(|snapshot| jobs::totals(&snapshot)) {
        Ok(totals) => {
            app.metrics.jobs.set(count(totals.running));
            app.metrics.jobs_failing.set(count(totals.failing));
            app.metrics.jobs_waiting.set(count(totals.waiting));
        }
        Err(error) => tracing::warn!(%error, "how jobs are cannot be read"),
    }
    match snapshot().and_then(|snapshot| feed::totals(&snapshot, today)) {
        Ok(totals) => {
            app.metrics.behind.set(count(totals.behind));
            app.metrics.failing.set(count(totals.failing));
            app.metrics.parked.set(count(totals.parked));
        }
        Err(error) => tracing::warn!(%error, "how far plugins are behind cannot be read"),
    }
    timers(&app);
    (
        [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")],
        app.metrics.text(),
    )
}

fn timers(app: &App) {
    let now = dinh_model::time::microseconds(app.platform.clock().now());
    let snapshot = app.platform.store().snapshot().map_err(ServiceError::from);
    match snapshot.and_then(|snapshot| schedule::totals(&snapshot, now)) {
        Ok(totals) => {
            let figures = &app.metrics.timers;
            figures.set.set(i64::try_from(totals.timers).unwrap_or(i64::MAX));
            figures.due.set(i64::try_from(totals.due).unwrap_or(i64::MAX));
            figures.behind.set(totals.behind_seconds);
            figures.failing.set(i64::try_from(totals.failing).unwrap_or(i64::MAX));
            figures.parked.set(i64::try_from(totals.parked).unwrap_or(i64::MAX));
        }
        Err(error) => tracing::warn!(%error, "how timers of plugins are cannot be read"),
    }
}
