//! What a cell keeps of its dues, what it hands up, and how that is reported.

use dinh_model::AccountId;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::Target;
use dinh_runtime::{CallError, Submitted};

use super::cell::*;
use super::outline::outline;
use crate::house::submission;

/// A cell whose treasurer and the receiver of the committee above are there.
struct Committee {
    cell: Cell,
    /// Of the committee above.
    receiver: AccountId,
}

impl Committee {
    /// March: all of 194.454 đ was collected.
    fn collected() -> Self {
        let cell = Cell::new();
        let house = &cell.house;
        let receiver = house.person("nhanphi", house.province);
        for role in ["receiver", "collector", "staff"] {
            house.give(receiver, &format!("{PLUGIN}.{role}"), house.province);
        }
        cell.assess("2026-03");
        done(cell.press(cell.collector, "/collect", "collect-all", "2026-03"));
        Self { cell, receiver }
    }

    fn send(&self, from: &str, until: &str, amount: i64) -> Result<Submitted, CallError> {
        let inputs = [
            ("unit", text(&self.cell.house.planning.0.to_string())),
            ("from", date(from)),
            ("until", date(until)),
            ("amount", Value::Integer(amount)),
            ("sent-on", date("2026-04-05")),
        ];
        self.cell.house.hand_in(self.cell.collector, PLUGIN, "/remittances", submission("remit", &inputs))
    }

    fn confirm(&self, who: AccountId, remittance: &str, on: &str) -> Result<Submitted, CallError> {
        let inputs = [("received-on", date(on))];
        self.cell.house.hand_in(who, PLUGIN, remittance, submission("confirm", &inputs))
    }

    /// What waits for somebody to be confirmed.
    fn to_confirm(&self, who: AccountId) -> Vec<String> {
        self.cell.inbox(who, "confirm")
    }

    /// Retained, due, remitted, outstanding of each line of a unit's book.
    fn book(&self, unit: dinh_model::UnitId) -> Vec<(String, i64, i64, i64, i64)> {
        let address = format!("/book?unit={}&month=2026-06", unit.0);
        let page = self.cell.house.draw(self.receiver, PLUGIN, &address).unwrap();
        let book = table(&page, "s01-2");
        let money = |key: &str| integers(book, key);
        let (retained, due) = (money("retained"), money("due"));
        let (remitted, left) = (money("remitted"), money("outstanding"));
        let months = texts(book, "month").into_iter().enumerate();
        months.map(|(at, month)| (month, retained[at], due[at], remitted[at], left[at])).collect()
    }
}

#[test]
fn what_is_handed_up_counts_once_the_organisation_above_has_confirmed_it() {
    let committee = Committee::collected();
    let (planning, province) = (committee.cell.house.planning, committee.cell.house.province);
    let line = |month: &str, kept, due, remitted, left| (month.to_owned(), kept, due, remitted, left);
    assert_eq!(committee.book(planning)[0], line("03/2026", 97_227, 97_227, 0, 97_227), "half of 194.454");
    assert!(problems(committee.send("2026-03-01", "2026-04-01", 1)).contains("một quý"));
    assert!(problems(committee.send("2026-03-01", "2026-03-01", 97_228)).contains("còn phải nộp 97.227 đ"));
    let remittance = done(committee.send("2026-03-01", "2026-03-01", 97_227));
    assert_eq!(committee.book(planning)[0].3, 0, "nobody has confirmed it yet");
    assert!(problems(committee.send("2026-03-01", "2026-03-01", 1)).contains("còn phải nộp 0"));

    let refused = committee.confirm(committee.cell.collector, &remittance, "2026-04-06");
    assert!(matches!(refused, Err(CallError::Denied(_))), "it takes the right above: {refused:?}");
    let both = committee.cell.collector;
    committee.cell.house.give(both, "party-finance.receiver", province);
    let told = problems(committee.confirm(both, &remittance, "2026-04-06"));
    assert!(told.contains("Bên nộp không tự xác nhận"), "{told}");
    assert!(problems(committee.confirm(committee.receiver, &remittance, "2026-04-04")).contains("Ngày nhận"));
    done(committee.confirm(committee.receiver, &remittance, "2026-04-06"));
    let book = committee.book(planning);
    assert_eq!(book[2], line("04/2026", 0, 0, 97_227, 0), "booked when it was received");
    assert_eq!(book.last().unwrap(), &line("Cả năm", 97_227, 97_227, 97_227, 0));
    // The committee keeps 70 % of all dues, the cell's half with them, and has nobody above yet.
    assert_eq!(committee.book(province)[0], line("04/2026", 38_891, 58_336, 0, 58_336));
    assert!(problems(committee.confirm(committee.receiver, &remittance, "2026-04-06")).contains("không chờ"));
}

