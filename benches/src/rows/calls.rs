//! Calls of a plugin through the runtime, beside wasmtime used by hand on the same component.
//!
//! By hand means: the same engine configuration and pool, an instance prepared beforehand, an empty state
//! and no limits; nobody is asked for permission, nothing is looked at, nothing is evidenced. The component
//! is `tests/plugins/measured`, which `cargo xtask bench` builds.

use std::rc::Rc;
use std::sync::Arc;

use dinh_model::{Actor, Language};
use dinh_runtime::bindings::pages::Request;
use dinh_runtime::bindings::{PluginPre, access, types};
use dinh_runtime::pool::Size;
use dinh_runtime::{Asked, Options, engine};
use redb::{Database, ReadableDatabase, TableDefinition};
use tempfile::TempDir;
use wasmtime::Engine;
use wasmtime::component::{Component, HasSelf, Linker};

use super::house::{House, RECORDS, component};
use crate::{Goal, Row, Side};

/// Checks in one call.
const CHECKS: u64 = 20_000;
/// Pages that are asked for together.
const PAGES: u64 = 4;
/// Calls that wait together, so that what a call costs is not hidden behind handing it over.
const CALLS: u64 = 32;

/// The rows.
pub fn rows() -> Vec<Row> {
    let house = Rc::new(Caller::new());
    let by_hand = Rc::new(ByHand::new());
    let title = house.draw(&format!("/ask?times={CHECKS}"), 1);
    assert_eq!(title, CHECKS.to_string(), "the engine is asked, and allows it");
    assert_eq!(by_hand.draw(&format!("/ask?times={CHECKS}")), title);
    assert!(house.draw("/read", 1).starts_with("1000 "), "{}", house.draw("/read", 1));
    vec![fresh(&house, &by_hand), checks(&house, &by_hand), page(&house)]
}

fn fresh(house: &Rc<Caller>, by_hand: &Rc<ByHand>) -> Row {
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

fn checks(house: &Rc<Caller>, by_hand: &Rc<ByHand>) -> Row {
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

fn page(house: &Rc<Caller>) -> Row {
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

/// A province with one worker, so that one call is measured and not two at a time.
struct Caller {
    house: House,
    tokio: tokio::runtime::Runtime,
}

impl Caller {
    fn new() -> Self {
        let pool = Size { workers: 1, running_per_lane: 1, waiting_per_lane: 256, waiting: 1024 };
        let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Self { house: House::new(Options { pool }), tokio }
    }

    /// Draws a page so many times, all of them asked for at once; the title of the last.
    fn draw(&self, address: &str, times: u64) -> String {
        let House { runtime, plugin, person, .. } = &self.house;
        self.tokio.block_on(async {
            let calls: Vec<_> = (0..times)
                .map(|_| {
                    let (runtime, plugin) = (Arc::clone(runtime), plugin.clone());
                    let asked = Asked {
                        actor: Actor::person(*person),
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
