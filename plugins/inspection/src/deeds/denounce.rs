//! Who denounced: recorded apart from the dossier, by whoever may.

use dinh_sdk::prelude::*;

use super::{actor, dossier, is_open, not_to_come, require};
use crate::model::{Denouncer, Dossier};
use crate::permission;
use crate::rules::kind::Kind;

/// Where who denounced in a dossier is shown.
pub(crate) fn known_at(dossier: RecordId) -> Address {
    Address::new("/denouncers").segment(dossier)
}

/// Records who denounced.
pub(crate) fn register(request: &Request, submission: &Submission) -> Result<Outcome> {
    let dossier = denunciation(request)?;
    Denouncer {
        unit: dossier.unit,
        dossier: dossier.id,
        name: submission.get("name")?,
        identity: submission.get("identity")?,
        address: submission.get("address")?,
        contact: submission.get("contact")?,
        channel: submission.get("channel")?,
        received_on: received_on(request, submission)?,
        protected: submission.get("protected")?,
        letter: submission.field(Denouncer::LETTER)?,
        received_by: actor(request)?,
    }
    .insert()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã ghi người tố cáo", "Recorded")))
}

/// Corrects what was recorded; a letter that is not sent again stays.
pub(crate) fn correct(request: &Request, submission: &Submission) -> Result<Outcome> {
    let dossier = denunciation(request)?;
    require(permission::REGISTER, &dossier)?;
    is_open(request, &dossier)?;
    let mut known = named(request, dossier.id)?;
    known.name = submission.get("name")?;
    known.identity = submission.get("identity")?;
    known.address = submission.get("address")?;
    known.contact = submission.get("contact")?;
    known.channel = submission.get("channel")?;
    known.received_on = received_on(request, submission)?;
    known.protected = submission.get("protected")?;
    let letter: Option<FileId> = submission.field(Denouncer::LETTER)?;
    known.letter = letter.or(known.letter);
    known.save()?;
    Ok(Outcome::done(known_at(dossier.id)).saying(request.say("Đã sửa thông tin người tố cáo", "Corrected")))
}

/// Whoever the address names, of this dossier.
pub(crate) fn named(request: &Request, dossier: RecordId) -> Result<Stored<Denouncer>> {
    let known = Denouncer::get(request.parameter("denouncer")?)?;
    if known.dossier == dossier { Ok(known) } else { Err(Error::NotFound(request.path().to_owned())) }
}

fn denunciation(request: &Request) -> Result<Stored<Dossier>> {
    let dossier = dossier(request)?;
    if dossier.kind()? == Kind::Denunciation {
        return Ok(dossier);
    }
    Err(Error::form(request.say("Đây không phải hồ sơ tố cáo.", "This is no denunciation.")))
}

fn received_on(request: &Request, submission: &Submission) -> Result<Date> {
    let day: Date = submission.get("received-on")?;
    let mut problems = Problems::default();
    not_to_come(request, "received-on", day, &mut problems);
    problems.check()?;
    Ok(day)
}
