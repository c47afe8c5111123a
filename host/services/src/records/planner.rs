//! How a query is carried out: which keys are walked, and whether they come in the order asked for.
//!
//! A list of conditions is served by the index whose first fields it fixes by equality, best the longest
//! such beginning, and then by a range on the next field; a search index serves `starts-with` and
//! `matches`. A disjunction is served list by list when each has an index, otherwise by one walk over the
//! whole collection. Whatever is walked, each row is still asked all conditions.
//!
//! Where some records of a collection are confidential and others not, an index holds values of these and hashes of
//! those, which equality finds and which come in no order. The sealed ones are then walked aside, and only for those
//! who may see any.

use std::sync::Arc;

use dinh_model::key::after_prefix;
use dinh_model::{Index, IndexKind, Label};

use super::RecordError;
use super::cover::Cover;
use super::filter::{Filter, Test};
use super::index::{self, Shape};
use super::index_access::by_index;
use super::order::{Ordering, Position};
use super::place::Place;
use super::selection::Comparison;
use crate::Call;
use crate::secrets::DataKey;

/// A run of keys to walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Access {
    /// What the keys are.
    pub(super) shape: Shape,
    /// First key.
    pub(super) start: Vec<u8>,
    /// First key after.
    pub(super) end: Option<Vec<u8>>,
    /// Only rows of this label; none for all.
    pub(super) label: Option<Label>,
}

/// What can be found by the actor: records of these labels, sealed values by this key.
pub(super) struct Findable {
    pub(super) labels: Vec<Label>,
    /// None when nothing is sealed, or nothing sealed is looked for.
    pub(super) key: Option<Arc<DataKey>>,
}

impl Findable {
    /// For an actor who sees that far.
    pub(super) fn by(
        call: &Call,
        place: &Place<'_>,
        filter: &Filter,
        highest: Label,
    ) -> Result<Self, RecordError> {
        let labels = place.collection.labels().iter().copied();
        let labels: Vec<Label> = labels.filter(|label| *label <= highest).collect();
        let seals = |field| labels.iter().any(|label| place.collection.seals(field, *label));
        let indexed = |field| place.collection.indexes.iter().any(|index| index.fields.contains(&field));
        let mut tests = filter.any_of.iter().flatten().filter(|test| is_equality(test));
        let key = match tests.any(|test| seals(test.field) && indexed(test.field)) {
            true => call.data_key(place.owner())?,
            false => None,
        };
        Ok(Self { labels, key })
    }

    pub(super) fn cover(&self, label: Label) -> Cover {
        Cover { label, key: self.key.clone() }
    }
}

/// How a query is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// Walk, and take what comes: it comes in order. What is walked aside belongs in between.
    Walk { access: Access, backward: bool, aside: Option<Access> },
    /// Walk all of these, and sort. A record may come more than once.
    Gather(Vec<Access>),
}

/// Points of an access path; the highest is taken. Fixing a field divides the rows more than a range does;
/// a word divides them more than one field; coming in order saves sorting what is left.
pub(super) const PER_EQUALITY: u32 = 10;
pub(super) const RANGE: u32 = 4;
const WORD: u32 = 15;
pub(super) const IN_ORDER: u32 = 3;

impl Plan {
    /// All that is walked, where the order does not matter.
    pub(super) fn accesses(self) -> Vec<Access> {
        match self {
            Self::Walk { access, aside, .. } => std::iter::once(access).chain(aside).collect(),
            Self::Gather(accesses) => accesses,
        }
    }
}

/// A way to carry a query out.
pub(super) struct Candidate {
    pub(super) access: Access,
    /// Where the sealed ones are.
    pub(super) aside: Option<Access>,
    pub(super) score: u32,
    /// It comes in order, walked in that direction.
    pub(super) in_order: Option<bool>,
}

/// The plan of a query. `after` narrows a walk to what follows a position.
pub(super) fn plan(
    place: &Place<'_>,
    findable: &Findable,
    filter: &Filter,
    order: &Ordering,
    after: Option<&Position>,
) -> Result<Plan, RecordError> {
    need_search_indexes(place, filter)?;
    if let [all_of] = filter.any_of.as_slice() {
        if let Some(Candidate { access, aside, in_order, .. }) =
            best(place, findable, all_of, Some((order, after)))
        {
            return Ok(match in_order {
                Some(backward) => Plan::Walk { access, backward, aside },
                None => Plan::Gather(std::iter::once(access).chain(aside).collect()),
            });
        }
    } else if !filter.any_of.is_empty() {
        let each: Option<Vec<Candidate>> =
            filter.any_of.iter().map(|all_of| best(place, findable, all_of, None)).collect();
        if let Some(each) = each {
            let accesses = each.into_iter().flat_map(|it| std::iter::once(it.access).chain(it.aside));
            return Ok(Plan::Gather(accesses.collect()));
        }
    }
    Ok(whole(place, findable, order, after))
}

