//! Kiểm tra, giám sát, kỷ luật, as those meet it who deal with cases, and those whom cases are about.
//!
//! ```text
//! case, files     a case from its opening to its end, with its documents
//! kinds           the seven kinds, each through its steps; the statistics of all
//! subject         whom it is about does not see it
//! denunciation    who denounced; relatives stay out
//! discipline      ballot, decision, complaint
//! pages           as reviewed files
//! ```

mod case;
mod denunciation;
mod discipline;
mod files;
mod kinds;
mod pages;
mod subject;

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::programs::run_on;
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;
use serde_json::{Value, json};

const APP: &str = "/apps/inspection";

/// The demo with those who deal with cases, as programs.
struct Committee {
    folder: Folder,
    server: Server,
    head: Visitor,
    officer: Visitor,
    intake: Visitor,
}

impl Committee {
    fn open() -> Self {
        let folder = Folder::demo();
        let server = Server::start(folder.path());
        let program = |role: &str| {
            let account = folder.with_role(role);
            server.visitor().program(&account.account, &account.password)
        };
        let head = program("inspection.head");
        let (officer, intake) = (program("inspection.officer"), program("inspection.intake"));
        Self { folder, server, head, officer, intake }
    }

    /// The reference of a member whose number in personnel is this: forms take it from a picker.
    fn member(&self, number: &str) -> String {
        let found =
            rows(&self.with_role("personnel.clerk"), &format!("/apps/personnel?q={number}"), "people");
        found[0]["href"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
    }

    fn with_role(&self, role: &str) -> Visitor {
        let account = self.folder.with_role(role);
        self.server.visitor().program(&account.account, &account.password)
    }
}

/// The rows of a list.
fn rows(program: &Visitor, path: &str, table: &str) -> Vec<Value> {
    let page = program.get_json(path).expect(200).json();
    page::table(&page, table)["rows"].as_array().unwrap().clone()
}

/// Submits a form; where the answer leads.
fn submit(program: &Visitor, path: &str, form: &str, inputs: Value) -> String {
    let answer = program.post_json(path, &json!({ "form": form, "inputs": inputs }));
    assert!((200..400).contains(&answer.status), "{path} {form}: {answer:?}");
    match answer.header("location") {
        "" => answer.json()["location"].as_str().unwrap_or_default().to_owned(),
        location => location.split('?').next().unwrap_or_default().to_owned(),
    }
}

/// What a form was refused for.
fn refused(program: &Visitor, path: &str, form: &str, inputs: Value) -> String {
    let answer = program.post_json(path, &json!({ "form": form, "inputs": inputs }));
    assert!((400..500).contains(&answer.status), "{path} {form}: {answer:?}");
    answer.body
}

/// The day on which the server runs, from a form that begins with it.
fn today(program: &Visitor) -> String {
    let page = program.get_json(&format!("{APP}/new/thematic")).expect(200).json();
    let field = page::find(&page, &|value| value["name"] == "opened-on").unwrap();
    field["value"].as_str().unwrap().to_owned()
}

/// A case about the member whose number in personnel is this.
fn opened(committee: &Committee, kind: &str, title: &str, number: &str) -> String {
    let inputs = json!({
        "title": title, "opened-on": today(&committee.head), "level": "base", "content": "law",
        "subject": "member", "member": committee.member(number),
    });
    submit(&committee.head, &format!("{APP}/new/{kind}"), "open", inputs)
}
