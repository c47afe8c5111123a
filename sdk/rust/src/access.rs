//! The permission check, to decide what to offer on a page.
//!
//! The host applies the same check to every record, and to every page by its route: a plugin asks only so
//! as not to offer what would be refused.

use crate::bindings::dinh::platform::access as host;
use crate::error::{Error, Result};
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

/// Goes on only if the actor may; the refusal, which is put into the evidence, says what is missing and who could
/// give it. For deeds that are more than a record's own permission, such as a signature.
pub fn require(permission: &str, target: Target) -> Result<()> {
    let handle = host::resolve(permission)
        .ok_or_else(|| Error::Failed(format!("the manifest does not declare {permission}")))?;
    host::require(handle, target).map_err(|explanation| Error::Denied(explanation.text))
}

/// Why the actor may or may not; none when the manifest does not declare the permission.
pub fn explain(permission: &str, target: Target) -> Option<Explanation> {
    host::resolve(permission).map(|handle| host::explain(handle, target))
}
