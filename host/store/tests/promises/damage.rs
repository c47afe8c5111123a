//! Pages are not as they were written: bits flipped, zeroed, swapped, cut off. It is named, nothing panics and
//! nothing hangs; what is not damaged is read and written as before.

use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::sync::Arc;

use dinh_store::backend::disk::Disk;
use dinh_store::{CommitError, Direction, Outcome, Store, StoreError, Transaction};

use crate::faulty::{Faulty, Random};
use crate::support::{entry, file, keys, put, signer, small, value};

const ROWS: u64 = 600;
const PAGE: usize = 4096;

fn open(image: &[u8]) -> Result<Store, StoreError> {
    let medium = Arc::new(Faulty::new(image.to_vec()));
    Store::with_backend(Box::new(Disk::over(medium, "the file", 0)?), signer(), small())
}

/// What row `number` holds.
fn row(number: u64) -> String {
    format!("value of {number} ").repeat(10)
}

/// A store of several levels, as a kill leaves it.
fn image() -> Vec<u8> {
    let medium = Faulty::new(Vec::new());
    let disk = Disk::over(Arc::new(medium.clone()), "the file", 0).unwrap();
    let store = Store::with_backend(Box::new(disk), signer(), small()).unwrap();
    for first in (0..ROWS).step_by(100) {
        let mut call = Transaction::new(store.snapshot().unwrap());
        for number in first..first + 100 {
            call.put(format!("row/{number:04}").into(), row(number).into());
        }
        call.evidence(entry("rows.put", &first.to_string(), Outcome::Done));
        store.commit(call.into_change(0, false)).unwrap();
    }
    medium.image()
}

#[track_caller]
fn assert_named(error: &StoreError) {
    assert!(
        matches!(
            error,
            StoreError::Damaged { .. } | StoreError::Interrupted | StoreError::NewerFormat { .. }
        ),
        "{error:?}"
    );
}

/// Nothing else than what was written is ever shown.
#[track_caller]
fn assert_as_written(key: &[u8], value: &[u8]) {
    let number = std::str::from_utf8(&key[4..]).unwrap().parse().unwrap();
    assert!(value == row(number).as_bytes() || value.starts_with(b"again "), "{}", value.escape_ascii());
}

/// Does all there is to do with what is left; how many of the rows are there, or none when it does not open.
fn live_with(image: &[u8]) -> Option<usize> {
    let store = match open(image) {
        Ok(store) => store,
        Err(error) => {
            assert_named(&error);
            return None;
        }
    };
    for round in 0..2 {
        let Ok(snapshot) = store.snapshot() else { continue };
        for direction in [Direction::Forward, Direction::Backward] {
            let walked = snapshot.range(b"", None, direction).take(10_000).inspect(|item| match item {
                Ok((key, stored)) => assert_as_written(key, &stored.value),
                Err(error) => assert_named(error),
            });
            assert!(walked.count() <= ROWS as usize + 10, "in circles");
        }
        if let Err(error) = snapshot.evidence(0, 10_000) {
            assert_named(&error);
        }
        let mut call = Transaction::new(snapshot);
        for number in 0..3 {
            call.put(format!("row/{:04}", 200 * number).into(), format!("again {round}").into());
        }
        call.delete(b"row/0300".into());
        call.evidence(entry("rows.put", "again", Outcome::Done));
        if let Err(error) = store.commit(call.into_change(0, false)) {
            match error {
                CommitError::Store(error) => assert_named(&error),
                CommitError::Conflict(_) | CommitError::Malformed(_) => {}
                other => panic!("{other}"),
            }
        }
    }
    let whole = store.snapshot().map_or(0, |snapshot| {
        let whole = |number: &u64| {
            let key = format!("row/{number:04}");
            let found = snapshot.get(key.as_bytes());
            if let Ok(Some(stored)) = &found {
                assert_as_written(key.as_bytes(), &stored.value);
            }
            matches!(found, Ok(Some(stored)) if stored.value == row(*number).as_bytes())
        };
        (0..ROWS).filter(whole).count()
    });
    if let Err(error) = store.close() {
        assert_named(&error);
    }
    Some(whole)
}

