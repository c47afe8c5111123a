//! Getting in, staying in, getting out.

use dinh_tests::folder::{Account, Folder};
use dinh_tests::patience::until;
use dinh_tests::programs::{run_on, run_on_with};
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;
use serde_json::json;

fn demo() -> (Folder, Server, Account) {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let officer = folder.with_role("pci-index.editor");
    (folder, server, officer)
}

#[test]
fn an_officer_signs_in_sees_the_launcher_and_signs_out() {
    let (_folder, server, officer) = demo();
    let visitor = server.visitor().sign_in(&officer.account, &officer.password);
    let launcher = visitor.get("/").expect(200);
    assert!(launcher.body.contains("Chỉ số PCI"), "{}", launcher.body);
    assert!(launcher.body.contains("Nguyễn Thị Lan"), "{}", launcher.body);

    let out = visitor.submit("/", "/sign-out", &[]);
    assert!(out.location().starts_with("/sign-in"), "{out:?}");
    let after = visitor.get("/");
    assert!(after.location().starts_with("/sign-in"), "{after:?}");
}

#[test]
fn a_page_asked_for_before_signing_in_is_where_one_arrives() {
    let (_folder, server, officer) = demo();
    let visitor = server.visitor();
    let sent = visitor.get("/apps/pci-index?edition=2021");
    let form = visitor.get(sent.location()).expect(200);
    assert!(form.body.contains("value=\"/apps/pci-index?edition=2021\""), "{}", form.body);
    let fields = [
        ("next", "/apps/pci-index?edition=2021"),
        ("account", officer.account.as_str()),
        ("password", officer.password.as_str()),
    ];
    assert_eq!(visitor.post("/sign-in", &fields).location(), "/apps/pci-index?edition=2021");
}

#[test]
fn a_wrong_password_and_an_unknown_name_are_refused_in_the_same_words() {
    let (_folder, server, officer) = demo();
    let visitor = server.visitor();
    let wrong = visitor.ask_for_token(&officer.account, "không phải mật khẩu").expect(401).json();
    let unknown = visitor.ask_for_token("khong-co-ai-ten-nay", "không phải mật khẩu").expect(401).json();
    assert_eq!(wrong, unknown);
    let page = visitor.try_sign_in(&officer.account, "không phải mật khẩu");
    assert_eq!(page.status, 401);
    assert!(page.body.contains("Tên đăng nhập hoặc mật khẩu không đúng"), "{}", page.body);
}

#[test]
fn five_wrong_passwords_lock_the_name_until_an_administrator_releases_it() {
    let (folder, server, officer) = demo();
    let visitor = server.visitor();
    for _ in 0..4 {
        visitor.ask_for_token(&officer.account, "không phải mật khẩu").expect(401);
    }
    visitor.ask_for_token(&officer.account, "không phải mật khẩu").expect(429);
    let locked = visitor.ask_for_token(&officer.account, &officer.password).expect(429);
    assert_eq!(locked.header("content-type"), "application/problem+json");
    let administrator = folder.with_role("dinh.administrator").account;
    let unlocked = run_on(folder.path(), &["account", "unlock", &officer.account, "--as", &administrator]);
    assert_eq!(unlocked.code, Some(0), "{unlocked:?}");
    visitor.ask_for_token(&officer.account, &officer.password).expect(200);
}

#[test]
fn one_changes_ones_own_password_and_the_old_one_no_longer_opens() {
    let (_folder, server, officer) = demo();
    let visitor = server.visitor().sign_in(&officer.account, &officer.password);
    let other = server.visitor().sign_in(&officer.account, &officer.password);
    let new = "bốn mùa hoa nở";
    let refused = visitor.submit(
        "/account/password",
        "/account/password",
        &[("current", &officer.password), ("new", "ngắn"), ("again", "ngắn")],
    );
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("ít nhất 10 ký tự"), "{}", refused.body);
    let changed = visitor.submit(
        "/account/password",
        "/account/password",
        &[("current", &officer.password), ("new", new), ("again", new)],
    );
    assert_eq!(changed.status, 303, "{changed:?}");
    visitor.get("/").expect(200);
    assert!(other.get("/").location().starts_with("/sign-in"), "other sessions are over");
    server.visitor().ask_for_token(&officer.account, &officer.password).expect(401);
    server.visitor().ask_for_token(&officer.account, new).expect(200);
}

