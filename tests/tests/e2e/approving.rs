//! What whoever approves by command sees, and what can be asked about rights.

use std::path::Path;

use dinh_tests::folder::Folder;
use dinh_tests::programs::{Ran, run_on, run_on_with};
use serde_json::{Value, json};

/// A house of two people, with a division and a person in it whose account was approved.
fn house() -> Folder {
    let folder = Folder::nowhere();
    let words = "init --unit tinh --unit-name Tỉnh --since 1997-01-01 --first quantri --first-name Lê-Tuấn \
                 --second giamdoc --second-name Hoàng-Mai --passwords-stdin";
    let words: Vec<&str> = words.split_whitespace().collect();
    let made = run_on_with(folder.path(), &words, "một câu đủ dài\nmột câu khác hẳn\n");
    assert_eq!(made.code, Some(0), "{made:?}");
    let data = folder.path();
    ask(
        data,
        "unit create skhdt --name Sở-Kế-hoạch --kind so --parent tinh --valid-from 2000-01-01 --as quantri",
    );
    let request = account(data, "lan", &[]);
    ask(data, &format!("account approve {request} --as giamdoc"));
    folder
}

fn run(data: &Path, words: &str) -> Ran {
    run_on(data, &words.split_whitespace().collect::<Vec<_>>())
}

/// The answer as JSON; fails when it is refused.
fn ask(data: &Path, words: &str) -> Value {
    run(data, &format!("{words} --json")).json()
}

/// Asks for an account; the request.
fn account(data: &Path, login: &str, more: &[&str]) -> String {
    let words = ["account", "create", login, "--full-name", "Nguyễn Thị Lan", "--unit", "skhdt"];
    let words = [&words[..], &["--password-stdin", "--as", "quantri", "--json"], more].concat();
    run_on_with(data, &words, "một câu đủ dài\n").json()["request"].to_string()
}

#[test]
fn whoever_approves_sees_all_of_a_request_and_who_gains_by_it() {
    let folder = house();
    let data = folder.path();
    let give =
        "grant give --to lan --role dinh.auditor --unit skhdt --label confidential --own --until 2026-12-31";
    let words: Vec<&str> =
        give.split(' ').chain(["--reason", "QĐ 12\n99  grant  giả", "--as", "quantri"]).collect();
    let asked = run_on(data, &[&words[..], &["--json"]].concat()).json();
    assert_eq!((&asked["until"], &asked["own"]), (&json!("2026-12-31"), &json!(true)));
    let request = asked["request"].to_string();

    let listed = ask(data, "inbox --as giamdoc");
    let it = &listed["requests"][0];
    assert_eq!(
        (&it["label"], &it["until"], &it["own"]),
        (&json!("confidential"), &json!("2026-12-31"), &json!(true))
    );
    let rows = run(data, "inbox --as giamdoc").out;
    assert_eq!(rows.lines().count(), 2, "nobody types a row of their own: {rows}");
    assert!(
        rows.contains("own records") && rows.contains("2026-12-31") && rows.contains("\\n99  grant"),
        "{rows}"
    );

    let shown = run(data, &format!("inbox show {request} --as giamdoc")).out;
    for said in [
        "lan (Nguyễn Thị Lan)",
        "skhdt (Sở-Kế-hoạch)",
        "own records only",
        "2026-12-31",
        "dinh.audit.read",
        "1 person gains rights",
    ] {
        assert!(shown.contains(said), "{said} is not in {shown}");
    }
    let shown = ask(data, &format!("inbox show {request} --as giamdoc"));
    assert_eq!(shown["changes"][0]["gains"], json!(["dinh.audit.read"]));
    assert_eq!(shown["may_not_approve"], Value::Null);
    // Whoever asked sees what they asked, and that another person decides.
    let own = ask(data, &format!("inbox show {request} --as quantri"));
    assert!(own["may_not_approve"].is_string() && own["changes"].is_null(), "{own}");
    assert_eq!(run(data, &format!("inbox show {request} --as lan")).code, Some(0), "whom it is about");

    // What is cut is said to be.
    let second = account(data, "hoa", &["--keep-password"]);
    let first = ask(data, "inbox --limit 1 --as giamdoc");
    assert_eq!((first["requests"].as_array().unwrap().len(), &first["next"]), (1, &it["request"]));
    assert!(run(data, "inbox --limit 1 --as giamdoc").out.contains("there may be more: --after"));
    let rest = ask(data, &format!("inbox --after {request} --as giamdoc"));
    assert_eq!(rest["requests"][0]["request"].to_string(), second);
    assert!(run(data, &format!("inbox show {second} --as giamdoc")).out.contains("need not be changed"));
    let evidence = ask(data, "audit list --action account.requested --as quantri");
    let last = evidence.as_array().unwrap().last().unwrap();
    assert_eq!(last["entry"]["detail"]["must-change-password"], "false", "{last}");
}

