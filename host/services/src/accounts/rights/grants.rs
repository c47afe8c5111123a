//! Grants (phân quyền): role × scope × highest label × term, given to an account or a position.

use dinh_access::{Grantee, Scope, Term};
use dinh_model::{AccountId, GrantId, Label, Permission, PluginId, RoleId, Target, Timestamp, UnitId, key};
use dinh_store::Direction;
use jiff::fmt::serde::timestamp::microsecond;
use serde::{Deserialize, Serialize};

use crate::accounts::model::term;
use crate::accounts::requests::{Agreed, Asked, AskedGrant, Made, propose};
use crate::accounts::{Directory, heads, life, names, people, positions, roles, units};
use crate::call::decode;
use crate::permissions::{self, GRANT_MANAGE};
use crate::space::{self, Counter};
use crate::{Call, ServiceError, Thing};

/// A grant to be given.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// Whom it is given to.
    pub to: Grantee,
    /// Which permissions it gives.
    pub role: RoleId,
    /// It reaches this unit and all below it.
    pub unit: UnitId,
    /// It reaches only records that the person owns.
    pub own: bool,
    /// The highest label it reaches.
    pub label: Label,
    /// When it is in force.
    pub term: Term,
    /// Why it is given; kept with the grant, not in the evidence.
    pub reason: String,
}

/// A grant as it is stored. It stays after it was withdrawn: that somebody once had a right is history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredGrant {
    /// Its number.
    pub id: GrantId,
    /// Whom it is given to.
    pub to: Grantee,
    /// Which permissions it gives.
    pub role: RoleId,
    /// What it reaches.
    pub scope: Scope,
    /// The highest label it reaches.
    pub label: Label,
    /// When it is in force.
    #[serde(with = "term")]
    pub term: Term,
    /// Why it was given.
    pub reason: String,
    /// Who asked for it; none for the owner of the data folder.
    pub given_by: Option<AccountId>,
    /// Who approved it; none when it was given by break-glass.
    pub approved_by: Option<AccountId>,
    /// When it was given.
    #[serde(with = "microsecond::required")]
    pub given: Timestamp,
    /// When and by whom it was withdrawn.
    pub withdrawn: Option<Withdrawal>,
}

/// That a grant was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// When.
    #[serde(with = "microsecond::required")]
    pub at: Timestamp,
    /// By whom; none for the owner of the data folder.
    pub by: Option<AccountId>,
    /// Why.
    pub reason: String,
}

/// Asks for a grant: it is in force when a second person approves it, by break-glass at once. Needs
/// `dinh.grant.manage` for the unit, up to the label; and, for a role with permissions of the platform itself,
/// each of these: nobody makes an administrator of more than they administer.
pub fn give(call: &mut Call, new: NewGrant) -> Result<Made<GrantId>, ServiceError> {
    let unit = units::get_unit(call, new.unit)?.id;
    if new.role == *permissions::HEAD {
        return Err(ServiceError::refused(
            "one-head",
            grantee(new.to),
            "Vai trò quản trị tối cao của đơn vị chỉ được chỉ định hoặc bàn giao, không phân quyền riêng.",
            "The role of a unit's head administrator is given by naming a head or by a hand-over only.",
        ));
    }
    let role = roles::find_role(call, &new.role)?;
    let role = role.ok_or_else(|| ServiceError::not_found(Thing::Role, &new.role))?;
    let id = GrantId(call.next_number(Counter::Grant)?);
    let asked = AskedGrant {
        id,
        to: new.to,
        role: role.id,
        permissions: role.permissions,
        scope: Scope { unit, own: new.own },
        label: new.label,
        term: new.term,
    };
    let request = propose(call, Asked::Grant(asked), &new.reason)?;
    Ok(Made { id, request })
}

