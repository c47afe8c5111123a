//! Import of which papers the files hold, as a list of the shelf says. A row names its officer by number; a paper that is
//! recorded already is left alone. Scans are added on the sheet.

use std::collections::HashSet;

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};
use dinh_sdk::time;

use super::{Findings, OFFICER, column, known};
use crate::model::Paper;
use crate::pages::{actor, papers};
use crate::told::{Officer, officer};

/// The import block.
const BLOCK: &str = "papers";

/// What would be done.
struct Plan {
    added: Vec<Paper>,
    unchanged: usize,
    findings: Findings,
}

/// What tells a paper from others of the same file.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "papers")]
struct There {
    person: RecordId,
    kind: String,
    title: Option<String>,
    dated: Option<Date>,
}

type Key = (Officer, String, Option<String>, Option<Date>);

impl There {
    fn key(self) -> Key {
        (officer(self.person), self.kind, self.title, self.dated)
    }
}

/// The block.
pub(crate) fn block(request: &Request) -> Result<SheetImport> {
    let title = format!("{}: {}", request.say("Nhập", "Import"), papers::title(request));
    let number = SheetColumn::text(OFFICER, request.say("Số hiệu cán bộ", "Officer number"));
    let import = SheetImport::new(BLOCK, title)
        .help(request.say(
            "Mỗi dòng là một giấy tờ có trong hồ sơ của cán bộ; giấy tờ đã ghi thì bỏ qua. Bản quét thêm ở trang hồ sơ.",
            "Each line is a paper of an officer's file; one that is recorded already is left out. Scans are added on the sheet.",
        ))
        .column(number.alias("Số hiệu").required());
    let import = papers::fields(request).into_iter().map(column).fold(import, SheetImport::column);
    let Some(sheet) = Sheet::of(BLOCK) else { return Ok(import) };
    let (_, plan) = read(request, &sheet)?;
    let summary = summary(request, &plan);
    Ok(import.preview(Some(plan.findings.preview(summary))))
}

fn summary(request: &Request, plan: &Plan) -> String {
    let (added, unchanged, wrong) = (plan.added.len(), plan.unchanged, plan.findings.rows());
    request
        .say(
            &format!("Thêm {added} giấy tờ, đã có {unchanged}; {wrong} dòng sai."),
            &format!("{added} papers to add, {unchanged} there already; {wrong} wrong lines."),
        )
        .to_owned()
}

/// Imports the sheet.
pub(crate) fn submit(request: &Request, _: &Submission) -> Result<Outcome> {
    let sheet = Sheet::of(BLOCK).or_failed("no sheet")?;
    let (rows, plan) = read(request, &sheet)?;
    plan.findings.check(request, &rows)?;
    let summary = summary(request, &plan);
    Paper::insert_many(plan.added)?;
    Ok(Outcome::done("/import/papers").saying(request.say("Đã nhập", "Imported")).saying_more(summary))
}

fn read(request: &Request, sheet: &Sheet) -> Result<(Rows, Plan)> {
    let columns = [OFFICER, "kind", "title", "dated"];
    let rows = sheet.read(&columns)?;
    let (officers, today, now, by) = (known()?, time::today(), time::now(), actor(request)?);
    let mut there: HashSet<Key> = There::all().list()?.into_iter().map(|row| row.record.key()).collect();
    let mut plan = Plan { added: Vec::new(), unchanged: 0, findings: Findings::default() };
    for row in 0..rows.len() {
        if columns.iter().any(|column| rows.is_wrong(row, column)) {
            continue;
        }
        let (Some(code), Some(kind)) = (rows.get::<String>(row, OFFICER), rows.get::<String>(row, "kind"))
        else {
            continue;
        };
        let Some(whose) = plan.findings.officer(request, row, &code, &officers) else { continue };
        let (title, dated) = (rows.get(row, "title"), rows.get(row, "dated"));
        if let Some(wrong) = papers::wrong(request, dated, today) {
            plan.findings.add(row, wrong.field, wrong.message, wrong.remedy);
            continue;
        }
        let paper = There { person: whose.id, kind, title, dated };
        if !there.insert(paper.clone().key()) {
            plan.unchanged += 1;
            continue;
        }
        let There { person, kind, title, dated } = paper;
        let (unit, account) = (whose.unit, whose.account);
        if plan.findings.own(request, row, OFFICER, by, &[account]) {
            continue;
        }
        plan.added.push(Paper {
            person,
            unit,
            account,
            kind,
            title,
            dated,
            file: None,
            recorded_by: by,
            recorded_at: now,
        });
    }
    Ok((rows, plan))
}