#[test]
fn a_password_that_somebody_else_set_must_be_changed_before_anything_else() {
    let (folder, server, officer) = demo();
    let administrator = folder.with_role("dinh.administrator").account;
    let words = ["account", "set-password", &officer.account, "--password-stdin", "--as", &administrator];
    assert_eq!(run_on_with(folder.path(), &words, "mật khẩu tạm thời\n").code, Some(0));
    let visitor = server.visitor();
    visitor.try_sign_in(&officer.account, "mật khẩu tạm thời").expect(303);
    assert_eq!(visitor.get("/apps/pci-index").location(), "/account/password");
}

#[test]
fn a_session_that_was_ended_is_asked_to_sign_in_again_and_a_program_told_so() {
    let (folder, server, officer) = demo();
    let person = server.visitor().sign_in(&officer.account, &officer.password);
    let program = server.visitor().program(&officer.account, &officer.password);
    program.get_json("/apps/pci-index").expect(200);
    let administrator = folder.with_role("dinh.administrator").account;
    let suspend = ["account", "suspend", &officer.account, "--as", &administrator];
    assert_eq!(run_on(folder.path(), &suspend).code, Some(0));
    assert!(person.get("/apps/pci-index").location().starts_with("/sign-in"));
    let refused = program.get_json("/apps/pci-index").expect(401);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    Visitor::with_token(&server.pages, "never-a-token").get_json("/").expect(401);
}

#[test]
fn a_session_that_is_too_old_is_over_whatever_it_does() {
    let folder = Folder::demo();
    let server = Server::start_with(folder.path(), "[session]\nidle = \"2s\"\nabsolute = \"2s\"\n");
    let officer = folder.with_role("pci-index.editor");
    let program = server.visitor().program(&officer.account, &officer.password);
    let person = server.visitor().sign_in(&officer.account, &officer.password);
    // Each look is a request, so it does not end for being idle.
    let over = until(|| person.get("/").status != 200);
    assert!(over, "it never ended");
    assert_eq!(person.get("/apps/pci-index").location(), "/sign-in?next=%2Fapps%2Fpci-index&why=ended");
    assert!(person.get("/sign-in?why=ended").expect(200).body.contains("Phiên làm việc đã kết thúc"));
    program.get_json("/apps/pci-index").expect(401);
}

#[test]
fn somebody_without_the_right_is_refused_with_the_reason() {
    let (folder, server, _) = demo();
    let outsider = folder.outsider();
    let visitor = server.visitor().sign_in(&outsider.account, &outsider.password);
    // The door is there, shut; beside it the way to the reason.
    let program = server.visitor().program(&outsider.account, &outsider.password);
    let launcher = program.get_json("/").expect(200).json();
    assert_eq!(launcher["plugins"], json!([]), "{launcher}");
    let locked = launcher["locked"].as_array().unwrap().iter().find(|door| door["name"] == "Chỉ số PCI");
    let why = locked.unwrap_or_else(|| panic!("{launcher}"))["why"].as_str().unwrap();
    let refused = visitor.get(why).expect(403);
    assert!(
        refused.body.contains("Xem điểm và xếp hạng PCI"),
        "the missing right by its name: {}",
        refused.body
    );
    assert!(refused.body.contains("Lê Minh Tuấn"), "who could grant it: {}", refused.body);

    // The reader may look and not import.
    let reader = folder.with_role("pci-index.reader");
    let visitor = server.visitor().sign_in(&reader.account, &reader.password);
    visitor.get("/apps/pci-index").expect(200);
    visitor.get("/apps/pci-index/import").expect(403);
    // A refusal is evidence.
    let history =
        run_on(folder.path(), &["account", "history", &reader.account, "--as-operator", "--json"]).json();
    assert!(history.to_string().contains("access.refused"), "{history}");
}

