//! A case: the dossier, its steps, documents, team and events. The dossier names the account of its subject, from whom
//! the host withholds it and all that refers to it.

use dinh_sdk::RegisterNumber;
use dinh_sdk::prelude::*;

use crate::rules::kind::Kind;
use crate::rules::procedure::{state, step};

/// One case about one subject.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "dossiers")]
pub(crate) struct Dossier {
    pub(crate) unit: UnitId,
    pub(crate) number: Option<RegisterNumber>,
    pub(crate) year: i64,
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) level: String,
    pub(crate) content: String,
    /// One of [`crate::rules::matrix::subject`].
    pub(crate) subject: String,
    /// The member it is about; personnel has the name.
    pub(crate) member: Option<RecordId>,
    /// The organisation it is about, or that the member belongs to.
    pub(crate) organisation: UnitId,
    pub(crate) state: String,
    pub(crate) step: Option<String>,
    pub(crate) due: Option<Date>,
    pub(crate) lead: Option<AccountId>,
    pub(crate) opened_on: Date,
    pub(crate) opened_by: AccountId,
    pub(crate) suspended_on: Option<Date>,
    pub(crate) conclusion: Option<String>,
    pub(crate) findings: Option<String>,
    pub(crate) concluded_on: Option<Date>,
    pub(crate) closed_on: Option<Date>,
    pub(crate) measure: Option<RecordId>,
    pub(crate) lodged_on: Option<Date>,
    pub(crate) answer_due: Option<Date>,
    pub(crate) subject_account: Option<AccountId>,
}

impl Dossier {
    /// Its kind.
    pub(crate) fn kind(&self) -> Result<Kind> {
        Kind::of_key(&self.kind).or_failed("a kind that is none")
    }

    /// `Số 12/2026`.
    pub(crate) fn sign(&self) -> String {
        match self.number {
            Some(RegisterNumber::Number(number)) => format!("{number}/{}", self.year),
            _ => format!("…/{}", self.year),
        }
    }

    /// Whether it is still under way.
    pub(crate) fn is_open(&self) -> bool {
        self.state != state::CLOSED
    }

    /// The earliest day by which something has to be done.
    pub(crate) fn next_due(&self) -> Option<Date> {
        if !self.is_open() {
            return None;
        }
        [self.due, self.answer_due].into_iter().flatten().min()
    }
}

/// A step of a dossier.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "progress")]
pub(crate) struct Progress {
    pub(crate) unit: UnitId,
    pub(crate) dossier: RecordId,
    pub(crate) code: String,
    pub(crate) order: i64,
    pub(crate) stage: String,
    pub(crate) title: String,
    pub(crate) responsible: String,
    pub(crate) days: Option<i64>,
    pub(crate) working: bool,
    /// One of [`step`].
    pub(crate) state: String,
    pub(crate) started_on: Option<Date>,
    pub(crate) due: Option<Date>,
    pub(crate) closed_on: Option<Date>,
    pub(crate) closed_by: Option<AccountId>,
    pub(crate) waiver: Option<String>,
}

impl Progress {
    /// The steps of a dossier, in order.
    pub(crate) fn of(dossier: RecordId) -> Result<Vec<Stored<Self>>> {
        let mut steps = Self::all().filter(Self::DOSSIER.is(dossier)).list()?;
        steps.sort_by_key(|step| step.order);
        Ok(steps)
    }

    /// Whether it is being done.
    pub(crate) fn is_current(&self) -> bool {
        self.state == step::CURRENT
    }
}

/// A document by its number and day, with its file.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "documents")]
pub(crate) struct Document {
    pub(crate) unit: UnitId,
    pub(crate) dossier: RecordId,
    pub(crate) step: String,
    /// Its code in the catalog; none for one that no step asks for.
    pub(crate) paper: Option<String>,
    pub(crate) title: String,
    pub(crate) number: Option<String>,
    pub(crate) dated: Date,
    pub(crate) signer: Option<String>,
    pub(crate) summary: Option<String>,
    /// What was written, or the scan of what was signed.
    pub(crate) file: Option<FileId>,
    pub(crate) recorded_by: AccountId,
    pub(crate) recorded_at: Timestamp,
}

impl Document {
    /// The documents of a dossier, in the order they were recorded.
    pub(crate) fn of(dossier: RecordId) -> Result<Vec<Stored<Self>>> {
        Self::all().filter(Self::DOSSIER.is(dossier)).list()
    }
}

/// A member of a team.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "team")]
pub(crate) struct Member {
    pub(crate) unit: UnitId,
    pub(crate) dossier: RecordId,
    pub(crate) member: RecordId,
    pub(crate) account: Option<AccountId>,
    pub(crate) role: String,
    pub(crate) added_on: Date,
    pub(crate) left_on: Option<Date>,
    pub(crate) recused: bool,
    pub(crate) reason: Option<String>,
    pub(crate) added_by: AccountId,
}

impl Member {
    /// The team of a dossier, with who left it.
    pub(crate) fn of(dossier: RecordId) -> Result<Vec<Stored<Self>>> {
        Self::all().filter(Self::DOSSIER.is(dossier)).list()
    }
}

/// What members of a team do.
pub(crate) mod role {
    /// Tổ trưởng.
    pub(crate) const LEAD: &str = "lead";
    /// Thành viên.
    pub(crate) const MEMBER: &str = "member";
    /// Thư ký.
    pub(crate) const SECRETARY: &str = "secretary";
}

/// What happened besides the steps.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "events")]
pub(crate) struct Event {
    pub(crate) unit: UnitId,
    pub(crate) dossier: RecordId,
    /// One of [`event`].
    pub(crate) kind: String,
    pub(crate) at: Timestamp,
    pub(crate) by: AccountId,
    pub(crate) reason: Option<String>,
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
}

/// A deadline that people were reminded of.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "reminders")]
pub(crate) struct Reminded {
    pub(crate) unit: UnitId,
    pub(crate) dossier: RecordId,
    pub(crate) due: Date,
    /// A key of [`crate::rules::reminder::Reminder`].
    pub(crate) what: String,
    pub(crate) sent_at: Timestamp,
}

/// Kinds of events.
pub(crate) mod event {
    /// Tạm đình chỉ.
    pub(crate) const SUSPENDED: &str = "suspended";
    /// Tiếp tục.
    pub(crate) const RESUMED: &str = "resumed";
    /// Gia hạn.
    pub(crate) const EXTENDED: &str = "extended";
    /// Cho thiếu tài liệu.
    pub(crate) const WAIVED: &str = "waived";
    /// Kết luận.
    pub(crate) const CONCLUDED: &str = "concluded";
    /// Thay tệp của tài liệu.
    pub(crate) const REPLACED: &str = "replaced";
    /// Chuyển từ sổ giấy.
    pub(crate) const BROUGHT: &str = "brought";
    /// Kết thúc hồ sơ.
    pub(crate) const CLOSED: &str = "closed";
}
