//! How many calls ended without giving what was asked for, for monitoring.

use std::collections::BTreeMap;

use dinh_model::PluginId;
use parking_lot::Mutex;

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

/// Counts of all ways since the start: at most a few for each installed plugin.
#[derive(Default)]
pub(crate) struct Endings(Mutex<BTreeMap<Ending, u64>>);

impl Endings {
    /// Counts one.
    pub(crate) fn count(&self, ending: Ending) {
        let mut counts = self.0.lock();
        let count = counts.entry(ending).or_default();
        *count = count.saturating_add(1);
    }

    /// All so far, by plugin.
    pub(crate) fn so_far(&self) -> Vec<(Ending, u64)> {
        self.0.lock().iter().map(|(ending, count)| (ending.clone(), *count)).collect()
    }
}
