//! The evidence that a page left the platform on paper.

use std::collections::BTreeSet;

use dinh_model::RecordId;

use super::Wanted;
use super::whole::{Whole, count};
use crate::app::App;
use crate::pages::call;
use crate::plugin::address::Address;
use crate::plugin::export::records;
use crate::problem::Problem;
use crate::visitor::Visitor;

/// Puts into the evidence what a print takes out, durable before its first byte leaves: which form of which page,
/// narrowed by what (names, never values), which tables with how many rows, and the records that the page is about.
pub async fn leave(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    wanted: &Wanted,
    whole: &Whole,
) -> Result<(), Problem> {
    let manifest = &address.plugin.manifest;
    let plugin = manifest.id.clone();
    let filled = address.query.iter().filter(|(_, value)| !value.is_empty());
    let filter: BTreeSet<_> = filled.map(|(name, _)| name.as_str()).collect();
    let rows: Vec<_> = whole
        .tables()
        .map(|(id, parts)| format!("{id}:{}", parts.into_iter().map(count).sum::<usize>()))
        .collect();
    let form = match wanted {
        Wanted::Form(name) => name.clone(),
        Wanted::Table(_) => super::PAGE.to_owned(),
    };
    let detail = [
        ("route", manifest.route(&address.path).map(|route| route.path.clone()).unwrap_or_default()),
        ("form", form),
        ("tables", rows.join(" ")),
        ("filter", filter.into_iter().collect::<Vec<_>>().join(" ")),
    ];
    let of_page = address.path.split('/').filter_map(|part| part.parse().ok());
    let of_rows = whole.tables().flat_map(|(_, parts)| parts).flat_map(records);
    let records: BTreeSet<RecordId> = of_page.chain(of_rows).collect();
    let records: Vec<RecordId> = records.into_iter().collect();
    call::perform(app, visitor, move |call| {
        call.plugin = Some(plugin.clone());
        let detail = detail.iter().filter(|(_, value)| !value.is_empty()).cloned();
        call.evidence_about("page.printed", format!("plugin:{plugin}"), detail, &records);
        Ok(())
    })
    .await
}
