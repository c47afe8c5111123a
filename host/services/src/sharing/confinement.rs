//! Confinement: what a call has read clings to what it writes.
//!
//! A call carries the highest label it has read and the contracts it read under. A fresh instance for each call makes
//! this sound: nothing that a guest knows comes from anywhere else.
//!
//! | after reading | a call may write |
//! | --- | --- |
//! | up to a label | records and fields of at least that label; lower ones with `dinh.label.declassify`, which is evidence |
//! | under *nothing* | no record |
//! | under *references and derived values* | no text, but what the person submitted themselves in this call |
//! | under *copies until …* | anything; a text that the person did not submit is noted as a copy, and due when the contract ends ([`copies`](super::copies)) |
//!
//! Numbers, days and yes or no are derived values: whoever writes them answers for what they tell.

use std::collections::HashSet;

use dinh_model::{ContractId, Keep, Label, Target, Value};
use serde::{Deserialize, Serialize};

use crate::permissions::LABEL_DECLASSIFY;
use crate::{Call, Refusal, ServiceError};

/// Most bytes of what is derived from what was read, where it is kept outside of records.
const DERIVED: usize = 64;

/// What clings to a call, as it is kept for one that goes on with what this one knows: the next step of a job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clings {
    label: Label,
    contracts: Vec<(ContractId, Keep)>,
    texts: bool,
    copying: Vec<ContractId>,
}

/// What a call has read, as far as it binds what the call may do.
#[derive(Clone, Debug, Default)]
pub struct Confinement {
    label: Label,
    contracts: Vec<(ContractId, Keep)>,
    /// Whether a text was read under a contract that lets only references and derived values be kept.
    texts: bool,
    /// The contracts that let copies be kept, under which a text was read.
    copying: Vec<ContractId>,
    /// Texts that the person submitted in this call.
    submitted: HashSet<String>,
    declassified: bool,
}

impl Confinement {
    /// The highest label that was read.
    pub fn label(&self) -> Label {
        self.label
    }

    /// The contracts that were read under, with what each lets be kept.
    pub fn contracts(&self) -> &[(ContractId, Keep)] {
        &self.contracts
    }

    /// Whether nothing was read that binds.
    pub fn is_free(&self) -> bool {
        self.label == Label::Ordinary && self.contracts.is_empty()
    }

    /// What clings to the call, to be put upon another that goes on with what this one knows.
    pub(crate) fn clings(&self) -> Clings {
        let Self { label, contracts, texts, copying, submitted: _, declassified: _ } = self;
        let (contracts, copying) = (contracts.clone(), copying.clone());
        Clings { label: *label, contracts, texts: *texts, copying }
    }

    /// Puts upon the call what clung to another.
    pub(crate) fn inherit(&mut self, clings: &Clings) {
        self.read(clings.label);
        for (contract, keep) in &clings.contracts {
            if !self.contracts.iter().any(|(known, _)| known == contract) {
                self.contracts.push((*contract, *keep));
            }
        }
        self.texts |= clings.texts;
        for contract in &clings.copying {
            if !self.copying.contains(contract) {
                self.copying.push(*contract);
            }
        }
    }

    /// Whether a text of the plugin's may be kept outside of records: anything while the call is free; else what the
    /// person submitted, or at most [`DERIVED`] bytes of numbers, days and identifiers; under *nothing*, nothing.
    pub(crate) fn lets_keep(&self, text: &[u8]) -> bool {
        if self.is_free() || text.is_empty() {
            return true;
        }
        if self.contracts.iter().any(|(_, keep)| *keep == Keep::Nothing) {
            return false;
        }
        let derived = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-' | b':' | b',' | b'.');
        (text.len() <= DERIVED && text.iter().all(derived))
            || std::str::from_utf8(text).is_ok_and(|text| self.submitted.contains(text))
    }

    /// Notes that something of a label was read.
    pub(crate) fn read(&mut self, label: Label) {
        self.label = self.label.max(label);
    }

    /// Notes a read under a contract; `texts`: some of what was read is text.
    pub(crate) fn read_under(&mut self, contract: ContractId, keep: Keep, texts: bool) {
        if !self.contracts.iter().any(|(known, _)| *known == contract) {
            self.contracts.push((contract, keep));
        }
        self.texts |= texts && keep == Keep::References;
        if texts && keep == Keep::Copies && !self.copying.contains(&contract) {
            self.copying.push(contract);
        }
    }

    /// Notes a text that the person submitted in this call: theirs to give.
    pub fn submitted(&mut self, text: &str) {
        self.submitted.insert(dinh_model::text::nfc(text));
    }

    /// Whether nothing in a value is a text of others.
    pub(crate) fn is_own(&self, value: &Value) -> bool {
        let own = |text: &String| text.is_empty() || self.submitted.contains(text);
        match value {
            Value::Text(text) => own(text),
            Value::Texts(texts) => texts.iter().all(own),
            _ => true,
        }
    }

