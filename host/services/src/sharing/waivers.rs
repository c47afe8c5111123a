//! Waivers: a plugin may hold again what another owns, for a reason that two people agreed to.

use dinh_model::{PluginId, Target, UnitId, key};
use dinh_store::Direction;
use serde::{Deserialize, Serialize};

use super::meanings::owner_of;
use super::model::Signed;
use crate::call::decode;
use crate::permissions::{PLUGIN_MANAGE, SHARING_DECIDE};
use crate::{Call, ServiceError, Thing, space};

/// Longest reason, in characters.
pub(super) const LONGEST_REASON: usize = 1_000;

/// That a plugin may hold a meaning which another owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// Who may hold it too.
    pub plugin: PluginId,
    /// The meaning.
    pub meaning: String,
    /// Why.
    pub reason: String,
    /// The unit of the meaning's owner, whose steward agrees.
    pub unit: UnitId,
    /// Who asked.
    pub asked: Signed,
    /// Who agreed; none until somebody did.
    pub agreed: Option<Signed>,
}

fn waiver_key(plugin: &PluginId, meaning: &str) -> Vec<u8> {
    space::key(space::WAIVER, &[plugin.as_str().as_bytes(), &[0], meaning.as_bytes()])
}

/// Whether a plugin may hold a meaning which another owns.
pub(super) fn allows(call: &Call, plugin: &PluginId, meaning: &str) -> Result<bool, ServiceError> {
    let waiver: Option<Waiver> = call.load(&waiver_key(plugin, meaning))?;
    Ok(waiver.is_some_and(|waiver| waiver.agreed.is_some()))
}

/// Asks that a plugin, installed or yet to be, may hold a meaning that another owns. Needs `dinh.plugin.manage` for
/// the unit of the owner; holds when a second person with `dinh.sharing.decide` there agrees.
pub fn ask_waiver(
    call: &mut Call,
    plugin: &PluginId,
    meaning: &str,
    reason: &str,
) -> Result<(), ServiceError> {
    let unit = owning_unit(call, meaning)?;
    call.require(&PLUGIN_MANAGE, &Target::unit(unit))?;
    let reason = reason_of(reason)?;
    let asked = super::request::signed(call);
    let waiver =
        Waiver { plugin: plugin.clone(), meaning: meaning.to_owned(), reason, unit, asked, agreed: None };
    call.save(waiver_key(plugin, meaning), &waiver)?;
    call.evidence("waiver.asked", format!("plugin:{plugin}"), [("meaning", meaning.to_owned())]);
    Ok(())
}

/// Agrees to a waiver. Needs `dinh.sharing.decide` for the unit of the meaning's owner; not by whoever asked.
pub fn approve_waiver(call: &mut Call, plugin: &PluginId, meaning: &str) -> Result<(), ServiceError> {
    let key = waiver_key(plugin, meaning);
    let waiver: Waiver = call
        .load(&key)?
        .ok_or_else(|| ServiceError::not_found(Thing::Waiver, format!("{plugin} {meaning}")))?;
    call.require(&SHARING_DECIDE, &Target::unit(waiver.unit))?;
    super::decide::not_the_same(call, waiver.asked, &format!("plugin:{plugin}"))?;
    let agreed = Some(super::request::signed(call));
    call.save(key, &Waiver { agreed, ..waiver })?;
    call.evidence("waiver.agreed", format!("plugin:{plugin}"), [("meaning", meaning.to_owned())]);
    Ok(())
}

/// All waivers, asked for and agreed to; they stand in the register.
pub fn waivers(call: &Call) -> Result<Vec<Waiver>, ServiceError> {
    let end = key::after_prefix(&[space::WAIVER]);
    let range = call.transaction.range(&[space::WAIVER], end.as_deref(), Direction::Forward);
    range
        .map(|item| {
            let (key, stored) = item?;
            decode(&key, &stored.value)
        })
        .collect()
}

fn owning_unit(call: &Call, meaning: &str) -> Result<UnitId, ServiceError> {
    let owner = owner_of(call, meaning)?.ok_or_else(|| {
        ServiceError::invalid(
            format!("Chưa ứng dụng nào quản lý “{meaning}”, nên không cần miễn trừ."),
            format!("No plugin owns `{meaning}`, so no waiver is needed."),
        )
    })?;
    super::declared::home_of(call, &owner.plugin)
}

/// A reason in writing.
pub(super) fn reason_of(reason: &str) -> Result<String, ServiceError> {
    let reason = dinh_model::text::nfc(reason.trim());
    match reason.chars().count() {
        0 => Err(ServiceError::invalid("Hãy ghi lý do.", "Write the reason.")),
        1..=LONGEST_REASON => Ok(reason),
        found => Err(ServiceError::invalid(
            format!("Lý do dài {found} ký tự; tối đa {LONGEST_REASON}."),
            format!("The reason has {found} characters; at most {LONGEST_REASON}."),
        )),
    }
}
