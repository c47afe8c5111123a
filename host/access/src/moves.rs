//! What a change of the tree of units would bring with it, before it is made.
//!
//! A unit that comes under another is reached by whatever reaches that other: rights that are looked at here whatever
//! their terms, since one that begins later is gained all the same.

use dinh_model::{AccountId, Label, UnitId};

use crate::Policy;
use crate::rights::{Right, offset};
use crate::tree::Place;

impl Policy {
    /// The highest label up to which anybody would come to reach `unit`, and does not by the same right now, were it
    /// under `to`; none when nobody would.
    pub fn highest_label_gained(&self, unit: UnitId, to: UnitId) -> Option<Label> {
        let (unit, to) = (self.tree.place(unit), self.tree.place(to));
        self.all_rights().filter(|right| comes(right, unit, to)).map(Right::label).max()
    }

    /// Whether a person has a right, of their own or borrowed, that reaches `to` and not `unit`: by it they would gain
    /// something, were `unit` under `to`, unless another right of theirs gives the same already.
    pub fn would_gain(&self, person: AccountId, unit: UnitId, to: UnitId) -> bool {
        let (unit, to) = (self.tree.place(unit), self.tree.place(to));
        let borrowed = self.people.loans_of(person).iter().map(|loan| loan.rights.clone());
        let mut all = std::iter::once(self.people.own(person)).chain(borrowed);
        all.any(|range| self.rights.rows(range).any(|(right, _)| comes(right, unit, to)))
    }

    /// The highest label of a right that reaches a unit; none when nobody has any there.
    pub fn highest_label_at(&self, unit: UnitId) -> Option<Label> {
        let place = self.tree.place(unit)?;
        self.all_rights().filter(|right| right.includes(place)).map(Right::label).max()
    }

    fn all_rights(&self) -> impl Iterator<Item = &Right> {
        self.rights.rows(0..offset(self.rights.len())).map(|(right, _)| right)
    }
}

/// Whether a right reaches the second place and not the first.
fn comes(right: &Right, not: Option<Place>, there: Option<Place>) -> bool {
    let reaches = |place: Option<Place>| place.is_some_and(|place| right.includes(place));
    reaches(there) && !reaches(not)
}
