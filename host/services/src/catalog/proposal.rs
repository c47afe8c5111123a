//! Proposals (đề nghị sửa danh mục): whoever may asks for new or other entries, a steward of the owner decides.
//!
//! The entries lie beside the request, in parts, so that a list of requests stays short to read. Each remembers in
//! which version it was last changed: what changed since is not overwritten.

use dinh_model::{RequestId, Target, UnitId};
use dinh_store::Direction;
use serde::{Deserialize, Serialize};

use super::library::open;
use super::model::{Kept, end_of, entry_key, proposal_key};
use super::{Entry, manage, rules};
use crate::accounts::{self, Agreed, Asked};
use crate::call::decode;
use crate::permissions::CATALOG_PROPOSE;
use crate::space::{self, Counter};
use crate::{Call, ServiceError};

/// Most entries of one proposal; whoever owns the data folder may write more at once.
pub const MOST_PROPOSED: usize = 5_000;
/// Entries of one part.
const PART: usize = 256;
/// Codes that a request names in its list.
const NAMED: usize = 5;
/// Mistakes that a refusal names.
const MISTAKES: usize = 3;

/// Entries that are asked for; they lie under the number of the proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedEntries {
    /// Where they lie.
    pub proposal: u32,
    /// Of which catalog.
    pub catalog: String,
    /// The unit of whoever asks.
    pub unit: UnitId,
    /// How many are new.
    pub added: u32,
    /// How many change what is there.
    pub changed: u32,
    /// The first codes, for lists.
    pub codes: Vec<String>,
    /// They came with the platform.
    pub shipped: bool,
}

impl AskedEntries {
    /// How many entries.
    pub fn len(&self) -> u32 {
        self.added.saturating_add(self.changed)
    }

    /// Whether there are none, which nobody asks for.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// An entry that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// As it is to be.
    pub entry: Entry,
    /// The version that made it what it was when it was asked for; none for a new one.
    pub was: Option<u32>,
}

/// Asks for one entry: a new one, or another content for one that is there. Needs `dinh.catalog.propose` in the unit
/// of whoever asks. The request that waits for a steward; none when it is in force at once, by break-glass.
pub fn propose(
    call: &mut Call,
    catalog: &str,
    entry: Entry,
    reason: &str,
) -> Result<Option<RequestId>, ServiceError> {
    let compiled = open(call, catalog)?;
    let entry = rules::normal(entry);
    if compiled.get(&entry.code) == Some(&entry) {
        return Err(ServiceError::invalid(
            "Đề nghị không thay đổi gì so với mã đang có.",
            "This changes nothing; the entry is so already.",
        ));
    }
    let rows = [rules::Row::only(entry)];
    if let Some(mistakes) = mistakes(&rules::check(&compiled, &rows, call.language())) {
        return Err(ServiceError::invalid(mistakes.clone(), mistakes));
    }
    let [row] = rows;
    ask(call, catalog, vec![row.entry], reason, false)
}

/// Goes on only if the actor may propose entries: for the unit of their own account, which it gives back.
pub fn require_proposer(call: &mut Call) -> Result<UnitId, ServiceError> {
    let unit = match call.account() {
        Some(account) => accounts::get_account(call, account)?.unit,
        None => UnitId(0),
    };
    call.require(&CATALOG_PROPOSE, &Target::unit(unit))?;
    Ok(unit)
}

