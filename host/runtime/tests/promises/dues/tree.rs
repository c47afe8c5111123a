//! A month assessed for an organisation and all below it, by a job.

use dinh_model::{AccountId, UnitId};
use dinh_runtime::bindings::views::{RowStyle, Target};
use dinh_runtime::{CallError, Submitted};
use dinh_services::jobs::{self, Ended, State};

use super::cell::*;
use crate::house::submission;

/// A collector of the whole province, and a cell with members in planning and finance.
struct Tree {
    cell: Cell,
    collector: AccountId,
}

impl Tree {
    fn of(cell: Cell) -> Self {
        let house = &cell.house;
        let collector = house.person("thuphi-tinh", house.province);
        house.give(collector, "party-finance.collector", house.province);
        house.give(collector, "party-finance.staff", house.province);
        Self { cell, collector }
    }

    fn at(&self, unit: UnitId, month: &str) -> String {
        format!("/assessments?unit={}&month={month}", unit.0)
    }

    fn start(&self, who: AccountId, unit: UnitId, month: &str) -> Result<Submitted, CallError> {
        let inputs = [("unit", text(&unit.0.to_string())), ("month", text(month))];
        self.cell.house.hand_in(who, PLUGIN, &self.at(unit, month), submission("assess-all", &inputs))
    }

    /// Starts the job and has it done.
    fn assess(&self, unit: UnitId, month: &str) {
        let Ok(Submitted::Done(done)) = self.start(self.collector, unit, month) else { panic!("it starts") };
        let Target::Plugin(page) = done.target else { panic!("{:?}", done.target) };
        self.cell.house.runtime.work_now().unwrap();
        let job = page.path.strip_prefix("/jobs/").unwrap().parse().unwrap();
        let platform = &self.cell.house.platform;
        let job =
            platform.perform(&self.cell.house.operator(), |call| jobs::find(call, job)).unwrap().unwrap();
        let State::Ended { how: Ended::Finished { said, path }, .. } = job.state else { panic!("{job:?}") };
        // It has read under a contract: nothing is said, and it leads where it was started for.
        let shown = format!("{}%2F2026", month.strip_prefix("2026-").unwrap());
        let there = format!("/assessments?unit={}&month={}", unit.0, shown);
        assert_eq!((said, path), (None, Some(there)));
    }

    /// Each organisation, what it came to, and how many were assessed.
    fn came(&self, unit: UnitId, month: &str) -> Vec<(String, String, i64)> {
        let page = self.cell.house.draw(self.collector, PLUGIN, &self.at(unit, month)).unwrap();
        let table = table(&page, "assessments");
        let counts = integers(table, "assessed");
        let lines = texts(table, "unit").into_iter().zip(texts(table, "outcome")).zip(counts);
        lines.map(|((unit, came), count)| (unit, came, count)).collect()
    }
}

fn came(unit: &str, outcome: &str, count: i64) -> (String, String, i64) {
    (unit.to_owned(), outcome.to_owned(), count)
}

