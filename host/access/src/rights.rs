//! Compiled grants: twelve bytes each, a person's side by side, so that a check reads one or two cache
//! lines. What few checks need (the exact terms) and what only explanations need (the grants' numbers) lies
//! in arrays beside them.

use std::ops::Range;

use dinh_model::{AccountId, GrantId, Label, Target, Timestamp};

use crate::roles::{Holders, Role};
use crate::span::{Days, Moment, Span};
use crate::tree::Place;

/// One compiled grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Right {
    /// The scope's unit.
    pub first: Place,
    /// How many places after it are inside the scope, too.
    pub below: u16,
    /// The role.
    pub role: Role,
    /// What it does not reach; see [`Asked::demands`].
    lacks: u16,
    days: Days,
}

/// Bit of `lacks` and of `demands`: records that are not one's own.
const OTHERS: u16 = 1 << OTHERS_BIT;
const OTHERS_BIT: u32 = 8;
/// Bits of `lacks` and of `demands`: labels above the lowest, one bit each, the lowest first.
const LABELS: u16 = (1 << (Label::ALL.len() - 1)) - 1;

/// The labels that a highest label reaches, above the lowest.
#[inline]
const fn reached(label: Label) -> u16 {
    (1 << label as u16) - 1
}

impl Right {
    pub fn new(scope: (Place, u16), role: Role, label: Label, own: bool, span: Span) -> Self {
        let (first, below) = scope;
        let own = if own { OTHERS } else { 0 };
        Self { first, below, role, lacks: (LABELS & !reached(label)) | own, days: span.into() }
    }

    /// The same where the unit and the role have other numbers.
    pub fn renumbered(self, first: Place, role: Role) -> Self {
        Self { first, role, ..self }
    }

    /// Whether the unit at a place is inside the scope.
    #[inline]
    pub fn includes(&self, place: Place) -> bool {
        place.wrapping_sub(self.first) <= self.below
    }

    /// Whether it reaches the target.
    #[inline]
    fn reaches(&self, asked: &Asked<'_>) -> bool {
        // Without a short circuit: see `allow_quickly`.
        self.includes(asked.place) & (self.lacks & asked.demands == 0)
    }

    /// Whether it allows what is asked, its term apart.
    pub fn meets(&self, asked: &Asked<'_>) -> bool {
        self.reaches(asked) && asked.holders.contains(self.role)
    }

    /// Whether it reaches only records of one's own.
    pub fn own(&self) -> bool {
        self.lacks & OTHERS != 0
    }

    /// The highest label it reaches.
    pub fn label(&self) -> Label {
        Label::ALL.into_iter().rev().find(|label| self.lacks & reached(*label) == 0).unwrap_or_default()
    }
}

/// What a check asks of a grant, resolved once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub place: Place,
    pub holders: Holders<'a>,
    /// What the grant must not lack, in the bits of [`Right`]: the target's label, and reaching others'
    /// records when the target is not the person's own. One test for both.
    pub demands: u16,
    pub moment: Moment,
}

impl<'a> Asked<'a> {
    #[inline]
    pub fn new(
        place: Place,
        holders: Holders<'a>,
        target: &Target,
        person: Option<AccountId>,
        moment: Moment,
    ) -> Self {
        // Compared as wider numbers, so that neither branches: owners cannot be guessed.
        let number =
            |account: Option<AccountId>, nobody| account.map_or(nobody, |account| u64::from(account.0));
        let others = number(target.owner, u64::MAX) != number(person, u64::MAX - 1);
        Self { place, holders, demands: reached(target.label) | u16::from(others) << OTHERS_BIT, moment }
    }
}

/// A place among compiled grants: there are never more than 32 bits count.
pub(crate) fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Up to so many grants are all looked at, without asking after each whether it was enough.
const FEW: usize = 8;

/// What [`found`] says when only exact terms decide.
const BY_THE_MOMENT: u32 = 2;

/// Bit 0: a grant allows what is asked on the whole day; bit 1: one does on part of the day.
#[inline(always)]
fn found(rights: &[Right], asked: &Asked<'_>, holds: impl Fn(Role) -> bool) -> u32 {
    rights.iter().fold(0, |found, right| {
        let covers = right.days.cover(asked.moment);
        let meets = right.reaches(asked) & holds(right.role) & covers.perhaps;
        found | u32::from(meets) << u32::from(covers.partly)
    })
}

