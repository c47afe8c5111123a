use super::*;
use crate::edition::tests::stored;
use crate::import::components::published;
use crate::model::{Edition, Group};
use dinh_sdk::jiff::civil::date;

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn definition(year: i64) -> Definition {
    let edition = Edition { year, provinces_as_of: date(year as i16, 12, 31), note: None };
    let named = |name: &str| {
        let (name_vi, name_en) = (name.to_owned(), name.to_owned());
        stored(1, Group { year, position: 1, name_vi, name_en, from: None })
    };
    Definition {
        edition: stored(1, edition),
        components: published(year).into_iter().map(|component| stored(1, component)).collect(),
        groups: if year == 2021 { vec![named("Rất tốt"), named("Tốt")] } else { Vec::new() },
    }
}

/// A line of a file: year, province, all components alike, total, group.
type Line<'a> = (i64, &'a str, Option<&'a str>, Option<&'a str>, Option<&'a str>);

fn rows(lines: &[Line<'_>]) -> Rows {
    let mut columns = vec![
        ("year", Column::of(lines.iter().map(|line| line.0))),
        ("province", Column::of(lines.iter().map(|line| line.1))),
        ("published_score", Column::of(lines.iter().map(|line| line.3.map(d)))),
        ("published_group", Column::of(lines.iter().map(|line| line.4.map(str::to_owned)))),
    ];
    let components = published(2021);
    for component in &components {
        columns.push((component.key.as_str(), Column::of(lines.iter().map(|line| line.2.map(d)))));
    }
    Rows::test(columns)
}

fn planned_with(lines: &[Line<'_>], has: &dyn Fn(&str) -> bool, before: Vec<Stored<Score>>) -> Plan {
    let components = published(2021);
    let mut columns = COLUMNS.to_vec();
    columns.extend(components.iter().map(|component| component.key.as_str()));
    let known = [("thanh hoa", "38", "Thanh Hóa"), ("quang ninh", "22", "Quảng Ninh")];
    let mut find = |name: &str, _: Date| {
        let name = dinh_sdk::text::fold(name);
        let found = known.iter().find(|(folded, code, _)| *folded == name || *code == name);
        Ok(found.map(|(_, code, name)| Found { code: (*code).into(), name: (*name).into() }))
    };
    let mut results = |year: i64| Ok(before.iter().filter(|result| result.year == year).cloned().collect());
    let editions = [2012, 2021].map(|year| (year, definition(year))).into();
    let mut context = Context { editions, find: &mut find, results: &mut results };
    plan(&Request::test("/import", Language::Vi), &rows(lines), &columns, has, &mut context).unwrap()
}

fn planned(lines: &[Line<'_>]) -> Plan {
    planned_with(lines, &|_| true, Vec::new())
}

fn problems(plan: Plan) -> Vec<(u32, Option<String>, String, bool)> {
    let problems = plan.findings.into_problems().into_iter();
    problems.map(|problem| (problem.row, problem.column, problem.message, problem.warning)).collect()
}

#[test]
fn a_good_row_is_added_with_each_score_in_its_components_slot() {
    let plan = planned(&[(2021, "THANH HOÁ".trim(), Some("7.5"), Some("75"), Some("Rất tốt"))]);
    assert_eq!((plan.added.len(), plan.updated.len(), plan.latest), (1, 0, Some(2021)));
    let score = &plan.added[0];
    assert_eq!(
        (score.province.0.as_str(), score.component[9], score.component[10]),
        ("38", Some(d("7.5")), None)
    );
    assert_eq!(plan.computed, [(Some("Thanh Hóa".into()), Some(d("75")))]);
    assert_eq!(problems(plan), []);
}

#[test]
fn an_unknown_province_is_named_with_the_day_of_the_catalog() {
    let problems = problems(planned(&[(2021, "Thanh Hoa 2", Some("7.5"), None, None)]));
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].1.as_deref(), Some("province"));
    assert_eq!(problems[0].2, "“Thanh Hoa 2” không có trong danh mục tỉnh tại ngày 31/12/2021");
}

#[test]
fn an_unknown_edition_is_named() {
    let problems = problems(planned(&[(2031, "Thanh Hóa", Some("7.5"), None, None)]));
    assert_eq!(problems, [(0, Some("year".into()), "Chưa có kỳ PCI 2031".into(), false)]);
}

#[test]
fn a_province_twice_in_an_edition_names_the_first_line() {
    let lines = [
        (2021, "Thanh Hóa", Some("7.5"), None, None),
        (2021, "Quảng Ninh", Some("7.5"), None, None),
        (2021, "38", Some("6.5"), None, None),
    ];
    let plan = planned(&lines);
    assert_eq!(plan.added.len(), 2);
    assert_eq!(
        problems(plan),
        [(2, Some("province".into()), "Thanh Hóa năm 2021 đã có ở dòng 2".into(), false)]
    );
}

#[test]
fn a_component_that_the_edition_does_not_have_is_refused_unless_empty() {
    let found = problems(planned(&[(2012, "Thanh Hóa", Some("7.5"), None, None)]));
    assert_eq!(
        found,
        [(0, Some("fair_competition".into()), "Kỳ PCI 2012 không có chỉ số thành phần này".into(), false)]
    );
    let plan = planned(&[(2012, "Thanh Hóa", None, Some("60"), None)]);
    assert_eq!((plan.added.len(), plan.not_available), (1, 9));
    assert_eq!(plan.computed[0].1, None);
    assert_eq!(problems(plan), []);
}

#[test]
fn what_the_file_has_no_column_for_stays_as_it_is_and_is_said_once() {
    let line = (2021, "Thanh Hóa", Some("7.5"), Some("75"), Some("Tốt"));
    let before = stored(7, planned(&[line]).added.remove(0));
    let without = |column: &str| column != "transparency" && column != "published_group";
    // The host gives nothing for columns that the file lacks; here the row has other values for them.
    let lines =
        [(2021, "Thanh Hóa", Some("6.5"), Some("75"), None), (2021, "Quảng Ninh", Some("6.5"), None, None)];
    let plan = planned_with(&lines, &without, vec![before]);
    let updated = &plan.updated[0];
    assert_eq!((updated.component[1], updated.component[2]), (Some(d("6.5")), Some(d("7.5"))));
    assert_eq!(updated.group.as_deref(), Some("Tốt"));
    assert_eq!((plan.added[0].component[2], plan.not_available), (None, 1));
    let missing: Vec<_> =
        problems(plan).into_iter().filter(|problem| problem.2.contains("không có cột")).collect();
    assert_eq!(
        missing,
        [(0, None, "Tệp không có cột của kỳ PCI 2021: Tính minh bạch (transparency)".into(), true)]
    );
}

#[test]
fn a_gap_and_an_undeclared_group_are_warnings_and_the_row_is_imported() {
    let plan = planned(&[(2021, "Thanh Hóa", Some("7.5"), Some("74.9"), Some("Khá"))]);
    assert_eq!(plan.added.len(), 1);
    let problems = problems(plan);
    assert_eq!(problems[0].2, "Điểm công bố lệch -0,10 so với điểm tính lại 75,00");
    assert!(problems[1].2.contains("nhóm “Khá”"));
    assert!(problems.iter().all(|problem| problem.3));
}

#[test]
fn a_result_that_exists_is_updated_when_it_differs_and_left_alone_otherwise() {
    let lines = [(2021, "Thanh Hóa", Some("7.5"), Some("75"), None)];
    let stored = stored(7, planned(&lines).added.remove(0));
    let same = planned_with(&lines, &|_| true, vec![stored.clone()]);
    assert_eq!((same.added.len(), same.updated.len(), same.unchanged), (0, 0, 1));
    let changed = [(2021, "Thanh Hóa", Some("7.5"), Some("75.01"), None)];
    let plan = planned_with(&changed, &|_| true, vec![stored.clone()]);
    assert_eq!((plan.added.len(), plan.updated.len(), plan.unchanged), (0, 1, 0));
    assert_eq!((plan.updated[0].id, plan.updated[0].version), (stored.id, stored.version));
    assert_eq!(
        summary(&Request::test("/", Language::Vi), &plan),
        "Thêm 0, cập nhật 1, giữ nguyên 0 kết quả; 0 chỉ số N/A."
    );
}
