//! Commands, with the server running and stopped.

use dinh_tests::folder::Folder;
use dinh_tests::programs::{run, run_on, run_on_with};
use dinh_tests::server::Server;
use serde_json::{Value, json};

/// A folder with one root unit.
fn with_root() -> Folder {
    let folder = Folder::bare();
    let created = run_on(
        folder.path(),
        &[
            "unit",
            "create",
            "tinh",
            "--name",
            "Tỉnh Thanh Hóa",
            "--kind",
            "tinh",
            "--valid-from",
            "1997-01-01",
            "--as-operator",
        ],
    );
    assert_eq!(created.code, Some(0), "{created:?}");
    folder
}

/// Names of the actions in the evidence.
fn actions(folder: &Folder) -> Vec<String> {
    let entries =
        run_on(folder.path(), &["audit", "list", "--limit", "1000", "--as-operator", "--json"]).json();
    let action = |entry: &Value| entry["entry"]["action"].as_str().unwrap().to_owned();
    entries.as_array().unwrap().iter().map(action).collect()
}

/// Entries that looking at the evidence beside the rules leaves itself.
const LOOKED: usize = 2;

/// From nothing to an administrator who gives somebody a right, as `docs/operators.md` has it.
fn set_up_an_office(folder: &Folder) {
    let data = folder.path();
    let unit = run_on(
        data,
        &[
            "unit",
            "create",
            "SKHDT",
            "--name",
            "Sở Kế hoạch và Đầu tư",
            "--kind",
            "so",
            "--parent",
            "tinh",
            "--valid-from",
            "1997-01-01",
            "--as-operator",
            "--json",
        ],
    );
    assert_eq!(unit.json()["parent"], "tinh");
    let create = |login: &str, name: &str, unit: &str, who: &[&str]| {
        let mut words = vec![
            "account",
            "create",
            login,
            "--full-name",
            name,
            "--unit",
            unit,
            "--password-stdin",
            "--json",
        ];
        words.extend(who);
        run_on_with(data, &words, "một câu đủ dài\n")
    };
    let administrator = create("leminhtuan", "Lê Minh Tuấn", "tinh", &["--as-operator"]);
    assert_eq!(administrator.json()["must_change_password"], true);
    let give = |to: &str, role: &str, who: &[&str]| {
        let mut words = vec!["grant", "give", "--to", to, "--role", role, "--unit", "tinh", "--json"];
        words.extend(who);
        run_on(data, &words)
    };
    assert_eq!(give("leminhtuan", "dinh.administrator", &["--as-operator"]).json()["to"], "leminhtuan");

    // From here on the administrator acts, under their own rights.
    let who = ["--as", "leminhtuan"];
    assert_eq!(create("nguyenthilan", "Nguyễn Thị Lan", "skhdt", &who).json()["unit"], "skhdt");
    let refused = run_on(data, &["account", "suspend", "leminhtuan", "--as", "nguyenthilan"]);
    assert!(refused.refusal().contains("account"), "{refused:?}");
    let grant = give("nguyenthilan", "dinh.administrator", &who).json()["id"].to_string();
    assert_eq!(
        run_on(data, &["grant", "list", "--to", "nguyenthilan", "--as", "leminhtuan", "--json"])
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(run_on(data, &["grant", "withdraw", &grant, "--as", "leminhtuan"]).code, Some(0));
    assert_eq!(
        run_on(data, &["grant", "list", "--to", "nguyenthilan", "--as", "leminhtuan", "--json"]).json(),
        json!([])
    );

    for (deed, state) in [("suspend", "suspended"), ("activate", "active")] {
        let done = run_on(data, &["account", deed, "nguyenthilan", "--as", "leminhtuan", "--json"]);
        assert_eq!(done.json()["state"], state);
    }
    let suspended = run_on(data, &["account", "suspend", "nguyenthilan", "--as", "leminhtuan"]);
    assert_eq!(suspended.code, Some(0));
    // What is so already is said to be, and leaves no evidence of something done.
    let entries = actions(folder).len();
    for (words, said) in [
        (&["account", "suspend", "nguyenthilan"][..], "was suspended already"),
        (&["grant", "withdraw", &grant], "was withdrawn already"),
        (&["account", "activate", "leminhtuan"], "was active already"),
        (&["account", "unlock", "leminhtuan"], "was not locked"),
    ] {
        let ran = run_on(data, &[words, &who[..]].concat());
        assert!(ran.code == Some(0) && ran.out.contains(said), "{words:?}: {ran:?}");
    }
    assert_eq!(actions(folder).len(), entries + LOOKED);
    assert!(run_on(data, &["unit", "list", "--as", "nguyenthilan"]).refusal().contains("suspended"));

    let logins = |value: Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|it| it["login"].as_str().unwrap().to_owned()).collect()
    };
    let list = run_on(data, &["account", "list", "--as", "leminhtuan", "--json"]).json();
    assert_eq!(logins(list), ["leminhtuan", "nguyenthilan"]);
    let below = run_on(data, &["account", "list", "--unit", "skhdt", "--as", "leminhtuan", "--json"]).json();
    assert_eq!(logins(below), ["nguyenthilan"]);

    let history =
        run_on(data, &["account", "history", "nguyenthilan", "--as", "leminhtuan", "--json"]).json();
    let entries = history["entries"].as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["entry"]["action"] == "account.suspended"), "{history}");
    assert!(entries.iter().any(|entry| entry["entry"]["action"] == "access.refused"), "{history}");
}

