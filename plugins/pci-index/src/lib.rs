//! Chỉ số năng lực cạnh tranh cấp tỉnh (PCI): ranking, profiles and comparison of provinces.
//!
//! The Vietnam Chamber of Commerce and Industry (VCCI) publishes the index every year. What an edition is
//! made of (its component indices, their names, order and weights, its groups) changes with the edition
//! and is therefore data: officers import it, and correct it, without a new release of this plugin.
//!
//! ```text
//! model        what is stored: editions, components, groups, results
//! edition      one edition with all that defines it, and the provinces of its time
//! arithmetic   totals, gaps, medians, places
//! pages        ranking, profile, comparison, editions
//! import       scores, components, groups: every row checked before anything is written
//! ```

pub mod arithmetic;
mod edition;
mod import;
mod model;
mod pages;
#[cfg(test)]
mod published;

use dinh_sdk::prelude::*;

fn routes() -> Router {
    Router::new()
        .page("/", pages::ranking::draw)
        .form("compare", pages::ranking::compare)
        .form("delete", pages::ranking::delete)
        .page("/provinces/{code}", pages::profile::draw)
        .page("/compare", pages::compare::draw)
        .page("/editions", pages::editions::draw)
        .form("components", import::components::submit)
        .form("groups", import::groups::submit)
        .page("/editions/{year}", pages::edition::draw)
        .form("edition", pages::edition::save)
        .form("delete", pages::edition::delete)
        .page("/import", import::scores::draw)
        .form("scores", import::scores::submit)
}

dinh_sdk::plugin!(routes);

/// The permissions of the manifest, by their full names.
pub mod permission {
    /// To import scores, and to remove them.
    pub const IMPORT: &str = "pci-index.score.import";
    /// To say what editions are made of.
    pub const EDITIONS: &str = "pci-index.edition.manage";
}
