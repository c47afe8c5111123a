//! What decisions do.
//!
//! ```text
//! propose     what a draft says before anybody has typed anything: the rules' own answer
//! fits        whether a draft makes sense for the officer as things are
//! apply       a signed decision written into the record and its histories, in one change
//! allowances  the part of it that is about allowances
//! ```

pub(crate) mod allowances;
pub(crate) mod apply;
pub(crate) mod fits;
pub(crate) mod propose;

#[cfg(test)]
pub(crate) mod tests {
    //! An officer, pay scales and parameters for tests.

    use dinh_sdk::jiff::civil::date;
    use dinh_sdk::prelude::*;

    use crate::model::common::Grades;
    use crate::model::decision::Kind;
    use crate::model::{Decision, Grade, Person};
    use crate::rules::parameters::{Dated, Parameters, key};
    use crate::sheet::check::tests::someone;

    /// A woman born in March 1985, specialist at step 6 since April 2024.
    pub(crate) fn officer() -> Person {
        Person {
            recruited_on: Some(date(2008, 9, 1)),
            grade: Some("01.003".into()),
            step: Some(6),
            coefficient: Some(Decimal::new(399, 2)),
            step_since: Some(date(2024, 4, 1)),
            ..someone()
        }
    }

    pub(crate) fn grades() -> Grades {
        let grade = |code: &str, first, increment, steps| Grade {
            code: code.into(),
            name: "Chuyên viên".into(),
            first: Decimal::new(first, 2),
            increment: Decimal::new(increment, 2),
            steps,
            months: 36,
            source: None,
        };
        Grades::of(vec![grade("01.002", 440, 34, 8), grade("01.003", 234, 33, 9)])
    }

    pub(crate) fn parameters() -> Parameters {
        let long_ago = date(2000, 1, 1);
        let row = |key: &str, from, value: i64| Dated { key: key.into(), from, value: Decimal::from(value) };
        Parameters::new(vec![
            row(key::APPOINTMENT_YEARS, long_ago, 5),
            row(key::OVER_FRAME_FIRST, long_ago, 5),
            row(key::OVER_FRAME_NEXT, long_ago, 1),
            row(key::OVER_FRAME_MONTHS, long_ago, 12),
            row(&key::raise_delay("canh-cao"), long_ago, 6),
            row(key::RETIREMENT_FEMALE, date(2035, 1, 1), 720),
        ])
    }

    /// A draft that says nothing yet.
    pub(crate) fn draft(kind: Kind, day: Date) -> Decision {
        let person = Stored { id: RecordId { high: 0, low: 7 }, version: 1, record: officer() };
        Decision::draft(kind, &person, day, AccountId(1), Timestamp::UNIX_EPOCH)
    }
}
