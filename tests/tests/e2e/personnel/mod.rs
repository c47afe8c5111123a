//! Cán bộ, công chức, as those meet them who keep records, sign, or look at their own.
//!
//! ```text
//! lists, reports      who there is, and how many, as of any day
//! sheet, own          one record: kept by the clerk, seen by its officer
//! decisions, due      what happens to officers, and what is due
//! allowances          what is paid besides the step, and trainings, as of any day
//! pages               those that tell of histories and of the newer decisions, as reviewed files
//! papers              the files of decisions, of officers, of corrections
//! import              thousands at once
//! ```

mod allowances;
mod decisions;
mod due;
mod import;
mod lists;
mod own;
mod pages;
mod papers;
mod reports;
mod sheet;

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;
use serde_json::{Value, json};

const APP: &str = "/apps/personnel";

/// The demo with those who deal with officers, as programs.
struct Office {
    folder: Folder,
    server: Server,
    clerk: Visitor,
    head: Visitor,
}

impl Office {
    fn open() -> Self {
        let folder = Folder::demo();
        let server = Server::start(folder.path());
        let program = |role: &str| {
            let account = folder.with_role(role);
            server.visitor().program(&account.account, &account.password)
        };
        let (clerk, head) = (program("personnel.clerk"), program("personnel.head"));
        Self { folder, server, clerk, head }
    }

    /// Somebody of the demo, by sign-in name.
    fn person(&self, login: &str) -> Visitor {
        let account = self.folder.accounts().into_iter().find(|account| account.account == login).unwrap();
        self.server.visitor().program(&account.account, &account.password)
    }

    /// The unit of a row of the page of headcounts that says these words.
    fn unit(&self, words: &str) -> u32 {
        let headcount = self.clerk.get_json(&format!("{APP}/headcount")).expect(200).json();
        let rows = page::table(&headcount, "headcount")["rows"].as_array().unwrap();
        let row = rows.iter().map(Value::to_string).find(|row| row.contains(words)).unwrap();
        let id = row.split("unit=").nth(1).unwrap();
        id.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
    }

    /// The address of the sheet of the one officer found by these words.
    fn sheet(&self, words: &str) -> String {
        let page = self.clerk.get_json(&format!("{APP}?q={}", words.replace(' ', "+"))).expect(200).json();
        let rows = page::table(&page, "people")["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 1, "{words}: {rows:?}");
        rows[0]["href"].as_str().unwrap().to_owned()
    }
}

/// The cells of a table's rows.
fn rows<'a>(page: &'a Value, table: &str) -> Vec<&'a Value> {
    page::table(page, table)["rows"].as_array().unwrap().iter().map(|row| &row["cells"]).collect()
}

/// The value of a labelled fact.
fn fact<'a>(page: &'a Value, label: &str) -> &'a Value {
    let fact = page::find(page, &|value| value["label"] == label && value.get("value").is_some());
    &fact.unwrap_or_else(|| panic!("no {label} in {page}"))["value"]
}

/// Submits a form and goes where the answer leads.
fn submit(program: &Visitor, path: &str, body: &Value) -> String {
    let answer = program.post_json(path, body);
    assert!((200..400).contains(&answer.status), "{path} {body}: {answer:?}");
    match answer.header("location") {
        "" => answer.json()["location"].as_str().unwrap_or_default().to_owned(),
        location => location.to_owned(),
    }
}

/// What a form was refused for.
fn refused(program: &Visitor, path: &str, body: &Value) -> String {
    let answer = program.post_json(path, body);
    assert!((400..500).contains(&answer.status), "{path} {body}: {answer:?}");
    answer.body
}

/// Drafts a decision, submits it, and has it signed; its page.
fn decide(office: &Office, sheet: &str, kind: &str, inputs: &Value) -> String {
    let drafted = submit(
        &office.clerk,
        &format!("{sheet}/decide/{kind}"),
        &json!({ "form": "draft", "inputs": inputs }),
    );
    let signature = json!({ "form": "sign", "inputs": { "signer-title": "Phó Chánh Văn phòng" } });
    let page = drafted.split('#').next().unwrap();
    submit(&office.head, page, &signature);
    page.to_owned()
}
