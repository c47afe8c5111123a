//! What is spent of what a cell retains: an estimate, vouchers of three people, a fund, a settlement.

use dinh_model::AccountId;
use dinh_runtime::bindings::pages::CellInput;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::{CallError, Submitted};

use super::cell::*;
use super::outline::outline;
use crate::house::{fact, metric, submission};

/// A cell with an accountant, an approver and a cashier, and 97.227 đ retained of March.
struct Office {
    cell: Cell,
    accountant: AccountId,
    approver: AccountId,
    cashier: AccountId,
}

impl Office {
    fn new() -> Self {
        let cell = Cell::new();
        let house = &cell.house;
        let person = |login: &str, roles: &[&str]| {
            let person = house.person(login, house.planning);
            roles.iter().for_each(|role| house.give(person, &format!("{PLUGIN}.{role}"), house.planning));
            house.give(person, "party-finance.staff", house.province);
            person
        };
        let accountant = person("ketoan", &["accountant"]);
        let approver = person("chutaikhoan", &["approver"]);
        let cashier = person("thuquy", &["cashier"]);
        let steward = house.person("quychuan3", house.province);
        house.give(steward, "party-finance.steward", house.province);
        for (order, key, title) in [(1, "press", "Báo, tạp chí, tài liệu"), (2, "congress", "Đại hội")]
        {
            let inputs = [
                ("order", Value::Integer(order)),
                ("key", text(key)),
                ("title", text(title)),
                ("from", date("2020-01-01")),
                ("source", text("Quyết định 99-QĐ/TW")),
            ];
            done(house.hand_in(steward, PLUGIN, "/items", submission("item", &inputs)));
        }
        cell.assess("2026-03");
        done(cell.press(cell.collector, "/collect", "collect-all", "2026-03"));
        let office = Self { cell, accountant, approver, cashier };
        office.close("2026-03");
        office
    }

    fn close(&self, month: &str) {
        let period = done(self.cell.press(self.cell.collector, "/periods", "prepare", month));
        done(self.cell.house.hand_in(self.cell.treasurer, PLUGIN, &period, submission("close", &[])));
    }

    fn does(
        &self,
        who: AccountId,
        path: &str,
        form: &str,
        inputs: &[(&str, Value)],
    ) -> Result<Submitted, CallError> {
        self.cell.house.hand_in(who, PLUGIN, path, submission(form, inputs))
    }

    fn of_year(
        &self,
        who: AccountId,
        path: &str,
        form: &str,
        more: &[(&str, Value)],
    ) -> Result<Submitted, CallError> {
        let unit = text(&self.cell.house.planning.0.to_string());
        let mut inputs = vec![("unit", unit), ("year", text("2026"))];
        inputs.extend(more.iter().cloned());
        self.does(who, path, form, &inputs)
    }

    fn fill(&self, estimate: &str, lines: &[(&str, i64)]) -> Result<Submitted, CallError> {
        let mut submission = submission("lines", &[]);
        submission.cells = lines
            .iter()
            .map(|(item, amount)| CellInput {
                row_key: (*item).to_owned(),
                column: "amount".to_owned(),
                value: Value::Integer(*amount),
            })
            .collect();
        self.cell.house.hand_in(self.accountant, PLUGIN, estimate, submission)
    }

    /// An approved estimate.
    fn estimate(&self, lines: &[(&str, i64)]) -> String {
        let estimate = done(self.of_year(self.accountant, "/estimates", "begin", &[]));
        done(self.fill(&estimate, lines));
        done(self.does(self.accountant, &estimate, "submit", &[("reason", text("theo kế hoạch năm"))]));
        done(self.does(self.approver, &estimate, "approve", &[]));
        estimate
    }

    fn ask(&self, item: &str, amount: i64) -> Result<Submitted, CallError> {
        let inputs = [
            ("item", text(item)),
            ("amount", Value::Integer(amount)),
            ("payee", text("Bưu điện tỉnh")),
            ("purpose", text("Báo quý II")),
        ];
        self.of_year(self.accountant, "/vouchers", "ask", &inputs)
    }

    fn pay(&self, who: AccountId, voucher: &str) -> Result<Submitted, CallError> {
        self.does(who, voucher, "pay", &[("paid-on", date("2026-06-02"))])
    }

