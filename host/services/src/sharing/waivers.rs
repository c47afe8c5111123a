//! Waivers: a plugin may hold again what another owns, for a reason that two people agreed to.
//!
//! ```text
//! ask (plugin.manage) ─▶ asked ─ agree (sharing.decide, somebody else) ─▶ agreed ─▶ the plugin may be installed
//!                          ▲ └ refuse, with the reason ─▶ refused ┐
//!                          └──────────── ask again ───────────────┘
//! ```

use dinh_model::{PluginId, Target, UnitId, key};
use dinh_store::Direction;
use serde::{Deserialize, Serialize};

use super::meanings::owner_of;
use super::model::Signed;
use crate::accounts::Signature;
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
    /// What was decided.
    pub state: WaiverState,
}

/// What was decided about a waiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaiverState {
    /// Nothing yet: it waits for the steward.
    Asked,
    /// The plugin may hold the meaning too.
    Agreed(Signed),
    /// It may not; somebody may ask again.
    Refused {
        /// Who decided.
        decided: Signed,
        /// Why.
        reason: String,
    },
}

impl Waiver {
    /// Whether the plugin may hold the meaning.
    pub fn holds(&self) -> bool {
        matches!(self.state, WaiverState::Agreed(_))
    }
}

fn waiver_key(plugin: &PluginId, meaning: &str) -> Vec<u8> {
    space::key(space::WAIVER, &[plugin.as_str().as_bytes(), &[0], meaning.as_bytes()])
}

/// Whether a plugin may hold a meaning which another owns.
pub(super) fn allows(call: &Call, plugin: &PluginId, meaning: &str) -> Result<bool, ServiceError> {
    let waiver: Option<Waiver> = call.load(&waiver_key(plugin, meaning))?;
    Ok(waiver.is_some_and(|waiver| waiver.holds()))
}

/// A waiver.
pub fn get_waiver(call: &Call, plugin: &PluginId, meaning: &str) -> Result<Waiver, ServiceError> {
    let found: Option<Waiver> = call.load(&waiver_key(plugin, meaning))?;
    found.ok_or_else(|| ServiceError::not_found(Thing::Waiver, format!("{plugin} {meaning}")))
}

fn save(call: &mut Call, waiver: &Waiver) -> Result<(), ServiceError> {
    call.save(waiver_key(&waiver.plugin, &waiver.meaning), waiver)
}

/// Asks that a plugin, installed or yet to be, may hold a meaning that another owns. Needs `dinh.plugin.manage` for
/// the unit of the owner; holds when a second person with `dinh.sharing.decide` there agrees. What is asked for, or was
/// refused, may be asked for again, with another reason.
pub fn ask_waiver(
    call: &mut Call,
    plugin: &PluginId,
    meaning: &str,
    reason: &str,
) -> Result<(), ServiceError> {
    let (owner, unit) = owner_and_unit(call, meaning)?;
    call.require(&PLUGIN_MANAGE, &Target::unit(unit))?;
    if owner == *plugin {
        return Err(ServiceError::invalid(
            format!("Ứng dụng “{plugin}” đang quản lý “{meaning}”, nên không cần miễn trừ."),
            format!("{plugin} owns `{meaning}` itself, so it needs no waiver."),
        ));
    }
    if allows(call, plugin, meaning)? {
        return Err(ServiceError::invalid(
            format!("Ứng dụng “{plugin}” đã được miễn trừ cho “{meaning}”."),
            format!("There is a waiver of `{meaning}` for {plugin} already."),
        ));
    }
    let (reason, asked) = (reason_of(reason)?, super::request::signed(call));
    let (plugin, meaning) = (plugin.clone(), meaning.to_owned());
    let waiver = Waiver { plugin, meaning, reason, unit, asked, state: WaiverState::Asked };
    save(call, &waiver)?;
    evidence(call, "waiver.asked", &waiver);
    Ok(())
}

/// Agrees to a waiver. Needs `dinh.sharing.decide` for the unit of the meaning's owner; not by whoever asked.
pub fn approve_waiver(call: &mut Call, plugin: &PluginId, meaning: &str) -> Result<(), ServiceError> {
    let waiver = to_decide(call, plugin, meaning)?;
    let state = WaiverState::Agreed(super::request::signed(call));
    save(call, &Waiver { state, ..waiver.clone() })?;
    evidence(call, "waiver.agreed", &waiver);
    Ok(())
}

/// Refuses a waiver, with the reason. Needs what agreeing needs.
pub fn refuse_waiver(
    call: &mut Call,
    plugin: &PluginId,
    meaning: &str,
    reason: &str,
) -> Result<(), ServiceError> {
    let waiver = to_decide(call, plugin, meaning)?;
    let state = WaiverState::Refused { decided: super::request::signed(call), reason: reason_of(reason)? };
    save(call, &Waiver { state, ..waiver.clone() })?;
    evidence(call, "waiver.refused", &waiver);
    Ok(())
}

/// A waiver that waits, for whoever may decide.
fn to_decide(call: &mut Call, plugin: &PluginId, meaning: &str) -> Result<Waiver, ServiceError> {
    let waiver = get_waiver(call, plugin, meaning)?;
    call.require(&SHARING_DECIDE, &Target::unit(waiver.unit))?;
    if waiver.state != WaiverState::Asked {
        return Err(ServiceError::invalid(
            "Đề nghị miễn trừ này đã được quyết định.",
            "This waiver was decided already.",
        ));
    }
    super::decide::not_the_same(call, waiver.asked, &format!("plugin:{plugin}"))?;
    Ok(waiver)
}

fn evidence(call: &mut Call, action: &str, waiver: &Waiver) {
    call.evidence(action, format!("plugin:{}", waiver.plugin), [("meaning", waiver.meaning.clone())]);
}

/// The waivers that wait for the actor's decision.
pub fn open_waivers(call: &Call) -> Result<Vec<Waiver>, ServiceError> {
    let mut open = waivers(call)?;
    let actor = Signature::of(call);
    open.retain(|waiver| {
        waiver.state == WaiverState::Asked
            && call.check(&SHARING_DECIDE, &Target::unit(waiver.unit))
            && !actor.zip(waiver.asked.by).is_some_and(|(actor, asked)| actor.shares(asked))
    });
    Ok(open)
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

/// Who owns a meaning, and the unit that plugin is installed for.
fn owner_and_unit(call: &Call, meaning: &str) -> Result<(PluginId, UnitId), ServiceError> {
    let owner = owner_of(call, meaning)?.ok_or_else(|| {
        ServiceError::invalid(
            format!("Chưa ứng dụng nào quản lý “{meaning}”, nên không cần miễn trừ."),
            format!("No plugin owns `{meaning}`, so no waiver is needed."),
        )
    })?;
    let unit = super::declared::home_of(call, &owner.plugin)?;
    Ok((owner.plugin, unit))
}

/// A reason in writing.
pub(crate) fn reason_of(reason: &str) -> Result<String, ServiceError> {
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
