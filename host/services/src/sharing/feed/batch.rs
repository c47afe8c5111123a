//! What a subscriber is told next.

use dinh_model::{ContractId, Label, RecordId};
use dinh_store::Direction;
use serde::{Deserialize, Serialize};

use super::super::model::{Contract, Standing};
use super::super::notes::Read;
use super::super::read::{Source, rows_left};
use super::super::shelf;
use super::entry::{self, Entry, Written};
use super::{MOST_GIVEN_UP, MOST_HOPS, Stage, Subscription, parked, subscription};
use crate::call::decode;
use crate::records::{PluginData, RecordError, View};
use crate::{Call, ServiceError};

/// Records that a subscriber is told of in one call.
pub const ROWS_AT_ONCE: usize = 200;
/// Records looked at for one call, told or not.
const LOOKED_AT: usize = 2_000;

/// What there is to do for a subscription.
#[derive(Debug)]
pub enum Look {
    /// Nothing now.
    Nothing,
    /// Nothing before people have done something: what.
    Waits(Waits),
    /// The contract no longer holds: the subscription has to be ended.
    Over,
    /// This.
    Batch(Batch),
}

/// Why a subscriber is told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waits {
    /// The consumer could not be loaded.
    NoConsumer,
    /// The contract has not begun.
    Coming,
    /// The end of an earlier contract has not been heard yet.
    Earlier,
    /// The contract's rows of today are used up.
    Quota,
    /// One record after another could not be digested: until people retry one, or there is another version.
    Failing,
    /// The host itself could not do it; its log says why.
    Host,
    /// The provider's records cannot be read at present.
    NoProvider,
    /// The consumer's own principal lacks the permission that the contract names.
    NoRight,
    /// The consumer is taken out, because it keeps failing or because people suspended it.
    Out,
}

/// What a subscriber is told in one call.
#[derive(Debug)]
pub struct Batch {
    /// What.
    pub what: What,
    /// What the hops of the subscriber's own writes are.
    pub hops: u8,
    /// Where the subscription stood.
    pub(super) from: Stage,
    pub(super) next: Option<Stage>,
    /// The parked record that is tried again.
    pub(super) retried: bool,
    /// What is not told but set aside, in its order.
    pub(super) aside: Vec<Aside>,
}

/// A write that is not told but set aside: its record is parked already, or has come too far.
#[derive(Debug)]
pub(super) struct Aside {
    pub(super) record: RecordId,
    pub(super) was: bool,
}

/// What a subscriber is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A subscription begins; every row in view follows.
    Begun,
    /// These records changed. When there is none, nobody need be called.
    Changed(Vec<Told>),
    /// The contract is over.
    Ended,
}

/// A record that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Which.
    pub id: RecordId,
    /// Whether it is in view now; else it was before.
    pub present: bool,
    /// Whether it was in view before, as far as the feed knows.
    pub(super) was: bool,
}

impl Waits {
    /// The word as commands, JSON and the log spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoConsumer => "no-consumer",
            Self::Coming => "coming",
            Self::Earlier => "earlier",
            Self::Quota => "quota",
            Self::Failing => "failing",
            Self::Host => "host",
            Self::NoProvider => "no-provider",
            Self::NoRight => "no-right",
            Self::Out => "out",
        }
    }
}

impl Batch {
    fn new(subscription: &Subscription, what: What, next: Option<Stage>) -> Self {
        Self { what, from: subscription.stage, hops: 1, next, retried: false, aside: Vec::new() }
    }

    /// The records it tells of.
    pub fn told(&self) -> &[Told] {
        if let What::Changed(told) = &self.what { told } else { &[] }
    }
}

