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
const LOOKED: usize = 1;

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
    let begin = [
        "account",
        "begin",
        "--unit",
        "tinh",
        "--unit-name",
        "Tỉnh Thanh Hóa",
        "--first",
        "leminhtuan",
        "--first-name",
        "Lê Minh Tuấn",
        "--second",
        "hoangthimai",
        "--second-name",
        "Hoàng Thị Mai",
        "--passwords-stdin",
        "--as-operator",
    ];
    let passwords = "một câu đủ dài\nmột câu khác hẳn\n";
    assert_eq!(run_on_with(data, &begin, passwords).code, Some(0));
    assert!(run_on_with(data, &begin, passwords).refusal().contains("has accounts"));
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
    let give = |to: &str, role: &str, more: &[&str]| {
        let mut words = vec!["grant", "give", "--to", to, "--role", role, "--unit", "tinh", "--json"];
        words.extend(more);
        run_on(data, &words)
    };
    // Both act under their own rights: one asks, the other approves.
    let who = ["--as", "leminhtuan"];
    let (asks, approves) = (&who, &["--as", "hoangthimai"]);
    let created = create("nguyenthilan", "Nguyễn Thị Lan", "skhdt", asks).json();
    assert_eq!((&created["unit"], &created["state"]), (&json!("skhdt"), &json!("requested")));
    assert_eq!(created["must_change_password"], true);
    let request = created["request"].to_string();
    let approve = |noun: &str, request: &str, who: &[&str]| {
        run_on(data, &[&[noun, "approve", request, "--json"][..], who].concat())
    };
    assert!(approve("account", &request, asks).refusal().contains("another person"));
    assert!(approve("grant", &request, approves).refusal().contains("dinh account approve"));
    let inbox = run_on(data, &[&["inbox", "--json"][..], approves].concat()).json();
    let waits = &inbox["requests"][0];
    assert_eq!((&waits["request"].to_string(), &waits["by"]), (&request, &json!("leminhtuan")));
    assert!(run_on(data, &["unit", "list", "--as", "nguyenthilan"]).refusal().contains("requested"));
    assert_eq!(approve("account", &request, approves).json()["state"], "approved");
    assert_eq!(run_on(data, &[&["inbox", "--json"][..], approves].concat()).json()["requests"], json!([]));
    let refused = run_on(data, &["account", "suspend", "leminhtuan", "--as", "nguyenthilan"]);
    assert!(refused.refusal().contains("account"), "{refused:?}");
    assert!(give("nguyenthilan", "dinh.administrator", asks).refusal().contains("needs a reason"));
    let asked =
        give("nguyenthilan", "dinh.administrator", &[&who[..], &["--reason", "QĐ 12"]].concat()).json();
    let (grant, request) = (asked["id"].to_string(), asked["request"].to_string());
    assert_eq!(asked["given"], Value::Null);
    assert_eq!(
        run_on(data, &["grant", "list", "--to", "nguyenthilan", "--as", "leminhtuan", "--json"]).json(),
        json!([])
    );
    assert_eq!(approve("grant", &request, approves).json()["role"], "dinh.administrator");
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
        value["accounts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["login"].as_str().unwrap().to_owned())
            .collect()
    };
    let list = run_on(data, &["account", "list", "--as", "leminhtuan", "--json"]).json();
    assert_eq!(logins(list), ["leminhtuan", "hoangthimai", "nguyenthilan"]);
    let below = run_on(data, &["account", "list", "--unit", "skhdt", "--as", "leminhtuan", "--json"]).json();
    assert_eq!(logins(below), ["nguyenthilan"]);

    let history =
        run_on(data, &["account", "history", "nguyenthilan", "--as", "leminhtuan", "--json"]).json();
    let entries = history["entries"].as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["entry"]["action"] == "account.suspended"), "{history}");
    assert!(entries.iter().any(|entry| entry["entry"]["action"] == "access.refused"), "{history}");
}

