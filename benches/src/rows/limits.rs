//! What the limits of a call cost: a page drawn within all of them, beside the same page drawn without any.
//!
//! The runtime draws no page without limits. So what they cost is found by hand, and taken from what the page takes that
//! the runtime draws: with its permission, its query to the store and its evidence.
//!
//! By hand both sides are wasmtime on the same component, each with an engine of its own: the runtime's, and the same
//! without interruption, for which the guest is compiled without looking at the clock. The host answers the guest's
//! query with the same fifty rows, ready made. The limited side does what the runtime does around it: it looks at the
//! time at each tick, bounds memories and what is copied, and counts rows and bytes. Both look at the page that comes back.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use dinh_runtime::bindings::types::{Column, ColumnValues, Decimal, DrawnNumber, RecordId, TextColumn};
use dinh_runtime::bindings::{records, views};
use dinh_runtime::limits::Limits;
use dinh_runtime::prepared::Prepared;
use dinh_runtime::{engine, view};
use dinh_services::{CallTime, Resource, Usage};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Engine, ResourceLimiter, Store, UpdateDeadline};

use super::calls::{Caller, request};
use super::house::component;
use crate::{Goal, Row, Side};

/// Pages that are asked for together.
const CALLS: u64 = 8;
/// Rows of the page.
const ROWS: usize = 50;

/// The rows.
pub fn rows() -> Vec<Row> {
    let (limited, free) = (Rc::new(ByHand::new(true)), Rc::new(ByHand::new(false)));
    assert_eq!(limited.draw().title, "Bảng");
    assert_eq!(view::check(&limited.draw()).ok(), view::check(&free.draw()).ok(), "the same page");
    let house = Caller::new(1_000);
    // What the runtime's pages took when they were drawn last, so that both sides speak of the same.
    let drawn = Rc::new(Cell::new(Duration::ZERO));
    let (last, within, without) = (Rc::clone(&drawn), Rc::clone(&limited), Rc::clone(&free));
    vec![
        Row {
            name: "page of fifty rows within the limits of a call".to_owned(),
            operations: CALLS,
            subject: Side::timed("all limits", move |times| {
                let took = timed(|| (0..times).for_each(|_| drop(house.draw("/table", CALLS))));
                drawn.set(took.checked_div(u32::try_from(times).unwrap()).unwrap_or(drawn.get()));
                took
            }),
            beside: Some(Side::timed("less what they cost by hand", move |times| {
                let (mut limited, mut free) = (Duration::ZERO, Duration::ZERO);
                // Whichever is first finds the machine as another left it; so they take turns.
                for page in 0..times * CALLS {
                    if page % 2 == 0 {
                        limited += timed(|| within.draw());
                        free += timed(|| without.draw());
                    } else {
                        free += timed(|| without.draw());
                        limited += timed(|| within.draw());
                    }
                }
                // Noise may make what they cost less than nothing.
                (last.get() * u32::try_from(times).unwrap() + free).saturating_sub(limited)
            })),
            goal: Goal::AtMost(1.05),
        },
        Row {
            name: "the same by hand, without permission, store and evidence".to_owned(),
            operations: 1,
            subject: Side::new("all limits", move || limited.draw()),
            beside: Some(Side::new("none", move || free.draw())),
            goal: Goal::Seen,
        },
    ]
}

fn timed<T>(run: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(run());
    start.elapsed()
}

struct ByHand {
    engine: Engine,
    plugin: Prepared<Host>,
    limited: bool,
    page: records::Page,
}

/// Answers every query with the same page.
struct Host {
    page: records::Page,
    /// None without limits.
    bounds: Option<Bounds>,
}

struct Bounds {
    limits: Limits,
    time: CallTime,
    usage: Usage,
    memory: usize,
}

impl ByHand {
    fn new(limited: bool) -> Self {
        let engine = if limited {
            engine::start(1).unwrap()
        } else {
            // As the runtime finds out what the kernel can do.
            let pagemap = wasmtime::PoolingAllocationConfig::is_pagemap_scan_available();
            Engine::new(engine::config(1, pagemap).epoch_interruption(false)).unwrap()
        };
        let component = Component::new(&engine, component("measured")).unwrap();
        let mut linker = Linker::new(&engine);
        records::add_to_linker::<_, HasSelf<_>>(&mut linker, |host: &mut Host| host).unwrap();
        linker.define_unknown_imports_as_traps(&component).unwrap();
        let plugin = Prepared::new(linker.instantiate_pre(&component).unwrap()).unwrap();
        Self { engine, plugin, limited, page: page() }
    }

