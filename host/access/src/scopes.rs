//! Which units, labels and owners an actor may act on: what a scan of records goes by.

use std::ops::Range;

use dinh_model::{AccountId, Label, Target, UnitId};

use crate::Policy;

/// Some units, and what the actor may there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Their places in preorder; [`Policy::units_at`] names them.
    pub places: Range<u32>,
    /// The highest label the actor may act on, whoever owns the record; none when that depends on the owner.
    pub anyone: Option<Label>,
    /// The highest label the actor may act on in records they own; never below `anyone`.
    pub own: Option<Label>,
}

/// The one bit that stands for a label and for whether the record is one's own.
fn demand(label: Label, owned: bool) -> u8 {
    1 << (label as u8 * 2 + u8::from(owned))
}

/// The bits of all demands.
const LACKS_ALL: u8 = u8::MAX;

impl Interval {
    /// The bits of what the actor may not do here.
    fn lacks(&self) -> u8 {
        let all = Label::ALL.into_iter().flat_map(|label| [(label, false), (label, true)]);
        let not = all.filter(|(label, owned)| !self.allows(*label, *owned));
        not.fold(0, |lacks, (label, owned)| lacks | demand(label, owned))
    }

    /// Whether it allows something of what others lack.
    fn exceeds(&self, lacks: u8) -> bool {
        lacks & !self.lacks() != 0
    }

    fn allows(&self, label: Label, owned: bool) -> bool {
        let highest = if owned { self.own } else { self.anyone };
        highest.is_some_and(|highest| label <= highest)
    }
}

/// Exactly what an actor may act on with one permission at one moment.
///
/// The intervals are sorted, do not touch or overlap where they say the same, and leave nothing out: a
/// target is allowed here exactly when [`Policy::check`] allows it under the same policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    pub(crate) intervals: Vec<Interval>,
    /// Whose records are one's own.
    pub(crate) person: Option<AccountId>,
}

impl Scopes {
    /// Everything that is ordinary, in every unit: what a public dataset shows.
    pub fn of_everybody(policy: &Policy) -> Self {
        let places = 0..u32::try_from(policy.unit_count()).unwrap_or(u32::MAX);
        let (anyone, own) = (Some(Label::Ordinary), Some(Label::Ordinary));
        let intervals = if places.is_empty() { Vec::new() } else { vec![Interval { places, anyone, own }] };
        Self { intervals, person: None }
    }

    /// Whether there is nothing the actor may act on.
    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// The intervals, in preorder.
    pub fn intervals(&self) -> &[Interval] {
        &self.intervals
    }

    /// Whose records count as one's own: the person, or the lender on whose behalf they act.
    pub fn person(&self) -> Option<AccountId> {
        self.person
    }

    /// Whether one row may be acted on; `policy` is the one that gave these scopes.
    #[inline]
    pub fn allows(&self, policy: &Policy, row: &Target) -> bool {
        let Some(place) = policy.tree.place(row.unit) else { return false };
        let place = u32::from(place);
        let owned = row.owner.is_some() && row.owner == self.person;
        let after = self.intervals.partition_point(|interval| interval.places.end <= place);
        self.intervals
            .get(after)
            .is_some_and(|interval| interval.places.start <= place && interval.allows(row.label, owned))
    }

    /// Whether they allow something that others do not, which another policy gave with the units at the same
    /// places.
    pub(crate) fn exceed(&self, other: &Self) -> bool {
        let ends = || other.intervals.iter().flat_map(|other| [other.places.start, other.places.end]);
        self.intervals.iter().any(|interval| {
            // What the others say changes only where one of their intervals begins or ends.
            let places = ends().filter(|place| interval.places.contains(place));
            [interval.places.start]
                .into_iter()
                .chain(places)
                .any(|place| interval.exceeds(other.lacks(place)))
        })
    }

    /// The same of others whose policy has its units elsewhere.
    pub(crate) fn exceed_by_unit(&self, policy: &Policy, other: &Self, others: &Policy) -> bool {
        self.intervals.iter().any(|interval| {
            policy.units_at(interval.places.clone()).iter().any(|unit| {
                let place = others.tree.place(*unit).map(u32::from);
                interval.exceeds(place.map_or(LACKS_ALL, |place| other.lacks(place)))
            })
        })
    }

    /// The bits of what may not be done at a place.
    fn lacks(&self, place: u32) -> u8 {
        let after = self.intervals.partition_point(|interval| interval.places.end <= place);
        let found = self.intervals.get(after).filter(|interval| interval.places.start <= place);
        found.map_or(LACKS_ALL, Interval::lacks)
    }

