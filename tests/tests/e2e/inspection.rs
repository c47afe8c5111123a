//! Kiểm tra, giám sát, kỷ luật: a case from its opening to its end, who may not see it, who denounced, what is shared.

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::programs::run_on;
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;
use serde_json::{Value, json};

const APP: &str = "/apps/inspection";

/// The demo with those who deal with cases, as programs.
struct Committee {
    folder: Folder,
    server: Server,
    head: Visitor,
    officer: Visitor,
    intake: Visitor,
}

impl Committee {
    fn open() -> Self {
        let folder = Folder::demo();
        let server = Server::start(folder.path());
        let program = |role: &str| {
            let account = folder.with_role(role);
            server.visitor().program(&account.account, &account.password)
        };
        let head = program("inspection.head");
        let (officer, intake) = (program("inspection.officer"), program("inspection.intake"));
        Self { folder, server, head, officer, intake }
    }

    fn with_role(&self, role: &str) -> Visitor {
        let account = self.folder.with_role(role);
        self.server.visitor().program(&account.account, &account.password)
    }
}

/// The rows of a list.
fn rows(program: &Visitor, path: &str, table: &str) -> Vec<Value> {
    let page = program.get_json(path).expect(200).json();
    page::table(&page, table)["rows"].as_array().unwrap().clone()
}

/// Submits a form; where the answer leads.
fn submit(program: &Visitor, path: &str, form: &str, inputs: Value) -> String {
    let answer = program.post_json(path, &json!({ "form": form, "inputs": inputs }));
    assert!((200..400).contains(&answer.status), "{path} {form}: {answer:?}");
    match answer.header("location") {
        "" => answer.json()["location"].as_str().unwrap_or_default().to_owned(),
        location => location.split('?').next().unwrap_or_default().to_owned(),
    }
}

/// What a form was refused for.
fn refused(program: &Visitor, path: &str, form: &str, inputs: Value) -> String {
    let answer = program.post_json(path, &json!({ "form": form, "inputs": inputs }));
    assert!((400..500).contains(&answer.status), "{path} {form}: {answer:?}");
    answer.body
}

/// The day on which the server runs, from a form that begins with it.
fn today(program: &Visitor) -> String {
    let page = program.get_json(&format!("{APP}/new/thematic")).expect(200).json();
    let field = page::find(&page, &|value| value["name"] == "opened-on").unwrap();
    field["value"].as_str().unwrap().to_owned()
}

fn opened(committee: &Committee, kind: &str, title: &str, officer: &str) -> String {
    let inputs = json!({
        "title": title, "opened-on": today(&committee.head), "level": "base", "content": "law",
        "subject": "member", "officer": officer,
    });
    submit(&committee.head, &format!("{APP}/new/{kind}"), "open", inputs)
}

