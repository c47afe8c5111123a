//! What a draft says before anybody has typed anything: the rules' own answer.

use super::allowances;
use crate::model::common::Grades;
use crate::model::decision::Kind;
use crate::model::{Decision, Person};
use crate::prospects;
use crate::rules::allowances::{OTHER, POSITION};
use crate::rules::months_after;
use crate::rules::parameters::{Parameters, key};
use crate::rules::raise::Measures;
use crate::told::Told;

/// Fills in what follows from the record and the parameters.
pub(crate) fn fill(
    decision: &mut Decision,
    kind: Kind,
    person: &Person,
    told: &Told,
    (grades, parameters): (&Grades, &Parameters),
    measures: &Measures,
) {
    let today = decision.effective_on;
    let paid = |kind| allowances::present(told, person, kind, today).map(|held| held.rate);
    if kind.pays() {
        decision.other_allowance = paid(OTHER);
    }
    match kind {
        Kind::Raise => {
            let raise = prospects::raise(person, grades, parameters, measures, today);
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
            decision.allowance = paid(POSITION);
        }
        Kind::Transfer => decision.position.clone_from(&person.position),
        Kind::Promote => decision.step = Some(1),
        Kind::Recruit => {
            decision.step = Some(1);
            decision.to_unit = Some(person.unit);
        }
        Kind::Allowance | Kind::EndAllowance | Kind::Training | Kind::Reward | Kind::Discipline => {}
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deeds::tests::{draft, grades, officer, parameters};
    use dinh_sdk::jiff::civil::date;
    use dinh_sdk::prelude::{Date, Decimal};

    fn proposed(kind: Kind, disciplines: &[(Date, i64)]) -> Decision {
        let mut decision = draft(kind, date(2026, 11, 22));
        let measures = Measures { official: disciplines.to_vec(), party: Vec::new() };
        let (grades, parameters) = (grades(), parameters());
        fill(&mut decision, kind, &officer(), &Told::default(), (&grades, &parameters), &measures);
        complete(&mut decision, kind, &grades, &parameters);
        decision
    }

    #[test]
    fn a_raise_is_proposed_as_the_rule_says_and_put_off_by_discipline() {
        let raise = proposed(Kind::Raise, &[]);
        assert_eq!((raise.effective_on, raise.step), (date(2027, 4, 1), Some(7)));
        assert_eq!(raise.coefficient, Some(Decimal::new(432, 2)));
        let later = proposed(Kind::Raise, &[(date(2025, 1, 1), 6), (date(2020, 1, 1), 12)]);
        assert_eq!(later.effective_on, date(2027, 10, 1));
    }

    #[test]
    fn a_pension_begins_on_the_first_of_the_month_after_the_last_day() {
        assert_eq!(proposed(Kind::Retire, &[]).effective_on, date(2045, 4, 1));
    }

    #[test]
    fn an_appointment_lasts_five_years_to_the_day_before() {
        assert_eq!(proposed(Kind::Appoint, &[]).term_until, Some(date(2031, 11, 21)));
    }

    #[test]
    fn discipline_puts_a_raise_off_by_the_months_of_its_form_unless_said_otherwise() {
        let mut decision =
            Decision { form: Some("canh-cao".into()), ..draft(Kind::Discipline, date(2026, 4, 1)) };
        complete(&mut decision, Kind::Discipline, &grades(), &parameters());
        assert_eq!(decision.delay_months, Some(6));
        decision.delay_months = Some(3);
        complete(&mut decision, Kind::Discipline, &grades(), &parameters());
        assert_eq!(decision.delay_months, Some(3));
    }
}