#[test]
fn a_right_that_is_given_or_withdrawn_holds_at_the_next_request() {
    let (folder, server, _) = demo();
    let outsider = folder.outsider();
    let program = server.visitor().program(&outsider.account, &outsider.password);
    program.get_json("/apps/pci-index").expect(403);
    let give = [
        "grant",
        "give",
        "--to",
        &outsider.account,
        "--role",
        "pci-index.reader",
        "--unit",
        "skhdt",
        "--as-operator",
        "--json",
    ];
    let grant = run_on(folder.path(), &give).json()["id"].to_string();
    program.get_json("/apps/pci-index").expect(200);
    assert_eq!(run_on(folder.path(), &["grant", "withdraw", &grant, "--as-operator"]).code, Some(0));
    program.get_json("/apps/pci-index").expect(403);
}

#[test]
fn a_program_signs_in_for_a_token_and_the_page_cookie_is_none() {
    let (_folder, server, officer) = demo();
    let visitor = server.visitor();
    let answer = visitor.post_json("/api/v1/session", &json!({ "account": officer.account }));
    assert_eq!(answer.status, 400);
    let page = visitor.try_sign_in(&officer.account, &officer.password).expect(303);
    let cookie = page.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite"), "{cookie}");
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    Visitor::with_token(&server.pages, token).get_json("/").expect(401);
}

#[test]
fn a_lost_password_is_released_and_sessions_are_listed_and_ended_by_command() {
    let (folder, server, officer) = demo();
    let login = officer.account.as_str();
    let visitor = server.visitor().sign_in(login, &officer.password);
    let administrator = folder.with_role("dinh.administrator").account;
    let on = |words: &[&str]| run_on(folder.path(), &[words, &["--as", &administrator, "--json"]].concat());
    let sessions = on(&["account", "sessions", login]).json();
    let mut pages =
        sessions["sessions"].as_array().unwrap().iter().filter(|session| session["kind"] == "page");
    assert_eq!(pages.next().unwrap()["address"], "127.0.0.1");
    assert!(pages.next().is_none(), "{sessions}");
    assert_eq!(on(&["account", "end-sessions", login]).json()["ended"], true);
    assert!(visitor.get("/").location().starts_with("/sign-in"), "the session is over");

    assert_eq!(
        on(&["account", "release-password", login]).code,
        Some(2),
        "how identity was checked is asked for"
    );
    let released = on(&["account", "release-password", login, "--identity", "vneid"]).json();
    server.visitor().ask_for_token(login, &officer.password).expect(401);
    let temporary = released["temporary_password"].as_str().unwrap();
    let token = server.visitor().ask_for_token(login, temporary).expect(200);
    assert!(token.body.contains("token"), "{token:?}");
    let own = on(&["account", "release-password", &administrator, "--identity", "vneid"]);
    assert!(own.refusal().contains("another administrator"), "{own:?}");
    assert_eq!(
        on(&["account", "reset-second-factor", login, "--identity", "staff-card"]).json()["removed"],
        false
    );
    assert_eq!(on(&["account", "tokens", login]).json(), serde_json::json!([]));
}

#[test]
fn with_the_server_stopped_commands_take_the_passwords_that_it_takes() {
    let folder = Folder::demo();
    let officer = folder.with_role("pci-index.editor").account;
    let set = |password: &str| {
        let words = ["account", "set-password", &officer, "--password-stdin", "--as-operator"];
        run_on_with(folder.path(), &words, password)
    };
    assert!(set("ngắn quá\n").refusal().contains("at least 10"), "as usual before the first start");
    let server = Server::start_with(folder.path(), "[password]\nlength = 17\ntemporary-days = 3\n");
    assert!(set("ba con mèo đen to\n").out.contains("accepted until"));
    assert!(set("ba con mèo đen\n").refusal().contains("at least 17"));
    assert!(server.stop().success());
    assert!(set("ba con mèo đen\n").refusal().contains("at least 17"));
    let shown = run_on(folder.path(), &["account", "show", &officer, "--as-operator", "--json"]).json();
    assert_eq!(shown["temporary_password"]["days"], 3);
    let server = Server::start(folder.path());
    assert!(server.stop().success());
    assert_eq!(set("ba con mèo đen\n").code, Some(0), "as the server was last started");
}
