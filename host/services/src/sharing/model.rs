//! What is stored of sharing: what plugins offer and want, and the contracts between them.

use dinh_model::{
    AccountId, ContractId, Dataset, Date, Keep, Label, Localized, Permission, PluginId, Timestamp, UnitId,
    Wanted,
};
use serde::{Deserialize, Serialize};

use crate::accounts::Signature;
use crate::space;

/// A dataset as it is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Whose it is.
    pub plugin: PluginId,
    /// The unit that plugin is installed for: its steward decides.
    pub home_unit: UnitId,
    /// The dataset.
    pub dataset: Dataset,
    /// Its fields as the collection declares them, in the dataset's order.
    pub fields: Vec<OfferedField>,
}

/// A field of an offered dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedField {
    /// Its name.
    pub name: String,
    /// Its name on pages.
    pub title: Localized,
    /// Its type, as manifests spell it.
    pub kind: String,
    /// How confidential it is.
    pub label: Label,
    /// What it means across plugins.
    pub meaning: Option<String>,
}

impl Offer {
    /// A field that is offered.
    pub fn field(&self, name: &str) -> Option<&OfferedField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The title of a purpose; its name where the dataset has none of that name.
    pub fn purpose<'a>(&'a self, name: &'a str, language: dinh_model::Language) -> &'a str {
        let known = self.dataset.purposes.iter().find(|purpose| purpose.name == name);
        known.map_or(name, |purpose| purpose.title.get(language))
    }
}

/// A dataset of another plugin as a plugin wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Want {
    /// Who wants it.
    pub plugin: PluginId,
    /// The unit that plugin is installed for: its administrator asks.
    pub home_unit: UnitId,
    /// What is wanted.
    pub wanted: Wanted,
}

/// Who reads under a contract (bên sử dụng).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Consumer {
    /// A plugin, as what it calls the dataset.
    Plugin {
        /// Which.
        plugin: PluginId,
        /// The name in its manifest.
        wanted: String,
    },
    /// A system outside, by the account whose access token it reads with.
    Account(AccountId),
}

/// A contract (thoả thuận chia sẻ): the purposeful, limited, revocable right to read some fields of a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Its number.
    pub id: ContractId,
    /// Who reads.
    pub consumer: Consumer,
    /// The unit whose administrator asked.
    pub consumer_unit: UnitId,
    /// Whose data it is.
    pub provider: PluginId,
    /// The unit whose steward decides.
    pub provider_unit: UnitId,
    /// The dataset.
    pub dataset: String,
    /// The fields that were asked for; that may be read, once it is active.
    pub fields: Vec<String>,
    /// What for.
    pub purpose: String,
    /// The law, decree or decision that entitles to it.
    pub legal_basis: String,
    /// The permission that a reader needs, for each row in its unit and up to its label.
    pub permission: Permission,
    /// The units whose rows may be read, with all below them; every unit when empty.
    pub units: Vec<UnitId>,
    /// The highest label of what may be read.
    pub label: Label,
    /// What the consumer may keep.
    pub keep: Keep,
    /// The last day on which copies may be kept, if the contract does not end before; only with [`Keep::Copies`].
    pub copies_until: Option<Date>,
    /// First day on which it holds.
    pub from: Date,
    /// First day on which it no longer holds.
    pub until: Date,
    /// Most rows in a day (of Vietnam); none when they are not limited.
    pub rows_a_day: Option<u64>,
    /// Whether the consumer is told of changes.
    pub changes: bool,
    /// Who asked, and when.
    pub requested: Signed,
    /// The last day on which the steward has to decide.
    pub due: Date,
    /// How it stands.
    pub state: State,
}

/// Who did something, when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Who; none for the owner of the data folder, by break-glass.
    pub by: Option<Signature>,
    /// When: microseconds since 1970.
    pub at: i64,
}

