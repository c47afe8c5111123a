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
    let own = share(ASKS, &["approve", &again]);
    assert!(!own.refusal().is_empty(), "whoever asked does not agree");
    share(STEWARD, &["approve", &again, "--units", "tinhuy", "--rows-a-day", "10000"]).json();
    assert!(ledger().contains("Lương Thị Mỹ Duyên"));

    // Who has seen a member, by the log alone.
    let reads =
        run_on(folder.path(), &["audit", "list", "--contract", &again, "--as", STEWARD, "--json"]).json();
    let read = reads.as_array().unwrap().iter().find(|it| it["entry"]["action"] == "dataset.read").unwrap();
    let record = read["entry"]["records"][0].as_str().unwrap();
    let seen = format!("personnel/people/{record}");
    let seen = run_on(folder.path(), &["audit", "seen", &seen, "--as", STEWARD]);
    assert!(seen.out.contains(&collector.account) && seen.out.contains("shared"), "{seen:?}");
}
