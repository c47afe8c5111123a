//! What can be wrong with a cell or a row, in words.

use dinh_model::{Date, Decimal, Language};

use super::number::Expected;

/// What is wrong with a cell or a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wrong {
    /// A required cell is empty.
    Required,
    /// No number, where such a one is expected.
    NotANumber(Expected),
    /// A workbook's cell that Excel took for a date.
    DateForNumber,
    /// A number with places where a whole one is expected.
    NotWhole,
    /// More places than the column takes.
    Places(u8),
    /// A number with too many digits.
    TooLarge,
    /// A number out of bounds.
    Range(Option<Decimal>, Option<Decimal>),
    /// No day.
    NotADate,
    /// A day out of bounds.
    DateRange(Option<Date>, Option<Date>),
    /// Neither yes nor no.
    NotABoolean,
    /// None of the choices; some of them.
    UnknownChoice(Vec<String>),
    /// Fewer characters than the column takes.
    TooShort(u32),
    /// More characters than the column takes.
    TooLong(u32),
    /// A formula that failed.
    Failed,
    /// A row with another number of cells than there are heads.
    Ragged {
        /// Cells in the row.
        cells: usize,
        /// Heads of the file.
        heads: usize,
    },
    /// A quotation mark that is never closed.
    Unclosed,
}

impl Wrong {
    /// What is wrong.
    pub(super) fn message(&self, language: Language) -> String {
        let vi = language == Language::Vi;
        match self {
            Self::Required if vi => "ô bắt buộc đang để trống".into(),
            Self::Required => "a required cell is empty".into(),
            Self::NotANumber(_) if vi => "không phải là số".into(),
            Self::NotANumber(_) => "not a number".into(),
            Self::DateForNumber if vi => {
                "là ngày tháng, không phải là số (Excel có thể đã tự đổi số thành ngày)".into()
            }
            Self::DateForNumber => {
                "a date, not a number (Excel may have turned the number into a date)".into()
            }
            Self::NotWhole if vi => "không phải là số nguyên".into(),
            Self::NotWhole => "not a whole number".into(),
            Self::Places(0) if vi => "có phần thập phân".into(),
            Self::Places(most) if vi => format!("có nhiều hơn {most} chữ số sau dấu phẩy"),
            Self::Places(most) => format!("has more than {most} places after the decimal mark"),
            Self::TooLarge if vi => "số có quá nhiều chữ số".into(),
            Self::TooLarge => "the number has too many digits".into(),
            Self::Range(..) | Self::DateRange(..) if vi => "nằm ngoài khoảng cho phép".into(),
            Self::Range(..) | Self::DateRange(..) => "out of the range allowed".into(),
            Self::NotADate if vi => "không phải là ngày hợp lệ".into(),
            Self::NotADate => "not a valid date".into(),
            Self::NotABoolean if vi => "không phải là “có” hoặc “không”".into(),
            Self::NotABoolean => "neither “yes” nor “no”".into(),
            Self::UnknownChoice(_) if vi => "không có trong danh sách cho phép".into(),
            Self::UnknownChoice(_) => "not in the list of values allowed".into(),
            Self::TooShort(least) if vi => format!("ngắn hơn {least} ký tự"),
            Self::TooShort(least) => format!("shorter than {least} characters"),
            Self::TooLong(most) if vi => format!("dài hơn {most} ký tự"),
            Self::TooLong(most) => format!("longer than {most} characters"),
            Self::Failed if vi => "công thức bị lỗi".into(),
            Self::Failed => "a formula that failed".into(),
            Self::Ragged { cells, heads } if vi => {
                format!("dòng có {cells} ô trong khi tiêu đề có {heads} cột")
            }
            Self::Ragged { cells, heads } => format!("the row has {cells} cells where the head has {heads}"),
            Self::Unclosed if vi => "dấu ngoặc kép không được đóng lại".into(),
            Self::Unclosed => "a quotation mark is never closed".into(),
        }
    }

