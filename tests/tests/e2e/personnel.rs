//! Cán bộ, công chức: lists, sheets, decisions by two people, due lists, reports, import, one's own record.

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;
use serde_json::{Value, json};

const APP: &str = "/apps/personnel";

/// The demo with those who deal with officers, as programs.
struct Office {
    folder: Folder,
    server: Server,
    clerk: Visitor,
    head: Visitor,
}

impl Office {
    fn open() -> Self {
        let folder = Folder::demo();
        let server = Server::start(folder.path());
        let program = |role: &str| {
            let account = folder.with_role(role);
            server.visitor().program(&account.account, &account.password)
        };
        let (clerk, head) = (program("personnel.clerk"), program("personnel.head"));
        Self { folder, server, clerk, head }
    }

    /// Somebody of the demo, by sign-in name.
    fn person(&self, login: &str) -> Visitor {
        let account = self.folder.accounts().into_iter().find(|account| account.account == login).unwrap();
        self.server.visitor().program(&account.account, &account.password)
    }

    /// The address of the sheet of the one officer found by these words.
    fn sheet(&self, words: &str) -> String {
        let page = self.clerk.get_json(&format!("{APP}?q={}", words.replace(' ', "+"))).expect(200).json();
        let rows = page::table(&page, "people")["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 1, "{words}: {rows:?}");
        rows[0]["href"].as_str().unwrap().to_owned()
    }
}

/// The cells of a table's rows.
fn rows<'a>(page: &'a Value, table: &str) -> Vec<&'a Value> {
    page::table(page, table)["rows"].as_array().unwrap().iter().map(|row| &row["cells"]).collect()
}

/// The value of a labelled fact.
fn fact<'a>(page: &'a Value, label: &str) -> &'a Value {
    let fact = page::find(page, &|value| value["label"] == label && value.get("value").is_some());
    &fact.unwrap_or_else(|| panic!("no {label} in {page}"))["value"]
}

/// Submits a form and goes where the answer leads.
fn submit(program: &Visitor, path: &str, body: &Value) -> String {
    let answer = program.post_json(path, body);
    assert!((200..400).contains(&answer.status), "{path} {body}: {answer:?}");
    match answer.header("location") {
        "" => answer.json()["location"].as_str().unwrap_or_default().to_owned(),
        location => location.to_owned(),
    }
}

/// What a form was refused for.
fn refused(program: &Visitor, path: &str, body: &Value) -> String {
    let answer = program.post_json(path, body);
    assert!((400..500).contains(&answer.status), "{path} {body}: {answer:?}");
    answer.body
}

/// Drafts a decision, submits it, and has it signed; its page.
fn decide(office: &Office, sheet: &str, kind: &str, inputs: &Value) -> String {
    let drafted = submit(
        &office.clerk,
        &format!("{sheet}/decide/{kind}"),
        &json!({ "form": "draft", "inputs": inputs }),
    );
    let signature = json!({ "form": "sign", "inputs": { "signer-title": "Phó Chánh Văn phòng" } });
    let page = drafted.split('#').next().unwrap();
    submit(&office.head, page, &signature);
    page.to_owned()
}