#[test]
fn a_remittance_waits_for_those_who_may_confirm_it_and_not_for_those_who_sent_it() {
    let committee = Committee::collected();
    let house = &committee.cell.house;
    let below = house.person("nhanphi-skhdt", house.planning);
    house.give(below, "party-finance.receiver", house.planning);
    let both = committee.cell.collector;
    house.give(both, "party-finance.receiver", house.province);
    let remittance = done(committee.send("2026-03-01", "2026-03-01", 97_227));
    let told = ["Nộp đảng phí 03/2026: Sở Kế hoạch và Đầu tư"];
    assert_eq!(committee.to_confirm(committee.receiver), told);
    assert_eq!(committee.to_confirm(below), [""; 0], "their own unit's, which goes up");
    assert_eq!(committee.to_confirm(both), [""; 0], "they sent it");
    done(committee.confirm(committee.receiver, &remittance, "2026-04-06"));
    assert_eq!(committee.to_confirm(committee.receiver), [""; 0]);
}

#[test]
fn a_remittance_is_undone_by_one_of_the_opposite_amount_that_both_sides_record() {
    let committee = Committee::collected();
    let planning = committee.cell.house.planning;
    let remittance = done(committee.send("2026-03-01", "2026-03-01", 97_227));
    let undo = || {
        let inputs = [("reason", text("ghi nhầm kỳ"))];
        committee.cell.house.hand_in(
            committee.cell.collector,
            PLUGIN,
            &remittance,
            submission("reverse", &inputs),
        )
    };
    assert!(problems(undo()).contains("đã xác nhận"), "what was not received is given back instead");
    done(committee.confirm(committee.receiver, &remittance, "2026-04-06"));
    let counter = done(undo());
    assert!(problems(undo()).contains("chưa đảo"));
    assert_eq!(committee.book(planning).last().unwrap().4, 0, "it takes both sides");
    done(committee.confirm(committee.receiver, &counter, "2026-06-02"));
    let book = committee.book(planning);
    let june = book.iter().find(|line| line.0 == "06/2026").unwrap();
    assert_eq!((june.3, june.4), (-97_227, 97_227));
    done(committee.send("2026-03-01", "2026-03-01", 97_227));
}

#[test]
fn a_closed_month_keeps_its_division_whatever_becomes_of_the_shares() {
    let committee = Committee::collected();
    let cell = &committee.cell;
    let before = committee.book(cell.house.planning)[0].clone();
    cell.assess("2026-05");
    let told = problems(cell.press(cell.collector, "/periods", "prepare", "2026-05"));
    assert!(told.contains("Kỳ 03/2026 chưa khoá"), "months are closed in their order: {told}");
    let period = done(cell.press(cell.collector, "/periods", "prepare", "2026-03"));
    done(cell.house.hand_in(cell.treasurer, PLUGIN, &period, submission("close", &[])));
    let steward = cell.house.person("quychuan2", cell.house.province);
    cell.house.give(steward, "party-finance.steward", cell.house.province);
    let inputs = [
        ("kind", text("other")),
        ("level", text("cell")),
        ("from", date("2026-03-01")),
        ("percent", decimal("30")),
        ("basis", text("received")),
        ("source", text("Hướng dẫn mới")),
    ];
    done(cell.house.hand_in(steward, PLUGIN, "/organisations", submission("retention", &inputs)));
    let book = committee.book(cell.house.planning);
    assert_eq!(book[0], before);
    // Nothing is booked in it from above either.
    let remittance = done(committee.send("2026-03-01", "2026-03-01", 1_000));
    done(cell.press(cell.collector, "/collect", "collect-all", "2026-05"));
    let book = committee.book(cell.house.planning);
    let may = book.iter().find(|line| line.0 == "05/2026").unwrap();
    assert_eq!((may.1, may.2), (58_336, 136_118), "30 % of 194.454 from the new share on");
    // Received in a month that is closed since: booked in the next one that both have open.
    let period = done(cell.press(cell.collector, "/periods", "prepare", "2026-05"));
    done(cell.house.hand_in(cell.treasurer, PLUGIN, &period, submission("close", &[])));
    done(committee.confirm(committee.receiver, &remittance, "2026-05-02"));
    let book = committee.book(cell.house.planning);
    let june = book.iter().find(|line| line.0 == "06/2026").unwrap();
    assert_eq!((june.3, june.4), (1_000, 97_227 + 136_118 - 1_000));
}