/// The rest of a unit's life: its head, what is lent, a transfer, its end.
fn run_an_office(data: &std::path::Path) {
    let run = |words: &str| run_on(data, &words.split(' ').collect::<Vec<_>>());
    let json = |words: &str| run(&format!("{words} --json")).json();
    let shown = json("head show --unit skhdt --as leminhtuan");
    assert_eq!((&shown["head"], &shown["of"]), (&json!("leminhtuan"), &json!("tinh")));
    let number = |value: &Value| value["request"].to_string();

    let head = json("head name --unit skhdt --to nguyenthilan --reason QĐ-12 --as leminhtuan");
    assert_eq!(head["head"], "leminhtuan", "until it is approved");
    // Nobody comes to consent with a password that somebody else chose.
    let approve = format!("head approve {} --as hoangthimai", number(&head));
    assert!(run(&approve).refusal().contains("sign in and change it"), "{approve}");
    let own = "account set-password nguyenthilan --keep-password --password-stdin --as-operator";
    let own = run_on_with(data, &own.split(' ').collect::<Vec<_>>(), "câu của riêng tôi\n");
    assert_eq!(own.code, Some(0), "{own:?}");
    json(&approve);
    assert_eq!(json("head show --unit skhdt --as leminhtuan")["head"], "nguyenthilan");
    let again = run("head name --unit skhdt --to nguyenthilan --reason QĐ-13 --as leminhtuan");
    assert!(again.refusal().contains("hand over instead"), "{again:?}");
    let kept = run("account suspend nguyenthilan --as leminhtuan");
    assert!(kept.refusal().contains("hand over first"), "{kept:?}");

    // The director lends the approval of grants; who borrowed it acts under both names.
    let grants = json("grant list --to hoangthimai --as hoangthimai");
    let grants = grants.as_array().unwrap();
    let director = grants.iter().find(|grant| grant["role"] == "dinh.director").unwrap()["id"].to_string();
    let lend = format!("--grant {director} --until 2027-01-01 --reason đi-công-tác --as hoangthimai");
    let lent = json(&format!("delegation lend --to nguyenthilan {lend}"));
    json(&format!("delegation consent {} --as leminhtuan", number(&lent)));
    let lenders = json("delegation lenders --as nguyenthilan");
    assert_eq!(lenders[0]["lender"], "hoangthimai");
    let asked =
        json("grant give --to hoangthimai --role dinh.auditor --unit tinh --reason QĐ-14 --as leminhtuan");
    let approve = format!("grant approve {} --as nguyenthilan", number(&asked));
    assert!(run(&approve).refusal().contains("permission"));
    let own = run(&format!("{approve} --on-behalf-of hoangthimai"));
    assert!(own.refusal().contains("Nobody approves rights of their own"), "{own:?}");
    json(&format!(
        "grant refuse {} --reason không-cần --as nguyenthilan --on-behalf-of hoangthimai",
        number(&asked)
    ));
    let listed = json("delegation list --as nguyenthilan");
    assert_eq!((&listed[0]["state"], &listed[0]["consented_by"]), (&json!("in-force"), &json!("leminhtuan")));
    json(&format!("delegation end {} --as hoangthimai", listed[0]["id"]));
    assert_eq!(json("delegation lenders --as nguyenthilan"), json!([]));

    // A role of the deployment gains nothing while it is granted.
    let define = |more: &str| {
        run(&format!(
            "role define skhdt.officer --vi Cán-bộ --permission dinh.audit.read{more} --as leminhtuan"
        ))
    };
    assert_eq!(define("").code, Some(0));
    let asked =
        json("grant give --to nguyenthilan --role skhdt.officer --unit skhdt --reason QĐ-14 --as leminhtuan");
    json(&format!("inbox approve {} --as hoangthimai", number(&asked)));
    let wider = define(" --permission dinh.unit.manage");
    assert!(wider.refusal().contains("granted to “nguyenthilan”"), "{wider:?}");
    // What ends with an account is shown before.
    let closing = run("account close nguyenthilan --dry-run --as leminhtuan");
    assert!(closing.out.contains("skhdt.officer in skhdt"), "{closing:?}");
    assert_eq!(json("account show nguyenthilan --as leminhtuan")["state"], "active");

    json("unit domain skhdt --add skhdt.thanhhoa.gov.vn --add PCI.thanhhoa.gov.vn --as leminhtuan");
    assert!(
        run("unit domain tinh --add pci.thanhhoa.gov.vn --as leminhtuan")
            .refusal()
            .contains("exists already")
    );
    assert_eq!(
        run("unit create stc --name Sở --kind so --parent tinh --valid-from 1997-01-01 --as leminhtuan").code,
        Some(0)
    );
    // Another root is said on purpose, and takes two; so does a unit's coming under another.
    assert!(run("unit create tinhuy --name T --kind t --as leminhtuan").refusal().contains("--root"));
    let root = json("unit create tinhuy --name T --kind t --root --reason QĐ-15 --as leminhtuan");
    assert_eq!(json(&format!("unit approve {} --as hoangthimai", number(&root)))["state"], "approved");
    json("unit create phong --name Phòng --kind phong --parent stc --as leminhtuan");
    let moved = json("unit move phong --to tinh --reason QĐ-16 --as leminhtuan");
    assert_eq!(json("unit show phong --as leminhtuan")["parent"], "stc");
    // Any request is decided where it is found.
    json(&format!("inbox approve {} --as hoangthimai", number(&moved)));
    assert_eq!(json("unit show phong --as leminhtuan")["parent"], "tinh");
    // Whoever is in it goes first, and the head hands over to the one above.
    let end = "unit end skhdt --until 2026-01-01 --successor stc --as leminhtuan";
    assert!(run(end).refusal().contains("accounts: 1 (nguyenthilan); transfer or close them"));
    let over = json("head hand-over --unit skhdt --to leminhtuan --reason sáp-nhập --as nguyenthilan");
    json(&format!("head approve {} --as hoangthimai", number(&over)));
    let go = json("account transfer nguyenthilan --to stc --reason sáp-nhập --as leminhtuan");
    assert!(run(end).refusal().contains("transfers under way: 1"));
    json(&format!("account approve {} --as hoangthimai", number(&go)));
    assert_eq!(json("account show nguyenthilan --as leminhtuan")["unit"], "stc");
    let ended = json(end);
    assert_eq!(
        (&ended["successors"], &ended["domains"][0]),
        (&json!(["stc"]), &json!("pci.thanhhoa.gov.vn"))
    );
    assert_eq!(json("unit show stc --as leminhtuan")["predecessors"], json!(["skhdt"]));
    let mine = json("inbox --mine --as leminhtuan");
    assert!(mine["requests"].as_array().unwrap().iter().any(|it| it["state"] == "refused"), "{mine}");
}

