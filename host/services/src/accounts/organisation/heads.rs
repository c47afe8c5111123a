//! Head administrators (quản trị tối cao): exactly one for each unit, always (Khánh Hòa, quy chế 2023, điều 19.2c:
//! “chỉ có duy nhất 01 tài khoản quản trị tối cao”).
//!
//! A unit's head lies under the unit's own key, so there cannot be two. A unit without a head of its own has the
//! head of the nearest unit above it, so from the moment a root has one no unit below is without. The head's
//! rights are one grant of the role `dinh.head`, which only these deeds give and take:
//!
//! ```text
//! name_head   (none yet)  ──▶ request ──approved──▶ grant + place, one change
//! hand_over   (there is one)──▶ request ──approved──▶ old grant withdrawn + new grant + place, one change
//! ```
//! A head may not be suspended, closed or transferred before handing over. The head of a unit whose term is over
//! leaves that place with the account.

use dinh_access::{Grantee, Scope, Term};
use dinh_model::{AccountId, GrantId, Label, Timestamp, UnitId, key};
use dinh_store::Direction;
use jiff::fmt::serde::timestamp::microsecond;
use serde::{Deserialize, Serialize};

use crate::accounts::requests::{Agreed, Asked, AskedGrant, Made, propose};
use crate::accounts::{StoredGrant, grants, life, people, roles, units};
use crate::permissions;
use crate::space::{self, Counter};
use crate::{Call, ServiceError, Thing};

/// A unit's head administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The unit.
    pub unit: UnitId,
    /// Who.
    pub account: AccountId,
    /// The grant that the head's rights come from.
    pub grant: GrantId,
    /// Up to which label.
    pub label: Label,
    /// Since when.
    #[serde(with = "microsecond::required")]
    pub since: Timestamp,
}

/// The head named for a unit itself; none when the head of a unit above is responsible.
pub fn own_head(call: &Call, unit: UnitId) -> Result<Option<Head>, ServiceError> {
    call.load(&place(unit))
}

/// The head responsible for a unit: its own, or that of the nearest unit above. None only in a house whose roots
/// have none yet.
pub fn head_of(call: &Call, unit: UnitId) -> Result<Option<Head>, ServiceError> {
    let mut next = Some(unit);
    while let Some(unit) = next {
        if let Some(head) = own_head(call, unit)? {
            return Ok(Some(head));
        }
        next = units::get_unit(call, unit)?.parent;
    }
    Ok(None)
}

/// The units that an account is the head of, by number.
pub fn headed_by(call: &Call, account: AccountId) -> Result<Vec<UnitId>, ServiceError> {
    let start = space::numbered(space::HEAD_OF, account.0);
    let end = key::after_prefix(&start);
    let mut found = Vec::new();
    for item in call.transaction.range(&start, end.as_deref(), Direction::Forward) {
        found.extend(space::trailing_number(&item?.0).map(UnitId));
    }
    Ok(found)
}

/// Asks that an account becomes the first head of a unit: it does when a second person approves, by break-glass at
/// once. Refused when the unit has one already. Needs `dinh.grant.manage` for the unit, up to the label, and all that
/// the role `dinh.head` holds.
pub fn name_head(
    call: &mut Call,
    unit: UnitId,
    account: AccountId,
    label: Label,
    reason: &str,
) -> Result<Made<UnitId>, ServiceError> {
    let id = units::get_unit(call, unit)?.id;
    let request = propose(call, Asked::Head { unit: id, account, label, replaces: None }, reason)?;
    Ok(Made { id, request })
}

/// Asks that a unit's head hands over to another account. Whoever is the head stays it until a second person
/// approves; then the one's grant ends and the other's begins, in one change. Needs what [`name_head`] needs, which
/// the head has.
pub fn hand_over(
    call: &mut Call,
    unit: UnitId,
    account: AccountId,
    reason: &str,
) -> Result<Made<UnitId>, ServiceError> {
    let found = units::get_unit(call, unit)?;
    let Some(Head { account: replaces, label, .. }) = own_head(call, unit)? else {
        return Err(ServiceError::invalid(
            format!("Đơn vị “{}” chưa có quản trị tối cao riêng: hãy chỉ định.", found.name),
            format!("The unit “{}” has no head of its own to hand over; name one.", found.code),
        ));
    };
    let asked = Asked::Head { unit, account, label, replaces: Some(replaces) };
    let request = propose(call, asked, reason)?;
    Ok(Made { id: unit, request })
}