#[test]
fn officers_are_listed_by_given_name_and_found_without_diacritics_by_name_and_number() {
    let office = Office::open();
    let page = office.clerk.get_json(APP).expect(200).json();
    let names: Vec<&str> = rows(&page, "people").iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 50, "a page");
    assert_eq!(page::table(&page, "people")["paging"]["total"], 2_000);
    let given = |name: &str| name.rsplit_once(' ').unwrap().1.to_owned();
    let all_before = |first: &str, second: &str| {
        let last = names.iter().rposition(|name| given(name) == first).unwrap();
        names.iter().position(|name| given(name) == second).is_some_and(|at| last < at)
    };
    assert!(all_before("Anh", "Bách") && all_before("Bách", "Bình"), "{names:?}");
    let found = |words: &str| {
        let page = office.clerk.get_json(&format!("{APP}?q={words}")).expect(200).json();
        rows(&page, "people").iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(found("nguyen+thi+lan").contains(&"Nguyễn Thị Lan".to_owned()));
    assert_eq!(found("CB0003"), ["Lê Minh Tuấn"]);
    // The next page goes on without gap or double.
    let next = page::table(&page, "people")["paging"]["next"].as_str().unwrap();
    let after = office.clerk.get_json(next).expect(200).json();
    let addresses = |page: &Value| {
        let rows = page::table(page, "people")["rows"].as_array().unwrap().clone();
        rows.into_iter().map(|row| row["href"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let both: std::collections::HashSet<_> =
        [addresses(&page), addresses(&after)].concat().into_iter().collect();
    assert_eq!(both.len(), 100);
}

#[test]
fn filters_narrow_by_unit_and_all_below_it_sex_age_and_membership_as_of_a_day() {
    let office = Office::open();
    let total = |query: &str| {
        let page = office.clerk.get_json(&format!("{APP}?{query}")).expect(200).json();
        page::table(&page, "people")["paging"]["total"].as_u64().unwrap()
    };
    let headcount = office.clerk.get_json(&format!("{APP}/headcount")).expect(200).json();
    let department = rows(&headcount, "headcount")
        .into_iter()
        .find(|row| row["unit"].as_str().unwrap().contains("Sở Kế hoạch"))
        .unwrap();
    assert_eq!(department["people"], 18);
    assert!(department["own"].as_u64().unwrap() < 18, "divisions have people of their own");
    assert_eq!(total("sex=2") + total("sex=1"), 2_000);
    let bands: u64 =
        ["-30", "31-40", "41-50", "51-60", "61-"].iter().map(|band| total(&format!("age={band}"))).sum();
    assert_eq!(bands, 2_000);
    assert_eq!(total("party=yes") + total("party=no"), 2_000);
    // Nobody was a member before being admitted, and fewer people served earlier.
    let (then, now) = (total("as-of=2005-01-01"), total("as-of=2026-01-01"));
    assert!(0 < then && then < now, "{then} {now}");
    assert_eq!(total("as-of=1980-01-01"), 0);
    // A day as people fill it in, and as it is shown to them.
    assert_eq!(total("as-of=01/01/2005"), then);
    let clerk = office.folder.with_role("personnel.clerk");
    let person = office.server.visitor().sign_in(&clerk.account, &clerk.password);
    let shown = person.get(&format!("{APP}?as-of=2005-01-01")).expect(200).body;
    assert!(shown.contains("value=\"01/01/2005\""), "{shown}");
    assert_eq!(total("as-of=2005-01-01&party=yes") + total("as-of=2005-01-01&party=no"), then);
}

#[test]
fn a_sheet_shows_salary_of_the_day_next_raise_and_retirement() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let page = office.clerk.get_json(&format!("{sheet}?as-of=2026-01-01")).expect(200).json();
    // (3.99 + 0.30) × 2,340,000.
    assert_eq!(fact(&page, "Lương tháng"), 10_038_600);
    assert_eq!(fact(&page, "Nâng lương kế tiếp"), "2027-04-01");
    // A woman born in March 1985 reaches 60 in March 2045.
    assert_eq!(fact(&page, "Nghỉ hưu hết ngày"), "2045-03-31");
    let before = office.clerk.get_json(&format!("{sheet}?as-of=2023-08-01")).expect(200).json();
    // A step lower, (3.66 + 0.30) × 1,800,000.
    assert_eq!(fact(&before, "Lương tháng"), 7_128_000);
    assert_eq!(rows(&page, "salary-steps").last().unwrap()["coefficient"], "3.99");
    let shown = office.clerk.get(&sheet).body;
    assert!(shown.is_empty() || !shown.contains("internal"), "{shown}");
}

#[test]
fn a_raise_is_drafted_by_one_signed_by_another_numbered_and_written_into_record_and_history() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let inputs = json!({ "effective-on": "2026-04-01", "grade": "01.003", "step": 7, "over-frame": null,
                         "content": "Nâng lương trước thời hạn do lập thành tích xuất sắc", "document": "45/TTr-SKHĐT" });
    let drafted = submit(
        &office.clerk,
        &format!("{sheet}/decide/raise"),
        &json!({ "form": "draft", "inputs": inputs }),
    );
    // It waits in the head's inbox, and the clerk cannot sign.
    let inbox = office.head.get_json("/apps/dinh/inbox").expect(200).json().to_string();
    assert!(inbox.contains("Nâng bậc lương: Nguyễn Thị Lan"), "{inbox}");
    let signature = json!({ "form": "sign", "inputs": { "signer-title": "Phó Chánh Văn phòng" } });
    refused(&office.clerk, &drafted, &signature);
    submit(&office.head, &drafted, &signature);
    refused(&office.head, &drafted, &signature);
    let decision = office.clerk.get_json(&drafted).expect(200).json();
    assert_eq!(fact(&decision, "Trạng thái"), "Đã ký");
    assert_eq!(fact(&decision, "Số"), "1/QĐ-VPUBND");
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Bậc lương"), 7);
    assert_eq!(fact(&page, "Hệ số lương"), "4.32");
    let step = rows(&page, "salary-steps").last().copied().unwrap().clone();
    assert_eq!(
        (&step["from"], &step["coefficient"], &step["decision"]),
        (&json!("2026-04-01"), &json!("4.32"), &json!("1/QĐ-VPUBND"))
    );
    // The next number follows without gap.
    let reward = decide(
        &office,
        &sheet,
        "reward",
        &json!({ "effective-on": "2026-05-19", "form": "Giấy khen", "content": null, "document": null }),
    );
    let decision = office.clerk.get_json(&reward).expect(200).json();
    assert_eq!(fact(&decision, "Số"), "2/QĐ-VPUBND");
}

#[test]
fn nobody_signs_what_they_drafted_and_a_step_that_is_none_is_refused_at_its_field() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let inputs = |step: i64, from: &str| json!({ "form": "draft", "inputs": { "effective-on": from, "grade": "01.003", "step": step, "over-frame": null, "content": null, "document": null } });
    let path = format!("{sheet}/decide/raise");
    assert!(refused(&office.clerk, &path, &inputs(12, "2026-04-01")).contains("Ngạch không có bậc này"));
    assert!(refused(&office.clerk, &path, &inputs(6, "2026-04-01")).contains("không cao hơn hiện nay"));
    assert!(refused(&office.clerk, &path, &inputs(7, "2020-01-01")).contains("Ngày hưởng không sau"));
    // The head drafts one, and may not sign it.
    let drafted = submit(&office.head, &path, &inputs(7, "2026-04-01"));
    let signature = json!({ "form": "sign", "inputs": { "signer-title": null } });
    assert!(
        refused(&office.head, &drafted, &signature).contains("Người dự thảo không đồng thời là người ký")
    );
    // Returned, it waits for whoever drafted it.
    let back = json!({ "form": "sign", "button": "return", "inputs": { "reason": "Chưa có tờ trình" } });
    submit(&office.head, &drafted, &back);
    let inbox = office.head.get_json("/apps/dinh/inbox").expect(200).json().to_string();
    assert!(inbox.contains("Quyết định bị trả lại"), "{inbox}");
}