/// Asks for entries that were checked.
pub(super) fn ask(
    call: &mut Call,
    catalog: &str,
    entries: Vec<Entry>,
    reason: &str,
    shipped: bool,
) -> Result<Option<RequestId>, ServiceError> {
    if call.origin.operator {
        let owner = open(call, catalog)?.catalog().definition.owner;
        for (permission, target) in manage::of_steward(call, owner)? {
            call.require(&permission, &target)?;
        }
        let reason = accounts::names::reason(reason)?;
        manage::write(call, catalog, entries, &Agreed::OPERATOR, (&reason, shipped))?;
        return Ok(None);
    }
    if entries.len() > MOST_PROPOSED {
        return Err(ServiceError::invalid(
            format!("Một đề nghị có tối đa {MOST_PROPOSED} mã: hãy chia nhỏ tệp."),
            format!("A proposal holds at most {MOST_PROPOSED} entries; split the file."),
        ));
    }
    let unit = require_proposer(call)?;
    let proposal = call.next_number(Counter::Proposal)?;
    let (mut added, mut changed) = (0, 0);
    let codes = entries.iter().take(NAMED).map(|entry| entry.code.clone()).collect();
    let mut proposed = Vec::with_capacity(entries.len());
    for entry in entries {
        let was = version_of(call, catalog, &entry.code)?;
        match was {
            Some(_) => changed += 1,
            None => added += 1,
        }
        proposed.push(Proposed { entry, was });
    }
    for (part, entries) in (0..).zip(proposed.chunks(PART)) {
        call.save(proposal_key(proposal, part), &entries)?;
    }
    let catalog = catalog.to_owned();
    let asked = AskedEntries { proposal, catalog, unit, added, changed, codes, shipped };
    accounts::propose(call, Asked::Entries(asked), reason)
}

/// The entries that are asked for, in their order.
pub fn proposed(call: &Call, asked: &AskedEntries) -> Result<Vec<Proposed>, ServiceError> {
    let prefix = space::numbered(space::PROPOSAL, asked.proposal);
    let mut all = Vec::new();
    for item in call.transaction.range(&prefix, end_of(&prefix).as_deref(), Direction::Forward) {
        let (key, stored) = item?;
        all.extend(decode::<Vec<Proposed>>(&key, &stored.value)?);
    }
    Ok(all)
}

/// Goes on only if what is asked for can be.
pub(crate) fn check(call: &Call, asked: &AskedEntries) -> Result<(), ServiceError> {
    let compiled = open(call, &asked.catalog)?;
    let subject = || manage::subject(&asked.catalog);
    let mut rows = Vec::new();
    for Proposed { entry, was } in proposed(call, asked)? {
        if version_of(call, &asked.catalog, &entry.code)? != was {
            let code = &entry.code;
            return Err(ServiceError::refused(
                "catalog-entry-changed",
                subject(),
                format!(
                    "Mã “{code}” đã được sửa sau khi lập đề nghị: hãy từ chối; người đề nghị xem lại rồi lập đề nghị mới."
                ),
                format!(
                    "The entry {code:?} was changed since this was asked for; refuse it, and let it be looked at and asked for anew."
                ),
            ));
        }
        rows.push(rules::Row::only(entry));
    }
    match mistakes(&rules::check(&compiled, &rows, call.language())) {
        None => Ok(()),
        Some(mistakes) => Err(ServiceError::refused("catalog-rules", subject(), mistakes.clone(), mistakes)),
    }
}

/// Puts it in force.
pub(crate) fn apply(
    call: &mut Call,
    asked: &AskedEntries,
    reason: &str,
    agreed: &Agreed,
) -> Result<(), ServiceError> {
    let entries = proposed(call, asked)?.into_iter().map(|proposed| proposed.entry).collect();
    manage::write(call, &asked.catalog, entries, agreed, (reason, asked.shipped)).map(drop)
}

/// The version in which an entry was last changed; none when there is no such code.
pub(super) fn version_of(call: &Call, catalog: &str, code: &str) -> Result<Option<u32>, ServiceError> {
    Ok(call.load::<Kept>(&entry_key(catalog, code))?.map(|kept| kept.version))
}

/// The first mistakes in one text; none when there are none.
fn mistakes(problems: &[crate::sheets::Problem]) -> Option<String> {
    let said = problems.iter().take(MISTAKES).map(|problem| {
        let column = problem.column.as_deref().unwrap_or_default();
        format!("{column} “{}”: {}. {}", problem.value, problem.message, problem.remedy)
    });
    let said: Vec<_> = said.collect();
    (!said.is_empty()).then(|| said.join(" "))
}
