//! What is tidied while the host runs: uploads that nobody went on with, files that no record holds, results of forms
//! that nobody can ask for any more, notices that are over, copies whose contract has ended.

use std::time::Duration;

use dinh_model::PluginId;
use dinh_services::notices;
use dinh_services::sharing::{Settled, settle_copies};
use tokio::time::MissedTickBehavior;

use crate::app::App;

/// How often.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Tidies at once and then every hour, until it is dropped. What cannot be tidied is logged, and tried again
/// the next time.
pub async fn upkeep(app: App) {
    let mut hours = tokio::time::interval(EVERY);
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        hours.tick().await;
        let app = app.clone();
        // A panic in it is its own affair; the next hour it is tried again.
        let _ = tokio::task::spawn_blocking(move || tidy(&app)).await;
    }
}

fn tidy(app: &App) {
    match app.uploads().and_then(|uploads| uploads.clean(app.platform.clock().now())) {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "expired uploads were removed"),
        Err(error) => tracing::warn!(%error, "expired uploads could not be removed"),
    }
    match app.platform.sweep_files() {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "files that no record holds were removed"),
        Err(error) => tracing::warn!(%error, "files that no record holds could not be removed"),
    }
    match notices::sweep(&app.platform) {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "notices that are over were removed"),
        Err(error) => tracing::warn!(%error, "notices that are over could not be removed"),
    }
    app.runtime.forget_results();
    let data = |id: &PluginId| app.runtime.plugin(id).map(|plugin| plugin.data.clone());
    match settle_copies(&app.platform, data) {
        Ok(settled) if settled == Settled::default() => {}
        Ok(settled) => tracing::info!(?settled, "copies whose contract has ended were removed"),
        Err(error) => tracing::warn!(%error, "copies whose contract has ended could not be removed"),
    }
}
