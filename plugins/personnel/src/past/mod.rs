//! Officers as they stood on a day that is past: their histories, read and asked.
//!
//! ```text
//! rows    the rows of a sheet, as they were
//! ```

mod rows;

pub(crate) use rows::as_of;

use std::collections::HashMap;

use dinh_sdk::prelude::*;

use crate::codes;
use crate::model::common::Grades;
use crate::model::{Career, Person, SalaryStep, status};
use crate::rules::levels::{self, Attested, Ladders, Levels};
use crate::rules::standing;
use crate::told::{self, Officer, Summary, Told, officer};

/// What lists and reports need of an officer.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "people")]
pub(crate) struct Line {
    pub(crate) code: String,
    pub(crate) full_name: String,
    pub(crate) birth_date: Date,
    pub(crate) sex: String,
    pub(crate) ethnic_group: Option<String>,
    pub(crate) status: String,
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
    pub(crate) category: Option<String>,
    pub(crate) recruited_on: Option<Date>,
    pub(crate) left_on: Option<Date>,
    pub(crate) position: Option<String>,
    pub(crate) appointed_on: Option<Date>,
    pub(crate) appointed_until: Option<Date>,
    pub(crate) grade: Option<String>,
    pub(crate) step: Option<i64>,
    pub(crate) coefficient: Option<Decimal>,
    pub(crate) over_frame: Option<i64>,
    pub(crate) step_since: Option<Date>,
    pub(crate) education_level: Option<String>,
    pub(crate) political_theory: Option<String>,
    pub(crate) party_admitted_on: Option<Date>,
    pub(crate) party_official_on: Option<Date>,
    pub(crate) party_left_on: Option<Date>,
    pub(crate) sort_name: String,
}

impl Line {
    /// Whether a member of the Party on a day.
    pub(crate) fn is_member(&self, day: Date) -> bool {
        standing::between(self.party_admitted_on, self.party_left_on, day)
    }

    /// Whether in service on a day.
    pub(crate) fn serves(&self, day: Date) -> bool {
        standing::between(self.recruited_on, self.left_on, day)
    }
}

/// The part of a career that tells where somebody was.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "careers")]
struct Post {
    person: RecordId,
    from: Date,
    until: Option<Date>,
    position: Option<String>,
    served_unit: Option<UnitId>,
}

impl From<&Career> for Post {
    fn from(row: &Career) -> Self {
        let Career { person, from, until, served_unit, .. } = *row;
        Self { person, from, until, position: row.position.clone(), served_unit }
    }
}

impl standing::Lasting for Post {
    fn from(&self) -> Date {
        self.from
    }

    fn until(&self) -> Option<Date> {
        self.until
    }
}

/// Where somebody stands in the service, on whatever kind of record.
struct Place<'a> {
    unit: &'a mut UnitId,
    position: &'a mut Option<String>,
    grade: &'a mut Option<String>,
    step: &'a mut Option<i64>,
    coefficient: &'a mut Option<Decimal>,
    over_frame: &'a mut Option<i64>,
    step_since: &'a mut Option<Date>,
}

macro_rules! placed {
    ($($record:ty),*) => {$(
        impl $record {
            fn place(&mut self) -> Place<'_> {
                Place {
                    unit: &mut self.unit,
                    position: &mut self.position,
                    grade: &mut self.grade,
                    step: &mut self.step,
                    coefficient: &mut self.coefficient,
                    over_frame: &mut self.over_frame,
                    step_since: &mut self.step_since,
                }
            }
        }
    )*};
}
placed!(Line, Person);

impl Place<'_> {
    /// Unit, position, grade and step of a day, as far as the histories tell.
    fn put_back(self, posts: &[Post], steps: &[SalaryStep], day: Date) {
        if let Some(post) = standing::on(posts, day) {
            self.position.clone_from(&post.position);
            *self.unit = post.served_unit.unwrap_or(*self.unit);
        }
        // Without a row of then, the present step counts if it was there already.
        let later = self.step_since.is_none_or(|since| since > day);
        let step = standing::on(steps, day);
        if step.is_some() || later {
            *self.grade = step.map(|step| step.grade.clone());
            *self.step = step.map(|step| step.step);
            *self.coefficient = step.map(|step| step.coefficient);
            *self.over_frame = step.and_then(|step| step.over_frame);
            *self.step_since = step.map(|step| step.from);
        }
    }
}