#[test]
fn a_transfer_moves_the_officer_with_all_histories_and_the_past_stays_where_it_was() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let page = office.clerk.get_json(&format!("{sheet}/decide/transfer")).expect(200).json();
    assert_eq!(page["title"], "Quyết định: Điều động");
    let unit = |name: &str| {
        let headcount = office.clerk.get_json(&format!("{APP}/headcount")).expect(200).json();
        let table = page::table(&headcount, "headcount");
        let row =
            table["rows"].as_array().unwrap().iter().find(|row| row.to_string().contains(name)).unwrap();
        let text = row.to_string();
        let id = text.split("unit=").nth(1).unwrap();
        id.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>().unwrap()
    };
    let to = unit("Sở Xây dựng");
    let inputs = json!({ "effective-on": "2026-06-01", "to-unit": to, "position": "Chuyên viên", "content": null, "document": null });
    decide(&office, &sheet, "transfer", &inputs);
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(
        fact(&page, "Đơn vị")["name"].as_str().or(fact(&page, "Đơn vị").as_str()),
        Some("Sở Xây dựng")
    );
    let careers = rows(&page, "careers");
    let last = careers.last().unwrap();
    assert_eq!((&last["from"], &last["agency"]), (&json!("2026-06-01"), &json!("Sở Xây dựng")));
    assert_eq!(careers[careers.len() - 2]["until"], "2026-05-31");
    // Before, the list shows where the officer was.
    let then = office.clerk.get_json(&format!("{APP}?q=CB0001&as-of=2026-05-31")).expect(200).json();
    assert!(rows(&then, "people")[0]["unit"].to_string().contains("Phòng Tổng hợp"), "{then}");
    let now = office.clerk.get_json(&format!("{APP}?q=CB0001")).expect(200).json();
    assert!(rows(&now, "people")[0]["unit"].to_string().contains("Sở Xây dựng"), "{now}");
}

