//! The work of the process that is killed: clerks who register letters and change them, one who imports, and one
//! who only witnesses. Each tells what was acknowledged, in one line, once it was.

use std::io::Write;
use std::thread;

use dinh_model::key::integer;
use dinh_store::{Fill, KeyRange, Outcome, Part, Seq, Stage, Store, Transaction};

use crate::support::{entry, signer, small};

const WRITERS: usize = 4;
pub const REGISTERS: [&str; 6] =
    ["in/2024", "in/2025", "out/2024", "out/2025", "vouchers/2024", "vouchers/2025"];
/// Rows of an import, staged in steps of four.
pub const IMPORTED: usize = 12;

/// A letter: row, place in its register, and place among those of its state.
pub fn row(name: &str) -> Vec<u8> {
    format!("row/{name}").into()
}

pub fn place(register: &str, number: i64) -> Vec<u8> {
    [format!("number/{register}/").as_bytes(), &integer(number)].concat()
}

pub fn state(state: u8, name: &str) -> Vec<u8> {
    format!("state/{state}/{name}").into()
}

pub fn register(name: &str) -> Vec<u8> {
    format!("register/{name}").into()
}

/// A letter's row: number, state, register, name.
pub fn value(number: i64, state: u8, register: &str, name: &str) -> Vec<u8> {
    [&number.to_le_bytes()[..], &[state], register.as_bytes(), b"|", name.as_bytes()].concat()
}

/// A row of an import, and its place in the index.
pub fn imported(batch: Seq, number: usize) -> (Vec<u8>, Vec<u8>) {
    (format!("bulk/{}/{number:02}", batch.0).into(), format!("bulkindex/{number:02}/{}", batch.0).into())
}

/// One write of a whole line: what is read of it was acknowledged.
fn tell(line: &str) {
    std::io::stdout().write_all(format!("\n{line}\n").as_bytes()).unwrap();
    std::io::stdout().flush().unwrap();
}

/// Works until it is killed.
pub fn work(path: &std::path::Path) {
    tell("opening");
    let store = &Store::open(path, signer(), small()).unwrap();
    let era = store.snapshot().unwrap().seq().0;
    thread::scope(|threads| {
        for writer in 0..WRITERS {
            threads.spawn(move || {
                for turn in 0.. {
                    let name = format!("{era}-{writer}-{turn}");
                    let register = REGISTERS[(writer + turn) % REGISTERS.len()];
                    add(store, register, &name);
                    if turn % 3 == 0 {
                        amend(store, &name);
                    }
                    if turn % 4 == 0 {
                        let snapshot = store.snapshot().unwrap();
                        let head = snapshot.evidence_log().head().unwrap().unwrap();
                        tell(&format!("head {}", head.replace('\n', "\\")));
                    }
                }
            });
        }
        threads.spawn(move || {
            tidy(store);
            loop {
                import(store);
            }
        });
        for turn in 0.. {
            let name = format!("{era}-refused-{turn}");
            store.witness(vec![entry("deed.refused", &name, Outcome::Refused)]).unwrap();
            tell(&format!("refused {name}"));
        }
    });
}

fn add(store: &Store, of: &str, name: &str) {
    let mut call = Transaction::new(store.snapshot().unwrap());
    let draw = call.draw(register(of));
    let fill = |part, offset| vec![Fill { draw, part, offset: offset as u32 }];
    call.put_filled(row(name), value(0, 0, of, name), fill(Part::Value, 0));
    let place = place(of, 0);
    let offset = place.len() - 8;
    call.put_filled(place, name.into(), fill(Part::Key, offset));
    call.put(state(0, name), vec![]);
    call.evidence(entry("deed.done", name, Outcome::Done));
    let committed = store.commit(call.into_change(0, false)).unwrap();
    tell(&format!("added {name} {of} {}", committed.numbers[0]));
}

/// Sets the state of a letter of its own.
fn amend(store: &Store, name: &str) {
    let mut call = Transaction::new(store.snapshot().unwrap());
    let mut changed = call.get(&row(name)).unwrap().unwrap().value;
    changed[8] = 1;
    call.put(row(name), changed);
    call.delete(state(0, name));
    call.put(state(1, name), vec![]);
    call.evidence(entry("deed.amended", name, Outcome::Done));
    store.commit(call.into_change(0, false)).unwrap();
    tell(&format!("amended {name}"));
}

fn staged(store: &Store, stage: Stage, evidence: Option<Seq>) -> Seq {
    let mut call = Transaction::new(store.snapshot().unwrap());
    call.stage(stage);
    if let Some(batch) = evidence {
        call.evidence(entry("rows.published", &batch.0.to_string(), Outcome::Done));
    }
    store.commit(call.into_change(0, false)).unwrap().seq
}

fn import(store: &Store) {
    let range = |start: &str, end: &str| KeyRange { start: start.into(), end: Some(end.into()) };
    let ranges = vec![range("bulk/", "bulk0"), range("bulkindex/", "bulkindex0")];
    let batch = staged(store, Stage::Open { ranges }, None);
    for step in 0..IMPORTED / 4 {
        let mut call = Transaction::staging(&store.snapshot().unwrap(), batch);
        for number in step * 4..step * 4 + 4 {
            let (row, index) = imported(batch, number);
            call.put(index, row.clone());
            call.put(row, vec![number as u8]);
        }
        store.commit(call.into_change(0, false)).unwrap();
        tell(&format!("step {} {}", batch.0, step + 1));
    }
    staged(store, Stage::Publish { batch }, Some(batch));
    tell(&format!("published {}", batch.0));
}

/// Gives up the imports that were going on when the process before this one was killed.
fn tidy(store: &Store) {
    let snapshot = store.snapshot().unwrap();
    for (batch, _) in snapshot.batches() {
        let mut call = Transaction::staging(&snapshot, batch);
        for item in snapshot.staged(batch, b"", None) {
            call.delete(item.unwrap().0);
        }
        store.commit(call.into_change(0, false)).unwrap();
        staged(store, Stage::Close { batch }, None);
    }
}