#[test]
fn a_case_goes_through_its_steps_with_documents_waivers_suspension_and_a_conclusion() {
    let committee = Committee::open();
    let (head, officer) = (&committee.head, &committee.officer);
    let case = opened(&committee, "thematic", "Kiểm tra chuyên đề về đầu tư công", "CB0043");
    let page = officer.get_json(&case).expect(200);
    // The name is personnel's: shown, and nowhere in what is kept here.
    assert!(page.body.contains("Cao Văn Lâm"), "{}", page.body);
    assert_eq!(page.json()["label"], "confidential");
    // How they stand with dues is party finance's to say.
    let collector = committee.with_role("party-finance.collector");
    let ledger = collector.get_json("/apps/party-finance").expect(200).json();
    let assess = page::find(&ledger, &|value| value["form"] == "assess").unwrap()["inputs"].clone();
    submit(&collector, "/apps/party-finance", "assess", assess);
    let unpaid = officer.get_json(&case).expect(200).json();
    let unpaid = page::find(&unpaid, &|fact| fact["label"] == "Số tháng chưa đóng đảng phí").unwrap();
    assert_eq!(unpaid["value"], 1, "{unpaid}");
    assert!(refused(officer, &case, "close", json!({})).contains("Kế hoạch"));
    let day = today(head);
    for paper in ["ke-hoach", "lich", "de-cuong"] {
        submit(officer, &case, "document", json!({ "paper": paper, "number": "12-KH/UBKTTU", "dated": day }));
    }
    submit(officer, &case, "close", json!({}));
    // An officer may not let documents lack; the head may, and says why.
    let lacks = officer.post_json(&case, &json!({ "form": "close", "inputs": { "reason": "x" } }));
    assert!((400..500).contains(&lacks.status), "{lacks:?}");
    submit(head, &case, "suspend", json!({ "reason": "Chờ kết luận của cơ quan điều tra" }));
    assert!(!officer.get_json(&case).expect(200).body.contains("\"close\""));
    submit(head, &case, "resume", json!({ "reason": "Đã có kết luận" }));
    submit(head, &case, "extend", json!({ "days": "5", "reason": "Nội dung phức tạp" }));
    for _ in 0..5 {
        submit(head, &case, "close", json!({ "reason": "Lưu ở hồ sơ của cấp dưới" }));
    }
    let early = refused(head, &case, "close", json!({ "reason": "Lưu ở hồ sơ của cấp dưới" }));
    assert!(early.contains("Chưa có kết luận"), "{early}");
    submit(head, &case, "conclude", json!({ "conclusion": "good", "concluded-on": day, "findings": "Đạt" }));
    submit(head, &case, "close", json!({ "reason": "Lưu ở hồ sơ của cấp dưới" }));
    let done = officer.get_json(&case).expect(200).body;
    for said in
        ["Đã kết thúc", "Tạm đình chỉ", "Gia hạn", "Chờ kết luận của cơ quan điều tra", "Thực hiện tốt"]
    {
        assert!(done.contains(said), "{said}: {done}");
    }
    // The statistics count it, and lead to it.
    let statistics = officer.get_json(&format!("{APP}/statistics?kind=thematic")).expect(200).json();
    let lead =
        page::all(&statistics, &|value| value["href"].as_str().is_some_and(|to| to.contains("content=law")));
    let to = lead.iter().map(|cell| cell["href"].as_str().unwrap()).find(|to| to.contains("conclusion=good"));
    let found = rows(officer, to.expect("a figure that leads to its dossiers"), "dossiers");
    assert!(found.iter().any(|row| row.to_string().contains("đầu tư công")), "{found:?}");
}

#[test]
fn the_subject_of_a_case_does_not_see_it_whatever_they_are_granted() {
    let committee = Committee::open();
    let (all, own) = (rows(&committee.head, APP, "dossiers"), rows(&committee.officer, APP, "dossiers"));
    assert_eq!((all.len(), own.len()), (30, 29), "the officer is the subject of one");
    let hidden: Vec<&Value> =
        all.iter().filter(|row| !own.iter().any(|it| it["href"] == row["href"])).collect();
    let case = hidden[0]["href"].as_str().unwrap();
    committee.head.get_json(case).expect(200);
    committee.officer.get_json(case).expect(404);
    committee.officer.get_json(&format!("{case}/team")).expect(404);
    let id = case.rsplit('/').next().unwrap();
    assert!(!committee.officer.get_json("/api/v1/inbox").body.contains(id));
    let written = committee.officer.post_json(case, &json!({ "form": "close", "inputs": {} }));
    assert_eq!(written.status, 404, "{written:?}");
    // Nor does the matrix count it for them: not even that it is.
    let total = |program: &Visitor| {
        let rows = rows(program, &format!("{APP}/due"), "overdue").len();
        (
            rows,
            page::table(&program.get_json(&format!("{APP}/statistics")).expect(200).json(), "matrix")
                .to_string(),
        )
    };
    assert_ne!(total(&committee.head).1, total(&committee.officer).1);
    // Whoever has opened it is told by the evidence.
    let login = committee.folder.with_role("inspection.head").account;
    let seen = format!("inspection/dossiers/{id}");
    let seen = run_on(committee.folder.path(), &["audit", "seen", &seen, "--as", &login]);
    assert!(seen.out.contains(&login), "{seen:?}");
    let officer = committee.folder.with_role("inspection.officer").account;
    assert!(!seen.out.contains(&officer), "{seen:?}");
}

