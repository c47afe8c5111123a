//! Import of the components of editions: one line for each component of an edition.
//!
//! An edition is replaced whole. Components keep their slot by their key, so that scores already imported
//! stay where they are; a component that has scores cannot disappear from its edition.

use std::collections::{BTreeMap, HashMap};

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};

use super::{Findings, may_lack, number, wrong_rows};
use crate::edition::{Definition, results};
use crate::model::{Component, Edition, SLOTS, YEARS};

const BLOCK: &str = "components";
const COLUMNS: [&str; 6] = ["year", "key", "order", "name_vi", "name_en", "weight"];

/// Names of other columns of the ranking and of files of scores: no component may be called so.
const TAKEN: [&str; 10] = [
    "year",
    "province",
    "rank",
    "total",
    "computed",
    "gap",
    "group",
    "published_score",
    "published_rank",
    "published_group",
];

/// What is known of an edition before the import.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    components: Vec<Component>,
    /// Slots in which some result has a score.
    used: Vec<i64>,
}

/// One line of the file.
#[derive(Clone, Debug)]
struct Line {
    row: usize,
    year: i64,
    key: String,
    order: i64,
    name_vi: String,
    name_en: String,
    weight: Option<Decimal>,
}

/// What an import would do.
#[derive(Debug)]
pub(crate) struct Plan {
    findings: Findings,
    /// The components of each edition that can be imported, in their order.
    editions: BTreeMap<i64, Vec<Component>>,
}

/// The block of the page.
pub(crate) fn block(request: &Request) -> Result<SheetImport> {
    let import = SheetImport::new(BLOCK, request.say("Tệp chỉ số thành phần", "File of components"))
        .help(request.say(
            "Mỗi dòng là một chỉ số thành phần của một kỳ: year, key, order, name_vi, name_en, weight (%). Trọng số của một kỳ cộng lại bằng 100, hoặc đều là N/A. Kỳ đã có được thay toàn bộ.",
            "One line for each component of an edition: year, key, order, name_vi, name_en, weight (%). The weights of an edition add up to 100, or are all N/A. An edition that exists is replaced whole.",
        ))
        .column(
            SheetColumn::integer("year", request.say("Năm", "Year"), *YEARS.start(), *YEARS.end())
                .format(Format::Year)
                .alias("Năm")
                .alias("Kỳ")
                .required(),
        )
        .column(SheetColumn::text("key", request.say("Mã", "Key")).alias("Mã").required())
        .column(SheetColumn::integer("order", request.say("Thứ tự", "Order"), 1, 99).alias("Thứ tự").required())
        .column(SheetColumn::text("name_vi", request.say("Tên", "Name in Vietnamese")).alias("Tên").required())
        .column(SheetColumn::text("name_en", request.say("Tên tiếng Anh", "Name in English")).alias("Tên tiếng Anh"))
        .column(may_lack(
            SheetColumn::decimal("weight", request.say("Trọng số (%)", "Weight (%)"), 2, 0, 100)
                .format(Format::Decimal(2))
                .alias("Trọng số"),
        ));
    let Some(sheet) = Sheet::of(BLOCK) else { return Ok(import) };
    let rows = sheet.read(&COLUMNS)?;
    let plan = plan(request, &rows, &known(&rows)?);
    let summary = summary(request, &plan);
    let preview = SheetPreview { problems: plan.findings.into_problems(), ..SheetPreview::new(summary) };
    Ok(import.preview(Some(preview)))
}

/// Imports the sheet.
pub(crate) fn submit(request: &Request, _: &Submission) -> Result<Outcome> {
    let sheet = Sheet::of(BLOCK).or_failed("no sheet")?;
    let rows = sheet.read(&COLUMNS)?;
    let plan = plan(request, &rows, &known(&rows)?);
    plan.findings.check(request, &rows)?;
    let summary = summary(request, &plan);
    for (year, components) in plan.editions {
        write(year, components)?;
    }
    Ok(Outcome::done("/editions")
        .saying(request.say("Đã nhập chỉ số thành phần", "Components imported"))
        .saying_more(summary))
}

fn summary(request: &Request, plan: &Plan) -> String {
    let components: usize = plan.editions.values().map(Vec::len).sum();
    let editions = plan.editions.len();
    request
        .say(
            &format!("{editions} kỳ PCI, {components} chỉ số thành phần."),
            &format!("{editions} editions, {components} components."),
        )
        .to_owned()
}

