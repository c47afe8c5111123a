//! Parameters, pay scales, quotas of posts.

use dinh_sdk::prelude::*;

use crate::rules::parameters::{Dated, Parameters};
use crate::rules::raise::Scale;

/// A dated value of what changes by decree.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "parameters")]
pub(crate) struct ParameterRow {
    pub(crate) key: String,
    pub(crate) from: Date,
    pub(crate) value: Decimal,
    /// The decree, or whoever decided it.
    pub(crate) source: Option<String>,
}

/// All parameters that the actor may see.
pub(crate) fn parameters() -> Result<Parameters> {
    let rows = ParameterRow::all().list()?.into_iter();
    Ok(Parameters::new(
        rows.map(|row| Dated { key: row.record.key, from: row.record.from, value: row.record.value })
            .collect(),
    ))
}

/// A grade (ngạch) with its pay scale.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "grades")]
pub(crate) struct Grade {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) first: Decimal,
    pub(crate) increment: Decimal,
    pub(crate) steps: i64,
    pub(crate) months: i64,
    pub(crate) source: Option<String>,
}

impl Grade {
    /// Its pay scale.
    pub(crate) fn scale(&self) -> Scale {
        Scale { first: self.first, increment: self.increment, steps: self.steps, months: self.months }
    }
}

/// The grades, by code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grades(Vec<Grade>);

impl Grades {
    /// All of them.
    pub(crate) fn load() -> Result<Self> {
        let rows = Grade::all().order_by(Grade::CODE.ascending()).list()?;
        Ok(Self(rows.into_iter().map(|row| row.record).collect()))
    }

    /// These, for tests.
    #[cfg(test)]
    pub(crate) fn of(grades: Vec<Grade>) -> Self {
        Self(grades)
    }

    /// The grade of a code.
    pub(crate) fn get(&self, code: &str) -> Option<&Grade> {
        self.0.iter().find(|grade| grade.code == code)
    }

    /// Code and name; the code alone for one that is not known.
    pub(crate) fn name(&self, code: &str) -> String {
        self.get(code).map_or_else(|| code.to_owned(), |grade| format!("{} – {}", grade.code, grade.name))
    }

    /// In the order of their codes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Grade> {
        self.0.iter()
    }

    /// As the choices of a field.
    pub(crate) fn choices(&self) -> Vec<Choice> {
        self.0.iter().map(|grade| Choice::new(&grade.code, self.name(&grade.code))).collect()
    }
}

/// Posts (biên chế) that a unit may fill from a day on.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "quotas")]
pub(crate) struct Quota {
    pub(crate) unit: UnitId,
    pub(crate) from: Date,
    pub(crate) posts: i64,
    pub(crate) source: Option<String>,
}