/// Histories by officer.
#[derive(Debug, Default)]
pub(crate) struct Histories {
    posts: HashMap<Officer, Vec<Post>>,
    steps: HashMap<Officer, Vec<SalaryStep>>,
    attested: HashMap<Officer, Vec<Attested>>,
    ladders: Ladders,
}

fn theirs<R>(of: &HashMap<Officer, Vec<R>>, id: RecordId) -> &[R] {
    of.get(&officer(id)).map_or(&[], Vec::as_slice)
}

impl Histories {
    /// Of all officers, for a day.
    pub(crate) fn of_all(day: Date) -> Result<Self> {
        let (attested, ladders) = (told::attested()?, codes::ladders(day)?);
        let mut histories = Self { attested, ladders, ..Self::default() };
        for post in Post::all().list()? {
            histories.posts.entry(officer(post.person)).or_default().push(post.record);
        }
        for step in SalaryStep::all().list()? {
            histories.steps.entry(officer(step.person)).or_default().push(step.record);
        }
        Ok(histories)
    }

    /// The officer as on a day: unit, position, grade, step and levels of then, as far as the histories tell.
    pub(crate) fn put_back(&self, line: &mut Stored<Line>, day: Date) {
        let id = line.id;
        line.place().put_back(theirs(&self.posts, id), theirs(&self.steps, id), day);
        let taken_over = Levels {
            education: line.education_level.take(),
            theory: line.political_theory.take(),
            ..Levels::default()
        };
        let levels = levels::reached(theirs(&self.attested, id), &taken_over, &self.ladders, day);
        line.education_level = levels.education;
        line.political_theory = levels.theory;
    }
}

/// A record as on a day that is past: what its histories tell of then; what was not so yet is not there. The rest, of
/// which there is no history, is as today.
pub(crate) fn record(
    mut person: Person,
    careers: &[Stored<Career>],
    steps: &[Stored<SalaryStep>],
    told: &Told,
    ladders: &Ladders,
    day: Date,
) -> Person {
    let posts: Vec<Post> = careers.iter().map(|row| Post::from(&row.record)).collect();
    let steps: Vec<SalaryStep> = steps.iter().map(|row| row.record.clone()).collect();
    person.place().put_back(&posts, &steps, day);
    // The record knows the present appointment alone, and the allowance that it came with.
    if person.appointed_on.is_some_and(|since| since > day) {
        person.appointed_on = None;
        person.appointed_until = None;
        person.position_allowance = None;
    }
    if person.left_on.is_some_and(|left| left > day) {
        person.left_on = None;
        person.left_reason = None;
        person.status = status::WORKING.to_owned();
    }
    for date in [
        &mut person.party_admitted_on,
        &mut person.party_official_on,
        &mut person.party_left_on,
        &mut person.youth_union_on,
        &mut person.enlisted_on,
        &mut person.discharged_on,
    ] {
        *date = date.filter(|date| *date <= day);
    }
    told.summary(Summary::of(&person), ladders, day).put_on(&mut person);
    person
}

/// The histories that matter for a day: none for today, when the records themselves say it.
pub(crate) fn needed(day: Date, today: Date) -> bool {
    day < today
}

