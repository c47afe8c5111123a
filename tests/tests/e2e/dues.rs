//! A month of dues for a whole tree of organisations: a job that is cancelled keeps what it did, and one that goes to its
//! end assesses everybody once, whatever stands in the way at some.

use std::collections::BTreeMap;

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::patience::until;
use dinh_tests::programs::run_on;
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;
use serde_json::{Value, json};

const APP: &str = "/apps/party-finance";
const COLLECTOR: &str = "party-finance.collector";

/// The collector of the province at work.
struct Desk {
    folder: Folder,
    server: Server,
    collector: Visitor,
}

impl Desk {
    fn open() -> Self {
        let folder = Folder::demo();
        let server = Server::start(folder.path());
        let collector = program(&folder, &server, COLLECTOR);
        Self { folder, server, collector }
    }

    /// Presses the button for a unit and month; the number of the job.
    fn start(&self, unit: &str, month: &str) -> String {
        let place = assessments(unit, month);
        let started = self.collector.post_json(&place, &button(unit, month, "assess-all"));
        assert!((200..400).contains(&started.status), "{started:?}");
        let location = started.header("location").to_owned();
        location.rsplit('/').next().unwrap().to_owned()
    }

    fn job(&self, job: &str) -> Value {
        let collector = self.folder.with_role(COLLECTOR).account;
        run_on(self.folder.path(), &["job", "show", job, "--as", &collector, "--json"]).json()
    }

    fn ended(&self, job: &str) -> Value {
        assert!(until(|| self.job(job)["standing"] != "running"), "{}", self.job(job));
        self.job(job)
    }

    /// What each organisation came to: its outcome and how many were assessed.
    fn outcomes(&self, unit: &str, month: &str) -> BTreeMap<String, (Value, Value)> {
        let page = self.collector.get_json(&assessments(unit, month)).expect(200).json();
        let rows = page::table(&page, "assessments")["rows"].as_array().unwrap().clone();
        let cells = rows.into_iter().map(|row| row["cells"].clone());
        cells
            .map(|cells| {
                let name = cells["unit"].as_str().unwrap().trim().to_owned();
                (name, (cells["outcome"].clone(), cells["assessed"].clone()))
            })
            .collect()
    }
}

fn program(folder: &Folder, server: &Server, role: &str) -> Visitor {
    let account = folder.with_role(role);
    server.visitor().program(&account.account, &account.password)
}

fn assessments(unit: &str, month: &str) -> String {
    format!("{APP}/assessments?unit={unit}&month={month}")
}

fn button(unit: &str, month: &str, form: &str) -> Value {
    json!({ "form": form, "inputs": { "month": month, "unit": unit } })
}

/// The units of the ledger's choice, by their names without that of the unit above.
fn units(collector: &Visitor) -> BTreeMap<String, String> {
    let page = collector.get_json(APP).expect(200).json();
    let field = page::find(&page, &|value| value["name"] == "unit" && value["choices"].is_array()).unwrap();
    let choices = field["choices"].as_array().unwrap().iter();
    let text = |choice: &Value, key: &str| choice[key].as_str().unwrap().trim().to_owned();
    let own = |name: String| name.rsplit(" › ").next().unwrap_or_default().to_owned();
    choices.map(|choice| (own(text(choice, "text")), text(choice, "value"))).collect()
}

/// The month that the ledger opens with: the present one, which nobody of the demo has assessed.
fn month(collector: &Visitor) -> String {
    let page = collector.get_json(APP).expect(200).json();
    let field = page::find(&page, &|value| value["name"] == "month" && value["label"].is_string()).unwrap();
    // `2026-11-01`, which pages and buttons write as `11/2026`.
    let (year, month) = field["value"].as_str().unwrap().split_once('-').unwrap();
    format!("{}/{year}", &month[..2])
}

/// How many members of a unit's ledger owe something for the month, of how many.
fn ledger(collector: &Visitor, unit: &str, month: &str) -> (usize, usize) {
    let page = collector.get_json(&format!("{APP}?unit={unit}&month={month}")).expect(200).json();
    let rows = page::table(&page, "s01-1")["rows"].as_array().unwrap().clone();
    let members: Vec<&Value> = rows.iter().filter(|row| !row["cells"]["number"].is_null()).collect();
    let owed = members.iter().filter(|row| row["cells"]["this-month"].as_i64() > Some(0)).count();
    (owed, members.len())
}

