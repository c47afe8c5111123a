//! What personnel tells of its members (`events`): noted to be reviewed, so that whoever collects hears of who came, left
//! or earns otherwise before the next month is assessed.
//!
//! What is told when a contract begins is only looked at: who has entries already is nothing new.

use dinh_sdk::events::Event;
use dinh_sdk::prelude::*;
use dinh_sdk::time;

use crate::model::{Entry, MemberFacts, Watched, review};
use crate::rules::changes::{Change, Rests};

/// What happened to the members.
pub(crate) fn members(event: &Event) -> Result<()> {
    // A contract of fewer fields is asked for anew; the pages say so.
    let Some(terms) = sharing::agreed(MemberFacts::COLLECTION)? else { return Ok(()) };
    if !MemberFacts::FIELDS.iter().all(|needed| terms.fields.iter().any(|field| field == needed)) {
        return Ok(());
    }
    let changes = match event {
        Event::Begun => return close_hidden(),
        Event::Ended => return Ok(()),
        Event::Changed(changes) => changes,
    };
    let ids: Vec<RecordId> = changes.iter().map(|change| change.id).collect();
    let facts = MemberFacts::resolve(&ids)?;
    changes.iter().zip(facts).try_for_each(|(told, facts)| note(told.id, facts.as_ref()))
}

/// What waits goes on waiting under the contract that begins, except of whom that does not show: nobody could review it.
fn close_hidden() -> Result<()> {
    let open = Watched::all().filter(Watched::STATE.is(review::OPEN.to_owned())).list()?;
    let ids: Vec<RecordId> = open.iter().map(|watched| watched.member).collect();
    let facts = MemberFacts::resolve(&ids)?;
    for (mut watched, _) in open.into_iter().zip(facts).filter(|(_, facts)| facts.is_none()) {
        watched.record.change = Some(Change::Gone.key().to_owned());
        watched.record.state = review::DONE.to_owned();
        watched.save()?;
    }
    Ok(())
}

fn note(member: RecordId, facts: Option<&MemberFacts>) -> Result<()> {
    let is = facts.map(rests);
    let known = Watched::all().filter(Watched::MEMBER.is(member)).list()?;
    let is_first = known.is_empty();
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        known.into_iter().partition(|known| is.is_some_and(|is| is.unit == known.unit));
    let over = if is.is_some() { Change::Away } else { Change::Gone };
    for mut known in elsewhere.into_iter().filter(|known| !last(known).is_some_and(Change::is_over)) {
        open(&mut known.record, over);
        known.save()?;
    }
    let (Some(is), Some(facts)) = (is, facts) else { return Ok(()) };
    let Some(mut known) = here.into_iter().next() else {
        let mut watched = watched(member, is);
        if !is_first {
            open(&mut watched, Change::Moved);
        } else if is_new(member, facts)? {
            open(&mut watched, Change::New);
        }
        return watched.insert().map(drop);
    };
    let was = last(&known);
    let change = match was {
        Some(over) if over.is_over() => Some(Change::New),
        _ => Change::between(&known.rests(), &is),
    };
    let Some(change) = change else { return Ok(()) };
    let waits = was.filter(|_| known.state == review::OPEN);
    known.record = watched(member, is);
    open(&mut known.record, change.after(waits));
    known.save()
}

/// Whether somebody who is told for the first time is new: of a unit whose ledger is in use, who pays and has no entry.
fn is_new(member: RecordId, facts: &MemberFacts) -> Result<bool> {
    let pays = facts.party_admitted_on.is_some() && facts.party_left_on.is_none();
    Ok(pays
        && Entry::all().filter(Entry::UNIT.is(facts.unit)).first()?.is_some()
        && Entry::all().filter(Entry::MEMBER.is(member)).first()?.is_none())
}

fn last(watched: &Watched) -> Option<Change> {
    watched.change.as_deref().and_then(Change::of_key)
}

fn open(watched: &mut Watched, change: Change) {
    watched.state = review::OPEN.to_owned();
    watched.change = Some(change.key().to_owned());
    watched.subject = Some(change.words().0.to_owned());
    watched.noted_at = time::now();
}

fn watched(member: RecordId, rests: Rests) -> Watched {
    Watched {
        member,
        unit: rests.unit,
        party_admitted_on: rests.admitted_on,
        party_left_on: rests.party_left_on,
        insured_coefficient: rests.coefficient,
        left_on: rests.left_on,
        change: None,
        subject: None,
        state: review::DONE.to_owned(),
        noted_at: time::now(),
    }
}

fn rests(facts: &MemberFacts) -> Rests {
    Rests {
        unit: facts.unit,
        admitted_on: facts.party_admitted_on,
        party_left_on: facts.party_left_on,
        coefficient: facts.insured_coefficient,
        left_on: facts.left_on,
    }
}

impl Watched {
    fn rests(&self) -> Rests {
        Rests {
            unit: self.unit,
            admitted_on: self.party_admitted_on,
            party_left_on: self.party_left_on,
            coefficient: self.insured_coefficient,
            left_on: self.left_on,
        }
    }
}
