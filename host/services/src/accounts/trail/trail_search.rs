//! The evidence narrowed: by whom, for whom, about whom, which record, what for, which deed, on which days; newest
//! first.

use std::cell::RefCell;
use std::sync::Arc;

use dinh_model::text::fold;
use dinh_model::{AccountId, Actor, Date, PluginId, RecordId, UnitId, time};
use dinh_store::index::{Clause, Mark, Query, Term};
use dinh_store::{Entry, Outcome, Party, Recorded};

use super::history::History;
use super::sight::Sight;
use super::walk::{Walk, page};
use crate::permissions::AUDIT_READ;
use crate::{Call, ServiceError};

/// What a search of the evidence is narrowed to; what is empty narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EvidenceFilter {
    /// This account, in its [`part`](Self::part).
    pub account: Option<AccountId>,
    /// The part that the account has.
    pub part: Part,
    /// What concerns this unit or one below it: the unit itself, and what the accounts that are in it now did or had
    /// done to them.
    pub unit: Option<UnitId>,
    /// Through this plugin.
    pub plugin: Option<PluginId>,
    /// The deed begins with this: `account.suspended`, or `account.` for all deeds on accounts.
    pub action: String,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Its purpose has all these words, however they are written.
    pub purpose: String,
    /// Under the contract of this number.
    pub contract: Option<u32>,
    /// About this record, or showing it.
    pub record: Option<RecordId>,
    /// On this day in Vietnam or later.
    pub from: Option<Date>,
    /// On this day in Vietnam or earlier.
    pub until: Option<Date>,
}

/// The part that an account has in an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Part {
    /// Any of them.
    #[default]
    Any,
    /// Acted, for itself or for another.
    Acted,
    /// Lent the right that another used: it was done on its behalf.
    Lent,
    /// It was done to the account, or it was looked at.
    Subject,
}

impl Part {
    /// All of them, with the words that commands and queries say.
    pub const WORDS: [(&'static str, Self); 4] =
        [("any", Self::Any), ("acted", Self::Acted), ("lent", Self::Lent), ("about", Self::Subject)];

    pub(super) fn terms(self, account: AccountId) -> Vec<Term<'static>> {
        let actor = Term::Party(Party::Actor(account));
        let subject = Term::Party(Party::Account(account));
        match self {
            Self::Any => vec![actor, subject],
            Self::Acted | Self::Lent => vec![actor],
            Self::Subject => vec![subject],
        }
    }

    pub(super) fn is_of(self, entry: &Entry, account: AccountId) -> bool {
        let acted = entry.actor.account() == Some(account);
        let lent = matches!(entry.actor, Actor::Person { on_behalf_of, .. } if on_behalf_of == Some(account));
        let subject = || entry.parties().any(|party| party == Party::Account(account));
        match self {
            Self::Any => acted || lent || subject(),
            Self::Acted => acted,
            Self::Lent => lent,
            Self::Subject => subject(),
        }
    }
}

impl std::str::FromStr for Part {
    type Err = dinh_model::ParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::WORDS.iter().find(|(word, _)| *word == text);
        known.map(|(_, part)| *part).ok_or_else(|| {
            dinh_model::ParseError::new("the part of an account: any, acted, lent, about", text)
        })
    }
}

impl EvidenceFilter {
    pub(super) fn takes(&self, entry: &Entry) -> bool {
        let day = time::day_in_vietnam(entry.at);
        let contract = || entry.detail.get(Entry::CONTRACT).and_then(|found| found.parse().ok());
        self.account.is_none_or(|account| self.part.is_of(entry, account))
            && self.plugin.as_ref().is_none_or(|plugin| entry.plugin.as_ref() == Some(plugin))
            && entry.action.starts_with(&self.action)
            && self.outcome.is_none_or(|outcome| entry.outcome == outcome)
            && self.contract.is_none_or(|wanted| contract() == Some(wanted))
            && self.record.is_none_or(|record| is_about(entry, record))
            && has_words(entry, &self.purpose)
            && self.from.is_none_or(|from| from <= day)
            && self.until.is_none_or(|until| day <= until)
    }
}

/// Whether the entry is about the record, or showed it.
pub(super) fn is_about(entry: &Entry, record: RecordId) -> bool {
    entry.records.contains(&record)
        || entry.subject.rsplit_once('/').is_some_and(|(_, last)| last.parse() == Ok(record))
}

fn has_words(entry: &Entry, words: &str) -> bool {
    if words.is_empty() {
        return true;
    }
    let purpose = entry.purpose();
    fold(words).split_whitespace().all(|word| purpose.split_whitespace().any(|known| known == word))
}

/// The words of a filter as what the index is asked: what it borrows from.
struct Words {
    purpose: String,
    contract: String,
    thing: String,
}