    fn balance(&self) -> i64 {
        let address = format!("/fund?unit={}&year=2026", self.cell.house.planning.0);
        let page = self.cell.house.draw(self.accountant, PLUGIN, &address).unwrap();
        integers(table(&page, "fund"), "balance").last().copied().unwrap_or_default()
    }

    /// Item, estimate, spent, difference, left.
    fn budget(&self) -> Vec<(String, i64, i64, i64, i64)> {
        let address = format!("/estimates?unit={}&year=2026", self.cell.house.planning.0);
        let page = self.cell.house.draw(self.accountant, PLUGIN, &address).unwrap();
        let budget = table(&page, "budget");
        let money = |key: &str| integers(budget, key);
        let (given, spent, rest, free) =
            (money("estimate"), money("spent"), money("difference"), money("free"));
        let items = texts(budget, "item").into_iter().enumerate();
        items.map(|(at, item)| (item, given[at], spent[at], rest[at], free[at])).collect()
    }
}

#[test]
fn an_estimate_is_prepared_for_this_year_and_its_neighbours_only() {
    let office = Office::new();
    let unit = text(&office.cell.house.planning.0.to_string());
    let begin = |year: &str| {
        let inputs = [("unit", unit.clone()), ("year", text(year))];
        office.does(office.accountant, "/estimates", "begin", &inputs)
    };
    for far in ["2024", "2028", "2150"] {
        assert!(problems(begin(far)).contains("2025 đến 2027"), "{far}");
    }
    for near in ["2025", "2026", "2027"] {
        assert!(done(begin(near)).contains("/estimates/"), "{near}");
    }
}

#[test]
fn an_estimate_takes_two_people_and_then_never_changes_but_by_a_supplement() {
    let office = Office::new();
    let estimate = done(office.of_year(office.accountant, "/estimates", "begin", &[]));
    assert_eq!(done(office.of_year(office.approver, "/estimates", "begin", &[])), estimate, "one at a time");
    assert!(problems(office.does(office.accountant, &estimate, "submit", &[])).contains("Chưa ghi số tiền"));
    done(office.fill(&estimate, &[("press", 60_000), ("congress", 40_000)]));
    done(office.does(office.accountant, &estimate, "submit", &[]));
    assert!(problems(office.fill(&estimate, &[("press", 1)])).contains("không sửa"));
    let refused = office.does(office.accountant, &estimate, "approve", &[]);
    assert!(matches!(refused, Err(CallError::Denied(_))), "{refused:?}");
    done(office.does(office.approver, &estimate, "return", &[("note", text("thiếu căn cứ"))]));
    done(office.does(office.accountant, &estimate, "submit", &[]));
    office.cell.house.give(office.accountant, "party-finance.approver", office.cell.house.planning);
    let own = office.does(office.accountant, &estimate, "approve", &[]);
    assert!(problems(own).contains("người thứ hai"), "whatever one may");
    done(office.does(office.approver, &estimate, "approve", &[]));
    assert!(problems(office.fill(&estimate, &[("press", 1)])).contains("bổ sung"));

    let supplement = done(office.of_year(office.accountant, "/estimates", "begin", &[]));
    assert_ne!(supplement, estimate);
    done(office.fill(&supplement, &[("press", -60_001), ("congress", 1)]));
    let told =
        problems(office.does(office.accountant, &supplement, "submit", &[("reason", text("điều chỉnh"))]));
    assert!(told.contains("giảm quá số chưa chi"), "{told}");
    done(office.fill(&supplement, &[("press", -20_000), ("congress", 20_000)]));
    done(office.does(office.accountant, &supplement, "submit", &[("reason", text("điều chỉnh"))]));
    assert_eq!(office.budget()[0].1, 60_000, "not before it is approved");
    done(office.does(office.approver, &supplement, "approve", &[]));
    let given: Vec<i64> = office.budget().into_iter().map(|line| line.1).collect();
    assert_eq!(given, [40_000, 60_000, 100_000]);
}

