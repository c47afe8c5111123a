//! Tổ chức đảng and tỷ lệ trích giữ lại: what the department keeps for all, as dated rows with their source.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use dinh_sdk::prelude::*;
use dinh_sdk::{Words, access, time};

use super::unit_name;
use crate::import;
use crate::model::division::{Organisation, Retention};
use crate::month::Month;
use crate::rules::organisations::{Kind, Level};
use crate::rules::retention::Basis;
use crate::{below, permission};

/// Kinds as choices.
pub(crate) fn kinds(request: &Request) -> Vec<Choice> {
    choices(request, Kind::ALL.map(|kind| (kind.key(), kind.name())))
}

/// Levels as choices.
pub(crate) fn levels(request: &Request) -> Vec<Choice> {
    choices(request, Level::ALL.map(|level| (level.key(), level.name())))
}

/// What shares are of, as choices.
pub(crate) fn bases(request: &Request) -> Vec<Choice> {
    choices(request, Basis::ALL.map(|basis| (basis.key(), basis.name())))
}

fn choices<const N: usize>(request: &Request, all: [(&'static str, Words); N]) -> Vec<Choice> {
    all.into_iter().map(|(key, name)| Choice::new(key, name.in_language(request.language()))).collect()
}

fn kind_name(request: &Request, key: &str) -> Option<&'static str> {
    Kind::of_key(key).map(|kind| kind.name().in_language(request.language()))
}

fn level_name(request: &Request, key: &str) -> Option<&'static str> {
    Level::of_key(key).map(|level| level.name().in_language(request.language()))
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let mut page = Page::new(say("Tổ chức đảng và tỷ lệ trích nộp", "Organisations and shares"))
        .subtitle(say(
            "Mỗi dòng áp dụng từ ngày của nó đến dòng kế tiếp cùng tổ chức, hoặc cùng loại hình và cấp",
            "A row holds from its day until the next one of its organisation, or of its kind and level",
        ))
        .section(
            Section::new("shares", say("Tỷ lệ trích giữ lại", "Shares retained")).block(shares(request)?),
        )
        .section(Section::new("placed", say("Tổ chức đảng", "Organisations")).block(organisations(request)?));
    if access::may_somewhere(permission::RATES) {
        page = page
            .section(
                Section::new("new-share", say("Ghi tỷ lệ", "Record a share"))
                    .collapsed()
                    .block(share(request)),
            )
            .section(
                Section::new("new-organisation", say("Ghi tổ chức", "Record an organisation"))
                    .collapsed()
                    .block(organisation(request)),
            )
            .section(
                Section::new("import", say("Nhập từ tệp", "Import"))
                    .collapsed()
                    .block(import::block::<Retention>(request)?)
                    .block(import::block::<Organisation>(request)?),
            );
    }
    Ok(page)
}

fn shares(request: &Request) -> Result<Table> {
    let say = |vi, en| request.say(vi, en);
    let mut rows = Retention::all().list()?;
    let place = |row: &Retention| (Level::of_key(&row.level), Kind::of_key(&row.kind));
    rows.sort_by(|one, other| (place(one), other.from).cmp(&(place(other), one.from)));
    Ok(Table::of("share-list", &rows)
        .column(Head::new("level", say("Cấp", "Level")), |row| level_name(request, &row.level))
        .column(Head::new("kind", say("Loại hình", "Kind")).wide(), |row| kind_name(request, &row.kind))
        .column(Head::new("from", say("Áp dụng từ", "From")).format(Format::Date), |row| row.from)
        .column(Head::new("percent", say("Giữ lại (%)", "Retained (%)")), |row| row.percent.normalize())
        .column(Head::new("basis", say("Tính trên", "Of")), |row| {
            Basis::of_key(&row.basis).map(|basis| basis.name().in_language(request.language()))
        })
        .column(Head::new("source", say("Căn cứ", "Source")).wide(), |row| row.source.as_str())
        .build()
        .empty(say("Chưa có tỷ lệ nào.", "No shares yet.")))
}

fn organisations(request: &Request) -> Result<Table> {
    let say = |vi, en| request.say(vi, en);
    let mut rows = Organisation::all().list()?;
    let units: BTreeSet<UnitId> = rows.iter().map(|row| row.organisation).collect();
    let tree = below::tree(Month::of(time::today()), &units.into_iter().collect::<Vec<_>>())?;
    let places: HashMap<UnitId, usize> =
        tree.iter().enumerate().map(|(place, branch)| (branch.unit, place)).collect();
    let place = |row: &Organisation| places.get(&row.organisation).copied();
    rows.sort_by_key(|row| (place(row), Reverse(row.from)));
    Ok(Table::of("organisation-list", &rows)
        .column(Head::new("organisation", say("Tổ chức đảng", "Organisation")).wide(), |row| {
            unit_name(row.organisation)
        })
        .column(Head::new("kind", say("Loại hình", "Kind")), |row| kind_name(request, &row.kind))
        .column(Head::new("level", say("Cấp", "Level")), |row| level_name(request, &row.level))
        .column(Head::new("upper", say("Nộp lên", "Remits to")), |row| row.upper.map(unit_name))
        .column(Head::new("from", say("Áp dụng từ", "From")).format(Format::Date), |row| row.from)
        .column(Head::new("source", say("Căn cứ", "Source")), |row| row.source.as_str())
        .row_depth(|row| place(row).and_then(|place| tree.get(place)).map_or(0, |branch| branch.depth))
        .build()
        .empty(say("Chưa có tổ chức nào.", "No organisations yet.")))
}

fn share(request: &Request) -> Form {
    let say = |vi, en| request.say(vi, en);
    let percent = Field::decimal("percent", say("Được trích giữ lại (%)", "Retained (%)"), 4).between(0, 100);
    Form::new("retention", say("Ghi", "Record"))
        .field(Field::choice("level", say("Cấp", "Level"), levels(request)).required().width(3))
        .field(Field::choice("kind", say("Loại hình", "Kind"), kinds(request)).required().width(3))
        .field(Field::of(Retention::FROM, say("Áp dụng từ", "From")).width(3))
        .field(percent.required().width(3))
        .field(Field::choice("basis", say("Tính trên", "Of"), bases(request)).required().width(6))
        .field(Field::of(Retention::SOURCE, say("Căn cứ", "Source")).at_most(300).width(6))
}

fn organisation(request: &Request) -> Form {
    let say = |vi, en| request.say(vi, en);
    Form::new("organisation", say("Ghi", "Record"))
        .field(Field::of(Organisation::ORGANISATION, say("Tổ chức đảng", "Organisation")).width(6))
        .field(Field::of(Organisation::UPPER, say("Nộp lên", "Remits to")).width(6))
        .field(Field::choice("kind", say("Loại hình", "Kind"), kinds(request)).required().width(3))
        .field(Field::choice("level", say("Cấp", "Level"), levels(request)).required().width(3))
        .field(Field::of(Organisation::FROM, say("Áp dụng từ", "From")).width(3))
        .field(Field::of(Organisation::SOURCE, say("Căn cứ", "Source")).at_most(300).width(3))
}
