//! Headcount against quota, as of any day.

use std::collections::HashMap;

use dinh_sdk::prelude::*;
use dinh_sdk::{access, time};

use super::reports::serving;
use super::{as_of_field, count, target};
use crate::import::common;
use crate::model::Quota;
use crate::permission;
use crate::units::Units;

/// A unit with its posts and people.
struct Row {
    unit: UnitId,
    name: String,
    depth: usize,
    posts: Option<i64>,
    /// In the unit itself, and in all below it.
    own: usize,
    people: usize,
}

impl Row {
    /// Posts that are free; negative where there are too many people.
    fn free(&self) -> Option<i64> {
        self.posts.map(|posts| posts.saturating_sub(count(self.people)))
    }
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let today = time::today();
    let day = request.optional::<Date>("as-of")?.unwrap_or(today);
    let say = |vi, en| request.say(vi, en);
    let rows = rows(day, today)?;
    let over = rows.iter().filter(|row| row.free().is_some_and(|free| free < 0)).count();
    let mut page = Page::new(say("Biên chế", "Headcount"))
        .subtitle(format!("{} {}", say("Tính đến ngày", "As of"), day.strftime("%d/%m/%Y")))
        .block(Filters::new(vec![as_of_field(request, Some(day))]).submit(say("Xem", "Show")));
    if over > 0 {
        let title =
            format!("{} {over}", say("Số đơn vị vượt biên chế được giao:", "Units above their quota:"));
        page = page.block(Notice::warning(title));
    }
    page = page.block(table(request, day, &rows));
    if access::may_somewhere(permission::QUOTA) {
        page = page
            .section(Section::new("set-one", say("Giao biên chế", "Set a quota")).block(form(request)))
            .section(
                Section::new("import", say("Nhập chỉ tiêu biên chế", "Import quotas"))
                    .block(common::block::<Quota>(request)?),
            );
    }
    Ok(page)
}

fn rows(day: Date, today: Date) -> Result<Vec<Row>> {
    let units = Units::load();
    let mut quotas: Vec<Stored<Quota>> = Quota::all().filter(Quota::FROM.at_most(day)).list()?;
    quotas.sort_by_key(|quota| quota.from);
    let in_force: HashMap<u32, i64> = quotas.iter().map(|quota| (quota.unit.0, quota.posts)).collect();
    let mut own: HashMap<u32, usize> = HashMap::new();
    for line in &serving(None, day, today)? {
        *own.entry(line.unit.0).or_default() += 1;
    }
    let here = |unit: u32| own.get(&unit).copied().unwrap_or_default();
    let rows = units.iter().map(|placed| {
        let unit = UnitId(placed.unit.id);
        Row {
            unit,
            name: placed.unit.name.clone(),
            depth: placed.depth,
            posts: in_force.get(&unit.0).copied(),
            own: here(unit.0),
            people: units.within(unit).into_iter().map(|unit| here(unit.0)).sum(),
        }
    });
    Ok(rows.filter(|row| row.posts.is_some() || row.people > 0).collect())
}

/// Those who served in a unit and below it on a day, by unit.
fn within(unit: UnitId, day: Date) -> Address {
    Address::new("/reports/listed").with("by", "unit").with("unit", i64::from(unit.0)).with("as-of", day)
}

fn table(request: &Request, day: Date, rows: &[Row]) -> Table {
    let say = |vi, en| request.say(vi, en);
    let number = |key: &str, head: &str| Head::new(key, head).format(Format::Integer);
    let mut table = Table::of("headcount", rows)
        .column(Head::new("unit", say("Đơn vị", "Unit")).frozen().wide(), |row| {
            // Rows that are nothing special have no depth of their own.
            format!("{}{}", "\u{2003}".repeat(row.depth.min(4)), row.name)
        })
        .column(number("posts", say("Biên chế giao", "Posts")), |row| row.posts);
    // Whoever sets quotas need not see officers; nobody would then be counted.
    if access::may_somewhere(permission::READ) {
        table = table
            .column(number("people", say("Có mặt", "Present")), |row| {
                Cell::new(count(row.people)).to(within(row.unit, day))
            })
            .column(number("own", say("Trực tiếp tại đơn vị", "In the unit itself")), |row| {
                Cell::new(count(row.own)).to(within(row.unit, day).with("row", i64::from(row.unit.0)))
            })
            .column(number("free", say("Còn thiếu (+), vượt (−)", "Free (+), above (−)")), |row| {
                let tone = match row.free() {
                    Some(free) if free < 0 => Tone::Bad,
                    Some(free) if free > 0 => Tone::Info,
                    _ => Tone::Neutral,
                };
                Cell::new(row.free()).tone(tone).or("–")
            });
    }
    table
        .row_kind(|row| (row.depth <= 1).then_some(RowKind::Subtotal))
        .build()
        .caption(say("Biên chế và số có mặt", "Quotas and headcount"))
        .empty(say("Chưa có chỉ tiêu biên chế và cán bộ nào.", "No quotas and no officers yet."))
        .note(say("Số có mặt gồm cả các đơn vị trực thuộc.", "Those present include all units below."))
}

fn form(request: &Request) -> Form {
    let say = |vi, en| request.say(vi, en);
    Form::new("set", say("Giao biên chế", "Set"))
        .field(Field::of(Quota::UNIT, say("Đơn vị", "Unit")).width(6))
        .field(Field::of(Quota::FROM, say("Áp dụng từ", "From")).value(time::today()).width(3))
        .field(Field::of(Quota::POSTS, say("Biên chế giao", "Posts")).between(0, 100_000).width(3))
        .field(Field::of(Quota::SOURCE, say("Căn cứ", "Source")).at_most(200))
}

/// Sets a quota from a day on.
pub(crate) fn set(request: &Request, submission: &Submission) -> Result<Outcome> {
    let quota: Quota = submission.record()?;
    access::require(permission::QUOTA, target(quota.unit, None))?;
    let known = Quota::all().filter(Quota::UNIT.is(quota.unit)).filter(Quota::FROM.is(quota.from)).first()?;
    match known {
        Some(mut known) => {
            known.record = quota;
            known.save()?;
        }
        None => drop(quota.insert()?),
    }
    Ok(Outcome::done("/headcount").saying(request.say("Đã giao biên chế", "Quota set")))
}
