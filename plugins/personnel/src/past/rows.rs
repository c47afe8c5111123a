//! The rows of a sheet on a day that is past: what was not there yet is left out, and what ended later is open.

use dinh_sdk::prelude::*;

use crate::model::{Allowance, Career, Discipline, History, Relative, Reward, SalaryStep, Training};

/// A row of a sheet as on a day that is past.
pub(crate) trait Past: History {
    /// The day from which it is there; none for a row that has no day.
    fn begun(&self) -> Option<Date>;

    /// Takes off what was not so yet.
    fn cut(&mut self, _: Date) {}
}

/// The rows that were there on a day, as they were.
pub(crate) fn as_of<R: Past>(rows: Vec<Stored<R>>, day: Date) -> Vec<Stored<R>> {
    let there = rows.into_iter().filter(|row| row.begun().is_none_or(|begun| begun <= day));
    there
        .map(|mut row| {
            row.cut(day);
            row
        })
        .collect()
}

fn later(until: Option<Date>, day: Date) -> bool {
    until.is_some_and(|until| until > day)
}

impl Past for Relative {
    fn begun(&self) -> Option<Date> {
        None
    }
}

impl Past for Reward {
    fn begun(&self) -> Option<Date> {
        Some(self.decided_on)
    }
}

/// Its end is part of what was decided.
impl Past for Discipline {
    fn begun(&self) -> Option<Date> {
        Some(self.decided_on)
    }
}

impl Past for SalaryStep {
    fn begun(&self) -> Option<Date> {
        Some(self.from)
    }
}

impl Past for Career {
    fn begun(&self) -> Option<Date> {
        Some(self.from)
    }

    fn cut(&mut self, day: Date) {
        self.until = self.until.filter(|until| *until <= day);
    }
}

/// Its term is part of what was granted, unless a decision ended it.
impl Past for Allowance {
    fn begun(&self) -> Option<Date> {
        Some(self.from)
    }

    fn cut(&mut self, day: Date) {
        if self.ended_by.is_some() && later(self.until, day) {
            self.until = None;
            self.ended_by = None;
        }
    }
}

/// While it was under way it had attested nothing.
impl Past for Training {
    fn begun(&self) -> Option<Date> {
        Some(self.from)
    }

    fn cut(&mut self, day: Date) {
        if later(self.until, day) {
            let Self { person, unit, account, from, .. } = *self;
            let (school, specialty, mode) = (self.school.clone(), self.specialty.take(), self.mode.take());
            *self = Self {
                person,
                unit,
                account,
                decision: None,
                school,
                specialty,
                from,
                until: None,
                mode,
                degree: None,
                education_level: None,
                political_theory: None,
                state_management: None,
                foreign_language: None,
                computing: None,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;

    #[test]
    fn rows_are_those_of_the_day_and_what_ended_later_is_open() {
        let row = |from, until, ended_by| Stored {
            id: RecordId { high: 0, low: 1 },
            version: 1,
            record: Allowance {
                person: RecordId { high: 0, low: 7 },
                unit: UnitId(3),
                account: None,
                decision: None,
                ended_by,
                kind: "khu-vuc".into(),
                rate: Decimal::new(3, 1),
                from,
                until,
                basis: None,
            },
        };
        let ended = row(date(2020, 1, 1), Some(date(2024, 12, 31)), Some(RecordId { high: 0, low: 2 }));
        let granted = row(date(2020, 1, 1), Some(date(2024, 12, 31)), None);
        let shown = as_of(vec![ended, granted, row(date(2025, 1, 1), None, None)], date(2022, 1, 1));
        let ends: Vec<_> = shown.iter().map(|row| row.until).collect();
        assert_eq!(ends, [None, Some(date(2024, 12, 31))]);
    }
}
