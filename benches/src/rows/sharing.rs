//! A shared read: from inside a plugin, beside redb scanned and copied by hand; what the contract, the reader's right
//! and the label add to the owner's own read of the same rows; and what its durable evidence costs.
//!
//! One plugin keeps 100,000 records, another reads ten pages of a thousand of them under a contract. The time of a
//! page in the plugin is the difference between a call that reads the ten pages five times and one that reads them
//! once: what is left is reading, since a fresh instance and the evidence of the call, which are rows of their own,
//! are the same in both.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dinh_model::{Actor, ContractId, Keep, Language, PluginId};
use dinh_runtime::{Asked, Compiler, Options};
use dinh_services::records::{self, PluginData, Selection};
use dinh_services::sharing::{self, Consumer, NewContract, Source, Terms};
use dinh_services::{Call, Origin, Platform};

use super::calls::{ONE, request};
use super::copied::Copied;
use super::house::{House, give};
use crate::{Goal, Row, Side};

/// Records that the owner keeps.
const RECORDS: usize = 100_000;
/// Rows of a page.
const ROWS: usize = 1_000;
/// Pages that are read.
const PAGES: u64 = 10;
/// Times they are read again in one call.
const AGAIN: u64 = 4;
/// What is read: ten of thirty fields.
const FIELDS: [&str; 10] = ["i0", "i3", "i6", "i9", "d0", "t0", "t3", "t6", "t9", "t12"];
/// All rows by the index on `i0`, which holds no negative number.
const BY_INDEX: &str = "&from=0";

/// The rows.
pub fn rows() -> Vec<Row> {
    let reader = Rc::new(Reader::new(dinh_store::Options::default()));
    let unremembered =
        Rc::new(Reader::new(dinh_store::Options { row_cache_bytes: 0, ..dinh_store::Options::default() }));
    assert_eq!(reader.shared(&mut reader.call()), ROWS);
    assert_eq!(reader.own(&mut reader.call(), 0), ROWS);
    let copied = Rc::new(Copied::new(&reader.house, ROWS));
    let [by_key, by_index, again, again_by_index] = std::array::from_fn(|_| Rc::clone(&copied));
    vec![
        in_plugin(&reader, "", "", Goal::AtMost(1.5), move |page| by_key.page(page)),
        in_plugin(&reader, BY_INDEX, " by an index", Goal::AtMost(1.5), move |page| {
            by_index.page_by_index(page)
        }),
        in_plugin(&unremembered, "", ", no row at hand", Goal::Seen, move |page| again.page(page)),
        in_plugin(&unremembered, BY_INDEX, " by an index, no row at hand", Goal::Seen, move |page| {
            again_by_index.page_by_index(page)
        }),
        natively(&reader, copied),
        added(&reader),
        evidenced(&reader),
    ]
}

/// The pages one after the other, again and again.
fn in_turn(mut page: impl FnMut(usize) -> Vec<u8>) -> impl FnMut() -> usize {
    move || (0..PAGES * AGAIN).map(|number| page((number % PAGES) as usize).len()).sum()
}

fn in_plugin(
    reader: &Rc<Reader>,
    by: &'static str,
    how: &str,
    goal: Goal,
    page: impl FnMut(usize) -> Vec<u8> + 'static,
) -> Row {
    let reader = Rc::clone(reader);
    let taken = move |times: u64| {
        let start = Instant::now();
        reader.draw(&format!("/?pages={PAGES}&times={times}{by}"));
        start.elapsed()
    };
    let subject =
        move |times| (0..times).map(|_| taken(1 + AGAIN).saturating_sub(taken(1))).sum::<Duration>();
    Row {
        name: format!("shared read of 1,000 rows × 10 of 30 fields, used in a plugin{how}"),
        operations: PAGES * AGAIN,
        subject: Side::timed("sharing.query", subject),
        beside: Some(Side::new("redb by hand and one copy", in_turn(page))),
        goal,
    }
}

/// The same as the host's own services give it, with no guest.
fn natively(reader: &Rc<Reader>, copied: Rc<Copied>) -> Row {
    let (reader, at, beside) = (Rc::clone(reader), Cell::new(0), Cell::new(0));
    let next = |at: &Cell<usize>| at.replace((at.get() + 1) % PAGES as usize);
    Row {
        name: "the owner's own read of them, on the host's side alone".to_owned(),
        operations: 1,
        subject: Side::new("records::query", move || reader.own(&mut reader.call(), next(&at))),
        beside: Some(Side::new("redb scan and one copy", move || copied.page(next(&beside)).len())),
        goal: Goal::Seen,
    }
}