/// Goes on only if a grant can be in force: asked when it is asked for, and again when it is approved.
pub(in crate::accounts) fn check(call: &Call, asked: &AskedGrant) -> Result<(), ServiceError> {
    match asked.to {
        Grantee::Account(account) => life::not_ended(&people::get_account(call, account)?)?,
        Grantee::Position(position) => drop(positions::get_position(call, position)?),
    }
    units::in_term(call, asked.scope.unit)?;
    let term = units::checked(asked.term, grantee(asked.to))?;
    if term.until.is_some_and(|until| until <= call.now()) {
        return Err(ServiceError::refused(
            "term-is-over",
            grantee(asked.to),
            "Thời hạn phân quyền đã qua: hãy chọn “Đến hết ngày” từ hôm nay trở đi.",
            "The term of the grant is already over; choose a last day from today on.",
        ));
    }
    let role = roles::find_role(call, &asked.role)?;
    let role = role.ok_or_else(|| ServiceError::not_found(Thing::Role, &asked.role))?;
    if role.permissions != asked.permissions {
        return Err(ServiceError::refused(
            "role-changed",
            grantee(asked.to),
            format!("Vai trò “{}” đã thay đổi sau khi lập đề nghị: hãy từ chối và lập đề nghị mới.", role.id),
            format!(
                "The role {} is not what it was when it was asked for; refuse this and ask anew.",
                role.id
            ),
        ));
    }
    Ok(())
}

/// Puts a grant in force.
pub(in crate::accounts) fn begin(
    call: &mut Call,
    asked: &AskedGrant,
    reason: &str,
    agreed: &Agreed,
) -> Result<(), ServiceError> {
    let grant = StoredGrant {
        id: asked.id,
        to: asked.to,
        role: asked.role.clone(),
        scope: asked.scope,
        label: asked.label,
        term: asked.term,
        reason: reason.to_owned(),
        given_by: agreed.by.map(|by| by.account),
        approved_by: agreed.approved.map(|by| by.account),
        given: call.now(),
        withdrawn: None,
    };
    call.save(to_key(grant.to, Some(grant.id)), &())?;
    call.save(space::grant(grant.id), &grant)?;
    call.evidence("grant.given", grantee(grant.to), detail(&grant).into_iter().chain(agreed.detail()));
    Ok(())
}

/// Withdraws a grant: from the commit on nobody has a right by it, and nothing computed under it commits.
/// Needs `dinh.grant.manage` for its unit.
pub fn withdraw(call: &mut Call, id: GrantId, reason: &str) -> Result<(), ServiceError> {
    let grant = get_grant(call, id)?;
    call.require(&GRANT_MANAGE, &Target::unit(grant.scope.unit))?;
    if grant.withdrawn.is_some() {
        return Ok(());
    }
    heads::not_a_heads(call, &grant)?;
    end(call, grant, reason)
}

/// Ends a grant, when the actor may.
pub(in crate::accounts) fn end(
    call: &mut Call,
    mut grant: StoredGrant,
    reason: &str,
) -> Result<(), ServiceError> {
    grant.withdrawn = Some(Withdrawal { at: call.now(), by: giver(call), reason: names::reason(reason)? });
    call.save(space::grant(grant.id), &grant)?;
    call.evidence("grant.withdrawn", grantee(grant.to), detail(&grant));
    Ok(())
}

/// A grant, in force or not.
pub fn get_grant(call: &Call, id: GrantId) -> Result<StoredGrant, ServiceError> {
    call.load(&space::grant(id))?.ok_or_else(|| ServiceError::not_found(Thing::Grant, id))
}

/// The grants of an account or a position, withdrawn ones included, oldest first. Everybody may see their
/// own; others' need `dinh.grant.manage` for the unit of the account or position.
pub fn grants_to(call: &mut Call, to: Grantee) -> Result<Vec<StoredGrant>, ServiceError> {
    let own = matches!(to, Grantee::Account(account) if call.account() == Some(account));
    if !own {
        let unit = match to {
            Grantee::Account(account) => people::get_account(call, account)?.unit,
            Grantee::Position(position) => positions::get_position(call, position)?.unit,
        };
        call.require(&GRANT_MANAGE, &Target::unit(unit))?;
    }
    all(call, to)
}

