//! Timers as those see them who manage a plugin: what is set, what has failed, and what to do about it.

use dinh_model::{Label, Target, Timestamp, key, time};
use dinh_store::{Direction, Snapshot};
use serde::Serialize;

use super::set::{Count, replace};
use super::{MOST_FAILURES, Timer, TimerId, fire, keys};
use crate::call::decode;
use crate::permissions::PLUGIN_MANAGE;
use crate::records::PluginData;
use crate::sharing::reason_of;
use crate::{Call, ServiceError, Thing, space};

/// Timers that are due or parked, as monitoring counts them.
const COUNTED: usize = 1_000;

/// A timer of a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnownTimer {
    /// Its name in the manifest.
    pub name: String,
    /// What tells it from others of its name.
    pub key: String,
    /// When it is due, or was.
    pub due: Timestamp,
    /// When it is tried next; none while it is parked.
    pub next: Option<Timestamp>,
    /// Whether it comes again.
    pub recurs: bool,
    /// How often it has failed.
    pub failures: u8,
    /// Why, the last time.
    pub failure: Option<String>,
    /// Since when it is parked.
    pub parked: Option<Timestamp>,
}

/// How many timers a plugin has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// All.
    pub timers: u64,
    /// Those that have failed and are tried again.
    pub failing: u64,
    /// Those that wait for people, counted up to 1,000.
    pub parked: usize,
}

/// How the timers of all plugins are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All.
    pub timers: u64,
    /// Those that are due and have not fired, counted up to 1,000 for each plugin.
    pub due: usize,
    /// For how many seconds the oldest of these is.
    pub behind_seconds: i64,
    /// Those that have failed and are tried again.
    pub failing: u64,
    /// Those that wait for people, counted up to 1,000.
    pub parked: usize,
}