/// The accesses for questions that have no order: counting, adding up.
pub(super) fn unordered(
    place: &Place<'_>,
    findable: &Findable,
    filter: &Filter,
) -> Result<Vec<Access>, RecordError> {
    let no_order = Ordering { fields: Vec::new(), label: filter.label };
    Ok(plan(place, findable, filter, &no_order, None)?.accesses())
}

/// `matches` without a search index would be a slow surprise on the first large table.
fn need_search_indexes(place: &Place<'_>, filter: &Filter) -> Result<(), RecordError> {
    let searches = filter.any_of.iter().flatten().filter(|test| test.comparison == Comparison::Matches);
    for test in searches {
        if search_index(place, test.field).is_none() {
            let field = place.collection.fields.get(test.field).map_or("", |field| &field.name);
            if place.collection.always_seals(test.field) {
                return Err(RecordError::BadRequest(format!(
                    "`matches` on {field:?} cannot be served: it is sealed, and no index holds its words; compare it \
                     for equality, or keep what is searched in a field of its own"
                )));
            }
            return Err(RecordError::BadRequest(format!(
                "`matches` on {field:?} needs a search index on it in the manifest"
            )));
        }
    }
    Ok(())
}

fn search_index<'a>(place: &Place<'a>, field: usize) -> Option<&'a Index> {
    let mut indexes = place.collection.indexes.iter();
    indexes.find(|index| index.kind == IndexKind::Search && index.fields == [field])
}

/// The whole collection: in order by an index if one has it, otherwise by identifier.
fn whole(place: &Place<'_>, findable: &Findable, order: &Ordering, after: Option<&Position>) -> Plan {
    if order.fields.is_empty() {
        let rows = place.rows();
        let start = after.map_or_else(|| rows.to_vec(), |position| just_after(place.row(position.id)));
        let access = Access { shape: Shape::Rows, start, end: after_prefix(rows), label: None };
        return Plan::Walk { access, backward: false, aside: None };
    }
    let in_order = sortable_indexes(place).find_map(|index| {
        let Candidate { access, aside, in_order, .. } =
            by_index(place, findable, index, &[], Some((order, after)))?;
        in_order.map(|backward| Plan::Walk { access, backward, aside })
    });
    in_order.unwrap_or_else(|| {
        let rows = place.rows();
        let (start, end) = (rows.to_vec(), after_prefix(rows));
        Plan::Gather(vec![Access { shape: Shape::Rows, start, end, label: None }])
    })
}

fn sortable_indexes<'a>(place: &Place<'a>) -> impl Iterator<Item = &'a Index> + use<'a> {
    place.collection.indexes.iter().filter(|index| index.kind != IndexKind::Search)
}

/// The best access path of a list of conditions; none when no index narrows it.
fn best(
    place: &Place<'_>,
    findable: &Findable,
    all_of: &[Test],
    order: Option<(&Ordering, Option<&Position>)>,
) -> Option<Candidate> {
    let by_order =
        sortable_indexes(place).filter_map(|index| by_index(place, findable, index, all_of, order));
    let by_word = all_of.iter().filter_map(|test| by_word(place, findable, test));
    by_order
        .chain(by_word)
        .filter(|candidate| candidate.score >= RANGE)
        .max_by_key(|candidate| candidate.score)
}

fn by_word(place: &Place<'_>, findable: &Findable, test: &Test) -> Option<Candidate> {
    let index = search_index(place, test.field)?;
    // The longest word is the rarest, as good a guess as any.
    let word = test.words()?.into_iter().max_by_key(|word| word.len())?;
    let run = |words: &[u8], label| {
        let start = [place.index(index).as_slice(), words].concat();
        Access { shape: Shape::Words, end: after_prefix(&start), start, label }
    };
    let mut sealed = findable.labels.iter().filter(|label| place.collection.seals(test.field, **label));
    let aside = sealed.next().map(|label| run(&index::SEALED_WORDS, Some(*label)));
    Some(Candidate {
        access: run(index::clip(word).as_bytes(), None),
        aside,
        score: WORD + u32::from(word.len() > 2),
        in_order: None,
    })
}

/// Whether a condition fixes a field.
fn is_equality(test: &Test) -> bool {
    matches!(test.comparison, Comparison::Equal | Comparison::IsEmpty)
}

/// The first key after `key`.
pub(super) fn just_after(mut key: Vec<u8>) -> Vec<u8> {
    key.push(0);
    key
}