#[test]
fn a_payment_takes_three_people_and_money_that_was_given_and_is_there() {
    let office = Office::new();
    assert_eq!(office.balance(), 97_227, "half of what was collected, once the month is closed");
    assert!(problems(office.ask("press", 1)).contains("còn 0 đ"), "nothing was given yet");
    office.estimate(&[("press", 150_000)]);
    assert!(problems(office.ask("press", 150_001)).contains("còn 150.000 đ"));
    let voucher = done(office.ask("press", 90_000));
    assert!(problems(office.ask("press", 60_001)).contains("còn 60.000 đ"), "what waits is not free");
    for who in [office.accountant, office.cashier] {
        let refused = office.does(who, &voucher, "approve", &[]);
        assert!(matches!(refused, Err(CallError::Denied(_))), "{refused:?}");
    }
    assert!(problems(office.pay(office.cashier, &voucher)).contains("không ở bước này"));
    done(office.does(office.approver, &voucher, "approve", &[]));
    // Somebody with every right is still one person.
    office.cell.house.give(office.approver, "party-finance.cashier", office.cell.house.planning);
    office.cell.house.give(office.accountant, "party-finance.cashier", office.cell.house.planning);
    for who in [office.accountant, office.approver] {
        assert!(problems(office.pay(who, &voucher)).contains("ba người khác nhau"));
    }
    done(office.pay(office.cashier, &voucher));
    assert_eq!(office.balance(), 7_227);
    assert_eq!(office.budget()[0], ("Báo, tạp chí, tài liệu".to_owned(), 150_000, 90_000, 60_000, 60_000));
    let page = office.cell.house.draw(office.accountant, PLUGIN, &voucher).unwrap();
    assert_eq!(page.title, "Phiếu chi số 01/2026", "numbers have no gap");
    // Taken back by another than paid it.
    let inputs = [("note", text("trả hàng"))];
    assert!(
        problems(office.does(office.approver, &voucher, "pay", &[("paid-on", date("2026-06-02"))]))
            .contains("bước")
    );
    done(office.does(office.approver, &voucher, "reverse", &inputs));
    assert_eq!(office.balance(), 97_227);
    assert_eq!(office.budget()[0].2, 0);
}

#[test]
fn the_balance_never_falls_below_zero_unless_one_entitled_says_why() {
    let office = Office::new();
    office.estimate(&[("press", 500_000)]);
    let waits = |who| office.cell.inbox(who, "override-voucher");
    let voucher = done(office.ask("press", 97_228));
    done(office.does(office.approver, &voucher, "approve", &[]));
    let told = problems(office.pay(office.cashier, &voucher));
    assert!(told.contains("Quỹ chỉ chi được 97.227 đ"), "{told}");
    assert_eq!(office.balance(), 97_227, "nothing of it happened");
    assert_eq!(waits(office.approver).len(), 1, "the fund was short when it was approved");
    assert!(waits(office.accountant).is_empty() && waits(office.cashier).is_empty());
    let refused = office.does(office.cashier, &voucher, "override", &[("why", text("gấp"))]);
    assert!(matches!(refused, Err(CallError::Denied(_))), "{refused:?}");
    done(office.does(office.approver, &voucher, "override", &[("why", text("chi đại hội đúng hạn"))]));
    assert!(waits(office.approver).is_empty());
    done(office.pay(office.cashier, &voucher));
    assert_eq!(office.balance(), -1);
    let page = office.cell.house.draw(office.cashier, PLUGIN, &voucher).unwrap();
    assert_eq!(fact(&page, "Lý do cho chi vượt số dư"), text("chi đại hội đúng hạn"));
    // A payment of an earlier day counts on each day after it.
    let again = done(office.ask("press", 1));
    done(office.does(office.approver, &again, "approve", &[]));
    let early = office.does(office.cashier, &again, "pay", &[("paid-on", date("2026-04-01"))]);
    assert!(problems(early).contains("chỉ chi được -1 đ"));
}

