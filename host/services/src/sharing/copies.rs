//! Copies until a day: what was copied under a contract is listed with it, and goes when the contract ends
//! ([decision 23](../../../../docs/decisions/0023-copies-until.md)).
//!
//! ```text
//! contract for copies ─ a call writes what it read ─▶ held ─ the day is over, or the contract ─▶ due ─ 10 days ─▶ removed
//!                                                      ▲                                          │
//!                                                      └──────── a new contract covers it ────────┘
//! ```
//!
//! While due, copies stay readable, so that people can see what they have to remove or justify; a copy of one is due
//! with it. Whatever is held under several contracts goes with the first that ends: nobody can tell which of its values
//! came from where.

use std::sync::Arc;

use dinh_model::{Actor, ContractId, Date, Keep, Language, PluginId, RecordId, Target, key, time};
use dinh_store::Direction;
use serde::{Deserialize, Serialize};

use super::model::{Contract, State};
use super::shelf;
use crate::call::decode;
use crate::permissions::SHARING_REQUEST;
use crate::records::{Copied, PluginData, Removed, remove_copy};
use crate::{Call, Origin, Platform, ServiceError, space};

/// Records that a list of copies counts; beyond, it says that there are more.
const COUNTED: usize = 10_000;
/// Records removed in one change.
const REMOVED_AT_ONCE: usize = 20;
/// Records looked at for one contract in one go of the upkeep; the rest waits for the next.
const A_GO: usize = 20_000;

/// What is held under a contract for copies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Copies {
    /// By plugin and collection.
    pub holdings: Vec<Holding>,
    /// There are more than were counted.
    pub more: bool,
    /// The last day on which they may be kept, new contracts included.
    pub through: Date,
    /// When that is over: how long they may still be removed or justified.
    pub due: Option<DueCopies>,
}

/// Records of one collection that hold copies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holding {
    /// Whose records they are: the consumer's, or those of another that copied from it.
    pub plugin: PluginId,
    /// Their collection.
    pub collection: String,
    /// How many.
    pub records: usize,
}

/// Copies that have to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DueCopies {
    /// The day on which they fell due.
    pub since: Date,
    /// The day from which the platform removes what is left.
    pub removed_from: Date,
}

impl Copies {
    /// How many records hold copies; at least so many when there are [`more`](Self::more).
    pub fn records(&self) -> usize {
        self.holdings.iter().map(|holding| holding.records).sum()
    }
}

/// What the upkeep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Records removed.
    pub removed: usize,
    /// Records that others refer to, of which what was copied was taken out.
    pub emptied: usize,
    /// Records that are due and could not be removed: others refer to them, and they cannot be without what was copied.
    pub left: usize,
}

/// Since when what was copied under a contract has to go, as the upkeep noticed.
#[derive(Serialize, Deserialize)]
struct Mark {
    /// Days since 1970.
    since: i32,
}

impl Contract {
    /// The first day on which nothing copied under it may be kept; none for a contract that lets no copies be kept, or
    /// that was never agreed to.
    pub fn copies_end(&self) -> Option<Date> {
        let last = self.copies_until.filter(|_| self.keep == Keep::Copies)?;
        let end = last.tomorrow().unwrap_or(last).min(self.until);
        match &self.state {
            State::Active(_) => Some(end),
            State::Revoked { ended, .. } => Some(end.min(time::day_in_vietnam(ended.moment()))),
            State::Requested | State::Refused { .. } | State::Withdrawn(_) => None,
        }
    }

    /// Whether it justifies what was copied under an earlier one: of the same consumer, for the same dataset and
    /// purpose, with at least its fields, its units and its label.
    fn covers(&self, earlier: &Self) -> bool {
        let within = |mine: &[dinh_model::UnitId], theirs: &[dinh_model::UnitId]| {
            mine.is_empty() || (!theirs.is_empty() && theirs.iter().all(|unit| mine.contains(unit)))
        };
        self.id > earlier.id
            && self.consumer == earlier.consumer
            && self.provider == earlier.provider
            && self.dataset == earlier.dataset
            && self.purpose == earlier.purpose
            && self.label >= earlier.label
            && earlier.fields.iter().all(|field| self.fields.contains(field))
            && within(&self.units, &earlier.units)
    }
}

