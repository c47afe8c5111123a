//! A decision on an officer.

use dinh_sdk::RegisterNumber;
use dinh_sdk::prelude::*;

/// How far a decision is.
pub(crate) mod state {
    /// Being written.
    pub(crate) const DRAFT: &str = "draft";
    /// Waits for the signature.
    pub(crate) const SUBMITTED: &str = "submitted";
    /// Given back to whoever drafted it.
    pub(crate) const RETURNED: &str = "returned";
    /// Signed; its day is yet to come.
    pub(crate) const PENDING: &str = "pending";
    /// Signed, and written into the record.
    pub(crate) const SIGNED: &str = "signed";
}

/// What a decision does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Tuyển dụng.
    Recruit,
    /// Bổ nhiệm.
    Appoint,
    /// Điều động.
    Transfer,
    /// Nâng ngạch.
    Promote,
    /// Nâng bậc lương.
    Raise,
    /// Hưởng phụ cấp.
    Allowance,
    /// Thôi hưởng phụ cấp.
    EndAllowance,
    /// Công nhận trình độ đào tạo.
    Training,
    /// Khen thưởng.
    Reward,
    /// Kỷ luật.
    Discipline,
    /// Nghỉ hưu.
    Retire,
}

impl Kind {
    /// All of them, in the order of a career.
    pub(crate) const ALL: [Self; 11] = [
        Self::Recruit,
        Self::Appoint,
        Self::Transfer,
        Self::Promote,
        Self::Raise,
        Self::Allowance,
        Self::EndAllowance,
        Self::Training,
        Self::Reward,
        Self::Discipline,
        Self::Retire,
    ];

    /// Whether it says what is paid besides the coefficient.
    pub(crate) fn pays(self) -> bool {
        matches!(self, Self::Recruit | Self::Appoint | Self::Promote | Self::Raise)
    }

    /// As it is stored, and stands in addresses.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Recruit => "recruit",
            Self::Appoint => "appoint",
            Self::Transfer => "transfer",
            Self::Promote => "promote",
            Self::Raise => "raise",
            Self::Allowance => "allowance",
            Self::EndAllowance => "end-allowance",
            Self::Training => "training",
            Self::Reward => "reward",
            Self::Discipline => "discipline",
            Self::Retire => "retire",
        }
    }

    /// The kind of a key.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Its name.
    pub(crate) fn name(self, language: Language) -> &'static str {
        let (vi, en) = match self {
            Self::Recruit => ("Tuyển dụng", "Recruitment"),
            Self::Appoint => ("Bổ nhiệm", "Appointment"),
            Self::Transfer => ("Điều động", "Transfer"),
            Self::Promote => ("Nâng ngạch", "Promotion"),
            Self::Raise => ("Nâng bậc lương", "Raise"),
            Self::Allowance => ("Hưởng phụ cấp", "Allowance"),
            Self::EndAllowance => ("Thôi hưởng phụ cấp", "End of an allowance"),
            Self::Training => ("Công nhận trình độ đào tạo", "Training finished"),
            Self::Reward => ("Khen thưởng", "Reward"),
            Self::Discipline => ("Kỷ luật", "Discipline"),
            Self::Retire => ("Nghỉ hưu", "Retirement"),
        };
        language.of(vi, en)
    }
}

