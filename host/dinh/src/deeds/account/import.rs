//! `dinh account import`: a report of what a file of people would make, and the asking for it.

use anyhow::{Context as _, Result};
use clap::Args;
use dinh_model::{Label, PositionId};
use dinh_services::accounts::{
    FaultKind, ImportFile, ImportPlan, Imported, PlannedAccount, import_accounts, plan_import,
};
use dinh_services::{Platform, ServiceError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::PathBuf;

use super::super::input::{Input, Wanted};
use super::super::{Authority, named};
use crate::reply::{Reply, count as counted, on_this_line, table};

/// Most bytes of a file: 20,000 people fit, as a workbook too.
const MOST: u64 = 32 << 20;

/// A file of people.
#[derive(Args, Debug, Serialize, Deserialize)]
pub struct ImportDeed {
    /// A CSV table or a workbook with the heads `Họ và tên`, `Đơn vị` and, where wanted, `Chức vụ`, `Tên đăng nhập`, `Độ mật`, `E-mail`
    pub file: PathBuf,
    /// Code of the unit of rows that name none
    #[arg(long, value_name = "CODE")]
    pub unit: Option<String>,
    /// People of one name in one unit are different people: somebody looked
    #[arg(long)]
    pub same_names: bool,
    /// Ask for the accounts, all in one request, if there is no fault; else only a report is made
    #[arg(long, requires = "passwords")]
    pub apply: bool,
    /// Why the accounts are asked for, for whoever decides it; needed when the file has people hold positions
    #[arg(long, value_name = "TEXT", default_value = "", requires = "apply")]
    pub reason: String,
    /// A new file for the temporary passwords, which are shown nowhere else
    #[arg(long, value_name = "FILE", requires = "apply")]
    pub passwords: Option<PathBuf>,
}

impl ImportDeed {
    /// The file.
    pub fn wanted(&self) -> Wanted {
        Wanted::File { path: self.file.clone(), most: MOST }
    }
}

/// A row of the report.
#[derive(Serialize)]
struct Row<'a> {
    line: u32,
    full_name: &'a str,
    unit: &'a str,
    position: Option<PositionId>,
    position_title: Option<&'a str>,
    login: &'a str,
    email: Option<&'a str>,
    clearance: Label,
}

impl<'a> Row<'a> {
    fn new(planned: &'a PlannedAccount) -> Self {
        Self {
            line: planned.line,
            full_name: &planned.full_name,
            unit: &planned.unit_code,
            position: planned.position.as_ref().map(|position| position.id),
            position_title: planned.position.as_ref().map(|position| position.title.vi.as_str()),
            login: &planned.login,
            email: planned.email.as_deref(),
            clearance: planned.clearance,
        }
    }

    fn cells(&self) -> [String; 7] {
        [
            self.line.to_string(),
            self.full_name.to_owned(),
            self.unit.to_owned(),
            self.position_title.unwrap_or("–").to_owned(),
            self.login.to_owned(),
            self.email.unwrap_or("–").to_owned(),
            self.clearance.to_string(),
        ]
    }
}

/// A fault of the report.
#[derive(Serialize)]
struct Wrong<'a> {
    line: u32,
    kind: FaultKind,
    column: Option<&'a str>,
    value: &'a str,
    message: &'a str,
    remedy: &'a str,
}

/// Does it.
pub(super) fn perform(
    platform: &Platform,
    authority: &Authority,
    deed: &ImportDeed,
    input: Input,
) -> Result<Reply> {
    let bytes = input.file.context("the command came without the file it imports")?.0;
    let name = deed.file.file_name().unwrap_or_default().to_string_lossy();
    let mut file = ImportFile { name: &name, bytes: &bytes, unit: None, same_names: deed.same_names };
    let plan = authority.perform(platform, "account import", |call| {
        let unit = deed.unit.as_deref().map(|code| named::unit(call, code)).transpose()?;
        file.unit = unit.map(|unit| unit.id);
        plan_import(call, &file)
    })?;
    if !deed.apply {
        return Ok(report(&plan));
    }
    match authority.perform(platform, "account import", |call| import_accounts(call, &file, &deed.reason)) {
        Ok(imported) => Ok(asked(&imported)),
        // The refusal is in the evidence; whoever imports wants all of the report.
        Err(ServiceError::Refused(_)) if !plan.faults.is_empty() => Ok(report(&plan)),
        Err(error) => Err(error.into()),
    }
}