#[test]
fn who_denounced_is_seen_only_by_those_entrusted_and_relatives_stay_out_of_a_case() {
    let committee = Committee::open();
    let (head, officer, intake) = (&committee.head, &committee.officer, &committee.intake);
    let denounced = {
        let inputs = json!({
            "title": "Tố cáo việc cấp phép", "opened-on": today(intake), "level": "base", "content": "law",
            "subject": "member", "officer": "CB0054",
        });
        submit(intake, &format!("{APP}/new/denunciation"), "open", inputs)
    };
    assert!(denounced.contains("/denouncers/"), "{denounced}");
    let who = json!({
        "name": "Lê Thị Bí Mật", "channel": "handed", "received-on": today(intake), "protected": true,
        "address": "Phường Hạc Thành",
    });
    submit(intake, &denounced, "register", who);
    assert!(head.get_json(&denounced).expect(200).body.contains("Lê Thị Bí Mật"));
    let case = denounced.replace("/denouncers/", "/dossiers/");
    let shown = officer.get_json(&case).expect(200).body;
    assert!(!shown.contains("Lê Thị Bí Mật") && !shown.contains("denouncers"), "{shown}");
    officer.get_json(&denounced).expect(403);

    // CB0051 is a cousin of the subject, by the family table of personnel; CB0050 is not.
    let team = format!("{case}/team");
    let ask = |number: &str| head.get_json(&format!("{team}?officer={number}")).expect(200).body;
    assert!(ask("CB0051").contains("Người này phải từ chối tham gia"), "{}", ask("CB0051"));
    assert!(ask("CB0050").contains("không ghi quan hệ gia đình"));
    assert!(!ask("CB0051").contains("Chị họ"), "yes or no, and nothing else");
    let cousin = refused(head, &team, "join", json!({ "officer": "CB0051", "role": "member" }));
    assert!(cousin.contains("quan hệ gia đình"), "{cousin}");
    submit(head, &team, "join", json!({ "officer": "CB0050", "role": "lead" }));
    assert!(officer.get_json(&team).expect(200).body.contains("Hoàng Thị Khuyên"));
}

#[test]
fn discipline_is_decided_within_its_limitation_shown_on_the_record_sheet_and_complained_against() {
    let committee = Committee::open();
    let head = &committee.head;
    let case = opened(&committee, "discipline", "Thi hành kỷ luật đảng viên", "CB0037");
    let place = format!("{case}/discipline");
    let day = today(head);
    let decision = |form: &str, violated: &str| json!({ "form": form, "level": "province", "number": "77-QĐ/UBKTTU", "violated-on": violated, "decided-on": day });
    assert!(refused(head, &place, "decide", decision("reprimand", "2026-01-05")).contains("biểu quyết"));
    let ballot = |form: &str, in_favour: u8, against: u8| {
        json!({ "purpose": "decide", "form": form, "held-on": day, "eligible": "9", "cast": "9",
            "in-favour": in_favour.to_string(), "against": against.to_string(), "invalid": "0" })
    };
    assert!(refused(head, &place, "ballot", ballot("reprimand", 7, 3)).contains("cộng lại"));
    submit(head, &place, "ballot", ballot("reprimand", 7, 2));
    let late = refused(head, &place, "decide", decision("reprimand", "2015-01-05"));
    assert!(late.contains("hết thời hiệu"), "{late}");
    submit(head, &place, "decide", decision("reprimand", "2026-01-05"));

    // It shows on the record sheet to whoever may see Mật, under the contract, and to nobody else.
    let sheet = |program: &Visitor| {
        let found = rows(program, "/apps/personnel?q=CB0037", "people");
        program.get_json(found[0]["href"].as_str().unwrap()).expect(200).body
    };
    let director = sheet(&committee.with_role("personnel.head"));
    assert!(director.contains("77-QĐ/UBKTTU"), "{director}");
    assert!(!sheet(&committee.with_role("personnel.clerk")).contains("77-QĐ/UBKTTU"));

    // A complaint within its clock becomes a case with a day by which it is answered; a late one does not.
    let complaint = |lodged: &str| {
        json!({ "title": "Khiếu nại kỷ luật", "opened-on": day, "level": "base", "content": "other",
            "decision": "77-QĐ/UBKTTU", "lodged-on": lodged })
    };
    let path = format!("{APP}/new/complaint");
    assert!(refused(head, &path, "open", complaint("2020-01-01")).contains("thời hạn khiếu nại"));
    let complained = submit(head, &path, "open", complaint(&day));
    assert!(head.get_json(&complained).expect(200).body.contains("Hạn giải quyết khiếu nại"));
    let measures = rows(head, &format!("{APP}/discipline"), "measures");
    let decided = measures.iter().find(|row| row.to_string().contains("77-QĐ/UBKTTU")).unwrap();
    let decided = decided["href"].as_str().unwrap();
    submit(head, decided, "revoke", json!({ "reason": "Quyết định giải quyết khiếu nại số 5" }));
    assert!(!sheet(&committee.with_role("personnel.head")).contains("77-QĐ/UBKTTU"), "it no longer stands");
}

/// A page without what differs from day to day and from house to house.
fn masked(page: &Value) -> Value {
    match page {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| match name.as_str() {
                "csrf" | "shown" => (name.clone(), json!("…")),
                _ => (name.clone(), masked(value)),
            })
            .collect(),
        Value::Array(values) => values.iter().map(masked).collect(),
        Value::String(text) => json!(masked_text(text)),
        other => other.clone(),
    }
}

