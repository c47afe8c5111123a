//! Why a service could not do what was asked.

use std::fmt;

use dinh_access::CompileError;
use dinh_model::{Language, Localized};
use dinh_store::{CommitError, StoreError};

use crate::secrets::SealError;
use crate::{Denial, Refusal, Trip};

/// Why a service could not do what was asked. `Display` is the English of logs and commands;
/// [`ServiceError::text`] is for pages.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The actor may not. The refusal is in the evidence.
    #[error("{}", .0.text)]
    Denied(Denial),
    /// A rule of the house forbids it, whoever asks. The refusal is in the evidence.
    #[error("{}", .0.text.en)]
    Refused(Refusal),
    /// There is no such thing.
    #[error("there is no {} {name:?}", .thing.name(Language::En))]
    NotFound {
        /// What kind of thing.
        thing: Thing,
        /// What it was called.
        name: String,
    },
    /// There is one already.
    #[error("the {} {name:?} exists already", .thing.name(Language::En))]
    Exists {
        /// What kind of thing.
        thing: Thing,
        /// What it is called.
        name: String,
    },
    /// What was asked for is not right; the text says what, and what would be.
    #[error("{}", .0.en)]
    Invalid(Localized),
    /// The call reached one of its limits.
    #[error(transparent)]
    Limit(#[from] Trip),
    /// Somebody else changed the same things at the same time, again and again. Try again.
    #[error("others changed the same data at the same time; try again")]
    Conflict,
    /// What is written is held by an import that is still running. Try again when it is done.
    #[error("an import that is still running holds the same data; try again when it is done")]
    Importing,
    /// The store is at its limit. Try again shortly.
    #[error("the platform is busy; try again shortly")]
    Busy,
    /// The disk has no room left: nothing was written, nothing was lost. An operator has to make room.
    #[error("the server's disk is full; nothing was written; free some space and try again")]
    Full,
    /// More was written in one change than the store takes.
    #[error("the change holds {bytes} bytes, one change at most {most}; do it in smaller parts")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The most one change may hold.
        most: usize,
    },
    /// A stored value cannot be read.
    #[error("the stored {what} cannot be read; restore a backup or report this")]
    Damaged {
        /// What it is.
        what: String,
    },
    /// Something sealed cannot be read or written.
    #[error(transparent)]
    Sealed(#[from] SealError),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// The stored rights cannot be compiled.
    #[error("the rights cannot be compiled: {0}")]
    Rights(#[from] CompileError),
    /// The operating system gave no random numbers.
    #[error("the operating system gives no random numbers")]
    Random,
    /// A password hash could not be computed or read.
    #[error("a password hash cannot be computed: {0}")]
    Hash(String),
}

impl ServiceError {
    /// A refusal in both languages.
    pub fn invalid(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(Localized { vi: vi.into(), en: en.into() })
    }

    /// There is no such thing.
    pub fn not_found(thing: Thing, name: impl fmt::Display) -> Self {
        Self::NotFound { thing, name: name.to_string() }
    }

    /// There is one already.
    pub fn exists(thing: Thing, name: impl fmt::Display) -> Self {
        Self::Exists { thing, name: name.to_string() }
    }

    /// What to tell a person. Internal detail stays in the log.
    pub fn text(&self, language: Language) -> String {
        let vi = language == Language::Vi;
        match self {
            Self::Denied(denial) => denial.text.clone(),
            Self::Refused(refusal) => refusal.text.get(language).to_owned(),
            Self::Invalid(text) => text.get(language).to_owned(),
            Self::NotFound { thing, name } if vi => {
                format!("Không có {} “{name}”.", thing.name(Language::Vi))
            }
            Self::Exists { thing, name } if vi => {
                format!("Đã có {} “{name}”. Hãy chọn tên hoặc mã khác.", thing.name(Language::Vi))
            }
            Self::Conflict if vi => "Người khác vừa thay đổi cùng dữ liệu này. Vui lòng thử lại.".into(),
            Self::Importing if vi => {
                "Một đợt nhập dữ liệu đang chạy có cùng dữ liệu này. Vui lòng thử lại khi nhập xong.".into()
            }
            Self::Busy if vi => "Hệ thống đang bận. Vui lòng thử lại sau ít giây.".into(),
            Self::Full if vi => {
                "Ổ đĩa của máy chủ đã đầy nên chưa ghi được gì. Vui lòng báo quản trị viên rồi thử lại."
                    .into()
            }
            Self::TooLarge { .. } if vi => "Dữ liệu quá lớn cho một lần ghi. Vui lòng chia nhỏ.".into(),
            Self::Rights(CompileError::TooLarge { what, found, most }) => match language {
                Language::Vi => format!(
                    "Vượt sức chứa của bảng phân quyền: {} là {found}, tối đa {most}. Chưa ghi gì; vui lòng báo quản trị viên.",
                    too_large(what)
                ),
                Language::En => format!(
                    "More than the tables of rights hold: {what} would be {found}, at most {most} fits. Nothing was written; please tell the administrator."
                ),
            },
            Self::Limit(trip) if vi => {
                format!("Yêu cầu vượt giới hạn {}: dùng {}, cho phép {}.", trip.what, trip.used, trip.allowed)
            }
            Self::NotFound { .. }
            | Self::Exists { .. }
            | Self::Conflict
            | Self::Importing
            | Self::Busy
            | Self::Full
            | Self::TooLarge { .. }
            | Self::Limit(_) => self.to_string(),
            Self::Sealed(error) => error.text(language).to_owned(),
            Self::Damaged { .. } | Self::Store(_) | Self::Rights(_) | Self::Random | Self::Hash(_) => {
                match language {
                    Language::Vi => "Hệ thống gặp lỗi. Vui lòng báo quản trị viên.".into(),
                    Language::En => "The platform has a fault. Please tell the administrator.".into(),
                }
            }
        }
    }
}

/// What there is too much of for the tables of rights, in Vietnamese.
fn too_large(what: &'static str) -> &'static str {
    match what {
        "highest number of an account" => "số thứ tự tài khoản lớn nhất",
        "number of units" => "số đơn vị",
        "highest number of a unit" => "số thứ tự đơn vị lớn nhất",
        "number of roles" => "số vai trò",
        "number of permissions" => "số quyền",
        "roles times permissions" => "số vai trò nhân số quyền",
        "number of grants, one for each holder and borrower" => "số phân quyền tính theo từng người",
        other => other,
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            // The disk failed and came back: on a new snapshot the same call is right again.
            StoreError::Interrupted => Self::Conflict,
            StoreError::Full { .. } => Self::Full,
            other => Self::Store(other),
        }
    }
}

impl From<CommitError> for ServiceError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict(_) => Self::Conflict,
            CommitError::Busy => Self::Busy,
            CommitError::TooLarge { bytes, most } => Self::TooLarge { bytes, most },
            CommitError::Malformed(why) => Self::Damaged { what: format!("change: {why}") },
            CommitError::Store(error) => error.into(),
            other => Self::Damaged { what: format!("change: {other}") },
        }
    }
}

