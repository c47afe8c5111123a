//! Timers that a manifest declares: their names, and when those fire that recur by themselves.

use dinh_model::{Localized, key, time};
use dinh_store::Direction;

use super::set::replace;
use super::{Recurrence, Timer, TimerId, keys};
use crate::call::decode;
use crate::records::PluginData;
use crate::{Call, ServiceError, space};

/// A timer that a manifest declares.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredTimer {
    /// Its name; unique among the plugin's.
    pub name: String,
    /// What it does, for people.
    pub title: Localized,
    /// When it recurs by itself; none for one that the plugin's code sets.
    pub every: Option<Recurrence>,
}

/// A version of a plugin declares these: what recurs is there from now on, at the times that this version says; what it
/// declares no more goes with all that was set under the name. A recurring one that was parked is tried again.
pub fn declare(call: &mut Call, data: &PluginData, declared: &[DeclaredTimer]) -> Result<(), ServiceError> {
    let now = time::microseconds(call.now());
    for (id, old) in all(call, data.number)? {
        let known = declared.iter().find(|known| known.name == id.name);
        let goes = match known {
            None => true,
            // Either the manifest says when a name fires, or the code does.
            Some(known) => known.every.is_some() != old.declared,
        };
        if goes {
            replace(call, data.number, &id, Some(&old), None)?;
        }
    }
    for known in declared {
        let Some(every) = known.every else { continue };
        let id = TimerId { name: known.name.clone(), key: String::new() };
        let old: Option<Timer> = call.load(&keys::timer(data.number, &id))?;
        let same = old.as_ref().filter(|old| old.every == Some(every) && old.parked.is_none());
        if let (None, Some(due)) = (same, every.after(now)) {
            let timer = Timer { declared: true, ..Timer::new(due, Some(every)) };
            replace(call, data.number, &id, old.as_ref(), Some(&timer))?;
        }
    }
    call.tells = true;
    Ok(())
}

fn all(call: &Call, plugin: u32) -> Result<Vec<(TimerId, Timer)>, ServiceError> {
    let prefix = space::numbered(space::TIMER, plugin);
    let end = key::after_prefix(&prefix);
    let mut all = Vec::new();
    for row in call.transaction.range(&prefix, end.as_deref(), Direction::Forward) {
        let (key, stored) = row?;
        if let Some(id) = keys::id_of(&key) {
            all.push((id, decode(&key, &stored.value)?));
        }
    }
    Ok(all)
}
