//! What is agreed to, as it is typed: all that was asked for, unless something is narrowed.

use clap::Args;
use dinh_model::{Keep, Label};
use dinh_services::sharing::{Contract, Terms};
use dinh_services::{Call, ServiceError};
use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::deeds::named;

/// What is agreed to, as it is typed.
#[derive(Args, Debug, Serialize, Deserialize)]
pub struct TermsTyped {
    /// Only these of the fields asked for, with commas between them
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    fields: Vec<String>,
    /// Only rows of these units and all below them, codes with commas between them
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    units: Vec<String>,
    /// Up to this label: ordinary or confidential
    #[arg(long)]
    label: Option<Label>,
    /// What may be kept: nothing, references or copies; at most what was asked for
    #[arg(long)]
    keep: Option<Keep>,
    /// Last day on which copies may be kept
    #[arg(long, value_name = "DATE")]
    copies_until: Option<Day>,
    /// First day [default: as asked for]
    #[arg(long, value_name = "DATE")]
    from: Option<Day>,
    /// Last day [default: a year]
    #[arg(long, value_name = "DATE")]
    until: Option<Day>,
    /// Most rows in a day
    #[arg(long, value_name = "ROWS")]
    rows_a_day: Option<u64>,
    /// The plugin is not told of changes, though it asked to be
    #[arg(long)]
    no_changes: bool,
}

impl TermsTyped {
    /// What was asked for, as far as it is agreed to.
    pub fn narrow(&self, call: &Call, contract: &Contract) -> Result<Terms, ServiceError> {
        let asked = Terms::asked(contract);
        let keep = self.keep.unwrap_or(asked.keep);
        let units = self.units.iter().map(|code| Ok(named::unit(call, code)?.id));
        Ok(Terms {
            fields: if self.fields.is_empty() { asked.fields } else { self.fields.clone() },
            units: units.collect::<Result<_, ServiceError>>()?,
            label: self.label.unwrap_or(asked.label),
            copies_until: match (keep, self.copies_until) {
                (Keep::Copies, None) => asked.copies_until,
                (_, typed) => typed.map(Day::date),
            },
            keep,
            from: self.from.map_or(asked.from, Day::date),
            until: self.until.map_or(asked.until, Day::next),
            rows_a_day: self.rows_a_day,
            changes: asked.changes && !self.no_changes,
        })
    }
}