#[test]
fn a_whole_tree_is_assessed_once_and_what_stands_in_the_way_of_one_holds_up_no_other() {
    let desk = Desk::open();
    let (units, month) = (units(&desk.collector), month(&desk.collector));
    let (province, cell) = (&units["Tỉnh Thanh Hóa"], &units["Phòng Tổng hợp – Quy hoạch"]);
    // One of them was assessed by itself before.
    let alone = format!("{APP}?unit={cell}&month={month}");
    let assessed = desk.collector.post_json(&alone, &button(cell, &month, "assess"));
    assert!((200..400).contains(&assessed.status), "{assessed:?}");
    let before = ledger(&desk.collector, cell, &month);
    assert!(before.0 > 0);

    let job = desk.start(province, &month);
    let ended = desk.ended(&job);
    assert_eq!(ended["standing"], "finished", "{ended}");
    let outcomes = desk.outcomes(province, &month);
    assert_eq!(outcomes.len(), units.len(), "each organisation is listed");
    assert_eq!(ended["done"].as_u64(), Some(units.len() as u64), "{ended}");
    assert!(outcomes.values().all(|(outcome, _)| !outcome.is_null()), "{outcomes:?}");
    assert_eq!(outcomes["Phòng Tổng hợp – Quy hoạch"].0, "Đã lập từ trước");
    assert_eq!(outcomes["Tỉnh Thanh Hóa"].0, "Không có đảng viên");
    assert_eq!(ledger(&desk.collector, cell, &month), before, "nobody is assessed twice");
    let (owed, members) = ledger(&desk.collector, &units["Sở Tài chính"], &month);
    assert!(owed > 0 && members >= owed, "{owed} of {members}");
    assert_eq!(outcomes["Sở Tài chính"].0, "Đã lập");

    // Once more: everybody has been.
    assert_eq!(desk.ended(&desk.start(province, &month))["standing"], "finished");
    let again = desk.outcomes(province, &month);
    assert!(again.values().all(|(outcome, _)| outcome != "Đã lập"), "{again:?}");
    assert_eq!(ledger(&desk.collector, &units["Sở Tài chính"], &month), (owed, members));
}

#[test]
fn an_organisation_without_a_contract_is_named_and_the_month_is_assessed_when_it_may_be() {
    let desk = Desk::open();
    let (units, month) = (units(&desk.collector), month(&desk.collector));
    let unit = &units["Sở Tài chính"];
    let director = program(&desk.folder, &desk.server, "dinh.director");
    let contracts = director.get_json("/apps/dinh/contracts?standing=active").expect(200).json();
    let contract = page::find(&contracts, &|row| {
        row["cells"]["consumer"].as_str().is_some_and(|consumer| consumer.starts_with("Tài chính Đảng"))
            && row["cells"]["dataset"] == "Đảng viên"
    });
    let contract = contract.unwrap()["href"].as_str().unwrap();
    let revoke = json!({ "form": "revoke", "inputs": { "reason": "Rà soát thoả thuận" } });
    let revoked = director.post_json(contract, &revoke);
    assert!((200..400).contains(&revoked.status), "{revoked:?}");

    let job = desk.ended(&desk.start(unit, &month));
    assert_eq!(job["standing"], "finished", "{job}");
    let outcomes = desk.outcomes(unit, &month);
    assert!(outcomes.len() > 1, "{outcomes:?}");
    for (name, (outcome, assessed)) in outcomes {
        assert_eq!((outcome, assessed), (json!("Không đọc được danh sách đảng viên"), json!(0)), "{name}");
    }
}

#[test]
fn a_cancelled_assessment_keeps_what_it_did_and_the_next_one_does_the_rest() {
    let mut desk = Desk::open();
    let (units, month) = (units(&desk.collector), month(&desk.collector));
    let province = &units["Tỉnh Thanh Hóa"];
    let job = desk.start(province, &month);
    // The server breaks off while the job is at work, so that it is cancelled before its end.
    desk.server.kill();
    let collector = desk.folder.with_role(COLLECTOR).account;
    let cancelled = run_on(desk.folder.path(), &["job", "cancel", &job, "--as", &collector, "--json"]).json();
    assert_eq!(cancelled["cancelled"], true);
    desk.server = Server::start(desk.folder.path());
    desk.collector = program(&desk.folder, &desk.server, COLLECTOR);
    let done = desk.ended(&job);
    assert_eq!(done["standing"], "cancelled", "{done}");
    let tried = |outcomes: &BTreeMap<String, (Value, Value)>| {
        outcomes.values().filter(|(outcome, _)| !outcome.is_null()).count()
    };
    let kept = desk.outcomes(province, &month);
    assert_eq!(Some(tried(&kept) as u64), done["done"].as_u64(), "what its steps did stays");
    assert!(tried(&kept) < units.len());

    assert_eq!(desk.ended(&desk.start(province, &month))["standing"], "finished");
    let whole = desk.outcomes(province, &month);
    assert_eq!(tried(&whole), units.len());
    for (name, (outcome, _)) in kept.iter().filter(|(_, (outcome, _))| outcome == "Đã lập") {
        assert_ne!(whole[name].0, *outcome, "{name} is not assessed twice");
    }
}