#[test]
fn somebody_is_registered_recruited_and_retired_each_by_a_decision() {
    let office = Office::open();
    let headcount = office.clerk.get_json(&format!("{APP}/headcount")).expect(200).json().to_string();
    let unit: u32 = headcount
        .split("unit=")
        .nth(1)
        .unwrap()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap();
    let inputs = json!({ "code": "CB9100", "full-name": "Lê Thị Mới", "birth-date": "1998-02-03", "sex": "2", "unit": unit, "category": "cong-chuc",
        "citizen-id": "038198000001" });
    let wrong = json!({ "form": "add", "inputs": { "code": "CB9101", "full-name": "Lê Thị Mới", "birth-date": "1998-02-03", "sex": "2", "unit": unit,
        "category": "cong-chuc", "citizen-id": "0381" } });
    assert!(refused(&office.clerk, &format!("{APP}/new"), &wrong).contains("12 chữ số"));
    // Codes are those of the shared catalogs, by name on the sheet.
    let mut no_sex = inputs.clone();
    no_sex["sex"] = "nu".into();
    refused(&office.clerk, &format!("{APP}/new"), &json!({ "form": "add", "inputs": no_sex }));
    let sheet = submit(&office.clerk, &format!("{APP}/new"), &json!({ "form": "add", "inputs": inputs }));
    assert_eq!(fact(&office.clerk.get_json(&sheet).expect(200).json(), "Giới tính"), "Nữ");
    // Not in service yet: no raise before recruitment.
    let raise = json!({ "form": "draft", "inputs": { "effective-on": "2026-04-01", "grade": "01.003", "step": 2, "over-frame": null, "content": null, "document": null } });
    assert!(refused(&office.clerk, &format!("{sheet}/decide/raise"), &raise).contains("Tình trạng hiện nay"));
    let recruit = json!({ "effective-on": "2026-03-01", "to-unit": unit, "position": "Chuyên viên", "grade": "01.003", "step": 1, "content": null, "document": null });
    decide(&office, &sheet, "recruit", &recruit);
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Tình trạng"), "Đang công tác");
    assert_eq!(fact(&page, "Hệ số lương"), "2.34");
    assert_eq!(rows(&page, "careers").len(), 1);
    // Signed ahead, it waits for its day and nothing changes before.
    let retire = json!({ "effective-on": "2060-03-01", "content": null, "document": null });
    let decision = decide(&office, &sheet, "retire", &retire);
    let shown = office.head.get_json(&decision).expect(200).json();
    assert_eq!(fact(&shown, "Trạng thái"), "Đã ký, chờ hiệu lực");
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Tình trạng"), "Đang công tác");
    refused(&office.head, &decision, &json!({ "form": "effect" }));
}

