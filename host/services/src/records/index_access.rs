//! An index as an access path: how much of it the conditions fix and narrow, and whether it comes in order.

use dinh_model::key::after_prefix;
use dinh_model::{Index, IndexKind, Label};

use super::cover::{Cover, HASHED};
use super::fields::key_of;
use super::filter::Test;
use super::index::Shape;
use super::order::{OrderField, Ordering, Position};
use super::place::Place;
use super::planner::{Access, Candidate, Findable, IN_ORDER, PER_EQUALITY, RANGE, just_after};
use super::selection::Comparison;

/// An index for a list of conditions; what is sealed in it aside. None when the actor sees nothing.
pub(super) fn by_index(
    place: &Place<'_>,
    findable: &Findable,
    index: &Index,
    all_of: &[Test],
    order: Option<(&Ordering, Option<&Position>)>,
) -> Option<Candidate> {
    let first = *findable.labels.first()?;
    let same = |label: &Label| {
        index
            .fields
            .iter()
            .all(|at| place.collection.seals(*at, first) == place.collection.seals(*at, *label))
    };
    let aside = findable.labels.iter().skip(1).find(|label| !same(label));
    let mut candidate = of_label(place, &findable.cover(first), index, all_of, order);
    if let Some(label) = aside {
        candidate.access.label = Some(first);
        let mut sealed = of_label(place, &findable.cover(*label), index, all_of, None).access;
        sealed.label = Some(*label);
        candidate.aside = Some(sealed);
    }
    Some(candidate)
}

/// An index as it is for records of one label.
fn of_label(
    place: &Place<'_>,
    cover: &Cover,
    index: &Index,
    all_of: &[Test],
    order: Option<(&Ordering, Option<&Position>)>,
) -> Candidate {
    let unique = index.kind == IndexKind::Unique;
    let seals = |field: usize| place.collection.seals(field, cover.label);
    let mut prefix = place.index(index);
    let mut fixed = 0;
    for field in &index.fields {
        let Some(value) = equality(all_of, *field) else { break };
        if !seals(*field) {
            prefix.extend(value);
        } else if unique && value == EMPTY {
            // Those that are empty differ there.
            break;
        } else {
            let Some(hash) = cover.hash(place, *field, &value) else { break };
            prefix.extend(hash);
        }
        fixed += 1;
    }
    let rest = index.fields.get(fixed..).unwrap_or_default();
    let (mut start, mut end) = (prefix.clone(), after_prefix(&prefix));
    let open = rest.first().filter(|field| !seals(**field));
    let narrowed = open.is_some_and(|field| narrow(all_of, *field, &prefix, &mut start, &mut end));
    let mut score = u32::try_from(fixed).unwrap_or(0) * PER_EQUALITY + u32::from(narrowed) * RANGE;
    let mut in_order = None;
    if let Some((order, after)) = order {
        let has_empty = index
            .fields
            .iter()
            .take(fixed)
            .any(|field| equality(all_of, *field).is_some_and(|key| key == EMPTY));
        in_order = direction(order, all_of, rest).filter(|_| !rest.iter().any(|field| seals(*field)));
        if let (Some(backward), Some(position)) = (in_order, after) {
            resume(
                Resume { order, all_of, prefix: &prefix, position, backward, unique, has_empty },
                &mut start,
                &mut end,
            );
        }
    }
    if let Some(next) = rest.first() {
        // What is sealed comes after all that is not.
        let sealed = [prefix.as_slice(), &[HASHED]].concat();
        if seals(*next) {
            start = start.max(sealed);
        } else {
            end = Some(end.map_or(sealed.clone(), |known| known.min(sealed)));
        }
    }
    score += u32::from(in_order.is_some()) * IN_ORDER;
    let shape = if unique { Shape::Unique } else { Shape::Ordered };
    let access = Access { shape, start, end, label: None };
    Candidate { access, aside: None, score, in_order }
}

/// The key of an empty value.
const EMPTY: [u8; 1] = [0];
/// What the key of every filled-in value begins with.
const FILLED: u8 = 1;

/// The key that a field is fixed to.
fn equality(all_of: &[Test], field: usize) -> Option<Vec<u8>> {
    all_of.iter().filter(|test| test.field == field).find_map(|test| match test.comparison {
        Comparison::Equal => Some(key_of(&test.value)),
        Comparison::IsEmpty => Some(EMPTY.to_vec()),
        _ => None,
    })
}

/// Narrows a run of keys by the comparisons on the field after `prefix`; whether there were any.
fn narrow(
    all_of: &[Test],
    field: usize,
    prefix: &[u8],
    start: &mut Vec<u8>,
    end: &mut Option<Vec<u8>>,
) -> bool {
    let filled = [prefix, &[FILLED]].concat();
    let mut narrowed = false;
    for test in all_of.iter().filter(|test| test.field == field) {
        let key = || [prefix, &key_of(&test.value)].concat();
        let (from, to) = match test.comparison {
            Comparison::Less => (None, Some(key())),
            Comparison::LessOrEqual => (None, after_prefix(&key())),
            Comparison::Greater => (after_prefix(&key()), None),
            Comparison::GreaterOrEqual => (Some(key()), None),
            Comparison::IsFilled => (None, None),
            Comparison::Equal | Comparison::IsEmpty | Comparison::StartsWith | Comparison::Matches => {
                continue;
            }
        };
        narrowed = true;
        // Neither less nor greater is true of an empty field.
        let from = from.unwrap_or_else(|| filled.clone());
        *start = std::mem::take(start).max(from);
        if let Some(to) = to.or_else(|| after_prefix(&filled)) {
            *end = Some(end.take().map_or(to.clone(), |known| known.min(to)));
        }
    }
    narrowed
}

/// The fields of an order that the conditions leave open.
fn open_fields<'a>(order: &'a Ordering, all_of: &'a [Test]) -> impl Iterator<Item = (usize, &'a OrderField)> {
    order.fields.iter().enumerate().filter(|(_, order)| equality(all_of, order.field).is_none())
}

/// Whether an index whose fields after the fixed ones are `rest` gives the order, and walked backward or not.
fn direction(order: &Ordering, all_of: &[Test], rest: &[usize]) -> Option<bool> {
    let open: Vec<&OrderField> = open_fields(order, all_of).map(|(_, order)| order).collect();
    let backward = order.ids_descend();
    let same_fields = open.iter().map(|order| order.field).eq(rest.iter().copied());
    let same_direction = open.iter().all(|order| order.descending == backward);
    (same_fields && same_direction).then_some(backward)
}

struct Resume<'a> {
    order: &'a Ordering,
    all_of: &'a [Test],
    prefix: &'a [u8],
    position: &'a Position,
    backward: bool,
    unique: bool,
    has_empty: bool,
}

/// Narrows a run of keys to what follows a position.
fn resume(at: Resume<'_>, start: &mut Vec<u8>, end: &mut Option<Vec<u8>>) {
    let mut key = at.prefix.to_vec();
    let mut has_empty = at.has_empty;
    for (place, _) in open_fields(at.order, at.all_of) {
        let part = at.position.keys.get(place).map(Vec::as_slice).unwrap_or_default();
        has_empty |= part == EMPTY;
        key.extend(part);
    }
    if !at.backward {
        // In a unique index without empty fields keys end before the identifier, and sort before this.
        key.extend(at.position.id.0);
        *start = std::mem::take(start).max(just_after(key));
        return;
    }
    if !at.unique || has_empty {
        key.extend(at.position.id.0);
    }
    *end = Some(end.take().map_or(key.clone(), |known| known.min(key)));
}
