//! The checker of histories can fail: it is shown one of each anomaly, made by hand, and none is let pass; nor
//! does it cry out at histories that have an order.

use crate::history::{Anomaly, Call, Edge, Fate, History, Id, Key, Seen};

const X: Key = (0, 1);
const Y: Key = (0, 2);
const Z: Key = (0, 3);
const END: Key = (0, 9);

fn call(id: Id) -> Call {
    Call { id, began: 0, ended: u64::MAX, fate: Fate::Committed, seen: vec![], wrote: vec![] }
}

impl Call {
    fn saw(mut self, key: Key, writer: Id) -> Self {
        self.seen.push(Seen::Key(key, Some(writer)));
        self
    }

    fn saw_nothing(mut self, key: Key) -> Self {
        self.seen.push(Seen::Key(key, None));
        self
    }

    fn walked(self, there: &[(Key, Id)]) -> Self {
        self.walked_after(there, &[])
    }

    fn walked_after(mut self, there: &[(Key, Id)], removed: &[(Key, Id)]) -> Self {
        self.seen.push(Seen::Range { start: X, end: END, there: there.to_vec(), removed: removed.to_vec() });
        self
    }

    fn put(mut self, key: Key) -> Self {
        self.wrote.push((key, true));
        self
    }

    fn removed(mut self, key: Key) -> Self {
        self.wrote.push((key, false));
        self
    }

    fn ending(mut self, fate: Fate) -> Self {
        self.fate = fate;
        self
    }

    fn at(mut self, began: u64, ended: u64) -> Self {
        (self.began, self.ended) = (began, ended);
        self
    }
}

fn check<const N: usize>(calls: [Call; N], writes: &[(Key, Id)]) -> Result<(), Anomaly> {
    History { calls: calls.into(), writes: writes.to_vec() }.check()
}

