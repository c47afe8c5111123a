//! Who denounced: recorded apart from the dossier, by whoever may.

use dinh_sdk::prelude::*;

use super::{actor, dossier, not_to_come};
use crate::model::Denouncer;
use crate::rules::kind::Kind;

/// Records who denounced.
pub(crate) fn register(request: &Request, submission: &Submission) -> Result<Outcome> {
    let dossier = dossier(request)?;
    if dossier.kind()? != Kind::Denunciation {
        return Err(Error::form(request.say("Đây không phải hồ sơ tố cáo.", "This is no denunciation.")));
    }
    let received_on: Date = submission.get("received-on")?;
    let mut problems = Problems::default();
    not_to_come(request, "received-on", received_on, &mut problems);
    problems.check()?;
    Denouncer {
        unit: dossier.unit,
        dossier: dossier.id,
        name: submission.get("name")?,
        identity: submission.get("identity")?,
        address: submission.get("address")?,
        contact: submission.get("contact")?,
        channel: submission.get("channel")?,
        received_on,
        protected: submission.get("protected")?,
        received_by: actor(request)?,
        subject_account: dossier.subject_account,
    }
    .insert()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã ghi người tố cáo", "Recorded")))
}
