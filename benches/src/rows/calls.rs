//! Calls of a plugin through the runtime, beside wasmtime used by hand on the same component.
//!
//! By hand means: the same engine configuration and pool, a component prepared beforehand in the same way,
//! an empty state and no limits, on a worker of the same kind; nobody is asked for permission, nothing is
//! looked at, nothing is evidenced. The component is `tests/plugins/measured`, which `cargo xtask bench`
//! builds.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use dinh_model::{Actor, Language};
use dinh_runtime::bindings::pages::Request;
use dinh_runtime::bindings::{access, catalog, pages, types, views};
use dinh_runtime::pool::{Pool, Size};
use dinh_runtime::prepared::Prepared;
use dinh_runtime::{Asked, Compiler, Options, engine};
use tokio::sync::oneshot;
use wasmtime::Engine;
use wasmtime::component::{Component, HasSelf, InstancePre, Linker};

use super::house::{House, component};
use crate::{Goal, Row, Side};

/// Checks in one call.
const CHECKS: u64 = 20_000;
/// Look-ups in one call.
const LOOK_UPS: u64 = 20_000;
/// A province since July 2025, and one until June: on the plugin's day the first is found.
const PROVINCES: [(&str, bool); 2] = [("15-2025", true), ("15", false)];
/// Calls that wait together.
const CALLS: u64 = 32;
/// One worker, so that one call is measured and not two at a time.
pub(super) const ONE: Size = Size { workers: 1, running_per_lane: 1, waiting_per_lane: 256, waiting: 1024 };

/// The rows.
pub fn rows() -> Vec<Row> {
    let house = Rc::new(Caller::new(0));
    let by_hand = Rc::new(ByHand::new());
    let title = house.draw(&format!("/ask?times={CHECKS}"), 1);
    assert_eq!(title, CHECKS.to_string(), "the engine is asked, and allows it");
    assert_eq!(by_hand.draw(&format!("/ask?times={CHECKS}"), 1), title);
    // In this order: a call that fills its memory leaves pages behind that the next in its place has cleared
    // for it, and the bare side draws no large page.
    vec![
        fresh(&house, &by_hand),
        fresh_beside_bindings(&house, &by_hand),
        alone(&house, &by_hand),
        checks(&house, &by_hand),
        look_ups(&house, &by_hand, PROVINCES[0]),
        look_ups(&house, &by_hand, PROVINCES[1]),
    ]
}

/// What the runtime adds to the bare sequence. Many calls wait together, and one wake-up tells of all.
fn fresh(house: &Rc<Caller>, by_hand: &Rc<ByHand>) -> Row {
    let (house, by_hand) = (house.clone(), by_hand.clone());
    Row {
        name: "fresh instance and call".to_owned(),
        operations: CALLS,
        subject: Side::new("runtime", move || house.draw("/", CALLS)),
        beside: Some(Side::new("bare wasmtime", move || by_hand.draw("/", CALLS))),
        goal: Goal::AtMost(1.2),
    }
}

/// The same beside wasmtime as its own bindings use it: they compare the types of a component's exports for each instance,
/// which the bare side above leaves out as the runtime does ([`Prepared`]).
fn fresh_beside_bindings(house: &Rc<Caller>, by_hand: &Rc<ByHand>) -> Row {
    let (house, by_hand) = (house.clone(), by_hand.clone());
    assert_eq!(by_hand.draw_with(Bare::draw_by_bindings, "/", 1), by_hand.draw("/", 1));
    Row {
        name: "the same beside the bindings that wasmtime generates".to_owned(),
        operations: CALLS,
        subject: Side::new("runtime", move || house.draw("/", CALLS)),
        beside: Some(Side::new("wasmtime's bindings", move || {
            by_hand.draw_with(Bare::draw_by_bindings, "/", CALLS)
        })),
        goal: Goal::AtMost(1.2),
    }
}