#[test]
fn who_may_not_record_for_an_organisation_starts_nothing_for_it() {
    let desk = Desk::open();
    let (units, month) = (units(&desk.collector), month(&desk.collector));
    let reader = program(&desk.folder, &desk.server, "party-finance.treasurer");
    let province = &units["Tỉnh Thanh Hóa"];
    let answer = reader.post_json(&assessments(province, &month), &button(province, &month, "assess-all"));
    assert!((400..500).contains(&answer.status), "{answer:?}");
    let page = reader.get_json(&assessments(province, &month)).expect(200).json();
    assert!(page::find(&page, &|value| value["form"] == "assess-all").is_none(), "nor is it offered");
}

/// Where a month before the present one stands, as `MM/YYYY`.
fn month_before(month: &str) -> String {
    let (number, year) = month.split_once('/').unwrap();
    let (number, year): (u32, u32) = (number.parse().unwrap(), year.parse().unwrap());
    if number == 1 { format!("12/{}", year - 1) } else { format!("{:02}/{year}", number - 1) }
}

#[test]
fn every_figure_of_the_ledger_leads_to_the_entries_that_it_is_the_sum_of() {
    let desk = Desk::open();
    let unit = units(&desk.collector)["Phòng Quản lý ngân sách"].clone();
    let last = month_before(&month(&desk.collector));
    let page = desk.collector.get_json(&format!("{APP}?unit={unit}&month={last}")).expect(200).json();
    let mut followed = 0;
    for row in page::table(&page, "s01-1")["rows"].as_array().unwrap() {
        for figure in ["this-month", "earlier", "due", "collected", "unpaid"] {
            let value = row["cells"][figure].as_i64().unwrap();
            let link = &row["marks"][figure]["href"];
            assert_eq!(link.is_null(), value == 0, "{figure}: {row}");
            let Some(link) = link.as_str() else { continue };
            let behind = desk.collector.get_json(link).expect(200).json();
            let metrics = page::find(&behind, &|value| value["kind"] == "metrics").unwrap();
            assert_eq!(metrics["metrics"][0]["value"], value, "{figure}: {row}");
            // Those of all members take several pages.
            if !row["cells"]["number"].is_null() {
                let entries = page::table(&behind, "entries")["rows"].as_array().unwrap().clone();
                let sum: i64 = entries.iter().map(|entry| entry["cells"]["amount"].as_i64().unwrap()).sum();
                assert_eq!(sum, value, "{figure}: {row}");
            }
            followed += 1;
        }
    }
    assert!(followed > 10, "{followed} figures");
}

#[test]
fn nothing_is_booked_in_a_month_that_is_yet_to_come() {
    let desk = Desk::open();
    let unit = units(&desk.collector)["Phòng Quản lý ngân sách"].clone();
    let last = month_before(&month(&desk.collector));
    let page = desk.collector.get_json(&format!("{APP}?unit={unit}&month={last}")).expect(200).json();
    let member = page::table(&page, "s01-1")["rows"][0]["marks"]["name"]["href"].as_str().unwrap().to_owned();
    let account = desk.collector.get_json(&member).expect(200).json();
    let field =
        page::find(&account, &|value| value["name"] == "entry" && value["choices"].is_array()).unwrap();
    let inputs = json!({ "entry": field["choices"][0]["value"], "amount": 1, "period": "2062-12-01", "reason": "nhầm" });
    let refused =
        desk.collector.post_json(&member, &json!({ "form": "correct", "inputs": inputs })).expect(422);
    assert!(refused.body.contains("Tháng này chưa đến"), "{refused:?}");
    let again = desk.collector.get_json(&member).expect(200).json();
    assert_eq!(page::table(&again, "account"), page::table(&account, "account"), "nothing was booked");
}

