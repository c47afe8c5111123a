//! Files that nobody holds any more, files that were never finished, and what all of them may take up.

use std::sync::Arc;
use std::time::Duration;

use dinh_model::{AccountId, FileId, Value};
use dinh_store::Store;
use dinh_store::memory::Memory;

use super::super::{PluginData, RecordError, delete, insert, update};
use super::files::{bring, brought, bytes_counted, download, is_gone, pdf, plugin, rows, with_file, words};
use super::house::{House, values};
use crate::files::{FileLimits, PIECE};
use crate::{FixedClock, Options, ServiceError, space};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// With bounds of its own, and a clock that the test moves.
fn house(files: FileLimits) -> (House, Arc<PluginData>, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::new("2026-03-02T01:00:00Z".parse().unwrap()));
    let signer = dinh_store::Signer::from_seed("tests", [7; 32]).unwrap();
    let store = Store::with_backend(Box::new(Memory::new()), signer, dinh_store::Options::default());
    let house = House::at(Arc::clone(&clock), store.unwrap(), Options { files, ..Options::cheap() });
    let plugin = plugin(&house);
    (house, plugin, clock)
}

/// Nothing of any file is left.
fn is_empty(house: &House) -> bool {
    let spaces = [space::FILE, space::FILE_PIECE, space::FILE_DUE, space::FILE_WAITING];
    spaces.into_iter().all(|space| rows(house, space).is_empty()) && bytes_counted(house) == 0
}

#[test]
fn a_file_goes_with_its_record_and_with_the_value_that_is_replaced() {
    let (house, plugin, _) = house(FileLimits::default());
    let files: Vec<FileId> = (0..4).map(|_| brought(&house, &plugin, &pdf(PIECE + 1))).collect();
    let add = |id| house.clerk(|call| insert(call, &plugin, "papers", values(&[with_file("scan", id)])));
    let (removed, replaced, emptied) = (add(files[0]), add(files[1]), add(files[2]));
    assert_eq!(bytes_counted(&house), 4 * (PIECE as u64 + 1));
    house.clerk(|call| {
        delete(call, &plugin, "papers", removed, None)?;
        update(call, &plugin, "papers", replaced, None, values(&[with_file("scan", files[3])]))?;
        update(call, &plugin, "papers", emptied, None, values(&[("scan", Value::Empty)]))
    });
    for id in &files[..3] {
        assert!(is_gone(download(&house, &plugin, house.clerk, *id)), "at once, before anything is swept");
    }
    assert!(download(&house, &plugin, house.clerk, files[3]).is_ok());
    assert_eq!(house.platform.sweep_files().unwrap(), 3);
    assert_eq!(rows(&house, space::FILE_PIECE).len(), 2, "the pieces of the one that is held");
    assert_eq!(bytes_counted(&house), PIECE as u64 + 1);
    assert!(download(&house, &plugin, house.clerk, files[3]).is_ok());
    house.clerk(|call| delete(call, &plugin, "papers", replaced, None));
    house.platform.sweep_files().unwrap();
    assert!(is_empty(&house));
    let evidence = house.evidence();
    assert_eq!(evidence.iter().filter(|it| it.entry.action == "file.removed").count(), 4);
}

#[test]
fn a_change_that_is_given_up_lets_go_of_nothing() {
    let (house, plugin, _) = house(FileLimits::default());
    let id = brought(&house, &plugin, &pdf(10));
    let record = house.clerk(|call| insert(call, &plugin, "papers", values(&[with_file("scan", id)])));
    let mut call = house.call(house.clerk);
    delete(&mut call, &plugin, "papers", record, None).unwrap();
    drop(call);
    assert_eq!(house.platform.sweep_files().unwrap(), 0);
    assert!(download(&house, &plugin, house.clerk, id).is_ok());
}

