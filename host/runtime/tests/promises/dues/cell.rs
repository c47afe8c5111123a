//! A cell of the Party whose dues are tried, and what its pages show.

use dinh_model::{AccountId, Actor, ContractId, Language};
use dinh_runtime::bindings::pages::CellInput;
use dinh_runtime::bindings::types::{self, Value};
use dinh_runtime::bindings::views::{Block, FieldKind, Page, Table, Target};
use dinh_runtime::{CallError, Submitted};
use dinh_services::records;
use dinh_services::sharing::{self, Terms};

use crate::house::{House, component, submission};

pub const PLUGIN: &str = "party-finance";

/// Key, first day, value with four places: as the plugin ships them.
pub const RATES: &str = include_str!("../../../../../plugins/party-finance/data/rates.csv");

/// Kind, level, first day, per cent, of what: as the plugin ships them.
pub const SHARES: &str = include_str!("../../../../../plugins/party-finance/data/retention.csv");

pub fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub fn date(day: &str) -> Value {
    let day: dinh_model::Date = day.parse().unwrap();
    Value::Date(dinh_model::time::days(day))
}

pub fn decimal(text: &str) -> Value {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let unscaled = format!("{whole}{places}").parse().unwrap();
    Value::Decimal(types::Decimal { unscaled, scale: u8::try_from(places.len()).unwrap() })
}

/// A cell of the Party in planning, on 2 June 2026.
pub struct Cell {
    pub house: House,
    pub collector: AccountId,
    pub treasurer: AccountId,
    pub contract: Option<ContractId>,
}

impl Cell {
    /// With three members: An (4,98), Bình (3,33, reduced later), Châu (fifty years of membership).
    pub fn new() -> Self {
        Self::under(|_| ())
    }

    /// Under a contract narrowed by its steward.
    pub fn under(narrow: impl Fn(&mut Terms)) -> Self {
        let mut cell = Self::without_contract();
        let plugin = PLUGIN.parse().unwrap();
        let operator = cell.house.operator();
        let perform = &cell.house.platform;
        let contract = perform.perform(&operator, |call| sharing::request(call, &plugin, "members")).unwrap();
        let agreed = perform.perform(&operator, |call| {
            let mut terms = Terms::asked(&sharing::get_contract(call, contract)?);
            narrow(&mut terms);
            sharing::approve(call, contract, terms)
        });
        agreed.unwrap();
        cell.contract = Some(contract);
        cell
    }

    pub fn without_contract() -> Self {
        let house = House::at("2026-06-02T01:00:00Z");
        house.install(&component("members")).unwrap();
        house.install(&component(PLUGIN)).unwrap();
        let clerk = house.person("tochuc", house.province);
        house.give(clerk, "personnel.clerk", house.province);
        for (name, unit, coefficient, admitted) in [
            ("Nguyễn Văn An", house.planning, "4.98", Some("2010-02-03")),
            ("Trần Thị Bình", house.planning, "3.33", Some("2015-05-19")),
            ("Lê Hoàng Châu", house.planning, "6.10", Some("1976-02-03")),
            ("Phạm Văn Dũng", house.planning, "2.34", None),
            ("Vũ Thị Giang", house.finance, "4.40", Some("2012-09-02")),
        ] {
            let admitted = admitted.map_or(Value::Empty, date);
            let inputs = [
                ("full-name", text(name)),
                ("unit", Value::Unit(unit.0)),
                ("insured-coefficient", decimal(coefficient)),
                ("party-admitted-on", admitted),
            ];
            done(house.submit(clerk, "personnel", "add", &inputs));
        }
        let steward = house.person("quychuan", house.province);
        house.give(steward, "party-finance.steward", house.province);
        for line in RATES.lines().skip(1) {
            let cells: Vec<&str> = line.splitn(4, ',').collect();
            let [key, from, value, source] = cells.as_slice() else { panic!("four cells: {line}") };
            let inputs = [
                ("key", text(key)),
                ("from", date(from)),
                ("value", decimal(value)),
                ("source", text(source)),
            ];
            done(house.hand_in(steward, PLUGIN, "/rates", submission("rate", &inputs)));
        }
        tables(&house, steward);
        let collector = house.person("thuphi", house.planning);
        house.give(collector, "party-finance.collector", house.planning);
        let treasurer = house.person("duyetphi", house.planning);
        house.give(treasurer, "party-finance.treasurer", house.planning);
        for account in [collector, treasurer] {
            house.give(account, "party-finance.staff", house.province);
        }
        Self { house, collector, treasurer, contract: None }
    }

