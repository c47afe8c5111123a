//! What personnel tells of its members (`events`): noted to be reviewed, so that whoever collects hears of who came, left
//! or earns otherwise before the next month is assessed.
//!
//! What is told when a contract begins is only looked at: who has entries already is nothing new.

use dinh_sdk::events::{Change as Told, Event};
use dinh_sdk::prelude::*;
use dinh_sdk::time;

use crate::model::{Entry, MemberFacts, Watched, review};
use crate::rules::changes::{Change, Rests};

/// What happened to the members.
pub(crate) fn members(event: &Event) -> Result<()> {
    let Event::Changed(changes) = event else { return Ok(()) };
    // A contract of fewer fields is asked for anew; the pages say so.
    let Some(terms) = sharing::agreed(MemberFacts::COLLECTION)? else { return Ok(()) };
    if !MemberFacts::FIELDS.iter().all(|needed| terms.fields.iter().any(|field| field == needed)) {
        return Ok(());
    }
    let ids: Vec<RecordId> = changes.iter().map(|change| change.id).collect();
    let facts = MemberFacts::resolve(&ids)?;
    changes.iter().zip(facts).try_for_each(|(told, facts)| note(told, facts.as_ref()))
}

fn note(told: &Told, facts: Option<&MemberFacts>) -> Result<()> {
    let known = Watched::all().filter(Watched::MEMBER.is(told.id)).first()?;
    match (known, facts) {
        (None, None) => Ok(()),
        (None, Some(facts)) => {
            let mut watched = watched(told.id, rests(facts));
            let pays = facts.party_admitted_on.is_some() && facts.party_left_on.is_none();
            if pays && Entry::all().filter(Entry::MEMBER.is(told.id)).first()?.is_none() {
                open(&mut watched, Change::New);
            }
            watched.insert().map(drop)
        }
        (Some(mut known), Some(facts)) => {
            let is = rests(facts);
            let Some(change) = Change::between(&known.record.rests(), &is) else { return Ok(()) };
            known.record = watched(told.id, is);
            open(&mut known.record, change);
            known.save()
        }
        (Some(mut known), None) => {
            open(&mut known.record, Change::Gone);
            known.save()
        }
    }
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
