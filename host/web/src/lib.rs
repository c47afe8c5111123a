//! The one door: sign-in, launcher, plugin pages drawn from views, the JSON twin of each.
//!
//! What it promises:
//! - every page works without JavaScript; the one script only makes some of it quicker;
//! - nothing a plugin says becomes markup: the host draws typed descriptions, under a policy (CSP) that
//!   forbids inline script and style;
//! - a form that comes back is checked against its description as drawn *now*, before the plugin sees it;
//!   it cannot be forged (CSRF token, sealed hidden fields), repeated (one-use nonce) or overwrite unseen
//!   changes (shown versions);
//! - every refusal is one [`problem`] with a stable type, as a page or as `application/problem+json`, and
//!   never tells what is inside.
//!
//! ```text
//! server ── limits, security headers ── visitor (session, language, HTML or JSON)
//!   ├── pages      sign-in, launcher, own account, language
//!   └── plugin     GET: render → check → draw | json | export (CSV, XLSX, ODS)
//!        │         POST: render → find the form → form::parse → submit → redirect
//!        └─ runtime ─┬ packages
//!                    └ admin      the platform's own pages, as views like any plugin's
//! ```

#![allow(
    clippy::result_large_err,
    reason = "a refusal ends its request; moving 144 bytes once costs less than a box"
)]

mod admin;
mod app;
pub mod assets;
pub mod body;
mod csv;
pub mod datasets;
mod datum;
pub mod directory;
pub mod draw;
mod files;
pub mod form;
pub mod format;
mod frame;
pub mod guard;
pub mod json;
mod limit_words;
mod lookup;
pub mod messages;
mod metrics;
mod monitoring;
mod pages;
mod parts;
pub mod place;
mod places;
mod plugin;
mod problem;
mod respond;
mod router;
mod server;
pub mod shell;
mod source;
mod table_file;
mod upkeep;
mod visitor;
mod workbook;

#[cfg(test)]
mod contract {
    //! The types of views, as the shared gallery names them.
    pub use dinh_runtime::bindings::{types, views};
}
#[cfg(test)]
#[path = "../../../tests/plugins/gallery/src/gallery.rs"]
mod gallery;
#[cfg(test)]
#[path = "../../../tests/plugins/strings/src/hostile.rs"]
mod hostile;
#[cfg(test)]
#[path = "../../../tests/plugins/strings/src/texts.rs"]
mod texts;
#[cfg(test)]
mod village;

pub use app::{App, Options};
pub use monitoring::monitoring_router;
pub use router::router;
pub use server::{serve, serve_with};
pub use upkeep::upkeep;
