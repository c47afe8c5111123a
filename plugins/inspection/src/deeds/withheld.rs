//! From whom a case is withheld, when its subject is given an account after the case was opened.

use dinh_sdk::prelude::*;
use dinh_sdk::records::update;

use super::{dossier, require, shown_at};
use crate::model::shared::MemberFacts;
use crate::model::{Document, Dossier, Event, Member, Progress};
use crate::permission;

/// The account of a dossier's subject today, where the dossier is not withheld from it yet.
pub(crate) fn now(dossier: &Dossier) -> Result<Option<AccountId>> {
    let Some(member) = dossier.member else { return Ok(None) };
    let facts = match MemberFacts::resolve(&[member]) {
        Err(Error::Denied(_)) => return Ok(None),
        facts => facts?.into_iter().next().flatten(),
    };
    Ok(facts.and_then(|facts| facts.account).filter(|account| dossier.subject_account != Some(*account)))
}

/// Withholds a dossier, and what it is made of, from the account that its subject has today.
pub(crate) fn renew(request: &Request, _: &Submission) -> Result<Outcome> {
    let mut dossier = dossier(request)?;
    require(permission::WORK, &dossier)?;
    all(&mut dossier)?;
    let id = dossier.id;
    dossier.save()?;
    let said = request.say("Hồ sơ không còn hiện với đối tượng", "The dossier is withheld from its subject");
    Ok(Outcome::done(shown_at(id)).saying(said))
}

/// The same before another deed, which saves the dossier.
pub(super) fn all(dossier: &mut Stored<Dossier>) -> Result<()> {
    let account = now(dossier)?;
    if account.is_none() {
        return Ok(());
    }
    dossier.subject_account = account;
    for row in Progress::of(dossier.id)? {
        update(row.id, None, [Progress::SUBJECT_ACCOUNT.set(account)])?;
    }
    for row in Document::of(dossier.id)? {
        update(row.id, None, [Document::SUBJECT_ACCOUNT.set(account)])?;
    }
    for row in Member::of(dossier.id)? {
        update(row.id, None, [Member::SUBJECT_ACCOUNT.set(account)])?;
    }
    for row in Event::all().filter(Event::DOSSIER.is(dossier.id)).list()? {
        update(row.id, None, [Event::SUBJECT_ACCOUNT.set(account)])?;
    }
    Ok(())
}