/// What can be missing or there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A unit.
    Unit,
    /// An account.
    Account,
    /// A position.
    Position,
    /// A role.
    Role,
    /// A permission.
    Permission,
    /// A grant.
    Grant,
    /// A catalog.
    Catalog,
    /// An entry of a catalog.
    Entry,
    /// A plugin.
    Plugin,
    /// A request.
    Request,
    /// A delegation.
    Delegation,
    /// A domain name.
    Domain,
    /// A dataset.
    Dataset,
    /// A contract.
    Contract,
    /// A waiver.
    Waiver,
    /// A record that waits for people, since its subscriber could not digest it.
    Parked,
    /// An attached file.
    File,
    /// A job of a plugin.
    Job,
    /// A timer that waits for people, since its handler failed.
    Timer,
}

impl Thing {
    /// The word of the platform's vocabulary.
    pub fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Unit, Language::Vi) => "đơn vị",
            (Self::Unit, Language::En) => "unit",
            (Self::Account, Language::Vi) => "tài khoản",
            (Self::Account, Language::En) => "account",
            (Self::Position, Language::Vi) => "chức vụ",
            (Self::Position, Language::En) => "position",
            (Self::Role, Language::Vi) => "vai trò",
            (Self::Role, Language::En) => "role",
            (Self::Permission, Language::Vi) => "quyền",
            (Self::Permission, Language::En) => "permission",
            (Self::Grant, Language::Vi) => "phân quyền",
            (Self::Grant, Language::En) => "grant",
            (Self::Catalog, Language::Vi) => "danh mục",
            (Self::Catalog, Language::En) => "catalog",
            (Self::Entry, Language::Vi) => "mã",
            (Self::Entry, Language::En) => "code",
            (Self::Plugin, Language::Vi) => "ứng dụng",
            (Self::Plugin, Language::En) => "plugin",
            (Self::Request, Language::Vi) => "đề nghị",
            (Self::Request, Language::En) => "request",
            (Self::Delegation, Language::Vi) => "uỷ quyền",
            (Self::Delegation, Language::En) => "delegation",
            (Self::Dataset, Language::Vi) => "bộ dữ liệu",
            (Self::Dataset, Language::En) => "dataset",
            (Self::Contract, Language::Vi) => "thoả thuận chia sẻ",
            (Self::Contract, Language::En) => "contract",
            (Self::Waiver, Language::Vi) => "đề nghị miễn trừ",
            (Self::Waiver, Language::En) => "waiver",
            (Self::Parked, Language::Vi) => "bản ghi đang gác lại",
            (Self::Parked, Language::En) => "parked record",
            (Self::Job, Language::Vi) => "việc chạy nền",
            (Self::Job, Language::En) => "job",
            (Self::File, Language::Vi) => "tệp",
            (Self::File, Language::En) => "file",
            (Self::Timer, Language::Vi) => "hẹn giờ tạm gác",
            (Self::Timer, Language::En) => "parked timer",
            (Self::Domain, Language::Vi) => "tên miền",
            (Self::Domain, Language::En) => "domain name",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_tables_of_rights_hold_is_said_with_the_size_in_both_languages() {
        let what = "highest number of an account";
        let error = ServiceError::Rights(CompileError::TooLarge { what, found: 4_194_304, most: 4_194_303 });
        let (vi, en) = (error.text(Language::Vi), error.text(Language::En));
        assert!(vi.contains("số thứ tự tài khoản lớn nhất là 4194304, tối đa 4194303"), "{vi}");
        assert!(en.contains("would be 4194304, at most 4194303 fits"), "{en}");
    }
}
