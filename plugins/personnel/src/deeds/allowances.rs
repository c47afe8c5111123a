//! What decisions do to allowances: each names a kind, and at which rate it is had from its day on. What was had until
//! then ends the day before; what was taken over without a row is written as one first.

use dinh_sdk::prelude::*;

use crate::model::decision::Kind;
use crate::model::{Allowance, Decision, History, Person};
use crate::rules::allowances::{self, Held, OTHER, POSITION};
use crate::rules::{day_before, standing};
use crate::sheet::words;
use crate::told::Told;

/// From a day on, an allowance of a kind at a rate, or none any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change<'a> {
    pub(crate) kind: &'a str,
    pub(crate) rate: Option<Decimal>,
    pub(crate) until: Option<Date>,
}

/// What a decision does to allowances.
pub(crate) fn changes(decision: &Decision, kind: Kind) -> Vec<Change<'_>> {
    let change = |kind, rate: Option<Decimal>, until| Change {
        kind,
        rate: rate.filter(|rate| *rate > Decimal::ZERO),
        until,
    };
    let mut changes = Vec::new();
    match kind {
        Kind::Appoint => changes.push(change(POSITION, decision.allowance, None)),
        Kind::Discipline if decision.form.as_deref() == Some(words::REMOVED) => {
            changes.push(change(POSITION, None, None));
        }
        Kind::Allowance => {
            let named = decision.allowance_kind.as_deref();
            changes.extend(named.map(|kind| change(kind, decision.rate, decision.until)));
        }
        Kind::EndAllowance => {
            let named = decision.allowance_kind.as_deref();
            changes.extend(named.map(|kind| change(kind, None, None)));
        }
        _ => {}
    }
    if kind.pays() {
        changes.push(change(OTHER, decision.other_allowance, None));
    }
    changes
}

/// The allowance of a kind that somebody has on a day: by the rows, or as the record was taken over.
pub(crate) fn present(told: &Told, person: &Person, kind: &str, day: Date) -> Option<Held> {
    let told_of = match kind {
        POSITION => allowances::tells_position(&told.held),
        _ => allowances::tells_other(&told.held),
    };
    let taken_over = match kind {
        POSITION => person.position_allowance.map(|rate| (rate, person.appointed_on.or(person.recruited_on))),
        OTHER => person.other_allowance.map(|rate| (rate, person.recruited_on)),
        _ => None,
    };
    match taken_over.filter(|(rate, _)| !told_of && *rate > Decimal::ZERO) {
        Some((rate, since)) => {
            let from = since.filter(|since| *since < day).unwrap_or_else(|| day_before(day));
            Some(Held { kind: kind.to_owned(), rate, from, until: None })
        }
        None => standing::on(told.held.iter().filter(|held| held.kind == kind), day).cloned(),
    }
}

impl Change<'_> {
    /// Whether things are so already.
    pub(crate) fn is_done(&self, told: &Told, person: &Person, day: Date) -> bool {
        match (present(told, person, self.kind, day), self.rate) {
            (Some(held), Some(rate)) => held.rate == rate && held.until == self.until,
            (None, None) => true,
            _ => false,
        }
    }

    /// Whether a row of the kind begins on the day or later: what is decided for a day does not undo what came after.
    pub(crate) fn comes_late(&self, told: &Told, day: Date) -> bool {
        told.held.iter().any(|held| held.kind == self.kind && held.from >= day)
    }
}

/// Writes what a decision does to allowances, before the record itself changes.
pub(crate) fn write(decision: &Stored<Decision>, kind: Kind, person: &Stored<Person>) -> Result<()> {
    let day = decision.effective_on;
    for change in changes(decision, kind) {
        let told = Told::of(person.id)?;
        if change.is_done(&told, person, day) {
            continue;
        }
        keep(&told, person, change.kind, day)?;
        for mut row in Allowance::of(person.id)? {
            let holds = row.from < day && row.until.is_none_or(|until| day <= until);
            if row.kind == change.kind && holds {
                row.until = Some(day_before(day));
                row.ended_by = Some(decision.id);
                row.save()?;
            }
        }
        if let Some(rate) = change.rate {
            let until = change.until;
            let held = Held { kind: change.kind.to_owned(), rate, from: day, until };
            insert(held, person, Some(decision.id))?;
        }
    }
    Ok(())
}

