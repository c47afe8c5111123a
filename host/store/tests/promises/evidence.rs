//! Evidence is committed with the deed, survives, and keeps its order.

use dinh_model::{AccountId, Actor, RecordId};
use dinh_store::{Change, CommitError, Entry, Outcome, Seq, Store, Transaction, memory::Memory};

use crate::support::{conflict, entry, on_both_engines, put, signer, small};

on_both_engines! {
    fn a_deed_and_its_evidence_are_one(store) {
        let mut call = Transaction::new(store.snapshot().unwrap());
        call.put(b"a".into(), b"".into());
        call.evidence(entry("record.created", "a", Outcome::Done));
        call.evidence(entry("record.noted", "a", Outcome::Done));
        let seq = store.commit(call.into_change(0, false)).unwrap().seq;

        let mut lost = Transaction::new(store.snapshot().unwrap());
        lost.get(b"a").unwrap();
        lost.put(b"a".into(), b"".into());
        lost.evidence(entry("record.changed", "a", Outcome::Done));
        put(store, "a", "meanwhile");
        conflict(store, lost.into_change(0, false));

        let snapshot = store.snapshot().unwrap();
        let log = snapshot.evidence(0, 10).unwrap();
        assert_eq!(log.len(), 2);
        assert_eq!(snapshot.evidence_len(), 2);
        for (index, (recorded, action)) in log.iter().zip(["record.created", "record.noted"]).enumerate() {
            assert_eq!((recorded.index, recorded.seq), (index as u64, seq));
            assert_eq!(recorded.entry, entry(action, "a", Outcome::Done), "to the nanosecond");
        }
    }

    fn refusals_are_kept_apart_and_conflict_with_nothing(store) {
        let mut revoking = Transaction::new(store.snapshot().unwrap());
        revoking.put(b"grant".into(), b"".into());
        store.commit(revoking.into_change(0, true)).unwrap();
        let refused = store.witness(vec![entry("record.read", "a", Outcome::Refused)]).unwrap();
        assert_eq!((refused.seq, refused.numbers), (Seq(2), vec![]));
        assert_eq!(store.snapshot().unwrap().evidence(0, 1).unwrap()[0].seq, Seq(2));
    }

    fn an_entry_names_a_thousand_records_and_not_one_more(store) {
        let records = |count: usize| vec![RecordId::new(1_700_000_000_000, [7; 10]); count];
        let about = |count| Entry { records: records(count), ..entry("list.shown", "a", Outcome::Done) };
        store.witness(vec![about(Entry::RECORDS)]).unwrap();
        let refused = store.witness(vec![about(Entry::RECORDS + 1)]);
        assert!(matches!(refused, Err(CommitError::Malformed(_))), "{refused:?}");
        assert_eq!(store.snapshot().unwrap().evidence(0, 10).unwrap()[0].entry, about(1_000));
    }

    fn what_only_read_leaves_its_evidence_without_conflict(store) {
        put(store, "a", "1");
        let mut reading = Transaction::new(store.snapshot().unwrap());
        reading.get(b"a").unwrap();
        reading.evidence(entry("record.read", "a", Outcome::Done));
        put(store, "a", "2");
        let change = reading.into_change(0, false);
        assert!(!change.writes() && change.expect.is_empty());
        store.commit(change).unwrap();
        assert_eq!(store.snapshot().unwrap().evidence_len(), 1);
    }

    fn the_log_is_read_in_slices_and_a_snapshot_sees_its_own_length(store) {
        let before = store.snapshot().unwrap();
        for number in 0..300 {
            store.witness(vec![entry("session.refused", &number.to_string(), Outcome::Refused)]).unwrap();
        }
        assert_eq!((before.evidence_len(), before.evidence(0, 10).unwrap().len()), (0, 0));
        let snapshot = store.snapshot().unwrap();
        let mut log = Vec::new();
        loop {
            let slice = snapshot.evidence(log.len() as u64, 7).unwrap();
            if slice.is_empty() {
                break;
            }
            log.extend(slice);
        }
        assert!(log.iter().map(|recorded| recorded.index).eq(0..300));
        assert!(log.into_iter().map(|recorded| recorded.entry.subject).eq((0..300).map(|n| n.to_string())));
        assert!(snapshot.evidence(300, 7).unwrap().is_empty());
        assert!(snapshot.evidence(u64::MAX, 7).unwrap().is_empty());
        assert!(snapshot.evidence(0, 0).unwrap().is_empty());
    }
}

#[test]
fn a_change_is_data_that_can_be_sent_and_replayed() {
    let original = Store::with_backend(Box::new(Memory::new()), signer(), small()).unwrap();
    let standby = Store::with_backend(Box::new(Memory::new()), signer(), small()).unwrap();
    for number in 0..10 {
        let mut call = Transaction::new(original.snapshot().unwrap());
        call.get(b"a").unwrap();
        call.put(b"a".into(), vec![number]);
        call.draw(b"register".into());
        let mut by_another = entry("record.changed", "a", Outcome::Done);
        by_another.actor = Actor::Person { account: AccountId(1), on_behalf_of: Some(AccountId(2)) };
        call.evidence(by_another);
        let change = call.into_change(0, number == 9);
        let sent: Change = postcard::from_bytes(&postcard::to_stdvec(&change).unwrap()).unwrap();
        assert_eq!(sent, change);
        assert_eq!(original.commit(change).unwrap(), standby.commit(sent).unwrap());
    }
    let (original, standby) = (original.snapshot().unwrap(), standby.snapshot().unwrap());
    assert_eq!(original.get(b"a").unwrap(), standby.get(b"a").unwrap());
    assert_eq!(original.evidence(0, 99).unwrap(), standby.evidence(0, 99).unwrap());
}
