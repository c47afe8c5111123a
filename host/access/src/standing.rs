//! What holds for everybody or for a plugin by itself: a few grants without role, owner or term.

use dinh_model::Label;

use crate::roles::PermissionRow;
use crate::tree::Place;

/// One permission in one subtree up to one label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Standing {
    pub permission: PermissionRow,
    pub first: Place,
    pub below: u16,
    pub label: Label,
}

impl Standing {
    pub fn includes(&self, place: Place) -> bool {
        place.wrapping_sub(self.first) <= self.below
    }
}

/// Standing grants by permission.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Standings(Vec<Standing>);

impl Standings {
    pub fn new(mut standings: Vec<Standing>) -> Self {
        standings.sort_unstable();
        standings.dedup();
        Self(standings)
    }

    /// Those of one permission.
    pub fn of(&self, permission: PermissionRow) -> &[Standing] {
        let start = self.0.partition_point(|standing| standing.permission < permission);
        let rest = self.0.get(start..).unwrap_or_default();
        let count = rest.partition_point(|standing| standing.permission == permission);
        rest.get(..count).unwrap_or_default()
    }

    /// The permissions there are some of.
    pub fn permissions(&self) -> impl Iterator<Item = PermissionRow> {
        self.0.iter().map(|standing| standing.permission)
    }

    /// Whether one of them allows a target.
    pub fn allow(&self, permission: PermissionRow, place: Place, label: Label) -> bool {
        self.of(permission).iter().any(|standing| standing.includes(place) && label <= standing.label)
    }
}