fn masked_text(text: &str) -> String {
    let part = |part: &str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let hyphens = part.bytes().filter(|byte| *byte == b'-').count();
        match (part.len(), digits, hyphens) {
            (36, _, 4) => "ID".to_owned(),
            (10, 8, 2) => "DAY".to_owned(),
            (20.., 14.., 2) if part.ends_with('Z') => "MOMENT".to_owned(),
            (1..=4, all, 0) if all == part.len() => "N".to_owned(),
            _ => part.to_owned(),
        }
    };
    let parts = text.split_inclusive(['/', ' ', '?', '=', '&']).map(|piece| {
        let end = piece.trim_end_matches(['/', ' ', '?', '=', '&']);
        format!("{}{}", part(end), &piece[end.len()..])
    });
    parts.collect()
}

#[test]
fn the_pages_of_a_case_are_those_of_the_reviewed_files() {
    let committee = Committee::open();
    let head = &committee.head;
    let case = opened(&committee, "discipline", "Thi hành kỷ luật đảng viên", "CB0037");
    let ballot = json!({ "purpose": "propose", "form": "warning", "held-on": today(head), "eligible": "9",
        "cast": "9", "in-favour": "4", "against": "5", "invalid": "0" });
    submit(head, &format!("{case}/discipline"), "ballot", ballot);
    for (name, path) in [
        ("dossier", case.clone()),
        ("discipline", format!("{case}/discipline")),
        ("team", format!("{case}/team")),
        ("template", format!("{case}/templates/quyet-dinh-ky-luat")),
        ("new-complaint", format!("{APP}/new/complaint")),
        ("settings", format!("{APP}/catalogs/settings")),
    ] {
        let page = head.get_json(&path).expect(200).json();
        insta::assert_snapshot!(name, serde_json::to_string_pretty(&masked(&page)).unwrap());
    }
}

/// Links an officer of personnel to an account, as the clerk's import does.
fn linked(committee: &Committee, officer: &str, login: &str) {
    let clerk = committee.with_role("personnel.clerk");
    let people =
        std::fs::read_to_string(dinh_tests::programs::plugins().join("personnel/people.csv")).unwrap();
    let line = people.lines().find(|line| line.starts_with(officer)).unwrap();
    let table = format!("{}\n{line}{login}\n", people.lines().next().unwrap());
    let path = "/apps/personnel/import";
    let preview = clerk.upload(path, &[("form", "people")], "file", "people.csv", table.as_bytes());
    let sheet = preview.location().split(['?', '&']).find_map(|pair| pair.strip_prefix("sheet="));
    let sheet = sheet.unwrap_or_else(|| panic!("{preview:?}"));
    let done = clerk.post(path, &[("form", "people"), ("sheet", sheet), ("rows", "all")]);
    assert!((300..400).contains(&done.status), "{done:?}");
}

#[test]
fn a_subject_who_is_given_an_account_later_does_not_see_the_case_either() {
    let committee = Committee::open();
    let case = opened(&committee, "signs", "Kiểm tra dấu hiệu vi phạm", "CB0037");
    // Somebody whom personnel does not know yet, who comes to work for the committee.
    let newcomer = committee.folder.outsider();
    let operator = |words: &[&str]| {
        let words = [words, &["--as-operator", "--reason", "thử"]].concat();
        let done = run_on(committee.folder.path(), &words);
        assert_eq!(done.code, Some(0), "{done:?}");
    };
    operator(&["account", "clear", &newcomer.account, "--clearance", "confidential"]);
    for (role, unit, label) in [
        ("inspection.officer", "ubkttu", "confidential"),
        ("inspection.lookup", "tinh", "ordinary"),
        ("inspection.staff", "ubkttu", "ordinary"),
    ] {
        let to = newcomer.account.as_str();
        operator(&["grant", "give", "--to", to, "--role", role, "--unit", unit, "--label", label]);
    }
    let program = committee.server.visitor().program(&newcomer.account, &newcomer.password);
    program.get_json(&case).expect(200);
    linked(&committee, "CB0037", &newcomer.account);
    // At once by the page, and for good, by the host, once anybody else has touched the case.
    program.get_json(&case).expect(404);
    submit(&committee.head, &case, "withhold", json!({}));
    let listed = rows(&program, APP, "dossiers");
    assert!(listed.iter().all(|row| row["href"] != case.as_str()), "{listed:?}");
    assert!(refused(&program, &case, "document", json!({})).contains("404"));
    committee.head.get_json(&case).expect(200);
}
