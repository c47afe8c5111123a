//! Changes of members that somebody has looked at.

use dinh_sdk::prelude::*;

use crate::model::{Watched, review};

/// Notes that the selected changes were looked at.
pub(crate) fn submit(request: &Request, submission: &Submission) -> Result<Outcome> {
    for id in submission.selected() {
        let mut watched = Watched::get(id.parse().map_err(|_| Error::NotFound(id.clone()))?)?;
        watched.record.state = review::DONE.to_owned();
        watched.save()?;
    }
    Ok(Outcome::done("/changes").saying(request.say("Đã rà soát", "Reviewed")))
}