#[test]
fn a_sheet_is_saved_with_its_rows_or_not_at_all() {
    let office = Office::open();
    let sheet = office.sheet("CB0002");
    let edit = format!("{sheet}/edit");
    let page = office.clerk.get_json(&edit).expect(200).json();
    let form = page::find(&page, &|value| value["form"] == "save").unwrap();
    let mut inputs = serde_json::Map::new();
    for field in page::all(&form["groups"], &|value| value["name"].is_string()) {
        inputs.insert(field["name"].as_str().unwrap().to_owned(), field["value"].clone());
    }
    let row = |from: &str, until: &str| json!({ "inputs": { "school": "Học viện Hành chính Quốc gia", "specialty": "Chuyên viên chính", "from": from, "until": until, "mode": null, "degree": "Chứng chỉ" } });
    let body = |inputs: &serde_json::Map<String, Value>, row: Value| json!({ "form": "save", "inputs": inputs, "children": { "trainings": [row] } });
    // A row out of order: neither the row nor the field beside it is saved.
    inputs.insert("forte".into(), json!("Soạn thảo văn bản"));
    let said = refused(&office.clerk, &edit, &body(&inputs, row("2025-03-01", "2024-03-01")));
    assert!(said.contains("ngày kết thúc trước ngày bắt đầu"), "{said}");
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Sở trường công tác"), &Value::Null);
    submit(&office.clerk, &edit, &body(&inputs, row("2025-03-01", "2025-05-30")));
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&page, "Sở trường công tác"), "Soạn thảo văn bản");
    let trainings = rows(&page, "trainings");
    assert_eq!(trainings.len(), 1, "rows that did not come back are gone");
    assert_eq!(trainings[0]["specialty"], "Chuyên viên chính");
}

#[test]
fn due_lists_name_who_is_due_and_drafts_are_made_for_those_selected() {
    let office = Office::open();
    let list = |name: &str, until: &str| {
        let page = office.clerk.get_json(&format!("{APP}/due/{name}?as-of={until}")).expect(200).json();
        page::table(&page, "due")["rows"].as_array().unwrap().clone()
    };
    let raises = list("raise", "2027-06-30");
    let lan = raises.iter().find(|row| row["cells"]["code"] == "CB0001").expect("due on 1 April 2027");
    assert_eq!(lan["cells"]["day"], "2027-04-01");
    assert!(lan["cells"]["said"].as_str().unwrap().contains("bậc 7 (4,32)"), "{lan}");
    assert!(list("raise", "2027-03-31").iter().all(|row| row["cells"]["code"] != "CB0001"));
    // A man born in June 1965 reaches 61 years and 6 months in December 2026.
    let retirements = list("retirement", "2026-12-31");
    let man = retirements.iter().find(|row| row["cells"]["birth-date"] == "1965-06-11").expect("due");
    assert_eq!(man["cells"]["day"], "2026-12-31");
    assert!(!list("appointment", "2027-06-30").is_empty());
    assert!(!list("papers", "2027-06-30").is_empty());
    // Drafts of the rules' own answer, waiting for the signature; twice is refused.
    let path = format!("{APP}/due/raise?as-of=2027-06-30");
    let body = json!({ "form": "draft", "selected": [lan["key"]], "confirmed": "yes" });
    submit(&office.clerk, &path, &body);
    let waiting = office.head.get_json(&format!("{APP}/decisions?state=submitted")).expect(200).json();
    assert_eq!(rows(&waiting, "decisions")[0]["title"], "Nâng bậc lương: Nguyễn Thị Lan");
    assert!(refused(&office.clerk, &path, &body).contains("đã có quyết định cùng loại"));
}

