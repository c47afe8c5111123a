//! Timers that are due: what the runtime asks for, and what came of it.

use std::time::Duration;

use dinh_model::{key, time};
use dinh_store::{Direction, Snapshot};

use super::set::replace;
use super::{MOST_FAILURES, Timer, TimerId, keys};
use crate::call::decode;
use crate::records::PluginData;
use crate::{Call, ServiceError, space};

/// How long what has failed waits, after the first failure, the second, and so on.
const WAITS: [Duration; MOST_FAILURES as usize - 1] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(120 * 60),
];

/// A timer that fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// When it was due: microseconds since 1970. Of a recurring one the first moment that was missed.
    pub due: i64,
    /// What was given when it was set.
    pub payload: String,
    /// When it comes again.
    pub again: Option<i64>,
}

/// What a failure led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It is tried again after this moment: microseconds since 1970.
    Later(i64),
    /// It is parked; the others go on.
    Parked,
    /// It was set anew or cancelled meanwhile.
    Gone,
}

/// The timer of a plugin that fires next, with the moment: the first key of one range.
pub fn first_due(snapshot: &Snapshot, plugin: u32) -> Result<Option<(i64, TimerId)>, ServiceError> {
    let prefix = space::numbered(space::TIMER_DUE, plugin);
    let end = key::after_prefix(&prefix);
    let first = snapshot.range(&prefix, end.as_deref(), Direction::Forward).next().transpose()?;
    Ok(first.and_then(|(key, _)| keys::due_of(&key)))
}

/// Takes a timer that is due in the call that fires it: from now on it is gone, or waits for its next occurrence. None
/// when it is not due any more. What the handler sets comes after this, and stays.
pub fn take(call: &mut Call, data: &PluginData, id: &TimerId) -> Result<Option<Taken>, ServiceError> {
    let now = time::microseconds(call.now());
    let Some(old) = call.load::<Timer>(&keys::timer(data.number, id))? else { return Ok(None) };
    if old.parked.is_some() || old.next > now {
        return Ok(None);
    }
    let again = old.every.and_then(|every| every.after(now));
    let next = again.map(|due| Timer { due, next: due, failures: 0, failure: None, ..old.clone() });
    replace(call, data.number, id, Some(&old), next.as_ref())?;
    call.hops = 1;
    call.confinement.read(old.label);
    Ok(Some(Taken { due: old.due, payload: old.payload, again }))
}

/// Notes in a call of the host's own that the handler of a timer failed, which was to be tried at the moment `next`.
pub fn failed(
    call: &mut Call,
    data: &PluginData,
    id: &TimerId,
    next: i64,
    why: &str,
) -> Result<Failed, ServiceError> {
    let Some(old) = call.load::<Timer>(&keys::timer(data.number, id))? else { return Ok(Failed::Gone) };
    if old.next != next || old.parked.is_some() {
        return Ok(Failed::Gone);
    }
    let now = time::microseconds(call.now());
    let failures = old.failures.saturating_add(1);
    let mut timer = Timer { failures, failure: Some(why.to_owned()), ..old.clone() };
    let Some(wait) = WAITS.get(usize::from(failures) - 1) else {
        timer.parked = Some(now);
        replace(call, data.number, id, Some(&old), Some(&timer))?;
        let detail = [("timer", id.name.clone()), ("reason", why.to_owned())];
        let records: Vec<_> = id.record().into_iter().collect();
        call.evidence_about("timer.parked", format!("plugin:{}", data.plugin), detail, &records);
        return Ok(Failed::Parked);
    };
    timer.next = now.saturating_add(i64::try_from(wait.as_micros()).unwrap_or(i64::MAX));
    replace(call, data.number, id, Some(&old), Some(&timer))?;
    Ok(Failed::Later(timer.next))
}

/// The clock was ahead and is right again: what recurs was set to occurrences of a time that has not come, and what has
/// failed to be tried again then.
pub(crate) fn clock_went_back(call: &mut Call) -> Result<(), ServiceError> {
    let now = time::microseconds(call.now());
    let longest = WAITS.last().map_or(0, |wait| i64::try_from(wait.as_micros()).unwrap_or(i64::MAX));
    let prefix = [space::TIMER_DUE];
    let end = key::after_prefix(&prefix);
    let due = call.transaction.range_unchecked(&prefix, end.as_deref(), Direction::Forward);
    let keys = due.map(|row| row.map(|(key, _)| key)).collect::<Result<Vec<_>, _>>()?;
    for key in keys {
        let (Some(plugin), Some((next, id))) = (keys::plugin_of(&key), keys::due_of(&key)) else { continue };
        let row = keys::timer(plugin, &id);
        let Some(stored) = call.transaction.get(&row)? else { continue };
        let old: Timer = decode(&row, &stored.value)?;
        let mut timer = old.clone();
        if old.failures > 0 {
            timer.next = if next > now.saturating_add(longest) { now } else { next };
        } else if let Some(first) = old.every.and_then(|every| every.after(now))
            && first < old.due
        {
            (timer.due, timer.next) = (first, first);
        }
        if timer != old {
            replace(call, plugin, &id, Some(&old), Some(&timer))?;
        }
    }
    call.tells = true;
    Ok(())
}
