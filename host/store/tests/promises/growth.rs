//! Bounded: the file under long work, what a held snapshot costs, and how the room comes back.

use std::sync::Arc;

use dinh_store::backend::disk::Disk;
use dinh_store::backend::{Batch, Table, Usage};
use dinh_store::{Backend, Direction, Store, StoreError, Transaction};

use crate::faulty::{Fault, Faulty, Kind};
use crate::support::{file, signer, small};

const ROWS: u64 = 10_000;
/// Rows that one round changes.
const ROUND: u64 = 200;

fn batch(numbers: impl Iterator<Item = u64>, round: u64) -> Batch {
    let mut batch = Batch::default();
    for number in numbers {
        let key = format!("row/{:05}", number % ROWS);
        batch.put(Table::Data, key.into(), format!("{round:0100}").into());
    }
    batch
}

/// Rows all over the file change.
fn churn(disk: &Disk, rounds: std::ops::Range<u64>) {
    for round in rounds {
        disk.apply(&batch((0..ROUND).map(|row| row * 7919 + round * 31), round)).unwrap();
    }
}

fn usage(disk: &Disk) -> Usage {
    let usage = disk.usage().unwrap();
    assert!(usage.stored > ROWS * 100 && usage.stored + usage.unfilled < usage.live, "{usage:?}");
    assert!(usage.live < usage.file, "{usage:?}");
    assert_eq!(usage.reclaimable(), usage.file - usage.live);
    usage
}

fn filled(folder: &tempfile::TempDir) -> Disk {
    let disk = Disk::open(&file(folder), 16 << 20).unwrap();
    disk.apply(&batch(0..ROWS, 0)).unwrap();
    disk
}

#[test]
fn an_export_in_slices_beside_steady_writing_does_not_make_the_file_grow() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&file(&folder), signer(), small()).unwrap();
    let write = |rows: &mut dyn Iterator<Item = u64>, round: u64| {
        let mut call = Transaction::new(store.snapshot().unwrap());
        for number in rows {
            call.put(format!("row/{:05}", number % ROWS).into(), format!("{round:0100}").into());
        }
        store.commit(call.into_change(0, false)).unwrap();
    };
    for first in (0..ROWS).step_by(200) {
        write(&mut (first..first + 200), 0);
    }
    let mut next = b"row/".to_vec();
    let (mut exported, mut sizes) = (0, Vec::new());
    for round in 1..=250 {
        // A slice of the export over a snapshot of its own, held while others write.
        let slice = store.snapshot().unwrap();
        write(&mut (0..ROUND).map(|row| row * 7919 + round * 31), round);
        for item in slice.range(&next, None, Direction::Forward).take(50) {
            next = item.unwrap().0;
            next.push(0);
            exported += 1;
        }
        sizes.push(std::fs::metadata(file(&folder)).unwrap().len());
    }
    assert!(exported >= ROWS, "{exported}");
    store.close().unwrap();
    let live = Disk::open(&file(&folder), 1 << 20).unwrap().usage().unwrap().live;
    let largest = *sizes.iter().max().unwrap();
    assert!(largest <= 4 * live + (1 << 20), "{largest} bytes for {live} that are live");
    assert_eq!(sizes[100], *sizes.last().unwrap(), "it has found its size");
}

#[test]
fn a_held_view_costs_what_is_written_beside_it_and_compacting_gives_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let disk = filled(&folder);
    churn(&disk, 1..40);
    let calm = usage(&disk);

    let held = disk.view().unwrap();
    churn(&disk, 40..120);
    let grown = usage(&disk);
    assert!(grown.file >= 4 * calm.file, "it cannot use again what somebody looks at: {calm:?} {grown:?}");
    assert!(grown.live < calm.live * 2, "{grown:?}");
    assert!(matches!(disk.compact(), Err(StoreError::InUse { .. })));
    drop(held);

    churn(&disk, 120..200);
    assert_eq!(usage(&disk).file, grown.file, "it is used again");

    assert!(disk.compact().unwrap());
    let compacted = usage(&disk);
    assert!(compacted.file <= 2 * compacted.live, "{compacted:?}");
    assert!(compacted.stored == grown.stored);
    assert!(!disk.compact().unwrap(), "there is nothing left to give");
    churn(&disk, 200..210);
    disk.close().unwrap();
    let disk = Disk::open(&file(&folder), 16 << 20).unwrap();
    assert_eq!(usage(&disk).stored, grown.stored);
    churn(&disk, 210..220);
}

/// All rows, in their order.
fn rows(disk: &Disk) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut rows = Vec::new();
    let mut cursor = disk.view().unwrap().walk(Table::Data, b"", None, Direction::Forward).unwrap();
    while cursor.advance().unwrap() {
        rows.push((cursor.key().to_vec(), cursor.value().to_vec()));
    }
    rows
}

#[test]
fn wherever_compacting_is_cut_off_the_store_stays_whole() {
    let medium = Faulty::new(Vec::new());
    let over = |medium: &Faulty| Disk::over(Arc::new(medium.clone()), "the file", 1 << 20).unwrap();
    let disk = over(&medium);
    disk.apply(&batch(0..2_000, 0)).unwrap();
    let held = disk.view().unwrap();
    for round in 1..20 {
        disk.apply(&batch((0..ROUND).map(|row| row * 37 % 2_000), round)).unwrap();
    }
    drop(held);
    let expected = rows(&disk);
    disk.close().unwrap();
    let image = medium.image();

    let (mut after, mut smaller) = (0, 0);
    loop {
        let medium = Faulty::new(image.clone());
        let disk = over(&medium);
        medium.break_it(Fault {
            after,
            of: Kind::Any,
            lasting: true,
            torn: true,
            error: std::io::ErrorKind::StorageFull,
        });
        let compacted = disk.compact();
        let fired = medium.heal();
        for left in [medium.after_a_power_cut(after), medium.image()] {
            smaller += usize::from(left.len() < image.len());
            let left = over(&Faulty::new(left));
            assert!(rows(&left) == expected, "cut off after {after}");
            left.apply(&batch(0..10, 99)).unwrap();
        }
        match compacted {
            Ok(compacted) => assert!(compacted && !fired),
            Err(error) => assert!(matches!(error, StoreError::Full { .. }), "{error}"),
        }
        // Also where it was interrupted it goes on by itself.
        disk.apply(&batch(0..10, 99))
            .or_else(|_| disk.view().and_then(|_| disk.apply(&batch(0..10, 99))))
            .unwrap();
        if !fired {
            break;
        }
        after += 23;
    }
    assert!(smaller > 0);
}
