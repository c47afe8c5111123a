//! How many calls ended without giving what was asked for, and the last of them: for monitoring and for the page of a
//! plugin.

use std::collections::{BTreeMap, HashMap, VecDeque};

use dinh_model::{PluginId, Timestamp};
use dinh_services::Trip;
use parking_lot::Mutex;

/// So many of the last endings of each plugin are kept.
const KEPT: usize = 20;

/// A way in which calls of a plugin ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ending {
    /// Whose calls.
    pub plugin: PluginId,
    /// As the evidence has it: `call.tripped`, `call.trapped` or `call.failed`.
    pub action: &'static str,
    /// The limit that was reached; empty when none was.
    pub limit: &'static str,
}

/// One call that ended so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When it began.
    pub at: Timestamp,
    /// As the evidence has it.
    pub action: &'static str,
    /// The declared part of its path; empty for an event.
    pub route: String,
    /// The limit that it reached, if it was one.
    pub trip: Option<Trip>,
}

/// Counts of all ways since the start, at most a few for each installed plugin, and the last endings.
#[derive(Default)]
pub(crate) struct Endings {
    counts: Mutex<BTreeMap<Ending, u64>>,
    last: Mutex<HashMap<PluginId, VecDeque<Ended>>>,
}

impl Endings {
    /// Counts one.
    pub(crate) fn count(&self, plugin: &PluginId, ended: Ended) {
        self.add(plugin, ended.action, ended.trip);
        let mut last = self.last.lock();
        let last = last.entry(plugin.clone()).or_default();
        last.truncate(KEPT - 1);
        last.push_front(ended);
    }

    /// Counts one that is not kept.
    pub(crate) fn add(&self, plugin: &PluginId, action: &'static str, trip: Option<Trip>) {
        let limit = trip.map_or("", |trip| trip.what);
        let mut counts = self.counts.lock();
        let count = counts.entry(Ending { plugin: plugin.clone(), action, limit }).or_default();
        *count = count.saturating_add(1);
    }

    /// All so far, by plugin.
    pub(crate) fn so_far(&self) -> Vec<(Ending, u64)> {
        self.counts.lock().iter().map(|(ending, count)| (ending.clone(), *count)).collect()
    }

    /// The last of a plugin, newest first.
    pub(crate) fn last(&self, plugin: &PluginId) -> Vec<Ended> {
        self.last.lock().get(plugin).map(|last| last.iter().cloned().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_the_last_twenty_are_kept_newest_first() {
        let endings = Endings::default();
        let plugin: PluginId = "hostile".parse().unwrap();
        for used in 0..30 {
            let trip = Trip { what: "rows-read", used, allowed: 5 };
            let ended = Ended {
                at: Timestamp::UNIX_EPOCH,
                action: "call.tripped",
                route: "/".into(),
                trip: Some(trip),
            };
            endings.count(&plugin, ended);
        }
        assert_eq!(endings.so_far()[0].1, 30);
        let last: Vec<_> = endings.last(&plugin).into_iter().map(|it| it.trip.unwrap().used).collect();
        assert_eq!(last, (10..30).rev().collect::<Vec<_>>());
        assert!(endings.last(&"other".parse().unwrap()).is_empty());
    }
}
