//! What is wrong with a field, in the language of the call.

use dinh_model::{Date, Language, MediaType, ValueError};

use super::FieldProblem;
use super::index::{LONGEST_SEARCHED, LONGEST_SORTED};
use crate::files::FileFault;

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A value that the field's type does not take.
    Value(ValueError),
    /// A column that contradicts itself.
    Column(&'static str),
    /// A required field is empty.
    Required,
    /// No such code in the catalog.
    Code { code: String, catalog: String },
    /// A code that is not in its term on the record's day; those to be used instead, with their names.
    Term { code: String, from: Date, until: Option<Date>, instead: Vec<(String, String)> },
    /// A day on which a code of the record, which the writer may not see, is not in its term.
    DayOfCode,
    /// No such record, or none that the actor may know of.
    Reference,
    /// No such unit.
    Unit(u32),
    /// No such account.
    Account(u32),
    /// No label that can be held.
    Label,
    /// A text too long for an ordered or unique index.
    TooLongToSort,
    /// A text too long for a search index.
    TooLongToSearch,
    /// A file that cannot be attached.
    File(FileFault),
    /// Other records refer to the record that is to be removed.
    ReferredTo { title: String },
    /// More problems than are worth naming.
    More(usize),
}

impl Fault {
    /// The problem, for the field of that name.
    pub(super) fn of(self, field: &str, language: Language) -> FieldProblem {
        FieldProblem { field: field.to_owned(), message: self.message(language) }
    }

    pub(super) fn message(&self, language: Language) -> String {
        let vi = language == Language::Vi;
        match self {
            Self::Value(ValueError::Type { expected, found }) if vi => {
                format!("Cần giá trị kiểu {expected}, nhận được kiểu {found}.")
            }
            Self::Value(ValueError::Type { expected, found }) => {
                format!("Takes a value of type {expected}, not {found}.")
            }
            Self::Value(ValueError::Decimal { value, scale }) if vi => {
                let value = value.to_string().replace('.', ",");
                format!(
                    "Số {value} có nhiều hơn {scale} chữ số sau dấu phẩy hoặc quá 18 chữ số. Hãy làm tròn."
                )
            }
            Self::Value(ValueError::Decimal { value, scale }) => {
                format!("The number {value} has more than {scale} places or 18 digits. Round it.")
            }
            Self::Value(ValueError::TooLong { most, .. }) if vi => {
                format!("Văn bản dài quá {most} byte. Hãy rút ngắn.")
            }
            Self::Value(ValueError::TooLong { most, .. }) => {
                format!("The text is longer than {most} bytes. Shorten it.")
            }
            Self::Column(why) if vi => format!("Cột dữ liệu không hợp lệ: {why}."),
            Self::Column(why) => format!("The column {why}."),
            Self::Required if vi => "Bắt buộc phải điền.".into(),
            Self::Required => "Has to be filled in.".into(),
            Self::Code { code, catalog } if vi => {
                format!("Mã “{code}” không có trong danh mục {catalog}. Hãy chọn mã trong danh mục.")
            }
            Self::Code { code, catalog } => {
                format!("There is no code “{code}” in the catalog {catalog}. Choose one of its codes.")
            }
            Self::Term { code, from, until, instead } => out_of_term(code, *from, *until, instead, vi),
            Self::DayOfCode if vi => {
                "Vào ngày này, một mã danh mục của bản ghi không có hiệu lực. Hãy chọn ngày khác.".into()
            }
            Self::DayOfCode => {
                "A catalog code of this record does not hold on this day. Choose another day.".into()
            }
            Self::Reference if vi => {
                "Bản ghi được chọn không tồn tại hoặc bạn không được xem. Hãy chọn bản ghi khác.".into()
            }
            Self::Reference => {
                "The record chosen does not exist or you may not see it. Choose another.".into()
            }
            Self::Unit(unit) if vi => format!("Không có đơn vị số {unit}. Hãy chọn đơn vị khác."),
            Self::Unit(unit) => format!("There is no unit {unit}. Choose another."),
            Self::Account(account) if vi => {
                format!("Không có tài khoản số {account}. Hãy chọn tài khoản khác.")
            }
            Self::Account(account) => format!("There is no account {account}. Choose another."),
            Self::Label if vi => "Độ mật phải là “ordinary” (Thường) hoặc “confidential” (Mật); \
                                  Tối mật và Tuyệt mật không được lưu trong hệ thống."
                .into(),
            Self::Label => {
                "The label has to be “ordinary” or “confidential”; what is secret or top secret must \
                            stay outside the system."
                    .into()
            }
            Self::TooLongToSort if vi => {
                format!("Văn bản dài quá {LONGEST_SORTED} ký tự; trường này dùng để sắp xếp. Hãy rút ngắn.")
            }
            Self::TooLongToSort => {
                format!(
                    "The text is longer than {LONGEST_SORTED} characters in a field that is sorted by. Shorten it."
                )
            }
            Self::TooLongToSearch if vi => {
                format!(
                    "Văn bản dài quá {LONGEST_SEARCHED} ký tự; trường này dùng để tìm kiếm. Hãy rút ngắn."
                )
            }
            Self::TooLongToSearch => format!(
                "The text is longer than {LONGEST_SEARCHED} characters in a field that is searched. Shorten it."
            ),
            Self::File(fault) => file(fault, vi),
            Self::ReferredTo { title } if vi => {
                format!("Còn bản ghi trong “{title}” đang dùng bản ghi này. Hãy sửa hoặc xoá chúng trước.")
            }
            Self::ReferredTo { title } => {
                format!("Records of “{title}” refer to this one. Change or remove them first.")
            }
            Self::More(count) if vi => format!("Còn {count} lỗi khác."),
            Self::More(count) => format!("And {count} more."),
        }
    }
}

