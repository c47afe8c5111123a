//! Party dues, with members read from personnel under a contract that lets nothing but references be kept.

use dinh_model::{AccountId, ContractId};
use dinh_runtime::bindings::pages::CellInput;
use dinh_runtime::bindings::types::{self, Value};
use dinh_runtime::bindings::views::{Block, Effect, Page, Table, Target};
use dinh_runtime::{CallError, Submitted};
use dinh_services::sharing::{self, Terms};

use crate::house::{House, component, fact, submission};

const PLUGIN: &str = "party-finance";

/// Key, first day, value with four places: as the plugin ships them.
const RATES: &str = include_str!("../../../../plugins/party-finance/data/rates.csv");

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn date(day: &str) -> Value {
    let day: dinh_model::Date = day.parse().unwrap();
    Value::Date(dinh_model::time::days(day))
}

fn decimal(text: &str) -> Value {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let unscaled = format!("{whole}{places}").parse().unwrap();
    Value::Decimal(types::Decimal { unscaled, scale: u8::try_from(places.len()).unwrap() })
}

/// A cell of the Party in planning, on 2 June 2026.
struct Cell {
    house: House,
    collector: AccountId,
    treasurer: AccountId,
    contract: Option<ContractId>,
}

impl Cell {
    /// With three members: An (4,98), Bình (3,33, reduced later), Châu (fifty years of membership).
    fn new() -> Self {
        let mut cell = Self::without_contract();
        let plugin = PLUGIN.parse().unwrap();
        let operator = cell.house.operator();
        let perform = &cell.house.platform;
        let contract = perform.perform(&operator, |call| sharing::request(call, &plugin, "members")).unwrap();
        let agreed = perform.perform(&operator, |call| {
            let terms = Terms::asked(&sharing::get_contract(call, contract)?);
            sharing::approve(call, contract, terms)
        });
        agreed.unwrap();
        cell.contract = Some(contract);
        cell
    }

    fn without_contract() -> Self {
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
        let collector = house.person("thuphi", house.planning);
        house.give(collector, "party-finance.collector", house.planning);
        let treasurer = house.person("duyetphi", house.planning);
        house.give(treasurer, "party-finance.treasurer", house.planning);
        for account in [collector, treasurer] {
            house.give(account, "party-finance.staff", house.province);
        }
        Self { house, collector, treasurer, contract: None }
    }

    fn at(&self, path: &str, month: &str) -> String {
        format!("{path}?unit={}&month={month}", self.house.planning.0)
    }

    /// Presses a button that names unit and month.
    fn press(&self, who: AccountId, path: &str, form: &str, month: &str) -> Result<Submitted, CallError> {
        let unit = self.house.planning.0.to_string();
        let inputs = [("unit", text(&unit)), ("month", text(month))];
        self.house.hand_in(who, PLUGIN, &self.at(path, month), submission(form, &inputs))
    }

    fn assess(&self, month: &str) {
        done(self.press(self.collector, "/", "assess", month));
    }

