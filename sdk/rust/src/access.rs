//! The permission check, to decide what to offer on a page.
//!
//! The host applies the same check to every record, and to every page by its route: a plugin asks only so
//! as not to offer what would be refused.

use crate::bindings::dinh::platform::access as host;
use crate::value::UnitId;
pub use host::{Explanation, FailedCondition, Target};

/// Whether the actor may, for an ordinary target of `unit` that nobody owns. `permission` is the full
/// name: `pci-index.score.import`.
pub fn may(permission: &str, unit: UnitId) -> bool {
    host::resolve(permission).is_some_and(|handle| host::check(handle, unit.0))
}

/// Whether the actor may for any unit at all.
pub fn may_somewhere(permission: &str) -> bool {
    host::resolve(permission).is_some_and(|handle| !host::list_units(handle).is_empty())
}

/// The units for which the actor may: the choices of a form's unit field.
pub fn units(permission: &str) -> Vec<UnitId> {
    let units = host::resolve(permission).map(host::list_units).unwrap_or_default();
    units.into_iter().map(UnitId).collect()
}

/// Why the actor may or may not; none when the manifest does not declare the permission.
pub fn explain(permission: &str, target: Target) -> Option<Explanation> {
    host::resolve(permission).map(|handle| host::explain(handle, target))
}