/// A decision (quyết định).
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "decisions")]
pub(crate) struct Decision {
    pub(crate) person: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) title: String,
    pub(crate) content: Option<String>,
    /// Numbers of the documents it rests on.
    pub(crate) document: Option<String>,
    /// The documents themselves.
    pub(crate) proposal: Option<FileId>,
    /// The decision as it was signed.
    pub(crate) scan: Option<FileId>,
    pub(crate) effective_on: Date,
    pub(crate) drafted_by: AccountId,
    pub(crate) drafted_at: Timestamp,
    pub(crate) submitted_at: Option<Timestamp>,
    /// The unit that issues it: numbers are drawn for each, every year.
    pub(crate) issuer: Option<UnitId>,
    pub(crate) year: Option<i64>,
    pub(crate) number: Option<RegisterNumber>,
    pub(crate) signed_on: Option<Date>,
    pub(crate) signed_by: Option<AccountId>,
    pub(crate) signer_title: Option<String>,
    pub(crate) returned_reason: Option<String>,
    pub(crate) to_unit: Option<UnitId>,
    pub(crate) position: Option<String>,
    pub(crate) term_until: Option<Date>,
    pub(crate) grade: Option<String>,
    pub(crate) step: Option<i64>,
    pub(crate) coefficient: Option<Decimal>,
    pub(crate) over_frame: Option<i64>,
    /// For the position.
    pub(crate) allowance: Option<Decimal>,
    /// Of the kind that no other kind says.
    pub(crate) other_allowance: Option<Decimal>,
    pub(crate) form: Option<String>,
    pub(crate) until: Option<Date>,
    pub(crate) delay_months: Option<i64>,
    pub(crate) allowance_kind: Option<String>,
    pub(crate) rate: Option<Decimal>,
    pub(crate) school: Option<String>,
    pub(crate) specialty: Option<String>,
    pub(crate) training_from: Option<Date>,
    pub(crate) mode: Option<String>,
    pub(crate) degree: Option<String>,
    pub(crate) education_level: Option<String>,
    pub(crate) political_theory: Option<String>,
    pub(crate) state_management: Option<String>,
    pub(crate) foreign_language: Option<String>,
    pub(crate) computing: Option<String>,
}

impl Decision {
    /// A draft about an officer, with nothing in it yet. Decisions are written in Vietnamese, whatever language the
    /// page is in.
    pub(crate) fn draft(
        kind: Kind,
        person: &Stored<super::Person>,
        effective_on: Date,
        drafted_by: AccountId,
        drafted_at: Timestamp,
    ) -> Self {
        Self {
            person: person.id,
            unit: person.unit,
            account: person.account,
            kind: kind.key().to_owned(),
            state: state::DRAFT.to_owned(),
            title: format!("{}: {}", kind.name(Language::Vi), person.full_name),
            content: None,
            document: None,
            proposal: None,
            scan: None,
            effective_on,
            drafted_by,
            drafted_at,
            submitted_at: None,
            issuer: None,
            year: None,
            number: None,
            signed_on: None,
            signed_by: None,
            signer_title: None,
            returned_reason: None,
            to_unit: None,
            position: None,
            term_until: None,
            grade: None,
            step: None,
            coefficient: None,
            over_frame: None,
            allowance: None,
            other_allowance: None,
            form: None,
            until: None,
            delay_months: None,
            allowance_kind: None,
            rate: None,
            school: None,
            specialty: None,
            training_from: None,
            mode: None,
            degree: None,
            education_level: None,
            political_theory: None,
            state_management: None,
            foreign_language: None,
            computing: None,
        }
    }

    /// What it does; a stored kind is always known.
    pub(crate) fn kind(&self) -> Result<Kind> {
        Kind::of_key(&self.kind).or_failed("a decision of an unknown kind")
    }

    /// Whether it may still be changed.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state.as_str(), state::DRAFT | state::RETURNED)
    }

    /// Whether it is signed, in effect or not yet.
    pub(crate) fn is_signed(&self) -> bool {
        matches!(self.state.as_str(), state::PENDING | state::SIGNED)
    }

    /// Number and sign, such as `12/QĐ-SNV`; none before it is signed. `issuer` is the code of the unit.
    pub(crate) fn sign(&self, issuer: &str) -> Option<String> {
        match self.number {
            Some(RegisterNumber::Number(number)) => Some(format!("{number}/QĐ-{}", issuer.to_uppercase())),
            _ => None,
        }
    }
}

/// How far it is, with what that means for the reader.
pub(crate) fn state_name(state: &str, language: Language) -> (&'static str, Tone) {
    match state {
        state::DRAFT => (language.of("Dự thảo", "Draft"), Tone::Neutral),
        state::SUBMITTED => (language.of("Chờ ký", "To be signed"), Tone::Info),
        state::RETURNED => (language.of("Trả lại", "Returned"), Tone::Warning),
        state::PENDING => (language.of("Đã ký, chờ hiệu lực", "Signed, not in effect"), Tone::Info),
        state::SIGNED => (language.of("Đã ký", "Signed"), Tone::Good),
        _ => (language.of("Không rõ", "Unknown"), Tone::Neutral),
    }
}
