//! Who may what in the demo, as one file that a review sees: a change of rights shows there.
//!
//! The demo's own units, accounts and grants are made by its own code, over the manifests of its plugins; beside them
//! stands, for each role, somebody who has it in each of the situations that the rule tells apart.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use dinh_access::{Grantee, Policy, PublicGrant, ServiceGrant, Term};
use dinh_model::{AccountId, Actor, Label, Permission, RoleId, Target, Timestamp, UnitId};
use dinh_runtime::Manifest;
use dinh_services::accounts::{
    self, NewAccount, NewGrant, NewPosition, Role, create_account, create_position, hold, list_permissions,
    list_roles, suspend,
};
use dinh_services::{Call, FixedClock, Options, Platform, ServiceError, permissions};
use dinh_store::{Signer, Store, memory::Memory};

use super::people::ACCOUNTS;
use super::units::UNITS;
use super::{grants, people, unit_id};
use crate::deeds::Authority;

/// The unit in which the situations take place.
const HOME: &str = "skhdt";

/// When the matrix is drawn.
const TODAY: &str = "2026-03-02T01:00:00Z";

fn demo() -> Arc<Platform> {
    let signer = Signer::from_seed("demo", [7; 32]).unwrap();
    let store = Store::with_backend(Box::new(Memory::new()), signer, dinh_store::Options::default()).unwrap();
    let clock = Arc::new(FixedClock::new(TODAY.parse().unwrap()));
    let platform = Platform::open_with(Path::new("/nowhere"), store, clock, Options::cheap()).unwrap();
    people(&platform).unwrap();
    declare(&platform, "skhdt", include_str!("../../../../plugins/pci-index/plugin.toml"));
    declare(&platform, "snv", include_str!("../../../../plugins/personnel/plugin.toml"));
    declare(&platform, "vptu", include_str!("../../../../plugins/party-finance/plugin.toml"));
    declare(&platform, "ubkttu", include_str!("../../../../plugins/inspection/plugin.toml"));
    grants(&platform).unwrap();
    platform
}

/// What the installation of a plugin tells the platform of its rights.
fn declare(platform: &Arc<Platform>, home: &str, manifest: &str) {
    let manifest = Manifest::parse(manifest).unwrap();
    as_operator(platform, |call| {
        let home = unit_id(call, home)?;
        let permissions: Vec<_> = manifest
            .permissions
            .iter()
            .map(|known| (known.permission.clone(), known.title.clone()))
            .collect();
        let roles: Vec<Role> = manifest
            .roles
            .iter()
            .map(|role| Role {
                id: role.id.clone(),
                title: role.title.clone(),
                permissions: role.permissions.clone(),
            })
            .collect();
        accounts::declare_plugin(call, &manifest.id, home, &permissions, &roles)
    });
}

fn as_operator<T>(platform: &Arc<Platform>, deed: impl FnMut(&mut Call) -> Result<T, ServiceError>) -> T {
    Authority::operator().because("matrix").perform(platform, "matrix", deed).unwrap()
}

/// Somebody of the home unit's planning division, cleared for everything.
fn somebody(call: &mut Call, login: &str) -> Result<AccountId, ServiceError> {
    let unit = unit_id(call, "skhdt-thqh")?;
    let new = NewAccount {
        login: login.into(),
        full_name: "Người Thử".into(),
        unit,
        clearance: Label::Confidential,
        password: None,
        must_change: false,
    };
    Ok(create_account(call, new)?.id)
}

fn give(
    call: &mut Call,
    to: Grantee,
    role: &RoleId,
    change: impl FnOnce(&mut NewGrant),
) -> Result<(), ServiceError> {
    let unit = unit_id(call, HOME)?;
    let mut grant = NewGrant {
        to,
        role: role.clone(),
        unit,
        own: false,
        label: Label::Ordinary,
        term: Term::ALWAYS,
        reason: String::new(),
    };
    change(&mut grant);
    accounts::give(call, grant).map(drop)
}

/// The situations: who has the role how, and what it is asked about.
struct Situations {
    names: Vec<&'static str>,
    asked: Vec<(Actor, Target)>,
}

fn situations(call: &mut Call, role: &RoleId, number: usize) -> Result<Situations, ServiceError> {
    let unit = |call: &Call, code| unit_id(call, code);
    let (home, below, above, beside) =
        (unit(call, HOME)?, unit(call, "skhdt-dkkd")?, unit(call, "tinh")?, unit(call, "snv")?);
    let person = |call: &mut Call, kind: &str| somebody(call, &format!("thu-{number}-{kind}"));
    let plain = person(call, "thuong")?;
    give(call, Grantee::Account(plain), role, |_| {})?;
    let cleared = person(call, "mat")?;
    give(call, Grantee::Account(cleared), role, |grant| grant.label = Label::Confidential)?;
    let own = person(call, "rieng")?;
    give(call, Grantee::Account(own), role, |grant| grant.own = true)?;
    let later = person(call, "sau")?;
    let from: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
    give(call, Grantee::Account(later), role, |grant| grant.term = Term { from, until: None })?;
    let position =
        create_position(call, NewPosition { unit: home, title: dinh_model::Localized::new("Thử", "Test") })?;
    give(call, Grantee::Position(position), role, |_| {})?;
    let holder = person(call, "chuc-vu")?;
    hold(call, holder, position, Term::ALWAYS, "")?;
    let suspended = person(call, "khoa")?;
    give(call, Grantee::Account(suspended), role, |_| {})?;
    suspend(call, suspended, "")?;
    let labelled = |unit: UnitId| Target { unit, label: Label::Confidential, owner: None };
    let owned = |owner| Target { unit: home, label: Label::Ordinary, owner: Some(owner) };
    let rows: Vec<(&'static str, Actor, Target)> = vec![
        ("in its unit", Actor::person(plain), Target::unit(home)),
        ("in a unit below", Actor::person(plain), Target::unit(below)),
        ("in the unit above", Actor::person(plain), Target::unit(above)),
        ("in a unit beside", Actor::person(plain), Target::unit(beside)),
        ("confidential, granted ordinary", Actor::person(plain), labelled(home)),
        ("confidential, granted and cleared", Actor::person(cleared), labelled(home)),
        ("own-record grant, own record", Actor::person(own), owned(own)),
        ("own-record grant, another's record", Actor::person(own), owned(plain)),
        ("own-record grant, nobody's record", Actor::person(own), Target::unit(home)),
        ("before its term", Actor::person(later), Target::unit(home)),
        ("by position", Actor::person(holder), Target::unit(home)),
        ("suspended", Actor::person(suspended), Target::unit(home)),
        (
            "for somebody who lent nothing",
            Actor::Person { account: holder, on_behalf_of: Some(plain) },
            Target::unit(home),
        ),
    ];
    let names = rows.iter().map(|(name, ..)| *name).collect();
    Ok(Situations { names, asked: rows.into_iter().map(|(_, actor, target)| (actor, target)).collect() })
}