/// What comes next for a subscription: at most `most` records. The call is the subscriber's own, and is bound by what
/// it is told. `data` is the provider's; none while that cannot be read.
pub fn look(
    call: &mut Call,
    subscription: &Subscription,
    data: Option<&PluginData>,
    most: usize,
) -> Result<Look, RecordError> {
    if subscription.stage == Stage::End {
        return Ok(Look::Batch(Batch::new(subscription, What::Ended, None)));
    }
    let contract = shelf::load(call, subscription.contract)?;
    match contract.standing(call.today()) {
        Standing::Active | Standing::Expiring => {}
        Standing::Coming => return Ok(Look::Waits(Waits::Coming)),
        _ => return Ok(Look::Over),
    }
    let Some(data) = data else { return Ok(Look::Waits(Waits::NoProvider)) };
    if matches!(subscription.stage, Stage::Begin { .. }) && subscription::has_earlier(call, subscription)? {
        return Ok(Look::Waits(Waits::Earlier));
    }
    if subscription.given_up >= MOST_GIVEN_UP && !subscription.retry {
        return Ok(Look::Waits(Waits::Failing));
    }
    let left = rows_left(call, &contract)?.map(|left| usize::try_from(left).unwrap_or(usize::MAX));
    let most = left.map_or(most, |left| left.min(most));
    if most == 0 {
        return Ok(Look::Waits(Waits::Quota));
    }
    call.policy_in_force()?;
    let Some(source) = Source::of_contract(call, contract.clone())? else {
        return Ok(Look::Waits(Waits::NoProvider));
    };
    let view = source.view(call, data)?;
    if view.is_blind() {
        return Ok(Look::Waits(Waits::NoRight));
    }
    let looking = Looking { contract: &contract, subscription, view: &view, data, most };
    if subscription.retry {
        return match parked::to_retry(call, contract.id)? {
            Some(id) => looking.retry(call, id),
            // All of them were.
            None => {
                let next = Some(subscription.stage);
                let done = Batch::new(subscription, What::Changed(Vec::new()), next);
                Ok(Look::Batch(Batch { retried: true, ..done }))
            }
        };
    }
    match subscription.stage {
        Stage::Begin { then } => {
            let next = Stage::Fill { after: RecordId([0; 16]), then };
            Ok(Look::Batch(Batch::new(subscription, What::Begun, Some(next))))
        }
        Stage::Fill { after, then } => looking.fill(call, after, then),
        Stage::Follow { position, within } => looking.follow(call, position, within),
        Stage::End => Ok(Look::Nothing),
    }
}

struct Looking<'a> {
    contract: &'a Contract,
    subscription: &'a Subscription,
    view: &'a View<'a>,
    data: &'a PluginData,
    most: usize,
}

/// A record that was written, and whether it was in view before.
type Candidate = (RecordId, bool);

/// What a look has found.
#[derive(Default)]
struct Found {
    candidates: Vec<Candidate>,
    aside: Vec<Aside>,
}