#[test]
fn reports_count_everybody_once_as_of_any_day() {
    let office = Office::open();
    for by in ["unit", "grade", "age", "sex", "education", "ethnic", "category"] {
        for day in ["2026-11-01", "2015-07-01"] {
            let page =
                office.clerk.get_json(&format!("{APP}/reports?by={by}&as-of={day}")).expect(200).json();
            let rows = rows(&page, "report");
            let number = |row: &Value| row["all"].as_u64().unwrap();
            let (total, parts) = rows.split_last().unwrap();
            assert_eq!(number(total), parts.iter().map(|row| number(row)).sum::<u64>(), "{by} {day}");
        }
    }
    // Today: whoever is generated serves on the day on which the demo is made.
    let page = office.clerk.get_json(&format!("{APP}/reports")).expect(200).json();
    let shown = rows(&page, "report");
    let total = shown.last().unwrap();
    assert_eq!(
        (total["all"].as_u64(), total["women"].as_u64(), total["minority"].as_u64()),
        (Some(2_000), Some(933), Some(501))
    );
    assert_eq!(total["education-tien-si"], 26);
    // Groups come in the order of the catalog, under its names.
    let page = office.clerk.get_json(&format!("{APP}/reports?by=ethnic&as-of=2026-11-01")).expect(200).json();
    let groups: Vec<_> = rows(&page, "report").iter().map(|row| row["row"].clone()).collect();
    assert_eq!(groups[..2], ["Kinh", "Thái"]);
}

#[test]
fn an_officer_sees_the_own_record_only_and_a_correction_takes_clerk_and_head() {
    let office = Office::open();
    let officer = office.person("nguyenthilan-skhdt");
    let own = officer.get_json(&format!("{APP}/own")).expect(200).json();
    assert_eq!(fact(&own, "Họ và tên khai sinh"), "Nguyễn Thị Lan");
    assert_eq!(fact(&own, "Lương tháng"), 10_038_600);
    // Lists are closed, and other sheets are not there.
    officer.get_json(APP).expect(403);
    let other = office.sheet("CB0002");
    officer.get_json(&other).expect(404);
    let ask = |field: &str, after: &str| json!({ "form": "correct", "inputs": { "field": field, "after": after, "reason": "Theo giấy khai sinh" } });
    let path = format!("{APP}/own");
    assert!(refused(&officer, &path, &ask("birth-date", "1985-03-09")).contains("ngày/tháng/năm"));
    assert!(refused(&officer, &path, &ask("birth-date", "08/03/1985")).contains("đã ghi như vậy"));
    assert!(refused(&officer, &path, &ask("ethnic-group", "kinh")).contains("đã ghi như vậy"));
    assert!(
        refused(&officer, &path, &ask("ethnic-group", "Klingon")).contains("Danh mục dùng chung không có")
    );
    submit(&officer, &path, &ask("birth-date", "09/03/1985"));
    let list = office.clerk.get_json(&format!("{APP}/corrections")).expect(200).json();
    let request = page::table(&list, "corrections")["rows"][0]["href"].as_str().unwrap().to_owned();
    let deal = json!({ "form": "deal", "inputs": { "note": "Đúng với giấy khai sinh" } });
    refused(&office.head, &request, &deal);
    submit(&office.clerk, &request, &deal);
    refused(&office.clerk, &request, &deal);
    let sheet = office.sheet("CB0001");
    let before = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&before, "Ngày sinh"), "1985-03-08", "nothing changes before the head approves");
    submit(&office.head, &request, &deal);
    let after = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(fact(&after, "Ngày sinh"), "1985-03-09");
}