#[test]
fn an_address_that_leads_nowhere_any_more_is_an_answer_and_no_failure_of_the_plugin() {
    let desk = Desk::open();
    // More often than a plugin may fail.
    for _ in 0..25 {
        let gone = desk.collector.get_json(&format!("{APP}/entries?after=x")).expect(400);
        assert!(gone.body.contains("Hãy mở lại danh sách từ đầu"), "{gone:?}");
    }
    desk.collector.get_json(APP).expect(200);
}

#[test]
fn organisations_stand_below_the_one_they_remit_to() {
    let desk = Desk::open();
    let page = desk.collector.get_json(&format!("{APP}/organisations")).expect(200).json();
    let rows = page::table(&page, "organisation-list")["rows"].as_array().unwrap();
    let place = |name: &str| rows.iter().position(|row| row["cells"]["organisation"] == name).unwrap();
    let line =
        ["Tỉnh uỷ", "Văn phòng Uỷ ban nhân dân tỉnh", "Sở Kế hoạch và Đầu tư", "Phòng Tổng hợp – Quy hoạch"];
    for (depth, pair) in line.windows(2).enumerate() {
        assert!(place(pair[0]) < place(pair[1]), "{pair:?}");
        assert_eq!(rows[place(pair[1])]["depth"], depth + 1, "{pair:?}");
        assert_eq!(rows[place(pair[1])]["cells"]["upper"], pair[0]);
    }
}

/// What stands behind a figure, as the page it leads to shows it.
fn behind(reader: &Visitor, link: &str, figure: &str) -> i64 {
    let page = reader.get_json(link).expect(200).json();
    let rows = |table: &str| page::table(&page, table)["rows"].as_array().unwrap().clone();
    let amounts = |table: &str| {
        let amounts = rows(table).into_iter().map(|row| row["cells"]["amount"].as_i64().unwrap());
        amounts.sum::<i64>()
    };
    let path = link.strip_prefix(APP).unwrap();
    match path.split('?').next().unwrap() {
        "/entries" => {
            let metrics = page::find(&page, &|value| value["kind"] == "metrics").unwrap();
            let (sum, count) = (&metrics["metrics"][0]["value"], &metrics["metrics"][1]["value"]);
            let listed = rows("entries");
            // A list of several pages says how many there are.
            if count.as_u64() == Some(listed.len() as u64) {
                assert_eq!(amounts("entries"), sum.as_i64().unwrap(), "{link}");
            } else {
                assert_eq!(listed.len(), 200, "{link}");
            }
            sum.as_i64().unwrap()
        }
        "/remittances" if figure == "received" => amounts("received"),
        "/remittances" => amounts("sent"),
        "/division" => division(reader, &page, figure),
        "/arrears" => {
            let unpaid = rows("arrears").into_iter().map(|row| row["cells"]["unpaid"].as_i64().unwrap());
            unpaid.sum()
        }
        "" | "/" => {
            let members = rows("s01-1").into_iter().filter(|row| !row["cells"]["number"].is_null());
            let counted = members.filter(|row| match figure {
                "exempt" => row["cells"]["exempt"] == json!(true),
                _ => !row["cells"]["this-month"].is_null(),
            });
            i64::try_from(counted.count()).unwrap()
        }
        other => panic!("{other} shows no figure"),
    }
}

/// A figure of the last line of a division, whose months come to it and lead to their entries in turn.
fn division(reader: &Visitor, page: &Value, figure: &str) -> i64 {
    let rows = page::table(page, "division")["rows"].as_array().unwrap();
    let (total, months) = rows.split_last().unwrap();
    let cell = |row: &Value, key: &str| row["cells"][key].as_i64().unwrap();
    for row in months {
        assert_eq!(
            cell(row, "collected") + cell(row, "received"),
            cell(row, "retained") + cell(row, "due"),
            "{row}"
        );
        for figure in ["collected", "received", "remitted"] {
            let (value, link) = (cell(row, figure), row["marks"][figure]["href"].as_str());
            assert_eq!(link.is_none(), value == 0, "{figure}: {row}");
            if let Some(link) = link {
                assert_eq!(behind(reader, link, figure), value, "{figure}: {row}");
            }
        }
    }
    if figure != "outstanding" {
        assert_eq!(months.iter().map(|row| cell(row, figure)).sum::<i64>(), cell(total, figure), "{figure}");
    }
    cell(total, figure)
}

