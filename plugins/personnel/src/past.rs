//! Officers as they stood on a day that is past: their histories, read and asked.

use std::collections::HashMap;

use dinh_sdk::prelude::*;

use crate::model::SalaryStep;
use crate::model::common::Grades;
use crate::rules::standing;

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

/// The part of a career that lists need.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "careers")]
struct Post {
    person: RecordId,
    from: Date,
    until: Option<Date>,
    position: Option<String>,
    served_unit: Option<UnitId>,
}

impl standing::Lasting for Post {
    fn from(&self) -> Date {
        self.from
    }

    fn until(&self) -> Option<Date> {
        self.until
    }
}

/// Histories by officer.
#[derive(Debug, Default)]
pub(crate) struct Histories {
    posts: HashMap<(u64, u64), Vec<Post>>,
    steps: HashMap<(u64, u64), Vec<SalaryStep>>,
}

fn key(id: RecordId) -> (u64, u64) {
    (id.high, id.low)
}

impl Histories {
    /// Of all officers.
    pub(crate) fn of_all() -> Result<Self> {
        let mut histories = Self::default();
        histories.add(Post::all().list()?, SalaryStep::all().list()?);
        Ok(histories)
    }

    fn add(&mut self, posts: Vec<Stored<Post>>, steps: Vec<Stored<SalaryStep>>) {
        for post in posts {
            self.posts.entry(key(post.person)).or_default().push(post.record);
        }
        for step in steps {
            self.steps.entry(key(step.person)).or_default().push(step.record);
        }
    }

    /// The officer as on a day: unit, position, grade and step of then, as far as the histories tell.
    pub(crate) fn put_back(&self, line: &mut Stored<Line>, day: Date) {
        let none = Vec::new();
        let posts = self.posts.get(&key(line.id)).unwrap_or(&none);
        if let Some(post) = standing::on(posts, day) {
            line.position.clone_from(&post.position);
            if let Some(unit) = post.served_unit {
                line.unit = unit;
            }
        }
        let none = Vec::new();
        let steps = self.steps.get(&key(line.id)).unwrap_or(&none);
        // Without a row of then, the present step counts if it was there already.
        if line.step_since.is_none_or(|since| since > day) || !steps.is_empty() {
            let step = standing::on(steps, day);
            if step.is_some() || line.step_since.is_none_or(|since| since > day) {
                line.grade = step.map(|step| step.grade.clone());
                line.step = step.map(|step| step.step);
                line.coefficient = step.map(|step| step.coefficient);
                line.over_frame = step.and_then(|step| step.over_frame);
                line.step_since = step.map(|step| step.from);
            }
        }
    }
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
    use crate::sheet::values;
    use dinh_sdk::jiff::civil::date;

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
}
