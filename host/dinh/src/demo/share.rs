//! The contracts of the demo: what its plugins want of one another, such as the members that personnel has. Asked for by
//! one person and agreed to by another, as in a house that works.

use anyhow::Result;
use dinh_services::Platform;
use dinh_services::sharing::{Terms, approve, get_contract, request, wants};

use super::people::{DIRECTOR, HEAD};
use crate::deeds::Authority;

/// Asks for everything that the demo's plugins want, and agrees to it.
pub fn share(platform: &Platform) -> Result<()> {
    let (asks, agrees) = (Authority::account(HEAD.into()), Authority::account(DIRECTOR.into()));
    let wanted = asks.perform(platform, "init --demo", |call| wants(call))?;
    for want in wanted {
        let contract =
            asks.perform(platform, "init --demo", |call| request(call, &want.plugin, &want.wanted.name))?;
        agrees.perform(platform, "init --demo", |call| {
            let terms = Terms::asked(&get_contract(call, contract)?);
            approve(call, contract, terms)
        })?;
    }
    Ok(())
}
