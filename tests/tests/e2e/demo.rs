//! What the demo holds for those who try it: everybody finds something to do, and the books are those of a year.

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::programs::run_on;
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;
use serde_json::{Value, json};

fn rows(program: &Visitor, path: &str, table: &str) -> Vec<Value> {
    let page = program.get_json(path).expect(200).json();
    page::table(&page, table)["rows"].as_array().unwrap().clone()
}

#[test]
fn whoever_tries_a_part_finds_work_in_the_inbox() {
    let folder = Folder::demo();
    let waiting = |login: &str| run_on(folder.path(), &["inbox", "--as", login]).out;
    for (login, work) in [
        ("hoangthimai-vpubnd", &["Decisions to sign", "Periods to close", "phieu-trinh"][..]),
        ("tranthihoa-snv", &["Corrections to check"]),
        ("dothihanh-vptu", &["Periods returned"]),
        ("vuquockhanh-ubkttu", &["Dossiers in hand"]),
        ("phananhtuan-ubkttu", &["Dossiers in hand"]),
        ("leminhtuan-vpubnd", &["phieu-trinh"]),
        ("nguyenthilan-skhdt", &["Notices to you"]),
    ] {
        let inbox = waiting(login);
        assert!(work.iter().all(|work| inbox.contains(work)), "{login}: {inbox}");
    }
}

#[test]
fn a_year_of_dues_is_closed_by_two_people_and_who_owes_three_months_is_reported() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let collector = folder.with_role("party-finance.collector");
    let collector = server.visitor().program(&collector.account, &collector.password);
    let ledger = collector.get_json("/apps/party-finance").expect(200).json();
    let unit = |name: &str| page::unit(&ledger, name).unwrap();
    assert_eq!(
        page::all(&ledger, &|choice| choice["text"].is_string() && choice["value"].is_string()).len(),
        100
    );

    let periods = format!("/apps/party-finance/periods?unit={}", unit("Văn phòng Uỷ ban nhân dân tỉnh"));
    let periods = rows(&collector, &periods, "periods");
    let states: Vec<_> = periods.iter().map(|row| row["cells"]["state"].clone()).collect();
    assert_eq!((states.len(), &states[0]), (12, &json!("Trả lại")), "the latest first");
    for row in &periods[1..] {
        let cells = &row["cells"];
        assert_eq!((&cells["state"], &cells["unpaid"]), (&json!("Đã khoá"), &json!(0)), "{row}");
        assert_ne!(cells["prepared-by"], cells["decided-by"], "{row}");
        assert!(cells["collected"].as_u64().unwrap() > 100_000, "{row}");
    }

    // A unit whose months nobody closes has the whole year too; one member paid none of the last three.
    let last = {
        let field = page::find(&ledger, &|field| field["name"] == "month").unwrap();
        let (year, month) = field["value"].as_str().unwrap().split_once('-').unwrap();
        let (year, month): (u32, u32) = (year.parse().unwrap(), month[..2].parse().unwrap());
        if month == 1 { format!("12/{}", year - 1) } else { format!("{:02}/{year}", month - 1) }
    };
    let owing = format!("/apps/party-finance/arrears?unit={}&month={last}", unit("Phòng Quản lý ngân sách"));
    let owing = rows(&collector, &owing, "arrears");
    assert_eq!((owing.len(), &owing[0]["cells"]["count"]), (1, &json!(3)), "{owing:?}");
    let (month, year) = last.split_once('/').unwrap();
    let (month, year): (u32, u32) = (month.parse().unwrap(), year.parse().unwrap());
    let first = if month == 12 { format!("01/{year}") } else { format!("{:02}/{}", month + 1, year - 1) };
    let ledger = format!("/apps/party-finance?unit={}&month={first}", unit("Phòng Quản lý ngân sách"));
    let lines = rows(&collector, &ledger, "s01-1");
    let paid = |row: &Value| row["cells"]["collected"].as_i64() > Some(0);
    assert!(lines.len() > 1 && lines.iter().all(paid), "{first}: {lines:?}");
}
