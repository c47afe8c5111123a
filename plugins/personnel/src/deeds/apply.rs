//! A signed decision written into the record and its histories: in the one change of the signature, or, when
//! it takes effect later, in the one change of that day.

use dinh_sdk::prelude::*;
use dinh_sdk::{records, time};

use super::allowances;
use crate::codes;
use crate::model::decision::Kind;
use crate::model::history::follow_all;
use crate::model::{
    Career, Correction, Decision, Discipline, History, Paper, Person, Reward, SalaryStep, Training, status,
};
use crate::rules::day_before;
use crate::sheet::words;
use crate::told::Told;
use crate::units;

/// Writes what a decision does.
pub(crate) fn apply(decision: &Stored<Decision>, mut person: Stored<Person>) -> Result<()> {
    let kind = decision.kind()?;
    let day = decision.effective_on;
    allowances::write(decision, kind, &person)?;
    let moved = decision.to_unit.filter(|unit| *unit != person.unit);
    match kind {
        Kind::Recruit => {
            person.status = status::WORKING.to_owned();
            person.recruited_on = Some(day);
            person.recruited_by = decision.issuer.map(units::name);
            person.position.clone_from(&decision.position);
            person.unit = moved.unwrap_or(person.unit);
            step(decision, &mut person)?;
            post(decision, &person)?;
        }
        Kind::Appoint | Kind::Transfer => {
            leave_post(&person, day)?;
            person.unit = moved.unwrap_or(person.unit);
            if kind == Kind::Appoint {
                person.appointed_on = Some(day);
                person.appointed_until = decision.term_until;
            }
            if decision.position.is_some() {
                person.position.clone_from(&decision.position);
            }
            post(decision, &person)?;
        }
        Kind::Promote | Kind::Raise => step(decision, &mut person)?,
        Kind::Allowance | Kind::EndAllowance => {}
        Kind::Training => training(decision, &person)?,
        Kind::Reward => {
            let reward = Reward {
                person: person.id,
                unit: person.unit,
                account: person.account,
                decision: Some(decision.id),
                decided_on: day,
                form: decision.form.clone().or_failed("a reward without a form")?,
                authority: decision.issuer.map(units::name),
                content: decision.content.clone(),
                basis: None,
            };
            reward.insert()?;
        }
        Kind::Discipline => discipline(decision, &mut person)?,
        Kind::Retire => leave(decision, &mut person, status::RETIRED, Kind::Retire.name(Language::Vi))?,
    }
    let id = person.id;
    let today = time::today();
    person.record = person.record.clone().settle(&Told::of(id)?, &codes::ladders(today)?, today);
    person.save()?;
    if moved.is_some() {
        move_along(id)?;
    }
    Ok(())
}

/// Everything of an officer follows to the new unit, or the new account, so that those see it who may see the
/// officer.
pub(crate) fn move_along(id: RecordId) -> Result<()> {
    let person = Person::get(id)?;
    follow_all(&person)?;
    // Field by field: the decision that does this has a number which is yet to be drawn.
    for decision in Decision::all().filter(Decision::PERSON.is(id)).list()? {
        records::update(
            decision.id,
            None,
            [Decision::UNIT.set(person.unit), Decision::ACCOUNT.set(person.account)],
        )?;
    }
    for paper in Paper::of(id)? {
        records::update(paper.id, None, [Paper::UNIT.set(person.unit), Paper::ACCOUNT.set(person.account)])?;
    }
    for correction in Correction::all().filter(Correction::PERSON.is(id)).list()? {
        records::update(
            correction.id,
            None,
            [Correction::UNIT.set(person.unit), Correction::ACCOUNT.set(person.account)],
        )?;
    }
    Ok(())
}

