//! The first two accounts of a house. Nobody is there yet who could approve them, so two people begin together, each
//! with a password of their own; from then on each can approve what the other asks for.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Label, RoleId, UnitId};

use super::password::Password;
use super::{
    NewAccount, NewGrant, NewUnit, create_account, create_unit, find_unit, give, name_head, names, units,
};
use crate::permissions::{ACCOUNT_APPROVE, ADMINISTRATOR, DIRECTOR};
use crate::space::{self, Counter};
use crate::{Call, ServiceError};

/// One of the two who begin.
#[derive(Clone, Debug)]
pub struct FirstPerson {
    /// The sign-in name.
    pub login: String,
    /// The full name.
    pub full_name: String,
    /// A password that only this person knows.
    pub password: Password,
}

/// How a house begins.
#[derive(Clone, Debug)]
pub struct Ceremony {
    /// The root unit; one that was created already is taken as it is.
    pub unit: NewUnit,
    /// Who begins. The first is the root's head administrator.
    pub people: [FirstPerson; 2],
}

/// What a house began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The root unit.
    pub unit: UnitId,
    /// The two accounts.
    pub people: [AccountId; 2],
}

/// Begins a house: a root unit, and two accounts that are administrator and director of it, up to Mật, so that every
/// right can be given by one and approved by the other. Only the owner of the data folder can, and only while the
/// house has no account. The evidence names both.
pub fn begin_house(call: &mut Call, ceremony: Ceremony) -> Result<Begun, ServiceError> {
    call.require_everywhere(&ACCOUNT_APPROVE)?;
    if !call.origin.operator || call.holds(&space::counter(Counter::Account))? {
        return Err(ServiceError::refused(
            "begins-once",
            "house",
            "Hệ thống đã có tài khoản: tài khoản mới do người có quyền đề nghị và người khác phê duyệt.",
            "The house has accounts: from now on one person asks for an account and another approves it.",
        ));
    }
    let [one, other] = &ceremony.people;
    if one.password.bytes() == other.password.bytes() {
        return Err(ServiceError::invalid(
            "Hai người phải có mật khẩu khác nhau, mỗi người tự đặt.",
            "The two need different passwords, each known to one of them only.",
        ));
    }
    if names::login(&one.login)? == names::login(&other.login)? {
        return Err(ServiceError::invalid(
            format!("Hai người phải có tên đăng nhập khác nhau, không cùng là “{}”.", one.login),
            format!("The two need different logins; both are “{}”.", one.login),
        ));
    }
    let unit = root(call, ceremony.unit)?;
    let [one, other] = ceremony.people;
    let people = [person(call, one, unit)?, person(call, other, unit)?];
    let [first, second] = people;
    name_head(call, unit, first, Label::Confidential, REASON)?;
    let detail = [("first", first.to_string()), ("second", second.to_string())];
    call.evidence("house.begun", units::subject(unit), detail);
    Ok(Begun { unit, people })
}

/// Why the first grants were given.
const REASON: &str = "Khởi tạo hệ thống, hai người cùng thực hiện";

/// Which of the two an error is about.
fn about(login: &str, error: ServiceError) -> ServiceError {
    match error {
        ServiceError::Invalid(text) => {
            ServiceError::invalid(format!("{login}: {}", text.vi), format!("{login}: {}", text.en))
        }
        other => other,
    }
}

fn root(call: &mut Call, unit: NewUnit) -> Result<UnitId, ServiceError> {
    let Some(found) = find_unit(call, &unit.code)? else { return create_unit(call, unit) };
    if found.parent.is_some() {
        return Err(ServiceError::invalid(
            format!("Đơn vị “{}” không phải đơn vị cấp cao nhất.", found.name),
            format!("The unit “{}” is not a root; begin with the one above all.", found.code),
        ));
    }
    Ok(found.id)
}

fn person(call: &mut Call, person: FirstPerson, unit: UnitId) -> Result<AccountId, ServiceError> {
    let account = NewAccount {
        login: person.login,
        full_name: person.full_name,
        unit,
        clearance: Label::Confidential,
        password: Some(person.password),
        must_change: false,
    };
    let login = account.login.clone();
    let account = create_account(call, account).map_err(|error| about(&login, error))?.id;
    let roles: [&RoleId; 2] = [&ADMINISTRATOR, &DIRECTOR];
    for role in roles {
        let grant = NewGrant {
            to: Grantee::Account(account),
            role: role.clone(),
            unit,
            own: false,
            label: Label::Confidential,
            term: Term { from: call.now(), until: None },
            reason: REASON.to_owned(),
        };
        give(call, grant)?;
    }
    Ok(account)
}
