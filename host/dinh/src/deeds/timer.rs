//! `dinh timer`: what plugins have set, and those of it whose handlers failed.

use anyhow::Result;
use clap::Subcommand;
use dinh_model::PluginId;
use dinh_services::records::PluginData;
use dinh_services::schedule::{self, KnownTimer, TimerId};
use dinh_services::{ServiceError, Thing};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::deeds::Authority;
use crate::house::House;
use crate::reply::Reply;

/// Timers that are listed or retried in one change.
const AT_ONCE: usize = 500;

/// What can be done about timers.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimerDeed {
    /// List the timers of a plugin, with those that fail
    List {
        /// The plugin
        plugin: PluginId,
        /// Only those that have failed five times and wait for people
        #[arg(long)]
        parked: bool,
    },
    /// Let parked timers fire now; what fails once more is parked again
    Retry {
        /// The plugin
        plugin: PluginId,
        /// Its name; without one, all parked ones
        name: Option<String>,
        /// Its key, when it has one
        key: Option<String>,
    },
    /// Give a parked timer up; one that recurs comes again at its next occurrence
    Drop {
        /// The plugin
        plugin: PluginId,
        /// Its name
        name: String,
        /// Its key, when it has one
        key: Option<String>,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// Does it.
pub(super) fn perform(house: &House, authority: &Authority, deed: TimerDeed) -> Result<Reply> {
    let (TimerDeed::List { plugin, .. } | TimerDeed::Retry { plugin, .. } | TimerDeed::Drop { plugin, .. }) =
        &deed;
    let plugin = plugin.clone();
    let found = house.runtime()?.plugin(&plugin).filter(|plugin| !plugin.is_built_in());
    let found = found.ok_or_else(|| ServiceError::not_found(Thing::Plugin, &plugin))?;
    let data = &found.data;
    match deed {
        TimerDeed::List { parked, .. } => {
            let found = all(house, authority, "timer list", data, parked)?;
            let rows = found.iter().map(|it| {
                let next = it.next.map_or_else(|| "parked".to_owned(), |next| next.to_string());
                let why = it.failure.clone().unwrap_or_else(|| "–".to_owned());
                let recurs = if it.recurs { "yes" } else { "–" };
                let failures = it.failures.to_string();
                [it.name.clone(), it.key.clone(), it.due.to_string(), next, recurs.to_owned(), failures, why]
            });
            let rows: Vec<_> = rows.collect();
            Ok(Reply::table(found, ["timer", "key", "due", "next", "recurs", "failures", "why"], rows))
        }
        TimerDeed::Retry { name, key, .. } => {
            let timers = match name {
                Some(name) => vec![TimerId { name, key: key.unwrap_or_default() }],
                None => {
                    let found = all(house, authority, "timer retry", data, true)?;
                    found.into_iter().map(|it| TimerId { name: it.name, key: it.key }).collect()
                }
            };
            for part in timers.chunks(AT_ONCE) {
                authority.perform(house.platform(), "timer retry", |call| {
                    part.iter().try_for_each(|timer| schedule::retry(call, data, timer))
                })?;
            }
            let sentence = format!("{} parked timers of {plugin} fire again", timers.len());
            Ok(Reply::done(json!({ "plugin": plugin, "timers": timers }), sentence))
        }
        TimerDeed::Drop { name, key, reason, .. } => {
            let timer = TimerId { name, key: key.unwrap_or_default() };
            authority.perform(house.platform(), "timer drop", |call| {
                schedule::drop_timer(call, data, &timer, &reason)
            })?;
            let sentence = format!("the timer {timer} of {plugin} is given up");
            Ok(Reply::done(json!({ "plugin": plugin, "timer": timer }), sentence))
        }
    }
}

fn all(
    house: &House,
    authority: &Authority,
    deed: &str,
    data: &PluginData,
    parked: bool,
) -> Result<Vec<KnownTimer>> {
    let found = authority.perform(house.platform(), deed, |call| {
        let mut all: Vec<KnownTimer> = Vec::new();
        loop {
            let after = all.last().map(|it| TimerId { name: it.name.clone(), key: it.key.clone() });
            let part = schedule::known(call, data, parked, after.as_ref(), AT_ONCE)?;
            if part.is_empty() {
                return Ok(all);
            }
            all.extend(part);
        }
    })?;
    Ok(found)
}