/// How a contract stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It waits for the steward.
    Requested,
    /// It was agreed to, and holds within its term.
    Active(Signed),
    /// The steward refused it, in writing.
    Refused {
        /// Who and when.
        decided: Signed,
        /// Why.
        reason: String,
        /// By which law, decree or decision.
        legal_basis: String,
    },
    /// It was agreed to, and ended before its time.
    Revoked {
        /// Who had agreed to it.
        agreed: Signed,
        /// Who ended it, and when.
        ended: Signed,
        /// Why.
        reason: String,
        /// By another contract, which took its place.
        replaced_by: Option<ContractId>,
    },
    /// Whoever asked withdrew it before it was decided.
    Withdrawn(Signed),
}

/// How a contract stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It waits for the steward.
    Requested,
    /// It waits for the steward, whose time is over.
    Overdue,
    /// It was agreed to and has not begun.
    Coming,
    /// It holds.
    Active,
    /// It holds, and ends within 30 days.
    Expiring,
    /// Its term is over.
    Expired,
    /// It was refused.
    Refused,
    /// It was ended before its time.
    Revoked,
    /// It was withdrawn before it was decided.
    Withdrawn,
}

impl Standing {
    /// All, in the order of a contract's life.
    pub const ALL: [Self; 9] = [
        Self::Requested,
        Self::Overdue,
        Self::Coming,
        Self::Active,
        Self::Expiring,
        Self::Expired,
        Self::Refused,
        Self::Revoked,
        Self::Withdrawn,
    ];

    /// The word as commands, JSON and evidence spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Overdue => "overdue",
            Self::Coming => "coming",
            Self::Active => "active",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::Revoked => "revoked",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether data may be read.
    pub fn holds(self) -> bool {
        matches!(self, Self::Active | Self::Expiring)
    }

    /// Whether the steward has yet to decide.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Overdue)
    }
}

impl Contract {
    /// How long before its end a contract is said to expire.
    pub const EXPIRING_DAYS: i32 = 30;

    /// Whether another contract ends when this one is agreed to: of the same name in a plugin's manifest, or of the same
    /// dataset for the same account.
    pub(super) fn replaces(&self, other: &Self) -> bool {
        let same_dataset = other.provider == self.provider && other.dataset == self.dataset;
        other.consumer == self.consumer && (same_dataset || matches!(self.consumer, Consumer::Plugin { .. }))
    }

    /// How it stands on a day.
    pub fn standing(&self, today: Date) -> Standing {
        match &self.state {
            State::Requested if today > self.due => Standing::Overdue,
            State::Requested => Standing::Requested,
            State::Refused { .. } => Standing::Refused,
            State::Revoked { .. } => Standing::Revoked,
            State::Withdrawn(_) => Standing::Withdrawn,
            State::Active(_) if today < self.from => Standing::Coming,
            State::Active(_) if today >= self.until => Standing::Expired,
            State::Active(_) => {
                let days = dinh_model::time::days(self.until) - dinh_model::time::days(today);
                if days <= Self::EXPIRING_DAYS { Standing::Expiring } else { Standing::Active }
            }
        }
    }

    /// How the evidence names it.
    pub fn subject(&self) -> String {
        format!("contract:{}", self.id)
    }

    /// The dataset with its plugin, as evidence and paths name it.
    pub fn of(&self) -> String {
        format!("{}/{}", self.provider, self.dataset)
    }

    /// The plugin that reads, if one does.
    pub fn plugin(&self) -> Option<&PluginId> {
        match &self.consumer {
            Consumer::Plugin { plugin, .. } => Some(plugin),
            Consumer::Account(_) => None,
        }
    }
}

impl Consumer {
    /// How the evidence names it.
    pub fn subject(&self) -> String {
        match self {
            Self::Plugin { plugin, .. } => format!("plugin:{plugin}"),
            Self::Account(account) => format!("account:{account}"),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Plugin { plugin, wanted } => {
                [b"p", plugin.as_str().as_bytes(), &[0], wanted.as_bytes(), &[0]].concat()
            }
            Self::Account(account) => [b"a".as_slice(), &account.0.to_be_bytes()].concat(),
        }
    }
}