    fn draw(&self) -> views::Page {
        let limits = Limits::DEFAULT;
        let bounds = self.limited.then(|| Bounds {
            limits,
            time: CallTime::start(limits.cpu, limits.wall),
            usage: Usage::default(),
            memory: 0,
        });
        let mut store = Store::new(&self.engine, Host { page: self.page.clone(), bounds });
        if self.limited {
            store.limiter(|host| host);
            store.set_hostcall_fuel(usize::try_from(limits.call.host_bytes).unwrap());
            store.set_epoch_deadline(1);
            store.epoch_deadline_callback(|mut store| match &mut store.data_mut().bounds {
                Some(bounds) => {
                    bounds.time.check().map_err(wasmtime::Error::new)?;
                    Ok(UpdateDeadline::Continue(1))
                }
                None => unreachable!("it is limited"),
            });
        }
        let guest = self.plugin.instantiate(&mut store).unwrap();
        let page = guest.render(&mut store, &request("/table")).unwrap().unwrap();
        // Without it nothing could be drawn, limits or not.
        let bytes = view::check(&page).unwrap();
        if let Some(bounds) = &mut store.data_mut().bounds {
            bounds.usage.spend(&limits.call, Resource::HostBytes, bytes).unwrap();
            bounds.time.check().unwrap();
        }
        page
    }
}

impl Host {
    fn spend(&mut self, resource: Resource, amount: u64) -> wasmtime::Result<()> {
        let Some(bounds) = &mut self.bounds else { return Ok(()) };
        bounds.usage.spend(&bounds.limits.call, resource, amount).map_err(wasmtime::Error::new)
    }
}

impl ResourceLimiter for Host {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let Some(bounds) = &mut self.bounds else { return Ok(true) };
        bounds.memory = bounds.memory.saturating_sub(current).saturating_add(desired);
        Ok(bounds.memory <= bounds.limits.memory)
    }
    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.memory_growing(current * size_of::<usize>(), desired * size_of::<usize>(), None)
    }
}

/// Fifty rows of the fields that the guest's table shows, in its order.
fn page() -> records::Page {
    let column = |values| Column { values, validity: Some(vec![0xff; ROWS.div_ceil(8)]) };
    let texts = || {
        let text = "Chi bộ số 7 xã Tả Phìn";
        let ends = (1..=ROWS).map(|row| (row * text.len()) as u32).collect();
        ColumnValues::Texts(TextColumn { data: text.repeat(ROWS).into_bytes(), ends })
    };
    let units = Column { values: ColumnValues::Units(vec![1; ROWS]), validity: None };
    records::Page {
        ids: (0..ROWS as u64).map(|low| RecordId { high: 1, low }).collect(),
        versions: vec![1; ROWS],
        columns: vec![
            units,
            column(ColumnValues::Integers(vec![7; ROWS])),
            column(ColumnValues::Integers(vec![8; ROWS])),
            column(ColumnValues::Dates(vec![20_454; ROWS])),
            column(texts()),
            column(texts()),
        ],
        next: Some("next".to_owned()),
    }
}

/// Bytes of a column as they are counted when they cross.
fn size(column: &Column) -> usize {
    let values = match &column.values {
        ColumnValues::Integers(values) => values.len() * 8,
        ColumnValues::Dates(values) => values.len() * 4,
        ColumnValues::Units(values) => values.len() * 4,
        ColumnValues::Texts(texts) => texts.data.len() + texts.ends.len() * 4,
        _ => 0,
    };
    values + column.validity.as_ref().map_or(0, Vec::len)
}

type Answer<T> = wasmtime::Result<Result<T, records::Error>>;

fn not_here<T>() -> Answer<T> {
    Ok(Err(records::Error::NotFound))
}

impl records::Host for Host {
    fn query(
        &mut self,
        selection: records::Selection,
        _: Option<String>,
        limit: u32,
    ) -> Answer<records::Page> {
        assert!(selection.fields.len() == 6 && limit as usize == ROWS, "{selection:?}, {limit}");
        let asked = selection.fields.iter().map(String::len).sum::<usize>() + selection.collection.len();
        self.spend(Resource::HostBytes, asked as u64)?;
        let page = self.page.clone();
        for _ in 0..ROWS {
            self.spend(Resource::RowsRead, 1)?;
        }
        let bytes = page.ids.len() * 24 + page.columns.iter().map(size).sum::<usize>();
        self.spend(Resource::HostBytes, bytes as u64)?;
        Ok(Ok(page))
    }
    fn get(&mut self, _: String, _: RecordId, _: Vec<String>) -> Answer<Option<records::Row>> {
        not_here()
    }
    fn count(&mut self, _: records::Selection) -> Answer<u64> {
        not_here()
    }
    fn sum(&mut self, _: records::Selection, _: String) -> Answer<Decimal> {
        not_here()
    }
    fn insert(&mut self, _: String, _: Vec<records::FieldValue>) -> Answer<RecordId> {
        not_here()
    }
    fn insert_many(&mut self, _: String, _: Vec<String>, _: Vec<Column>) -> Answer<Vec<RecordId>> {
        not_here()
    }
    fn update(&mut self, _: String, _: RecordId, _: Option<u64>, _: Vec<records::FieldValue>) -> Answer<()> {
        not_here()
    }
    fn delete(&mut self, _: String, _: RecordId, _: Option<u64>) -> Answer<()> {
        not_here()
    }
    fn draw(&mut self, _: String, _: String) -> Answer<DrawnNumber> {
        not_here()
    }
}