#[test]
fn an_office_is_set_up_while_the_server_is_stopped() {
    let folder = with_root();
    set_up_an_office(&folder);
}

#[test]
fn an_office_is_set_up_while_the_server_runs_and_stays_when_it_stops() {
    let folder = with_root();
    let server = Server::start(folder.path());
    set_up_an_office(&folder);
    assert!(server.stop().success());
    let units = run_on(folder.path(), &["unit", "list", "--as", "leminhtuan", "--json"]).json();
    assert_eq!(units[1]["code"], "skhdt");
}

#[test]
fn what_a_running_server_acknowledged_outlives_its_being_killed() {
    let folder = with_root();
    let server = Server::start(folder.path());
    let units: Vec<String> = (0..5).map(|number| format!("phong-{number}")).collect();
    for code in &units {
        let words = [
            "unit",
            "create",
            code,
            "--name",
            "Phòng",
            "--kind",
            "phong",
            "--parent",
            "tinh",
            "--as-operator",
        ];
        assert_eq!(run_on(folder.path(), &words).code, Some(0));
    }
    server.kill();
    let below = run_on(folder.path(), &["unit", "list", "--below", "tinh", "--as-operator", "--json"]).json();
    let codes: Vec<&str> =
        below.as_array().unwrap().iter().map(|unit| unit["code"].as_str().unwrap()).collect();
    assert_eq!(codes, units);
    Server::start(folder.path());
}

#[test]
fn breaking_the_glass_is_in_the_evidence_and_so_is_who_typed_the_command() {
    let folder = with_root();
    let found = actions(&folder);
    for expected in ["unit.created", "operator.break-glass", "command.run"] {
        assert!(found.iter().any(|action| action == expected), "{expected} is not in {found:?}");
    }
}

#[test]
fn the_platform_comes_with_the_provinces_of_before_and_after_the_mergers() {
    let folder = with_root();
    let catalogs = run_on(folder.path(), &["catalog", "list", "--as-operator", "--json"]).json();
    assert!(!catalogs.as_array().unwrap().is_empty(), "{catalogs}");
}

#[test]
fn a_command_written_wrong_ends_with_2_and_names_what_is_wrong() {
    for (words, named) in [
        (&["unit", "list", "--as-operator"][..], "--data"),
        (&["unit", "list", "--data", "/nowhere"], "--as"),
        (&["unit", "lst"], "lst"),
        (&["account", "list", "--as", "lan", "--as-operator", "--data", "/nowhere"], "--as-operator"),
        (&["grant", "give", "--to", "lan", "--role", "editor", "--unit", "tinh"], "editor"),
        (&["serve", "--data", "/nowhere", "--listen", "8080"], "8080"),
        (
            &[
                "account",
                "create",
                "lan",
                "--full-name",
                "Lan",
                "--unit",
                "tinh",
                "--clearance",
                "top-secret",
            ],
            "Tuyệt mật",
        ),
    ] {
        let ran = run(words);
        assert_eq!(ran.code, Some(2), "{words:?}: {ran:?}");
        assert!(ran.err.contains(named), "{words:?}: {ran:?}");
    }
}