#[test]
fn without_an_organisation_above_or_a_share_nothing_is_guessed() {
    let cell = Cell::new();
    let stranger = cell.house.person("nguoimoi", cell.house.planning);
    cell.house.give(stranger, "party-finance.collector", cell.house.planning);
    cell.assess("2026-03");
    // Who may not read the common tables is told so, and closes nothing.
    let told = problems(cell.press(stranger, "/periods", "prepare", "2026-03"));
    assert!(told.contains("Cán bộ dùng mức đóng chung"), "{told}");
    let page = cell.house.draw(stranger, PLUGIN, &cell.at("/book", "2026-03")).unwrap();
    assert!(notices(&page).contains("Chưa chia được"), "{}", notices(&page));
}

#[test]
fn a_figure_of_the_report_leads_to_the_organisations_and_entries_that_make_it() {
    let committee = Committee::collected();
    let house = &committee.cell.house;
    let finance = house.person("thuphi-stc", house.finance);
    for (role, unit) in [("collector", house.finance), ("staff", house.province)] {
        house.give(finance, &format!("{PLUGIN}.{role}"), unit);
    }
    let inputs = [("unit", text(&house.finance.0.to_string())), ("month", text("2026-03"))];
    done(house.hand_in(finance, PLUGIN, "/", submission("assess", &inputs)));
    done(house.hand_in(finance, PLUGIN, "/collect", submission("collect-all", &inputs)));
    let remittance = done(committee.send("2026-03-01", "2026-03-01", 97_227));
    done(committee.confirm(committee.receiver, &remittance, "2026-04-06"));

    let address =
        |path: &str, quarter: u8| format!("{path}?unit={}&year=2026&quarter={quarter}", house.province.0);
    let page = house.draw(committee.receiver, PLUGIN, &address("/report", 1)).unwrap();
    let report = table(&page, "b01");
    let codes = texts(report, "code");
    let row = |code: &str| {
        let at = codes.iter().position(|known| known == code).unwrap();
        ["commune", "enterprise", "other", "total"].map(|column| integers(report, column)[at])
    };
    // Giang of finance: 4,40 × 2.340.000 = 10.296.000; 1 %.
    assert_eq!(row("01"), [0, 1, 3, 4]);
    assert_eq!(row("02"), [0, 102_960, 194_454, 297_414]);
    assert_eq!(row("03"), row("02"));
    assert_eq!(row("04"), [0, 51_480, 97_227, 148_707]);
    assert_eq!((row("05"), row("06"), row("07")), (row("04"), [0; 4], [0; 4]));
    assert_eq!(row("12"), [0; 4], "what the cell handed up stayed within the report");
    let second = house.draw(committee.receiver, PLUGIN, &address("/report", 2)).unwrap();
    let second = table(&second, "b01");
    assert_eq!(integers(second, "total")[1..5], [0, 297_414, 38_891, 0], "02 to 05 of the second quarter");

    // 02, of the type “other”: planning alone; its entries are the figure.
    let target = |table: &dinh_runtime::bindings::views::Table, row: usize| {
        let mut cells = table.cell_styles.iter().filter(|cell| cell.row as usize == row);
        cells.find_map(|cell| match &cell.target {
            Some(Target::Page(page)) => Some(page.clone()),
            _ => None,
        })
    };
    let links: Vec<String> = report
        .cell_styles
        .iter()
        .filter(|cell| cell.row == 1)
        .filter_map(|cell| match &cell.target {
            Some(Target::Page(page)) => Some(page.clone()),
            _ => None,
        })
        .collect();
    let of_other = links.iter().find(|link| link.contains("kind=other")).unwrap();
    let page = house.draw(committee.receiver, PLUGIN, of_other).unwrap();
    let breakdown = table(&page, "breakdown");
    assert_eq!(texts(breakdown, "unit"), ["Sở Kế hoạch và Đầu tư", "Cộng"]);
    assert_eq!(integers(breakdown, "figure"), [194_454, 194_454]);
    let entries = target(breakdown, 0).unwrap().replace("%2F", "/");
    let page = house.draw(committee.receiver, PLUGIN, &entries).unwrap();
    assert_eq!(integers(table(&page, "entries"), "amount").iter().sum::<i64>(), 194_454);
    // Whoever may not see one of the organisations sees no report that leaves it out.
    let refused = house.draw(finance, PLUGIN, &address("/report", 1));
    assert!(matches!(&refused, Err(CallError::Denied(why)) if why.contains("Tỉnh Lào Cai")), "{refused:?}");
    let steward = house.person("quantri-mucdong", house.province);
    house.give(steward, &format!("{PLUGIN}.steward"), house.province);
    let below = [
        ("organisation", Value::Unit(house.planning.0)),
        ("kind", text("other")),
        ("level", text("cell")),
        ("upper", Value::Unit(house.finance.0)),
        ("from", date("2026-02-01")),
        ("source", text("Sắp xếp tổ chức")),
    ];
    done(house.hand_in(steward, PLUGIN, "/organisations", submission("organisation", &below)));
    let of_finance = format!("/report?unit={}&year=2026&quarter=1", house.finance.0);
    let refused = house.draw(finance, PLUGIN, &of_finance);
    assert!(matches!(&refused, Err(CallError::Denied(why)) if why.contains("Sở Kế hoạch")), "{refused:?}");
}

