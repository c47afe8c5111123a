//! What a report counts, and by what its rows are: everybody is in exactly one.

use std::collections::BTreeMap;

use dinh_sdk::prelude::*;

use crate::codes::{self, Names};
use crate::model::common::Grades;
use crate::pages::people::band_name;
use crate::past::{Line, grade_name};
use crate::rules::ages::{BANDS, Band, age};
use crate::sheet::words;
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

/// What somebody is counted as: keys of the columns, of which everybody has some.
fn columns(line: &Line, day: Date) -> Vec<String> {
    let mut columns = vec![ALL.to_owned()];
    let mut counts = |counts: bool, key: &str| {
        if counts {
            columns.push(key.to_owned());
        }
    };
    counts(line.sex == codes::FEMALE, WOMEN);
    counts(line.is_member(day), MEMBERS);
    counts(line.ethnic_group.as_deref().is_some_and(|group| group != codes::MAJORITY), MINORITY);
    columns.extend(line.education_level.as_deref().map(education));
    columns.extend(line.political_theory.as_deref().map(theory));
    columns.extend(age(line.birth_date, day).and_then(Band::of).map(band));
    columns
}

/// Everybody.
pub(super) const ALL: &str = "all";
/// Women.
pub(super) const WOMEN: &str = "women";
/// Members of the Party, those on probation among them.
pub(super) const MEMBERS: &str = "members";
/// Of an ethnic minority.
pub(super) const MINORITY: &str = "minority";

/// Of a level of education.
pub(super) fn education(code: &str) -> String {
    format!("education-{code}")
}

/// Of a level of political theory.
pub(super) fn theory(code: &str) -> String {
    format!("theory-{code}")
}

/// Of a band of ages.
pub(super) fn band(band: Band) -> String {
    format!("age-{}", band.key)
}

/// How many there are of each column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally(BTreeMap<String, usize>);

impl Tally {
    fn add(&mut self, columns: &[String]) {
        for column in columns {
            *self.0.entry(column.clone()).or_default() += 1;
        }
    }

    /// Of a column.
    pub(super) fn of(&self, column: &str) -> usize {
        self.0.get(column).copied().unwrap_or_default()
    }
}

/// A row: where it stands in order, its name, and what names it in addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    at: usize,
    pub(super) name: String,
    pub(super) key: String,
}

/// The rows with their counts.
pub(super) type Rows = BTreeMap<Row, Tally>;

/// Which row of a report somebody is in: everybody is in exactly one.
pub(super) struct Report<'a> {
    request: &'a Request,
    by: By,
    day: Date,
    grades: Grades,
    /// The units in order.
    order: Vec<u32>,
    names: Names,
}

impl<'a> Report<'a> {
    /// By these rows, as of a day.
    pub(super) fn new(request: &'a Request, by: By, day: Date) -> Result<Self> {
        let order = match by {
            By::Unit => Units::load().iter().map(|placed| placed.unit.id).collect(),
            _ => Vec::new(),
        };
        let names = match by {
            By::Sex => Names::of(codes::SEXES)?,
            By::Education => Names::of(codes::EDUCATION_LEVELS)?.highest_first(),
            By::Ethnic => Names::of(codes::ETHNIC_GROUPS)?,
            _ => Names::default(),
        };
        Ok(Self { request, by, day, grades: Grades::load()?, order, names })
    }

    fn row(&self, line: &Line) -> Row {
        let row = |at: usize, name: String, key: &str| Row { at, name, key: key.to_owned() };
        let unknown = || row(usize::MAX, self.request.say("Chưa ghi", "Not given").to_owned(), "-");
        let coded = |code: Option<&String>| {
            code.map_or_else(unknown, |code| {
                row(self.names.place(code), self.names.name(code).to_owned(), code)
            })
        };
        match self.by {
            By::Unit => {
                let unit = line.unit.0;
                let at = self.order.iter().position(|known| *known == unit).unwrap_or(self.order.len());
                row(at, units::name(line.unit), &unit.to_string())
            }
            By::Grade => {
                let at = self.grades.iter().position(|grade| Some(&grade.code) == line.grade.as_ref());
                match (grade_name(&self.grades, line.grade.as_ref()), &line.grade) {
                    (Some(name), Some(code)) => row(at.unwrap_or(usize::MAX - 1), name, code),
                    _ => unknown(),
                }
            }
            By::Age => age(line.birth_date, self.day).and_then(Band::of).map_or_else(unknown, |band| {
                let at = BANDS.iter().position(|known| *known == band).unwrap_or(usize::MAX - 1);
                row(at, band_name(self.request, band), band.key)
            }),
            By::Sex => coded(Some(&line.sex)),
            By::Education => coded(line.education_level.as_ref()),
            By::Ethnic => coded(line.ethnic_group.as_ref()),
            By::Party => {
                let (at, name) = party(self.request, line, self.day);
                row(at, name, ["full", "probation", "none"].get(at).copied().unwrap_or("none"))
            }
            By::Category => line.category.as_ref().map_or_else(unknown, |code| {
                let list = words::CATEGORIES;
                let at = list.iter().position(|(known, ..)| known == code).unwrap_or(list.len());
                row(at, words::word(list, code, self.request.language()).to_owned(), code)
            }),
        }
    }

    /// Counts, by row and in all.
    pub(super) fn tally(&self, lines: &[Stored<Line>]) -> (Rows, Tally) {
        let (mut rows, mut total) = (Rows::new(), Tally::default());
        for line in lines {
            let columns = columns(line, self.day);
            rows.entry(self.row(line)).or_default().add(&columns);
            total.add(&columns);
        }
        (rows, total)
    }

    /// Keeps those who are counted in a column of a row, or of all rows; what that row is called.
    pub(super) fn keep(
        &self,
        lines: &mut Vec<Stored<Line>>,
        row: Option<&str>,
        column: &str,
    ) -> Option<String> {
        let mut name = None;
        lines.retain(|line| {
            let of = self.row(line);
            let here = row.is_none_or(|row| row == of.key);
            let counted = here && columns(line, self.day).iter().any(|known| known == column);
            if counted && row.is_some() {
                name.get_or_insert(of.name);
            }
            counted
        });
        name
    }
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
        let (mut tally, day) = (Tally::default(), date(2010, 2, 3));
        let admitted = Some(day);
        for line in [line("2", "01", admitted), line("1", "06", None), line("2", "03", None)] {
            tally.add(&columns(&line, day));
        }
        assert_eq!([ALL, WOMEN, MEMBERS, MINORITY].map(|column| tally.of(column)), [3, 2, 1, 2]);
        assert_eq!(BANDS.iter().map(|known| tally.of(&band(*known))).sum::<usize>(), 3);
        let before = columns(&line("2", "01", admitted), date(2010, 2, 2));
        assert!(!before.contains(&MEMBERS.to_owned()));
    }
}