#[test]
fn a_unit_has_its_head_its_loans_and_its_end() {
    let folder = with_root();
    let server = Server::start(folder.path());
    set_up_an_office(&folder);
    assert_eq!(
        run_on(folder.path(), &["account", "activate", "nguyenthilan", "--as", "leminhtuan"]).code,
        Some(0)
    );
    run_an_office(folder.path());
    assert!(server.stop().success());
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
    let data = folder.path();
    // Without a reason nothing is changed; what only looks needs none.
    let end = ["unit", "end", "tinh", "--until", "2199-12-31", "--as-operator"];
    let of_data = ["--data", data.to_str().unwrap()];
    let silent = run(&[&end[..], &of_data].concat());
    assert!(silent.refusal().contains("--reason"), "{silent:?}");
    assert_eq!(run(&[&["unit", "list", "--as-operator"][..], &of_data].concat()).code, Some(0));
    let before = actions(&folder).len();
    let ended = run(&[&end[..], &["--reason", "sáp nhập theo NQ 202"], &of_data].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let entries = run_on(data, &["audit", "list", "--limit", "1000", "--as-operator", "--json"]).json();
    let new: Vec<&Value> = entries.as_array().unwrap().iter().skip(before + LOOKED).collect();
    let actions: Vec<&Value> = new.iter().map(|it| &it["entry"]["action"]).collect();
    assert_eq!(actions, ["operator.break-glass", "unit.ended"], "once, whatever is done");
    assert_eq!(new[0]["entry"]["detail"]["reason"], "sáp nhập theo NQ 202");
    for entry in new {
        let detail = &entry["entry"]["detail"];
        assert_eq!((&detail["channel"], &detail["command"]), (&json!("command"), &json!("unit end")));
        assert!(detail["system-user"].as_str().unwrap().parse::<u32>().is_ok(), "{detail}");
    }
    let lent = run(&[&end[..], &["--reason", "x", "--on-behalf-of", "lan"], &of_data].concat());
    assert_eq!(lent.code, Some(2), "{lent:?}");
}

#[test]
fn what_a_person_is_refused_by_command_does_not_look_like_a_sign_in() {
    let folder = Folder::demo();
    let outsider = folder.outsider().account;
    let refused = run_on(folder.path(), &["account", "suspend", &outsider, "--as", &outsider]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    let history =
        run_on(folder.path(), &["account", "history", &outsider, "--as", &outsider, "--json"]).json();
    let entry = &history["entries"][0]["entry"];
    assert_eq!((&entry["action"], &entry["outcome"]), (&json!("access.refused"), &json!("refused")));
    assert_eq!(entry["detail"]["channel"], "command", "{entry}");
    assert_eq!(entry["detail"]["command"], "account suspend");
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
        (&["unit", "create", "tinh", "--name", "Tỉnh", "--kind", "tinh", "--root", "--as-operator"], "tinh"),
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
    let root = ["unit", "create", "nl", "--name", "Tỉnh khác", "--kind", "tinh", "--root", "--as-operator"];
    assert_eq!(run_on(data, &root).code, Some(0));
    let administrator = folder.with_role("dinh.administrator").account;
    for list in ["account", "grant", "audit", "plugin"] {
        let listed = run_on(data, &[list, "list", "--as", &administrator, "--json"]).json();
        let rows = listed.get("accounts").unwrap_or(&listed);
        assert!(!rows.as_array().unwrap().is_empty(), "{list}");
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
    let again = ["unit", "create", "tinh", "--name", "Tỉnh", "--kind", "tinh", "--root", "--as-operator"];
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

/// A position from its creation to its release, by two people.
fn fill_a_position(data: &std::path::Path) {
    let run = |words: &str| run_on(data, &words.split(' ').collect::<Vec<_>>());
    let json = |words: &str| run(&format!("{words} --json")).json();
    let made = json("position create --unit skhdt --title Trưởng-phòng --title-en Head --as leminhtuan");
    assert_eq!((&made["title"]["vi"], &made["holders"]), (&json!("Trưởng-phòng"), &json!([])));
    let position = made["id"].to_string();
    let given = json(&format!(
        "grant give --position {position} --role dinh.auditor --unit skhdt --reason QĐ-1 --as leminhtuan"
    ));
    assert_eq!(given["to"], format!("position:{position}"));
    json(&format!("grant approve {} --as hoangthimai", given["request"]));
    let grants = json(&format!("grant list --position {position} --as leminhtuan"));
    assert_eq!(grants[0]["id"], given["id"]);

    let hold = format!("position hold {position} --to nguyenthilan --as leminhtuan");
    assert!(run(&hold).refusal().contains("needs a reason"));
    assert!(
        run(&format!("{hold} --reason QĐ-2 --from 2199-05-02 --until 2199-05-01"))
            .refusal()
            .contains("before it begins")
    );
    let asked = json(&format!("{hold} --reason QĐ-2 --until 2199-12-31"));
    let request = asked["request"].to_string();
    assert_eq!(asked["holders"], json!([]), "until it is approved");
    assert!(run(&format!("position approve {request} --as leminhtuan")).refusal().contains("another person"));
    assert!(
        run(&format!("grant approve {request} --as hoangthimai")).refusal().contains("dinh position approve")
    );
    assert_eq!(run("audit list --as nguyenthilan").refusal().lines().count(), 1);
    assert_eq!(json(&format!("position approve {request} --as hoangthimai"))["state"], "approved");
    let listed = json("position list --unit tinh --as leminhtuan");
    assert_eq!((&listed[0]["unit"], &listed[0]["grants"]), (&json!("skhdt"), &json!([given["id"].clone()])));
    assert_eq!(listed[0]["holders"][0]["login"], "nguyenthilan");
    assert!(run("position list --unit tinh --as leminhtuan").out.contains("nguyenthilan through 2199-12-31"));
    json("audit list --as nguyenthilan");

    let release = format!("position release {position} --of nguyenthilan --as leminhtuan");
    assert_eq!(json(&release)["holders"], json!([]));
    assert!(run(&release).refusal().contains("position"));
    for refused in [
        "audit list --as nguyenthilan",
        "position list --unit skhdt --as nguyenthilan",
        "position hold 99 --to nguyenthilan --reason x --as leminhtuan",
    ] {
        assert_eq!(run(refused).code, Some(1), "{refused}");
    }
}

#[test]
fn a_position_is_made_given_rights_held_and_released_with_the_server_running_or_stopped() {
    for running in [false, true] {
        let folder = with_root();
        set_up_an_office(&folder);
        let activate = ["account", "activate", "nguyenthilan", "--as", "leminhtuan"];
        assert_eq!(run_on(folder.path(), &activate).code, Some(0));
        let server = running.then(|| Server::start(folder.path()));
        fill_a_position(folder.path());
        if let Some(server) = server {
            assert!(server.stop().success());
        }
    }
}

#[test]
fn people_are_imported_into_a_position_by_two_people_and_a_reason() {
    let folder = with_root();
    set_up_an_office(&folder);
    let beside = folder.path().parent().unwrap();
    let (file, passwords) = (beside.join("can-bo.csv"), beside.join("mat-khau.csv"));
    std::fs::write(&file, "Họ và tên,Đơn vị,Chức vụ\nĐỗ Thị Ánh Đào,skhdt,chuyen vien\nLê Văn Bình,skhdt,\n")
        .unwrap();
    let (file, passwords) = (file.to_str().unwrap(), passwords.to_str().unwrap());
    let run = |words: &[&str]| run_on(folder.path(), words);
    let import = ["account", "import", file, "--as", "leminhtuan"];
    let faulty = run(&[&import[..], &["--json"]].concat());
    assert_eq!(faulty.code, Some(1), "{faulty:?}");
    let report: Value = serde_json::from_str(&faulty.out).unwrap();
    assert_eq!((&report["faults"][0]["kind"], &report["faults"][0]["line"]), (&json!("position"), &json!(2)));

    let create = ["position", "create", "--unit", "skhdt", "--title", "Chuyên viên", "--as", "leminhtuan"];
    let position = run(&[&create[..], &["--json"]].concat()).json()["id"].clone();
    let report = run(&[&import[..], &["--json"]].concat()).json();
    assert_eq!(report["accounts"][0]["position"], position);
    assert_eq!(report["accounts"][1]["position"], Value::Null);
    let apply = [&import[..], &["--apply", "--passwords", passwords, "--json"]].concat();
    assert!(run(&apply).refusal().contains("needs a reason"));
    assert!(!std::path::Path::new(passwords).exists());
    let asked = run(&[&apply[..], &["--reason", "QĐ 7"]].concat()).json();
    assert_eq!(asked["passwords_accepted"], json!({ "days": 14, "until": null }));
    let request = asked["request"].to_string();
    let inbox = run(&["inbox", "--as", "hoangthimai", "--json"]).json();
    assert_eq!(inbox["requests"][0]["what"], format!("2 accounts in skhdt, 1 to hold position:{position}"));
    let listed = run(&["account", "list", "--request", &request, "--as", "hoangthimai", "--json"]).json();
    let listed = &listed["accounts"];
    assert_eq!((&listed[0]["position"], &listed[1]["position"]), (&position, &Value::Null));
    assert_eq!(run(&["account", "approve", &request, "--as", "hoangthimai"]).code, Some(0));
    let posts = run(&["position", "list", "--unit", "skhdt", "--as", "leminhtuan", "--json"]).json();
    assert_eq!(posts[0]["holders"][0]["login"], "dtadao-skhdt");
}