fn file(fault: &FileFault, vi: bool) -> String {
    match fault {
        FileFault::Gone if vi => {
            "Tệp không còn hoặc không do bạn tải lên cho trường này. Hãy tải tệp lên lại.".to_owned()
        }
        FileFault::Gone => {
            "The file is gone, or is not one that you brought for this field. Bring it again.".to_owned()
        }
        FileFault::TooLarge { most } if vi => {
            format!("Trường này nhận tệp lớn nhất {}. Hãy nén hoặc tách nhỏ tệp.", size(*most))
        }
        FileFault::TooLarge { most } => {
            format!("This field takes files of at most {}. Shrink or split it.", size(*most))
        }
        FileFault::Media { taken } if vi => {
            format!(
                "Trường này chỉ nhận {}. Hãy đổi tệp sang một trong các loại này.",
                MediaType::list(taken)
            )
        }
        FileFault::Media { taken } => {
            format!("This field takes only {}. Bring the file as one of these.", MediaType::list(taken))
        }
    }
}

fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 { format!("{} MB", bytes >> 20) } else { format!("{} KB", bytes.div_ceil(1 << 10)) }
}

/// Codes that a message proposes.
const PROPOSED: usize = 5;

/// The term is public; the record's day, which may have a label, is not repeated.
fn out_of_term(
    code: &str,
    from: Date,
    until: Option<Date>,
    instead: &[(String, String)],
    vi: bool,
) -> String {
    let shown: Vec<_> =
        instead.iter().take(PROPOSED).map(|(code, name)| format!("{code} ({name})")).collect();
    let more = if instead.len() > shown.len() { ", …" } else { "" };
    let shown = format!("{}{more}", shown.join(", "));
    let day = |day: Date| day.strftime("%d/%m/%Y").to_string();
    let last = until.and_then(|until| until.yesterday().ok());
    match (vi, last) {
        (true, None) => {
            let remedy = if instead.is_empty() {
                "Hãy chọn mã khác.".into()
            } else {
                format!("Hãy dùng: {shown}.")
            };
            format!(
                "Mã “{code}” chỉ có hiệu lực từ {}, không có hiệu lực vào ngày của bản ghi. {remedy}",
                day(from)
            )
        }
        (true, Some(last)) => {
            let remedy = if instead.is_empty() {
                "Hãy chọn mã khác.".into()
            } else {
                format!("Hãy dùng: {shown}.")
            };
            format!(
                "Mã “{code}” chỉ có hiệu lực từ {} đến hết {}, không có hiệu lực vào ngày của bản ghi. {remedy}",
                day(from),
                day(last)
            )
        }
        (false, _) => {
            let remedy = if instead.is_empty() { "Choose another.".into() } else { format!("Use {shown}.") };
            let until = last.map_or_else(String::new, |last| format!(" through {last}"));
            format!("The code “{code}” holds from {from}{until}, not on the record's day. {remedy}")
        }
    }
}

/// The problem of one record among many.
pub(super) fn in_record(number: usize, problem: FieldProblem, language: Language) -> FieldProblem {
    let message = match language {
        Language::Vi => format!("Bản ghi thứ {number}: {}", problem.message),
        Language::En => format!("Record {number}: {}", problem.message),
    };
    FieldProblem { message, ..problem }
}