/// The timers of a plugin that whoever acts manages up to their label, by name and key, after one of them, at most `limit`; with
/// `parked`, only those that wait for people. Needs `dinh.plugin.manage` for the plugin's unit.
pub fn known(
    call: &mut Call,
    data: &PluginData,
    parked: bool,
    after: Option<&TimerId>,
    limit: usize,
) -> Result<Vec<KnownTimer>, ServiceError> {
    call.require(&PLUGIN_MANAGE, &Target::unit(data.home_unit))?;
    let kind = if parked { space::TIMER_PARKED } else { space::TIMER };
    let prefix = space::numbered(kind, data.number);
    let end = key::after_prefix(&prefix);
    let start = match after {
        Some(after) if parked => [keys::parked(data.number, after).as_slice(), &[0]].concat(),
        Some(after) => [keys::timer(data.number, after).as_slice(), &[0]].concat(),
        None => prefix,
    };
    let mut found = Vec::new();
    // Unchecked: what is set meanwhile comes in the next look.
    for row in call.transaction.range_unchecked(&start, end.as_deref(), Direction::Forward) {
        let (key, _) = row?;
        let Some(id) = keys::id_of(&key) else { continue };
        let row = keys::timer(data.number, &id);
        let Some(stored) = call.transaction.snapshot().get(&row)? else { continue };
        let timer: Timer = decode(&row, &stored.value)?;
        if !may_see(call, data, timer.label) {
            continue;
        }
        found.push(shown(id, timer));
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

/// Whether whoever acts manages the plugin up to this label.
fn may_see(call: &Call, data: &PluginData, label: Label) -> bool {
    call.check(&PLUGIN_MANAGE, &Target { label, ..Target::unit(data.home_unit) })
}

fn shown(id: TimerId, timer: Timer) -> KnownTimer {
    let moment = |at| time::from_microseconds(at).unwrap_or_default();
    KnownTimer {
        name: id.name,
        key: id.key,
        due: moment(timer.due),
        next: timer.parked.is_none().then(|| moment(timer.next)),
        recurs: timer.every.is_some(),
        failures: timer.failures,
        failure: timer.failure,
        parked: timer.parked.map(moment),
    }
}

/// How many timers a plugin has; none for whoever does not manage it.
pub fn standing(call: &Call, data: &PluginData) -> Result<Option<Standing>, ServiceError> {
    if !call.check(&PLUGIN_MANAGE, &Target::unit(data.home_unit)) {
        return Ok(None);
    }
    let Count { timers, failing } = Count::load(call, data.number)?;
    let prefix = space::numbered(space::TIMER_PARKED, data.number);
    let parked = parked_in(call.transaction.snapshot(), &prefix)?;
    Ok(Some(Standing { timers, failing, parked }))
}

/// Lets a parked timer fire now; when it fails once more, it is parked again. Needs `dinh.plugin.manage` for the
/// plugin's unit.
pub fn retry(call: &mut Call, data: &PluginData, id: &TimerId) -> Result<(), ServiceError> {
    let old = parked(call, data, id)?;
    let next = time::microseconds(call.now());
    let timer = Timer { parked: None, next, failures: MOST_FAILURES - 1, ..old.clone() };
    replace(call, data.number, id, Some(&old), Some(&timer))?;
    evidence(call, data, id, "timer.retried", None);
    call.tells = true;
    Ok(())
}

/// Gives a parked timer up: it does not fire this time; one that recurs comes again at its next occurrence. Needs
/// `dinh.plugin.manage` for the plugin's unit, and a reason.
pub fn drop_timer(
    call: &mut Call,
    data: &PluginData,
    id: &TimerId,
    reason: &str,
) -> Result<(), ServiceError> {
    let old = parked(call, data, id)?;
    let reason = reason_of(reason)?;
    let again = old.every.and_then(|every| every.after(time::microseconds(call.now())));
    let next =
        again.map(|due| Timer { due, next: due, failures: 0, failure: None, parked: None, ..old.clone() });
    replace(call, data.number, id, Some(&old), next.as_ref())?;
    evidence(call, data, id, "timer.dropped", Some(reason));
    call.tells = true;
    Ok(())
}

fn parked(call: &mut Call, data: &PluginData, id: &TimerId) -> Result<Timer, ServiceError> {
    call.require(&PLUGIN_MANAGE, &Target::unit(data.home_unit))?;
    let found: Option<Timer> = call.load(&keys::timer(data.number, id))?;
    let found = found.filter(|timer| timer.parked.is_some() && may_see(call, data, timer.label));
    found.ok_or_else(|| ServiceError::not_found(Thing::Timer, id))
}

fn evidence(call: &mut Call, data: &PluginData, id: &TimerId, action: &str, reason: Option<String>) {
    let records: Vec<_> = id.record().into_iter().collect();
    let detail = std::iter::once(("timer", id.name.clone())).chain(reason.map(|reason| ("reason", reason)));
    call.evidence_about(action, format!("plugin:{}", data.plugin), detail, &records);
}

/// How the timers of all plugins are at a moment: microseconds since 1970.
pub fn totals(snapshot: &Snapshot, now: i64) -> Result<Totals, ServiceError> {
    let mut totals = Totals::default();
    let prefix = [space::TIMERS];
    let end = key::after_prefix(&prefix);
    for row in snapshot.range(&prefix, end.as_deref(), Direction::Forward) {
        let (key, stored) = row?;
        let Count { timers, failing } = decode(&key, &stored.value)?;
        totals.timers += timers;
        totals.failing += failing;
        let Some(plugin) = keys::plugin_of(&key) else { continue };
        if let Some((first, _)) = fire::first_due(snapshot, plugin)?
            && first <= now
        {
            totals.behind_seconds = totals.behind_seconds.max((now - first) / 1_000_000);
            let start = space::numbered(space::TIMER_DUE, plugin);
            let end = [start.as_slice(), &key::integer(now.saturating_add(1))].concat();
            for due in snapshot.range(&start, Some(&end), Direction::Forward).take(COUNTED) {
                due?;
                totals.due += 1;
            }
        }
    }
    totals.parked = parked_in(snapshot, &[space::TIMER_PARKED])?;
    Ok(totals)
}

fn parked_in(snapshot: &Snapshot, prefix: &[u8]) -> Result<usize, ServiceError> {
    let end = key::after_prefix(prefix);
    let mut count = 0;
    for parked in snapshot.range(prefix, end.as_deref(), Direction::Forward).take(COUNTED) {
        parked?;
        count += 1;
    }
    Ok(count)
}
