//! What a draft says before anybody has typed anything: the rules' own answer.

use dinh_sdk::prelude::*;

use crate::model::common::Grades;
use crate::model::decision::Kind;
use crate::model::{Decision, Person};
use crate::prospects;
use crate::rules::months_after;
use crate::rules::parameters::{Parameters, key};

/// Fills in what follows from the record and the parameters. `disciplines` as in [`prospects::raise`].
pub(crate) fn fill(
    decision: &mut Decision,
    kind: Kind,
    person: &Person,
    grades: &Grades,
    parameters: &Parameters,
    disciplines: &[(Date, i64)],
) {
    let today = decision.effective_on;
    match kind {
        Kind::Raise => {
            let raise = prospects::raise(person, grades, parameters, disciplines.iter().copied(), today);
            if let Some(raise) = raise {
                decision.effective_on = raise.due;
                decision.grade.clone_from(&person.grade);
                decision.step = Some(raise.step);
                decision.over_frame = Some(raise.over_frame);
                decision.coefficient = Some(raise.coefficient);
            }
        }
        Kind::Retire => {
            // The pension begins on the first of the month after the last day of service.
            let last = prospects::retirement(person.birth_date, &person.sex, parameters);
            if let Some(first) = last.and_then(|last| last.tomorrow().ok()) {
                decision.effective_on = first;
            }
        }
        Kind::Appoint => {
            decision.position.clone_from(&person.position);
            decision.allowance = person.position_allowance;
        }
        Kind::Transfer => decision.position.clone_from(&person.position),
        Kind::Promote => decision.step = Some(1),
        Kind::Recruit => {
            decision.step = Some(1);
            decision.to_unit = Some(person.unit);
        }
        Kind::Reward | Kind::Discipline => {}
    }
}

/// What follows from what was typed in: the coefficient of the step, the end of the term, the months by
/// which discipline puts a raise off.
pub(crate) fn complete(decision: &mut Decision, kind: Kind, grades: &Grades, parameters: &Parameters) {
    let day = decision.effective_on;
    let step = decision.grade.as_deref().and_then(|code| grades.get(code)).zip(decision.step);
    decision.coefficient = step.and_then(|(grade, step)| grade.scale().coefficient(step));
    match kind {
        Kind::Appoint if decision.term_until.is_none() => {
            let years = parameters.whole(key::APPOINTMENT_YEARS, day);
            decision.term_until = years
                .and_then(|years| months_after(day, years.checked_mul(12)?))
                .map(crate::rules::day_before);
        }
        Kind::Discipline if decision.delay_months.is_none() => {
            let form = decision.form.as_deref().unwrap_or_default();
            decision.delay_months = parameters.whole(&key::raise_delay(form), day);
        }
        _ => {}
    }
}
