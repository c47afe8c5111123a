//! Two departments share data: the demo's party finance reads personnel's members by contract, until it ends.

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::patience::until;
use dinh_tests::programs::run_on;
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;
use serde_json::{Value, json};

const ASKS: &str = "leminhtuan-vpubnd";
const STEWARD: &str = "hoangthimai-vpubnd";

#[test]
fn a_contract_is_read_under_ended_by_command_and_agreed_to_anew() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let collector = folder.with_role("party-finance.collector");
    let ledger = || {
        let program = server.visitor().program(&collector.account, &collector.password);
        program.get_json("/apps/party-finance").expect(200).body
    };
    assert!(ledger().contains("Lương Thị Mỹ Duyên"), "{}", ledger());

    // A member is picked by name, of what the contract gives, and their account opens.
    let program = server.visitor().program(&collector.account, &collector.password);
    let found =
        program.get_json("/apps/party-finance?pick=find/member&words=luong+my+duyen").expect(200).json();
    let member = &found["candidates"][0];
    assert_eq!(member["text"], "Lương Thị Mỹ Duyên", "{found}");
    let opened =
        program.get_json(&format!("/apps/party-finance/members/{}", member["value"].as_str().unwrap()));
    assert!(opened.expect(200).body.contains("Lương Thị Mỹ Duyên"));

    let share = |login: &str, words: &[&str]| {
        let words: Vec<&str> =
            ["share"].iter().chain(words).chain(&["--as", login, "--json"]).copied().collect();
        run_on(folder.path(), &words)
    };
    let all = share(STEWARD, &["list"]).json();
    let dues = all.as_array().unwrap().iter().find(|it| it["consumer"] == "party-finance/members").unwrap();
    let number = dues["contract"].to_string();
    let contract = share(STEWARD, &["show", &number]).json();
    assert_eq!(
        (contract["dataset"].as_str(), contract["standing"].as_str()),
        (Some("personnel/members"), Some("active"))
    );
    share(STEWARD, &["revoke", &number, "--reason", "rà soát"]).json();
    let ended = ledger();
    assert!(
        !ended.contains("Lương Thị Mỹ Duyên") && ended.contains(&format!("Thoả thuận chia sẻ số {number}")),
        "{ended}"
    );

    let asked = share(ASKS, &["request", "party-finance/members"]).json();
    let again = asked["contract"].to_string();
    assert_ne!(again, number);
    let inbox =
        |login: &str| run_on(folder.path(), &["inbox", "--as", login, "--json"]).json()["tasks"].clone();
    assert_eq!(inbox(STEWARD)[0]["task"], format!("decide contract {again}"));
    assert_eq!(inbox(ASKS).as_array().unwrap().len(), 0, "whoever asked does not decide");
    let own = share(ASKS, &["approve", &again]);
    assert!(!own.refusal().is_empty(), "whoever asked does not agree");
    share(STEWARD, &["approve", &again, "--units", "tinhuy", "--rows-a-day", "10000"]).json();
    assert!(ledger().contains("Lương Thị Mỹ Duyên"));

    // Who has seen a member, by the log alone.
    let reads =
        ["audit", "list", "--account", &collector.account, "--action", "dataset.read", "--limit", "1000"];
    let reads = run_on(folder.path(), &[&reads[..], &["--as", STEWARD, "--json"]].concat()).json();
    let under = |it: &&Value| it["entry"]["subject"] == format!("contract:{again}");
    let read = reads.as_array().unwrap().iter().find(under).unwrap_or_else(|| panic!("{reads}"));
    let record = read["entry"]["records"][0].as_str().unwrap();
    let seen = format!("personnel/people/{record}");
    let seen = run_on(folder.path(), &["audit", "seen", &seen, "--as", STEWARD]);
    assert!(seen.out.contains(&collector.account) && seen.out.contains("shared"), "{seen:?}");
}

#[test]
fn a_raise_signed_by_personnel_waits_for_the_collector_of_dues_once_also_when_the_host_is_killed_after_it() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let program = |server: &Server, role: &str| {
        let account = folder.with_role(role);
        server.visitor().program(&account.account, &account.password)
    };
    let (clerk, head) = (program(&server, "personnel.clerk"), program(&server, "personnel.head"));
    let submit = |visitor: &Visitor, path: &str, body: Value| {
        let answer = visitor.post_json(path, &body);
        assert!((200..400).contains(&answer.status), "{path} {body}: {answer:?}");
        answer.header("location").split('#').next().unwrap().to_owned()
    };
    let found = clerk.get_json("/apps/personnel?q=luong+thi+my+duyen").expect(200).json();
    let sheet = page::table(&found, "people")["rows"][0]["href"].as_str().unwrap().to_owned();
    let raise = json!({ "effective-on": "2026-04-01", "grade": "01.002", "step": 3, "over-frame": null,
                        "content": null, "document": null });
    let body = json!({ "form": "draft", "inputs": raise });
    let drafted = submit(&clerk, &format!("{sheet}/decide/raise"), body);
    submit(&head, &drafted, json!({ "form": "sign", "inputs": { "signer-title": "Phó Chánh Văn phòng" } }));
    server.kill();

    let server = Server::start(folder.path());
    let collector = program(&server, "party-finance.collector");
    let waiting = || {
        let page = collector.get_json("/apps/party-finance/changes").expect(200).json();
        let rows = page::table(&page, "changes")["rows"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| row["cells"].clone())
            .filter(|it| it["change"].to_string().contains("hệ số lương"))
            .collect::<Vec<_>>()
    };
    assert!(until(|| !waiting().is_empty()), "{:?}", collector.get_json("/apps/party-finance/changes"));
    let waiting = waiting();
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert!(waiting[0].to_string().contains("Lương Thị Mỹ Duyên"), "{waiting:?}");
    let inbox = collector.get_json("/apps/dinh/inbox").expect(200).body;
    assert!(inbox.contains("Biến động đảng viên cần rà soát"), "{inbox}");
    let all = run_on(folder.path(), &["share", "list", "--as", STEWARD, "--json"]).json();
    let contract =
        all.as_array().unwrap().iter().find(|it| it["consumer"] == "party-finance/members").unwrap();
    assert_eq!(contract["changes"]["stage"], "follow");
    assert_eq!(contract["changes"]["parked"], 0);
}
