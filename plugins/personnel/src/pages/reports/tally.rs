//! What a report counts, and by what its rows are: everybody is in exactly one.

use std::collections::BTreeMap;

use dinh_sdk::prelude::*;

use crate::codes::{self, Names};
use crate::model::common::Grades;
use crate::pages::people::band_name;
use crate::past::{Line, grade_name};
use crate::rules::ages::{BANDS, Band, age};
use crate::sheet::words::{self, Word};
use crate::units::{self, Units};

/// What the rows are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Unit,
    Grade,
    Age,
    Sex,
    Education,
    Ethnic,
    Party,
    Category,
}

impl By {
    pub(super) const ALL: [Self; 8] = [
        Self::Unit,
        Self::Grade,
        Self::Age,
        Self::Sex,
        Self::Education,
        Self::Ethnic,
        Self::Party,
        Self::Category,
    ];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Grade => "grade",
            Self::Age => "age",
            Self::Sex => "sex",
            Self::Education => "education",
            Self::Ethnic => "ethnic",
            Self::Party => "party",
            Self::Category => "category",
        }
    }

    pub(super) fn name(self, request: &Request) -> &str {
        match self {
            Self::Unit => request.say("Đơn vị", "Unit"),
            Self::Grade => request.say("Ngạch", "Grade"),
            Self::Age => request.say("Độ tuổi", "Age"),
            Self::Sex => request.say("Giới tính", "Sex"),
            Self::Education => request.say("Trình độ chuyên môn", "Education"),
            Self::Ethnic => request.say("Dân tộc", "Ethnic group"),
            Self::Party => request.say("Đảng viên", "Party membership"),
            Self::Category => request.say("Đối tượng", "Category"),
        }
    }
}

/// What is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) all: usize,
    pub(super) women: usize,
    pub(super) members: usize,
    pub(super) minority: usize,
    pub(super) education: BTreeMap<String, usize>,
    pub(super) theory: BTreeMap<String, usize>,
    pub(super) ages: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn add(&mut self, line: &Line, day: Date) {
        self.all += 1;
        self.women += usize::from(line.sex == codes::FEMALE);
        self.members += usize::from(line.is_member(day));
        self.minority +=
            usize::from(line.ethnic_group.as_deref().is_some_and(|group| group != codes::MAJORITY));
        if let Some(level) = &line.education_level {
            *self.education.entry(level.clone()).or_default() += 1;
        }
        if let Some(level) = &line.political_theory {
            *self.theory.entry(level.clone()).or_default() += 1;
        }
        if let Some(band) = age(line.birth_date, day).and_then(Band::of) {
            *self.ages.entry(band.key).or_default() += 1;
        }
    }
}

/// A row: where it stands in order, its name, what is counted.
pub(super) type Rows = BTreeMap<(usize, String), Tally>;

/// Counts, by the rows of the report; everybody is in exactly one.
pub(super) fn tally(request: &Request, by: By, lines: &[Stored<Line>], day: Date) -> Result<(Rows, Tally)> {
    let language = request.language();
    let grades = Grades::load()?;
    let order: Vec<u32> = match by {
        By::Unit => Units::load().iter().map(|placed| placed.unit.id).collect(),
        _ => Vec::new(),
    };
    let unknown = || (usize::MAX, request.say("Chưa ghi", "Not given").to_owned());
    let listed = |list: &[Word], code: Option<&String>| {
        let Some(code) = code else { return unknown() };
        let at = list.iter().position(|(known, ..)| known == code).unwrap_or(list.len());
        (at, words::word(list, code, language).to_owned())
    };
    let names = match by {
        By::Sex => Names::of(codes::SEXES)?,
        By::Education => Names::of(codes::EDUCATION_LEVELS)?.highest_first(),
        By::Ethnic => Names::of(codes::ETHNIC_GROUPS)?,
        _ => Names::default(),
    };
    let coded = |code: Option<&String>| {
        code.map_or_else(unknown, |code| (names.place(code), names.name(code).to_owned()))
    };
    let mut rows = Rows::new();
    let mut total = Tally::default();
    for line in lines {
        let row = match by {
            By::Unit => {
                let at = order.iter().position(|unit| *unit == line.unit.0).unwrap_or(order.len());
                (at, units::name(line.unit))
            }
            By::Grade => grade_name(&grades, line.grade.as_ref()).map_or_else(unknown, |name| {
                let at = grades.iter().position(|grade| Some(&grade.code) == line.grade.as_ref());
                (at.unwrap_or(usize::MAX - 1), name)
            }),
            By::Age => age(line.birth_date, day).and_then(Band::of).map_or_else(unknown, |band| {
                let at = BANDS.iter().position(|known| *known == band).unwrap_or(usize::MAX - 1);
                (at, band_name(request, band))
            }),
            By::Sex => coded(Some(&line.sex)),
            By::Education => coded(line.education_level.as_ref()),
            By::Ethnic => coded(line.ethnic_group.as_ref()),
            By::Party => party(request, line, day),
            By::Category => listed(words::CATEGORIES, line.category.as_ref()),
        };
        rows.entry(row).or_default().add(line, day);
        total.add(line, day);
    }
    Ok((rows, total))
}

/// Membership of the Party on a day: full, on probation (dự bị), or none.
fn party(request: &Request, line: &Line, day: Date) -> (usize, String) {
    let (at, name) = match (line.is_member(day), line.party_official_on) {
        (true, Some(official)) if official <= day => (0, request.say("Đảng viên chính thức", "Full members")),
        (true, _) => (1, request.say("Đảng viên dự bị", "Members on probation")),
        (false, _) => (2, request.say("Chưa phải đảng viên", "Others")),
    };
    (at, name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::past::Line;
    use crate::sheet::values;
    use dinh_sdk::Record;
    use dinh_sdk::jiff::civil::date;

    fn line(sex: &str, group: &str, admitted: Option<Date>) -> Line {
        let fields = Line::FIELDS.iter().map(|field| match *field {
            "birth-date" => date(1985, 3, 8).into_value(),
            "unit" => Value::Unit(3),
            "sex" => Value::Text(sex.into()),
            "ethnic-group" => Value::Text(group.into()),
            "party-admitted-on" => admitted.into_value(),
            "code" | "full-name" | "status" | "sort-name" => Value::Text("x".into()),
            _ => Value::Empty,
        });
        values::from(fields.collect()).unwrap()
    }

    #[test]
    fn everybody_is_counted_once_and_membership_as_of_the_day() {
        let mut tally = Tally::default();
        let admitted = Some(date(2010, 2, 3));
        for line in [line("2", "01", admitted), line("1", "06", None), line("2", "03", None)] {
            tally.add(&line, date(2010, 2, 3));
        }
        assert_eq!((tally.all, tally.women, tally.members, tally.minority), (3, 2, 1, 2));
        assert_eq!(tally.ages.values().sum::<usize>(), 3);
        let mut before = Tally::default();
        before.add(&line("2", "01", admitted), date(2010, 2, 2));
        assert_eq!(before.members, 0);
    }
}