impl Looking<'_> {
    fn retry(&self, call: &mut Call, id: RecordId) -> Result<Look, RecordError> {
        let was = parked::load(call, self.contract.id, id)?.is_some_and(|parked| parked.was);
        let told = self.judge(call, &[(id, was)])?;
        let next = Some(self.subscription.stage);
        Ok(Look::Batch(Batch { retried: true, ..Batch::new(self.subscription, What::Changed(told), next) }))
    }

    fn fill(&self, call: &mut Call, after: RecordId, then: i64) -> Result<Look, RecordError> {
        let after = (after != RecordId([0; 16])).then_some(after);
        let ids = self.view.ids_after(call, self.data, after, self.most)?;
        let next = match ids.last() {
            Some(last) if ids.len() == self.most => Stage::Fill { after: *last, then },
            _ => Stage::Follow { position: then, within: 0 },
        };
        let mut found = Found::default();
        for id in ids {
            match parked::load(call, self.contract.id, id)? {
                Some(_) => found.aside.push(Aside { record: id, was: false }),
                None => found.candidates.push((id, false)),
            }
        }
        let told = self.judge(call, &found.candidates)?;
        Ok(Look::Batch(Batch {
            aside: found.aside,
            ..Batch::new(self.subscription, What::Changed(told), Some(next))
        }))
    }

    fn follow(&self, call: &mut Call, position: i64, within: u32) -> Result<Look, RecordError> {
        let Subscription { provider, collection, .. } = self.subscription;
        let start = entry::entry_key(provider, collection, position.saturating_add(1));
        let end = dinh_model::key::after_prefix(&entry::entries_key(provider, collection));
        // Entries are never changed, and new ones come behind.
        let entries = call.transaction.range_unchecked(&start, end.as_deref(), Direction::Forward);
        let (mut position, mut within) = (position, within);
        let mut found = Found::default();
        let mut looked = 0;
        // Of all in a batch: an answer has one more, and the deed of a person is no answer.
        let mut hops = None;
        'entries: for row in entries {
            let (key, stored) = row.map_err(ServiceError::from)?;
            let entry: Entry = decode(&key, &stored.value)?;
            let at = entry::position_of(&key).unwrap_or(position);
            for written in entry.records.iter().skip(within as usize) {
                let others = hops.is_some_and(|hops| hops != entry.hops);
                if others || found.candidates.len() >= self.most || looked >= LOOKED_AT {
                    break 'entries;
                }
                hops = Some(entry.hops);
                looked += 1;
                within += 1;
                self.add(call, written, entry.hops, &mut found)?;
            }
            (position, within) = (at, 0);
        }
        if looked == 0 {
            return Ok(Look::Nothing);
        }
        let told = self.judge(call, &found.candidates)?;
        let next = Stage::Follow { position, within };
        let hops = hops.unwrap_or(0).saturating_add(1);
        Ok(Look::Batch(Batch {
            hops,
            aside: found.aside,
            ..Batch::new(self.subscription, What::Changed(told), Some(next))
        }))
    }

    fn add(&self, call: &Call, written: &Written, hops: u8, found: &mut Found) -> Result<(), RecordError> {
        let record = written.id;
        let target = written.was.as_ref().and_then(|was| was.target_in(&self.subscription.dataset));
        let was = target.is_some_and(|target| self.view.sees(&target));
        let is_aside = hops >= MOST_HOPS || found.aside.iter().any(|aside| aside.record == record);
        if is_aside || parked::load(call, self.contract.id, record)?.is_some() {
            found.aside.push(Aside { record, was });
            return Ok(());
        }
        match found.candidates.iter().position(|(id, _)| *id == record) {
            // Told once, as it is now, at its last place.
            Some(known) => {
                let (id, before) = found.candidates.remove(known);
                found.candidates.push((id, before || was));
            }
            None => found.candidates.push((record, was)),
        }
        Ok(())
    }

    /// What is told of these records, as they are now; the call is bound by it, and it is noted as a read.
    fn judge(&self, call: &mut Call, candidates: &[Candidate]) -> Result<Vec<Told>, RecordError> {
        let ids: Vec<RecordId> = candidates.iter().map(|(id, _)| *id).collect();
        let present = self.view.present(call, self.data, &ids)?;
        let label = present.iter().map(|(_, label)| *label).max().unwrap_or(Label::Ordinary);
        let is_present = |id: &RecordId| present.iter().any(|(known, _)| known == id);
        let told = candidates.iter().map(|(id, was)| Told { id: *id, present: is_present(id), was: *was });
        let told: Vec<Told> = told.filter(|told| told.present || told.was).collect();
        // What left is gone, and with it what its label was: it may have been the highest that the subscriber is shown.
        let left = told.iter().any(|told| !told.present);
        let label = if left { label.max(self.view.highest()) } else { label };
        if !told.is_empty() {
            call.confinement.read(label);
            call.confinement.read_under(self.contract.id, self.contract.keep, false);
            let records: Vec<RecordId> = told.iter().map(|told| told.id).collect();
            let rows = records.len() as u64;
            let read = Read { how: "changes", fields: &[], filters: &[], rows, records: &records };
            call.read_shared(self.contract, &read);
        }
        Ok(told)
    }
}

/// The contract that a batch belongs to, for messages.
pub(super) fn subject(contract: ContractId) -> String {
    format!("contract:{contract}")
}
