//! Waivers of once-only: a plugin may collect again what another owns.

use anyhow::Result;
use clap::Subcommand;
use dinh_model::PluginId;
use dinh_services::Platform;
use dinh_services::sharing::{WaiverState, approve_waiver, ask_waiver, refuse_waiver, waivers};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::deeds::Authority;
use crate::reply::Reply;

/// What can be done about waivers.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaiveDeed {
    /// Ask that a plugin may collect again what another owns; a second person agrees
    AskWaiver {
        /// The plugin, installed or yet to be
        plugin: PluginId,
        /// The meaning, such as `person.full-name`
        meaning: String,
        /// Why
        #[arg(long = "reason", value_name = "TEXT")]
        why: String,
    },
    /// Agree to a waiver, as the steward of whoever owns the meaning
    ApproveWaiver {
        /// The plugin
        plugin: PluginId,
        /// The meaning
        meaning: String,
    },
    /// Refuse a waiver, as the steward of whoever owns the meaning
    RefuseWaiver {
        /// The plugin
        plugin: PluginId,
        /// The meaning
        meaning: String,
        /// Why
        #[arg(long = "reason", value_name = "TEXT")]
        why: String,
    },
    /// List waivers, asked for, agreed to and refused
    Waivers,
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: WaiveDeed) -> Result<Reply> {
    match deed {
        WaiveDeed::AskWaiver { plugin, meaning, why } => {
            authority
                .perform(platform, "share ask-waiver", |call| ask_waiver(call, &plugin, &meaning, &why))?;
            let sentence = format!("{plugin} may collect {meaning} when the steward of its owner agrees");
            Ok(Reply::done(json!({ "plugin": plugin, "meaning": meaning }), sentence))
        }
        WaiveDeed::ApproveWaiver { plugin, meaning } => {
            authority
                .perform(platform, "share approve-waiver", |call| approve_waiver(call, &plugin, &meaning))?;
            let sentence = format!("{plugin} may collect {meaning}");
            Ok(Reply::done(json!({ "plugin": plugin, "meaning": meaning }), sentence))
        }
        WaiveDeed::RefuseWaiver { plugin, meaning, why } => {
            authority.perform(platform, "share refuse-waiver", |call| {
                refuse_waiver(call, &plugin, &meaning, &why)
            })?;
            let sentence = format!("{plugin} may not collect {meaning}");
            Ok(Reply::done(json!({ "plugin": plugin, "meaning": meaning }), sentence))
        }
        WaiveDeed::Waivers => {
            let found = authority.perform(platform, "share waivers", |call| waivers(call))?;
            let rows: Vec<_> = found
                .iter()
                .map(|it| {
                    let state = match it.state {
                        WaiverState::Asked => "asked",
                        WaiverState::Agreed(_) => "agreed",
                        WaiverState::Refused { .. } => "refused",
                    };
                    [it.plugin.to_string(), it.meaning.clone(), state.to_owned(), it.reason.clone()]
                })
                .collect();
            Ok(Reply::table(found, ["plugin", "meaning", "state", "reason"], rows))
        }
    }
}
