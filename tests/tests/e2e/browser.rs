//! The smoke test in a real browser.

use std::fs;

use dinh_tests::browser::Browser;
use dinh_tests::folder::Folder;
use dinh_tests::server::Server;

/// A browser in which the planning officer has signed in, as a person does.
fn signed_in(folder: &Folder, server: &Server) -> Browser {
    let officer = folder.with_role("pci-index.editor");
    let browser = Browser::start();
    browser.open(&format!("{}/", server.pages));
    browser.fill("#account", &officer.account);
    browser.fill("#password", &officer.password);
    browser.click("main button.primary");
    browser.wait_for("Chỉ số PCI");
    browser
}

#[test]
fn an_officer_signs_in_opens_the_ranking_and_imports_a_file_without_a_complaint_of_the_browser() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let browser = signed_in(&folder, &server);
    browser.follow("Chỉ số PCI");
    browser.wait_for("Điểm PCI");
    browser.open(&format!("{}/apps/pci-index?edition=2021", server.pages));
    browser.wait_for("Quảng Ninh");
    browser.wait_for("73,02");
    browser.follow("Quảng Ninh");
    browser.wait_for("Chỉ số thành phần");

    let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    fs::write(file.path(), "year,province,entry_costs,published_score\n2021,Nghệ An,\"7,21\",64.74\n")
        .unwrap();
    browser.open(&format!("{}/apps/pci-index/import", server.pages));
    browser.attach("input[type=file]", file.path());
    browser.click("form[enctype] button.primary");
    browser.wait_for("Nghệ An");
    browser.click("button[name=rows][value=all]");
    browser.wait_for("Xếp hạng PCI");
    browser.open(&format!("{}/apps/pci-index?edition=2021&q=nghe+an", server.pages));
    browser.wait_for("64,74");

    let complaints = browser.console();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// How far the page can be pushed sideways: nothing may stand where one has to push to see it, except in a box
/// of its own.
fn sideways(browser: &Browser) -> i64 {
    let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    browser.run(script).as_i64().unwrap()
}

#[test]
fn no_page_is_wider_than_the_screen_it_is_on() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let browser = signed_in(&folder, &server);
    let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    fs::write(file.path(), "year,province,entry_costs\n2021,Nghệ An,\"7,21\"\n2021,Nghệ An,11\n").unwrap();
    browser.open(&format!("{}/apps/pci-index/import", server.pages));
    browser.attach("input[type=file]", file.path());
    browser.click("form[enctype] button.primary");
    browser.wait_for("Xem trước");
    let preview = browser.address();
    let pages = [
        "/",
        "/account",
        "/apps/pci-index?edition=2021",
        "/apps/pci-index/provinces/38?edition=2021",
        "/apps/pci-index/provinces/22",
        "/apps/pci-index/compare?edition=2021&province=22&province=38&province=31",
        "/apps/pci-index/import",
        "/apps/pci-index/editions",
        "/apps/pci-index/editions/2021",
        "/apps/pci-index/provinces/999",
    ];
    for width in [320, 390, 640, 1280] {
        browser.resize(width);
        for address in pages.iter().map(|page| format!("{}{page}", server.pages)).chain([preview.clone()]) {
            browser.open(&address);
            assert_eq!(sideways(&browser), 0, "{address} at {width}");
        }
    }
}
