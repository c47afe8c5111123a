//! Facts that lead to a page, where that page opens for the reader; elsewhere the same fact without a link.

use dinh_access::Grantee;
use dinh_model::{AccountId, PositionId, UnitId};
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::Fact;
use dinh_services::permissions::{ACCOUNT_MANAGE, AUDIT_READ, GRANT_MANAGE, UNIT_MANAGE};

use super::blocks::{fact, leading, text};
use super::desk::Desk;
use super::{fields, grants};

/// A unit.
pub fn unit(desk: &Desk<'_>, label: String, unit: UnitId) -> Fact {
    let [units, accounts, rights, audit] = [&UNIT_MANAGE, &ACCOUNT_MANAGE, &GRANT_MANAGE, &AUDIT_READ];
    let opens = [units, accounts, rights, audit].into_iter().any(|permission| desk.may(permission, unit));
    led(opens, label, fields::unit(unit), format!("/units/{unit}"))
}

/// A person as whoever decides about them needs to know them: names are not unique, so also by login and unit.
pub fn person(desk: &Desk<'_>, label: String, account: AccountId) -> Vec<Fact> {
    let (name, path) = grants::grantee(desk, Grantee::Account(account));
    let Some(found) = desk.directory().account(account).ok().flatten() else {
        return vec![fact(label, text(name))];
    };
    let opens = desk.may(&ACCOUNT_MANAGE, found.unit) || desk.may(&GRANT_MANAGE, found.unit);
    vec![
        led(opens, label, text(name), path),
        fact(desk.say("Tên đăng nhập", "Login"), text(&found.login)),
        unit(desk, desk.say("Thuộc đơn vị", "Of the unit"), found.unit),
    ]
}

/// A position; `more` goes on its title.
pub fn position(desk: &Desk<'_>, label: String, position: PositionId, more: &str) -> Fact {
    let (title, path) = grants::grantee(desk, Grantee::Position(position));
    let found = desk.directory().position(position).ok().flatten();
    let opens =
        found.is_some_and(|it| desk.may(&ACCOUNT_MANAGE, it.unit) || desk.may(&GRANT_MANAGE, it.unit));
    led(opens, label, text(title + more), path)
}

fn led(opens: bool, label: String, value: Value, path: String) -> Fact {
    if opens { leading(label, value, path) } else { fact(label, value) }
}
