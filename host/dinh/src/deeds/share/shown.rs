//! A contract as commands show it.

use dinh_model::{ContractId, Date, Keep, Label};
use dinh_services::sharing::feed::{Following, following};
use dinh_services::sharing::{Consumer, Contract, Copies, Signed, Standing, State, copies, get_contract};
use dinh_services::{Call, ServiceError};
use serde::Serialize;

use crate::day;
use crate::deeds::named;

/// A contract as commands show it.
#[derive(Serialize)]
pub struct Shown {
    pub contract: ContractId,
    pub dataset: String,
    pub provider_unit: String,
    pub consumer: String,
    pub consumer_unit: String,
    pub fields: Vec<String>,
    pub purpose: String,
    pub legal_basis: String,
    pub permission: String,
    pub units: Vec<String>,
    pub label: Label,
    pub keep: Keep,
    /// The last day on which copies may be kept.
    pub copies_until: Option<Date>,
    /// What is held under it; none when it lets no copies be kept.
    pub copies: Option<Copies>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    pub rows_a_day: Option<u64>,
    pub requested_by: String,
    /// The last day to decide.
    pub due: Date,
    pub standing: &'static str,
    /// Who agreed, refused or withdrew.
    pub decided_by: Option<String>,
    /// Why it was refused or ended.
    pub reason: Option<String>,
    /// Whether a plugin is told of changes under it.
    pub follows: bool,
    /// How far the plugin is that is told of changes.
    pub changes: Option<Following>,
}

/// A standing by its word.
pub fn standing_of(word: &str) -> Result<Standing, ServiceError> {
    Standing::ALL.into_iter().find(|known| known.as_str() == word).ok_or_else(|| {
        let words: Vec<_> = Standing::ALL.into_iter().map(Standing::as_str).collect();
        let words = words.join(", ");
        ServiceError::invalid(
            format!("“{word}” không phải là tình trạng: {words}."),
            format!("{word:?} is no standing of a contract; use one of {words}"),
        )
    })
}

fn signed(call: &Call, signed: &Signed) -> String {
    match signed.by {
        None => "the owner of the data folder".to_owned(),
        Some(by) => match by.on_behalf_of {
            None => named::login_of(call, by.account),
            Some(lender) => {
                format!("{} for {}", named::login_of(call, by.account), named::login_of(call, lender))
            }
        },
    }
}

impl Shown {
    /// Heads of a list.
    pub const HEADS: [&str; 8] =
        ["contract", "dataset", "consumer", "purpose", "standing", "due", "through", "copies"];

    /// A contract by its number.
    pub fn of(call: &mut Call, id: ContractId) -> Result<Self, ServiceError> {
        let found = get_contract(call, id)?;
        Self::new(call, found)
    }

    /// A contract.
    pub fn new(call: &Call, contract: Contract) -> Result<Self, ServiceError> {
        let copies = copies(call, &contract)?;
        let changes = following(call, contract.id)?;
        let standing = contract.standing(call.today());
        let (decided, reason) = match &contract.state {
            State::Requested => (None, None),
            State::Active(by) | State::Withdrawn(by) => (Some(signed(call, by)), None),
            State::Refused { decided, reason, legal_basis } => {
                (Some(signed(call, decided)), Some(format!("{reason} ({legal_basis})")))
            }
            State::Revoked { ended, reason, replaced_by, .. } => {
                let replaced = replaced_by.map(|other| format!("replaced by contract {other}"));
                (Some(signed(call, ended)), Some(replaced.unwrap_or_else(|| reason.clone())))
            }
        };
        Ok(Self {
            contract: contract.id,
            dataset: contract.of(),
            provider_unit: named::code_of(call, contract.provider_unit),
            consumer: match &contract.consumer {
                Consumer::Plugin { plugin, wanted } => format!("{plugin}/{wanted}"),
                Consumer::Account(account) => named::login_of(call, *account),
            },
            consumer_unit: named::code_of(call, contract.consumer_unit),
            fields: contract.fields,
            purpose: contract.purpose,
            legal_basis: contract.legal_basis,
            permission: contract.permission.to_string(),
            units: contract.units.iter().map(|unit| named::code_of(call, *unit)).collect(),
            label: contract.label,
            keep: contract.keep,
            copies_until: contract.copies_until,
            copies,
            from: contract.from,
            until: contract.until.yesterday().unwrap_or(contract.until),
            rows_a_day: contract.rows_a_day,
            requested_by: signed(call, &contract.requested),
            due: contract.due,
            standing: standing.as_str(),
            decided_by: decided,
            reason,
            follows: contract.changes,
            changes,
        })
    }

    /// How many records hold copies, and until when they may.
    fn held(&self) -> String {
        let Some(copies) = &self.copies else { return "–".to_owned() };
        let count = format!("{}{}", copies.records(), if copies.more { "+" } else { "" });
        match copies.due {
            Some(due) => format!("{count} to be removed by {}", day::cell(due.removed_from.yesterday().ok())),
            None => format!("{count} through {}", day::cell(Some(copies.through))),
        }
    }

    fn held_where(&self) -> String {
        let holdings = self.copies.iter().flat_map(|copies| &copies.holdings);
        let each = holdings.map(|it| format!("{}/{}: {}", it.plugin, it.collection, it.records));
        each.collect::<Vec<_>>().join(", ")
    }

    pub fn row(&self) -> [String; 8] {
        let open = matches!(self.standing, "requested" | "overdue");
        [
            self.contract.to_string(),
            self.dataset.clone(),
            self.consumer.clone(),
            self.purpose.clone(),
            self.standing.to_owned(),
            day::cell(open.then_some(self.due)),
            day::cell(Some(self.until)),
            self.held(),
        ]
    }

    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let units = if self.units.is_empty() { "all".to_owned() } else { self.units.join(" ") };
        vec![
            ("contract", self.contract.to_string()),
            ("standing", self.standing.to_owned()),
            ("dataset", self.dataset.clone()),
            ("provider", self.provider_unit.clone()),
            ("consumer", self.consumer.clone()),
            ("consumer's unit", self.consumer_unit.clone()),
            ("fields", self.fields.join(" ")),
            ("purpose", self.purpose.clone()),
            ("legal basis", self.legal_basis.clone()),
            ("permission", self.permission.clone()),
            ("units", units),
            ("label", self.label.to_string()),
            ("may keep", self.keep.to_string()),
            ("copies through", day::cell(self.copies_until)),
            ("copies held", self.held()),
            ("held in", self.held_where()),
            ("from", day::cell(Some(self.from))),
            ("through", day::cell(Some(self.until))),
            ("rows a day", self.rows_a_day.map_or_else(|| "no limit".to_owned(), |rows| rows.to_string())),
            ("asked by", self.requested_by.clone()),
            ("to be decided by", day::cell(Some(self.due))),
            ("decided by", self.decided_by.clone().unwrap_or_default()),
            ("reason", self.reason.clone().unwrap_or_default()),
            ("told of changes", if self.follows { "yes" } else { "no" }.to_owned()),
            ("changes", self.changes.as_ref().map(told).unwrap_or_default()),
        ]
    }
}

/// How far the plugin is that is told of changes, in one line.
fn told(changes: &Following) -> String {
    let mut words = vec![changes.stage.to_owned(), format!("{} behind", changes.behind)];
    words.extend(changes.waits.map(|why| format!("waits: {}", why.as_str())));
    words.extend(changes.failure.as_ref().map(|why| format!("failed {} times: {why}", changes.failures)));
    if changes.parked > 0 {
        words.push(format!("{} parked: see `dinh share parked`", changes.parked));
    }
    words.join("; ")
}
