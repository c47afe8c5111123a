//! What is to come for an officer: the next raise, retirement. Records and parameters brought to the rules.

use dinh_sdk::prelude::*;

use crate::codes;
use crate::model::Person;
use crate::model::common::Grades;
use crate::past::Line;
use crate::rules::parameters::{Parameters, key};
use crate::rules::raise::{self, Measures, OverFrame, Place, Raise};
use crate::rules::retirement;

/// Where an officer stands in a grade.
pub(crate) trait Graded {
    /// Grade and place in it; none without a grade, or with an incomplete one.
    fn place(&self) -> Option<(&str, Place)>;
}

macro_rules! graded {
    ($($record:ty),*) => {$(
        impl Graded for $record {
            fn place(&self) -> Option<(&str, Place)> {
                let over_frame = self.over_frame.unwrap_or_default();
                Some((self.grade.as_deref()?, Place { step: self.step?, over_frame, since: self.step_since? }))
            }
        }
    )*};
}
graded!(Person, Line);

/// The next raise of an officer, by the parameters in force on a day, put off by `measures`.
pub(crate) fn raise(
    officer: &impl Graded,
    grades: &Grades,
    parameters: &Parameters,
    measures: &Measures,
    day: Date,
) -> Option<Raise> {
    let (grade, place) = officer.place()?;
    let over = OverFrame {
        first: parameters.whole(key::OVER_FRAME_FIRST, day)?,
        next: parameters.whole(key::OVER_FRAME_NEXT, day)?,
        months: parameters.whole(key::OVER_FRAME_MONTHS, day)?,
    };
    raise::next(&grades.get(grade)?.scale(), place, over, raise::delay(place.since, measures))
}

/// The last day of service of somebody.
pub(crate) fn retirement(birth: Date, sex: &str, parameters: &Parameters) -> Option<Date> {
    let key = if sex == codes::FEMALE { key::RETIREMENT_FEMALE } else { key::RETIREMENT_MALE };
    retirement::last_day(birth, &parameters.steps(key))
}