#[test]
fn a_report_of_the_provincial_committee_says_what_it_kept_itself() {
    let committee = Committee::collected();
    let house = &committee.cell.house;
    let steward = house.person("quychuan2", house.province);
    house.give(steward, "party-finance.steward", house.province);
    let inputs = [
        ("organisation", Value::Unit(house.province.0)),
        ("kind", text("other")),
        ("level", text("province")),
        ("from", date("2026-02-01")),
        ("source", text("Quyết định thành lập")),
    ];
    done(house.hand_in(steward, PLUGIN, "/organisations", submission("organisation", &inputs)));
    let remittance = done(committee.send("2026-03-01", "2026-03-01", 97_227));
    done(committee.confirm(committee.receiver, &remittance, "2026-04-06"));
    let address = |path: &str| format!("{path}?unit={}&year=2026&quarter=2", house.province.0);
    let page = house.draw(committee.receiver, PLUGIN, &address("/report")).unwrap();
    let report = table(&page, "b01");
    let sums = integers(report, "total");
    let titles = texts(report, "title");
    let of_quarter = titles.iter().position(|title| title == "Tỉnh uỷ").unwrap();
    let of_year = titles.iter().rposition(|title| title == "Tỉnh uỷ").unwrap();
    assert_eq!((sums[of_quarter], sums[of_year]), (97_227, 97_227), "all it received");
    // 04 = 05 + 06 + 07 + d; from January on all that was collected is kept, and nothing left the province.
    assert_eq!(sums[3..8], [97_227, 0, 0, 0, 97_227]);
    assert_eq!(sums[8..], [194_454, 97_227, 0, 0, 97_227, 0, 0]);
    assert_eq!((sums[1], sums[2]), (0, 194_454));
    let page = house.draw(committee.receiver, PLUGIN, &address("/report/08d")).unwrap();
    assert_eq!(integers(table(&page, "breakdown"), "figure"), [97_227, 97_227]);
}

#[test]
fn the_pages_of_what_is_handed_up_are_those_of_the_reviewed_files() {
    let committee = Committee::collected();
    let cell = &committee.cell;
    let drawn = |who, path: &str| outline(&cell.house.draw(who, PLUGIN, path).unwrap());
    let remittance = done(committee.send("2026-03-01", "2026-03-01", 97_227));
    insta::assert_snapshot!("remittance-sent", drawn(committee.receiver, &remittance));
    for who in [cell.collector, committee.receiver] {
        let page = cell.house.draw(who, PLUGIN, &remittance).unwrap();
        assert_eq!(page.letterhead, Some(cell.house.planning.0), "in the name of whoever hands it up");
    }
    done(committee.confirm(committee.receiver, &remittance, "2026-04-06"));
    insta::assert_snapshot!("remittance-confirmed", drawn(cell.collector, &remittance));
    insta::assert_snapshot!("remittances", drawn(cell.collector, &cell.at("/remittances", "2026-04")));
    insta::assert_snapshot!("book", drawn(cell.collector, &cell.at("/book", "2026-04")));
    insta::assert_snapshot!("division", drawn(cell.collector, &cell.at("/division", "2026-04")));
    let above = |path: &str| format!("{path}?unit={}&year=2026&quarter=1", cell.house.province.0);
    insta::assert_snapshot!("remittances-above", drawn(committee.receiver, &above("/remittances")));
    insta::assert_snapshot!("report", drawn(committee.receiver, &above("/report")));
    insta::assert_snapshot!("breakdown", drawn(committee.receiver, &above("/report/04")));
    insta::assert_snapshot!("organisations", drawn(cell.collector, "/organisations"));
}