impl Words {
    fn of(filter: &EvidenceFilter) -> Self {
        Self {
            purpose: fold(&filter.purpose),
            contract: filter.contract.map(|contract| contract.to_string()).unwrap_or_default(),
            thing: filter.action.split_once('.').map(|(thing, _)| thing.to_owned()).unwrap_or_default(),
        }
    }

    fn query<'q>(&'q self, filter: &'q EvidenceFilter) -> Query<'q, ServiceError> {
        let account = filter.account.map(|account| filter.part.terms(account));
        let record = filter.record.map(|record| vec![Term::Record(record)]);
        let contract = filter.contract.map(|_| vec![Term::Contract(&self.contract)]);
        let purpose = self.purpose.split_whitespace().map(|word| vec![Term::Purpose(word)]);
        let clauses = record.into_iter().chain(contract).chain(account).chain(purpose);
        let plugin = filter.plugin.as_ref().map(|plugin| Mark::Plugin(plugin.as_str()));
        let outcome = filter.outcome.map(Mark::Outcome);
        let thing = Some(Mark::Thing(&self.thing)).filter(|_| !self.thing.is_empty());
        Query {
            clauses: clauses.map(Clause::AnyOf).collect(),
            marks: plugin.into_iter().chain(outcome).chain(thing).collect(),
            from: filter.from.and_then(time::start_in_vietnam),
            until: filter.until.and_then(|day| day.tomorrow().ok()).and_then(time::start_in_vietnam),
        }
    }
}

/// Entries of the evidence that the filter takes and [`evidence`](crate::accounts::evidence) shows the actor, newest
/// first, before the entry `before` (from the newest, when absent), at most `limit`. Needs `dinh.audit.read`
/// somewhere. A page may be short, even empty, and still have a next one.
pub fn search_evidence(
    call: &mut Call,
    filter: &EvidenceFilter,
    before: Option<u64>,
    limit: usize,
) -> Result<History, ServiceError> {
    look(call, filter, |call, query, fits| page(call, query, before, limit, fits))
}

/// How many entries a search finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EvidenceTotals {
    /// Done.
    pub done: usize,
    /// Refused.
    pub refused: usize,
    /// Failed.
    pub failed: usize,
    /// Whether there may be more: counting ends with what one call looks at.
    pub more: bool,
}

/// How many entries [`search_evidence`] finds altogether, as far as one call looks.
pub fn count_evidence(call: &mut Call, filter: &EvidenceFilter) -> Result<EvidenceTotals, ServiceError> {
    look(call, filter, |call, query, mut fits| {
        let mut totals = EvidenceTotals::default();
        let count = |recorded: Recorded| {
            if fits(&recorded.entry)? {
                let total = match recorded.entry.outcome {
                    Outcome::Done => &mut totals.done,
                    Outcome::Refused => &mut totals.refused,
                    Outcome::Failed => &mut totals.failed,
                };
                *total += 1;
            }
            Ok(true)
        };
        let next = Walk::before(call, None).run(call, query, count)?;
        Ok(EvidenceTotals { more: next.is_some(), ..totals })
    })
}

type Fits<'f> = Box<dyn FnMut(&Entry) -> Result<bool, ServiceError> + 'f>;

/// Looks through what the filter may take, under the actor's right to read evidence.
fn look<T>(
    call: &mut Call,
    filter: &EvidenceFilter,
    walk: impl FnOnce(&Call, &mut Query<'_, ServiceError>, Fits<'_>) -> Result<T, ServiceError>,
) -> Result<T, ServiceError> {
    let reach = call.require_somewhere(&AUDIT_READ, None)?;
    let everything = reach.is_everything();
    let call: &Call = call;
    let snapshot = call.transaction.snapshot();
    let sight = RefCell::new(Sight::new(|unit| reach.has(unit), snapshot));
    let policy = Arc::clone(&call.policy);
    let top = filter.unit;
    let concerned =
        top.map(|top| RefCell::new(Sight::new(move |unit| policy.is_within(unit, top), snapshot)));
    let words = Words::of(filter);
    let mut query = words.query(filter);
    if let Some(concerned) = &concerned {
        query.clauses.push(Clause::Concerns(Box::new(|party| concerned.borrow_mut().has(party))));
    }
    if !everything {
        query.clauses.push(Clause::Concerns(Box::new(|party| sight.borrow_mut().has(party))));
    }
    let fits = |entry: &Entry| {
        if !filter.takes(entry) || !(everything || sight.borrow_mut().sees(entry)?) {
            return Ok(false);
        }
        concerned.as_ref().map_or(Ok(true), |concerned| concerned.borrow_mut().sees(entry))
    };
    walk(call, &mut query, Box::new(fits))
}
