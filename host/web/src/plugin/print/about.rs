//! What a template is told beside the page: who prints it, for which unit, when.

use dinh_model::{UnitId, time};
use dinh_runtime::bindings::views::{Block, FieldKind};
use dinh_services::accounts::{Directory, Unit};
use serde_json::{Value, json};

use super::whole::Whole;
use crate::app::App;
use crate::datum::Datum;
use crate::draw::Canvas;
use crate::draw::value::plain;
use crate::format;
use crate::plugin::address::Address;
use crate::visitor::Visitor;

/// How the kinds of units begin that belong to the Party, and so have its heading: the deployment's own words.
const PARTY: [&str; 5] = ["dang", "chi-bo", "tinh-uy", "huyen-uy", "ban-dang"];

/// Deepest level of units that is climbed.
const DEPTH: usize = 12;

/// What a template finds as `about`.
pub fn about(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    canvas: &Canvas<'_>,
    whole: &Whole,
    title: Option<&str>,
    issuer: UnitId,
) -> Value {
    let now = app.platform.clock().now();
    let day = time::day_in_vietnam(now);
    let texts = visitor.texts();
    let person =
        visitor.session.as_ref().map(|session| session.account.full_name.clone()).unwrap_or_default();
    let line = line(app, issuer);
    let moment = format::instant(now);
    let footer = texts.with("print-footer", &[("person", &person), ("moment", &moment)]);
    let as_of = whole.page.as_of.and_then(time::from_microseconds).map(format::instant);
    json!({
        "language": visitor.language.as_str(),
        "title": title,
        "application": address.plugin.manifest.name.get(visitor.language),
        "person": person,
        "unit": line.first().map(|unit| unit.name.clone()),
        "above": above(&line),
        "party": is_of_the_party(&line),
        "place": line.last().map(place),
        "day": { "day": day.day(), "month": day.month(), "year": day.year() },
        "moment": moment,
        "label": canvas.label.as_str(),
        "as_of": as_of.map(|moment| texts.with("page-as-of", &[("moment", &moment)])),
        "filters": filters(canvas, whole),
        "footer": footer,
    })
}

/// A unit and those above it, the nearest first.
fn line(app: &App, unit: UnitId) -> Vec<Unit> {
    let Ok(snapshot) = app.platform.store().snapshot() else { return Vec::new() };
    let directory = Directory::new(&snapshot);
    let find = |id| directory.unit(id).ok().flatten();
    std::iter::successors(find(unit), |unit| unit.parent.and_then(find)).take(DEPTH).collect()
}

fn is_of_the_party(line: &[Unit]) -> bool {
    line.iter().any(|unit| PARTY.iter().any(|kind| unit.kind.starts_with(kind)))
}

/// Which body stands over the issuer in a letterhead: the unit above; for what is directly below the province, its
/// people's committee (Decree 30/2020/NĐ-CP, annex I).
fn above(line: &[Unit]) -> Option<String> {
    let above = line.get(1)?;
    if above.parent.is_some() {
        return Some(above.name.clone());
    }
    let province = above.name.strip_prefix("Tỉnh ").map(|name| format!("tỉnh {name}"));
    let province =
        province.or_else(|| above.name.strip_prefix("Thành phố ").map(|name| format!("thành phố {name}")));
    match province {
        _ if is_of_the_party(line) => None,
        Some(province) => Some(format!("Uỷ ban nhân dân {province}")),
        None => Some(above.name.clone()),
    }
}

/// The place of a letter: the province's name alone.
fn place(root: &Unit) -> String {
    let name = root.name.as_str();
    ["Tỉnh ", "Thành phố "].iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name).to_owned()
}

/// What the page was narrowed by, as its filters show it: “Năm: 2026; Chi bộ: Văn phòng”.
fn filters(canvas: &Canvas<'_>, whole: &Whole) -> Option<String> {
    let blocks = whole.page.sections.iter().flat_map(|section| &section.blocks);
    let fields = blocks.filter_map(|block| match block {
        Block::Filters(filters) => Some(&filters.fields),
        _ => None,
    });
    let said: Vec<String> = fields
        .flatten()
        .filter_map(|field| {
            let datum = Datum::of(&field.value);
            let text = match (&field.kind, &datum) {
                (FieldKind::Hidden, _) | (_, Datum::Empty) => return None,
                (FieldKind::Choice(choices) | FieldKind::ChoiceList(choices), Datum::Text(value)) => {
                    let choice = choices.choices.iter().find(|choice| choice.value == *value);
                    choice.map_or_else(|| (*value).to_owned(), |choice| choice.text.clone())
                }
                (FieldKind::Month(_), Datum::Date(day)) => format::month(*day),
                // As it is typed: most of them are years.
                (FieldKind::Integer(_), Datum::Integer(number)) => number.to_string(),
                // An identifier says nothing on paper.
                (FieldKind::Reference(_), _) => return None,
                _ => plain(canvas, &datum),
            };
            (!text.trim().is_empty()).then(|| format!("{}: {text}", field.label))
        })
        .collect();
    (!said.is_empty()).then(|| said.join("; "))
}

#[cfg(test)]
mod tests {
    use dinh_model::Date;

    use super::*;

    fn unit(id: u32, name: &str, kind: &str, parent: Option<u32>) -> Unit {
        Unit {
            id: UnitId(id),
            code: String::new(),
            name: name.into(),
            kind: kind.into(),
            parent: parent.map(UnitId),
            valid_from: Date::constant(1997, 1, 1),
            valid_until: None,
        }
    }

    #[test]
    fn a_department_is_under_the_peoples_committee_and_a_party_organ_has_its_own_heading() {
        let province = unit(1, "Tỉnh Thanh Hóa", "tinh", None);
        let department = [unit(2, "Sở Nội vụ", "so", Some(1)), province.clone()];
        assert_eq!(above(&department).as_deref(), Some("Uỷ ban nhân dân tỉnh Thanh Hóa"));
        assert!(!is_of_the_party(&department));
        assert_eq!(place(department.last().unwrap()), "Thanh Hóa");
        let office =
            [unit(4, "Văn phòng Tỉnh uỷ", "dang", Some(3)), unit(3, "Tỉnh uỷ", "dang", Some(1)), province];
        assert_eq!(above(&office).as_deref(), Some("Tỉnh uỷ"));
        assert_eq!(above(office.get(1..).unwrap()), None);
        assert!(is_of_the_party(&office));
        assert_eq!(above(&[]), None);
    }
}
