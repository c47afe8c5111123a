//! A figure of the report B01/ĐP, taken apart: what each organisation contributes, and where that comes from.

use dinh_sdk::prelude::*;

use super::report::Asked;
use super::{division, entries, money, remittances, total_name, unit_name};
use crate::book::Tables;
use crate::month::Month;
use crate::report::{self, Reported, quarter};
use crate::rules::organisations::Kind;
use crate::rules::report::{Row, contribution, rows};

/// An organisation's contribution, or the sum of all.
enum Shown<'a> {
    Part(&'a Reported, i64),
    Total(i64),
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let language = request.language();
    let asked = Asked::read(request)?;
    let code: String = request.parameter("code")?;
    let kind = request.optional::<String>("kind")?.as_deref().and_then(Kind::of_key);
    let report = report::of(request, asked.scope.unit, asked.scope.month, &Tables::load()?)?;
    let rows = rows(report.organisations.iter().map(|one| &one.part));
    let row = rows.iter().find(|row| row.code == code).or_not_found(code.clone())?;
    let parts = report.organisations.iter().filter(|one| kind.is_none_or(|kind| one.part.kind == kind));
    let mut shown: Vec<Shown<'_>> = parts
        .map(|one| Shown::Part(one, contribution(&one.part, &code)))
        .filter(|one| matches!(one, Shown::Part(_, value) if *value != 0))
        .collect();
    let total = shown.iter().fold(0_i64, |sum, one| match one {
        Shown::Part(_, value) | Shown::Total(value) => sum.saturating_add(*value),
    });
    if !shown.is_empty() {
        shown.push(Shown::Total(total));
    }
    let column = kind.map_or_else(|| say("Cộng", "All types"), |kind| kind.name().in_language(language));
    let figure = if row.counts {
        Head::new("figure", say("Số đảng viên", "Members")).format(Format::Integer)
    } else {
        money("figure", say("Số tiền", "Amount"))
    };
    let table = Table::of("breakdown", &shown)
        .column(Head::new("unit", say("Tổ chức đảng", "Organisation")).wide(), |one| match one {
            Shown::Part(one, _) => Cell::new(unit_name(one.unit)),
            Shown::Total(_) => Cell::new(total_name(request)),
        })
        .column(Head::new("kind", say("Loại hình", "Kind")), |one| match one {
            Shown::Part(one, _) => Some(one.part.kind.name().in_language(language)),
            Shown::Total(_) => None,
        })
        .column(Head::new("level", say("Cấp", "Level")), |one| match one {
            Shown::Part(one, _) => Some(one.part.level.name().in_language(language)),
            Shown::Total(_) => None,
        })
        .column(figure, |one| match one {
            Shown::Part(one, value) => Cell::new(*value).to(source(row, one, asked.scope.month)),
            Shown::Total(value) => Cell::new(*value),
        })
        .row_kind(|one| matches!(one, Shown::Total(_)).then_some(RowKind::Total))
        .build()
        .empty(say("Không có tổ chức nào.", "None."));
    let title = row.title.in_language(language);
    Ok(Page::new(if row.has_code() { format!("{} – {title}", row.code) } else { title.to_owned() })
        .letterhead(asked.scope.unit)
        .subtitle(format!("{} – {}, {column}", unit_name(asked.scope.unit), asked.title(request)))
        .breadcrumb(say("Báo cáo B01/ĐP", "Report B01/ĐP"), asked.address("/report"))
        .block(table))
}

/// Where an organisation's contribution to a row comes from.
fn source(row: &Row, reported: &Reported, month: Month) -> Address {
    let (first, last) = quarter(month);
    let from = if row.is_of_year() { first.plus(1 - i32::from(first.number())) } else { first };
    let unit = reported.unit;
    match row.code {
        "01" => Address::new("/").with("unit", unit).with("month", reported.counted.unwrap_or(last)),
        "02" | "03" => entries::address(unit, from, last),
        "12" | "13" => remittances::booked(unit, from, last),
        _ => division::address(unit, from, last),
    }
}