/// A province's report of the quarter of a month, and who may read it.
fn report(desk: &Desk, unit: &str, month: &str) -> Value {
    let (number, year) = month.split_once('/').unwrap();
    let quarter = number.parse::<u32>().unwrap().div_ceil(3);
    let address = format!("{APP}/report?unit={unit}&year={year}&quarter={quarter}");
    desk.collector.get_json(&address).expect(200).json()
}

#[test]
fn every_figure_of_the_report_comes_apart_by_organisation_down_to_its_entries() {
    let desk = Desk::open();
    let units = units(&desk.collector);
    // What was collected lies before the present month, what was handed up is booked in it: two quarters, some days.
    let now = month(&desk.collector);
    let reports = [month_before(&now), now].into_iter().flat_map(|month| {
        let of = |unit| report(&desk, &units[unit], &month);
        ["Tỉnh uỷ", "Sở Kế hoạch và Đầu tư", "Phòng Tổng hợp – Quy hoạch"].map(of)
    });
    let mut codes = std::collections::BTreeSet::new();
    for report in reports {
        for row in page::table(&report, "b01")["rows"].as_array().unwrap() {
            for column in ["commune", "enterprise", "other", "total"] {
                let value = row["cells"][column].as_i64().unwrap();
                let link = &row["marks"][column]["href"];
                assert_eq!(link.is_null(), value == 0, "{column}: {row}");
                let Some(link) = link.as_str() else { continue };
                let code = link.split(['/', '?']).nth(4).unwrap().to_owned();
                let parts = desk.collector.get_json(link).expect(200).json();
                let rows = page::table(&parts, "breakdown")["rows"].as_array().unwrap();
                let (total, parts) = rows.split_last().unwrap();
                assert_eq!(total["cells"]["figure"], value, "{column}: {row}");
                let mut sum = 0;
                for part in parts {
                    let contribution = part["cells"]["figure"].as_i64().unwrap();
                    let link = part["marks"]["figure"]["href"].as_str().unwrap();
                    let figure = if link.contains("/division") { "retained" } else { "members" };
                    assert_eq!(behind(&desk.collector, link, figure), contribution, "{code}: {part} {link}");
                    sum += contribution;
                }
                assert_eq!(sum, value, "{code}");
                codes.insert(code);
            }
        }
    }
    let seen: Vec<&str> = codes.iter().map(String::as_str).collect();
    for code in ["01", "02", "03", "04", "05", "06", "08", "09", "10", "12", "13"] {
        assert!(seen.contains(&code), "{code} was followed nowhere: {seen:?}");
    }
}

#[test]
fn every_figure_of_the_book_leads_to_what_it_is_the_sum_of() {
    let desk = Desk::open();
    let units = units(&desk.collector);
    // Two years, in January.
    let now = month(&desk.collector);
    let books = [month_before(&now), now].into_iter().flat_map(|month| {
        let of = |unit| {
            let address = format!("{APP}/book?unit={}&month={month}", units[unit]);
            desk.collector.get_json(&address).expect(200).json()
        };
        ["Phòng Tổng hợp – Quy hoạch", "Sở Kế hoạch và Đầu tư"].map(of)
    });
    let mut seen = std::collections::BTreeSet::new();
    for book in books {
        for row in page::table(&book, "s01-2")["rows"].as_array().unwrap() {
            for figure in [
                "members",
                "exempt",
                "unpaid",
                "collected",
                "received",
                "retained",
                "due",
                "remitted",
                "outstanding",
            ] {
                let Some(value) = row["cells"][figure].as_i64() else { continue };
                let link = &row["marks"][figure]["href"];
                assert_eq!(link.is_null(), value == 0, "{figure}: {row}");
                let Some(link) = link.as_str() else { continue };
                assert_eq!(behind(&desk.collector, link, figure), value, "{figure}: {row}");
                seen.insert(figure);
            }
        }
    }
    let seen: Vec<&str> = seen.into_iter().collect();
    for figure in ["members", "collected", "received", "retained", "due", "remitted", "outstanding"] {
        assert!(seen.contains(&figure), "{figure} was followed nowhere: {seen:?}");
    }
}

