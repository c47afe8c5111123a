//! The demo: a province of a hundred units, its plugins, the published PCI figures, two thousand invented officers, a year
//! of Party dues, thirty invented dossiers of inspection, and the contracts by which party finance and inspection read
//! the members among the officers.
//!
//! Units, accounts and grants are made by the services, as the owner of the folder, beside the rules that take two
//! people. Figures and records come in through the plugins' own pages, as their officers would bring them: signed
//! in, uploaded, previewed, confirmed; dues are assessed, collected and closed there. So the demo cannot hold what the
//! pages would refuse.
//!
//! ```text
//! units, people ─► accounts, grants ─► plugins ─► share ─┐
//!            files, province (generated) ─► fill ─ pages ┴─► dues ─► under_way
//! ```

mod dues;
mod fill;
#[cfg(test)]
mod matrix;
mod pages;
mod password;
mod people;
mod province;
mod share;
mod spending;
mod under_way;
mod units;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use dinh_access::{Grantee, Term};
use dinh_model::{Label, UnitId, time};
use dinh_runtime::Install;
use dinh_services::accounts::{
    NewAccount, NewGrant, NewUnit, Password, create_account, create_unit, find_account, find_unit, give,
    name_head, root_above,
};
use dinh_services::sharing::feed;
use dinh_services::{Call, Platform, ServiceError, Thing};
use serde::{Deserialize, Serialize};

use crate::deeds::Authority;
use crate::folder;
use crate::house::House;
use crate::init::BEGINNING;
use crate::reply;

use fill::import;
use people::ACCOUNTS;
use units::UNITS;

/// An account of the demo, as `DIR/demo-accounts.json` holds it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DemoAccount {
    /// The sign-in name.
    pub account: String,
    /// Its password.
    pub password: String,
    /// Code of the unit.
    pub unit: String,
    /// What it is granted.
    pub roles: Vec<String>,
}

/// The demo's plugins, each with the code of the unit whose system it is.
const PLUGINS: [(&str, &str); 4] =
    [("pci-index", "skhdt"), ("personnel", "snv"), ("party-finance", "vptu"), ("inspection", "ubkttu")];

/// What the demo is made from, in the folder of finished plugins.
pub fn files() -> impl Iterator<Item = String> {
    PLUGINS.iter().map(|(plugin, _)| format!("{plugin}.wasm")).chain(fill::files())
}

/// Fills `house` with the demo from `files`; how many accounts it has then.
pub fn fill(house: &House, files: &Path, progress: &mut dyn FnMut(&str)) -> Result<usize> {
    progress("units and accounts");
    let accounts = people(house.platform())?;
    progress("plugins");
    install(house, files)?;
    grants(house.platform())?;
    share::share(house.platform())?;
    let written = serde_json::to_vec_pretty(&accounts)?;
    folder::write_durably(&folder::demo_accounts(house.folder().path()), &written)
        .context("cannot write the demo's accounts")?;
    import(house, files, &accounts, progress)?;
    progress("subscribers are told of the officers");
    tell(house)?;
    Ok(accounts.len())
}

/// Longest wait for the plugins that follow others' records: minutes more than they need.
const TELLING: Duration = Duration::from_secs(300);

