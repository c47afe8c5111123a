//! From whom a case is withheld, when its subject is given an account after the case was opened: personnel tells of it
//! (`events`), and the dossier names the account from then on. All that refers to the dossier is withheld as it is.

use dinh_sdk::events::Event;
use dinh_sdk::prelude::*;
use dinh_sdk::records::update;

use crate::model::Dossier;
use crate::model::shared::MemberFacts;

/// What happened to the members. A contract that begins tells of all of them: who was given an account in the meantime is
/// among them.
pub(crate) fn members(event: &Event) -> Result<()> {
    let Event::Changed(changes) = event else { return Ok(()) };
    let present: Vec<RecordId> =
        changes.iter().filter(|change| change.present).map(|change| change.id).collect();
    for (member, facts) in present.iter().zip(MemberFacts::resolve(&present)?) {
        if let Some(account) = facts.and_then(|facts| facts.account) {
            withhold(*member, account)?;
        }
    }
    Ok(())
}

/// Withholds the dossiers about a member from the account that is theirs. Who has none any more changes nothing: the
/// dossier stays withheld from the last one.
fn withhold(member: RecordId, account: AccountId) -> Result<()> {
    for dossier in Dossier::all().filter(Dossier::MEMBER.is(member)).list()? {
        if dossier.subject_account != Some(account) {
            update(dossier.id, None, [Dossier::SUBJECT_ACCOUNT.set(Some(account))])?;
        }
    }
    Ok(())
}