/// The editions that the file names, as they are now.
fn known(rows: &Rows) -> Result<HashMap<i64, Known>> {
    let mut known = HashMap::new();
    for year in (0..rows.len()).filter_map(|row| rows.get::<i64>(row, "year")) {
        if known.contains_key(&year) {
            continue;
        }
        let components = Component::all().filter(Component::YEAR.is(year)).list()?;
        let components: Vec<Component> = components.into_iter().map(|stored| stored.record).collect();
        let results = if components.is_empty() { Vec::new() } else { results(year)? };
        let filled = |component: &&Component| results.iter().any(|result| component.score(result).is_some());
        let used = components.iter().filter(filled).map(|component| component.slot).collect();
        known.insert(year, Known { components, used });
    }
    Ok(known)
}

/// Checks all rows and says what would be written.
pub(crate) fn plan(request: &Request, rows: &Rows, known: &HashMap<i64, Known>) -> Plan {
    let wrong = wrong_rows(rows, &COLUMNS);
    let mut findings = Findings::default();
    let lines: Vec<Line> = (0..rows.len()).filter_map(|row| line(rows, row)).collect();
    for line in lines.iter().filter(|line| !wrong.get(line.row).copied().unwrap_or(true)) {
        check_line(request, rows, line, &lines, &mut findings);
    }
    let mut years: BTreeMap<i64, Vec<&Line>> = BTreeMap::new();
    for line in &lines {
        years.entry(line.year).or_default().push(line);
    }
    let nothing = Known::default();
    for (year, lines) in &years {
        check_edition(request, lines, known.get(year).unwrap_or(&nothing), &mut findings);
    }
    findings.drag(request, &wrong, |row| rows.get(row, "year"));
    let bad: Vec<bool> =
        findings.bad(rows.len()).iter().zip(&wrong).map(|(bad, wrong)| *bad || *wrong).collect();
    let good = |line: &&Line| !bad.get(line.row).copied().unwrap_or(true);
    let editions = years
        .into_iter()
        .filter(|(_, lines)| lines.iter().all(&good))
        .map(|(year, lines)| (year, components(&lines, known.get(&year).unwrap_or(&nothing))))
        .collect();
    Plan { findings, editions }
}

fn line(rows: &Rows, row: usize) -> Option<Line> {
    let name_vi: String = rows.get(row, "name_vi")?;
    Some(Line {
        row,
        year: rows.get(row, "year")?,
        key: rows.get(row, "key")?,
        order: rows.get(row, "order")?,
        name_en: rows.get(row, "name_en").unwrap_or_else(|| name_vi.clone()),
        name_vi,
        weight: rows.get(row, "weight"),
    })
}

fn check_line(request: &Request, rows: &Rows, line: &Line, lines: &[Line], findings: &mut Findings) {
    let good_key = line.key.starts_with(|c: char| c.is_ascii_lowercase())
        && line.key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && line.key.len() <= 60
        && !TAKEN.contains(&line.key.as_str());
    if !good_key {
        findings.add(line.row, |row| {
            SheetProblem::new(
                row,
                request.say("Mã không hợp lệ", "Not a key"),
                request.say(
                    "Ghi mã bằng chữ a–z, số và dấu gạch dưới, bắt đầu bằng chữ, khác tên các cột khác; ví dụ entry_costs.",
                    "Write a–z, digits and underscores, beginning with a letter, and no other column's name: entry_costs.",
                ),
            )
            .in_column("key")
        });
    }
    let earlier = || lines.iter().filter(|other| other.row < line.row && other.year == line.year);
    let mut repeated = |column: &str, other: Option<&Line>, what: &str| {
        if let Some(other) = other {
            findings.add(line.row, |row| {
                SheetProblem::new(
                    row,
                    format!(
                        "{what} {} {}",
                        request.say("đã có ở dòng", "is also on line"),
                        rows.line(other.row)
                    ),
                    request.say("Giữ lại một dòng.", "Keep one of the two."),
                )
                .in_column(column)
            });
        }
    };
    repeated("key", earlier().find(|other| other.key == line.key), request.say("Mã", "The key"));
    repeated("order", earlier().find(|other| other.order == line.order), request.say("Thứ tự", "The order"));
}