/// What one caller waits for: the worker is woken, and the caller again.
fn alone(house: &Rc<Caller>, by_hand: &Rc<ByHand>) -> Row {
    let (house, by_hand) = (house.clone(), by_hand.clone());
    Row {
        name: "the same, handed over and awaited one by one".to_owned(),
        operations: 1,
        subject: Side::new("runtime", move || house.draw("/", 1)),
        beside: Some(Side::new("bare wasmtime, on the caller's thread", move || by_hand.here("/").title)),
        goal: Goal::Seen,
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
        beside: Some(Side::new("empty host call", move || by_hand.draw(&same, 1))),
        goal: Goal::AtMost(1.5),
    }
}

/// A look-up beside a host call that is given the same and answers the same, ready made: what crosses is alike.
fn look_ups(house: &Rc<Caller>, by_hand: &Rc<ByHand>, (code, found): (&str, bool)) -> Row {
    let (house, by_hand) = (house.clone(), by_hand.clone());
    let address = format!("/look-up?times={LOOK_UPS}&code={code}");
    let expected = if found { LOOK_UPS } else { 0 }.to_string();
    assert_eq!((house.draw(&address, 1), by_hand.draw(&address, 1)), (expected.clone(), expected));
    let same = address.clone();
    let what = if found { "found" } else { "not in its term" };
    Row {
        name: format!("catalog look-up from inside a plugin, {what}"),
        operations: LOOK_UPS,
        subject: Side::new("lookup", move || house.draw(&address, 1)),
        beside: Some(Side::new("empty host call", move || by_hand.draw(&same, 1))),
        goal: Goal::AtMost(1.5),
    }
}

pub(super) type Answers = Vec<Pin<Box<dyn Future<Output = views::Page>>>>;

/// Enters all calls, then sleeps until the last has its answer: there is one worker, so that the others
/// have theirs. What a call costs is then not drowned in waking whoever waits for it.
fn together(tokio: &tokio::runtime::Runtime, mut calls: Answers) -> views::Page {
    let mut nobody = Context::from_waker(Waker::noop());
    let mut last = calls.pop().unwrap();
    calls.retain_mut(|call| call.as_mut().poll(&mut nobody).is_pending());
    let answer = tokio.block_on(&mut last);
    for mut call in calls {
        assert!(matches!(call.as_mut().poll(&mut nobody), Poll::Ready(_)), "there is one worker");
    }
    answer
}

fn waiting() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

/// A province with one worker.
pub(super) struct Caller {
    house: House,
    tokio: tokio::runtime::Runtime,
}

impl Caller {
    /// With so many records.
    pub(super) fn new(records: usize) -> Self {
        let options = Options { pool: ONE, ..Options::new(Compiler::Here) };
        Self { house: House::new(options, records), tokio: waiting() }
    }

    /// Draws a page so many times, all of them asked for at once; the title of the last.
    pub(super) fn draw(&self, address: &str, times: u64) -> String {
        let House { runtime, plugin, person, .. } = &self.house;
        let call = |_| {
            let (runtime, plugin) = (Arc::clone(runtime), plugin.clone());
            let asked = Asked {
                scope: None,
                actor: Actor::person(*person),
                language: Language::Vi,
                request: request(address),
                sheet: None,
                leaves: false,
            };
            Box::pin(async move { runtime.render(&plugin, asked).await.unwrap() }) as _
        };
        together(&self.tokio, (0..times).map(call).collect()).title
    }
}

pub(super) fn request(address: &str) -> Request {
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
    bare: Arc<Bare>,
    pool: Pool,
    tokio: tokio::runtime::Runtime,
}

struct Bare {
    engine: Engine,
    plugin: Prepared<Empty>,
    /// The same for the generated bindings.
    linked: InstancePre<Empty>,
    exports: pages::GuestIndices,
}

/// A host without anything in it.
struct Empty;