    /// The same within some units with all below them, and up to a label: what a contract leaves of what its reader may
    /// see. Every unit when `units` is empty; `policy` is the one that gave these scopes.
    pub fn within(&self, policy: &Policy, units: &[UnitId], label: Label) -> Self {
        let subtree = |unit: &UnitId| {
            let (first, below) = policy.tree.subtree(*unit)?;
            Some(u32::from(first)..u32::from(first) + u32::from(below) + 1)
        };
        let mut subtrees: Vec<Range<u32>> = units.iter().filter_map(subtree).collect();
        if units.is_empty() {
            subtrees.push(0..u32::MAX);
        }
        subtrees.sort_unstable_by_key(|subtree| (subtree.start, u32::MAX - subtree.end));
        // Of two subtrees, one holds the other or they do not touch.
        let mut end = 0;
        subtrees.retain(|subtree| {
            let apart = subtree.end > end;
            end = end.max(subtree.end);
            apart
        });
        let clipped = |interval: &Interval, subtree: &Range<u32>| {
            let places = interval.places.start.max(subtree.start)..interval.places.end.min(subtree.end);
            let up_to = |allowed: Option<Label>| allowed.map(|allowed| allowed.min(label));
            (places.start < places.end).then(|| Interval {
                places,
                anyone: up_to(interval.anyone),
                own: up_to(interval.own),
            })
        };
        let intervals = self.intervals.iter();
        let mut intervals: Vec<Interval> = intervals
            .flat_map(|interval| subtrees.iter().filter_map(|subtree| clipped(interval, subtree)))
            .collect();
        // What differed above the label no longer does.
        intervals.dedup_by(|next, last| {
            let same =
                last.places.end == next.places.start && last.anyone == next.anyone && last.own == next.own;
            if same {
                last.places.end = next.places.end;
            }
            same
        });
        Self { intervals, person: self.person }
    }

    /// [`allows`](Self::allows) for many rows: looks each unit's answer up where there are more rows than
    /// units, instead of searching for it.
    pub(crate) fn allow_many(&self, policy: &Policy, rows: &[Target]) -> Vec<bool> {
        if rows.len() < policy.unit_count() {
            return rows.iter().map(|row| self.allows(policy, row)).collect();
        }
        let mut lacks = vec![LACKS_ALL; policy.unit_count()];
        for interval in &self.intervals {
            let places = interval.places.start as usize..interval.places.end as usize;
            lacks.get_mut(places).unwrap_or_default().fill(interval.lacks());
        }
        let answer = |row: &Target| {
            let lacks = policy.tree.place(row.unit).and_then(|place| lacks.get(usize::from(place)));
            let owned = row.owner.is_some() && row.owner == self.person;
            lacks.is_some_and(|lacks| lacks & demand(row.label, owned) == 0)
        };
        rows.iter().map(answer).collect()
    }

    /// The units in which the actor may act on ordinary targets owned by nobody, in preorder; exact and
    /// complete.
    pub fn units(&self, policy: &Policy) -> Vec<UnitId> {
        let everyones = self.intervals.iter().filter(|interval| interval.anyone.is_some());
        everyones.flat_map(|interval| policy.units_at(interval.places.clone())).copied().collect()
    }

    /// Whether the actor may act on records of that label in every unit, whoever owns them: then a scan
    /// needs no filter.
    pub fn everything(&self, policy: &Policy, label: Label) -> bool {
        let mut next = 0;
        for interval in &self.intervals {
            if interval.places.start != next || !interval.allows(label, false) {
                return false;
            }
            next = interval.places.end;
        }
        next as usize == policy.unit_count()
    }
}

/// What one grant contributes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub first: u16,
    pub below: u16,
    pub label: Label,
    pub own: bool,
}

impl Piece {
    fn interval(self) -> Interval {
        let first = u32::from(self.first);
        let anyone = (!self.own).then_some(self.label);
        Interval { places: first..first + u32::from(self.below) + 1, anyone, own: Some(self.label) }
    }
}

/// The intervals of overlapping pieces. Most people hold a permission by one grant or none.
pub(crate) fn normalise(mut pieces: impl Iterator<Item = Piece>) -> Vec<Interval> {
    match (pieces.next(), pieces.next()) {
        (None, _) => Vec::new(),
        (Some(only), None) => vec![only.interval()],
        (Some(one), Some(other)) => sweep(&[one, other].into_iter().chain(pieces).collect::<Vec<_>>()),
    }
}

/// The same by one sweep over the pieces' ends.
fn sweep(pieces: &[Piece]) -> Vec<Interval> {
    // How many pieces of each kind are open: [own][label].
    let mut open = [[0_i32; Label::ALL.len()]; 2];
    let mut ends: Vec<(u32, i32, Piece)> = Vec::with_capacity(pieces.len() * 2);
    for piece in pieces {
        let first = u32::from(piece.first);
        ends.push((first, 1, *piece));
        ends.push((first + u32::from(piece.below) + 1, -1, *piece));
    }
    ends.sort_unstable_by_key(|(place, ..)| *place);
    let mut intervals: Vec<Interval> = Vec::new();
    let mut ends = ends.into_iter().peekable();
    while let Some((start, change, piece)) = ends.next() {
        if let Some(count) = open.get_mut(usize::from(piece.own)).and_then(|counts| {
            Label::ALL.iter().position(|label| *label == piece.label).and_then(|at| counts.get_mut(at))
        }) {
            *count += change;
        }
        let Some((end, ..)) = ends.peek() else { break };
        if *end == start {
            continue;
        }
        let highest = |counts: &[i32; Label::ALL.len()]| {
            Label::ALL.iter().zip(counts).rev().find(|(_, count)| **count > 0).map(|(label, _)| *label)
        };
        let [anyones, owns] = &open;
        let anyone = highest(anyones);
        let own = anyone.max(highest(owns));
        if own.is_none() {
            continue;
        }
        match intervals.last_mut() {
            Some(last) if last.places.end == start && last.anyone == anyone && last.own == own => {
                last.places.end = *end;
            }
            _ => intervals.push(Interval { places: start..*end, anyone, own }),
        }
    }
    intervals
}
