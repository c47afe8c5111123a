//! Compiled grants of two policies held against each other: their tables may number units and roles differently.

use std::collections::{BTreeSet, HashMap, HashSet};

use dinh_model::{Permission, UnitId};

use crate::rights::Right;
use crate::roles::{Role, Roles};
use crate::span::Span;
use crate::tree::{Place, Tree};
use crate::{PermissionIndex, Policy};

/// How the next policy's tables relate to the old one's.
pub(crate) struct Compare {
    /// Whether units and roles are the same and numbered the same.
    pub same_tables: bool,
    /// Whether units are.
    pub same_units: bool,
    /// By the old one's place: the next one's place of the unit with the same units below it, if there is one.
    places: Vec<Option<Place>>,
    /// By the old one's role: the next one's role of that name with the same permissions, if there is one.
    roles: Vec<Option<Role>>,
}

/// Roles of compiled grants that only one of two policies has.
#[derive(Debug, Default)]
pub(crate) struct Differing {
    pub old: HashSet<Role>,
    pub next: HashSet<Role>,
}

impl Compare {
    pub fn new(old: &Policy, next: &Policy) -> Self {
        let same_units = old.tree == next.tree;
        let same_tables = same_units && old.roles == next.roles;
        if same_tables {
            return Self { same_tables, same_units, places: Vec::new(), roles: Vec::new() };
        }
        let (places, roles) = (places(&old.tree, &next.tree), roles(&old.roles, &next.roles));
        Self { same_tables, same_units, places, roles }
    }

    /// The roles of those compiled grants that have no equal on the other side.
    pub fn differing<'a>(
        &self,
        old: impl Iterator<Item = (&'a Right, &'a Span)>,
        next: impl Iterator<Item = (&'a Right, &'a Span)>,
    ) -> Differing {
        let mut differing = Differing::default();
        let mut next: Vec<(Right, Span)> = next.map(|(right, span)| (*right, *span)).collect();
        for (right, span) in old {
            let same = self.translated(right).and_then(|as_next| {
                next.iter().position(|(right, other)| *right == as_next && other == span)
            });
            match same {
                Some(found) => drop(next.swap_remove(found)),
                None => drop(differing.old.insert(right.role)),
            }
        }
        differing.next.extend(next.into_iter().map(|(right, _)| right.role));
        differing
    }

    /// An old compiled grant as the next policy would number it; none when what it names changed.
    fn translated(&self, right: &Right) -> Option<Right> {
        if self.same_tables {
            return Some(*right);
        }
        let first = self.places.get(usize::from(right.first)).copied().flatten()?;
        let role = self.roles.get(usize::from(right.role)).copied().flatten()?;
        Some(right.renumbered(first, role))
    }
}

/// The permissions of two policies, numbered for both by name.
pub(crate) struct Permissions<'a> {
    named: Vec<Named<'a>>,
    /// By the old one's role: what it holds, in order.
    old: Vec<Vec<usize>>,
    /// By the next one's role.
    next: Vec<Vec<usize>>,
}

/// A permission, and where the two policies have it.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    pub name: &'a Permission,
    pub old: Option<PermissionIndex>,
    pub next: Option<PermissionIndex>,
}

impl<'a> Permissions<'a> {
    pub fn new(old: &'a Policy, next: &'a Policy) -> Self {
        let names: BTreeSet<&Permission> = old.roles.names().chain(next.roles.names()).collect();
        let numbers: HashMap<&Permission, usize> = names.iter().copied().zip(0..).collect();
        let held = |roles: &Roles| {
            let mut held = vec![Vec::new(); roles.names_of_roles().count()];
            for (_, role) in roles.names_of_roles() {
                if let Some(held) = held.get_mut(usize::from(role)) {
                    *held = roles.held_by(role).filter_map(|name| numbers.get(name).copied()).collect();
                }
            }
            held
        };
        let (held_old, held_next) = (held(&old.roles), held(&next.roles));
        let named = |name| Named { name, old: old.permission(name), next: next.permission(name) };
        Self { named: names.into_iter().map(named).collect(), old: held_old, next: held_next }
    }

    /// What those roles hold, by name.
    pub fn of(&self, roles: &Differing) -> impl Iterator<Item = Named<'a>> {
        let old = roles.old.iter().filter_map(|role| self.old.get(usize::from(*role)));
        let next = roles.next.iter().filter_map(|role| self.next.get(usize::from(*role)));
        let mut numbers: Vec<usize> = old.chain(next).flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter_map(|number| self.named.get(number).copied())
    }

    /// One of them by its name.
    pub fn named(&self, name: &Permission) -> Option<Named<'a>> {
        let found = self.named.binary_search_by(|named| named.name.cmp(name)).ok()?;
        self.named.get(found).copied()
    }
}

/// Units below which something may have changed are left out: those above a unit that came, went or moved.
fn places(old: &Tree, next: &Tree) -> Vec<Option<Place>> {
    let above = |tree: &Tree, unit: UnitId| {
        let place = tree.place(unit)?;
        Some(tree.upwards(place).nth(1).and_then(|above| tree.unit(above)))
    };
    let mut changed: HashSet<UnitId> = HashSet::new();
    for (tree, other) in [(old, next), (next, old)] {
        for unit in tree.all() {
            if above(tree, *unit) != above(other, *unit) {
                for tree in [old, next] {
                    let up = tree.place(*unit).into_iter().flat_map(|place| tree.upwards(place));
                    // Whoever is noted, those above are, too.
                    for unit in up.filter_map(|place| tree.unit(place)) {
                        changed.insert(unit);
                    }
                }
            }
        }
    }
    old.all().iter().map(|unit| if changed.contains(unit) { None } else { next.place(*unit) }).collect()
}

fn roles(old: &Roles, next: &Roles) -> Vec<Option<Role>> {
    let mut same = vec![None; old.names_of_roles().count()];
    for (name, role) in old.names_of_roles() {
        let other = next.number(name).filter(|other| old.held_by(role).eq(next.held_by(*other)));
        if let Some(slot) = same.get_mut(usize::from(role)) {
            *slot = other;
        }
    }
    same
}