#[test]
fn an_officer_does_not_read_what_is_being_written_about_them_until_it_is_signed() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let officer = office.person("nguyenthilan-skhdt");
    let inputs = json!({ "effective-on": "2026-05-05", "form": "khien-trach", "until": null, "delay-months": null,
                         "content": "Chậm xử lý hồ sơ", "document": null });
    let drafted = submit(
        &office.clerk,
        &format!("{sheet}/decide/discipline"),
        &json!({ "form": "draft", "inputs": inputs }),
    );
    officer.get_json(&drafted).expect(403);
    for page in [format!("{APP}/own"), sheet.clone()] {
        let shown = officer.get(&page).expect(200).body;
        assert!(!shown.contains("Chậm xử lý hồ sơ"), "{page}");
    }
    submit(&office.head, &drafted, &json!({ "form": "sign", "inputs": { "signer-title": null } }));
    let own = officer.get_json(&format!("{APP}/own")).expect(200).json();
    let measure = rows(&own, "disciplines")[0];
    // A reprimand puts the raise off by three months, as the parameters say.
    assert_eq!((&measure["form"], &measure["delay-months"]), (&json!("Khiển trách"), &json!(3)));
    assert_eq!(fact(&own, "Nâng lương kế tiếp"), "2027-07-01");
}

