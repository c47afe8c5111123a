//! Everything that writes. None of it reads a text of another plugin, so that what it writes is its own, under a contract
//! that lets nothing but references be kept; and all of it writes what is Mật.
//!
//! ```text
//! open        a dossier with the steps of its procedure as of that day
//! documents   what was recorded, with its files
//! work        steps closed
//! direct      extension, suspension and its end, conclusion: by whoever directs, with a reason
//! team        who takes part; nobody related to the subject
//! denounce    who denounced, apart from the dossier
//! discipline  ballots, decisions, decisions undone
//! withheld    a subject who is given an account later, by what personnel tells
//! ```

pub(crate) mod denounce;
pub(crate) mod direct;
pub(crate) mod discipline;
pub(crate) mod documents;
pub(crate) mod open;
pub(crate) mod team;
pub(crate) mod withheld;
pub(crate) mod work;

use dinh_sdk::access::{self, Target};
use dinh_sdk::prelude::*;
use dinh_sdk::{accounts, catalog, time};

use crate::model::{Dossier, Event, Progress};
use crate::rules::procedure::state;

/// The account that acts.
pub(crate) fn actor(request: &Request) -> Result<AccountId> {
    let person = accounts::person().map(|person| AccountId(person.account));
    person.ok_or_else(|| {
        Error::Denied(request.say("Cần đăng nhập.", "Somebody has to be signed in.").to_owned())
    })
}

/// Whether a day is a public holiday, by the province's catalog `holidays`; without it, none is.
pub(crate) fn is_holiday(day: Date) -> bool {
    catalog::list("holidays", day).is_ok_and(|holidays| !holidays.is_empty())
}

/// The dossier that the address names.
fn dossier(request: &Request) -> Result<Stored<Dossier>> {
    Dossier::get(request.parameter("id")?)
}

/// Where a dossier is shown.
pub(crate) fn shown_at(dossier: RecordId) -> Address {
    Address::new("/dossiers").segment(dossier)
}

/// Goes on only if the actor may do this to what belongs to the dossier, all of which is Mật.
fn require(permission: &str, dossier: &Dossier) -> Result<()> {
    access::require(permission, Target { unit: dossier.unit.0, label: Label::Confidential, owner: None })
}

/// Refuses what is done to a dossier that is closed or suspended.
fn is_open(request: &Request, dossier: &Dossier) -> Result<()> {
    let message = match dossier.state.as_str() {
        state::OPEN => return Ok(()),
        state::SUSPENDED => request.say(
            "Hồ sơ đang tạm đình chỉ; cần cho tiếp tục trước.",
            "The dossier is suspended: resume it first.",
        ),
        _ => request.say("Hồ sơ đã kết thúc.", "The dossier is closed."),
    };
    Err(Error::form(message))
}

/// Refuses a day that is yet to come.
fn not_to_come(request: &Request, field: &str, day: Date, problems: &mut Problems) {
    if day > time::today() {
        problems.field(
            field,
            request.say(
                "Ngày này chưa đến; hãy ghi hôm nay hoặc ngày trước đó.",
                "This day is yet to come: today at the latest.",
            ),
        );
    }
}

/// The step of a dossier that is being done.
fn current(dossier: RecordId) -> Result<Option<Stored<Progress>>> {
    Ok(Progress::of(dossier)?.into_iter().find(|step| step.is_current()))
}

/// Notes what happened to a dossier.
fn note(
    request: &Request,
    dossier: &Stored<Dossier>,
    kind: &str,
    reason: Option<String>,
    (from, until): (Option<Date>, Option<Date>),
) -> Result<()> {
    Event {
        unit: dossier.unit,
        dossier: dossier.id,
        kind: kind.to_owned(),
        at: time::now(),
        by: actor(request)?,
        reason,
        from,
        until,
    }
    .insert()?;
    Ok(())
}