#[test]
fn what_nobody_attaches_in_time_is_out_of_reach_then_and_removed_by_the_next_sweep() {
    let (house, plugin, clock) = house(FileLimits::default());
    let kept = brought(&house, &plugin, &pdf(10));
    house.clerk(|call| insert(call, &plugin, "papers", values(&[with_file("scan", kept)])));
    let id = brought(&house, &plugin, &pdf(3 * PIECE));
    clock.advance(DAY - Duration::from_secs(1));
    assert_eq!(house.platform.sweep_files().unwrap(), 0);
    assert!(download(&house, &plugin, house.clerk, id).is_ok());
    clock.advance(Duration::from_secs(1));
    assert!(is_gone(download(&house, &plugin, house.clerk, id)));
    let late = insert(&mut house.call(house.clerk), &plugin, "papers", values(&[with_file("scan", id)]));
    assert!(matches!(late, Err(RecordError::Invalid(_))));
    assert_eq!(house.platform.sweep_files().unwrap(), 1);
    assert_eq!(rows(&house, space::FILE_PIECE).len(), 1);
    assert_eq!(bytes_counted(&house), 10);
    assert!(download(&house, &plugin, house.clerk, kept).is_ok());
}

#[test]
fn what_was_given_up_on_its_way_is_never_a_file_and_is_swept_away_with_all_its_pieces() {
    let (house, plugin, clock) = house(FileLimits { file_bytes: 100 << 20, ..FileLimits::default() });
    let origin = house.origin(house.clerk);
    let mut file = house.platform.bring_file(&origin, &plugin, "a.pdf").unwrap();
    // More pieces than one change of the sweep removes.
    house.platform.bring_bytes(&mut file, &pdf(300 * PIECE)).unwrap();
    assert_eq!(rows(&house, space::FILE_PIECE).len(), 299);
    assert!(bytes_counted(&house) >= 299 * PIECE as u64, "what is on its way is counted");
    assert!(is_gone(download(&house, &plugin, house.clerk, file.id())));
    assert!(rows(&house, space::FILE).is_empty());
    clock.advance(DAY);
    house.platform.sweep_files().unwrap();
    assert!(is_empty(&house));
    // Its end comes too late, and so does another piece of it.
    let refused = house.platform.bring_bytes(&mut file, &pdf(PIECE));
    assert!(is_gone(refused));
    assert!(is_gone(house.platform.finish_file(file)));
    assert!(is_empty(&house));
    let evidence = house.evidence();
    assert!(!evidence.iter().any(|it| it.entry.action.starts_with("file.")), "it never was a file");
}

#[test]
fn the_first_byte_too_many_ends_a_file_and_nothing_of_it_is_left() {
    let most = 2 * PIECE as u64 + 5;
    let (house, plugin, clock) = house(FileLimits { file_bytes: most, ..FileLimits::default() });
    assert_eq!(bring(&house, &plugin, house.clerk, "a.pdf", &pdf(most as usize)).unwrap().size, most);
    let refused = bring(&house, &plugin, house.clerk, "a.pdf", &pdf(most as usize + 1)).unwrap_err();
    assert!(words(refused).starts_with("Tệp “a.pdf” lớn quá"));
    let empty = bring(&house, &plugin, house.clerk, "a.pdf", b"").unwrap_err();
    assert!(words(empty).contains("không có nội dung"));
    assert_eq!(rows(&house, space::FILE_PIECE).len(), 3, "of the good one");
    assert_eq!(bytes_counted(&house), most);
    clock.advance(DAY);
    house.platform.sweep_files().unwrap();
    assert!(is_empty(&house));
}

#[test]
fn the_files_of_a_plugin_have_a_bound_that_counts_each_byte_once_and_frees_what_goes() {
    let most = 3 * PIECE as u64;
    let (house, plugin, _) = house(FileLimits { plugin_bytes: most, ..FileLimits::default() });
    let first = brought(&house, &plugin, &pdf(2 * PIECE));
    let record = house.clerk(|call| insert(call, &plugin, "papers", values(&[with_file("scan", first)])));
    for beyond in [PIECE + 1, 2 * PIECE] {
        let refused = bring(&house, &plugin, house.clerk, "b.pdf", &pdf(beyond)).unwrap_err();
        assert!(words(refused).starts_with("Không còn chỗ cho tệp “b.pdf”"), "{beyond}");
    }
    brought(&house, &plugin, &pdf(PIECE));
    assert_eq!(bytes_counted(&house), most);
    house.clerk(|call| delete(call, &plugin, "papers", record, None));
    house.platform.sweep_files().unwrap();
    assert_eq!(bytes_counted(&house), PIECE as u64);
    brought(&house, &plugin, &pdf(2 * PIECE));
}