    /// What to do about it, in the column of that label.
    pub(super) fn remedy(&self, label: &str, language: Language) -> String {
        let vi = language == Language::Vi;
        match self {
            Self::Required if vi => format!("Điền giá trị vào cột “{label}”."),
            Self::Required => format!("Fill in the column “{label}”."),
            Self::NotANumber(Expected::Places) if vi => "Chỉ ghi chữ số, ví dụ 7,39.".into(),
            Self::NotANumber(Expected::Places) => "Write digits only, such as 7.39.".into(),
            Self::NotANumber(Expected::Whole) if vi => "Chỉ ghi chữ số, ví dụ 2021.".into(),
            Self::NotANumber(Expected::Whole) => "Write digits only, such as 2021.".into(),
            Self::TooLarge if vi => "Ghi nhiều nhất 18 chữ số.".into(),
            Self::TooLarge => "Write at most 18 digits.".into(),
            Self::DateForNumber if vi => "Đặt định dạng ô là “Number” rồi ghi lại số.".into(),
            Self::DateForNumber => "Format the cell as “Number” and write the number again.".into(),
            Self::NotWhole | Self::Places(0) if vi => "Ghi số nguyên, không có phần thập phân, ví dụ 2021.".into(),
            Self::NotWhole | Self::Places(0) => "Write a whole number, such as 2021.".into(),
            Self::Places(most) if vi => format!("Làm tròn đến {most} chữ số sau dấu phẩy."),
            Self::Places(most) => format!("Round it to {most} places."),
            Self::Range(lowest, highest) => {
                let number = |number: &Decimal| {
                    let text = number.normalize().to_string();
                    if vi { text.replace('.', ",") } else { text }
                };
                between(lowest.as_ref().map(number), highest.as_ref().map(number), vi)
            }
            Self::DateRange(earliest, latest) => {
                let day = |day: &Date| day.strftime("%d/%m/%Y").to_string();
                between(earliest.as_ref().map(day), latest.as_ref().map(day), vi)
            }
            Self::NotADate if vi => "Ghi ngày theo dạng ngày/tháng/năm, ví dụ 15/04/2021.".into(),
            Self::NotADate => "Write it as day/month/year, such as 15/04/2021.".into(),
            Self::NotABoolean if vi => "Ghi “có” hoặc “không”.".into(),
            Self::NotABoolean => "Write “yes” or “no”.".into(),
            Self::UnknownChoice(some) if vi => format!("Ghi một trong các giá trị: {}.", some.join("; ")),
            Self::UnknownChoice(some) => format!("Write one of: {}.", some.join("; ")),
            Self::TooShort(least) if vi => format!("Ghi ít nhất {least} ký tự."),
            Self::TooShort(least) => format!("Write at least {least} characters."),
            Self::TooLong(most) if vi => format!("Rút ngắn còn nhiều nhất {most} ký tự."),
            Self::TooLong(most) => format!("Shorten it to at most {most} characters."),
            Self::Failed if vi => "Sửa công thức, hoặc thay bằng giá trị.".into(),
            Self::Failed => "Correct the formula, or replace it by its value.".into(),
            Self::Ragged { cells, heads } if vi && cells > heads => {
                "Xoá ô thừa; nếu số có dấu phẩy thập phân thì đặt trong ngoặc kép hoặc dùng dấu chấm phẩy giữa các cột."
                    .into()
            }
            Self::Ragged { cells, heads } if cells > heads => {
                "Remove the extra cells; put numbers with a decimal comma into quotation marks, or separate the \
                 columns by semicolons."
                    .into()
            }
            Self::Ragged { .. } if vi => "Bổ sung các ô còn thiếu, kể cả ô trống.".into(),
            Self::Ragged { .. } => "Add the cells that are missing, empty ones too.".into(),
            Self::Unclosed if vi => "Thêm dấu ngoặc kép đóng, hoặc xoá dấu ngoặc kép mở, ở dòng này.".into(),
            Self::Unclosed => "Close the quotation mark, or remove it, on this line.".into(),
        }
    }
}

fn between(lowest: Option<String>, highest: Option<String>, vi: bool) -> String {
    match (lowest, highest) {
        (Some(lowest), Some(highest)) if vi => format!("Ghi giá trị từ {lowest} đến {highest}."),
        (Some(lowest), Some(highest)) => format!("Write a value from {lowest} to {highest}."),
        (Some(lowest), None) if vi => format!("Ghi giá trị từ {lowest} trở lên."),
        (Some(lowest), None) => format!("Write a value of at least {lowest}."),
        (None, Some(highest)) if vi => format!("Ghi giá trị không quá {highest}."),
        (None, Some(highest)) => format!("Write a value of at most {highest}."),
        (None, None) => String::new(),
    }
}