/// A new grade or step. The step that was is kept in the history first, if it is not there: records that were taken
/// over from elsewhere come without one.
fn step(decision: &Stored<Decision>, person: &mut Stored<Person>) -> Result<()> {
    let row = |from, grade, step, coefficient, over_frame, decision| SalaryStep {
        person: person.id,
        unit: person.unit,
        account: person.account,
        decision,
        from,
        grade,
        step,
        coefficient,
        over_frame,
        basis: None,
    };
    let before = person.step_since.zip(person.grade.clone()).zip(person.step.zip(person.coefficient));
    if let Some(((since, grade), (step, coefficient))) = before {
        let known = SalaryStep::of(person.id)?.iter().any(|row| row.from == since);
        if !known {
            row(since, grade, step, coefficient, person.over_frame, None).insert()?;
        }
    }
    let grade = decision.grade.clone().or_failed("a step without a grade")?;
    let step = decision.step.or_failed("a grade without a step")?;
    let coefficient = decision.coefficient.or_failed("a step without a coefficient")?;
    let over_frame = decision.over_frame.filter(|share| *share > 0);
    row(decision.effective_on, grade.clone(), step, coefficient, over_frame, Some(decision.id)).insert()?;
    person.grade = Some(grade);
    person.step = Some(step);
    person.coefficient = Some(coefficient);
    person.over_frame = over_frame;
    person.step_since = Some(decision.effective_on);
    Ok(())
}

/// A new post in the career.
fn post(decision: &Stored<Decision>, person: &Stored<Person>) -> Result<()> {
    let career = Career {
        person: person.id,
        unit: person.unit,
        account: person.account,
        decision: Some(decision.id),
        from: decision.effective_on,
        until: None,
        agency: units::name(person.unit),
        position: person.position.clone(),
        served_unit: Some(person.unit),
        basis: None,
    };
    career.insert().map(drop)
}

/// The post that was ends the day before; where the history has none, it is written from the record.
fn leave_post(person: &Stored<Person>, day: Date) -> Result<()> {
    let open: Vec<_> = Career::of(person.id)?.into_iter().filter(|row| row.until.is_none()).collect();
    let since = person.appointed_on.or(person.recruited_on).filter(|since| *since < day);
    if let Some(from) = since.filter(|_| open.is_empty()) {
        let career = Career {
            person: person.id,
            unit: person.unit,
            account: person.account,
            decision: None,
            from,
            until: Some(day_before(day)),
            agency: units::name(person.unit),
            position: person.position.clone(),
            served_unit: Some(person.unit),
            basis: None,
        };
        career.insert()?;
    }
    for mut row in open {
        row.until = Some(day_before(day).max(row.from));
        row.save()?;
    }
    Ok(())
}

/// A training that was finished, with the levels that it attests.
fn training(decision: &Stored<Decision>, person: &Stored<Person>) -> Result<()> {
    let training = Training {
        person: person.id,
        unit: person.unit,
        account: person.account,
        decision: Some(decision.id),
        school: decision.school.clone().or_failed("a training at no school")?,
        specialty: decision.specialty.clone(),
        from: decision.training_from.or_failed("a training without its first day")?,
        until: Some(decision.effective_on),
        mode: decision.mode.clone(),
        degree: decision.degree.clone(),
        education_level: decision.education_level.clone(),
        political_theory: decision.political_theory.clone(),
        state_management: decision.state_management.clone(),
        foreign_language: decision.foreign_language.clone(),
        computing: decision.computing.clone(),
    };
    training.insert().map(drop)
}

fn discipline(decision: &Stored<Decision>, person: &mut Stored<Person>) -> Result<()> {
    let form = decision.form.clone().or_failed("discipline without a form")?;
    let row = Discipline {
        person: person.id,
        unit: person.unit,
        account: person.account,
        decision: Some(decision.id),
        decided_on: decision.effective_on,
        form: form.clone(),
        authority: decision.issuer.map(units::name),
        content: decision.content.clone(),
        until: decision.until,
        delay_months: decision.delay_months,
        basis: None,
    };
    row.insert()?;
    match form.as_str() {
        words::REMOVED => {
            leave_post(person, decision.effective_on)?;
            person.position = None;
            person.appointed_on = None;
            person.appointed_until = None;
            post(decision, person)
        }
        words::DISMISSED => leave(decision, person, status::LEFT, "Buộc thôi việc"),
        _ => Ok(()),
    }
}

/// The end of the service: the first day on which somebody no longer serves.
fn leave(decision: &Stored<Decision>, person: &mut Stored<Person>, status: &str, reason: &str) -> Result<()> {
    let day = decision.effective_on;
    leave_post(person, day)?;
    allowances::end_all(decision, person, day)?;
    person.status = status.to_owned();
    person.left_on = Some(day);
    person.left_reason = Some(reason.to_owned());
    Ok(())
}
