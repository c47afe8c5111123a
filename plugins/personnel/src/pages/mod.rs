//! The pages.

pub(crate) mod corrections;
pub(crate) mod decide;
pub(crate) mod decision;
pub(crate) mod decisions;
pub(crate) mod due;
pub(crate) mod edit;
mod figures;
pub(crate) mod headcount;
pub(crate) mod import;
pub(crate) mod new;
pub(crate) mod notices;
pub(crate) mod own;
pub(crate) mod papers;
pub(crate) mod party_discipline;
pub(crate) mod people;
pub(crate) mod person;
pub(crate) mod reports;
pub(crate) mod settings;

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use crate::model::Person;

/// The address of an officer's sheet.
pub(crate) fn sheet_of(id: RecordId) -> Address {
    Address::new("/people").segment(id)
}

/// The address of a decision.
pub(crate) fn decision_of(id: RecordId) -> Address {
    Address::new("/decisions").segment(id)
}

/// What a record is, for the permission check.
pub(crate) fn target(unit: UnitId, owner: Option<AccountId>) -> access::Target {
    access::Target { unit: unit.0, label: Label::Ordinary, owner: owner.map(|account| account.0) }
}

/// Whether the actor may do something to an officer's record.
pub(crate) fn may(permission: &str, person: &Person) -> bool {
    access::may(permission, person.unit)
}

/// The account that acts: whoever is signed in.
pub(crate) fn actor(request: &Request) -> Result<AccountId> {
    let person = dinh_sdk::accounts::person().map(|person| AccountId(person.account));
    person.ok_or_else(|| {
        Error::Denied(
            request
                .say("Chỉ người đã đăng nhập làm được việc này.", "Only people who are signed in do this.")
                .into(),
        )
    })
}

/// A count as an integer of a table.
pub(crate) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The field that picks a unit to narrow a list.
pub(crate) fn unit_field(request: &Request, unit: Option<UnitId>) -> Field {
    Field::new("unit", request.say("Đơn vị", "Unit"), FieldKind::Unit).value(unit).width(4)
}

/// The field for the day that a list is true of.
pub(crate) fn as_of_field(request: &Request, day: Option<Date>) -> Field {
    Field::date("as-of", request.say("Tại ngày", "As of")).value(day).width(2)
}

/// Goes on only if the officer is somebody else: nobody writes the own record.
pub(crate) fn not_own(request: &Request, person: &Person) -> Result<()> {
    if person.account.is_some() && person.account == Some(actor(request)?) {
        return Err(Error::Denied(
            request
                .say(
                    "Không tự sửa hồ sơ, không tự lập quyết định về chính mình; hãy gửi đề nghị đính chính.",
                    "Nobody writes the own record or drafts decisions on themselves; ask for a correction.",
                )
                .to_owned(),
        ));
    }
    Ok(())
}