/// The name of a grade, where there is one.
pub(crate) fn grade_name(grades: &Grades, grade: Option<&String>) -> Option<String> {
    grade.map(|code| grades.name(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deeds::tests::officer as someone;
    use crate::rules::levels::tests::{ladders, trainings};
    use crate::sheet::values;
    use dinh_sdk::jiff::ToSpan;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    fn line() -> Stored<Line> {
        let fields = Line::FIELDS.iter().map(|field| match *field {
            "birth-date" => date(1985, 3, 8).into_value(),
            "unit" => Value::Unit(3),
            "step-since" => date(2024, 4, 1).into_value(),
            "step" => Value::Integer(5),
            "position" => Value::Text("Trưởng phòng".into()),
            "code" | "full-name" | "sex" | "status" | "sort-name" => Value::Text("x".into()),
            _ => Value::Empty,
        });
        Stored {
            id: RecordId { high: 0, low: 7 },
            version: 1,
            record: values::from(fields.collect()).unwrap(),
        }
    }

    fn post(from: Date, until: Option<Date>, unit: u32) -> Post {
        let person = RecordId { high: 0, low: 7 };
        Post { person, from, until, position: Some("Chuyên viên".into()), served_unit: Some(UnitId(unit)) }
    }

    #[test]
    fn an_officer_is_put_back_to_where_the_career_says() {
        let mut histories = Histories::default();
        histories.posts.insert((0, 7), vec![post(date(2010, 1, 1), Some(date(2019, 12, 31)), 9)]);
        let mut then = line();
        histories.put_back(&mut then, date(2015, 1, 1));
        assert_eq!((then.unit, then.position.as_deref()), (UnitId(9), Some("Chuyên viên")));
        let mut now = line();
        histories.put_back(&mut now, date(2025, 1, 1));
        assert_eq!((now.unit, now.position.as_deref()), (UnitId(3), Some("Trưởng phòng")));
    }

    #[test]
    fn a_step_that_came_later_is_not_shown_for_an_earlier_day() {
        let histories = Histories::default();
        let mut then = line();
        histories.put_back(&mut then, date(2024, 3, 31));
        assert_eq!(then.step, None);
        let mut since = line();
        histories.put_back(&mut since, date(2024, 4, 1));
        assert_eq!(since.step, Some(5));
    }

    #[test]
    fn a_level_is_shown_from_the_day_a_training_attests_it_and_one_of_no_training_always() {
        let mut histories = Histories { ladders: ladders(), ..Histories::default() };
        let levels = Levels { education: Some("thac-si".into()), ..Levels::default() };
        histories.attested.insert((0, 7), vec![Attested { on: date(2020, 6, 30), levels }]);
        let on = |day| {
            let mut line = line();
            line.education_level = Some("thac-si".into());
            line.political_theory = Some("so-cap".into());
            histories.put_back(&mut line, day);
            (line.education_level.clone(), line.political_theory.clone())
        };
        assert_eq!(on(date(2020, 6, 29)), (None, Some("so-cap".into())));
        assert_eq!(on(date(2020, 6, 30)), (Some("thac-si".into()), Some("so-cap".into())));
    }

    #[test]
    fn a_record_as_of_a_day_has_nothing_that_came_later() {
        let person = Person {
            appointed_on: Some(date(2022, 3, 1)),
            position_allowance: Some(Decimal::new(5, 1)),
            party_admitted_on: Some(date(2010, 2, 3)),
            left_on: Some(date(2026, 3, 1)),
            status: status::RETIRED.into(),
            ..someone()
        };
        let on = |day| record(person.clone(), &[], &[], &Told::default(), &ladders(), day);
        let then = on(date(2024, 4, 1));
        assert_eq!((then.status.as_str(), then.left_on), (status::WORKING, None));
        assert_eq!(then.insured_coefficient, Some(Decimal::new(449, 2)));
        let before = on(date(2009, 1, 1));
        assert_eq!((before.party_admitted_on, before.appointed_on), (None, None));
        assert_eq!(
            (before.coefficient, before.insured_coefficient),
            (None, None),
            "no step of then is known"
        );
    }

    proptest! {
        #[test]
        fn a_list_as_of_a_day_says_what_the_sheet_of_that_day_says(
            attested in trainings(), days in 0_i32..18_000,
        ) {
            let day = date(1990, 1, 1).checked_add(days.days()).unwrap();
            let mut histories = Histories { ladders: ladders(), ..Histories::default() };
            histories.attested.insert((0, 7), attested.clone());
            let mut line = line();
            histories.put_back(&mut line, day);
            let told = Told { attested, ..Told::default() };
            let sheet = record(someone(), &[], &[], &told, &ladders(), day);
            prop_assert_eq!(&line.education_level, &sheet.education_level);
            prop_assert_eq!(&line.political_theory, &sheet.political_theory);
        }
    }
}
