//! Calls of a plugin through the runtime, beside wasmtime used by hand on the same component.
//!
//! By hand means: the same engine configuration and pool, an instance prepared beforehand, an empty state
//! and no limits; nobody is asked for permission, nothing is looked at, nothing is evidenced. The component
//! is `tests/plugins/measured`, which `cargo xtask bench` builds.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, Date, Label, Language, PluginId, UnitId, Value};
use dinh_runtime::bindings::pages::Request;
use dinh_runtime::bindings::{PluginPre, access, types};
use dinh_runtime::pool::Size;
use dinh_runtime::{Asked, Install, Options, Runtime, engine};
use dinh_services::accounts::{self, NewAccount, NewGrant, NewUnit};
use dinh_services::records::{self, FieldValue};
use dinh_services::{Call, Platform, ServiceError, SystemClock};
use dinh_store::Store;
use redb::{Database, ReadableDatabase, TableDefinition};
use tempfile::TempDir;
use wasmtime::Engine;
use wasmtime::component::{Component, HasSelf, Linker};

use crate::random::Random;
use crate::{Goal, Row, Side};

/// Records that one page reads.
const RECORDS: u64 = 1_000;
/// Checks in one call.
const CHECKS: u64 = 20_000;
/// Pages that are asked for together.
const PAGES: u64 = 4;
/// Calls that wait together, so that what a call costs is not hidden behind handing it over.
const CALLS: u64 = 32;

/// The rows.
pub fn rows() -> Vec<Row> {
    let house = Rc::new(House::new());
    let by_hand = Rc::new(ByHand::new());
    let title = house.draw(&format!("/ask?times={CHECKS}"), 1);
    assert_eq!(title, CHECKS.to_string(), "the engine is asked, and allows it");
    assert_eq!(by_hand.draw(&format!("/ask?times={CHECKS}")), title);
    assert!(house.draw("/read", 1).starts_with("1000 "), "{}", house.draw("/read", 1));
    vec![fresh(&house, &by_hand), checks(&house, &by_hand), page(&house)]
}

fn fresh(house: &Rc<House>, by_hand: &Rc<ByHand>) -> Row {
    let (house, by_hand) = (house.clone(), by_hand.clone());
    Row {
        name: "fresh instance and call".to_owned(),
        operations: CALLS,
        subject: Side::new("runtime", move || house.draw("/", CALLS)),
        beside: Some(Side::new("bare wasmtime", move || {
            (0..CALLS).map(|_| by_hand.draw("/").len()).sum::<usize>()
        })),
        goal: Goal::AtMost(1.2),
    }
}

fn checks(house: &Rc<House>, by_hand: &Rc<ByHand>) -> Row {
    let (house, by_hand) = (house.clone(), by_hand.clone());
    let address = format!("/ask?times={CHECKS}");
    let same = address.clone();
    Row {
        name: "permission check from inside a plugin".to_owned(),
        operations: CHECKS,
        subject: Side::new("check", move || house.draw(&address, 1)),
        beside: Some(Side::new("empty host call", move || by_hand.draw(&same))),
        goal: Goal::AtMost(1.5),
    }
}

fn page(house: &Rc<House>) -> Row {
    let house = house.clone();
    let copy = Copied::new();
    Row {
        name: "page of 1,000 records × 10 of 30 fields, in a plugin".to_owned(),
        operations: PAGES,
        subject: Side::new("records.query", move || house.draw("/read", PAGES)),
        beside: Some(Side::new("redb scan and one copy", move || {
            (0..PAGES).map(|_| copy.run()).sum::<usize>()
        })),
        // The goal of 1.5× is that of the shared read, which is served without judging each row.
        goal: Goal::Seen,
    }
}

/// A province with the plugin in it.
struct House {
    runtime: Arc<Runtime>,
    tokio: tokio::runtime::Runtime,
    plugin: PluginId,
    person: AccountId,
    // Dropped last.
    _data: TempDir,
}