#[test]
fn every_organisation_below_is_assessed_once_and_one_that_is_closed_is_named_and_holds_up_no_other() {
    let tree = Tree::of(Cell::new());
    let (cell, house) = (&tree.cell, &tree.cell.house);
    cell.assess("2026-05");
    done(cell.press(cell.collector, "/periods", "prepare", "2026-05"));
    let before = cell.ledger("2026-05");
    tree.assess(house.province, "2026-05");
    let lines = tree.came(house.province, "2026-05");
    let of = |unit: &str| lines.iter().find(|line| line.0 == unit).unwrap().clone();
    assert_eq!(of("Sở Kế hoạch và Đầu tư"), came("Sở Kế hoạch và Đầu tư", "Kỳ đã khoá hoặc chờ khoá", 0));
    assert_eq!(of("Sở Tài chính"), came("Sở Tài chính", "Đã lập", 1));
    // As a tree: the province, and below it the departments by name.
    let page = house.draw(tree.collector, PLUGIN, &tree.at(house.province, "2026-05")).unwrap();
    let names = ["Tỉnh Lào Cai", "Sở Kế hoạch và Đầu tư", "Sở Tài chính"];
    assert_eq!(texts(table(&page, "assessments"), "unit"), names);
    let indented = |row| RowStyle { row, kind: None, depth: 1 };
    assert_eq!(table(&page, "assessments").row_styles, [indented(1), indented(2)]);
    let picked: Vec<_> = filter_choices(&page, "unit").into_iter().map(|(_, text)| text).collect();
    assert_eq!(
        picked,
        [names[0].to_owned(), format!("{} › {}", names[0], names[1]), format!("{} › {}", names[0], names[2])]
    );
    assert_eq!(cell.ledger("2026-05"), before);

    // June is open everywhere; the second time nobody is left.
    tree.assess(house.province, "2026-06");
    assert_eq!(cell.ledger("2026-06").len(), 4, "three members and the sum");
    assert_eq!(cell.ledger("2026-06")[0].1, 116_532, "An");
    let first = cell.ledger("2026-06");
    tree.assess(house.province, "2026-06");
    assert_eq!(cell.ledger("2026-06"), first, "nobody is assessed twice");
    assert!(
        tree.came(house.province, "2026-06").iter().all(|(_, came, count)| came != "Đã lập" && *count == 0)
    );
}

#[test]
fn a_month_is_assessed_by_one_job_at_a_time_for_each_organisation() {
    let tree = Tree::of(Cell::new());
    let (house, collector) = (&tree.cell.house, tree.collector);
    assert!(matches!(tree.start(collector, house.province, "2026-05"), Ok(Submitted::Done(_))));
    let twice = problems(tree.start(collector, house.province, "2026-05"));
    assert!(twice.contains("Danh sách tháng 05/2026 của tổ chức này đang được lập"), "{twice}");
    // Another month, and another organisation, are jobs of their own.
    assert!(matches!(tree.start(collector, house.province, "2026-06"), Ok(Submitted::Done(_))));
    assert!(matches!(tree.start(collector, house.planning, "2026-05"), Ok(Submitted::Done(_))));
    house.runtime.work_now().unwrap();
    assert!(matches!(tree.start(collector, house.province, "2026-05"), Ok(Submitted::Done(_))));
}

#[test]
fn an_organisation_whose_members_cannot_be_read_is_named() {
    let tree = Tree::of(Cell::without_contract());
    let planning = tree.cell.house.planning;
    tree.assess(planning, "2026-05");
    let lines = tree.came(planning, "2026-05");
    assert_eq!(lines, [came("Sở Kế hoạch và Đầu tư", "Không đọc được danh sách đảng viên", 0)]);
}

#[test]
fn nobody_has_more_assessed_than_they_may_assess_themselves() {
    let tree = Tree::of(Cell::new());
    let house = &tree.cell.house;
    let refused = tree.start(tree.cell.collector, house.province, "2026-05");
    assert!(matches!(refused, Err(CallError::Denied(_))), "{refused:?}");
    let refused = tree.start(tree.cell.treasurer, house.planning, "2026-05");
    assert!(matches!(refused, Err(CallError::Denied(_))), "{refused:?}");
    done_by(&tree, tree.cell.collector, house.planning);
    let lines = tree.came(house.province, "2026-05");
    let assessed: Vec<_> =
        lines.iter().filter(|line| line.1 == "Đã lập").map(|line| line.0.as_str()).collect();
    assert_eq!(assessed, ["Sở Kế hoạch và Đầu tư"]);
    assert!(problems(tree.start(tree.collector, house.planning, "2026-07")).contains("chưa đến"));
}

fn done_by(tree: &Tree, who: AccountId, unit: UnitId) {
    assert!(matches!(tree.start(who, unit, "2026-05"), Ok(Submitted::Done(_))));
    tree.cell.house.runtime.work_now().unwrap();
}
