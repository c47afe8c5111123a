//! What a list of the evidence is narrowed to, as it is typed: in the words of the page.

use clap::{Args, ValueEnum};
use dinh_model::{PluginId, RecordId};
use dinh_services::accounts::{EvidenceFilter, Part};
use dinh_services::{Call, ServiceError};
use dinh_store::Outcome;
use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::deeds::named;

/// What a list of the evidence is narrowed to: the last entries that fit all that is said.
#[derive(Args, Debug, Default, Serialize, Deserialize)]
#[group(id = "narrowed", multiple = true, conflicts_with = "from")]
pub struct Only {
    /// By, on behalf of, or about this account
    #[arg(long, value_name = "LOGIN")]
    account: Option<String>,
    /// The part the account had: it acted, it lent the right, or it was done to it [default: any]
    #[arg(long, value_enum, requires = "account")]
    part: Option<PartWord>,
    /// Deeds that begin so: `account.suspended`, or `account.` for all on accounts
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
    /// How they ended
    #[arg(long, value_enum)]
    outcome: Option<OutcomeWord>,
    /// What concerns this unit or one below it: the unit, and what the accounts that are in it now did
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Through this plugin
    #[arg(long, value_name = "ID")]
    plugin: Option<PluginId>,
    /// For a purpose that has these words
    #[arg(long, value_name = "WORDS")]
    purpose: Option<String>,
    /// Under this contract
    #[arg(long, value_name = "NUMBER")]
    contract: Option<u32>,
    /// About this record, or showing it
    #[arg(long, value_name = "RECORD")]
    record: Option<RecordId>,
    /// On this day or later
    #[arg(long, value_name = "DATE")]
    since: Option<Day>,
    /// On this day or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<Day>,
    /// Before this entry
    #[arg(long, value_name = "INDEX")]
    before: Option<u64>,
}

/// The part of an account.
#[derive(Clone, Copy, Debug, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartWord {
    /// It acted.
    Acted,
    /// It lent the right that another used.
    Lent,
    /// It was done to it, or it was looked at.
    About,
}

/// How a deed ended.
#[derive(Clone, Copy, Debug, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeWord {
    /// Done.
    Done,
    /// Refused.
    Refused,
    /// Failed.
    Failed,
}

impl Only {
    /// Before which entry.
    pub fn before(&self) -> Option<u64> {
        self.before
    }

    /// What was said; none when nothing was.
    pub fn filter(&self, call: &Call) -> Result<Option<EvidenceFilter>, ServiceError> {
        let account = self.account.as_deref().map(|login| named::account(call, login)).transpose()?;
        let unit = self.unit.as_deref().map(|code| named::unit(call, code)).transpose()?;
        let filter = EvidenceFilter {
            account: account.map(|it| it.id),
            part: match self.part {
                None => Part::Any,
                Some(PartWord::Acted) => Part::Acted,
                Some(PartWord::Lent) => Part::Lent,
                Some(PartWord::About) => Part::Subject,
            },
            unit: unit.map(|it| it.id),
            plugin: self.plugin.clone(),
            action: self.action.clone().unwrap_or_default(),
            outcome: self.outcome.map(|word| match word {
                OutcomeWord::Done => Outcome::Done,
                OutcomeWord::Refused => Outcome::Refused,
                OutcomeWord::Failed => Outcome::Failed,
            }),
            purpose: self.purpose.clone().unwrap_or_default(),
            contract: self.contract,
            record: self.record,
            from: self.since.map(Day::date),
            until: self.until.map(Day::date),
        };
        Ok((self.before.is_some() || filter != EvidenceFilter::default()).then_some(filter))
    }
}