impl House {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(&data.path().join("store.redb"), dinh_store::Options::default()).unwrap();
        let platform =
            Platform::open_with(data.path(), store, Arc::new(SystemClock), dinh_services::Options::default())
                .unwrap();
        let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
        let (province, person) = platform.perform(&operator, settle).unwrap();
        // One worker, so that one call is measured and not two at a time.
        let pool = Size { workers: 1, running_per_lane: 1, waiting_per_lane: 256, waiting: 1024 };
        let runtime = Runtime::start(Arc::clone(&platform), Options { pool }).unwrap();
        let administrator = platform.origin(Actor::person(person), Language::Vi);
        let plugin = runtime.install(&component(), Install { home_unit: province }, &administrator).unwrap();
        platform
            .perform(&operator, |call| give(call, person, "measured.everything", province).map(drop))
            .unwrap();
        fill(&platform, &plugin, person, province);
        let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Self { runtime, tokio, plugin: plugin.manifest.id.clone(), person, _data: data }
    }

    /// Draws a page so many times, all of them asked for at once; the title of the last.
    fn draw(&self, address: &str, times: u64) -> String {
        self.tokio.block_on(async {
            let calls: Vec<_> = (0..times)
                .map(|_| {
                    let (runtime, plugin) = (Arc::clone(&self.runtime), self.plugin.clone());
                    let asked = Asked {
                        actor: Actor::person(self.person),
                        language: Language::Vi,
                        request: request(address),
                        sheet: None,
                    };
                    tokio::spawn(async move { runtime.render(&plugin, asked).await })
                })
                .collect();
            let mut title = String::new();
            for call in calls {
                title = call.await.unwrap().unwrap().title;
            }
            title
        })
    }
}

fn request(address: &str) -> Request {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let query = query.split('&').filter_map(|pair| pair.split_once('='));
    Request {
        path: path.to_owned(),
        query: query.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        language: types::Language::Vi,
        export_table: None,
    }
}

/// Units 1 to 8 and one person who may everything.
fn settle(call: &mut Call) -> Result<(UnitId, AccountId), ServiceError> {
    let unit = |call: &mut Call, number: u32, parent| {
        let new = NewUnit {
            code: format!("unit-{number}"),
            name: format!("Đơn vị {number}"),
            kind: "so".to_owned(),
            parent,
            valid_from: "2020-01-01".parse().unwrap(),
        };
        accounts::create_unit(call, new)
    };
    let province = unit(call, 1, None)?;
    assert_eq!(province, UnitId(1), "the plugin asks about units 1 to 8");
    for number in 2..=8 {
        unit(call, number, Some(province))?;
    }
    let person = accounts::create_account(
        call,
        NewAccount {
            login: "do-luong".to_owned(),
            full_name: "Nguyễn Thị Đo Lường".to_owned(),
            unit: province,
            clearance: Label::Ordinary,
            password: None,
            must_change: false,
        },
    )?;
    give(call, person, "dinh.administrator", province)?;
    Ok((province, person))
}

fn give(call: &mut Call, person: AccountId, role: &str, unit: UnitId) -> Result<(), ServiceError> {
    let grant = NewGrant {
        to: Grantee::Account(person),
        role: role.parse().unwrap(),
        unit,
        own: false,
        label: Label::Ordinary,
        term: Term::ALWAYS,
        reason: "đo tốc độ".to_owned(),
    };
    accounts::give(call, grant).map(drop)
}

/// Fills the plugin's collection, in changes of a hundred records.
fn fill(platform: &Arc<Platform>, plugin: &dinh_runtime::Plugin, person: AccountId, unit: UnitId) {
    let mut random = Random(7);
    for _ in 0..RECORDS / 100 {
        let mut call = platform.begin(&platform.origin(Actor::person(person), Language::Vi)).unwrap();
        for _ in 0..100 {
            let mut values = vec![field("unit", Value::Unit(unit))];
            for n in 0..10 {
                values.push(field(&format!("i{n}"), Value::Integer(i64::from(random.below(1 << 30)))));
            }
            for n in 0..5 {
                let day = Date::new(2026, 1, 1 + random.below(28) as i8).unwrap();
                values.push(field(&format!("d{n}"), Value::Date(day)));
            }
            for n in 0..15 {
                let text = format!("Chi bộ số {} xã Tả Phìn", random.below(1_000));
                values.push(field(&format!("t{n}"), Value::Text(text)));
            }
            records::insert(&mut call, &plugin.data, "sheets", values).unwrap();
        }
        platform.commit(call).unwrap();
    }
}