    /// Fills in cells of the entry grid: (identifier of the member, what was received).
    fn collect(&self, month: &str, received: &[(&str, i64)]) -> Result<Submitted, CallError> {
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

    fn draw(&self, path: &str, month: &str) -> Page {
        self.house.draw(self.collector, PLUGIN, &self.at(path, month)).unwrap()
    }

    /// The lines of the ledger: name, this month, earlier, collected, unpaid.
    fn ledger(&self, month: &str) -> Vec<(String, i64, i64, i64, i64)> {
        let page = self.draw("/", month);
        let table = table(&page, "s01-1");
        let money = |key: &str| integers(table, key);
        let (this, earlier) = (money("this-month"), money("earlier"));
        let (collected, unpaid) = (money("collected"), money("unpaid"));
        let names = texts(table, "name").into_iter().enumerate();
        names.map(|(at, name)| (name, this[at], earlier[at], collected[at], unpaid[at])).collect()
    }

    /// The identifier of a member, from the link in the ledger.
    fn member(&self, month: &str, name: &str) -> String {
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

fn done(submitted: Result<Submitted, CallError>) -> String {
    match submitted {
        Ok(Submitted::Done(done)) => match done.target {
            Target::Page(page) => page,
            other => panic!("a page of the plugin: {other:?}"),
        },
        other => panic!("it is done: {other:?}"),
    }
}

/// What the person is told, where a submission was not done.
fn problems(submitted: Result<Submitted, CallError>) -> String {
    match submitted {
        Ok(Submitted::Invalid(problems)) => {
            problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join(" ")
        }
        other => panic!("it is refused with problems: {other:?}"),
    }
}

fn blocks(page: &Page) -> impl Iterator<Item = &Block> {
    page.sections.iter().flat_map(|section| &section.blocks)
}

fn table<'a>(page: &'a Page, id: &str) -> &'a Table {
    let mut tables = blocks(page).filter_map(|block| match block {
        Block::Table(table) if table.id == id => Some(table),
        _ => None,
    });
    tables.next().unwrap_or_else(|| panic!("there is a table {id}: {page:?}"))
}

fn column<'a>(table: &'a Table, key: &str) -> &'a types::Column {
    let at = table.columns.iter().position(|column| column.key == key).unwrap();
    &table.data[at]
}

fn integers(table: &Table, key: &str) -> Vec<i64> {
    match &column(table, key).values {
        types::ColumnValues::Integers(values) => values.clone(),
        other => panic!("{key} holds integers: {other:?}"),
    }
}