/// Ends all of them with the service, whose first day without is `day`.
pub(crate) fn end_all(decision: &Stored<Decision>, person: &Stored<Person>, day: Date) -> Result<()> {
    let told = Told::of(person.id)?;
    keep(&told, person, POSITION, day)?;
    keep(&told, person, OTHER, day)?;
    for mut row in Allowance::of(person.id)? {
        if row.until.is_none_or(|until| day <= until) {
            row.until = Some(day_before(day).max(row.from));
            row.ended_by = Some(decision.id);
            row.save()?;
        }
    }
    Ok(())
}

/// What was taken over and is told of by no row is kept as one, before a row of its group is written: without it the
/// record would forget it. All but the position share the field of the others.
fn keep(told: &Told, person: &Stored<Person>, kind: &str, day: Date) -> Result<()> {
    let kind = match kind {
        POSITION => POSITION,
        insured if allowances::of_key(insured).is_some_and(|kind| kind.insured) => return Ok(()),
        _ => OTHER,
    };
    let there = told.held.iter().any(|held| held.kind == kind);
    match present(told, person, kind, day).filter(|_| !there) {
        Some(held) => insert(held, person, None),
        None => Ok(()),
    }
}

fn insert(held: Held, person: &Stored<Person>, decision: Option<RecordId>) -> Result<()> {
    let Held { kind, rate, from, until } = held;
    let row = Allowance {
        person: person.id,
        unit: person.unit,
        account: person.account,
        decision,
        ended_by: None,
        kind,
        rate,
        from,
        until,
        basis: None,
    };
    row.insert().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deeds::tests::{draft, officer};
    use dinh_sdk::jiff::civil::date;

    fn held(kind: &str, hundredths: i64, from: Date, until: Option<Date>) -> Held {
        Held { kind: kind.into(), rate: Decimal::new(hundredths, 2), from, until }
    }

    fn told(held: &[Held]) -> Told {
        Told { held: held.to_vec(), ..Told::default() }
    }

    #[test]
    fn an_appointment_brings_the_allowance_of_its_position_and_removal_takes_it() {
        let day = date(2026, 4, 1);
        let appoint = Decision { allowance: Some(Decimal::new(5, 1)), ..draft(Kind::Appoint, day) };
        let changed = changes(&appoint, Kind::Appoint);
        assert_eq!(changed.len(), 2);
        assert_eq!((changed[0].kind, changed[0].rate), (POSITION, Some(Decimal::new(5, 1))));
        assert_eq!((changed[1].kind, changed[1].rate), (OTHER, None));
        let removed = Decision { form: Some("cach-chuc".into()), ..draft(Kind::Discipline, day) };
        assert_eq!(changes(&removed, Kind::Discipline), [Change { kind: POSITION, rate: None, until: None }]);
        let warned = Decision { form: Some("canh-cao".into()), ..draft(Kind::Discipline, day) };
        assert!(changes(&warned, Kind::Discipline).is_empty());
    }

    #[test]
    fn what_was_taken_over_is_had_since_the_appointment_until_a_row_tells_of_it() {
        let person = Person {
            position_allowance: Some(Decimal::new(5, 1)),
            other_allowance: Some(Decimal::new(2, 1)),
            appointed_on: Some(date(2022, 1, 15)),
            ..officer()
        };
        let day = date(2026, 4, 1);
        let had = |told: &Told, kind| present(told, &person, kind, day);
        assert_eq!(had(&told(&[]), POSITION), Some(held(POSITION, 50, date(2022, 1, 15), None)));
        assert_eq!(had(&told(&[]), OTHER), Some(held(OTHER, 20, date(2008, 9, 1), None)));
        assert_eq!(had(&told(&[]), "khu-vuc"), None);
        // A row of either group says that the record's own value no longer counts.
        let area = told(&[held("khu-vuc", 30, date(2024, 1, 1), None)]);
        assert_eq!((had(&area, OTHER), had(&area, POSITION).is_some()), (None, true));
    }

    #[test]
    fn a_decision_does_not_say_again_what_is_so_nor_undo_what_came_after() {
        let day = date(2026, 4, 1);
        let rows = told(&[held("khu-vuc", 30, date(2024, 1, 1), None)]);
        let change = |rate, until| Change { kind: "khu-vuc", rate, until };
        let same = Some(Decimal::new(30, 2));
        assert!(change(same, None).is_done(&rows, &officer(), day));
        assert!(!change(same, Some(date(2027, 1, 1))).is_done(&rows, &officer(), day), "with a term now");
        assert!(!change(None, None).is_done(&rows, &officer(), day));
        assert!(change(None, None).is_done(&told(&[]), &officer(), day), "there is none to end");
        assert!(!change(None, None).comes_late(&rows, day));
        assert!(change(None, None).comes_late(&rows, date(2024, 1, 1)));
    }
}