#[test]
fn a_month_of_more_corrections_than_dues_does_not_empty_the_fund_unless_one_entitled_says_why() {
    let office = Office::new();
    let (cell, house) = (&office.cell, &office.cell.house);
    office.estimate(&[("press", 500_000)]);
    let voucher = done(office.ask("press", 97_000));
    done(office.does(office.approver, &voucher, "approve", &[]));
    done(office.pay(office.cashier, &voucher));
    // An paid 1.000 đ in March, and not 116.532.
    let address = format!("/members/{}", cell.member("2026-03", AN));
    let page = house.draw(cell.collector, PLUGIN, &address).unwrap();
    let entry = choices(&page, "entry").into_iter().find(|(_, text)| text.starts_with("Đã thu")).unwrap().0;
    let inputs = [
        ("entry", text(&entry)),
        ("amount", Value::Integer(1_000)),
        ("period", date("2026-04-01")),
        ("reason", text("ghi nhầm số tiền")),
    ];
    done(office.does(cell.collector, &address, "correct", &inputs));
    let period = done(cell.press(cell.collector, "/periods", "prepare", "2026-04"));
    let page = house.draw(cell.treasurer, PLUGIN, &period).unwrap();
    assert_eq!(fact(&page, "Được trích giữ lại"), Value::Integer(-57_766), "half of -115.532");
    assert!(notices(&page).contains("quỹ xuống dưới số dư"), "{}", notices(&page));
    let close = |who| office.does(who, &period, "close", &[]);
    let told = problems(close(cell.treasurer));
    assert!(told.contains("quỹ thiếu 57.539 đ"), "57.766 less the 227 that are left: {told}");
    assert_eq!(office.balance(), 227, "nothing of it happened");
    let waits = |who| cell.inbox(who, "override");
    assert_eq!(waits(office.approver), ["Khoá kỳ đảng phí 04/2026: Sở Kế hoạch và Đầu tư"]);
    assert!(waits(cell.collector).is_empty() && waits(cell.treasurer).is_empty());
    let why = [("why", text("hoàn trả đảng viên nộp nhầm"))];
    let refused = office.does(cell.treasurer, &period, "override", &why);
    assert!(matches!(refused, Err(CallError::Denied(_))), "{refused:?}");
    done(office.does(office.approver, &period, "override", &why));
    assert!(waits(office.approver).is_empty());
    assert_eq!(cell.inbox(cell.treasurer, "close").len(), 1);
    house.give(office.approver, "party-finance.treasurer", house.planning);
    assert!(problems(close(office.approver)).contains("không tự khoá kỳ"), "it takes another person");
    done(close(cell.treasurer));
    assert_eq!(office.balance(), -57_539);
    let page = house.draw(cell.treasurer, PLUGIN, &period).unwrap();
    assert_eq!(fact(&page, "Lý do cho vượt số dư quỹ"), text("hoàn trả đảng viên nộp nhầm"));
}

#[test]
fn what_the_fund_could_bear_first_and_no_longer_can_is_handed_to_whoever_may_let_it() {
    let office = Office::new();
    office.estimate(&[("press", 500_000)]);
    let waits = || office.cell.inbox(office.approver, "override-voucher");
    let vouchers = [done(office.ask("press", 97_000)), done(office.ask("press", 300))];
    for voucher in &vouchers {
        done(office.does(office.approver, voucher, "approve", &[]));
    }
    let told = problems(office.does(office.cashier, &vouchers[1], "ask-override", &[]));
    assert!(told.contains("không cần cho chi vượt"), "{told}");
    done(office.pay(office.cashier, &vouchers[0]));
    assert!(waits().is_empty(), "nobody has noticed yet");
    let refused = office.does(office.accountant, &vouchers[1], "ask-override", &[]);
    assert!(matches!(refused, Err(CallError::Denied(_))), "{refused:?}");
    done(office.does(office.cashier, &vouchers[1], "ask-override", &[]));
    assert_eq!(waits().len(), 1);
    done(office.does(office.approver, &vouchers[1], "override", &[("why", text("chi đúng hạn"))]));
    assert!(waits().is_empty());
    done(office.pay(office.cashier, &vouchers[1]));
}

