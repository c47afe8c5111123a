//! What a plugin says stays text: in a real browser, on pages that say everything strangers would like to say.

use dinh_tests::browser::Browser;
use dinh_tests::folder::{Account, Folder};
use dinh_tests::programs::{plugin, run_on};
use dinh_tests::server::Server;
use serde_json::Value;

/// A deployment with the plugin, and an officer who may open it.
fn with_strings() -> (Folder, Server, Account) {
    let folder = Folder::demo();
    let file = plugin("strings");
    let install = ["plugin", "install", file.to_str().unwrap(), "--home-unit", "skhdt", "--as-operator"];
    let installed = run_on(folder.path(), &install);
    assert_eq!(installed.code, Some(0), "{installed:?}");
    let officer = folder.with_role("pci-index.editor");
    let to = ["--to", &officer.account, "--role", "strings.visitor", "--unit", "tinh", "--as-operator"];
    let given = run_on(folder.path(), &[["grant", "give"].as_slice(), to.as_slice()].concat());
    assert_eq!(given.code, Some(0), "{given:?}");
    let server = Server::start(folder.path());
    (folder, server, officer)
}

/// The elements of the page and the names of their attributes, but for charts, whose shape depends on their texts.
const SKELETON: &str = "
    return [...document.querySelectorAll('body *')].filter(it => !it.closest('figure')).map(it =>
        it.localName + ' ' + it.getAttributeNames().sort().join(' ')).join('\\n');";

/// What came from elsewhere, is shown in a frame, or would take the page elsewhere.
const FOREIGN: &str = "
    const loaded = performance.getEntriesByType('resource').map(it => it.name)
        .filter(it => new URL(it).origin !== location.origin);
    const there = [...document.querySelectorAll(
        'iframe, object, embed, base, body script, meta[http-equiv], body style, body link, img, video')];
    const schemes = [...document.querySelectorAll('a[href], form[action], [formaction], [src]')]
        .map(it => it.href || it.formAction || it.action || it.src)
        .filter(it => it && !/^https?:\\/\\//.test(it));
    return [...loaded, ...there.map(it => it.outerHTML), ...schemes, ...Object.keys(window).filter(it => it === 'hacked')];";

/// Nothing of the page is more than text, and the browser had nothing to complain of.
fn harmless(browser: &Browser, what: &str) {
    let foreign = browser.run(FOREIGN);
    assert_eq!(foreign, Value::Array(Vec::new()), "{what}");
    // A script that ran would say that it knows no `hacked`; one that was blocked, that it was.
    let mut complaints = browser.console();
    // It notes what the page itself was answered with, which may be that a form has to be corrected.
    let here = browser.run("return location.href");
    let own = format!("{} - Failed to load resource: the server responded with", here.as_str().unwrap());
    complaints.retain(|complaint| !complaint.contains(&own));
    assert!(complaints.is_empty(), "{what}: {complaints:#?}");
}

#[test]
fn every_hostile_text_in_every_place_is_text_in_a_real_browser() {
    let (_folder, server, officer) = with_strings();
    let browser = Browser::start();
    let open = |path: &str| browser.open(&format!("{}{path}", server.pages));
    open("/");
    browser.fill("#account", &officer.account);
    browser.fill("#password", &officer.password);
    browser.click("main button.primary");
    // The launcher shows the plugin's name, as it is written.
    browser.wait_for("<script>hacked('name')</script>");
    harmless(&browser, "the launcher");
    // With a query as the others have one, which the filters carry along.
    open("/apps/strings/one?none=0");
    let skeleton = browser.run(SKELETON);
    harmless(&browser, "the page without harm");
    open("/apps/strings");
    browser.wait_for("<img src=x onerror=hacked('img')>");
    harmless(&browser, "every text");
    let mut number = 0;
    loop {
        open(&format!("/apps/strings/one?number={number}"));
        let title = browser.run("return document.querySelector('h1').textContent");
        let elements = browser.run(SKELETON);
        if elements != skeleton && browser.run("return document.querySelectorAll('table').length") == 0 {
            break;
        }
        assert_eq!(elements, skeleton, "text {number}: {title}");
        harmless(&browser, &format!("text {number}: {title}"));
        number += 1;
    }
    assert!(number > 100, "only {number} texts");
    // That there is no further text is not found, which the browser notes.
    browser.console();
    // Said in a notice, and as what is wrong.
    for (number, wrong) in [(0, false), (3, false), (0, true), (45, true)] {
        open("/apps/strings/say");
        browser.fill("[name='f.number']", &number.to_string());
        if wrong {
            browser.click("[type=checkbox][name='f.wrong']");
        }
        browser.click("main form button.primary");
        browser.wait_for(if number == 3 { "<img" } else { "hacked(" });
        harmless(&browser, &format!("said {number}"));
    }
}

#[test]
fn pages_and_files_say_that_nothing_in_them_is_to_be_run() {
    let (_folder, server, officer) = with_strings();
    let program = server.visitor().program(&officer.account, &officer.password);
    let page = program.get("/apps/strings").expect(200);
    let policy = page.header("content-security-policy");
    for rule in ["default-src 'self'", "base-uri 'none'", "form-action 'self'", "object-src 'none'"] {
        assert!(policy.contains(rule), "{rule} is not in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    let file = program.get("/apps/strings?export=b01&format=csv").expect(200);
    assert!(file.header("content-security-policy").contains("sandbox"));
    assert!(file.header("content-disposition").starts_with("attachment"));
    for answer in [&page, &file] {
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        for header in ["refresh", "location", "set-cookie"] {
            assert!(!answer.headers.contains_key(header), "{header}");
        }
    }
    // A spreadsheet takes none of its cells for a formula.
    let cells = file.body.lines().flat_map(|line| line.trim_start_matches('\u{feff}').split([',', ';']));
    for cell in cells.map(|cell| cell.trim_start_matches('"')) {
        let number = cell.trim_end_matches('"').replace(['.', ',', ' '], "").parse::<i64>().is_ok();
        assert!(number || !cell.starts_with(['=', '@', '+', '\t']), "{cell:?}");
    }
}
