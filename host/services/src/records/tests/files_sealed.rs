//! Files as they lie in the store: to be read by nobody without the key, and by nobody when they were changed.

use sha2::{Digest, Sha256};

use super::files::{bring, brought, download, paper, pdf, plugin, rows, with_file, words};
use super::house::{House, text};
use super::sealed::{deployed, open};
use crate::files::{self, PIECE};
use crate::secrets::{SealError, destroy_key, settle_keys};
use crate::{ServiceError, space};

#[test]
fn neither_what_a_file_holds_nor_what_it_is_called_lies_in_the_store_in_the_clear() {
    let (folder, house) = deployed();
    let plugin = plugin(&house);
    let content = pdf(2 * PIECE);
    let id = bring(&house, &plugin, house.clerk, "Kỷ luật đồng chí X.pdf", &content).unwrap().id;
    paper(&house, &plugin, &[with_file("scan", id), ("title", text("Tên để ngỏ trong kho"))]);
    house.platform.store().close().unwrap();
    let file = std::fs::read(folder.path().join("dinh.redb")).unwrap();
    let holds = |what: &[u8]| file.windows(what.len()).any(|window| window == what);
    assert!(holds("Tên để ngỏ trong kho".as_bytes()));
    for clear in ["%PDF", "dong thu 7", "ban quet", "Kỷ luật", "application/pdf"] {
        assert!(!holds(clear.as_bytes()), "{clear}");
    }
    assert!(!holds(&Sha256::digest(&content)));
}

#[test]
fn a_piece_that_was_changed_moved_or_cut_off_does_not_open() {
    let house = House::new();
    let plugin = plugin(&house);
    let mut files = [brought(&house, &plugin, &pdf(3 * PIECE)), brought(&house, &plugin, &pdf(3 * PIECE))];
    files.sort();
    let [first, second] = files;
    let stored = rows(&house, space::FILE_PIECE);
    assert_eq!(stored.len(), 6);
    let key = |at: usize| stored[at].0.clone();
    let value = |at: usize| stored[at].1.clone();
    let mut bitten = value(0);
    *bitten.last_mut().unwrap() ^= 1;
    // Bitten; two pieces of one file swapped; the same piece of another file; the end cut off, the last but one put there.
    for changed in [
        vec![(key(0), Some(bitten))],
        vec![(key(0), Some(value(1))), (key(1), Some(value(0)))],
        vec![(key(0), Some(value(3)))],
        vec![(key(2), Some(value(1)))],
        vec![(key(2), None)],
    ] {
        write(&house, &changed);
        assert!(download(&house, &plugin, house.clerk, first).is_err(), "{:02x?}", changed[0].0);
        assert!(download(&house, &plugin, house.clerk, second).is_ok());
        let back: Vec<_> = stored.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
        write(&house, &back);
        assert!(download(&house, &plugin, house.clerk, first).is_ok());
    }
    // One file's head in the place of the other.
    let heads = rows(&house, space::FILE);
    write(&house, &[(heads[0].0.clone(), Some(heads[1].1.clone()))]);
    assert!(download(&house, &plugin, house.clerk, first).is_err());
}

/// Writes to the store as it is, past all services.
fn write(house: &House, rows: &[(Vec<u8>, Option<Vec<u8>>)]) {
    house.clerk(|call| {
        for (key, value) in rows {
            match value {
                Some(value) => call.transaction.put(key.clone(), value.clone()),
                None => call.transaction.delete(key.clone()),
            }
        }
        Ok(())
    });
}

#[test]
fn when_the_key_is_destroyed_the_files_are_and_say_so() {
    let (folder, house) = deployed();
    let plugin = plugin(&house);
    let id = brought(&house, &plugin, &pdf(10));
    paper(&house, &plugin, &[with_file("scan", id)]);
    let operator = house.origin(house.clerk).as_operator();
    house.platform.perform(&operator, |call| destroy_key(call, "papers")).unwrap();
    settle_keys(&house.platform).unwrap();
    let house = house.restarted(folder.path(), open);
    let gone = |error: ServiceError| {
        assert!(matches!(error, ServiceError::Sealed(SealError::Destroyed { .. })), "{error:?}");
        assert!(words(error).starts_with("Dữ liệu đã huỷ"));
    };
    gone(download(&house, &plugin, house.clerk, id).unwrap_err());
    gone(files::describe(&mut house.call(house.clerk), &plugin, &[id]).unwrap_err());
    // What comes later lies under a new key, and the old stays gone.
    let new = brought(&house, &plugin, &pdf(10));
    paper(&house, &plugin, &[with_file("scan", new)]);
    assert!(download(&house, &plugin, house.clerk, new).is_ok());
    gone(download(&house, &plugin, house.clerk, id).unwrap_err());
}