    /// The contracts whose copies the call writes, when it writes a text that is not the person's own.
    pub(crate) fn copying(&self) -> &[ContractId] {
        &self.copying
    }
}

impl Call {
    /// Whether the call may write these values to a record, after what it has read. `written` holds each value that
    /// changes with the label it is written under; `subject` is how the evidence names the record's collection.
    pub(crate) fn may_write<'v>(
        &mut self,
        subject: &str,
        target: &Target,
        written: impl Iterator<Item = (Label, &'v Value)> + Clone,
    ) -> Result<(), ServiceError> {
        if self.confinement.is_free() {
            return Ok(());
        }
        let refused = |rule, vi: String, en: String| {
            Err(ServiceError::Refused(Refusal {
                rule,
                subject: subject.to_owned(),
                text: dinh_model::Localized { vi, en },
            }))
        };
        if let Some((contract, _)) =
            self.confinement.contracts.iter().find(|(_, keep)| *keep == Keep::Nothing)
        {
            return refused(
                "confined-keep-nothing",
                format!(
                    "Lượt xử lý này đã đọc dữ liệu theo thoả thuận số {contract}, thoả thuận đó không cho lưu giữ gì: không ghi được bản ghi nào."
                ),
                format!(
                    "This call has read under contract {contract}, which lets nothing be kept: it may write no record."
                ),
            );
        }
        if self.confinement.texts && !written.clone().all(|(_, value)| self.confinement.is_own(value)) {
            let contract = self.confinement.contracts.iter().find(|(_, keep)| *keep == Keep::References);
            let contract = contract.map_or(ContractId(0), |(contract, _)| *contract);
            return refused(
                "confined-text",
                format!(
                    "Lượt xử lý này đã đọc văn bản theo thoả thuận số {contract}, thoả thuận đó chỉ cho lưu tham chiếu và giá trị suy ra: không ghi được văn bản, trừ nội dung chính người dùng vừa nhập."
                ),
                format!(
                    "This call has read texts under contract {contract}, which lets only references and derived values be kept: it may write no text but what the person submitted."
                ),
            );
        }
        let lowest = written.map(|(label, _)| label.max(target.label)).min();
        if lowest.is_none_or(|lowest| lowest >= self.confinement.label) {
            return Ok(());
        }
        let above = Target { label: self.confinement.label, ..*target };
        if self.check(&LABEL_DECLASSIFY, &above) {
            if !std::mem::replace(&mut self.confinement.declassified, true) {
                let detail = [("from", self.confinement.label.to_string()), ("to", target.label.to_string())];
                self.evidence("label.declassified", subject.to_owned(), detail);
            }
            return Ok(());
        }
        refused(
            "confined-label",
            "Lượt xử lý này đã đọc dữ liệu Mật nên không ghi được vào bản ghi hoặc trường có độ mật thấp hơn. Người có quyền giải mật mới làm được việc này.".to_owned(),
            "This call has read what is confidential and may not write it to a record or field of a lower label. Only who may declassify can.".to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(keep: Keep, texts: bool) -> Confinement {
        let mut confinement = Confinement::default();
        confinement.read_under(ContractId(1), keep, texts);
        confinement
    }

    #[test]
    fn what_is_kept_between_steps_after_reading_is_derived_or_the_persons_own() {
        let kept = |confinement: &Confinement, text: &str| confinement.lets_keep(text.as_bytes());
        let free = Confinement::default();
        assert!(kept(&free, "Nguyễn Văn An, sinh năm 1980"));
        let mut bound = read(Keep::References, true);
        for derived in ["", "1204", "2026-07-01", "0198f3a2-7d1c-7000-8000-00a0c91e6bf6", "12,7.5:3"] {
            assert!(kept(&bound, derived), "{derived}");
        }
        for text in ["Nguyễn Văn An", "An", &"1".repeat(DERIVED + 1)] {
            assert!(!kept(&bound, text), "{text}");
        }
        bound.submitted("Nguyễn Văn An");
        assert!(kept(&bound, "Nguyễn Văn An"), "the person gave it themselves");
        let nothing = read(Keep::Nothing, false);
        assert!(kept(&nothing, "") && !kept(&nothing, "1204"));
        let mut labelled = Confinement::default();
        labelled.read(Label::Confidential);
        assert!(!kept(&labelled, "An"));
    }

    #[test]
    fn what_clings_to_one_call_clings_to_the_next_and_what_was_submitted_does_not() {
        let mut first = read(Keep::References, true);
        first.read(Label::Confidential);
        first.submitted("Nguyễn Văn An");
        first.read_under(ContractId(2), Keep::Copies, true);
        let mut next = Confinement::default();
        next.inherit(&first.clings());
        assert_eq!(next.clings(), first.clings());
        assert_eq!(
            (next.label(), next.contracts().len(), next.copying()),
            (Label::Confidential, 2, &[ContractId(2)][..])
        );
        assert!(!next.lets_keep("Nguyễn Văn An".as_bytes()));
        let mut free = Confinement::default();
        free.inherit(&Clings::default());
        assert!(free.is_free());
    }
}
