//! Two departments share data: the demo's party finance reads personnel's members by contract, until it ends.

use dinh_tests::folder::Folder;
use dinh_tests::programs::run_on;
use dinh_tests::server::Server;

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
    let found = program.get_json("/apps/party-finance?pick=find/member&words=luong+duyen").expect(200).json();
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
    let contract = share(STEWARD, &["show", "1"]).json();
    assert_eq!(
        (contract["dataset"].as_str(), contract["standing"].as_str()),
        (Some("personnel/members"), Some("active"))
    );
    share(STEWARD, &["revoke", "1", "--reason", "rà soát"]).json();
    let ended = ledger();
    assert!(!ended.contains("Lương Thị Mỹ Duyên") && ended.contains("Thoả thuận chia sẻ số 1"), "{ended}");

    let asked = share(ASKS, &["request", "party-finance/members"]).json();
    assert_eq!(asked["contract"], 2);
    let inbox =
        |login: &str| run_on(folder.path(), &["inbox", "--as", login, "--json"]).json()["tasks"].clone();
    assert_eq!(inbox(STEWARD)[0]["task"], "decide contract 2");
    assert_eq!(inbox(ASKS).as_array().unwrap().len(), 0, "whoever asked does not decide");
    let own = share(ASKS, &["approve", "2"]);
    assert!(!own.refusal().is_empty(), "whoever asked does not agree");
    share(STEWARD, &["approve", "2", "--units", "tinhuy", "--rows-a-day", "10000"]).json();
    assert!(ledger().contains("Lương Thị Mỹ Duyên"));

    // Who has seen a member, by the log alone.
    let reads =
        run_on(folder.path(), &["audit", "list", "--contract", "2", "--as", STEWARD, "--json"]).json();
    let read = reads.as_array().unwrap().iter().find(|it| it["entry"]["action"] == "dataset.read").unwrap();
    let record = read["entry"]["records"][0].as_str().unwrap();
    let seen = format!("personnel/people/{record}");
    let seen = run_on(folder.path(), &["audit", "seen", &seen, "--as", STEWARD]);
    assert!(seen.out.contains(&collector.account) && seen.out.contains("shared"), "{seen:?}");
}