impl Signed {
    /// The moment.
    pub fn moment(&self) -> Timestamp {
        dinh_model::time::from_microseconds(self.at).unwrap_or_default()
    }
}

/// Key of a dataset; without a name, the beginning of those of the plugin.
pub(super) fn dataset_key(plugin: &PluginId, name: &str) -> Vec<u8> {
    space::key(space::DATASET, &[plugin.as_str().as_bytes(), &[0], name.as_bytes()])
}

/// Key of what a plugin wants; without a name, the beginning of all it wants.
pub(super) fn wanted_key(plugin: &PluginId, name: &str) -> Vec<u8> {
    space::key(space::WANTED, &[plugin.as_str().as_bytes(), &[0], name.as_bytes()])
}

/// Key of a contract.
pub(super) fn contract_key(id: ContractId) -> Vec<u8> {
    space::numbered(space::CONTRACT, id.0)
}

/// Key of a contract among those of its consumer; without one, their beginning.
pub(super) fn consumer_key(consumer: &Consumer, id: Option<ContractId>) -> Vec<u8> {
    let id = id.map(|id| id.0.to_be_bytes());
    space::key(space::CONTRACT_TO, &[&consumer.bytes(), id.as_ref().map_or(&[], |id| id.as_slice())])
}

/// Key of a contract among those of its dataset; without one, their beginning.
pub(super) fn provider_key(plugin: &PluginId, dataset: &str, id: Option<ContractId>) -> Vec<u8> {
    let id = id.map(|id| id.0.to_be_bytes());
    space::key(
        space::CONTRACT_OF,
        &[
            plugin.as_str().as_bytes(),
            &[0],
            dataset.as_bytes(),
            &[0],
            id.as_ref().map_or(&[], |id| id.as_slice()),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn active(from: &str, until: &str) -> Contract {
        let signed = Signed { by: None, at: 0 };
        Contract {
            id: ContractId(7),
            consumer: Consumer::Plugin { plugin: "party-finance".parse().unwrap(), wanted: "members".into() },
            consumer_unit: UnitId(2),
            provider: "personnel".parse().unwrap(),
            provider_unit: UnitId(1),
            dataset: "members".into(),
            fields: vec!["full-name".into()],
            purpose: "dues".into(),
            legal_basis: "Quy định 01-QĐ/TW".into(),
            permission: "party-finance.dues.collect".parse().unwrap(),
            units: Vec::new(),
            label: Label::Ordinary,
            keep: Keep::References,
            copies_until: None,
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
            rows_a_day: None,
            changes: false,
            requested: signed,
            due: "2026-01-06".parse().unwrap(),
            state: State::Active(signed),
        }
    }

    #[test]
    fn a_contract_holds_from_its_first_day_through_the_day_before_its_end() {
        let contract = active("2026-02-01", "2027-02-01");
        let standing = |day: &str| contract.standing(day.parse().unwrap());
        assert_eq!(standing("2026-01-31"), Standing::Coming);
        assert_eq!(standing("2026-02-01"), Standing::Active);
        assert_eq!(standing("2027-01-01"), Standing::Active);
        assert_eq!(standing("2027-01-02"), Standing::Expiring);
        assert_eq!(standing("2027-01-31"), Standing::Expiring);
        assert_eq!(standing("2027-02-01"), Standing::Expired);
    }

    #[test]
    fn the_stewards_time_is_over_on_the_day_after_the_last() {
        let contract = Contract { state: State::Requested, ..active("2026-02-01", "2027-02-01") };
        assert_eq!(contract.standing("2026-01-06".parse().unwrap()), Standing::Requested);
        assert_eq!(contract.standing("2026-01-07".parse().unwrap()), Standing::Overdue);
    }
}