fn mark(policy: &Policy, actor: &Actor, permission: &Permission, target: &Target) -> char {
    let now = TODAY.parse().unwrap();
    let allowed = policy.permission(permission).is_some_and(|index| policy.check(actor, index, target, now));
    if allowed { '+' } else { '.' }
}

/// Role × permission × situation. The role of a unit's head administrator cannot be given: its holder is among the
/// demo's accounts.
fn by_role(platform: &Arc<Platform>, text: &mut String) {
    let (roles, known) = as_operator(platform, |call| Ok((list_roles(call)?, list_permissions(call)?)));
    let mut legend = Vec::new();
    let given = roles.iter().filter(|role| role.id != *permissions::HEAD);
    for (number, role) in given.enumerate() {
        let Situations { names, asked } = as_operator(platform, |call| situations(call, &role.id, number));
        legend = names;
        writeln!(text, "\nrole {}", role.id).unwrap();
        let policy = platform.policy();
        for (permission, _) in &known {
            let marks: String =
                asked.iter().map(|(actor, target)| mark(&policy, actor, permission, target)).collect();
            writeln!(text, "  {marks}  {permission}").unwrap();
        }
    }
    let mut columns = String::from("columns\n");
    for (number, name) in legend.iter().enumerate() {
        writeln!(columns, "  {}  {name}", (b'a' + u8::try_from(number).unwrap()) as char).unwrap();
    }
    text.insert_str(0, &columns);
}

/// Demo account, plugin, public × permission: in which units.
fn by_actor(platform: &Arc<Platform>, text: &mut String) {
    let policy = platform.policy();
    let now: Timestamp = TODAY.parse().unwrap();
    let (people, permissions) = as_operator(platform, |call| {
        let people: Vec<_> = ACCOUNTS
            .iter()
            .map(|account| Ok((account.login, accounts::find_account(call, account.login)?)))
            .collect::<Result<_, ServiceError>>()?;
        Ok((people, list_permissions(call)?))
    });
    let code = |unit: UnitId| as_operator(platform, |call| Ok(accounts::get_unit(call, unit)?.code));
    let actors = people
        .into_iter()
        .map(|(login, account)| (login.to_owned(), Actor::person(account.unwrap().id)))
        .chain(
            super::PLUGINS
                .map(|(plugin, _)| (format!("plugin {plugin}"), Actor::Service(plugin.parse().unwrap()))),
        )
        .chain([("public".to_owned(), Actor::Public)]);
    for (name, actor) in actors {
        writeln!(text, "\n{name}").unwrap();
        for (permission, _) in &permissions {
            let index = policy.permission(permission).unwrap();
            let units: Vec<String> =
                policy.scopes(&actor, index, now).units(&policy).into_iter().map(&code).collect();
            let units = match units.len() {
                0 => "–".to_owned(),
                all if all == UNITS.len() => "everywhere".to_owned(),
                _ => units.join(" "),
            };
            writeln!(text, "  {permission}: {units}").unwrap();
        }
    }
}

#[test]
fn the_rights_of_the_demo_are_those_of_the_reviewed_file() {
    let platform = demo();
    let mut actors = String::new();
    by_actor(&platform, &mut actors);
    let mut text = String::new();
    by_role(&platform, &mut text);
    insta::assert_snapshot!("rights", format!("{text}\nwho may what where{actors}"));
}

#[test]
fn nothing_in_the_demo_is_public_or_a_plugins_own_that_was_not_given() {
    let platform = demo();
    let (home, read) =
        as_operator(&platform, |call| Ok((unit_id(call, HOME)?, list_permissions(call)?.pop().unwrap().0)));
    let plugin = Actor::Service("pci-index".parse().unwrap());
    for actor in [&plugin, &Actor::Public] {
        assert_eq!(mark(&platform.policy(), actor, &read, &Target::unit(home)), '.');
    }
    as_operator(&platform, |call| {
        let service = ServiceGrant {
            plugin: "pci-index".parse().unwrap(),
            permission: read.clone(),
            unit: home,
            label: Label::Ordinary,
        };
        accounts::admit_service(call, &service)?;
        accounts::publish(call, &PublicGrant { permission: read.clone(), unit: home })
    });
    for actor in [&plugin, &Actor::Public] {
        assert_eq!(mark(&platform.policy(), actor, &read, &Target::unit(home)), '+');
    }
}