#[test]
fn refusals_name_the_thing_in_one_line() {
    let folder = with_root();
    for (words, named) in [
        (&["account", "show", "nobody", "--as-operator"][..], "nobody"),
        (&["unit", "list", "--as", "nobody"], "nobody"),
        (&["unit", "create", "tinh", "--name", "Tỉnh", "--kind", "tinh", "--as-operator"], "tinh"),
        (&["grant", "withdraw", "99", "--as-operator"], "99"),
        (&["plugin", "install", "/nowhere.wasm", "--home-unit", "tinh", "--as-operator"], "/nowhere.wasm"),
        (&["serve", "--listen", "0.0.0.0:8080"], "TLS"),
    ] {
        let ran = run_on(folder.path(), words);
        assert!(ran.refusal().contains(named), "{words:?}: {ran:?}");
    }
    let weak = [
        "account",
        "create",
        "lan",
        "--full-name",
        "Lan",
        "--unit",
        "tinh",
        "--password-stdin",
        "--as-operator",
    ];
    let ran = run_on_with(folder.path(), &weak, "ngắn\n");
    assert!(ran.refusal().contains("at least 10 characters"), "{ran:?}");
    // Without a terminal to ask on, the way to give a password is named.
    let ran = run_on_with(
        folder.path(),
        &weak.map(|word| if word == "--password-stdin" { "--keep-password" } else { word }),
        "",
    );
    assert!(ran.refusal().contains("--password-stdin"), "{ran:?}");
}

#[test]
fn units_of_other_days_are_listed_when_they_are_asked_for() {
    let folder = with_root();
    let data = folder.path();
    let create = |code: &str, parent: &str, from: &str| {
        let words = ["unit", "create", code, "--name", "Sở", "--kind", "so", "--parent", parent];
        run_on(data, &[&words[..], &["--valid-from", from, "--as-operator"]].concat())
    };
    assert_eq!(create("x6", "tinh", "2130-01-01").code, Some(0));
    let early = create("x7", "x6", "2026-01-01");
    assert!(early.refusal().contains("begins on 2130-01-01"), "{early:?}");
    let codes = |more: &[&str]| {
        let listed = run_on(data, &[&["unit", "list", "--as-operator", "--json"], more].concat()).json();
        let code = |unit: &Value| unit["code"].as_str().unwrap().to_owned();
        listed.as_array().unwrap().iter().map(code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&[]), ["tinh"]);
    assert_eq!(codes(&["--all"]), ["tinh", "x6"]);
    assert_eq!(codes(&["--as-of", "2130-01-01"]), ["tinh", "x6"]);
    assert_eq!(codes(&["--as-of", "1996-12-31"]), [""; 0]);
}

#[test]
fn a_second_root_takes_no_list_away_from_an_administrator() {
    let folder = Folder::demo();
    let data = folder.path();
    let root = ["unit", "create", "nl", "--name", "Tỉnh khác", "--kind", "tinh", "--as-operator"];
    assert_eq!(run_on(data, &root).code, Some(0));
    let administrator = folder.with_role("dinh.administrator").account;
    for list in ["account", "grant", "audit", "plugin"] {
        let listed = run_on(data, &[list, "list", "--as", &administrator, "--json"]).json();
        assert!(!listed.as_array().unwrap().is_empty(), "{list}");
        let outsider = folder.outsider().account;
        assert!(
            run_on(data, &[list, "list", "--as", &outsider]).refusal().contains("holds the permission"),
            "{list}"
        );
    }
}

#[test]
fn a_refusal_says_nothing_twice_and_parts_the_problem_from_the_remedy() {
    let folder = with_root();
    let again = ["unit", "create", "tinh", "--name", "Tỉnh", "--kind", "tinh", "--as-operator"];
    assert!(run_on(folder.path(), &again).refusal().ends_with(r#"the unit "tinh" exists already"#));
    let nowhere = std::path::Path::new("/proc/dinh");
    let refused = run_on(nowhere, &["init"]);
    assert_eq!(refused.refusal().matches("os error").count(), 1, "{refused:?}");
    let plugin = tempfile::tempdir().unwrap();
    std::fs::write(plugin.path().join("plugin.toml"), "id = \"a\"\nversion = \n").unwrap();
    let ran = run(&["plugin", "build", plugin.path().to_str().unwrap()]);
    assert!(ran.refusal().contains("plugin.toml:2:"), "{ran:?}");
    assert!(ran.refusal().ends_with("; correct the TOML at this place"), "{ran:?}");
}
