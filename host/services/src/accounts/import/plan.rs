//! The plan of an import: what would be made of each row, and what is wrong with it.

use std::collections::BTreeMap;

use dinh_model::{Label, Language, UnitId};
use serde::Serialize;

use super::super::Position;
use super::planning::Planning;
use super::report::{Fault, FaultKind};
use super::{MOST_ROWS, columns};
use crate::permissions::ACCOUNT_MANAGE;
use crate::{Call, ServiceError, sheets};

/// A file of people.
#[derive(Clone, Copy, Debug)]
pub struct ImportFile<'a> {
    /// Its name, for messages.
    pub name: &'a str,
    /// CSV text or a workbook.
    pub bytes: &'a [u8],
    /// The unit of rows that name none.
    pub unit: Option<UnitId>,
    /// Whoever imports has looked at the people of one name in one unit: they are different people.
    pub same_names: bool,
}

/// An account that would be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedAccount {
    /// The line of the file.
    pub line: u32,
    /// The person's full name, NFC.
    pub full_name: String,
    /// Where.
    pub unit: UnitId,
    /// Its code.
    pub unit_code: String,
    /// The sign-in name: the one of the file, else by the rule of the house.
    pub login: String,
    /// The address: the one of the file, else the login at the unit's domain, when there is one.
    pub email: Option<String>,
    /// The highest label the person is cleared for.
    pub clearance: Label,
    /// The position of the unit that the person is to hold, if the file names one.
    pub position: Option<Position>,
}

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportPlan {
    /// Rows of the file.
    pub rows: usize,
    /// What would be made of the rows without a fault, in the order of the file.
    pub accounts: Vec<PlannedAccount>,
    /// What is wrong, in the order of the file. While there is anything, nothing is imported.
    pub faults: Vec<Fault>,
    /// Faults beyond those that are listed.
    pub unlisted_faults: u32,
    /// Faults of each kind, unlisted ones too.
    pub counts: BTreeMap<FaultKind, usize>,
    /// Heads of the file that no column has; their cells are not read.
    pub unread_heads: Vec<String>,
}

impl ImportPlan {
    /// Goes on only without faults.
    pub(super) fn refuse_faults(&self) -> Result<(), ServiceError> {
        let Some(first) = self.faults.first() else { return Ok(()) };
        let rule = if self.counts.contains_key(&FaultKind::Unit) {
            "import-unknown-unit"
        } else if self.counts.contains_key(&FaultKind::Duplicate) {
            "import-duplicate-person"
        } else {
            "import-fault"
        };
        let (count, line, what) =
            (self.counts.values().sum::<usize>(), first.problem.line, &first.problem.message);
        Err(ServiceError::refused(
            rule,
            "import",
            format!("Tệp có {count} lỗi nên chưa tạo tài khoản nào; lỗi đầu tiên ở dòng {line}: {what}."),
            format!(
                "The file has {count} faults, so no account was made; the first is on line {line}: {what}."
            ),
        ))
    }
}

/// Says what importing a file would do. Writes nothing. Needs `dinh.account.manage` somewhere; rows of other units are
/// faults, and so are positions with grants that the actor could not give.
pub fn plan_import(call: &mut Call, file: &ImportFile<'_>) -> Result<ImportPlan, ServiceError> {
    call.require_somewhere(&ACCOUNT_MANAGE, None)?;
    let (columns, language) = (columns::columns(file.unit.is_some()), call.language());
    let wanted = sheets::Wanted { columns: &columns, most_rows: MOST_ROWS, language };
    let sheet = sheets::read(file.name, file.bytes, wanted)
        .map_err(|error| ServiceError::invalid(error.text(Language::Vi), error.text(Language::En)))?;
    let mut planning = Planning::new(call, file)?;
    planning.report.cells(&sheet.problems, sheet.unlisted_problems);
    let mut drafts = Vec::new();
    for row in columns::rows(&sheet) {
        drafts.extend(planning.draft(row)?);
    }
    let mut accounts = Vec::with_capacity(drafts.len());
    for draft in drafts {
        accounts.extend(planning.named(draft)?);
    }
    let mut report = planning.report;
    report.faults.sort_by_key(|fault| fault.problem.line);
    Ok(ImportPlan {
        rows: sheet.rows(),
        accounts,
        faults: report.faults,
        unlisted_faults: report.unlisted,
        counts: report.counts,
        unread_heads: sheet.unknown_heads,
    })
}
