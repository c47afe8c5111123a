//! `dinh share`: what is shared, and the contracts.
//!
//! One file an idea: `shown` a contract and a dataset as commands show them, `terms` what is agreed to on the command
//! line, `changes` what plugins are told of changes, `waive` waivers of once-only.

mod changes;
mod shown;
mod terms;
mod waive;

use anyhow::Result;
use clap::Subcommand;
use dinh_model::{ContractId, Keep, PluginId};
use dinh_services::sharing::{
    self, ContractFilter, NewContract, contracts, get_contract, offers, request, request_for_account, wants,
};
use dinh_services::{Platform, ServiceError};
use serde::{Deserialize, Serialize};
use serde_json::json;

use self::changes::ChangesDeed;
use self::shown::Shown;
use self::terms::TermsTyped;
use self::waive::WaiveDeed;
use super::{Authority, named};
use crate::day;
use crate::reply::Reply;

/// Contracts that a list shows at once.
const LISTED: usize = 1_000;

/// What can be done about shared data.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShareDeed {
    /// List every dataset that is offered: the register
    Datasets,
    /// List what plugins want of others, as their manifests say
    Wanted,
    /// Ask for a dataset that a plugin wants
    Request {
        /// The plugin and the name in its manifest, such as `party-finance/members`
        #[arg(value_name = "PLUGIN/NAME")]
        wanted: String,
    },
    /// Ask for a dataset for a system outside, which reads it with an access token of an account
    RequestFor {
        /// The account
        #[arg(value_name = "LOGIN")]
        account: String,
        /// The dataset, such as `personnel/members`
        #[arg(long, value_name = "PLUGIN/NAME")]
        dataset: String,
        /// The fields, with commas between them
        #[arg(long, value_name = "FIELDS", value_delimiter = ',', required = true)]
        fields: Vec<String>,
        /// What for: one of the dataset's purposes
        #[arg(long)]
        purpose: String,
        /// The law, decree or decision that entitles to it
        #[arg(long, value_name = "TEXT")]
        basis: String,
        /// What the system would keep: nothing, references or copies
        #[arg(long, default_value = "nothing")]
        keep: String,
    },
    /// Agree to a contract, all of it or narrowed
    Approve {
        /// Its number, as `dinh share list` shows it
        contract: ContractId,
        /// What is agreed to
        #[command(flatten)]
        terms: TermsTyped,
    },
    /// Refuse a contract in writing
    Refuse {
        /// Its number
        contract: ContractId,
        /// Why
        #[arg(long)]
        reason: String,
        /// By which law, decree or decision
        #[arg(long, value_name = "TEXT")]
        basis: String,
    },
    /// End a contract before its time: nothing more is read under it
    Revoke {
        /// Its number
        contract: ContractId,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Withdraw a request that nobody has decided yet
    Withdraw {
        /// Its number
        contract: ContractId,
    },
    /// List the contracts of the units in which whoever acts asks, decides or reads the evidence
    List {
        /// Of this plugin, on either side
        #[arg(long, value_name = "PLUGIN")]
        plugin: Option<PluginId>,
        /// That stand so: requested, overdue, coming, active, expiring, expired, refused, revoked or withdrawn
        #[arg(long)]
        standing: Option<String>,
    },
    /// Show one contract
    Show {
        /// Its number
        contract: ContractId,
    },
    /// Changes that plugins are told of
    #[command(flatten)]
    Changes(ChangesDeed),
    /// Waivers: a plugin may collect again what another owns
    #[command(flatten)]
    Waive(WaiveDeed),
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: ShareDeed) -> Result<Reply> {
    match deed {
        ShareDeed::Datasets => {
            let found = authority.perform(platform, "share datasets", |call| {
                let found = offers(call)?.into_iter();
                Ok(found.map(|it| (named::place(call, it.home_unit), it)).collect::<Vec<_>>())
            })?;
            let rows = found.iter().map(|(owner, it)| {
                [
                    format!("{}/{}", it.plugin, it.dataset.name),
                    owner.clone(),
                    it.dataset.label.to_string(),
                    if it.dataset.public { "public" } else { "by contract" }.to_owned(),
                    it.dataset.fields.join(" "),
                ]
            });
            let rows: Vec<_> = rows.collect();
            let value: Vec<_> = found.into_iter().map(|(_, it)| json!(it)).collect();
            Ok(Reply::table(value, ["dataset", "owner", "label", "access", "fields"], rows))
        }
        ShareDeed::Wanted => {
            let found = authority.perform(platform, "share wanted", |call| wants(call))?;
            let rows: Vec<_> = found
                .iter()
                .map(|it| {
                    [
                        format!("{}/{}", it.plugin, it.wanted.name),
                        format!("{}/{}", it.wanted.plugin, it.wanted.dataset),
                        it.wanted.purpose.clone(),
                        it.wanted.keep.to_string(),
                        it.wanted.fields.join(" "),
                    ]
                })
                .collect();
            Ok(Reply::table(found, ["wanted", "dataset", "purpose", "keep", "fields"], rows))
        }
        ShareDeed::Request { wanted } => {
            let (plugin, name) = pair(&wanted)?;
            let contract = authority.perform(platform, "share request", |call| {
                let id = request(call, &plugin, &name)?;
                Shown::of(call, id)
            })?;
            Ok(asked(contract))
        }
        ShareDeed::RequestFor { account, dataset, fields, purpose, basis, keep } => {
            let (provider, dataset) = pair(&dataset)?;
            let keep: Keep = keep.parse().map_err(anyhow::Error::new)?;
            let contract = authority.perform(platform, "share request-for", |call| {
                let account = named::account(call, &account)?.id;
                let new = NewContract {
                    provider: provider.clone(),
                    dataset: dataset.clone(),
                    fields: fields.clone(),
                    purpose: purpose.clone(),
                    legal_basis: basis.clone(),
                    keep,
                };
                let id = request_for_account(call, account, new)?;
                Shown::of(call, id)
            })?;
            Ok(asked(contract))
        }
        ShareDeed::Approve { contract, terms } => {
            let shown = authority.perform(platform, "share approve", |call| {
                let asked = get_contract(call, contract)?;
                let terms = terms.narrow(call, &asked)?;
                sharing::approve(call, contract, terms)?;
                Shown::of(call, contract)
            })?;
            let sentence = format!("contract {contract} holds through {}", day::cell(Some(shown.until)));
            Ok(Reply::done(shown, sentence))
        }
        ShareDeed::Refuse { contract, reason, basis } => {
            authority
                .perform(platform, "share refuse", |call| sharing::refuse(call, contract, &reason, &basis))?;
            Ok(Reply::done(json!({ "contract": contract }), format!("contract {contract} is refused")))
        }
        ShareDeed::Revoke { contract, reason } => {
            authority.perform(platform, "share revoke", |call| sharing::revoke(call, contract, &reason))?;
            let sentence = format!("contract {contract} is ended: nothing more is read under it");
            Ok(Reply::done(json!({ "contract": contract }), sentence))
        }
        ShareDeed::Withdraw { contract } => {
            authority.perform(platform, "share withdraw", |call| sharing::withdraw(call, contract))?;
            Ok(Reply::done(json!({ "contract": contract }), format!("contract {contract} is withdrawn")))
        }
        ShareDeed::List { plugin, standing } => {
            let standing = standing.map(|word| shown::standing_of(&word)).transpose()?;
            let filter = ContractFilter { plugin, dataset: None, standing };
            let shown = authority.perform(platform, "share list", |call| {
                let mut all = Vec::new();
                let mut before = None;
                loop {
                    let page = contracts(call, &filter, before, LISTED)?;
                    for contract in page.contracts {
                        all.push(Shown::new(call, contract)?);
                    }
                    before = page.next;
                    if before.is_none() {
                        return Ok(all);
                    }
                }
            })?;
            let rows: Vec<_> = shown.iter().map(Shown::row).collect();
            Ok(Reply::table(shown, Shown::HEADS, rows))
        }
        ShareDeed::Show { contract } => {
            let shown = authority.perform(platform, "share show", |call| Shown::of(call, contract))?;
            let facts = shown.facts();
            Ok(Reply::facts(shown, &facts))
        }
        ShareDeed::Changes(deed) => changes::perform(platform, authority, deed),
        ShareDeed::Waive(deed) => waive::perform(platform, authority, deed),
    }
}

fn asked(contract: Shown) -> Reply {
    let sentence = format!(
        "contract {} waits for the steward of {}, who decides by {}",
        contract.contract,
        contract.provider_unit,
        day::cell(Some(contract.due))
    );
    Reply::done(contract, sentence)
}

/// A plugin and a name of its own.
fn pair(text: &str) -> Result<(PluginId, String), ServiceError> {
    let parsed =
        text.split_once('/').and_then(|(plugin, name)| Some((plugin.parse().ok()?, name.to_owned())));
    parsed.ok_or_else(|| {
        ServiceError::invalid(
            format!("“{text}” không đúng dạng ứng-dụng/tên."),
            format!("{text:?} is not a plugin and a name, such as party-finance/members"),
        )
    })
}
