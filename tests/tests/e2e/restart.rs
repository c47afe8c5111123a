//! What stays when the server stops, is killed, and starts again.

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;

fn ranking(visitor: &Visitor) -> serde_json::Value {
    let page = visitor.get_json("/apps/pci-index?edition=2021").expect(200).json();
    page::table(&page, "ranking")["rows"].clone()
}

#[test]
fn sessions_records_and_plugins_are_there_after_a_restart_and_after_a_power_cut() {
    let folder = Folder::demo();
    let officer = folder.with_role("pci-index.editor");
    let server = Server::start(folder.path());
    let token = server.visitor().ask_for_token(&officer.account, &officer.password).expect(200).json();
    let token = token["token"].as_str().unwrap();
    let before = ranking(&Visitor::with_token(&server.pages, token));
    assert!(server.stop().success(), "SIGTERM ends it in order");

    let server = Server::start(folder.path());
    assert_eq!(ranking(&Visitor::with_token(&server.pages, token)), before);
    let rows = "year,province,entry_costs\n2021,Nghệ An,7.21\n";
    let person = server.visitor().sign_in(&officer.account, &officer.password);
    let at = person.submit_file("/apps/pci-index/import", "scores", "diem.csv", rows.as_bytes());
    let at = at.location().to_owned();
    assert_eq!(person.submit(&at, "/apps/pci-index/import", &[("rows", "all")]).status, 303);
    let acknowledged = ranking(&Visitor::with_token(&server.pages, token));
    assert_ne!(acknowledged, before);
    server.kill();

    let server = Server::start(folder.path());
    assert_eq!(ranking(&Visitor::with_token(&server.pages, token)), acknowledged);
}

#[test]
fn a_stop_in_the_middle_of_requests_answers_those_it_has_taken() {
    let folder = Folder::demo();
    let officer = folder.with_role("pci-index.editor");
    let server = Server::start(folder.path());
    let program = server.visitor().program(&officer.account, &officer.password);
    program.get_json("/apps/pci-index").expect(200);
    let asking = std::thread::spawn(move || {
        // Asks until nobody answers; every answer that comes is whole.
        let mut answered = 0;
        while let Some(answer) = program.try_get_json("/apps/pci-index?edition=2021") {
            assert_eq!(answer.status, 200, "{answer:?}");
            answered += 1;
        }
        answered
    });
    assert!(server.stop().success());
    asking.join().unwrap();
    Server::start(folder.path());
}