/// What is held under a contract; none under one that lets no copies be kept. For whoever may see the contract.
pub fn copies(call: &Call, contract: &Contract) -> Result<Option<Copies>, ServiceError> {
    let Some(end) = end_of(call, contract)? else { return Ok(None) };
    let (mut holdings, mut more): (Vec<Holding>, bool) = (Vec::new(), false);
    let held = held(call, contract.id, None, COUNTED + 1)?;
    for (at, held) in held.into_iter().enumerate() {
        if at == COUNTED {
            more = true;
            break;
        }
        let same = |known: &&mut Holding| known.plugin == held.plugin && known.collection == held.collection;
        match holdings.iter_mut().find(same) {
            Some(known) => known.records += 1,
            None => holdings.push(Holding { plugin: held.plugin, collection: held.collection, records: 1 }),
        }
    }
    let due = match call.today() >= end && !holdings.is_empty() {
        true => Some(due_since(call, mark(call, contract.id)?.unwrap_or(call.today()))),
        false => None,
    };
    Ok(Some(Copies { holdings, more, through: end.yesterday().unwrap_or(end), due }))
}

/// The contracts whose copies are due and wait for the actor: who may ask for the consumer's unit removes or justifies
/// them.
pub fn due_copies(call: &Call) -> Result<Vec<(Contract, Copies)>, ServiceError> {
    let mut found = Vec::new();
    for id in held_under(call)? {
        let contract = shelf::load(call, id)?;
        if !call.check(&SHARING_REQUEST, &Target::unit(contract.consumer_unit)) {
            continue;
        }
        if let Some(copies) = copies(call, &contract)?.filter(|copies| copies.due.is_some()) {
            found.push((contract, copies));
        }
    }
    Ok(found)
}

/// Says which copies are due, and removes in small steps what was due for long enough. `data` gives the records of an
/// installed plugin. Part of the upkeep; what cannot be removed now is tried again the next time. The first error is given
/// back when all contracts were seen to.
pub fn settle_copies(
    platform: &Platform,
    data: impl Fn(&PluginId) -> Option<Arc<PluginData>>,
) -> Result<Settled, ServiceError> {
    let itself: PluginId = PluginId::PLATFORM.parse().map_err(|_| damaged())?;
    let origin = platform.origin(Actor::Service(itself), Language::En);
    let (mut settled, mut failed) = (Settled::default(), None);
    for contract in platform.look(&origin, |call| held_under(call))? {
        let due = platform.perform(&origin, |call| notice(call, contract));
        let done = due.and_then(|due| match due {
            true => remove(platform, contract, &data, &mut settled),
            false => Ok(()),
        });
        // What is wrong with the copies of one contract holds up no other.
        failed = failed.or(done.err());
    }
    failed.map_or(Ok(settled), Err)
}

/// Notes that copies fell due, or no longer are; whether they have to go now.
fn notice(call: &mut Call, id: ContractId) -> Result<bool, ServiceError> {
    let contract = shelf::load(call, id)?;
    let today = call.today();
    let due = end_of(call, &contract)?.is_none_or(|end| today >= end);
    match (due, mark(call, id)?) {
        (true, None) => {
            let copies = copies(call, &contract)?;
            let count = copies.as_ref().map_or(0, Copies::records);
            let due = due_since(call, today);
            call.save(mark_key(id), &Mark { since: time::days(today) })?;
            let detail = [
                ("records", count.to_string()),
                ("unit", contract.consumer_unit.to_string()),
                ("removed-from", due.removed_from.to_string()),
            ];
            call.evidence("copies.due", contract.subject(), detail);
            Ok(false)
        }
        (true, Some(since)) => Ok(today >= due_since(call, since).removed_from),
        (false, Some(_)) => {
            call.transaction.delete(mark_key(id));
            call.evidence("copies.justified", contract.subject(), []);
            Ok(false)
        }
        (false, None) => Ok(false),
    }
}

/// Removes what is left, referring records first: as long as something goes, what it held back is tried again.
fn remove(
    platform: &Platform,
    contract: ContractId,
    data: &impl Fn(&PluginId) -> Option<Arc<PluginData>>,
    settled: &mut Settled,
) -> Result<(), ServiceError> {
    let mut looked = 0;
    loop {
        let (mut after, mut gone, mut left) = (None, 0, 0);
        loop {
            let itself: PluginId = PluginId::PLATFORM.parse().map_err(|_| damaged())?;
            let origin: Origin = platform.origin(Actor::Service(itself), Language::En);
            let (last, step) = platform.perform(&origin, |call| {
                // Somebody may have justified them since the last step.
                if !notice(call, contract)? {
                    return Ok((None, Settled::default()));
                }
                step(call, contract, after.as_deref(), data)
            })?;
            looked += REMOVED_AT_ONCE;
            settled.removed += step.removed;
            settled.emptied += step.emptied;
            gone += step.removed + step.emptied;
            left += step.left;
            after = last;
            if after.is_none() || looked >= A_GO {
                break;
            }
        }
        if gone == 0 || left == 0 || looked >= A_GO {
            settled.left += left;
            return Ok(());
        }
    }
}

