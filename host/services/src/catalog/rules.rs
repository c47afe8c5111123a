//! What entries must be, beyond what each cell must be.

use std::collections::HashMap;

use dinh_model::Language;

use super::export::BETWEEN;
use super::import::{LONGEST_CODE, LONGEST_NAME, Row};
use super::lookup::entry;
use super::{Entry, names};
use crate::sheets::{Problem, Sheet};
use crate::{Call, ServiceError};

/// Heads that nobody knows: a misspelt one would silently lose a column.
pub(super) fn unknown_heads(sheet: &Sheet, language: Language) -> Vec<Problem> {
    let vi = language == Language::Vi;
    let problem = |head: &String| Problem {
        row: 0,
        line: 1,
        column: None,
        value: head.clone(),
        message: if vi { "cột không có trong danh mục" } else { "a column that catalogs do not have" }.into(),
        remedy: if vi {
            "Sửa tên cột hoặc xoá cột này."
        } else {
            "Correct the head, or remove the column."
        }
        .into(),
    };
    sheet.unknown_heads.iter().map(problem).collect()
}

/// Checks the rows against each other and against what is stored.
pub(super) fn check(call: &Call, catalog: &str, rows: &[Row]) -> Result<Vec<Problem>, ServiceError> {
    let mut lines: HashMap<&str, u32> = HashMap::new();
    let mut new: HashMap<&str, &Entry> = HashMap::new();
    let mut checking = Checking { call, catalog, problems: Vec::new() };
    for row in rows {
        match lines.get(row.entry.code.as_str()) {
            Some(first) => checking.report(row, "code", &row.entry.code, Wrong::Twice(*first)),
            None => {
                lines.insert(&row.entry.code, row.line);
                new.insert(&row.entry.code, &row.entry);
            }
        }
    }
    for row in rows {
        checking.alone(row);
        checking.family(row, &new)?;
    }
    Ok(checking.problems)
}

/// What can be wrong with an entry.
enum Wrong {
    Code,
    Name,
    Long(u32),
    Twice(u32),
    Term,
    UnknownCode,
    Itself,
    Cycle,
    Succession,
}

struct Checking<'a> {
    call: &'a Call,
    catalog: &'a str,
    problems: Vec<Problem>,
}