#[test]
fn every_figure_of_an_estimate_leads_to_the_estimates_and_vouchers_it_is_the_sum_of() {
    let desk = Desk::open();
    let unit = units(&desk.collector)["Phòng Tổng hợp – Quy hoạch"].clone();
    let page = desk.collector.get_json(&format!("{APP}/estimates?unit={unit}")).expect(200).json();
    let mut followed = 0;
    for row in page::table(&page, "budget")["rows"].as_array().unwrap() {
        for (at, figure) in ["estimate", "spent", "difference", "committed", "free"].into_iter().enumerate() {
            let value = row["cells"][figure].as_i64().unwrap();
            let link = &row["marks"][figure]["href"];
            assert_eq!(link.is_null(), value == 0, "{figure}: {row}");
            let Some(link) = link.as_str() else { continue };
            let behind = desk.collector.get_json(link).expect(200).json();
            let metrics = page::find(&behind, &|value| value["kind"] == "metrics").unwrap();
            assert_eq!(metrics["metrics"][at]["value"], value, "{figure}: {row}");
            let sum = |table: &str, key: &str| {
                let rows = page::table(&behind, table)["rows"].as_array().unwrap();
                rows.iter().filter_map(|row| row["cells"][key].as_i64()).sum::<i64>()
            };
            let (given, spent, waiting) =
                (sum("given", "amount"), sum("taken", "spent"), sum("taken", "committed"));
            let made_of = [given, spent, given - spent, waiting, given - spent - waiting];
            assert_eq!(made_of[at], value, "{figure}: {row}");
            followed += 1;
        }
    }
    assert!(followed > 10, "{followed} figures");
}

#[test]
fn what_a_department_hands_up_is_confirmed_by_the_office_above_it_and_by_nobody_of_its_own() {
    let desk = Desk::open();
    let units = units(&desk.collector);
    let (below, above) = (&units["Sở Kế hoạch và Đầu tư"], &units["Văn phòng Uỷ ban nhân dân tỉnh"]);
    let last = month_before(&month(&desk.collector));
    let place = format!("{APP}/remittances?unit={below}&month={last}");
    let metric = |page: &Value, at: usize| {
        let metrics = page::find(page, &|value| value["kind"] == "metrics").unwrap();
        metrics["metrics"][at]["value"].as_i64().unwrap()
    };
    let left = metric(&desk.collector.get_json(&place).expect(200).json(), 3);
    assert!(left > 0, "the department has something to hand up");
    let today = page::find(&desk.collector.get_json(&place).json(), &|value| value["name"] == "sent-on")
        .unwrap()["value"]
        .clone();
    let (number, year) = last.split_once('/').unwrap();
    let first = format!("{year}-{number}-01");
    let inputs = json!({ "unit": below, "from": first, "until": first, "amount": left, "sent-on": today });
    let sent = desk.collector.post_json(&place, &json!({ "form": "remit", "inputs": inputs }));
    let remittance = sent.header("location").to_owned();
    assert_eq!(sent.status, 303, "{sent:?}");
    let confirm = json!({ "form": "confirm", "inputs": { "received-on": today } });
    let person = |login: &str| {
        let account = desk.folder.accounts().into_iter().find(|account| account.account == login).unwrap();
        desk.server.visitor().program(&account.account, &account.password)
    };
    let (own, office) = (person("trinhvanson-skhdt"), person("hoangthimai-vpubnd"));
    for below in [&own, &desk.collector] {
        let page = below.get_json(&remittance).expect(200);
        assert!(page.body.contains("Chờ người nhận của cấp trên xác nhận"), "{}", page.body);
        below.post_json(&remittance, &confirm).expect(400);
    }
    let waiting = office.get_json("/apps/dinh/inbox").expect(200);
    assert!(waiting.body.contains("Nộp đảng phí"), "{}", waiting.body);
    let done = office.post_json(&remittance, &confirm);
    assert_eq!(done.status, 303, "{done:?}");
    let page = desk.collector.get_json(&place).expect(200).json();
    assert_eq!((metric(&page, 2), metric(&page, 3)), (0, 0), "nothing waits, nothing is left");
    // The office's own book has it, of the month it was received in.
    let now = month(&desk.collector);
    let book = office.get_json(&format!("{APP}/book?unit={above}&month={now}")).expect(200).json();
    let rows = page::table(&book, "s01-2")["rows"].as_array().unwrap();
    let received: Vec<i64> = rows.iter().filter_map(|row| row["cells"]["received"].as_i64()).collect();
    assert!(received.contains(&left), "{received:?}");
}
