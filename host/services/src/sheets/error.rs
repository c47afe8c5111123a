//! What can be wrong with a whole file, in the reader's language, each with its remedy.

use std::fmt;

use dinh_model::Language;

/// A cell, or a row, that cannot be imported as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The row it is in, 0-based.
    pub row: u32,
    /// The line of the file; the head is on line 1.
    pub line: u32,
    /// Name of the declared column; none when it concerns the whole row.
    pub column: Option<String>,
    /// The cell as the file has it, cut to 100 characters.
    pub value: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Why a file cannot be read as a sheet at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetError {
    /// There is nothing in it.
    Empty,
    /// There is a line of heads and nothing else.
    NoRows,
    /// It is neither text nor a workbook.
    Binary,
    /// A workbook of Excel 97–2003, or one locked with a password: both look alike from outside.
    OldExcel,
    /// Text in an encoding other than UTF-8 and UTF-16.
    Encoding {
        /// The first line that cannot be read.
        line: u32,
    },
    /// A workbook that is cut short or damaged.
    Damaged,
    /// A workbook that unpacks to more than the platform reads.
    TooLarge {
        /// Most mebibytes.
        most_mebibytes: u64,
    },
    /// More sheets than are looked through.
    TooManySheets {
        /// Most.
        most: usize,
    },
    /// As much was looked through for the table as may be.
    TableNotFound {
        /// Sheets of the workbook.
        sheets: usize,
        /// Most mebibytes that are looked through.
        most_mebibytes: u64,
    },
    /// More rows than the block takes.
    TooManyRows {
        /// Rows in the file.
        rows: u32,
        /// Most rows.
        most: u32,
    },
    /// More columns than a sheet may have.
    TooManyColumns {
        /// Columns in the file.
        columns: u32,
        /// Most columns.
        most: u32,
    },
    /// Columns that have to be there are not.
    MissingColumns {
        /// Labels of the columns that are missing.
        missing: Vec<String>,
        /// Heads that the file has.
        found: Vec<String>,
    },
    /// Two heads of the file mean the same column.
    DuplicateColumn {
        /// The column's label.
        label: String,
        /// The two heads, as the file has them.
        heads: (String, String),
        /// Their places in the file, 1-based.
        places: (u32, u32),
    },
}