#[test]
fn rights_are_told_asked_about_and_compared_day_by_day() {
    let folder = house();
    let data = folder.path();
    let asked = ask(data, "grant give --to lan --role dinh.auditor --unit skhdt --reason QĐ-1 --as quantri");
    ask(data, &format!("grant approve {} --as giamdoc", asked["request"]));
    let rights = ask(data, "account rights lan --as lan");
    let right = &rights["rights"][0];
    assert_eq!((&right["role"], &right["because"]), (&json!("dinh.auditor"), &json!("granted")));
    assert_eq!((&right["given_by"], &right["approved_by"]), (&json!("quantri"), &json!("giamdoc")));
    assert!(run(data, "account rights giamdoc --as lan").refusal().contains("grant"));

    let check = |who: &str, more: &str| {
        ask(data, &format!("access check lan dinh.audit.read --unit {who} --as quantri {more}"))["allowed"]
            .clone()
    };
    assert_eq!((check("skhdt", ""), check("tinh", "")), (json!(true), json!(false)));
    assert_eq!(check("skhdt", "--as-of 2020-01-01"), false, "the house did not exist");
    assert_eq!(check("skhdt", "--as-of 2199-01-01"), true);
    let why = run(data, "access explain lan dinh.audit.read --unit tinh --as quantri").out;
    assert!(why.starts_with("no: ") && why.contains("(quantri)"), "names are not one person's: {why}");
    let who = ask(data, "access who-can dinh.audit.read --unit skhdt --as quantri");
    let logins: Vec<&Value> = who.as_array().unwrap().iter().map(|it| &it["login"]).collect();
    assert_eq!(logins, ["quantri", "giamdoc", "lan"]);
    assert!(run(data, "access who-can dinh.audit.read --unit skhdt --as lan").refusal().contains("grant"));
    assert!(
        run(data, "access check lan dinh.audit.reed --unit tinh --as quantri")
            .refusal()
            .contains("dinh.audit.reed")
    );
    let diff = ask(data, "access diff --from 2020-01-01 --as quantri");
    assert_eq!(diff["changes"].as_array().unwrap().len(), 3, "{diff}");
    assert!(run(data, "access diff --from 2199-01-01 --as quantri").refusal().contains("--from"));

    let roles = ask(data, "role list --as lan");
    assert!(roles.as_array().unwrap().iter().any(|role| role["id"] == "dinh.director"), "{roles}");
    let role = ask(data, "role show dinh.auditor --as lan");
    assert_eq!(role["permissions"][0]["id"], "dinh.audit.read");
    assert!(run(data, "role show dinh.auditer --as lan").refusal().contains("dinh.auditer"));
}

#[test]
fn units_and_names_are_corrected_and_the_evidence_is_narrowed() {
    let folder = house();
    let data = folder.path();
    ask(data, "unit create stc --name Sở-Tài --kind so --parent tinh --valid-from 2000-01-01 --as quantri");
    assert_eq!(ask(data, "unit rename stc --name Sở-Tài-chính --as quantri")["name"], "Sở-Tài-chính");
    ask(
        data,
        "unit create phong --name Phòng --kind phong --parent tinh --valid-from 2000-01-01 --as quantri",
    );
    let moved = ask(data, "unit move phong --to stc --reason sắp-xếp --as quantri");
    ask(data, &format!("unit approve {} --as giamdoc", moved["request"]));
    assert_eq!(ask(data, "unit show phong --as quantri")["parent"], "stc");
    let lasts = run(data, "unit end stc --until 2030-06-30 --as quantri");
    assert!(lasts.refusal().contains("phong"), "{lasts:?}");
    ask(data, "unit end phong --until 2030-06-30 --as quantri");
    assert_eq!(ask(data, "unit end stc --until 2030-06-30 --as quantri")["until"], "2030-06-30");
    assert_eq!(ask(data, "unit list --as-of 2030-06-30 --as quantri").as_array().unwrap().len(), 4);
    assert_eq!(ask(data, "unit list --as-of 2030-07-01 --as quantri").as_array().unwrap().len(), 2);
    let far = run(data, "unit end tinh --until 9999-12-31 --as quantri");
    assert!(far.code == Some(2) && far.err.contains("1900 to 2200"), "{far:?}");
    assert_eq!(ask(data, "account update lan --full-name Lan --as quantri")["full_name"], "Lan");
    let hidden = run(data, "account update lan --full-name La\u{202e}n --as quantri");
    assert!(hidden.refusal().contains("U+202E"), "{hidden:?}");

    let found = |more: &str| {
        let listed = ask(data, &format!("audit list --as quantri {more}"));
        let action = |it: &Value| it["entry"]["action"].as_str().unwrap().to_owned();
        listed.as_array().unwrap().iter().map(action).collect::<Vec<_>>()
    };
    assert_eq!(
        found("--action unit. --unit stc"),
        ["unit.created", "unit.renamed", "unit.created", "unit.moved", "unit.ended", "unit.ended"]
    );
    assert_eq!(
        found("--account lan --action account."),
        ["account.requested", "account.created", "account.updated"]
    );
    assert_eq!(found("--action unit. --limit 1"), ["unit.ended"]);
    assert!(run(data, "audit list --action unit. --limit 1 --as quantri").out.contains("--before"));
    assert_eq!(found("--until 2020-01-01"), Vec::<String>::new());
    let first = ask(data, "account list --limit 2 --as quantri");
    assert_eq!(first["next"], "giamdoc");
    let rest = ask(data, "account list --after giamdoc --as quantri");
    assert_eq!((&rest["accounts"][0]["login"], &rest["next"]), (&json!("lan"), &Value::Null));
}