/// Goes on only if an account can take this place: asked when it is asked for, and again when it is approved.
pub(in crate::accounts) fn check(
    call: &Call,
    unit: UnitId,
    account: AccountId,
    replaces: Option<AccountId>,
) -> Result<(), ServiceError> {
    let unit = units::in_term(call, unit)?;
    let subject = || units::subject(unit.id);
    let current = own_head(call, unit.id)?.map(|head| head.account);
    if current.is_some() && replaces.is_none() {
        return Err(ServiceError::refused(
            "one-head",
            subject(),
            format!("Đơn vị “{}” đã có quản trị tối cao: mỗi đơn vị chỉ có một; hãy bàn giao.", unit.name),
            format!("The unit “{}” has a head administrator, and only one; hand over instead.", unit.code),
        ));
    }
    if current != replaces {
        return Err(ServiceError::refused(
            "head-changed",
            subject(),
            "Quản trị tối cao của đơn vị đã thay đổi sau khi lập đề nghị: hãy từ chối và lập đề nghị mới.",
            "The unit's head is not whom it was when this was asked for; refuse this and ask anew.",
        ));
    }
    let taker = people::get_account(call, account)?;
    if current == Some(account) {
        return Err(ServiceError::invalid(
            format!("“{}” đang là quản trị tối cao của đơn vị này.", taker.login),
            format!("“{}” is the head of this unit already.", taker.login),
        ));
    }
    if taker.state != crate::accounts::AccountState::Active {
        life::approved(&taker)?;
        return Err(ServiceError::invalid(
            format!("Tài khoản “{}” đang tạm khoá, không thể nhận quản trị.", taker.login),
            format!("The account “{}” is suspended and cannot be a head.", taker.login),
        ));
    }
    // Somebody of the unit, or whoever answers for it from above.
    let above = match unit.parent {
        Some(parent) => head_of(call, parent)?.map(|head| head.account),
        None => None,
    };
    if !units::is_below(call, taker.unit, unit.id)? && above != Some(account) {
        return Err(ServiceError::refused(
            "head-of-the-unit",
            subject(),
            format!("“{}” không thuộc đơn vị “{}”: hãy chọn người của đơn vị.", taker.login, unit.name),
            format!("“{}” is not of the unit “{}”; choose somebody who is.", taker.login, unit.code),
        ));
    }
    Ok(())
}

/// Puts an account in a unit's place of the head; whoever had it leaves it in the same change.
pub(in crate::accounts) fn begin(
    call: &mut Call,
    unit: UnitId,
    account: AccountId,
    label: Label,
    reason: &str,
    agreed: &Agreed,
) -> Result<(), ServiceError> {
    let before = own_head(call, unit)?;
    if let Some(before) = &before {
        vacate(call, before, reason)?;
    }
    let role = roles::find_role(call, &permissions::HEAD)?
        .ok_or_else(|| ServiceError::not_found(Thing::Role, &*permissions::HEAD))?;
    let grant = AskedGrant {
        id: GrantId(call.next_number(Counter::Grant)?),
        to: Grantee::Account(account),
        role: role.id,
        permissions: role.permissions,
        scope: Scope { unit, own: false },
        label,
        term: Term { from: call.now(), until: None },
    };
    grants::begin(call, &grant, reason, agreed)?;
    call.save(place(unit), &Head { unit, account, grant: grant.id, label, since: call.now() })?;
    call.save(of(account, unit), &())?;
    let mut detail = vec![("head", account.to_string()), ("grant", grant.id.to_string())];
    detail.extend(before.map(|before| ("before", before.account.to_string())));
    detail.extend(agreed.detail());
    call.evidence("head.named", units::subject(unit), detail);
    Ok(())
}

/// Goes on only with an account that has handed over what it heads: units in their terms are never without a head.
pub(in crate::accounts) fn may_leave(call: &Call, account: AccountId) -> Result<(), ServiceError> {
    for unit in headed_by(call, account)? {
        let unit = units::get_unit(call, unit)?;
        if unit.valid_until.is_none_or(|until| call.today() < until) {
            return Err(ServiceError::refused(
                "head-hands-over-first",
                people::subject(account),
                format!(
                    "Tài khoản là quản trị tối cao của “{}”: hãy bàn giao cho người khác trước.",
                    unit.name
                ),
                format!("The account is the head administrator of “{}”; let it hand over first.", unit.code),
            ));
        }
    }
    Ok(())
}

/// The same, and of units whose term is over, in which nobody is left to hand over to, it is the head no longer.
pub(in crate::accounts) fn leave(call: &mut Call, account: AccountId) -> Result<(), ServiceError> {
    may_leave(call, account)?;
    for unit in headed_by(call, account)? {
        if let Some(head) = own_head(call, unit)? {
            vacate(call, &head, "")?;
            call.transaction.delete(place(unit));
            call.evidence("head.left", units::subject(unit), [("before", account.to_string())]);
        }
    }
    Ok(())
}

/// Goes on only with a grant that is not where a head's rights come from.
pub(in crate::accounts) fn not_a_heads(call: &Call, grant: &StoredGrant) -> Result<(), ServiceError> {
    if own_head(call, grant.scope.unit)?.is_some_and(|head| head.grant == grant.id) {
        return Err(ServiceError::refused(
            "one-head",
            units::subject(grant.scope.unit),
            "Đây là quyền của quản trị tối cao: đơn vị không thể thiếu; hãy bàn giao cho người khác.",
            "This grant makes the unit's head administrator, whom a unit is never without; hand over instead.",
        ));
    }
    Ok(())
}

fn vacate(call: &mut Call, head: &Head, reason: &str) -> Result<(), ServiceError> {
    let grant = grants::get_grant(call, head.grant)?;
    grants::end(call, grant, reason)?;
    call.transaction.delete(of(head.account, head.unit));
    Ok(())
}

fn place(unit: UnitId) -> Vec<u8> {
    space::numbered(space::HEAD, unit.0)
}

fn of(account: AccountId, unit: UnitId) -> Vec<u8> {
    space::key(space::HEAD_OF, &[&account.0.to_be_bytes(), &unit.0.to_be_bytes()])
}
