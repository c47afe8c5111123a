//! One story through all departments, as the people concerned live it, over HTTP; each act rests on the one before.
//!
//! ```text
//! recruit   personnel recruits a member of the Party; the person is given an account
//! dues      finance assesses, without anything typed again; three months stay unpaid
//! case      inspection sees that under contract, opens a dossier, votes, disciplines
//! sheet     personnel puts the raise off; the member sees it, the neighbour department sees nothing
//! ends      the contracts end: reads are refused, references are not available
//! proof     who did each of these things is in the evidence, and every entry is proven
//! ```

mod case;
mod dues;
mod ends;
mod proof;
mod recruit;
mod sheet;

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::programs::run_on;
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;
use serde_json::{Map, Value, json};

/// Who asks for accounts, rights and contracts.
const ADMINISTRATOR: &str = "leminhtuan-vpubnd";
/// Who agrees to them, and signs decisions on officers.
const DIRECTOR: &str = "hoangthimai-vpubnd";
const CLERK: &str = "tranthihoa-snv";
const COLLECTOR: &str = "dothihanh-vptu";
const INSPECTOR: &str = "vuquockhanh-ubkttu";
const NEIGHBOUR: &str = "phamvanduc-skhdt";

/// The member of the story: number, name, sign-in name.
const NUMBER: &str = "CB9001";
const NAME: &str = "Trịnh Thị Ngân";
const MEMBER: &str = "trinhthingan-sxd";
const PASSWORD: &str = "một câu đủ dài";
/// Where the member serves.
const DEPARTMENT: &str = "Sở Xây dựng";

/// The demo's province with its people at work.
struct Province {
    folder: Folder,
    server: Server,
    clerk: Visitor,
    director: Visitor,
    collector: Visitor,
    inspector: Visitor,
    /// The day of the story.
    today: Date,
    /// The number of the unit where the member serves.
    unit: String,
    /// The address of the member's sheet.
    sheet: String,
    /// What was done so far, as the evidence has to tell it.
    told: Vec<proof::Told>,
}

impl Province {
    fn open() -> Self {
        let folder = Folder::demo();
        let server = Server::start(folder.path());
        let program = |login: &str| {
            let account = folder.accounts().into_iter().find(|account| account.account == login).unwrap();
            server.visitor().program(login, &account.password)
        };
        let (clerk, director, collector) = (program(CLERK), program(DIRECTOR), program(COLLECTOR));
        let inspector = program(INSPECTOR);
        let today = Date::shown(&inspector);
        Self {
            folder,
            server,
            clerk,
            director,
            collector,
            inspector,
            today,
            unit: String::new(),
            sheet: String::new(),
            told: Vec::new(),
        }
    }

    /// Somebody of the demo.
    fn person(&self, login: &str) -> Visitor {
        let account = self.folder.accounts().into_iter().find(|account| account.account == login).unwrap();
        self.server.visitor().program(login, &account.password)
    }

    /// A command of the platform's own people, as JSON.
    fn command(&self, words: &[&str]) -> Value {
        run_on(self.folder.path(), &[words, &["--json"]].concat()).json()
    }
}

/// A day; the story needs the first days of months.
#[derive(Clone, Copy)]
struct Date {
    year: u32,
    month: u32,
    day: u32,
}

impl Date {
    /// The day on which the server runs, from a form that begins with it.
    fn shown(inspector: &Visitor) -> Self {
        let page = inspector.get_json("/apps/inspection/new/thematic").expect(200).json();
        let field = page::find(&page, &|value| value["name"] == "opened-on").unwrap();
        let parts: Vec<u32> =
            field["value"].as_str().unwrap().split('-').map(|part| part.parse().unwrap()).collect();
        Self { year: parts[0], month: parts[1], day: parts[2] }
    }

    /// Three months of one year that are over or under way, of which three unpaid ones are reported.
    fn three_months(self) -> [String; 3] {
        let (year, last) = if self.month < 3 { (self.year - 1, 12) } else { (self.year, self.month) };
        [last - 2, last - 1, last].map(|month| format!("{month:02}/{year}"))
    }

    /// The same day so many months later; the months must have it.
    fn months_later(self, months: u32) -> Self {
        let months = self.month - 1 + months;
        Self { year: self.year + months / 12, month: months % 12 + 1, day: self.day }
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Submits a form; where the answer leads.
fn submit(program: &Visitor, path: &str, form: &str, inputs: Value) -> String {
    let answer = program.post_json(path, &json!({ "form": form, "inputs": inputs }));
    assert!((200..400).contains(&answer.status), "{path} {form}: {answer:?}");
    match answer.header("location") {
        "" => answer.json()["location"].as_str().unwrap_or_default().to_owned(),
        location => location.split(['?', '#']).next().unwrap_or_default().to_owned(),
    }
}

/// Fills in a form as it is shown, with these fields changed, and submits it; where the answer leads.
fn fill_in(program: &Visitor, path: &str, form: &str, changed: &[(&str, Value)]) -> String {
    let page = program.get_json(path).expect(200).json();
    let shown = page::find(&page, &|value| value["form"] == form && value.get("groups").is_some()).unwrap();
    let mut inputs = Map::new();
    for field in page::all(&shown["groups"], &|value| value["name"].is_string()) {
        inputs.insert(field["name"].as_str().unwrap().to_owned(), field["value"].clone());
    }
    for (name, value) in changed {
        assert!(inputs.insert((*name).to_owned(), value.clone()).is_some(), "{path} does not ask for {name}");
    }
    submit(program, path, form, Value::Object(inputs))
}

/// The rows of a list.
fn rows(program: &Visitor, path: &str, table: &str) -> Vec<Value> {
    let page = program.get_json(path).expect(200).json();
    page::table(&page, table)["rows"].as_array().unwrap().clone()
}

/// The value of a labelled fact or figure.
fn fact(page: &Value, label: &str) -> Value {
    let fact = page::find(page, &|value| value["label"] == label && value.get("value").is_some());
    fact.unwrap_or_else(|| panic!("no {label} in {page}"))["value"].clone()
}

#[test]
fn a_member_is_recruited_assessed_inspected_and_disciplined_across_departments_and_every_step_is_proven() {
    let mut province = Province::open();
    let begun = proof::begin(&province);
    recruit::act(&mut province);
    dues::act(&mut province);
    let case = case::act(&mut province);
    sheet::act(&mut province, &case);
    ends::act(&mut province, &case);
    proof::act(province, &begun);
}
