//! What a call leaves as evidence: its deeds with its change, what it was refused, what it has read.

use dinh_access::CompileError;
use dinh_model::{Label, Localized, PluginId, RecordId};
use dinh_store::{Entry, Outcome};

use super::Call;
use crate::sharing::{Contract, Read};
use crate::{Denial, Origin, Refusal, ServiceError, Witnessed};

impl Call {
    /// Puts a deed into the evidence of this call's change. `subject` and `detail` hold identifiers, counts
    /// and reasons, never personal values.
    pub fn evidence(
        &mut self,
        action: &str,
        subject: impl Into<String>,
        detail: impl IntoIterator<Item = (&'static str, String)>,
    ) {
        self.evidence_about(action, subject, detail, &[]);
    }

    /// The same, of a deed about records, or that showed them: what *who has seen this record?* finds.
    ///
    /// One entry; where there are more records than an entry holds ([`Entry::RECORDS`]) one for each so many, which
    /// say so: `part=2/3`.
    pub fn evidence_about(
        &mut self,
        action: &str,
        subject: impl Into<String>,
        detail: impl IntoIterator<Item = (&'static str, String)>,
        records: &[RecordId],
    ) {
        let plugin = self.plugin.clone();
        let whole = entry(&self.origin, plugin, action, subject.into(), Outcome::Done, detail);
        parts(whole, records).into_iter().for_each(|entry| self.transaction.evidence(entry));
    }

    /// Keeps a refusal for the evidence; see [`take_witnessed`](Self::take_witnessed).
    pub fn denied(&mut self, denial: &Denial) {
        self.refusals.denied(&self.origin, self.plugin.clone(), denial);
    }

    /// Keeps an error for the evidence if it is a refusal: by the permission check, by a rule, or by what the tables of
    /// rights hold.
    pub fn refused(&mut self, error: &ServiceError) {
        match error {
            ServiceError::Denied(denial) => self.denied(denial),
            ServiceError::Refused(refusal) => {
                self.refusals.refused(&self.origin, self.plugin.clone(), refusal);
            }
            ServiceError::Rights(CompileError::TooLarge { what, .. }) => {
                let refusal = Refusal {
                    rule: "rights-too-large",
                    subject: (*what).to_owned(),
                    text: Localized::new("", ""),
                };
                self.refusals.refused(&self.origin, self.plugin.clone(), &refusal);
            }
            _ => {}
        }
    }

    /// What was refused and read on the way, for [`Platform::witness`](crate::Platform::witness): by whoever runs the
    /// call, once it is known that it will not be run again, and before anything of its answer leaves.
    pub fn take_witnessed(&mut self) -> Witnessed {
        let mut witnessed = self.take_refused();
        witnessed.entries.extend(self.take_notes());
        witnessed
    }

    /// The same for a call that will be committed: what it read is kept by its own change.
    pub fn take_refused(&mut self) -> Witnessed {
        let entries = std::mem::take(&mut self.refusals).into_entries();
        Witnessed { entries, used: self.sharing.take_limited(self.now()) }
    }

    /// Keeps what was read with what was written.
    pub(crate) fn keep_notes(&mut self) {
        self.take_notes().into_iter().for_each(|entry| self.transaction.evidence(entry));
    }

    fn take_notes(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.notes).into_entries(&self.origin, self.plugin.as_ref())
    }

    /// Notes a read under a contract.
    pub(crate) fn read_shared(&mut self, contract: &Contract, read: &Read<'_>) {
        self.notes.shared(contract, read);
    }

    /// Notes a read of a plugin's own records that are labelled.
    pub(crate) fn read_labelled(&mut self, collection: &str, label: Label, read: &Read<'_>) {
        self.notes.labelled(collection, label, read);
    }
}

/// An entry of evidence. It names the access token that the call came with, or the command that it was brought by.
pub(crate) fn entry(
    origin: &Origin,
    plugin: Option<PluginId>,
    action: &str,
    subject: String,
    outcome: Outcome,
    detail: impl IntoIterator<Item = (&'static str, String)>,
) -> Entry {
    let token = origin.scope.as_ref().map(|scope| ("token", scope.token.to_string()));
    let command = origin.command.iter().flat_map(|command| command.detail());
    Entry {
        at: origin.now,
        actor: origin.actor.clone(),
        plugin,
        action: action.to_owned(),
        subject,
        records: Vec::new(),
        outcome,
        detail: detail
            .into_iter()
            .chain(token)
            .chain(command)
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    }
}

/// An entry about records: as many as they need.
pub(crate) fn parts(whole: Entry, records: &[RecordId]) -> Vec<Entry> {
    let parts = records.len().div_ceil(Entry::RECORDS);
    if parts == 0 {
        return vec![whole];
    }
    let part = |(part, records): (usize, &[RecordId])| {
        let mut entry = Entry { records: records.to_vec(), ..whole.clone() };
        if parts > 1 {
            entry.detail.insert("part".to_owned(), format!("{part}/{parts}"));
        }
        entry
    };
    (1..).zip(records.chunks(Entry::RECORDS)).map(part).collect()
}