    pub fn at(&self, path: &str, month: &str) -> String {
        format!("{path}?unit={}&month={month}", self.house.planning.0)
    }

    /// Presses a button that names unit and month.
    pub fn press(&self, who: AccountId, path: &str, form: &str, month: &str) -> Result<Submitted, CallError> {
        let unit = self.house.planning.0.to_string();
        let inputs = [("unit", text(&unit)), ("month", text(month))];
        self.house.hand_in(who, PLUGIN, &self.at(path, month), submission(form, &inputs))
    }

    /// What waits for somebody by a task of the manifest.
    pub fn inbox(&self, who: AccountId, task: &str) -> Vec<String> {
        let plugins = self.house.runtime.plugins();
        let plugin = plugins.iter().find(|plugin| plugin.manifest.id.as_str() == PLUGIN).unwrap();
        let rule = plugin.manifest.tasks.iter().find(|rule| rule.name == task).unwrap();
        let origin = self.house.platform.origin(Actor::person(who), Language::Vi);
        let mut call = self.house.platform.begin(&origin).unwrap();
        let waiting = records::waiting(&mut call, &plugin.data, rule, 50).unwrap();
        waiting.records.into_iter().filter_map(|record| record.subject).collect()
    }

    pub fn assess(&self, month: &str) {
        done(self.press(self.collector, "/", "assess", month));
    }

    /// Fills in cells of the entry grid: (identifier of the member, what was received).
    pub fn collect(&self, month: &str, received: &[(&str, i64)]) -> Result<Submitted, CallError> {
        let mut submission = submission("collect", &[]);
        submission.cells = received
            .iter()
            .map(|(member, amount)| CellInput {
                row_key: (*member).to_owned(),
                column: "received".to_owned(),
                value: Value::Integer(*amount),
            })
            .collect();
        self.house.hand_in(self.collector, PLUGIN, &self.at("/collect", month), submission)
    }

    pub fn draw(&self, path: &str, month: &str) -> Page {
        self.house.draw(self.collector, PLUGIN, &self.at(path, month)).unwrap()
    }

    /// The lines of the ledger: name, this month, earlier, collected, unpaid.
    pub fn ledger(&self, month: &str) -> Vec<(String, i64, i64, i64, i64)> {
        let page = self.draw("/", month);
        let table = table(&page, "s01-1");
        let money = |key: &str| integers(table, key);
        let (this, earlier) = (money("this-month"), money("earlier"));
        let (collected, unpaid) = (money("collected"), money("unpaid"));
        let names = texts(table, "name").into_iter().enumerate();
        names.map(|(at, name)| (name, this[at], earlier[at], collected[at], unpaid[at])).collect()
    }

    /// The identifier of a member, from the link in the ledger.
    pub fn member(&self, month: &str, name: &str) -> String {
        let page = self.draw("/", month);
        let table = table(&page, "s01-1");
        let row = texts(table, "name").iter().position(|known| known == name).unwrap();
        let cells = table.cell_styles.iter().filter(|cell| cell.row as usize == row);
        let mut links = cells.filter_map(|cell| match &cell.target {
            Some(Target::Page(page)) => page.strip_prefix("/members/").map(str::to_owned),
            _ => None,
        });
        links.next().unwrap()
    }
}

/// The shipped shares; a grassroots committee with two cells under it: planning, and finance as an enterprise.
fn tables(house: &House, steward: AccountId) {
    for line in SHARES.lines().skip(1).filter(|line| !line.contains("commune")) {
        let cells: Vec<&str> = line.splitn(6, ',').collect();
        let [kind, level, from, percent, basis, source] = cells.as_slice() else {
            panic!("six cells: {line}")
        };
        let inputs = [
            ("kind", text(kind)),
            ("level", text(level)),
            ("from", date(from)),
            ("percent", decimal(percent)),
            ("basis", text(basis)),
            ("source", text(source)),
        ];
        done(house.hand_in(steward, PLUGIN, "/organisations", submission("retention", &inputs)));
    }
    let above = Some(house.province);
    for (unit, kind, level, upper) in [
        (house.province, "other", "grassroots", None),
        (house.planning, "other", "cell", above),
        (house.finance, "enterprise", "cell", above),
    ] {
        let inputs = [
            ("organisation", Value::Unit(unit.0)),
            ("kind", text(kind)),
            ("level", text(level)),
            ("upper", upper.map_or(Value::Empty, |upper| Value::Unit(upper.0))),
            ("from", date("2026-01-01")),
            ("source", text("Quyết định thành lập")),
        ];
        done(house.hand_in(steward, PLUGIN, "/organisations", submission("organisation", &inputs)));
    }
}

