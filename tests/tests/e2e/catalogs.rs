//! Catalogs by command: looked up over time, proposed and approved by two people, exported and brought back.

use std::path::Path;

use dinh_tests::folder::Folder;
use dinh_tests::programs::{Ran, run_on};
use dinh_tests::server::Server;
use serde_json::{Value, json};

fn run(data: &Path, words: &str) -> Ran {
    run_on(data, &words.split_whitespace().collect::<Vec<_>>())
}

/// The answer as JSON; fails when it is refused.
fn ask(data: &Path, words: &str) -> Value {
    run(data, &format!("{words} --json")).json()
}

#[test]
fn a_catalog_is_changed_by_two_people_while_the_server_runs_and_used_by_a_plugin() {
    let folder = Folder::demo();
    let data = folder.path();
    let (asks, approves) = (folder.with_role("dinh.administrator"), folder.with_role("dinh.director"));
    let (asks, approves) = (asks.account, approves.account);
    let server = Server::start(data);

    let exact = ask(data, &format!("catalog translate provinces 60 --to 2026-01-01 --as {asks}"));
    assert_eq!((&exact["translation"], &exact["entries"][0]["code"]), (&json!("exact"), &json!("68-2025")));
    let back = ask(data, &format!("catalog translate provinces 68-2025 --to 2020-01-01 --as {asks}"));
    assert_eq!((&back["translation"], back["entries"].as_array().unwrap().len()), (&json!("ambiguous"), 3));
    let used = ask(data, "catalog usage provinces 38 --as-operator");
    assert_eq!(used[0]["field"], "results.province");
    assert!(used[0]["records"].as_u64().unwrap() > 0, "{used}");

    let propose = format!(
        "catalog propose civil-service-grades 01.009 --name-vi Nhân-viên-phục-vụ --from 2004-10-01 \
         --set coefficient=1.00 --set steps=12 --reason NĐ-204 --as {asks}"
    );
    let request = ask(data, &propose)["request"].to_string();
    let own = run(data, &format!("catalog approve {request} --as {asks}"));
    assert!(own.refusal().contains("another person"), "{own:?}");
    let shown = ask(data, &format!("inbox show {request} --as {approves}"));
    assert_eq!(shown["details"]["catalog"], "civil-service-grades", "{shown}");
    assert_eq!(run(data, &format!("catalog approve {request} --as {approves}")).code, Some(0));
    let entry = ask(data, &format!("catalog show civil-service-grades 01.009 --as {asks}"));
    assert_eq!(entry["entry"]["attributes"], json!([["coefficient", "1.00"], ["steps", "12"]]));
    assert_eq!(entry["history"][0]["version"]["approved_by"], json!(approves));
    let wrong = run(data, &propose.replace("coefficient=1.00", "colour=red"));
    assert!(wrong.refusal().contains("colour=red"), "{wrong:?}");
    server.stop();

    // Back from a file: the catalog as it was before the entry had its name.
    let before = ask(data, &format!("catalog show civil-service-grades --version 2 --as {asks}"));
    assert_eq!(before["entries"].as_array().unwrap().len(), 5);
    let exported = ask(data, &format!("catalog export civil-service-grades --format json --as {asks}"));
    assert_eq!(exported["entries"].as_array().unwrap().len(), 6);
    let renamed = exported.to_string().replace("Nhân-viên-phục-vụ", "Nhân viên phục vụ");
    let file = data.join("grades.json");
    std::fs::write(&file, renamed).unwrap();
    let file = file.display();
    let import = format!("catalog import civil-service-grades {file} --reason NĐ-204");
    let asked = ask(data, &format!("{import} --as {asks}"));
    assert_eq!((&asked["changed"], &asked["unchanged"]), (&json!(1), &json!(5)), "{asked}");
    let at_once = ask(data, &format!("{import} --as-operator"));
    assert_eq!(at_once["request"], Value::Null, "{at_once}");
    let stale = run(data, &format!("catalog approve {} --as {approves}", asked["request"]));
    assert!(stale.refusal().contains("was changed since"), "{stale:?}");
    let shipped = ask(data, "catalog ship --as-operator");
    assert!(
        shipped.as_array().unwrap().iter().all(|it| it["added"] == 0 && it["request"].is_null()),
        "{shipped}"
    );
    let verified = run(data, "audit verify --as-operator");
    assert_eq!(verified.code, Some(0), "{verified:?}");
}
