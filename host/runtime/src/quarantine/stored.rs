//! What people decide: a plugin taken out with a reason, or let back. One row for each, which a restart does not forget.

use dinh_model::{Actor, PluginId, Target, Timestamp, UnitId, key, time};
use dinh_services::{Call, ServiceError, permissions, space};
use dinh_store::{Direction, Snapshot};
use serde::{Deserialize, Serialize};

/// Most characters of a reason.
const LONGEST_REASON: usize = 1_000;

/// That a person took a plugin out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// Why, in their words.
    pub reason: String,
}

/// The last thing that people decided about a plugin, with its format.
#[derive(Serialize, Deserialize)]
enum Row {
    V1 {
        at: i64,
        by: Actor,
        /// None when it was let back.
        suspended: Option<String>,
    },
}

/// Takes a plugin out. Needs `dinh.plugin.manage` for its home. In force once the call is committed and the runtime has
/// looked ([`Runtime::look_at_suspensions`](crate::Runtime::look_at_suspensions)).
pub fn suspend(call: &mut Call, plugin: &PluginId, home: UnitId, reason: &str) -> Result<(), ServiceError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(ServiceError::invalid(
            format!("Hãy ghi lý do (không quá {LONGEST_REASON} ký tự)."),
            format!("say why, in at most {LONGEST_REASON} characters"),
        ));
    }
    call.require(&permissions::PLUGIN_MANAGE, &Target::unit(home))?;
    put(call, plugin, Some(reason.to_owned()))?;
    call.evidence("plugin.suspended", format!("plugin:{plugin}"), [("reason", reason.to_owned())]);
    Ok(())
}

/// Lets a plugin back, whatever took it out; one that is not out, nothing happens to. Needs what taking it out does.
pub fn release(call: &mut Call, plugin: &PluginId, home: UnitId) -> Result<(), ServiceError> {
    call.require(&permissions::PLUGIN_MANAGE, &Target::unit(home))?;
    put(call, plugin, None)?;
    call.evidence("plugin.released", format!("plugin:{plugin}"), []);
    Ok(())
}

/// Who is suspended.
pub(crate) fn all(snapshot: &Snapshot) -> Result<Vec<(String, i64, Option<Suspension>)>, ServiceError> {
    let prefix = [space::SUSPENSION];
    let end = key::after_prefix(&prefix);
    let rows = snapshot.range(&prefix, end.as_deref(), Direction::Forward);
    rows.map(|row| {
        let (key, stored) = row?;
        let id = String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned();
        let damaged = |_| ServiceError::Damaged { what: format!("suspension of plugin {id}") };
        let Row::V1 { at, by, suspended } = postcard::from_bytes(&stored.value).map_err(damaged)?;
        let moment = time::from_microseconds(at).unwrap_or_default();
        let suspended = suspended.map(|reason| Suspension { at: moment, by, reason });
        Ok((id, at, suspended))
    })
    .collect()
}

/// When people last let a plugin back: microseconds since 1970.
pub(crate) fn released_at(snapshot: &Snapshot, plugin: &str) -> Option<i64> {
    let all = all(snapshot).ok()?;
    all.into_iter().find(|(id, _, out)| id == plugin && out.is_none()).map(|(_, at, _)| at)
}

fn put(call: &mut Call, plugin: &PluginId, suspended: Option<String>) -> Result<(), ServiceError> {
    let row = Row::V1 { at: time::microseconds(call.now()), by: call.actor().clone(), suspended };
    let damaged = |_| ServiceError::Damaged { what: format!("suspension of plugin {plugin}") };
    let row = postcard::to_allocvec(&row).map_err(damaged)?;
    call.transaction.put(space::key(space::SUSPENSION, &[plugin.as_str().as_bytes()]), row);
    Ok(())
}