impl Checking<'_> {
    /// An entry by itself.
    fn alone(&mut self, row: &Row) {
        let entry = &row.entry;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
        if !entry.code.chars().all(plain) {
            self.report(row, "code", &entry.code, Wrong::Code);
        }
        let between = BETWEEN.to_string();
        for (column, text, most) in [
            ("code", &entry.code, LONGEST_CODE),
            ("name_vi", &entry.name.vi, LONGEST_NAME),
            ("name_en", &entry.name.en, LONGEST_NAME),
            ("aliases", &entry.aliases.join(&between), LONGEST_NAME),
            ("predecessors", &entry.predecessors.join(&between), LONGEST_NAME),
        ] {
            if text.chars().count() > most as usize {
                self.report(row, column, text, Wrong::Long(most));
            }
        }
        if names::forms(&entry.name.vi).is_empty() {
            self.report(row, "name_vi", &entry.name.vi, Wrong::Name);
        }
        if let Some(until) = entry.valid_until.filter(|until| *until <= entry.valid_from) {
            self.report(row, "valid_until", &until.to_string(), Wrong::Term);
        }
    }

    /// An entry among others.
    fn family(&mut self, row: &Row, new: &HashMap<&str, &Entry>) -> Result<(), ServiceError> {
        let entry = &row.entry;
        if let Some(parent) = &entry.parent {
            if *parent == entry.code {
                self.report(row, "parent", parent, Wrong::Itself);
            } else if self.known(parent, new)?.is_none() {
                self.report(row, "parent", parent, Wrong::UnknownCode);
            } else if self.is_above(&entry.code, parent, new)? {
                self.report(row, "parent", parent, Wrong::Cycle);
            }
        }
        for before in &entry.predecessors {
            if *before == entry.code {
                self.report(row, "predecessors", before, Wrong::Itself);
                continue;
            }
            match self.known(before, new)? {
                None => self.report(row, "predecessors", before, Wrong::UnknownCode),
                Some(known) if known.valid_from >= entry.valid_from => {
                    self.report(row, "predecessors", before, Wrong::Succession);
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// An entry as it will be.
    fn known(&self, code: &str, new: &HashMap<&str, &Entry>) -> Result<Option<Entry>, ServiceError> {
        match new.get(code) {
            Some(entry) => Ok(Some((*entry).clone())),
            None => entry(self.call, self.catalog, code),
        }
    }

    /// Whether `code` stands somewhere above `below`. Ends even where others stand in a circle.
    fn is_above(&self, code: &str, below: &str, new: &HashMap<&str, &Entry>) -> Result<bool, ServiceError> {
        let mut here = below.to_owned();
        for _ in 0..=new.len() + 64 {
            match self.known(&here, new)?.and_then(|entry| entry.parent) {
                Some(above) if above == code => return Ok(true),
                Some(above) => here = above,
                None => return Ok(false),
            }
        }
        Ok(false)
    }

    fn report(&mut self, row: &Row, column: &str, value: &str, wrong: Wrong) {
        let (message, remedy) = wrong.words(self.call.language());
        self.problems.push(Problem {
            row: row.place,
            line: row.line,
            column: Some(column.to_owned()),
            value: value.chars().take(100).collect(),
            message,
            remedy,
        });
    }
}

impl Wrong {
    /// What is wrong, and what to do about it.
    fn words(&self, language: Language) -> (String, String) {
        let (message, remedy): (String, &str) = match (self, language) {
            (Self::Code, Language::Vi) => {
                ("mã có ký tự không dùng được".into(), "Chỉ dùng a–z, A–Z, 0–9, “.”, “-”, “_”, “/”.")
            }
            (Self::Code, Language::En) => (
                "a code with characters that cannot be used".into(),
                "Use a–z, A–Z, 0–9, “.”, “-”, “_”, “/” only.",
            ),
            (Self::Name, Language::Vi) => ("tên không có chữ hoặc số".into(), "Ghi tên đầy đủ."),
            (Self::Name, Language::En) => ("a name without letters or digits".into(), "Write the full name."),
            (Self::Long(most), Language::Vi) => (format!("dài hơn {most} ký tự"), "Rút ngắn lại."),
            (Self::Long(most), Language::En) => (format!("longer than {most} characters"), "Shorten it."),
            (Self::Twice(line), Language::Vi) => {
                (format!("mã đã có ở dòng {line}"), "Giữ lại một dòng cho mỗi mã.")
            }
            (Self::Twice(line), Language::En) => {
                (format!("the code is on line {line} already"), "Keep one line for each code.")
            }
            (Self::Term, Language::Vi) => (
                "ngày kết thúc không sau ngày bắt đầu".into(),
                "Ngày kết thúc là ngày đầu tiên mã không còn hiệu lực.",
            ),
            (Self::Term, Language::En) => (
                "the term does not end after it begins".into(),
                "`valid_until` is the first day on which the code no longer holds.",
            ),
            (Self::UnknownCode, Language::Vi) => (
                "mã này không có trong tệp và trong danh mục".into(),
                "Sửa mã, hoặc thêm một dòng cho mã này.",
            ),
            (Self::UnknownCode, Language::En) => (
                "this code is neither in the file nor in the catalog".into(),
                "Correct the code, or add a line for it.",
            ),
            (Self::Itself, Language::Vi) => ("mã trỏ đến chính nó".into(), "Để trống hoặc ghi mã khác."),
            (Self::Itself, Language::En) => {
                ("the entry names itself".into(), "Leave it empty, or name another code.")
            }
            (Self::Cycle, Language::Vi) => {
                ("các mã cấp trên tạo thành vòng".into(), "Sửa mã cấp trên để không quay lại chính mã này.")
            }
            (Self::Cycle, Language::En) => (
                "the codes above lead back to this one".into(),
                "Correct the parent so that it does not lead back.",
            ),
            (Self::Succession, Language::Vi) => {
                ("mã tiền thân không bắt đầu trước mã này".into(), "Kiểm tra ngày bắt đầu của cả hai mã.")
            }
            (Self::Succession, Language::En) => {
                ("the predecessor does not begin before this entry".into(), "Check the first days of both.")
            }
        };
        (message, remedy.to_owned())
    }
}
