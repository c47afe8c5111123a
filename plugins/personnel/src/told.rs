//! What the histories tell of an officer's education and allowances, and the summary of it that the record holds: levels,
//! allowances and the insured coefficient of today, on which lists, reports and dues rest. It is brought up to date at
//! each write, and each night for allowances that begin or end by themselves ([`crate::renew`]).
//!
//! A record that was taken over from elsewhere has levels and allowances of its own, until rows of its histories tell of
//! them.

use std::collections::HashMap;

use dinh_sdk::prelude::*;

use crate::model::{Allowance, History, Person, Training};
use crate::rules::allowances::{self, Held, Paid, Salary};
use crate::rules::levels::{self, Attested, Ladders, Levels};

/// What a record says in summary of what its histories tell.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "people")]
pub(crate) struct Summary {
    pub(crate) coefficient: Option<Decimal>,
    pub(crate) over_frame: Option<i64>,
    pub(crate) position_allowance: Option<Decimal>,
    pub(crate) other_allowance: Option<Decimal>,
    pub(crate) insured_coefficient: Option<Decimal>,
    pub(crate) education_level: Option<String>,
    pub(crate) specialty: Option<String>,
    pub(crate) political_theory: Option<String>,
    pub(crate) state_management: Option<String>,
    pub(crate) foreign_language: Option<String>,
    pub(crate) computing: Option<String>,
}

macro_rules! summarised {
    ($($field:ident),*) => {
        impl Summary {
            /// That of a record.
            pub(crate) fn of(person: &Person) -> Self {
                Self { $($field: person.$field.clone()),* }
            }

            /// The fields that say something else than another's.
            pub(crate) fn differing(&self, other: &Self) -> Vec<&'static str> {
                let same = [$(self.$field == other.$field),*];
                let fields = Self::FIELDS.iter().zip(same).filter(|(_, same)| !same);
                fields.map(|(field, _)| *field).collect()
            }

            /// Puts it on the record.
            pub(crate) fn put_on(self, person: &mut Person) {
                $(person.$field = self.$field;)*
            }
        }
    };
}
summarised!(
    coefficient,
    over_frame,
    position_allowance,
    other_allowance,
    insured_coefficient,
    education_level,
    specialty,
    political_theory,
    state_management,
    foreign_language,
    computing
);

/// What the rows of an officer tell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Told {
    pub(crate) attested: Vec<Attested>,
    pub(crate) held: Vec<Held>,
}

/// The fields of a record that trainings tell of.
const LEVELS: [&str; 6] =
    ["education-level", "specialty", "political-theory", "state-management", "foreign-language", "computing"];

/// The part of a training that attests something.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "trainings")]
struct Finished {
    person: RecordId,
    until: Option<Date>,
    specialty: Option<String>,
    education_level: Option<String>,
    political_theory: Option<String>,
    state_management: Option<String>,
    foreign_language: Option<String>,
    computing: Option<String>,
}

/// The part of an allowance that says what is paid.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "allowances")]
struct Granted {
    person: RecordId,
    kind: String,
    rate: Decimal,
    from: Date,
    until: Option<Date>,
}

macro_rules! telling {
    ($($training:ident, $allowance:ident;)*) => {$(
        impl $training {
            /// What it attests, and from when; none before it has ended.
            pub(crate) fn attested(&self) -> Option<Attested> {
                let levels = Levels {
                    education: self.education_level.clone(),
                    specialty: self.specialty.clone(),
                    theory: self.political_theory.clone(),
                    management: self.state_management.clone(),
                    language: self.foreign_language.clone(),
                    computing: self.computing.clone(),
                };
                self.until.filter(|_| !levels.is_empty()).map(|on| Attested { on, levels })
            }
        }

        impl $allowance {
            /// As the rules have it.
            pub(crate) fn held(&self) -> Held {
                Held { kind: self.kind.clone(), rate: self.rate, from: self.from, until: self.until }
            }
        }
    )*};
}
telling! {
    Training, Allowance;
    Finished, Granted;
}

/// An officer, as a key.
pub(crate) type Officer = (u64, u64);

/// The key of an officer.
pub(crate) fn officer(id: RecordId) -> Officer {
    (id.high, id.low)
}

/// What all trainings attest, by officer.
pub(crate) fn attested() -> Result<HashMap<Officer, Vec<Attested>>> {
    let mut all: HashMap<_, Vec<_>> = HashMap::new();
    for row in Finished::all().list()? {
        if let Some(attested) = row.attested() {
            all.entry(officer(row.person)).or_default().push(attested);
        }
    }
    Ok(all)
}