/// Removes the next few; after which key to go on, if there are more.
fn step(
    call: &mut Call,
    contract: ContractId,
    after: Option<&[u8]>,
    data: &impl Fn(&PluginId) -> Option<Arc<PluginData>>,
) -> Result<(Option<Vec<u8>>, Settled), ServiceError> {
    let some = held(call, contract, after, REMOVED_AT_ONCE)?;
    let last = some.last().filter(|_| some.len() == REMOVED_AT_ONCE).map(|held| held.key.clone());
    let mut settled = Settled::default();
    for held in some {
        let found = data(&held.plugin).filter(|data| data.number == held.number);
        let removed = match &found {
            Some(data) => remove_copy(call, data, &held.collection, held.record, contract)?,
            None => Removed::Not,
        };
        match removed {
            Removed::Record => settled.removed += 1,
            Removed::Texts => settled.emptied += 1,
            Removed::Not => settled.left += 1,
            Removed::Gone => {}
        }
    }
    if last.is_none() && held(call, contract, None, 1)?.is_empty() {
        call.transaction.delete(mark_key(contract));
    }
    Ok((last, settled))
}

/// The first day on which what was copied under a contract may not be kept, by it or by later ones that cover it.
fn end_of(call: &Call, contract: &Contract) -> Result<Option<Date>, ServiceError> {
    let Some(end) = contract.copies_end() else { return Ok(None) };
    let all = shelf::of_consumer(call, &contract.consumer)?;
    let later = all.iter().filter(|later| later.covers(contract)).filter_map(|later| later.copies_end());
    Ok(later.chain([end]).max())
}

/// A record that holds copies.
struct Held {
    key: Vec<u8>,
    plugin: PluginId,
    number: u32,
    collection: String,
    record: RecordId,
}

/// At most `limit` records that hold copies under a contract, after a key.
fn held(
    call: &Call,
    contract: ContractId,
    after: Option<&[u8]>,
    limit: usize,
) -> Result<Vec<Held>, ServiceError> {
    let prefix = space::key(space::COPY, &[&contract.0.to_be_bytes()]);
    let end = key::after_prefix(&prefix);
    let start = after.map_or(prefix.clone(), |after| [after, &[0]].concat());
    // Unchecked: what becomes of a record is decided by its row, which its removal relies on.
    let mut range = call.transaction.range_unchecked(&start, end.as_deref(), Direction::Forward);
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(item) = range.step()?
    {
        let damaged = || crate::call::damaged(item.key);
        let row = item.key.get(prefix.len()..).unwrap_or_default();
        // RECORD │ plugin u32 │ generation u32 │ collection 0 │ record 16
        let (_, rest) = row.split_first().ok_or_else(damaged)?;
        let (number, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
        let (_, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
        let (collection, id) = rest.split_last_chunk::<{ RecordId::SIZE }>().ok_or_else(damaged)?;
        let collection = collection.strip_suffix(&[0]).and_then(|name| std::str::from_utf8(name).ok());
        let copied: Copied = decode(item.key, item.value)?;
        found.push(Held {
            key: item.key.to_vec(),
            plugin: copied.plugin,
            number: u32::from_be_bytes(*number),
            collection: collection.ok_or_else(damaged)?.to_owned(),
            record: RecordId(*id),
        });
    }
    Ok(found)
}

/// The contracts under which anything is held: one look for each.
fn held_under(call: &Call) -> Result<Vec<ContractId>, ServiceError> {
    let end = key::after_prefix(&[space::COPY]);
    let (mut start, mut found) = (vec![space::COPY], Vec::new());
    loop {
        let mut range = call.transaction.range_unchecked(&start, end.as_deref(), Direction::Forward);
        let Some(item) = range.step()? else { return Ok(found) };
        let number = item.key.get(1..5).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
        let number = number.ok_or_else(|| crate::call::damaged(item.key))?;
        found.push(ContractId(number));
        let Some(next) = number.checked_add(1) else { return Ok(found) };
        drop(range);
        start = space::numbered(space::COPY, next);
    }
}

fn due_since(call: &Call, since: Date) -> DueCopies {
    let days = jiff::Span::new().days(i64::from(call.common.copies_days));
    DueCopies { since, removed_from: since.checked_add(days).unwrap_or(Date::MAX) }
}

fn mark(call: &Call, contract: ContractId) -> Result<Option<Date>, ServiceError> {
    let mark: Option<Mark> = call.load(&mark_key(contract))?;
    Ok(mark.and_then(|mark| time::from_days(mark.since)))
}

fn mark_key(contract: ContractId) -> Vec<u8> {
    space::numbered(space::COPIES_DUE, contract.0)
}

fn damaged() -> ServiceError {
    ServiceError::Damaged { what: "the platform's own id".to_owned() }
}