fn field(name: &str, value: Value) -> FieldValue {
    FieldValue { field: name.to_owned(), value }
}

fn component() -> Vec<u8> {
    let folder = std::env::var_os("DINH_PLUGINS").map(PathBuf::from).unwrap_or_else(|| {
        // TARGET/debug/deps/table-… → TARGET/plugins
        std::env::current_exe().unwrap().ancestors().nth(3).unwrap().join("plugins")
    });
    let file = folder.join("measured.wasm");
    std::fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask bench` builds it", file.display()))
}

/// The component as wasmtime alone runs it.
struct ByHand {
    engine: Engine,
    plugin: PluginPre<Empty>,
}

/// A host without anything in it.
struct Empty;

impl ByHand {
    fn new() -> Self {
        let engine = engine::start(1).unwrap();
        let component = Component::new(&engine, component()).unwrap();
        let mut linker = Linker::new(&engine);
        access::add_to_linker::<_, HasSelf<_>>(&mut linker, |empty: &mut Empty| empty).unwrap();
        linker.define_unknown_imports_as_traps(&component).unwrap();
        let plugin = PluginPre::new(linker.instantiate_pre(&component).unwrap()).unwrap();
        Self { engine, plugin }
    }

    fn draw(&self, address: &str) -> String {
        let mut store = wasmtime::Store::new(&self.engine, Empty);
        store.set_epoch_deadline(1 << 40);
        let guest = self.plugin.instantiate(&mut store).unwrap();
        guest.dinh_platform_pages().call_render(&mut store, &request(address)).unwrap().unwrap().title
    }
}

/// Says yes, and knows nothing else.
impl access::Host for Empty {
    fn resolve(&mut self, _: String) -> wasmtime::Result<Option<u32>> {
        Ok(Some(0))
    }
    fn check(&mut self, _: u32, _: u32) -> wasmtime::Result<bool> {
        Ok(true)
    }
    fn check_target(&mut self, _: u32, _: access::Target) -> wasmtime::Result<bool> {
        Ok(true)
    }
    fn check_many(&mut self, _: u32, targets: Vec<access::Target>) -> wasmtime::Result<Vec<bool>> {
        Ok(vec![true; targets.len()])
    }
    fn require(&mut self, _: u32, _: access::Target) -> wasmtime::Result<Result<(), access::Explanation>> {
        Ok(Ok(()))
    }
    fn explain(&mut self, _: u32, _: access::Target) -> wasmtime::Result<access::Explanation> {
        Ok(access::Explanation { allowed: true, failed: None, text: String::new() })
    }
    fn list_units(&mut self, _: u32) -> wasmtime::Result<Vec<u32>> {
        Ok(Vec::new())
    }
}

/// Rows of the size of the plugin's in a table of their own.
struct Copied {
    database: Database,
    _data: TempDir,
}

const TABLE: TableDefinition<'static, &'static [u8], &'static [u8]> = TableDefinition::new("rows");
/// Bytes of a row: ten numbers, five days, a unit, fifteen texts of about thirty bytes.
const ROW: usize = 564;

impl Copied {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let database = Database::create(data.path().join("rows.redb")).unwrap();
        let writing = database.begin_write().unwrap();
        {
            let mut table = writing.open_table(TABLE).unwrap();
            for number in 0..RECORDS {
                let key = [&number.to_be_bytes()[..], &[1; 16]].concat();
                table.insert(key.as_slice(), vec![number as u8; ROW].as_slice()).unwrap();
            }
        }
        writing.commit().unwrap();
        Self { database, _data: data }
    }

    fn run(&self) -> usize {
        let reading = self.database.begin_read().unwrap();
        let table = reading.open_table(TABLE).unwrap();
        let mut copy = Vec::with_capacity(RECORDS as usize * ROW);
        for row in table.range::<&[u8]>(..).unwrap() {
            copy.extend_from_slice(row.unwrap().1.value());
        }
        copy.len()
    }
}