fn texts(table: &Table, key: &str) -> Vec<String> {
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

fn notices(page: &Page) -> String {
    let notices = blocks(page).filter_map(|block| match block {
        Block::Notice(notice) => Some(format!("{}: {}", notice.title, notice.text)),
        _ => None,
    });
    notices.collect::<Vec<_>>().join(" ")
}

fn line(name: &str, this: i64, earlier: i64, collected: i64, unpaid: i64) -> (String, i64, i64, i64, i64) {
    (name.to_owned(), this, earlier, collected, unpaid)
}

const AN: &str = "Nguyễn Văn An";
const BINH: &str = "Trần Thị Bình";
const CHAU: &str = "Lê Hoàng Châu";

#[test]
fn a_cell_is_assessed_and_collected_with_names_that_are_resolved_and_never_kept() {
    let cell = Cell::new();
    assert!(notices(&cell.draw("/", "2026-06")).contains("Số đảng viên chưa tính: 3"));
    cell.assess("2026-06");
    let expected = [
        line(AN, 116_532, 0, 0, 116_532),
        line(BINH, 77_922, 0, 0, 77_922),
        line(CHAU, 0, 0, 0, 0),
        line("Cộng", 194_454, 0, 0, 194_454),
    ];
    assert_eq!(cell.ledger("2026-06"), expected, "who is no member and other units are not there");
    let an = cell.member("2026-06", AN);
    done(cell.collect("2026-06", &[(&an, 116_532)]));
    assert_eq!(cell.ledger("2026-06")[0], line(AN, 116_532, 0, 116_532, 0));
    // Nothing that was written holds a name: the contract lets only references be kept, and each write passed.
    let refused = cell.house.evidence().into_iter().filter(|it| it.entry.action == "rule.refused").count();
    assert_eq!(refused, 0);
    assert!(
        problems(cell.press(cell.collector, "/", "assess", "2026-06")).contains("Không có đảng viên nào")
    );
    assert!(problems(cell.press(cell.collector, "/", "assess", "2026-07")).contains("chưa đến"));
}

#[test]
fn the_grid_takes_no_more_than_is_unpaid_and_one_button_takes_all_of_it() {
    let cell = Cell::new();
    cell.assess("2026-06");
    let binh = cell.member("2026-06", BINH);
    let told = problems(cell.collect("2026-06", &[(&binh, 77_923)]));
    assert!(told.contains("vượt số còn phải đóng 77922"), "{told}");
    done(cell.press(cell.collector, "/collect", "collect-all", "2026-06"));
    let total = cell.ledger("2026-06").pop().unwrap();
    assert_eq!(total, line("Cộng", 194_454, 0, 194_454, 0));
    assert!(problems(cell.press(cell.collector, "/collect", "collect-all", "2026-06")).contains("Chưa nhập"));
}

#[test]
fn three_unpaid_months_of_a_year_are_reported_and_back_payment_pays_the_earliest() {
    let cell = Cell::new();
    for month in ["2026-03", "2026-04", "2026-05"] {
        cell.assess(month);
    }
    let an = cell.member("2026-05", AN);
    done(cell.collect("2026-05", &[(&an, 200_000)]));
    assert_eq!(cell.ledger("2026-05")[0], line(AN, 116_532, 233_064, 200_000, 149_596));
    let page = cell.draw("/arrears", "2026-05");
    assert!(notices(&page).contains("1 đảng viên chưa đóng từ 3 tháng trong năm"), "{}", notices(&page));
    let arrears = table(&page, "arrears");
    assert_eq!(texts(arrears, "name"), [BINH, AN]);
    assert_eq!(integers(arrears, "count"), [3, 2]);
    assert_eq!(texts(arrears, "months"), ["03/2026, 04/2026, 05/2026", "04/2026, 05/2026"]);
    let page = cell.house.draw(cell.collector, PLUGIN, &format!("/members/{an}")).unwrap();
    assert_eq!(fact(&page, "Số tháng chưa đóng"), Value::Integer(2), "what is offered to inspection");
}

#[test]
fn reductions_end_in_time_and_a_basis_of_income_takes_the_place_of_the_salary() {
    let cell = Cell::new();
    let binh = format!("/members/{}", cell.member("2026-06", BINH));
    let unit = Value::Unit(cell.house.planning.0);
    let exempt = |until: Value| {
        let inputs = [
            ("percent", text("50")),
            ("reason", text("hardship")),
            ("from", date("2026-06-01")),
            ("until", until),
            ("unit", unit.clone()),
            ("decision", text("12-QĐ/CB ngày 01/06/2026")),
        ];
        cell.house.hand_in(cell.collector, PLUGIN, &binh, submission("exempt", &inputs))
    };
    assert!(problems(exempt(Value::Empty)).contains("chậm nhất hết tháng 05/2027"));
    assert!(problems(exempt(date("2027-06-01"))).contains("chậm nhất hết tháng 05/2027"));
    done(exempt(date("2027-05-01")));
    let an = format!("/members/{}", cell.member("2026-06", AN));
    let base = |income: Value| {
        let inputs = [
            ("category", text("pension")),
            ("income", income),
            ("from", date("2026-06-01")),
            ("unit", unit.clone()),
            ("source", text("Quyết định nghỉ hưu 15/QĐ-BHXH")),
        ];
        cell.house.hand_in(cell.collector, PLUGIN, &an, submission("base", &inputs))
    };
    assert!(problems(base(Value::Empty)).contains("Hãy nhập thu nhập tháng"));
    done(base(Value::Integer(5_000_000)));
    cell.assess("2026-06");
    let ledger = cell.ledger("2026-06");
    assert_eq!(ledger[0], line(AN, 25_000, 0, 0, 25_000));
    assert_eq!(ledger[1], line(BINH, 38_961, 0, 0, 38_961));
}

#[test]
fn a_period_is_closed_by_a_second_person_and_then_never_changes() {
    let cell = Cell::new();
    cell.assess("2026-05");
    let an = cell.member("2026-05", AN);
    done(cell.collect("2026-05", &[(&an, 100_000)]));
    let period = done(cell.press(cell.collector, "/periods", "prepare", "2026-05"));
    let decide = |who, form: &str, inputs: &[(&str, Value)]| {
        cell.house.hand_in(who, PLUGIN, &period, submission(form, inputs))
    };
    assert!(problems(cell.collect("2026-05", &[(&an, 1)])).contains("chờ khoá"));
    assert!(matches!(decide(cell.collector, "close", &[]), Err(CallError::Denied(_))), "it takes the right");
    done(decide(cell.treasurer, "return", &[("note", text("thiếu chứng từ"))]));
    done(cell.collect("2026-05", &[(&an, 1)]));
    let again = done(cell.press(cell.treasurer, "/periods", "prepare", "2026-05"));
    assert_eq!(again, period, "one period for each month");
    assert!(problems(decide(cell.treasurer, "close", &[])).contains("người thứ hai"), "and another person");
    let second = cell.house.person("duyet2", cell.house.planning);
    cell.house.give(second, "party-finance.treasurer", cell.house.planning);
    done(decide(second, "close", &[]));

    let page = cell.house.draw(cell.collector, PLUGIN, &period).unwrap();
    assert_eq!(fact(&page, "Đã thu"), Value::Integer(100_001));
    assert_eq!(fact(&page, "Chưa đóng"), Value::Integer(94_453));
    for month in ["2026-04", "2026-05"] {
        let refused = cell.press(cell.collector, "/", "assess", month);
        assert!(problems(refused).contains("Kỳ 05/2026 đã khoá"), "{month}");
    }
    assert!(problems(cell.collect("2026-05", &[(&an, 1)])).contains("đã khoá"));
    assert!(problems(decide(cell.treasurer, "close", &[])).contains("không chờ khoá"));
    let before = cell.ledger("2026-05");
    cell.assess("2026-06");
    assert_eq!(cell.ledger("2026-05"), before);
    assert_eq!(cell.ledger("2026-06")[0], line(AN, 116_532, 16_531, 0, 133_063), "carried over");
}

#[test]
fn a_mistake_is_undone_by_a_counter_entry_in_an_open_period() {
    let cell = Cell::new();
    cell.assess("2026-06");
    let an = cell.member("2026-06", AN);
    done(cell.collect("2026-06", &[(&an, 116_532)]));
    let address = format!("/members/{an}");
    let page = cell.house.draw(cell.collector, PLUGIN, &address).unwrap();
    let account = table(&page, "account");
    let collected = integers(account, "amount").len();
    assert_eq!(collected, 2);
    let entry = choices(&page, "entry").into_iter().find(|(_, text)| text.starts_with("Đã thu")).unwrap().0;
    let correct = |amount: i64, period: &str| {
        let inputs = [
            ("entry", text(&entry)),
            ("amount", Value::Integer(amount)),
            ("period", date(period)),
            ("reason", text("ghi nhầm số tiền")),
        ];
        cell.house.hand_in(cell.collector, PLUGIN, &address, submission("correct", &inputs))
    };
    assert!(problems(correct(116_532, "2026-06-01")).contains("đúng bằng"));
    assert!(problems(correct(110_000, "2026-05-01")).contains("không trước kỳ"));
    done(correct(110_000, "2026-06-01"));
    assert_eq!(cell.ledger("2026-06")[0], line(AN, 116_532, 0, 110_000, 6_532));
    let page = cell.house.draw(cell.collector, PLUGIN, &address).unwrap();
    let mut amounts = integers(table(&page, "account"), "amount");
    amounts.sort_unstable();
    assert_eq!(amounts, [-116_532, 110_000, 116_532, 116_532], "nothing is overwritten");
    assert!(problems(correct(1, "2026-06-01")).contains("đã được đính chính"));
}

/// The choices of a form's field: value and text.
fn choices(page: &Page, name: &str) -> Vec<(String, String)> {
    use dinh_runtime::bindings::views::FieldKind;
    let forms = blocks(page).filter_map(|block| match block {
        Block::Form(form) => Some(form),
        _ => None,
    });
    let mut fields = forms.flat_map(|form| &form.groups).flat_map(|group| &group.fields);
    let field = fields.find(|field| field.name == name).unwrap();
    let FieldKind::Choice(choices) = &field.kind else { panic!("{name} is a choice") };
    choices.choices.iter().map(|choice| (choice.value.clone(), choice.text.clone())).collect()
}

#[test]
fn without_a_contract_each_page_says_so_and_what_to_do() {
    let cell = Cell::without_contract();
    for path in ["/", "/collect"] {
        let told = notices(&cell.draw(path, "2026-06"));
        assert!(told.contains("Chưa có thoả thuận chia sẻ"), "{path}: {told}");
        assert!(told.contains("cần lập đề nghị"), "{path}: {told}");
    }
    let refused = cell.press(cell.collector, "/", "assess", "2026-06");
    assert!(
        matches!(&refused, Err(CallError::Denied(why)) if why.contains("cần lập đề nghị")),
        "{refused:?}"
    );

    let cell = Cell::new();
    cell.assess("2026-06");
    let an = cell.member("2026-06", AN);
    let revoke =
        |call: &mut dinh_services::Call| sharing::revoke(call, cell.contract.unwrap(), "hết nhu cầu");
    cell.house.platform.perform(&cell.house.operator(), revoke).unwrap();
    for path in ["/", "/collect", "/arrears", &format!("/members/{an}")] {
        let page = cell.draw(path, "2026-06");
        assert!(notices(&page).contains("lập đề nghị mới"), "{path}: {}", notices(&page));
        assert!(!format!("{page:?}").contains(AN), "{path} shows no name");
    }
    assert_eq!(fact_of_book(&cell), 194_454, "what is the plugin's own is still there");
}

fn fact_of_book(cell: &Cell) -> i64 {
    let page = cell.draw("/book", "2026-06");
    integers(table(&page, "s01-2"), "due")[0]
}

#[test]
fn the_book_adds_months_up_to_quarters_and_the_year() {
    let cell = Cell::new();
    for month in ["2026-03", "2026-04", "2026-05"] {
        cell.assess(month);
    }
    let an = cell.member("2026-05", AN);
    done(cell.collect("2026-04", &[(&an, 150_000)]));
    let page = cell.draw("/book", "2026-05");
    let book = table(&page, "s01-2");
    let titles = ["03/2026", "Quý 1", "04/2026", "05/2026", "Quý 2", "Cả năm"];
    assert_eq!(texts(book, "month"), titles);
    assert_eq!(integers(book, "due"), [194_454, 194_454, 388_908, 433_362, 583_362, 583_362]);
    assert_eq!(integers(book, "collected"), [0, 0, 150_000, 0, 150_000, 150_000]);
    assert_eq!(integers(book, "unpaid"), [194_454, 194_454, 238_908, 433_362, 433_362, 433_362]);
}

#[test]
fn nobody_sees_or_records_dues_of_another_unit() {
    let cell = Cell::new();
    cell.assess("2026-06");
    let stranger = cell.house.person("nguoila", cell.house.finance);
    cell.house.give(stranger, "party-finance.collector", cell.house.finance);
    cell.house.give(stranger, "party-finance.staff", cell.house.province);
    let page = cell.house.draw(stranger, PLUGIN, &cell.at("/", "2026-06")).unwrap();
    assert!(texts(table(&page, "s01-1"), "name").is_empty());
    let refused = cell.press(stranger, "/", "assess", "2026-06");
    assert!(problems(refused).contains("Không có đảng viên nào"), "the members of planning are not there");
    let page = cell.house.draw(stranger, PLUGIN, "/?month=2026-06").unwrap();
    assert_eq!(texts(table(&page, "s01-1"), "name")[0], "Vũ Thị Giang", "one's own unit comes first");
}

#[test]
fn the_page_offers_what_may_be_done_and_nothing_else() {
    let cell = Cell::new();
    let forms = |who| {
        let page = cell.house.draw(who, PLUGIN, &cell.at("/", "2026-06")).unwrap();
        let actions: Vec<_> = blocks(&page)
            .filter_map(
                |block| if let Block::Actions(actions) = block { Some(actions.clone()) } else { None },
            )
            .flatten()
            .collect();
        actions.iter().filter(|action| matches!(action.effect, Effect::Submit(_))).count()
    };
    assert_eq!((forms(cell.collector), forms(cell.treasurer)), (1, 0));
}
