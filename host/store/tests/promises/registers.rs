//! Numbers without gaps in many registers at the same time, through restarts, beside calls that fail.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use dinh_model::key::integer;
use dinh_store::memory::Memory;
use dinh_store::{CommitError, Conflict, Direction, Fill, Part, Store, Transaction};
use parking_lot::Mutex;

use crate::support::{file, signer, small};
use crate::workload::Random;

const CLERKS: u64 = 64;
const TURNS: usize = 6;
const OPENINGS: u64 = 3;

/// Of a register and a year.
fn register(random: &mut Random) -> String {
    let register = ["in", "out", "vouchers"][random.below(3) as usize];
    format!("{register}/{}", 2024 + random.below(2))
}

/// Registers a few letters in one change, some of them in the same register.
fn letters(store: &Store, random: &mut Random, name: &str) -> (Transaction, Vec<String>) {
    let mut call = Transaction::new(store.snapshot().unwrap());
    let registers: Vec<_> = (0..=random.below(3)).map(|_| register(random)).collect();
    for register in &registers {
        let draw = call.draw(format!("register/{register}").into());
        let key = [format!("letter/{register}/").as_bytes(), &[0; 8]].concat();
        let offset = (key.len() - 8) as u32;
        let fill = vec![Fill { draw, part: Part::Key, offset }];
        call.put_filled(key, name.into(), fill);
    }
    (call, registers)
}

/// What was said to be drawn: by whom, from which register.
type Drawn = Mutex<BTreeMap<(String, i64), String>>;

fn clerk(store: &Store, opening: u64, clerk: u64, drawn: &Drawn, lost: &AtomicUsize) {
    let mut random = Random(opening << 32 | clerk);
    for turn in 0..TURNS {
        let name = format!("{opening}/{clerk}/{turn}");
        loop {
            let (mut call, registers) = letters(store, &mut random, &name);
            // Now and then something that everybody changes: it must draw nothing when that fails.
            let hot = random.below(8) == 0;
            if hot {
                call.get(b"hot").unwrap();
                call.put(b"hot".into(), name.clone().into());
            }
            match store.commit(call.into_change(0, false)) {
                Ok(committed) => {
                    let mut drawn = drawn.lock();
                    for said in registers.into_iter().zip(committed.numbers) {
                        assert_eq!(drawn.insert(said.clone(), name.clone()), None, "{said:?} twice");
                    }
                    break;
                }
                Err(CommitError::Conflict(Conflict::Key(key))) if hot && key == b"hot" => {
                    lost.fetch_add(1, Ordering::Relaxed);
                }
                Err(CommitError::Busy) => thread::yield_now(),
                Err(other) => panic!("{other}"),
            }
        }
    }
}

fn check(open: impl Fn() -> Store) {
    let (drawn, lost) = (Drawn::default(), AtomicUsize::new(0));
    for opening in 0..OPENINGS {
        let store = open();
        thread::scope(|threads| {
            for number in 0..CLERKS {
                let (store, drawn, lost) = (&store, &drawn, &lost);
                threads.spawn(move || clerk(store, opening, number, drawn, lost));
            }
        });
        store.close().unwrap();
    }
    assert!(lost.into_inner() > 0, "some had to begin again");
    let drawn = drawn.into_inner();
    let registers: BTreeSet<&String> = drawn.keys().map(|(register, _)| register).collect();
    assert_eq!(registers.len(), 6);
    let store = open();
    let snapshot = store.snapshot().unwrap();
    let mut found = BTreeMap::new();
    for register in registers {
        let prefix = format!("letter/{register}/");
        let end = dinh_model::key::after_prefix(prefix.as_bytes());
        let mut last = 0;
        for (number, item) in
            (1_i64..).zip(snapshot.range(prefix.as_bytes(), end.as_deref(), Direction::Forward))
        {
            let (key, stored) = item.unwrap();
            assert_eq!(key[prefix.len()..], integer(number), "{register} has no gap");
            found.insert((register.clone(), number), String::from_utf8(stored.value).unwrap());
            last = number;
        }
        let stored = snapshot.get(format!("register/{register}").as_bytes()).unwrap().unwrap();
        assert_eq!(stored.value, last.to_le_bytes());
    }
    assert!(found == drawn, "every number is with whom it was said to be with");
}

#[test]
fn sixty_four_clerks_at_six_registers_count_on_through_restarts_in_memory() {
    let memory = Memory::new();
    check(|| Store::with_backend(Box::new(memory.clone()), signer(), small()).unwrap());
}

#[test]
fn sixty_four_clerks_at_six_registers_count_on_through_restarts_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    check(|| Store::open(&file(&folder), signer(), small()).unwrap());
}