/// A thousand rows under a contract, each call opening it anew, beside the owner's own page of them.
fn added(reader: &Rc<Reader>) -> Row {
    let (shared, own) = (reader.clone(), reader.clone());
    Row {
        name: "shared read: contract, right and label".to_owned(),
        operations: 1,
        subject: Side::new("under a contract", move || shared.shared(&mut shared.call())),
        beside: Some(Side::new("the owner's own read", move || own.own(&mut own.call(), 0))),
        goal: Goal::AtMost(1.05),
    }
}

/// The same with its evidence made durable, as before the first byte of the answer.
fn evidenced(reader: &Rc<Reader>) -> Row {
    let reader = reader.clone();
    Row {
        name: "the same, its evidence durable".to_owned(),
        operations: 1,
        subject: Side::new("read and witness", move || {
            let mut call = reader.call();
            reader.shared(&mut call);
            reader.platform.witness(call.take_witnessed()).unwrap();
        }),
        beside: None,
        goal: Goal::Seen,
    }
}

struct Reader {
    platform: Arc<Platform>,
    data: Arc<PluginData>,
    origin: Origin,
    consumer: Consumer,
    selection: Selection,
    /// Where each page begins.
    cursors: Vec<Option<String>>,
    plugin: PluginId,
    tokio: tokio::runtime::Runtime,
    house: House,
}

impl Reader {
    fn new(bounds: dinh_store::Options) -> Self {
        let house = House::over(bounds, Options { pool: ONE, ..Options::new(Compiler::Here) }, RECORDS);
        house.install("reading", "reading.reader");
        let platform = Arc::clone(&house.platform);
        let (owner, person) = (house.plugin.clone(), house.person);
        let data = Arc::clone(&house.runtime.plugin(&owner).unwrap().data);
        let plugin: PluginId = "reading".parse().unwrap();
        let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
        let asked = platform.perform(&operator, |call| {
            give(call, person, "dinh.data-reader", data.home_unit)?;
            let new = NewContract {
                provider: owner.clone(),
                dataset: "sheets".to_owned(),
                fields: FIELDS.map(str::to_owned).to_vec(),
                purpose: "measuring".to_owned(),
                legal_basis: "đo tốc độ".to_owned(),
                keep: Keep::Nothing,
            };
            Ok([sharing::request_for_account(call, person, new)?, sharing::request(call, &plugin, "sheets")?])
        });
        let approve = |call: &mut Call, contract: ContractId| {
            let terms = Terms::asked(&sharing::get_contract(call, contract)?);
            sharing::approve(call, contract, terms)
        };
        for contract in asked.unwrap() {
            platform.perform(&operator, |call| approve(call, contract)).unwrap();
        }
        let selection = Selection {
            collection: "sheets".to_owned(),
            fields: FIELDS.map(str::to_owned).to_vec(),
            ..Selection::default()
        };
        let origin = platform.origin(Actor::person(person), Language::Vi);
        let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (consumer, cursors) = (Consumer::Account(person), vec![None]);
        let mut reader = Self { platform, data, origin, consumer, selection, cursors, plugin, tokio, house };
        for page in 0..PAGES as usize {
            let after = reader.cursors[page].as_deref();
            let found =
                records::query(&mut reader.call(), &reader.data, &reader.selection, after, ROWS as u32);
            reader.cursors.push(found.unwrap().next);
        }
        for by in ["", BY_INDEX] {
            let title = reader.draw(&format!("/?pages={PAGES}&times=1{by}"));
            assert!(title.starts_with(&format!("{} ", PAGES as usize * ROWS)), "{title}");
        }
        reader
    }

    fn call(&self) -> Call {
        self.platform.begin_reading(&self.origin).unwrap()
    }

    /// Draws a page of the reading plugin; its title.
    fn draw(&self, address: &str) -> String {
        let asked = Asked {
            scope: None,
            actor: Actor::person(self.house.person),
            language: Language::Vi,
            request: request(address),
            sheet: None,
            leaves: false,
        };
        self.tokio.block_on(self.house.runtime.render(&self.plugin, asked)).unwrap().title
    }

    fn shared(&self, call: &mut Call) -> usize {
        let owner = &self.data.plugin;
        let source = Source::open_dataset(call, &self.consumer, owner, "sheets").unwrap();
        sharing::query(call, &source, &self.data, &self.selection, None, ROWS as u32).unwrap().ids.len()
    }

    fn own(&self, call: &mut Call, page: usize) -> usize {
        let after = self.cursors[page].as_deref();
        records::query(call, &self.data, &self.selection, after, ROWS as u32).unwrap().ids.len()
    }
}