/// What concerns an edition as a whole is said on its first line.
fn check_edition(request: &Request, lines: &[&Line], known: &Known, findings: &mut Findings) {
    let Some(first) = lines.first() else { return };
    let weights: Vec<Decimal> = lines.iter().filter_map(|line| line.weight).collect();
    let sum: Decimal = weights.iter().sum();
    if !weights.is_empty() && (weights.len() < lines.len() || sum != Decimal::ONE_HUNDRED) {
        findings.add(first.row, |row| {
            SheetProblem::new(
                row,
                format!(
                    "{} {} {} {}",
                    request.say("Tổng trọng số của kỳ", "The weights of edition"),
                    first.year,
                    request.say("là", "add up to"),
                    number(request, sum)
                ),
                request.say(
                    "Tổng phải bằng 100; nếu chưa biết trọng số, ghi N/A ở mọi dòng của kỳ.",
                    "They add up to 100; where weights are not known, write N/A on every line of the edition.",
                ),
            )
            .in_column("weight")
        });
    }
    if lines.len() > SLOTS {
        findings.add(first.row, |row| {
            SheetProblem::new(
                row,
                format!(
                    "{}: {}",
                    request.say("Quá nhiều chỉ số thành phần", "Too many components"),
                    lines.len()
                ),
                format!("{} {SLOTS}.", request.say("Một kỳ có nhiều nhất", "An edition has at most")),
            )
        });
    }
    for lost in known.components.iter().filter(|component| {
        known.used.contains(&component.slot) && !lines.iter().any(|line| line.key == component.key)
    }) {
        findings.add(first.row, |row| {
            SheetProblem::new(
                row,
                format!(
                    "{} {} ({})",
                    request.say("Tệp thiếu chỉ số đã có điểm:", "A component that has scores is missing:"),
                    lost.name(request.language()),
                    lost.key
                ),
                request.say(
                    "Thêm dòng của chỉ số này, hoặc xoá kết quả của kỳ trước.",
                    "Add its line, or remove the results of the edition first.",
                ),
            )
        });
    }
}

/// The components of an edition: known keys keep their slots, new ones take the lowest free ones.
fn components(lines: &[&Line], known: &Known) -> Vec<Component> {
    let slot_of =
        |key: &str| known.components.iter().find(|component| component.key == key).map(|known| known.slot);
    let kept: Vec<i64> = lines.iter().filter_map(|line| slot_of(&line.key)).collect();
    let mut free = (1..).filter(|slot| !kept.contains(slot));
    let mut components: Vec<Component> = lines
        .iter()
        .map(|line| Component {
            year: line.year,
            key: line.key.clone(),
            slot: slot_of(&line.key).or_else(|| free.next()).unwrap_or_default(),
            position: line.order,
            name_vi: line.name_vi.clone(),
            name_en: line.name_en.clone(),
            weight: line.weight,
        })
        .collect();
    components.sort_by_key(|component| component.position);
    components
}

/// Makes the edition be made of these components.
fn write(year: i64, components: Vec<Component>) -> Result<()> {
    let before = match Definition::load(year)? {
        Some(definition) => definition.components,
        None => {
            let december = i16::try_from(year).ok().and_then(|year| Date::new(year, 12, 31).ok());
            let provinces_as_of = december.or_failed("a year beyond the calendar")?;
            Edition { year, provinces_as_of, note: None }.insert()?;
            Vec::new()
        }
    };
    let mut new = components;
    for mut stored in before {
        match new.iter().position(|component| component.key == stored.key) {
            Some(at) => {
                let component = new.swap_remove(at);
                if stored.record != component {
                    stored.record = component;
                    stored.save()?;
                }
            }
            None => stored.delete()?,
        }
    }
    Component::insert_many(new)?;
    Ok(())
}

/// The components of a published edition, for tests.
#[cfg(test)]
pub(crate) fn published(year: i64) -> Vec<Component> {
    let lines: Vec<Line> = crate::published::components()
        .into_iter()
        .filter(|line| line[0] == year.to_string())
        .enumerate()
        .map(|(row, line)| Line {
            row,
            year,
            key: line[1].into(),
            order: line[2].parse().unwrap(),
            name_vi: line[3].into(),
            name_en: line[4].into(),
            weight: line[5].parse().ok(),
        })
        .collect();
    components(&lines.iter().collect::<Vec<_>>(), &Known::default())
}

#[cfg(test)]
mod tests;