/// All compiled grants, grouped by whose they are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    rights: Vec<Right>,
    spans: Vec<Span>,
    grants: Vec<GrantId>,
}

impl Rights {
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            rights: Vec::with_capacity(capacity),
            spans: Vec::with_capacity(capacity),
            grants: Vec::with_capacity(capacity),
        }
    }

    pub fn len(&self) -> usize {
        self.rights.len()
    }

    pub fn push(&mut self, right: Right, span: Span, grant: GrantId) {
        self.rights.push(right);
        self.spans.push(span);
        self.grants.push(grant);
    }

    /// Adds some of another table's.
    pub fn copy(&mut self, from: &Self, range: Range<u32>) {
        let range = range.start as usize..range.end as usize;
        self.rights.extend_from_slice(from.rights.get(range.clone()).unwrap_or_default());
        self.spans.extend_from_slice(from.spans.get(range.clone()).unwrap_or_default());
        self.grants.extend_from_slice(from.grants.get(range).unwrap_or_default());
    }

    /// Whether one of these grants allows what is asked, if that is quickly said: for few grants, and on a
    /// day on which none begins or ends that matters.
    ///
    /// No branch depends on the grants: they cannot be guessed, and a branch guessed wrong costs more than
    /// looking at all of them.
    #[inline]
    pub fn allow_quickly(&self, range: Range<u32>, asked: &Asked<'_>) -> Option<bool> {
        let rights = self.rights.get(range.start as usize..range.end as usize)?;
        if rights.len() > FEW {
            return None;
        }
        Some(match asked.holders.word() {
            Some(word) => found(rights, asked, |role| word >> (role % 64) & 1 != 0),
            None => found(rights, asked, |role| asked.holders.contains(role)),
        })
        .filter(|found| *found != BY_THE_MOMENT)
        .map(|found| found != 0)
    }

    /// The same for any number of grants, on any day.
    pub fn allow(&self, range: Range<u32>, asked: &Asked<'_>) -> bool {
        self.in_force(range, asked.holders, asked.moment).any(|right| right.reaches(asked))
    }

    /// Those of these grants that hold a permission at a moment.
    pub fn in_force(
        &self,
        range: Range<u32>,
        holders: Holders<'_>,
        moment: Moment,
    ) -> impl Iterator<Item = &Right> {
        let rights = self.rights.get(range.start as usize..range.end as usize).unwrap_or_default();
        let held = rights.iter().enumerate().filter(move |(_, right)| holders.contains(right.role));
        held.filter(move |(index, right)| {
            let covers = right.days.cover(moment);
            let span = || self.spans.get(range.start as usize + index);
            covers.perhaps && (!covers.partly || span().is_some_and(|span| span.contains(moment.now)))
        })
        .map(|(_, right)| right)
    }

    /// Where the grants lie that might allow what is asked, their terms apart, among the first `end`.
    pub fn meeting(&self, end: u32, asked: &Asked<'_>) -> impl Iterator<Item = u32> {
        let rights = self.rights.get(..end as usize).unwrap_or_default();
        (0..end).zip(rights).filter(|(_, right)| right.meets(asked)).map(|(index, _)| index)
    }

    /// All of these grants with their exact terms.
    pub fn rows(&self, range: Range<u32>) -> impl Iterator<Item = (&Right, &Span)> {
        let range = range.start as usize..range.end as usize;
        let rights = self.rights.get(range.clone()).unwrap_or_default();
        rights.iter().zip(self.spans.get(range).unwrap_or_default())
    }

    /// All of these grants with whether each is in force, and its number.
    pub fn with_terms(
        &self,
        range: Range<u32>,
        now: Timestamp,
    ) -> impl Iterator<Item = (&Right, bool, GrantId)> {
        let range = range.start as usize..range.end as usize;
        let rights = self.rights.get(range.clone()).unwrap_or_default();
        let spans = self.spans.get(range.clone()).unwrap_or_default();
        let grants = self.grants.get(range).unwrap_or_default();
        rights
            .iter()
            .zip(spans)
            .zip(grants)
            .map(move |((right, span), grant)| (right, span.contains(now), *grant))
    }
}