impl SheetError {
    /// For the person who brought the file: what is wrong, and what to do about it.
    pub fn text(&self, language: Language) -> String {
        let vi = language == Language::Vi;
        match self {
            Self::Empty if vi => "Tệp trống. Hãy chọn tệp có một dòng tiêu đề và ít nhất một dòng dữ liệu.".into(),
            Self::Empty => "The file is empty. Choose a file with a line of heads and at least one row.".into(),
            Self::NoRows if vi => "Tệp chỉ có dòng tiêu đề. Hãy thêm ít nhất một dòng dữ liệu.".into(),
            Self::NoRows => "The file has a line of heads and no rows. Add at least one row.".into(),
            Self::Binary if vi => {
                "Tệp không phải là bảng tính. Hãy chọn tệp Excel (.xlsx) hoặc CSV (.csv).".into()
            }
            Self::Binary => "The file is not a spreadsheet. Choose an Excel (.xlsx) or CSV (.csv) file.".into(),
            Self::OldExcel if vi => "Tệp Excel kiểu cũ (.xls) hoặc có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu nếu \
                                     có, rồi lưu lại dạng “Excel Workbook (.xlsx)”."
                .into(),
            Self::OldExcel => "The file is of the old Excel kind (.xls) or has a password. Open it in Excel, remove \
                               the password if any, and save it as “Excel Workbook (.xlsx)”."
                .into(),
            Self::Encoding { line } if vi => format!(
                "Dòng {line} của tệp không ở bảng mã Unicode. Hãy lưu lại dạng “CSV UTF-8” hoặc “Excel Workbook \
                 (.xlsx)”."
            ),
            Self::Encoding { line } => format!(
                "Line {line} of the file is not Unicode text. Save it as “CSV UTF-8” or “Excel Workbook (.xlsx)”."
            ),
            Self::Damaged if vi => {
                "Tệp Excel bị hỏng hoặc tải lên chưa trọn vẹn. Hãy mở bằng Excel, lưu lại rồi tải lên lần nữa.".into()
            }
            Self::Damaged => {
                "The Excel file is damaged or incomplete. Open it in Excel, save it again and upload it again.".into()
            }
            Self::TooLarge { most_mebibytes } if vi => format!(
                "Nội dung tệp sau khi giải nén lớn hơn {most_mebibytes} MB. Hãy xoá các trang tính không cần thiết \
                 hoặc chia thành nhiều tệp."
            ),
            Self::TooLarge { most_mebibytes } => format!(
                "The file unpacks to more than {most_mebibytes} MB. Remove sheets that are not needed, or split it."
            ),
            Self::TooManySheets { most } if vi => format!(
                "Tệp có hơn {most} trang tính. Hãy xoá các trang tính không cần thiết."
            ),
            Self::TooManySheets { most } => {
                format!("The file has more than {most} sheets. Remove those that are not needed.")
            }
            Self::TableNotFound { sheets, most_mebibytes } if vi => format!(
                "Đã đọc {most_mebibytes} MB trong {sheets} trang tính mà chưa thấy bảng cần nhập. Hãy chuyển trang tính \
                 có bảng lên đầu, hoặc chép bảng sang tệp riêng."
            ),
            Self::TableNotFound { sheets, most_mebibytes } => format!(
                "{most_mebibytes} MB of the file's {sheets} sheets were looked through and the table was not found. Move \
                 its sheet to the front, or copy the table to a file of its own."
            ),
            Self::TooManyRows { rows, most } if vi => {
                let (rows, most) = (grouped(*rows, '.'), grouped(*most, '.'));
                format!("Tệp có {rows} dòng dữ liệu; mỗi lần nhập nhiều nhất {most} dòng. Hãy chia thành nhiều tệp.")
            }
            Self::TooManyRows { rows, most } => {
                let (rows, most) = (grouped(*rows, ','), grouped(*most, ','));
                format!("The file has {rows} rows; at most {most} can be imported at once. Split it.")
            }
            Self::TooManyColumns { columns, most } if vi => {
                format!("Tệp có {columns} cột; nhiều nhất là {most} cột. Hãy xoá các cột không cần thiết.")
            }
            Self::TooManyColumns { columns, most } => {
                format!("The file has {columns} columns; at most {most} are read. Remove those not needed.")
            }
            Self::MissingColumns { missing, found } if vi => format!(
                "Tệp thiếu cột: {}. Dòng tiêu đề hiện có: {}. Hãy ghi tên cột ở dòng đầu tiên của tệp.",
                missing.join("; "),
                list(found, "(không có)")
            ),
            Self::MissingColumns { missing, found } => format!(
                "Columns are missing: {}. The heads found are: {}. Write the names of the columns on the first line.",
                missing.join("; "),
                list(found, "(none)")
            ),
            Self::DuplicateColumn { label, heads, places } if vi => format!(
                "Cột thứ {} (“{}”) và cột thứ {} (“{}”) đều là “{label}”. Hãy giữ lại một cột.",
                places.0, heads.0, places.1, heads.1
            ),
            Self::DuplicateColumn { label, heads, places } => format!(
                "Column {} (“{}”) and column {} (“{}”) both mean “{label}”. Keep one of them.",
                places.0, heads.0, places.1, heads.1
            ),
        }
    }
}

/// A count with its thousands parted, as people read it.
fn grouped(number: u32, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

fn list(heads: &[String], none: &str) -> String {
    let heads: Vec<_> =
        heads.iter().filter(|head| !head.is_empty()).map(|head| format!("“{head}”")).collect();
    if heads.is_empty() { none.into() } else { heads.join(", ") }
}

impl fmt::Display for SheetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}

impl std::error::Error for SheetError {}
