//! Looking into the index: which entries of a segment may fit.

use dinh_model::Timestamp;

use super::summary::Summary;
use super::term::{FEW, hash};
use super::{Code, MANY, Mark, Party, SEGMENT, TABLE, Term, code, from, place_at_end, summary_key};
use crate::backend::{Cursor, Direction};
use crate::{Snapshot, StoreError, format};

/// What entries are looked for: those that fit all that is said.
pub struct Query<'a, E> {
    /// Each of them holds.
    pub clauses: Vec<Clause<'a, E>>,
    /// Each of them is there.
    pub marks: Vec<Mark<'a>>,
    /// At this moment or later.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

impl<E> Default for Query<'_, E> {
    fn default() -> Self {
        Self { clauses: Vec::new(), marks: Vec::new(), from: None, until: None }
    }
}

/// A part of a query.
pub enum Clause<'a, E> {
    /// It has one of these terms.
    AnyOf(Vec<Term<'a>>),
    /// It concerns somebody for whom this holds; asked once for each of them in a segment.
    Concerns(Box<dyn FnMut(Party) -> Result<bool, E> + 'a>),
}

/// The index that a snapshot sees.
#[derive(Clone, Copy, Debug)]
pub struct EvidenceIndex<'a> {
    snapshot: &'a Snapshot,
}

/// Places of a segment.
#[derive(Clone, PartialEq, Eq)]
struct Places([u64; (SEGMENT / 64) as usize]);

impl Places {
    const NONE: Self = Self([0; (SEGMENT / 64) as usize]);

    fn add(&mut self, place: u16) {
        if let Some(word) = self.0.get_mut(usize::from(place) / 64) {
            *word |= 1 << (place % 64);
        }
    }

    fn keep(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word &= other);
    }

    fn has(&self, place: u64) -> bool {
        let word = usize::try_from(place / 64).ok().and_then(|at| self.0.get(at));
        word.is_some_and(|word| word & (1 << (place % 64)) != 0)
    }
}

impl<'a> EvidenceIndex<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot }
    }

    /// How many segments of [`SEGMENT`](super::SEGMENT) entries there are, the last one not full.
    pub fn segments(&self) -> u64 {
        self.snapshot.evidence_len().div_ceil(SEGMENT)
    }

    /// The entries of a segment that may fit, oldest first: all that do, and now and then one that does not.
    ///
    /// # Errors
    /// When the store cannot be read, or what a clause answers with.
    pub fn candidates<E: From<StoreError>>(
        &self,
        segment: u64,
        query: &mut Query<'_, E>,
    ) -> Result<Vec<u64>, E> {
        let begin = segment.saturating_mul(SEGMENT);
        let length = self.snapshot.evidence_len().saturating_sub(begin).min(SEGMENT);
        let summary = self.summary(segment)?.unwrap_or_default();
        let indexed = summary.count.min(length);
        let mut places = Places([u64::MAX; (SEGMENT / 64) as usize]);
        if !passes(&summary, query) {
            places = Places::NONE;
        }
        for clause in &mut query.clauses {
            if indexed == 0 || places == Places::NONE {
                break;
            }
            let fit = match clause {
                Clause::AnyOf(terms) => self.any_of(segment, terms)?,
                Clause::Concerns(holds) => self.concerning(segment, holds)?,
            };
            places.keep(&fit);
        }
        let known = (0..indexed).filter(|place| places.has(*place));
        Ok(known.chain(indexed..length).map(|place| begin + place).collect())
    }

    fn any_of(&self, segment: u64, terms: &[Term<'_>]) -> Result<Places, StoreError> {
        let mut places = Places::NONE;
        for term in terms {
            let code = term.code();
            let mut rows = self.rows(from(segment, &code), from(segment, &next(code)))?;
            while rows.advance()? {
                place_at_end(rows.key()).into_iter().for_each(|place| places.add(place));
            }
        }
        let records: Vec<[u8; 4]> = terms.iter().filter_map(of_record).collect();
        if records.is_empty() {
            return Ok(places);
        }
        let mut rows = self.rows(from(segment, &[MANY]), from(segment, &[MANY + 1]))?;
        while rows.advance()? {
            let (key, stored) = rows.here();
            // One that is damaged may have it.
            let has = format::open(key, stored).map_or(true, |row| {
                let (hashes, _) = row.value.as_chunks();
                records.iter().any(|record| hashes.binary_search(record).is_ok())
            });
            if has {
                place_at_end(key).into_iter().for_each(|place| places.add(place));
            }
        }
        Ok(places)
    }

    fn concerning<E: From<StoreError>>(
        &self,
        segment: u64,
        holds: &mut dyn FnMut(Party) -> Result<bool, E>,
    ) -> Result<Places, E> {
        let mut places = Places::NONE;
        let [first, end] = Party::KINDS;
        let mut rows = self.rows(from(segment, &[first]), from(segment, &[end]))?;
        let mut last: Option<(Code, bool)> = None;
        while rows.advance()? {
            let key = rows.key();
            let (Some(code), Some(place)) =
                (key.get(4..).and_then(<[u8]>::first_chunk::<5>), place_at_end(key))
            else {
                continue;
            };
            let fits = match last {
                Some((known, fits)) if known == *code => fits,
                _ => match Party::of_code(*code) {
                    Some(party) => holds(party)?,
                    None => false,
                },
            };
            last = Some((*code, fits));
            if fits {
                places.add(place);
            }
        }
        Ok(places)
    }

    /// What is said of a segment; none where nothing is said that can be read.
    pub(super) fn summary(&self, segment: u64) -> Result<Option<Summary>, StoreError> {
        match self.snapshot.at_rest(TABLE, &summary_key(segment)) {
            Ok(found) => Ok(found.as_deref().and_then(Summary::read)),
            Err(StoreError::Damaged { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    pub(super) fn rows(&self, start: Vec<u8>, end: Vec<u8>) -> Result<Box<dyn Cursor>, StoreError> {
        self.snapshot.rows(TABLE, &start, Some(&end), Direction::Forward)
    }
}

/// Whether anything that is indexed of the segment can fit.
fn passes<E>(summary: &Summary, query: &Query<'_, E>) -> bool {
    query.from.is_none_or(|from| from.as_second() <= summary.last)
        && query.until.is_none_or(|until| summary.first <= until.as_second())
        && query.marks.iter().all(|mark| summary.may_have(mark))
}

/// The hash of a record that is looked for, as it stands in a row of many.
fn of_record(term: &Term<'_>) -> Option<[u8; 4]> {
    const { assert!(FEW > 0) };
    match *term {
        Term::Record(record) => Some(hash(&record.0).to_be_bytes()),
        _ => None,
    }
}

/// The smallest code after one.
fn next([kind, number @ ..]: Code) -> Code {
    match u32::from_be_bytes(number).checked_add(1) {
        Some(number) => code(kind, number),
        None => code(kind + 1, 0),
    }
}