pub fn done(submitted: Result<Submitted, CallError>) -> String {
    match submitted {
        Ok(Submitted::Done(done)) => match done.target {
            Target::Page(page) => page,
            other => panic!("a page of the plugin: {other:?}"),
        },
        other => panic!("it is done: {other:?}"),
    }
}

/// What the person is told, where a submission was not done.
pub fn problems(submitted: Result<Submitted, CallError>) -> String {
    match submitted {
        Ok(Submitted::Invalid(problems)) => {
            problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join(" ")
        }
        other => panic!("it is refused with problems: {other:?}"),
    }
}

pub fn blocks(page: &Page) -> impl Iterator<Item = &Block> {
    page.sections.iter().flat_map(|section| &section.blocks)
}

pub fn table<'a>(page: &'a Page, id: &str) -> &'a Table {
    let mut tables = blocks(page).filter_map(|block| match block {
        Block::Table(table) if table.id == id => Some(table),
        _ => None,
    });
    tables.next().unwrap_or_else(|| panic!("there is a table {id}: {page:?}"))
}

pub fn column<'a>(table: &'a Table, key: &str) -> &'a types::Column {
    let at = table.columns.iter().position(|column| column.key == key).unwrap();
    &table.data[at]
}

pub fn integers(table: &Table, key: &str) -> Vec<i64> {
    match &column(table, key).values {
        types::ColumnValues::Integers(values) => values.clone(),
        other => panic!("{key} holds integers: {other:?}"),
    }
}

pub fn texts(table: &Table, key: &str) -> Vec<String> {
    let types::ColumnValues::Texts(texts) = &column(table, key).values else { panic!("{key} holds texts") };
    let mut start = 0;
    let part = |end: &u32| {
        let end = *end as usize;
        let part = String::from_utf8(texts.data[start..end].to_vec()).unwrap();
        start = end;
        part
    };
    texts.ends.iter().map(part).collect()
}

pub fn notices(page: &Page) -> String {
    let notices = blocks(page).filter_map(|block| match block {
        Block::Notice(notice) => Some(format!("{}: {}", notice.title, notice.text)),
        _ => None,
    });
    notices.collect::<Vec<_>>().join(" ")
}

pub fn line(
    name: &str,
    this: i64,
    earlier: i64,
    collected: i64,
    unpaid: i64,
) -> (String, i64, i64, i64, i64) {
    (name.to_owned(), this, earlier, collected, unpaid)
}

pub const AN: &str = "Nguyễn Văn An";
pub const BINH: &str = "Trần Thị Bình";
pub const CHAU: &str = "Lê Hoàng Châu";

/// The choices of a field of the filters: value and text.
pub fn filter_choices(page: &Page, name: &str) -> Vec<(String, String)> {
    let mut fields = blocks(page).filter_map(|block| match block {
        Block::Filters(filters) => Some(&filters.fields),
        _ => None,
    });
    let field = fields.find_map(|fields| fields.iter().find(|field| field.name == name)).unwrap();
    let FieldKind::Choice(choices) = &field.kind else { panic!("{name} is a choice") };
    choices.choices.iter().map(|choice| (choice.value.clone(), choice.text.clone())).collect()
}

/// The choices of a form's field: value and text.
pub fn choices(page: &Page, name: &str) -> Vec<(String, String)> {
    let forms = blocks(page).filter_map(|block| match block {
        Block::Form(form) => Some(form),
        _ => None,
    });
    let mut fields = forms.flat_map(|form| &form.groups).flat_map(|group| &group.fields);
    let field = fields.find(|field| field.name == name).unwrap();
    let FieldKind::Choice(choices) = &field.kind else { panic!("{name} is a choice") };
    choices.choices.iter().map(|choice| (choice.value.clone(), choice.text.clone())).collect()
}