fn report(plan: &ImportPlan) -> Reply {
    let rows: Vec<_> = plan.accounts.iter().map(Row::new).collect();
    let faults: Vec<_> = plan
        .faults
        .iter()
        .map(|fault| Wrong {
            line: fault.problem.line,
            kind: fault.kind,
            column: fault.problem.column.as_deref(),
            value: &fault.problem.value,
            message: &fault.problem.message,
            remedy: &fault.problem.remedy,
        })
        .collect();
    let count: usize = plan.counts.values().sum();
    let mut text = table(HEADS, rows.iter().map(Row::cells));
    if count > 0 {
        let wrong = faults.iter().map(|it| {
            [
                it.line.to_string(),
                it.column.unwrap_or("–").into(),
                it.value.into(),
                it.message.into(),
                it.remedy.into(),
            ]
        });
        text = format!("{text}\n\n{}", table(["line", "column", "cell", "fault", "remedy"], wrong));
    }
    if plan.unlisted_faults > 0 {
        text.push_str(&format!("\nand {} faults more", plan.unlisted_faults));
    }
    text.push_str(&unread(&plan.unread_heads));
    text.push_str(&match count {
        0 => format!(
            "\n{} can be made; nothing was written, --apply asks for all",
            counted(rows.len(), "account", "accounts")
        ),
        _ => format!(
            "\n{}, {}; nothing was written",
            counted(plan.rows, "row", "rows"),
            counted(count, "fault", "faults")
        ),
    });
    let value = json!({
        "applied": false,
        "rows": plan.rows,
        "accounts": rows,
        "faults": faults,
        "unlisted_faults": plan.unlisted_faults,
        "unread_heads": plan.unread_heads,
    });
    Reply { value, text }
}

/// What was asked for. The passwords stand beside, for the file: [`crate::import`] takes them out before anything is
/// printed.
fn asked(imported: &Imported) -> Reply {
    let rows: Vec<_> = imported.accounts.iter().map(|it| Row::new(&it.planned)).collect();
    let secrets: Vec<_> = imported
        .accounts
        .iter()
        .map(|it| {
            let PlannedAccount { login, full_name, unit_code, email, .. } = &it.planned;
            [login, full_name, unit_code, email.as_deref().unwrap_or_default(), &it.password]
                .map(str::to_owned)
        })
        .collect();
    let count = rows.len();
    let sentence = match imported.request {
        Some(request) => {
            format!(
                "request {request}: {} when another person approves",
                counted(count, "account", "accounts")
            )
        }
        None => format!("{} created", counted(count, "account", "accounts")),
    };
    let sentence = format!("{sentence}{}", super::accepted(imported.accepted));
    let text = format!(
        "{}{}\n{sentence}",
        table(HEADS, rows.iter().map(Row::cells)),
        unread(&imported.unread_heads)
    );
    let value = json!({
        "applied": true,
        "passwords_accepted": imported.accepted,
        "request": imported.request,
        "rows": count,
        "accounts": rows,
        "faults": [],
        "unread_heads": imported.unread_heads,
        crate::import::PASSWORDS: secrets,
    });
    Reply { value, text }
}

const HEADS: [&str; 7] = ["line", "full name", "unit", "position", "login", "e-mail", "clearance"];

fn unread(heads: &[String]) -> String {
    if heads.is_empty() {
        String::new()
    } else {
        format!("\ncolumns that are not read: {}", on_this_line(&heads.join(", ")))
    }
}
