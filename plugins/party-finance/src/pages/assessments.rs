//! A month of dues for an organisation and all below it: the job that assesses them, and what it came to for each.

use std::collections::HashMap;

use dinh_sdk::prelude::*;
use dinh_sdk::{access, jobs};

use super::{Scope, unit_name};
use crate::deeds::assess;
use crate::model::Assessment;
use crate::rules::assessment::Outcome as Came;
use crate::rules::tree::Branch;
use crate::{below, permission};

/// An organisation, and what assessing it came to when it was last tried.
struct Line {
    unit: UnitId,
    depth: usize,
    assessment: Option<Stored<Assessment>>,
}

impl Line {
    fn came(&self) -> Option<Came> {
        Came::of_key(&self.assessment.as_ref()?.outcome)
    }

    fn hindered(&self) -> bool {
        self.came().is_some_and(Came::hinders)
    }
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let scope = Scope::read(request, permission::READ)?;
    let lines = lines(&scope)?;
    let count = |lines: usize| i64::try_from(lines).unwrap_or(i64::MAX);
    let of = |which: fn(&Line) -> bool| count(lines.iter().filter(|line| which(line)).count());
    let (tried, hindered) = (of(|line| line.assessment.is_some()), of(Line::hindered));
    let mut page =
        Page::new(say("Lập danh sách thu đảng phí cho toàn đảng bộ", "Assess the dues of a whole tree"))
            .letterhead(scope.unit)
            .subtitle(format!("{} – {} {}", unit_name(scope.unit), say("tháng", "month"), scope.month))
            .block(scope.filters(request)?);
    for progress in jobs::of(assess::JOB).into_iter().take(1) {
        page = page.block(progress);
    }
    page = page.block(vec![
        Metric::new(say("Tổ chức đảng", "Organisations"), count(lines.len())).format(Format::Integer),
        Metric::new(say("Đã xét trong tháng này", "Looked at for this month"), tried).format(Format::Integer),
        Metric::new(say("Chưa lập được", "Not assessed"), hindered)
            .format(Format::Integer)
            .tone(if hindered > 0 { Tone::Warning } else { Tone::Neutral }),
    ]);
    if access::may(permission::RECORD, scope.unit) {
        let month = scope.month;
        let (vi, en) = (
            format!("Lập danh sách thu đảng phí tháng {month} cho toàn đảng bộ"),
            format!("Assess {month} for the whole tree"),
        );
        page = page.block(scope.button(say(&vi, &en), "assess-all").primary());
    }
    Ok(page.block(table(request, &scope, &lines)))
}

/// The organisations that the reader may see, in the order of the tree.
fn lines(scope: &Scope) -> Result<Vec<Line>> {
    let noted = Assessment::all().filter(Assessment::MONTH.is(scope.month)).list()?;
    let mut noted: HashMap<UnitId, _> = noted.into_iter().map(|row| (row.unit, row)).collect();
    let branches = below::of(scope.unit, scope.month, scope.units())?;
    Ok(branches
        .into_iter()
        .map(|Branch { unit, depth }| Line { unit, depth, assessment: noted.remove(&unit) })
        .collect())
}

fn table(request: &Request, scope: &Scope, lines: &[Line]) -> Table {
    let say = |vi, en| request.say(vi, en);
    let language = request.language();
    let of = |line: &Line, figure: fn(&Assessment) -> i64| line.assessment.as_ref().map(|row| figure(row));
    Table::of("assessments", lines)
        .column(Head::new("unit", say("Tổ chức đảng", "Organisation")).wide(), |line| unit_name(line.unit))
        .column(Head::new("outcome", say("Lần lập gần nhất", "Last attempt")).format(Format::Badge), |line| {
            let tone = if line.hindered() { Tone::Warning } else { Tone::Good };
            let name = line.came().map(|came| came.name().in_language(language).to_owned());
            Cell::new(name).or(say("chưa lập", "none yet")).tone(tone)
        })
        .column(Head::new("assessed", say("Số đảng viên mới tính", "Members assessed")).format(Format::Integer), |line| {
            of(line, |row| row.assessed)
        })
        .column(
            Head::new("unknown", say("Chưa có căn cứ thu nhập", "Without a basis of income")).format(Format::Integer),
            |line| {
                let unknown = of(line, |row| row.unknown);
                Cell::new(unknown).tone(if unknown > Some(0) { Tone::Warning } else { Tone::Neutral })
            },
        )
        .column(Head::new("at", say("Lúc", "At")), |line| line.assessment.as_ref().map(|row| row.recorded_at))
        .column(Head::new("by", say("Người lập", "By")), |line| {
            line.assessment.as_ref().map(|row| row.recorded_by)
        })
        .row_depth(|line| line.depth)
        .row_target(|line| Some(Address::new("/").with("unit", line.unit).with("month", scope.month)))
        .build()
        .empty(say("Chưa được phân quyền cho tổ chức nào.", "No organisation is granted to you."))
        .note(say(
            "Tổ chức không lập được có nêu lý do, không cản các tổ chức khác; mở dòng để xem sổ, khắc phục rồi lập lại: ai đã tính thì không tính lần nữa.",
            "One that cannot be assessed says why, and holds up no other. Open its ledger, mend it and assess again: nobody is assessed twice.",
        ))
}