#[track_caller]
fn assert_cycle<const N: usize>(calls: [Call; N], writes: &[(Key, Id)], edges: &[Edge]) {
    match check(calls, writes) {
        Err(Anomaly::Cycle(cycle)) => {
            for edge in edges {
                assert!(cycle.iter().any(|(_, found)| found == edge), "{edge:?} is not in {cycle:?}");
            }
            assert_eq!(cycle.len(), edges.len(), "{cycle:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_after_another_is_in_order() {
    let calls = [
        call(1).saw_nothing(X).put(X).put(Y),
        call(2).saw(X, 1).put(X),
        call(3).walked(&[(X, 2), (Y, 1)]).removed(Y),
        call(4).walked_after(&[(X, 2)], &[(Y, 3)]).saw(Y, 3).ending(Fate::Read),
    ];
    assert_eq!(check(calls, &[(X, 1), (Y, 1), (X, 2), (Y, 3)]), Ok(()));
}

#[test]
fn what_a_lost_call_read_counts_and_what_it_wrote_does_not() {
    let lost = call(2).saw(X, 1).put(X).ending(Fate::Conflicted);
    assert_eq!(check([call(1).put(X), lost.clone(), call(3).saw(X, 1)], &[(X, 1)]), Ok(()));
    assert_cycle(
        [call(1).put(X).put(Y), call(3).put(X).put(Y), lost.saw(Y, 3)],
        &[(X, 1), (Y, 1), (X, 3), (Y, 3)],
        &[Edge::Overwritten(X), Edge::Showed(Y)],
    );
}

#[test]
fn two_calls_that_wrote_two_keys_in_two_orders_are_a_cycle() {
    assert_cycle(
        [call(1).put(X).put(Y), call(2).put(X).put(Y)],
        &[(X, 1), (X, 2), (Y, 2), (Y, 1)],
        &[Edge::Wrote(X), Edge::Wrote(Y)],
    );
}

#[test]
fn what_was_never_committed_is_dirty() {
    let calls = [call(1).put(X).ending(Fate::Conflicted), call(2).saw(X, 1).put(Y)];
    assert_eq!(check(calls, &[(Y, 2)]), Err(Anomaly::Dirty { reader: 2, key: X, writer: 1 }));
    let calls = [call(1).put(X).ending(Fate::Conflicted)];
    assert_eq!(check(calls, &[(X, 1)]), Err(Anomaly::Write { key: X, writer: 1 }));
    let calls = [call(2).put(Y), call(3).walked(&[(X, 9), (Y, 2)])];
    assert_eq!(check(calls, &[(Y, 2)]), Err(Anomaly::Dirty { reader: 3, key: X, writer: 9 }));
}

#[test]
fn what_was_acknowledged_and_not_written_is_missed() {
    assert_eq!(check([call(1).put(X).put(Y)], &[(X, 1)]), Err(Anomaly::Write { key: Y, writer: 1 }));
    assert_eq!(check([call(1).put(X)], &[(X, 1), (X, 1)]), Err(Anomaly::Write { key: X, writer: 1 }));
}

#[test]
fn two_calls_that_read_each_other_are_a_cycle() {
    assert_cycle(
        [call(1).put(X).saw(Y, 2), call(2).put(Y).saw(X, 1)],
        &[(X, 1), (Y, 2)],
        &[Edge::Showed(X), Edge::Showed(Y)],
    );
}

#[test]
fn a_lost_update_is_a_cycle() {
    assert_cycle(
        [call(1).put(X), call(2).saw(X, 1).put(X), call(3).saw(X, 1).put(X)],
        &[(X, 1), (X, 2), (X, 3)],
        &[Edge::Wrote(X), Edge::Overwritten(X)],
    );
}

#[test]
fn a_read_that_does_not_repeat_is_a_cycle() {
    assert_cycle(
        [call(1).put(X), call(2).put(X), call(3).saw(X, 1).saw(X, 2).ending(Fate::Read)],
        &[(X, 1), (X, 2)],
        &[Edge::Overwritten(X), Edge::Showed(X)],
    );
}

#[test]
fn half_of_what_another_did_is_a_cycle() {
    assert_cycle(
        [call(1).put(X).put(Y), call(2).put(X).put(Y), call(3).saw(X, 2).saw(Y, 1).ending(Fate::Read)],
        &[(X, 1), (Y, 1), (X, 2), (Y, 2)],
        &[Edge::Showed(X), Edge::Overwritten(Y)],
    );
}

#[test]
fn write_skew_is_a_cycle() {
    assert_cycle(
        [call(1).put(X).put(Y), call(2).saw(X, 1).saw(Y, 1).put(X), call(3).saw(X, 1).saw(Y, 1).put(Y)],
        &[(X, 1), (Y, 1), (X, 2), (Y, 3)],
        &[Edge::Overwritten(X), Edge::Overwritten(Y)],
    );
}

#[test]
fn a_phantom_is_a_cycle_whether_it_comes_or_goes() {
    assert_cycle(
        [call(1).walked(&[]).put(X), call(2).walked(&[]).put(Y)],
        &[(X, 1), (Y, 2)],
        &[Edge::Overwritten(X), Edge::Overwritten(Y)],
    );
    assert_cycle(
        [
            call(1).put(X).put(Y),
            call(2).walked(&[(X, 1), (Y, 1)]).removed(X),
            call(3).walked(&[(X, 1), (Y, 1)]).removed(Y),
        ],
        &[(X, 1), (Y, 1), (X, 2), (Y, 3)],
        &[Edge::Overwritten(X), Edge::Overwritten(Y)],
    );
}

#[test]
fn an_absence_that_did_not_last_is_a_cycle() {
    assert_cycle(
        [call(1).saw_nothing(X).put(Y), call(2).saw_nothing(Y).put(X)],
        &[(X, 2), (Y, 1)],
        &[Edge::Overwritten(X), Edge::Overwritten(Y)],
    );
}

#[test]
fn an_absence_that_is_there_again_is_in_order() {
    // 3 saw that X was not there; 4 put and 5 removed it; 3 overwrote what 4 wrote besides.
    let saw = call(3).saw(X, 2).put(Y);
    let others = [
        call(1).put(X),
        call(2).saw(X, 1).removed(X),
        call(4).put(X).put(Y),
        call(5).removed(X),
        call(6).removed(X),
    ];
    let [one, two, four, five, six] = others;
    let writes = [(X, 1), (X, 2), (X, 4), (Y, 4), (X, 5), (X, 6), (Y, 3)];
    let calls = [one.clone(), two.clone(), saw, four.clone(), five.clone(), six.clone()];
    assert_eq!(check(calls, &writes), Ok(()));
    // Who walked over it then had to see that somebody had been there.
    let walked = call(3).walked(&[]).put(Y);
    assert!(matches!(check([one, two, walked, four, five, six], &writes), Err(Anomaly::Cycle(_))));
}

#[test]
fn removing_what_is_not_there_disturbs_nobody_who_saw_that_it_is_not() {
    let calls = [
        call(1).put(X),
        call(2).removed(X),
        call(3).saw(X, 2).put(Y),
        call(4).removed(X).put(Y),
        call(5).saw(X, 4).saw(Y, 3),
    ];
    assert_eq!(check(calls, &[(X, 1), (X, 2), (X, 4), (Y, 4), (Y, 3)]), Ok(()));
}

#[test]
fn a_read_only_anomaly_is_a_cycle_only_with_its_reader() {
    // Fekete, O'Neil, O'Neil 2004: savings X, checking Y.
    let base = call(1).put(X).put(Y);
    let deposit = call(2).saw(X, 1).put(X);
    let fee = call(3).saw(X, 1).saw(Y, 1).put(Y);
    let report = call(4).saw(X, 2).saw(Y, 1).ending(Fate::Read);
    let writes = [(X, 1), (Y, 1), (X, 2), (Y, 3)];
    assert_eq!(check([base.clone(), deposit.clone(), fee.clone()], &writes), Ok(()));
    assert_cycle(
        [base, deposit, fee, report],
        &writes,
        &[Edge::Overwritten(X), Edge::Showed(X), Edge::Overwritten(Y)],
    );
}

#[test]
fn a_cycle_over_three_calls_is_found() {
    assert_cycle(
        [
            call(9).put(X).put(Y).put(Z),
            call(1).saw(X, 9).put(Y),
            call(2).saw(Y, 9).put(Z),
            call(3).saw(Z, 9).put(X),
        ],
        &[(X, 9), (Y, 9), (Z, 9), (Y, 1), (Z, 2), (X, 3)],
        &[Edge::Overwritten(X), Edge::Overwritten(Y), Edge::Overwritten(Z)],
    );
}

#[test]
fn what_had_been_acknowledged_must_be_seen() {
    let wrote = call(1).put(X).at(1, 2);
    let stale = call(2).saw_nothing(X).ending(Fate::Read);
    assert_eq!(check([wrote.clone(), stale.clone().at(1, 4)], &[(X, 1)]), Ok(()), "at the same time");
    assert!(matches!(check([wrote, stale.at(3, 4)], &[(X, 1)]), Err(Anomaly::Cycle(_))));
}

#[test]
fn a_walk_shows_its_range_in_order_and_nothing_that_was_removed() {
    let base = call(1).put(X).put(Y);
    let writes = [(X, 1), (Y, 1), (X, 2)];
    for wrong in [vec![(Y, 1), (X, 1)], vec![(X, 1), (X, 1)], vec![((7, 0), 1)], vec![(X, 2), (Y, 1)]] {
        let calls = [base.clone(), call(2).removed(X), call(3).walked(&wrong)];
        assert_eq!(check(calls, &writes), Err(Anomaly::Walk { reader: 3 }), "{wrong:?}");
    }
}

#[test]
fn a_number_that_a_walk_left_out_is_a_cycle() {
    let number = |number| (crate::history::NUMBERED, number);
    let walk = |there: &[(Key, Id)]| Seen::Range {
        start: number(1),
        end: number(u32::MAX),
        there: there.to_vec(),
        removed: vec![],
    };
    let calls = |there: &[(Key, Id)]| {
        let mut reader = call(9).ending(Fate::Read).at(6, 7);
        reader.seen.push(walk(there));
        [
            call(1).put(number(1)).at(1, 5),
            call(2).put(number(2)).at(1, 5),
            call(3).put(number(3)).at(1, 8),
            reader,
        ]
    };
    let writes = [(number(1), 1), (number(2), 2), (number(3), 3)];
    let (one, two, three) = ((number(1), 1), (number(2), 2), (number(3), 3));
    assert_eq!(check(calls(&[one, two]), &writes), Ok(()));
    assert_eq!(check(calls(&[one, two, three]), &writes), Ok(()));
    for left_out in [vec![one, three], vec![two, three], vec![one], vec![]] {
        assert!(matches!(check(calls(&left_out), &writes), Err(Anomaly::Cycle(_))), "{left_out:?}");
    }
}