#[test]
fn nobody_writes_the_own_record_and_an_account_is_tied_to_it_by_the_clerk() {
    let office = Office::open();
    let edit = |sheet: &str, change: &[(&str, Value)]| {
        let path = format!("{sheet}/edit");
        let page = office.clerk.get_json(&path).expect(200).json();
        let form = page::find(&page, &|value| value["form"] == "save").unwrap();
        let mut inputs = serde_json::Map::new();
        for field in page::all(&form["groups"], &|value| value["name"].is_string()) {
            inputs.insert(field["name"].as_str().unwrap().to_owned(), field["value"].clone());
        }
        inputs.extend(change.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        (path, json!({ "form": "save", "inputs": inputs }))
    };
    // The clerk's own record.
    let (path, body) = edit(&office.sheet("CB0005"), &[("forte", json!("Tin học"))]);
    assert!(refused(&office.clerk, &path, &body).contains("Không tự sửa hồ sơ"));
    // Another officer's: who holds the account sees the record from then on, and its rows.
    let lan = office.sheet("CB0001");
    let (path, _) = edit(&lan, &[]);
    let page = office.clerk.get_json(&path).expect(200).json();
    let account = page::find(&page, &|value| value["name"] == "account").unwrap()["value"].clone();
    assert!(!account.is_null(), "{page}");
    let (path, body) = edit(&lan, &[("account", Value::Null)]);
    submit(&office.clerk, &path, &body);
    let officer = office.person("nguyenthilan-skhdt");
    assert!(officer.get(&format!("{APP}/own")).expect(200).body.contains("Chưa có hồ sơ"));
    let other = office.sheet("CB0010");
    let rows_before = office.clerk.get_json(&other).expect(200).json();
    let (path, mut body) = edit(&other, &[("account", account)]);
    body["children"] = json!({ "trainings": [{ "inputs": { "school": "Học viện Hành chính Quốc gia", "specialty": null, "from": "2020-01-05", "until": null, "mode": null, "degree": null } }] });
    submit(&office.clerk, &path, &body);
    let own = officer.get_json(&format!("{APP}/own")).expect(200).json();
    assert_eq!(fact(&own, "Số hiệu cán bộ"), "CB0010");
    assert_eq!(rows(&own, "trainings").len(), 1);
    assert_ne!(fact(&rows_before, "Họ và tên khai sinh"), "Nguyễn Thị Lan");
}

#[test]
fn an_import_names_every_wrong_line_before_anything_is_written_and_updates_who_is_known() {
    let office = Office::open();
    let clerk = office.folder.with_role("personnel.clerk");
    let clerk = office.server.visitor().sign_in(&clerk.account, &clerk.password);
    let path = format!("{APP}/import");
    let file = "Số hiệu;Họ và tên;Ngày sinh;Giới tính;Đơn vị;Số căn cước công dân;Ngày vào Đảng;Ngày chính thức\n\
                CB9200;Đỗ Thị Thử;05/06/1990;Nữ;sxd;038190000001;;\n\
                CB9201;Đỗ Văn Sai;05/06/1990;Nam;Sở Không Có;038090000002;;\n\
                CB9202;Đỗ Văn Ngắn;05/06/1990;Nam;sxd;0380900;;\n\
                CB9203;Đỗ Văn Ngược;05/06/1990;Nam;sxd;038090000004;03/02/2015;03/02/2014\n\
                CB9200;Đỗ Thị Lặp;05/06/1990;Nữ;sxd;038190000009;;\n\
                CB0001;Nguyễn Thị Lan;08/03/1985;Nữ;skhdt-thqh;038185000777;03/02/2010;03/02/2011\n";
    let preview = clerk.submit_file(&path, "people", "can-bo.csv", file.as_bytes());
    let preview = clerk.get(preview.location()).expect(200).body;
    for said in [
        "Thêm 1 hồ sơ, cập nhật 1 hồ sơ; 4 dòng sai.",
        "Không có đơn vị “Sở Không Có”",
        "không đủ 12 chữ số",
        "Ngày chính thức trước ngày vào Đảng",
        "đã có ở dòng trên",
    ] {
        assert!(preview.contains(said), "{said}: {preview}");
    }
    let total = || {
        let page = office.clerk.get_json(APP).expect(200).json();
        page::table(&page, "people")["paging"]["total"].as_u64().unwrap()
    };
    assert_eq!(total(), 2_000, "a preview imports nothing");
    let form = page::form(&preview, |form| form.value("sheet").is_some());
    let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain([("rows", "good")]).collect();
    assert_eq!(clerk.post(&form.action, &fields).status, 303);
    assert_eq!(total(), 2_001);
    let page = office.clerk.get_json(&office.sheet("CB0001")).expect(200).json();
    assert_eq!(fact(&page, "Số căn cước công dân"), "038185000777");
    assert_eq!(fact(&page, "Hệ số lương"), "3.99", "what the file has no column for stays");
}

#[test]
fn quotas_are_set_from_a_day_on_and_whoever_sets_them_does_not_see_officers() {
    let office = Office::open();
    let steward = office.folder.with_role("personnel.steward");
    let steward = office.server.visitor().program(&steward.account, &steward.password);
    let quota = |program: &Visitor, day: &str| {
        let page = program.get_json(&format!("{APP}/headcount?as-of={day}")).expect(200).json();
        let row = rows(&page, "headcount")
            .into_iter()
            .find(|row| row["unit"].as_str().unwrap().ends_with("Sở Xây dựng"))
            .cloned();
        row.map_or(Value::Null, |row| row["posts"].clone())
    };
    assert_eq!((quota(&steward, "2025-12-31"), quota(&steward, "2026-01-01")), (Value::Null, json!(5)));
    let headcount = office.clerk.get_json(&format!("{APP}/headcount")).expect(200).json();
    let row = page::find(&headcount, &|value| {
        value["cells"]["unit"].as_str().is_some_and(|unit| unit.ends_with("Sở Xây dựng"))
    })
    .unwrap();
    let text = row.to_string();
    let unit: u32 = text
        .split("unit=")
        .nth(1)
        .unwrap()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap();
    let set = json!({ "form": "set", "inputs": { "unit": unit, "from": "2026-07-01", "posts": 8, "source": "Quyết định giao biên chế" } });
    refused(&office.clerk, &format!("{APP}/headcount"), &set);
    submit(&steward, &format!("{APP}/headcount"), &set);
    assert_eq!(
        (quota(&office.clerk, "2026-06-30"), quota(&office.clerk, "2026-07-01")),
        (json!(5), json!(8))
    );
    steward.get_json(APP).expect(403);
    let page = steward.get_json(&format!("{APP}/headcount")).expect(200).json();
    assert!(rows(&page, "headcount")[0].get("people").is_none(), "{page}");
}
