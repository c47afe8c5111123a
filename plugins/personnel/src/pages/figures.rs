//! What follows from a record sheet on a day: salary, next raise, retirement, age.

use dinh_sdk::prelude::*;

use super::person::Sheet;
use crate::prospects;
use crate::rules::ages::age;
use crate::rules::parameters::key;
use crate::rules::raise::Measures;
use crate::rules::salary;
use crate::sheet::words;
use crate::told::Summary;

/// Salary, next raise, retirement, age: what follows from the record on its day.
pub(super) fn metrics(request: &Request, sheet: &Sheet, measures: &Measures) -> Vec<Metric> {
    let say = |vi, en| request.say(vi, en);
    let (person, day) = (&sheet.then, sheet.day);
    let mut metrics = Vec::new();
    let paid = sheet.told.paid(&Summary::of(person), day);
    if let Some(insured) = paid.insured {
        let base = sheet.parameters.on(key::BASE_SALARY, day);
        let whole = insured.checked_add(paid.other.unwrap_or_default());
        let amount = base.zip(whole).and_then(|(base, whole)| salary::in_dong(whole, base));
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
                    "Gồm vượt khung, phụ cấp chức vụ, thâm niên nghề",
                    "With the share beyond the frame, the position and seniority of a profession",
                )),
        );
    }
    if let Some(raise) = prospects::raise(person, &sheet.grades, &sheet.parameters, measures, day) {
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