/// Lets the plugins that follow others' records be told of them, as a server does: so that the demo begins with books that
/// know the officers, and what happens next is news.
fn tell(house: &House) -> Result<()> {
    let platform = house.platform();
    let _teller = house.runtime()?.tell().context("cannot tell subscribers")?;
    let begun = Instant::now();
    while begun.elapsed() < TELLING {
        let today = time::day_in_vietnam(platform.clock().now());
        let behind: u64 =
            feed::due(&platform.store().snapshot()?, today)?.iter().map(|(_, behind)| behind).sum();
        if behind == 0 {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    bail!("a plugin was not told of all records that it follows within {} s", TELLING.as_secs())
}

/// Makes units and accounts, in one change.
fn people(platform: &Platform) -> Result<Vec<DemoAccount>> {
    let accounts = ACCOUNTS
        .iter()
        .map(|account| {
            Ok(DemoAccount {
                account: account.login.to_owned(),
                password: password::draw()?,
                unit: account.unit.to_owned(),
                roles: account.grants.iter().map(|grant| grant.role.to_owned()).collect(),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Authority::operator().because(BEGINNING).perform(platform, "init --demo", |call| {
        for unit in UNITS {
            let parent = match unit.parent {
                Some(code) => Some(unit_id(call, code)?),
                None => None,
            };
            let valid_from = unit.since.parse().map_err(|_| damaged(unit.since))?;
            let (code, name, kind) = (unit.code.into(), unit.name.into(), unit.kind.into());
            create_unit(call, NewUnit { code, name, kind, parent, valid_from })?;
        }
        for (account, made) in ACCOUNTS.iter().zip(&accounts) {
            let unit = unit_id(call, account.unit)?;
            create_account(
                call,
                NewAccount {
                    login: account.login.into(),
                    full_name: account.full_name.into(),
                    unit,
                    clearance: account
                        .grants
                        .iter()
                        .map(|grant| grant.label)
                        .max()
                        .unwrap_or(Label::Ordinary),
                    password: Some(Password::new(&made.password)),
                    must_change: false,
                },
            )?;
        }
        Ok(())
    })?;
    Ok(accounts)
}

/// Installs the demo's plugins.
fn install(house: &House, files: &Path) -> Result<()> {
    let authority = Authority::operator().because(BEGINNING);
    for (plugin, home) in PLUGINS {
        let home_unit = authority.perform(house.platform(), "init --demo", |call| unit_id(call, home))?;
        let origin = authority.origin(house.platform(), "init --demo")?;
        let path = files.join(format!("{plugin}.wasm"));
        let component = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let installed = house.runtime()?.install(&component, Install::at(home_unit), &origin);
        installed.with_context(|| format!("cannot install {}", path.display()))?;
    }
    Ok(())
}

/// Gives what the accounts are granted, once the plugins have brought their roles.
fn grants(platform: &Platform) -> Result<()> {
    Authority::operator().because(BEGINNING).perform(platform, "init --demo", |call| {
        for account in ACCOUNTS {
            let to = find_account(call, account.login)?
                .ok_or_else(|| ServiceError::not_found(Thing::Account, account.login))?;
            for granted in account.grants {
                let grant = NewGrant {
                    to: Grantee::Account(to.id),
                    role: granted.role.parse().map_err(|_| damaged(granted.role))?,
                    unit: unit_id(call, granted.unit)?,
                    own: granted.own,
                    label: granted.label,
                    term: Term { from: call.now(), until: None },
                    reason: "Dữ liệu minh hoạ".into(),
                };
                give(call, grant)?;
            }
        }
        let head = find_account(call, people::HEAD)?
            .ok_or_else(|| ServiceError::not_found(Thing::Account, people::HEAD))?;
        let root = root_above(call, head.unit)?;
        name_head(call, root, head.id, Label::Ordinary, "Dữ liệu minh hoạ")?;
        Ok(())
    })?;
    Ok(())
}

/// The accounts of a demo as a table; none when the folder holds no demo.
pub fn accounts_table(data: &Path) -> Result<Option<String>> {
    let path = folder::demo_accounts(data);
    let written = match std::fs::read(&path) {
        Ok(written) => written,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let accounts: Vec<DemoAccount> =
        serde_json::from_slice(&written).with_context(|| format!("{} is damaged", path.display()))?;
    let rows = accounts.into_iter().map(|account| {
        let roles = if account.roles.is_empty() { "–".to_owned() } else { account.roles.join(", ") };
        [account.account, account.password, account.unit, roles]
    });
    Ok(Some(reply::table(["account", "password", "unit", "roles"], rows)))
}

fn unit_id(call: &Call, code: &str) -> Result<UnitId, ServiceError> {
    find_unit(call, code)?.map(|unit| unit.id).ok_or_else(|| ServiceError::not_found(Thing::Unit, code))
}

/// A constant of this folder that is not what it should be; tests hold them to their form.
fn damaged(text: &str) -> ServiceError {
    ServiceError::Damaged { what: format!("demo: {text:?}") }
}
