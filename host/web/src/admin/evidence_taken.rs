//! What the pages of the evidence show, taken out with its proofs.

use std::sync::{Arc, Weak};

use dinh_runtime::{Asked, Plugin};
use dinh_services::accounts::{Proofs, prove_evidence, search_evidence};
use dinh_services::{Call, Platform};
use dinh_store::Recorded;

use super::desk::{Desk, Given, House};
use super::{evidence, evidence_seen};

/// The entries that the page of the evidence, or that of who has seen a record, finds for the same query, with what
/// proves them: the newest ones, as many as a file may hold. None while the log is empty.
pub fn taken(
    call: &mut Call,
    asked: &Asked,
    platform: &Arc<Platform>,
    plugins: Vec<Arc<Plugin>>,
) -> Given<Option<Proofs>> {
    let house = House {
        platform: Arc::clone(platform),
        plugins: Box::new(move || plugins.clone()),
        runtime: Weak::new(),
    };
    let mut desk = Desk::new(call, asked, &house);
    if asked.request.path.starts_with("/evidence/seen") {
        let seen = evidence_seen::found(&mut desk, Proofs::MOST)?;
        let found: Vec<Recorded> = seen.entries.into_iter().map(|seen| seen.recorded).collect();
        return Ok(prove_evidence(desk.call, &found, seen.next)?);
    }
    let filter = evidence::filter(&mut desk)?;
    let (mut found, mut before) = (Vec::new(), desk.parsed("after")?);
    loop {
        let page = search_evidence(desk.call, &filter, before, Proofs::MOST - found.len())?;
        found.extend(page.entries);
        before = page.next;
        if before.is_none() || found.len() >= Proofs::MOST {
            return Ok(prove_evidence(desk.call, &found, before)?);
        }
    }
}