#[test]
fn of_what_waits_for_somebody_the_oldest_goes_when_one_more_comes() {
    let (house, plugin, clock) = house(FileLimits { waiting_each: 2, ..FileLimits::default() });
    let other = bring(&house, &plugin, house.owner, "c.pdf", &pdf(10)).unwrap().id;
    let next = || {
        clock.advance(Duration::from_secs(1));
        brought(&house, &plugin, &pdf(10))
    };
    let files = [next(), next(), next()];
    assert!(is_gone(download(&house, &plugin, house.clerk, files[0])));
    let there = |who: AccountId, id| download(&house, &plugin, who, id).is_ok();
    assert!(there(house.clerk, files[1]) && there(house.clerk, files[2]) && there(house.owner, other));
    assert_eq!(house.platform.sweep_files().unwrap(), 1);
    assert_eq!(bytes_counted(&house), 30);
    // What is attached does not wait any more.
    house.clerk(|call| insert(call, &plugin, "papers", values(&[with_file("scan", files[1])])));
    next();
    assert!(there(house.clerk, files[2]));
}

#[test]
fn files_on_their_way_have_the_bounds_of_files_that_are_there() {
    let limits = FileLimits { waiting_each: 2, plugin_bytes: 6 * PIECE as u64, ..FileLimits::default() };
    let (house, plugin, clock) = house(limits);
    let begin = || {
        clock.advance(Duration::from_secs(1));
        let mut file = house.platform.bring_file(&house.origin(house.clerk), &plugin, "a.pdf").unwrap();
        house.platform.bring_bytes(&mut file, &pdf(PIECE + 1)).unwrap();
        file
    };
    let (first, mut second, third) = (begin(), begin(), begin());
    assert!(is_gone(house.platform.finish_file(first)), "the oldest went");
    assert!(house.platform.finish_file(third).is_ok());
    let refused = house.platform.bring_bytes(&mut second, &pdf(5 * PIECE)).unwrap_err();
    assert!(words(refused).starts_with("Không còn chỗ"));
    clock.advance(DAY);
    house.platform.sweep_files().unwrap();
    assert!(is_empty(&house));
}

#[test]
fn rights_that_end_on_the_way_end_the_file() {
    let (house, plugin, _) = house(FileLimits::default());
    let origin = house.origin(house.owner);
    let mut file = house.platform.bring_file(&origin, &plugin, "a.pdf").unwrap();
    house.platform.bring_bytes(&mut file, &pdf(PIECE + 1)).unwrap();
    let operator = origin.as_operator();
    house
        .platform
        .perform(&operator, |call| {
            let grants = crate::accounts::grants_of(call, house.owner)?;
            grants
                .into_iter()
                .try_for_each(|grant| crate::accounts::withdraw(call, grant.id, "thử").map(drop))
        })
        .unwrap();
    let refused = house.platform.finish_file(file);
    assert!(matches!(refused, Err(ServiceError::Denied(_))), "{refused:?}");
    assert!(rows(&house, space::FILE).is_empty());
}

#[test]
fn records_with_files_are_not_added_in_steps() {
    let (house, plugin, _) = house(FileLimits::default());
    let origin = house.origin(house.clerk);
    let id = brought(&house, &plugin, &pdf(10));
    let bulk = house.platform.open_bulk(&origin, &plugin, "papers").unwrap();
    let column =
        super::super::Column { values: super::super::ColumnValues::Attachments(vec![id]), validity: None };
    let refused = house.platform.stage_bulk(&origin, &plugin, &bulk, &["scan".to_owned()], &[column]);
    assert!(matches!(refused, Err(RecordError::BadRequest(_))), "{refused:?}");
}