/// One kind of damage somewhere in the file.
fn damage(image: &mut Vec<u8>, random: &mut Random) {
    let pages = (image.len() / PAGE) as u64;
    let page = |random: &mut Random| random.below(pages) as usize * PAGE;
    match random.below(6) {
        0 => {
            let first = page(random);
            image[first..first + PAGE].fill(0);
        }
        1 => {
            let first = page(random);
            image[first..first + PAGE].fill(0xff);
        }
        2 => {
            let (from, to) = (page(random), page(random));
            image.copy_within(from..from + PAGE, to);
        }
        3 => {
            // A length that may be: the file was cut off, or something was appended.
            let len = random.below(2 * image.len() as u64) as usize;
            image.resize(len, 0);
        }
        4 => {
            let first = page(random);
            image[first..first + PAGE].iter_mut().for_each(|byte| *byte = random.below(256) as u8);
        }
        _ => {
            for _ in 0..=random.below(8) {
                let first = page(random);
                // Where a page says what it is, more often than not.
                let within = if random.below(2) == 0 { random.below(64) } else { random.below(PAGE as u64) };
                image[first + within as usize] ^= 1 << random.below(8);
            }
        }
    }
}

/// The pages of rows and of the ways to them; not those in which redb keeps account of free pages.
fn pages_of_rows(image: &[u8]) -> Vec<usize> {
    let pages = image.chunks(PAGE).enumerate();
    pages
        .filter(|(_, page)| page.windows(4).any(|bytes| bytes == b"row/"))
        .map(|(number, _)| number * PAGE)
        .collect()
}

#[test]
fn damage_in_rows_and_the_ways_to_them_is_named_and_nothing_panics_or_hangs() {
    let image = image();
    let pages = pages_of_rows(&image);
    let mut random = Random(0x5eed);
    for _ in 0..150 {
        let mut damaged = image.clone();
        for _ in 0..=random.below(3) {
            let place = pages[random.below(pages.len() as u64) as usize];
            let mut page = damaged[place..place + PAGE].to_vec();
            damage(&mut page, &mut random);
            page.resize(PAGE, 0);
            damaged[place..place + PAGE].copy_from_slice(&page);
        }
        live_with(&damaged).expect("it opens");
    }
}

const CHILD: &str = "DINH_STORE_TEST_DAMAGE";
const SEEDS: u64 = 250;

/// Not a test of its own: damage anywhere, in a process that may be stopped by it.
#[test]
fn lives_with_damage_anywhere() {
    let Some(first) = std::env::var(CHILD).ok().and_then(|first| first.parse().ok()) else { return };
    let image = image();
    // Only pages that are in use are worth damaging.
    let used = image.chunks(PAGE).rposition(|page| page.iter().any(|byte| *byte != 0)).unwrap() + 1;
    for seed in first..SEEDS {
        println!("\nseed {seed}");
        let mut damaged = image.clone();
        let rest = damaged.split_off(used * PAGE);
        damage(&mut damaged, &mut Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1));
        damaged.extend(&rest);
        if live_with(&damaged).is_some() {
            println!("\nopened {seed}");
        }
    }
}

#[test]
fn damage_anywhere_is_named_or_stops_the_process_and_never_goes_unnoticed() {
    let (mut first, mut opened, mut stopped) = (0, 0, 0);
    while first < SEEDS {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "damage::lives_with_damage_anywhere", "--nocapture"])
            .env(CHILD, first.to_string())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        opened += said.lines().filter(|line| line.starts_with("opened ")).count();
        let last = said.lines().filter_map(|line| line.strip_prefix("seed ")).next_back().unwrap();
        first = last.parse::<u64>().unwrap() + 1;
        if !child.status.success() {
            // Where redb keeps account of free pages it trusts what it wrote, also while it unwinds.
            let said = String::from_utf8_lossy(&child.stderr);
            assert_eq!(child.status.signal(), Some(6), "seed {last}: {said}");
            assert!(said.contains("panic in a destructor"), "seed {last}: {said}");
            stopped += 1;
        }
    }
    println!("{opened} of {SEEDS} opened, {stopped} stopped the process");
    assert!(opened as u64 > SEEDS / 4, "reading goes on where it can");
    assert!(stopped < SEEDS / 20, "{stopped}");
}

