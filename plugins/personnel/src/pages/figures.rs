//! What follows from a record sheet on a day: salary, next raise, retirement, age.

use dinh_sdk::prelude::*;

use super::person::Sheet;
use crate::model::SalaryStep;
use crate::prospects;
use crate::rules::ages::age;
use crate::rules::parameters::key;
use crate::rules::raise::Measures;
use crate::rules::{salary, standing};
use crate::sheet::words;

/// Salary, next raise, retirement, age: what follows from the record on a day.
pub(super) fn metrics(
    request: &Request,
    sheet: &Sheet,
    steps: &[Stored<SalaryStep>],
    measures: &Measures,
    day: Date,
) -> Vec<Metric> {
    let say = |vi, en| request.say(vi, en);
    let person = &sheet.person;
    let mut metrics = Vec::new();
    let rows: Vec<SalaryStep> = steps.iter().map(|row| row.record.clone()).collect();
    let then = standing::on(&rows, day).filter(|_| person.step_since.is_none_or(|since| day < since));
    let (coefficient, over_frame) = match then {
        Some(step) => (Some(step.coefficient), step.over_frame),
        None => (
            person.coefficient.filter(|_| person.step_since.is_none_or(|since| since <= day)),
            person.over_frame,
        ),
    };
    // The record knows the allowance of the present appointment alone.
    let allowance =
        person.position_allowance.filter(|_| person.appointed_on.is_none_or(|since| since <= day));
    let insured = coefficient
        .and_then(|coefficient| salary::insured(coefficient, over_frame.unwrap_or_default(), allowance));
    if let Some(insured) = insured {
        let base = sheet.parameters.on(key::BASE_SALARY, day);
        let paid = insured.checked_add(person.other_allowance.unwrap_or_default());
        let amount = base.zip(paid).and_then(|(base, paid)| salary::in_dong(paid, base));
        let note = base.and_then(|base| salary::in_dong(Decimal::ONE, base)).map_or_else(
            || say("Chưa có mức lương cơ sở của ngày này", "No base salary of this day").to_owned(),
            |base| format!("{} {}", say("Lương cơ sở (đồng):", "Base salary (đồng):"), thousands(base)),
        );
        metrics
            .push(Metric::new(say("Lương tháng", "Monthly salary"), amount).format(Format::Money).note(note));
        metrics.push(
            Metric::new(say("Hệ số đóng BHXH", "Insured coefficient"), insured)
                .format(Format::Decimal(2))
                .note(say(
                    "Gồm vượt khung và phụ cấp chức vụ",
                    "With what is paid beyond the frame and for the position",
                )),
        );
    }
    if let Some(raise) = prospects::raise(&person.record, &sheet.grades, &sheet.parameters, measures, day) {
        let tone = if raise.due <= day { Tone::Warning } else { Tone::Neutral };
        metrics.push(
            Metric::new(say("Nâng lương kế tiếp", "Next raise"), raise.due).format(Format::Date).tone(tone),
        );
    }
    if let Some(last) = prospects::retirement(person.birth_date, &person.sex, &sheet.parameters) {
        metrics
            .push(Metric::new(say("Nghỉ hưu hết ngày", "Retires at the end of"), last).format(Format::Date));
    }
    metrics.push(
        Metric::new(say("Tuổi", "Age"), age(person.birth_date, day))
            .format(Format::Integer)
            .note(words::word(words::STATUSES, &person.status, request.language())),
    );
    metrics
}

/// A whole number with dots between thousands, as the notes of figures have it.
fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_have_dots() {
        assert_eq!([0, 999, 1_000, 2_340_000].map(thousands), ["0", "999", "1.000", "2.340.000"]);
    }
}
