//! Import of the groups of editions: one line for each group, best first. The groups of an edition are
//! replaced whole.

use std::collections::{BTreeMap, HashSet};

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::{Rows, Sheet};

use super::{Findings, may_lack, wrong_rows};
use crate::edition::editions;
use crate::model::{Group, YEARS};

const BLOCK: &str = "groups";
const COLUMNS: [&str; 5] = ["year", "order", "name_vi", "name_en", "from"];

/// What an import would do.
#[derive(Debug)]
struct Plan {
    findings: Findings,
    editions: BTreeMap<i64, Vec<Group>>,
}

/// The block of the page.
pub(crate) fn block(request: &Request) -> Result<SheetImport> {
    let import = SheetImport::new(BLOCK, request.say("Tệp nhóm xếp hạng", "File of groups"))
        .help(request.say(
            "Mỗi dòng là một nhóm của một kỳ, nhóm tốt nhất trước: year, order, name_vi, name_en, from (điểm thấp nhất của nhóm, N/A nếu không công bố).",
            "One line for each group of an edition, the best first: year, order, name_vi, name_en, from (lowest score of the group, N/A if not published).",
        ))
        .column(
            SheetColumn::integer("year", request.say("Năm", "Year"), *YEARS.start(), *YEARS.end())
                .format(Format::Year)
                .alias("Năm")
                .alias("Kỳ")
                .required(),
        )
        .column(SheetColumn::integer("order", request.say("Thứ tự", "Order"), 1, 99).alias("Thứ tự").required())
        .column(
            SheetColumn::text("name_vi", request.say("Tên nhóm", "Name in Vietnamese")).alias("Tên nhóm").required(),
        )
        .column(SheetColumn::text("name_en", request.say("Tên tiếng Anh", "Name in English")).alias("Tên tiếng Anh"))
        .column(may_lack(
            SheetColumn::decimal("from", request.say("Từ điểm", "From score"), 2, 0, 100)
                .format(Format::Decimal(2))
                .alias("Từ điểm"),
        ));
    let Some(sheet) = Sheet::of(BLOCK) else { return Ok(import) };
    let plan = plan(request, &sheet.read(&COLUMNS)?, &years()?);
    let summary = summary(request, &plan);
    let preview = SheetPreview { problems: plan.findings.into_problems(), ..SheetPreview::new(summary) };
    Ok(import.preview(Some(preview)))
}

/// Imports the sheet.
pub(crate) fn submit(request: &Request, _: &Submission) -> Result<Outcome> {
    let sheet = Sheet::of(BLOCK).or_failed("no sheet")?;
    let rows = sheet.read(&COLUMNS)?;
    let plan = plan(request, &rows, &years()?);
    plan.findings.check(request, &rows)?;
    let summary = summary(request, &plan);
    for (year, groups) in plan.editions {
        for old in Group::all().filter(Group::YEAR.is(year)).list()? {
            old.delete()?;
        }
        Group::insert_many(groups)?;
    }
    Ok(Outcome::done("/editions")
        .saying(request.say("Đã nhập nhóm xếp hạng", "Groups imported"))
        .saying_more(summary))
}

fn years() -> Result<HashSet<i64>> {
    Ok(editions()?.iter().map(|edition| edition.year).collect())
}

fn summary(request: &Request, plan: &Plan) -> String {
    let groups: usize = plan.editions.values().map(Vec::len).sum();
    let editions = plan.editions.len();
    request
        .say(&format!("{editions} kỳ PCI, {groups} nhóm."), &format!("{editions} editions, {groups} groups."))
        .to_owned()
}

fn plan(request: &Request, rows: &Rows, known: &HashSet<i64>) -> Plan {
    let wrong = wrong_rows(rows, &COLUMNS);
    let mut findings = Findings::default();
    let mut editions: BTreeMap<i64, Vec<(usize, Group)>> = BTreeMap::new();
    for row in 0..rows.len() {
        let Some(group) = group(rows, row).filter(|_| !wrong.get(row).copied().unwrap_or(true)) else {
            continue;
        };
        if !known.contains(&group.year) {
            findings.add(row, |row| {
                SheetProblem::new(
                    row,
                    format!("{} {}", request.say("Chưa có kỳ PCI", "There is no edition"), group.year),
                    request.say(
                        "Nhập các chỉ số thành phần của kỳ trước.",
                        "Import the components of the edition first.",
                    ),
                )
                .in_column("year")
            });
        }
        let groups = editions.entry(group.year).or_default();
        let name = dinh_sdk::text::fold(&group.name_vi);
        for (column, other) in [
            ("order", groups.iter().find(|(_, other)| other.position == group.position)),
            ("name_vi", groups.iter().find(|(_, other)| dinh_sdk::text::fold(&other.name_vi) == name)),
        ] {
            if let Some((other, _)) = other {
                let line = rows.line(*other);
                findings.add(row, |row| {
                    SheetProblem::new(
                        row,
                        format!("{} {line}", request.say("Trùng với dòng", "The same as on line")),
                        request.say("Giữ lại một dòng.", "Keep one of the two."),
                    )
                    .in_column(column)
                });
            }
        }
        groups.push((row, group));
    }
    findings.drag(request, &wrong, |row| rows.get(row, "year"));
    let bad = findings.bad(rows.len());
    let editions = editions
        .into_iter()
        .filter(|(_, groups)| groups.iter().all(|(row, _)| !bad.get(*row).copied().unwrap_or(true)))
        .map(|(year, groups)| (year, groups.into_iter().map(|(_, group)| group).collect()))
        .collect();
    Plan { findings, editions }
}

fn group(rows: &Rows, row: usize) -> Option<Group> {
    let name_vi: String = rows.get(row, "name_vi")?;
    Some(Group {
        year: rows.get(row, "year")?,
        position: rows.get(row, "order")?,
        name_en: rows.get(row, "name_en").unwrap_or_else(|| name_vi.clone()),
        name_vi,
        from: rows.get(row, "from"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(lines: &[(i64, i64, &str)]) -> Plan {
        let rows = Rows::test(vec![
            ("year", Column::of(lines.iter().map(|line| line.0))),
            ("order", Column::of(lines.iter().map(|line| line.1))),
            ("name_vi", Column::of(lines.iter().map(|line| line.2))),
        ]);
        plan(&Request::test("/editions", Language::En), &rows, &HashSet::from([2021]))
    }

    #[test]
    fn groups_of_a_known_edition_are_imported() {
        let plan = planned(&[(2021, 1, "Rất tốt"), (2021, 2, "Tốt")]);
        assert_eq!(plan.editions[&2021].len(), 2);
        assert_eq!(plan.editions[&2021][0].name_en, "Rất tốt");
        assert!(plan.findings.into_problems().is_empty());
    }

    #[test]
    fn an_unknown_edition_is_named_with_its_remedy() {
        let problems = planned(&[(2021, 1, "Rất tốt"), (2031, 1, "Tốt")]).findings.into_problems();
        assert_eq!(problems.len(), 1);
        assert_eq!((problems[0].row, problems[0].message.as_str()), (1, "There is no edition 2031"));
    }

    #[test]
    fn a_repeated_order_or_name_keeps_the_edition_out() {
        let plan = planned(&[(2021, 1, "Rất tốt"), (2021, 2, "RẤT TỐT")]);
        assert!(plan.editions.is_empty());
        let problems = plan.findings.into_problems();
        assert!(problems.iter().any(|problem| problem.column.as_deref() == Some("name_vi")), "{problems:?}");
    }
}