/// Wipes out the page that holds a row.
fn lose_page_of(image: &mut [u8], number: u64) {
    let needle = row(number);
    // The newest place: a page that was rewritten is still there as it was.
    let place = image.windows(needle.len()).rposition(|bytes| bytes == needle.as_bytes()).unwrap();
    image[place / PAGE * PAGE..][..PAGE].fill(0);
}

#[test]
fn one_damaged_page_of_rows_costs_those_rows() {
    let mut image = image();
    lose_page_of(&mut image, 250);
    let whole = live_with(&image).expect("it opens");
    assert!(whole > 500 && whole < 600, "{whole} of {ROWS}");
}

#[test]
fn a_walk_shows_all_that_lies_before_a_damaged_page_and_then_names_it_and_ends() {
    let mut image = image();
    lose_page_of(&mut image, 250);
    let store = open(&image).unwrap();
    let snapshot = store.snapshot().unwrap();
    let lost = |number: &u64| snapshot.get(format!("row/{number:04}").as_bytes()).is_err();
    let (first, last) = ((0..ROWS).find(lost).unwrap(), (0..ROWS).rfind(lost).unwrap());
    assert!((1..=250).contains(&first) && (250..ROWS - 1).contains(&last));
    let (before, after): (Vec<u64>, Vec<u64>) = ((0..first).collect(), (last + 1..ROWS).rev().collect());
    for (direction, expected) in [(Direction::Forward, before), (Direction::Backward, after)] {
        let mut range = snapshot.range(b"row/", Some(b"row0"), direction);
        let mut shown: Vec<u64> = Vec::new();
        let error = loop {
            match range.next().expect("damage goes unnoticed") {
                Ok((key, _)) => shown.push(std::str::from_utf8(&key[4..]).unwrap().parse().unwrap()),
                Err(error) => break error,
            }
        };
        assert_eq!(shown, expected);
        assert_named(&error);
        assert!(range.next().is_none());
    }
}

#[test]
fn a_check_finds_every_damaged_page_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let store = Store::open(&path, signer(), small()).unwrap();
    for number in 0..50 {
        put(&store, &format!("row/{number}"), &row(number).repeat(3));
    }
    assert!(matches!(Disk::check(&path, 1 << 20), Err(StoreError::Locked { .. })));
    store.close().unwrap();

    let good = std::fs::read(&path).unwrap();
    Disk::check(&path, 1 << 20).unwrap();
    assert!(std::fs::read(&path).unwrap() == good, "a check writes nothing");
    let needle = row(7);
    let places = good.windows(needle.len()).enumerate().filter(|(_, bytes)| *bytes == needle.as_bytes());
    let mut found = 0;
    for (place, _) in places {
        let mut damaged = good.clone();
        damaged[place + 3] ^= 0x10;
        std::fs::write(&path, &damaged).unwrap();
        // Else it is a page of an earlier commit, not in use.
        if let Err(error) = Disk::check(&path, 1 << 20) {
            assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
            assert!(error.to_string().contains("dinh.redb"), "{error}");
            found += 1;
        }
        assert!(std::fs::read(&path).unwrap() == damaged);
    }
    assert!(found > 0);
    std::fs::write(&path, &good).unwrap();
    let store = Store::open(&path, signer(), small()).unwrap();
    let snapshot = store.snapshot().unwrap();
    assert_eq!(keys(&snapshot, "row/", None, Direction::Forward).len(), 50);
    assert!(value(&snapshot, "row/7").is_some());
}