impl Told {
    /// By these rows.
    pub(crate) fn new<'a>(
        trainings: impl IntoIterator<Item = &'a Training>,
        allowances: impl IntoIterator<Item = &'a Allowance>,
    ) -> Self {
        Self {
            attested: trainings.into_iter().filter_map(Training::attested).collect(),
            held: allowances.into_iter().map(Allowance::held).collect(),
        }
    }

    /// By the rows of an officer.
    pub(crate) fn of(person: RecordId) -> Result<Self> {
        let (trainings, allowances) = (Training::of(person)?, Allowance::of(person)?);
        Ok(Self::new(trainings.iter().map(|row| &row.record), allowances.iter().map(|row| &row.record)))
    }

    /// By the rows of all officers.
    pub(crate) fn of_all() -> Result<HashMap<Officer, Self>> {
        let told = attested()?.into_iter().map(|(of, attested)| (of, Self { attested, held: Vec::new() }));
        let mut all: HashMap<_, Self> = told.collect();
        for row in Granted::all().list()? {
            all.entry(officer(row.person)).or_default().held.push(row.held());
        }
        Ok(all)
    }

    /// The fields of the record that the rows tell of, at whatever time.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        let any = |level: fn(&Levels) -> &Option<String>| {
            self.attested.iter().any(|attested| level(&attested.levels).is_some())
        };
        let education = any(|levels| &levels.education);
        let levels = [
            education,
            education,
            any(|levels| &levels.theory),
            any(|levels| &levels.management),
            any(|levels| &levels.language),
            any(|levels| &levels.computing),
        ];
        let levels = LEVELS.into_iter().zip(levels);
        let allowances = [
            ("position-allowance", allowances::tells_position(&self.held)),
            ("other-allowance", allowances::tells_other(&self.held)),
        ];
        levels.chain(allowances).filter(|(_, told)| *told).map(|(field, _)| field).collect()
    }

    /// What is paid on a day besides the coefficient of the step.
    pub(crate) fn paid(&self, summary: &Summary, day: Date) -> Paid {
        let taken_over = (summary.position_allowance, summary.other_allowance);
        let over_frame = summary.over_frame.unwrap_or_default();
        allowances::paid(&self.held, taken_over, Salary { coefficient: summary.coefficient, over_frame }, day)
    }

    /// The summary as of a day: what was reached, and what is paid.
    pub(crate) fn summary(&self, summary: Summary, ladders: &Ladders, day: Date) -> Summary {
        let summary = self.pay(summary, day);
        if self.attested.is_empty() {
            return summary;
        }
        let taken_over = Levels {
            education: summary.education_level,
            specialty: summary.specialty,
            theory: summary.political_theory,
            management: summary.state_management,
            language: summary.foreign_language,
            computing: summary.computing,
        };
        let levels = levels::reached(&self.attested, &taken_over, ladders, day);
        Summary {
            education_level: levels.education,
            specialty: levels.specialty,
            political_theory: levels.theory,
            state_management: levels.management,
            foreign_language: levels.language,
            computing: levels.computing,
            ..summary
        }
    }

    /// In which fields rows that begin to tell of them say something else than the record that was taken over; `before` are
    /// the fields that rows told of already, and the summary is what these rows come to. What they begin to tell is to
    /// agree with what is known: else a history that is not whole would take it away.
    pub(crate) fn disagreeing(
        &self,
        before: &[&str],
        record: &Summary,
        ladders: &Ladders,
        day: Date,
    ) -> (Summary, Vec<&'static str>) {
        let told = self.fields();
        let summary = self.summary(record.clone(), ladders, day);
        let mut fields = record.differing(&summary);
        fields.retain(|field| {
            told.contains(field) && !before.contains(field) && !matches!(record.value(field), Value::Empty)
        });
        (summary, fields)
    }

    /// The summary as of a day, of what is paid alone.
    pub(crate) fn pay(&self, summary: Summary, day: Date) -> Summary {
        let paid = self.paid(&summary, day);
        Summary {
            position_allowance: paid.position,
            other_allowance: paid.other.map(|other| allowances::rounded(other, 2)),
            insured_coefficient: paid.insured,
            ..summary
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deeds::tests::officer;
    use crate::rules::allowances::tests::holdings;
    use crate::rules::levels::tests::{ladders, levels, trainings};
    use dinh_sdk::jiff::ToSpan;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    /// An officer whose record was taken over with levels and allowances of its own.
    fn taken_over(levels: Levels, position: Option<i64>, other: Option<i64>) -> Summary {
        Summary {
            education_level: levels.education,
            specialty: levels.specialty,
            political_theory: levels.theory,
            state_management: levels.management,
            foreign_language: levels.language,
            computing: levels.computing,
            position_allowance: position.map(|rate| Decimal::new(rate, 2)),
            other_allowance: other.map(|rate| Decimal::new(rate, 2)),
            ..Summary::of(&officer())
        }
    }

    proptest! {
        #[test]
        fn as_of_today_is_what_the_record_says_for_any_history(
            attested in trainings(), held in holdings(), levels in levels(),
            position in proptest::option::of(1_i64..100), other in proptest::option::of(1_i64..100),
            days in 0_i32..18_000, later in 0_i32..3_000,
        ) {
            let told = Told { attested, held };
            let first = date(1990, 1, 1).checked_add(days.days()).unwrap();
            let today = first.checked_add(later.days()).unwrap();
            let before = taken_over(levels, position, other);
            // Written some day, renewed today; asked as of today; and written today alone.
            let written = told.summary(before.clone(), &ladders(), first);
            let record = told.summary(written, &ladders(), today);
            prop_assert_eq!(&told.summary(record.clone(), &ladders(), today), &record);
            prop_assert_eq!(&told.summary(before, &ladders(), today), &record);
        }
    }

    #[test]
    fn a_field_is_told_of_from_the_first_row_on_and_no_other() {
        let level = |level: Levels| Attested { on: date(2030, 1, 1), levels: level };
        let told = Told {
            attested: vec![
                level(Levels { education: Some("dai-hoc".into()), ..Levels::default() }),
                level(Levels { computing: Some("Cơ bản".into()), ..Levels::default() }),
            ],
            held: vec![Held {
                kind: allowances::POSITION.into(),
                rate: Decimal::new(5, 1),
                from: date(2020, 1, 1),
                until: None,
            }],
        };
        assert_eq!(told.fields(), ["education-level", "specialty", "computing", "position-allowance"]);
        assert!(Told::default().fields().is_empty());
    }

    #[test]
    fn a_summary_names_the_fields_in_which_another_differs_and_numbers_count_by_their_value() {
        let one = Summary { other_allowance: Some(Decimal::new(20, 2)), ..Summary::of(&officer()) };
        let same = Summary { other_allowance: Some(Decimal::new(2, 1)), ..one.clone() };
        assert!(one.differing(&same).is_empty());
        let other = Summary { specialty: Some("Luật".into()), other_allowance: None, ..one.clone() };
        assert_eq!(one.differing(&other), ["other-allowance", "specialty"]);
    }

    #[test]
    fn rows_that_begin_to_tell_agree_with_what_the_record_says() {
        let record = Summary {
            education_level: Some("thac-si".into()),
            position_allowance: Some(Decimal::new(5, 1)),
            ..Summary::of(&officer())
        };
        let levels = Levels { education: Some("dai-hoc".into()), ..Levels::default() };
        let mut told = Told { attested: vec![Attested { on: date(2010, 6, 30), levels }], held: Vec::new() };
        let day = date(2026, 1, 1);
        let wrong = |told: &Told, before: &[&str]| told.disagreeing(before, &record, &ladders(), day).1;
        assert_eq!(wrong(&told, &[]), ["education-level"]);
        assert!(wrong(&told, &["education-level"]).is_empty(), "rows told of it already");
        let levels = Levels { education: Some("thac-si".into()), ..Levels::default() };
        told.attested.push(Attested { on: date(2015, 6, 30), levels });
        assert!(wrong(&told, &[]).is_empty());
        told.held.push(Held {
            kind: allowances::POSITION.into(),
            rate: Decimal::new(5, 1),
            from: date(2020, 1, 1),
            until: Some(date(2024, 12, 31)),
        });
        assert_eq!(wrong(&told, &[]), ["position-allowance"], "it ended, and the record says it is there");
    }

    #[test]
    fn a_training_attests_nothing_before_it_has_ended() {
        let training = Training {
            person: RecordId { high: 0, low: 7 },
            unit: UnitId(3),
            account: None,
            decision: None,
            school: "Trường Đại học Luật Hà Nội".into(),
            specialty: Some("Luật".into()),
            from: date(2024, 9, 5),
            until: None,
            mode: None,
            degree: None,
            education_level: Some("thac-si".into()),
            political_theory: None,
            state_management: None,
            foreign_language: None,
            computing: None,
        };
        assert_eq!(training.attested(), None);
        let done = Training { until: Some(date(2026, 6, 30)), ..training.clone() };
        assert_eq!(done.attested().map(|it| it.on), Some(date(2026, 6, 30)));
        assert_eq!(Training { education_level: None, ..done }.attested(), None);
    }
}