impl Bare {
    fn draw(&self, request: &Request) -> views::Page {
        let mut store = wasmtime::Store::new(&self.engine, Empty);
        store.set_epoch_deadline(1 << 40);
        let guest = self.plugin.instantiate(&mut store).unwrap();
        guest.render(&mut store, request).unwrap().unwrap()
    }

    fn draw_by_bindings(&self, request: &Request) -> views::Page {
        let mut store = wasmtime::Store::new(&self.engine, Empty);
        store.set_epoch_deadline(1 << 40);
        let instance = self.linked.instantiate(&mut store).unwrap();
        let guest = self.exports.load(&mut store, &instance).unwrap();
        guest.call_render(&mut store, request).unwrap().unwrap()
    }
}

impl ByHand {
    fn new() -> Self {
        let engine = engine::start(2).unwrap();
        let component = Component::new(&engine, component("measured")).unwrap();
        let mut linker = Linker::new(&engine);
        access::add_to_linker::<_, HasSelf<_>>(&mut linker, |empty: &mut Empty| empty).unwrap();
        catalog::add_to_linker::<_, HasSelf<_>>(&mut linker, |empty: &mut Empty| empty).unwrap();
        linker.define_unknown_imports_as_traps(&component).unwrap();
        let linked = linker.instantiate_pre(&component).unwrap();
        let exports = pages::GuestIndices::new(&linked).unwrap();
        let plugin = Prepared::new(linked.clone()).unwrap();
        Self {
            bare: Arc::new(Bare { engine, plugin, linked, exports }),
            pool: Pool::start(ONE).unwrap(),
            tokio: waiting(),
        }
    }

    /// Draws a page so many times on the worker; the title of the last.
    fn draw(&self, address: &str, times: u64) -> String {
        self.draw_with(Bare::draw, address, times)
    }

    fn draw_with(&self, draw: fn(&Bare, &Request) -> views::Page, address: &str, times: u64) -> String {
        let call = |_| {
            let (bare, request) = (Arc::clone(&self.bare), request(address));
            let (answer, answered) = oneshot::channel();
            let job = move || drop(answer.send(draw(&bare, &request)));
            self.pool.enter(0, job).unwrap();
            Box::pin(async move { answered.await.unwrap() }) as _
        };
        together(&self.tokio, (0..times).map(call).collect()).title
    }

    /// Draws a page on this thread.
    fn here(&self, address: &str) -> views::Page {
        self.bare.draw(&request(address))
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

type Answer<T> = wasmtime::Result<Result<T, catalog::Error>>;

/// Answers what the platform does of two provinces, and knows no catalog.
impl catalog::Host for Empty {
    fn lookup(&mut self, _: String, code: String, _: types::Date) -> Answer<Option<catalog::Entry>> {
        let found = code == PROVINCES[0].0;
        let entry = || catalog::Entry {
            code,
            name_vi: "Lào Cai".to_owned(),
            name_en: "Lao Cai".to_owned(),
            parent: None,
            valid_from: 20_270,
            valid_until: None,
            attributes: Vec::new(),
        };
        Ok(Ok(found.then(entry)))
    }
    fn get(&mut self, _: String, _: String) -> Answer<Option<catalog::Entry>> {
        Ok(Ok(None))
    }
    fn find(&mut self, _: String, _: String, _: types::Date) -> Answer<Option<catalog::Entry>> {
        Ok(Ok(None))
    }
    fn list(&mut self, _: String, _: types::Date, _: Option<String>, _: u32) -> Answer<catalog::Entries> {
        Ok(Err(catalog::Error::UnknownCatalog(String::new())))
    }
    fn successors(&mut self, _: String, _: String) -> Answer<Vec<catalog::Entry>> {
        Ok(Ok(Vec::new()))
    }
    fn predecessors(&mut self, _: String, _: String) -> Answer<Vec<catalog::Entry>> {
        Ok(Ok(Vec::new()))
    }
    fn translate(&mut self, _: String, _: String, _: types::Date) -> Answer<Option<catalog::Translation>> {
        Ok(Ok(None))
    }
}
