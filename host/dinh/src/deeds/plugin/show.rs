//! How a plugin stands: what it keeps of what it may, and how its calls ended.

use anyhow::Result;
use dinh_model::{PluginId, Target, Timestamp, time};
use dinh_runtime::Standing;
use dinh_runtime::limits::KEYS;
use dinh_services::permissions::PLUGIN_MANAGE;
use serde::Serialize;
use serde_json::{Value, json};

use super::super::{Authority, named};
use super::{Shown, home_of};
use crate::house::House;
use crate::reply::Reply;

/// How a plugin stands.
#[derive(Serialize)]
struct ShownStanding {
    id: PluginId,
    /// What is served, or would be.
    installed: Option<Shown>,
    /// `serving`, `quarantined`, `suspended` or `not-loaded`.
    standing: &'static str,
    /// Since when it is not serving.
    since: Option<Timestamp>,
    /// When it is tried again by itself.
    until: Option<Timestamp>,
    /// Why it is not serving.
    why: Option<String>,
    /// Who suspended it.
    by: Option<String>,
    /// How much it keeps.
    volume: Option<ShownVolume>,
    /// What it may use, as its manifest spells it.
    may: Vec<Value>,
    /// How many calls ended without giving what was asked for since the start: by deed and limit.
    endings: Vec<Value>,
    /// The last of them, newest first.
    last: Vec<Value>,
}

/// What a plugin keeps.
#[derive(Serialize)]
struct ShownVolume {
    records: u64,
    row_bytes: u64,
    file_bytes: u64,
}

/// `dinh plugin show`.
pub(super) fn show(house: &House, authority: &Authority, id: &PluginId) -> Result<Reply> {
    let runtime = house.runtime()?;
    let plugin = runtime.plugin(id);
    let standing = plugin.as_ref().map(|plugin| plugin.standing());
    let (code, by) = authority.perform(house.platform(), "plugin show", |call| {
        let home = home_of(&runtime, id)?;
        call.require(&PLUGIN_MANAGE, &Target::unit(home))?;
        let by = standing.as_ref().and_then(Standing::by).map(|by| match by.account() {
            Some(account) => named::login_of(call, account),
            None => "operator".to_owned(),
        });
        Ok((named::code_of(call, home), by))
    })?;
    let (until, why) = match &standing {
        Some(Standing::Quarantined(out)) => {
            let why = format!(
                "{} of {} calls failed, the last: {} (out for the {}. time)",
                out.failures, out.of, out.why, out.times
            );
            (time::from_microseconds(out.until), Some(why))
        }
        Some(Standing::Suspended(suspension)) => (None, Some(suspension.reason.clone())),
        Some(Standing::Serving) => (None, None),
        None => {
            let failed = runtime.not_loaded().into_iter().find(|failed| failed.id == id.as_str());
            (None, failed.map(|failed| failed.reason))
        }
    };
    let endings = runtime.endings().into_iter().filter(|(ending, _)| ending.plugin == *id);
    let endings: Vec<_> = endings.map(|(it, count)| (it.action, it.limit, count)).collect();
    let last = runtime.last_endings(id);
    let volume = match &plugin {
        Some(plugin) => Some(runtime.volume(plugin)?),
        None => None,
    };
    let limits = plugin.as_ref().map(|plugin| plugin.manifest.limits);
    let may: Vec<_> = limits.iter().flat_map(|limits| KEYS.iter().zip(limits.amounts())).collect();
    let shown = ShownStanding {
        id: id.clone(),
        standing: standing.as_ref().map_or("not-loaded", Standing::as_str),
        since: standing.as_ref().and_then(Standing::out_since),
        until,
        why,
        by,
        volume: volume.map(|it| ShownVolume { records: it.records, row_bytes: it.row_bytes, file_bytes: it.file_bytes }),
        may: may.iter().map(|(key, amount)| json!({ "limit": key.name, "amount": amount, "default": key.default })).collect(),
        endings: endings
            .iter()
            .map(|(action, limit, count)| json!({ "action": action, "limit": limit, "count": count }))
            .collect(),
        last: last.iter().map(|it| json!({
            "at": it.at, "action": it.action, "route": it.route,
            "limit": it.trip.map(|trip| json!({ "what": trip.what, "used": trip.used, "allowed": trip.allowed })),
        })).collect(),
        installed: plugin.as_deref().map(|plugin| Shown::new(plugin, code.clone())),
    };
    let moment = |moment: Option<Timestamp>| moment.map(|moment| moment.to_string());
    let mut lines =
        vec![("plugin", id.to_string()), ("home unit", code), ("standing", shown.standing.to_owned())];
    let more = [
        ("since", moment(shown.since)),
        ("tried again", moment(shown.until)),
        ("why", shown.why.clone()),
        ("by", shown.by.clone()),
    ];
    lines.extend(more.into_iter().filter_map(|(name, value)| Some((name, value?))));
    if let Some(plugin) = &shown.installed {
        lines.extend([("version", plugin.version.clone()), ("sha256", plugin.sha256.clone())]);
    }
    if let (Some(volume), Some(limits)) = (volume, limits) {
        lines.push(("records", format!("{} of {}", volume.records, limits.call.records)));
        let (used, allowed) = (volume.bytes(), limits.call.storage_bytes);
        lines.push(("storage", format!("{used} of {allowed} bytes, {} of them files", volume.file_bytes)));
    }
    let more = may.iter().filter(|(key, amount)| key.default != *amount);
    lines.extend(
        more.map(|(key, amount)| ("may use", format!("{} {amount} (default {})", key.name, key.default))),
    );
    lines.extend(
        endings.iter().map(|(action, limit, count)| ("ended", format!("{count} × {action} {limit}"))),
    );
    lines.extend(last.iter().map(|it| {
        let trip = it.trip.map(|trip| format!(": {} used {} of {}", trip.what, trip.used, trip.allowed));
        ("last", format!("{} {} {}{}", it.at, it.action, it.route, trip.unwrap_or_default()))
    }));
    Ok(Reply::facts(&shown, &lines))
}
