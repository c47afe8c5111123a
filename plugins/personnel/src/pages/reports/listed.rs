//! Those who are counted in a figure of the report.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::tally::{ALL, Report};
use super::{Asked, serving};
use crate::model::common::Grades;
use crate::pages::people::page_of;
use crate::pages::{count, sheet_of};
use crate::past::grade_name;

/// Rows of a page, and of an export.
const PAGE: u32 = 50;
const EXPORTED: u32 = 1000;

/// Draws the list.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let asked: Asked = request.query()?;
    let today = time::today();
    let day = asked.as_of.unwrap_or(today);
    let (row, column) = (request.optional::<String>("row")?, request.optional::<String>("of")?);
    let mut lines = serving(asked.unit, day, today)?;
    let column = column.as_deref().unwrap_or(ALL);
    let name = Report::new(request, asked.by(), day)?.keep(&mut lines, row.as_deref(), column);
    lines.sort_by_cached_key(|line| dinh_sdk::text::sort_key(&line.sort_name));
    let grades = Grades::load()?;
    let limit = if request.export().is_some() { EXPORTED } else { PAGE };
    let found = page_of(request, lines, limit);
    let table = Table::of("listed", &found.rows)
        .column(Head::new("name", say("Họ và tên", "Name")).frozen(), |line| line.full_name.as_str())
        .column(Head::new("code", say("Số hiệu", "Number")).format(Format::Code), |line| {
            line.code.clone()
        })
        .column(Head::new("birth-date", say("Ngày sinh", "Born")).format(Format::Date), |line| {
            line.birth_date
        })
        .column(Head::new("unit", say("Đơn vị", "Unit")), |line| line.unit)
        .column(Head::new("position", say("Chức vụ, chức danh", "Position")), |line| {
            line.position.clone()
        })
        .column(Head::new("grade", say("Ngạch", "Grade")), |line| grade_name(&grades, line.grade.as_ref()))
        .row_target(|line| Some(sheet_of(line.id)))
        .build()
        .empty(say("Không có ai.", "Nobody."))
        .paged(request, found.next)
        .total(found.total);
    let moment = day.strftime("%d/%m/%Y").to_string();
    let subtitle = format!("{} {moment}", say("Tính đến ngày", "As of"));
    let subtitle = name.map_or_else(|| subtitle.clone(), |name| format!("{name} – {subtitle}"));
    let mut page = Page::new(say("Cán bộ của một số liệu", "Officers behind a figure"))
        .subtitle(subtitle)
        .breadcrumb(say("Báo cáo", "Reports"), asked.address("/reports"))
        .block(vec![
            Metric::new(say("Số người", "People"), count(usize::try_from(found.total).unwrap_or(usize::MAX)))
                .format(Format::Integer),
        ]);
    page.letterhead = asked.unit.map(|unit| unit.0);
    Ok(page.block(table))
}