#[test]
fn a_year_is_settled_by_two_people_once_all_is_done_and_then_nothing_of_it_changes() {
    let office = Office::new();
    office.estimate(&[("press", 150_000)]);
    let voucher = done(office.ask("press", 50_000));
    let settle = || office.of_year(office.accountant, "/estimates", "settle", &[]);
    let told = problems(settle());
    assert!(told.contains("Năm này chưa kết thúc") && told.contains("1 phiếu chi chưa chi xong"), "{told}");
    done(office.does(office.approver, &voucher, "approve", &[]));
    done(office.pay(office.cashier, &voucher));
    office.cell.assess("2026-06");
    office.cell.house.clock.set("2027-01-10T01:00:00Z".parse().unwrap());
    assert!(problems(settle()).contains("Kỳ đảng phí 06/2026 chưa khoá"));
    office.close("2026-06");
    let settlement = done(settle());
    assert!(problems(office.ask("press", 1)).contains("đang chờ duyệt"));
    let own = office.does(office.accountant, &settlement, "close", &[]);
    assert!(matches!(own, Err(CallError::Denied(_))), "{own:?}");
    done(office.does(office.approver, &settlement, "close", &[]));
    let page = office.cell.house.draw(office.accountant, PLUGIN, &settlement).unwrap();
    let money = ["Số dư đầu năm", "Thu vào quỹ", "Đã chi", "Số dư cuối năm"].map(|label| fact(&page, label));
    assert_eq!(money, [0, 97_227, 50_000, 47_227].map(Value::Integer));
    for refused in [
        office.ask("press", 1),
        office.of_year(office.accountant, "/estimates", "begin", &[]),
        office.does(office.approver, &voucher, "reverse", &[("note", text("muộn"))]),
        office.cell.press(office.cell.collector, "/", "assess", "2026-11"),
        settle(),
    ] {
        let told = problems(refused);
        assert!(told.contains("Năm 2026 đã quyết toán"), "{told}");
    }
}

#[test]
fn what_a_fund_begins_with_is_recorded_once_and_before_anything_else() {
    let office = Office::new();
    let open = |who, day: &str| {
        let unit = text(&office.cell.house.planning.0.to_string());
        let inputs = [
            ("unit", unit),
            ("day", date(day)),
            ("amount", Value::Integer(500_000)),
            ("reason", text("sổ cũ")),
        ];
        office.does(who, "/fund", "open", &inputs)
    };
    let refused = open(office.cashier, "2026-01-01");
    assert!(matches!(refused, Err(CallError::Denied(_))), "{refused:?}");
    assert!(problems(open(office.cell.treasurer, "2026-01-01")).contains("chỉ ghi một lần"));
}

#[test]
fn the_pages_of_spending_are_those_of_the_reviewed_files() {
    let office = Office::new();
    let house = &office.cell.house;
    let drawn = |who, path: &str| outline(&house.draw(who, PLUGIN, path).unwrap());
    let of_year = |path: &str| format!("{path}?unit={}&year=2026", house.planning.0);
    let draft = done(office.of_year(office.accountant, "/estimates", "begin", &[]));
    insta::assert_snapshot!("estimate-draft", drawn(office.accountant, &draft));
    let estimate = office.estimate(&[("press", 60_000), ("congress", 40_000)]);
    insta::assert_snapshot!("estimate-approved", drawn(office.approver, &estimate));
    let voucher = done(office.ask("press", 50_000));
    insta::assert_snapshot!("voucher-requested", drawn(office.approver, &voucher));
    done(office.does(office.approver, &voucher, "approve", &[]));
    insta::assert_snapshot!("voucher-approved", drawn(office.cashier, &voucher));
    done(office.pay(office.cashier, &voucher));
    for (name, path) in [("vouchers", "/vouchers"), ("estimates", "/estimates"), ("fund", "/fund")] {
        insta::assert_snapshot!(name, drawn(office.accountant, &of_year(path)));
    }
    insta::assert_snapshot!(
        "budget",
        drawn(office.accountant, &format!("{}&item=press", of_year("/budget")))
    );
    insta::assert_snapshot!("rates", drawn(office.accountant, "/rates"));
    insta::assert_snapshot!("items", drawn(office.accountant, "/items"));
    house.clock.set("2027-01-10T01:00:00Z".parse().unwrap());
    let settlement = done(office.of_year(office.accountant, "/estimates", "settle", &[]));
    insta::assert_snapshot!("settlement", drawn(office.approver, &settlement));
    // Its figures are those of the fund that they lead to.
    let fund = house.draw(office.accountant, PLUGIN, &of_year("/fund")).unwrap();
    let settled = house.draw(office.approver, PLUGIN, &settlement).unwrap();
    for (figure, behind) in [
        ("Số dư đầu năm", "Số dư đầu năm"),
        ("Thu vào quỹ", "Thu vào quỹ"),
        ("Đã chi", "Đã chi"),
        ("Số dư cuối năm", "Số dư"),
    ] {
        assert_eq!(fact(&settled, figure), metric(&fund, behind), "{figure}");
    }
}