/// The grants of all accounts and positions, withdrawn ones included, oldest first: those that reach units in
/// which the actor gives grants, and those of accounts and positions there. Needs `dinh.grant.manage` somewhere.
pub fn list_grants(call: &mut Call) -> Result<Vec<StoredGrant>, ServiceError> {
    let reach = call.require_somewhere(&GRANT_MANAGE, None)?;
    // Shown, not decided upon: no expectations.
    let snapshot = call.transaction.snapshot();
    let directory = Directory::new(snapshot);
    let mut found = Vec::new();
    let mut range = snapshot.range(&[space::GRANT], Some(&[space::GRANT + 1]), Direction::Forward);
    while let Some(item) = range.step()? {
        let grant: StoredGrant = decode(item.key, item.value)?;
        let of = match grant.to {
            Grantee::Account(account) => directory.account(account)?.map(|account| account.unit),
            Grantee::Position(position) => directory.position(position)?.map(|position| position.unit),
        };
        if reach.has(grant.scope.unit) || of.is_some_and(|unit| reach.has(unit)) {
            found.push(grant);
        }
    }
    Ok(found)
}

/// The grants that an account has today, direct and by the positions it holds. Everybody may see their own;
/// others' need `dinh.grant.manage` for the account's unit.
pub fn grants_of(call: &mut Call, account: AccountId) -> Result<Vec<StoredGrant>, ServiceError> {
    let mut found = grants_to(call, Grantee::Account(account))?;
    let now = call.now();
    for held in positions::held_by(call, account)? {
        if held.term.contains(now) {
            found.extend(all(call, Grantee::Position(held.position))?);
        }
    }
    found.retain(|grant| grant.withdrawn.is_none() && grant.term.contains(now));
    Ok(found)
}

/// Grants that were not withdrawn, whatever their terms.
pub(in crate::accounts) fn standing(call: &Call, to: Grantee) -> Result<Vec<StoredGrant>, ServiceError> {
    let mut found = all(call, to)?;
    found.retain(|grant| grant.withdrawn.is_none());
    Ok(found)
}

/// What whoever gives `role` for `unit` up to `label` must be allowed.
pub(in crate::accounts) fn needed(
    call: &Call,
    role: &RoleId,
    unit: UnitId,
    label: Label,
) -> Result<Vec<(Permission, Target)>, ServiceError> {
    let target = Target { unit, label, owner: None };
    let role = roles::find_role(call, role)?.ok_or_else(|| ServiceError::not_found(Thing::Role, role))?;
    let own = role.permissions.into_iter().filter(|permission| permission.plugin() == PluginId::PLATFORM);
    let needed = std::iter::once(GRANT_MANAGE.clone()).chain(own.filter(|own| *own != *GRANT_MANAGE));
    Ok(needed.map(|permission| (permission, target)).collect())
}

fn all(call: &Call, to: Grantee) -> Result<Vec<StoredGrant>, ServiceError> {
    let start = to_key(to, None);
    let end = key::after_prefix(&start);
    let mut grants = Vec::new();
    for item in call.transaction.range(&start, end.as_deref(), Direction::Forward) {
        if let Some(id) = space::trailing_number(&item?.0) {
            grants.push(get_grant(call, GrantId(id))?);
        }
    }
    Ok(grants)
}

fn giver(call: &Call) -> Option<AccountId> {
    if call.origin.operator { None } else { call.account() }
}

fn detail(grant: &StoredGrant) -> [(&'static str, String); 5] {
    [
        ("grant", grant.id.to_string()),
        ("role", grant.role.to_string()),
        ("unit", grant.scope.unit.to_string()),
        ("own", grant.scope.own.to_string()),
        ("label", grant.label.to_string()),
    ]
}

pub(in crate::accounts) fn grantee(to: Grantee) -> String {
    match to {
        Grantee::Account(account) => people::subject(account),
        Grantee::Position(position) => format!("position:{position}"),
    }
}

fn to_key(to: Grantee, grant: Option<GrantId>) -> Vec<u8> {
    let (kind, number) = match to {
        Grantee::Account(account) => (0u8, account.0),
        Grantee::Position(position) => (1, position.0),
    };
    let mut key = space::key(space::GRANT_TO, &[&[kind], &number.to_be_bytes()]);
    key.extend(grant.iter().flat_map(|grant| grant.0.to_be_bytes()));
    key
}
