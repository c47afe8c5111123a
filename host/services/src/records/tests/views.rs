//! Random fields of random records, read by their owner and through a contract, held against the oracle that keeps the
//! records in a list: the same rows and the same values, whatever lies empty, sealed or was declared later.

use std::cell::Cell;

use dinh_model::{Collection, Dataset, Frequency, IndexKind, Label, Localized, Permission, UnitId, Value};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use super::super::{Comparison, Order, Page, PluginData, Reader, Selection, View, insert, query};
use super::house::{House, collection, data, index, permission, values};
use super::oracle::{Asked, FIELDS, Known, Oracle, fields, value};
use crate::Call;

thread_local! {
    static HOUSE: House = House::new();
    /// Each case has a plugin of its own.
    static NEXT: Cell<u32> = const { Cell::new(100) };
}

/// Fields that the first release of the collection declares: a label and a personal one come later.
const FIRST: usize = 8;
const X: usize = 8;

/// What is asked, and how far the contract goes.
#[derive(Clone, Debug)]
struct Shape {
    /// Positions of the fields to return, in any order.
    shown: Vec<usize>,
    order: Option<(usize, bool)>,
    limit: u32,
    /// What every row of the dataset has.
    fixed: Option<(usize, u8)>,
    filled: Option<usize>,
    /// Which of the province, planning and finance; everywhere when none.
    units: Vec<usize>,
    label: Label,
}

fn shape() -> impl Strategy<Value = Shape> {
    let shown = prop::collection::vec(0_usize..FIELDS.len(), 1..8);
    let (order, fixed) =
        (prop::option::of((0_usize..10, any::<bool>())), prop::option::of((0_usize..10, 1_u8..12)));
    let (filled, units) = (prop::option::of(0_usize..10), subsequence(vec![0, 1, 2], 0..=3));
    let label = prop_oneof![Just(Label::Ordinary), Just(Label::Confidential)];
    (shown, order, 1_u32..9, fixed, filled, units, label).prop_map(
        |(shown, order, limit, fixed, filled, units, label)| Shape {
            shown,
            order,
            limit,
            fixed,
            filled,
            units,
            label,
        },
    )
}

/// The collection with its first `count` fields.
fn papers(count: usize, confidential: bool, indexed: &[usize]) -> Collection {
    let mut papers = Collection {
        unit_field: Some(5),
        owner_field: Some(6),
        label_field: (!confidential).then_some(7),
        label: if confidential { Label::Confidential } else { Label::Ordinary },
        ..collection("papers", fields().into_iter().take(count).collect())
    };
    let kind =
        |papers: &Collection, at| if papers.always_seals(at) { IndexKind::Equal } else { IndexKind::Ordered };
    papers.indexes = indexed.iter().map(|at| index(kind(&papers, *at), &[*at])).collect();
    papers
}

/// All pages of an answer, as rows.
fn rows(limit: u32, mut page: impl FnMut(Option<&str>) -> Page) -> Vec<(dinh_model::RecordId, Vec<Value>)> {
    let (mut rows, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = page(after.as_deref());
        assert!(page.ids.len() <= limit as usize);
        for (row, id) in page.ids.iter().enumerate() {
            rows.push((*id, page.columns.iter().map(|column| column.value(row).unwrap()).collect()));
        }
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

fn name(at: usize) -> String {
    FIELDS[at].to_owned()
}

fn asked(shape: &Shape, any_of: Vec<Vec<(usize, Comparison, u8)>>) -> Asked {
    Asked { any_of, order: shape.order.into_iter().collect(), limit: shape.limit, along: None }
}

/// The values of some fields, without those above what is seen.
fn projected(known: &Known, shown: &[usize], sees_x: bool) -> Vec<Value> {
    let value = |at: &usize| if *at == X && !sees_x { Value::Empty } else { known.values[*at].clone() };
    shown.iter().map(value).collect()
}

fn check(
    call: &mut Call,
    plugin: &PluginData,
    oracle: &Oracle<'_>,
    account: dinh_model::AccountId,
    shape: &Shape,
) {
    let house = oracle.house;
    let selection = Selection {
        collection: "papers".into(),
        fields: shape.shown.iter().map(|at| name(*at)).collect(),
        any_of: Vec::new(),
        order_by: shape
            .order
            .iter()
            .map(|(at, descending)| Order { field: name(*at), descending: *descending })
            .collect(),
    };
    let own = rows(shape.limit, |after| query(call, plugin, &selection, after, shape.limit).unwrap());
    let confidential = |known: &Known| oracle.target(&known.values, Label::Confidential);
    let expected: Vec<_> = oracle
        .answer(call, account, &asked(shape, Vec::new()))
        .into_iter()
        .map(|known| {
            let sees_x = oracle.sees(call, account, &confidential(known));
            (known.id, projected(known, &shape.shown, sees_x))
        })
        .collect();
    assert_eq!(own, expected, "{shape:?}");

    let units: Vec<UnitId> =
        shape.units.iter().map(|at| [house.province, house.planning, house.finance][*at]).collect();
    let fixed = shape.fixed.map(|(at, pick)| (name(at), value(house, at, pick)));
    let dataset = Dataset {
        name: "papers".into(),
        title: Localized::new("Sổ", "Papers"),
        summary: Localized::new("Sổ", "Papers"),
        collection: "papers".into(),
        fields: FIELDS.map(str::to_owned).to_vec(),
        rows: fixed.into_iter().collect(),
        filled: shape.filled.map(name).into_iter().collect(),
        label: shape.label,
        purposes: Vec::new(),
        updated: Frequency::Continuous,
        consumers: Vec::new(),
        public: false,
    };
    let read: Permission = permission("read");
    let reader = Reader { permission: &read, units: &units, label: shape.label };
    let agreed: Vec<String> = FIELDS.map(str::to_owned).to_vec();
    let view = View::new(call, plugin, &dataset, &agreed, Some(reader)).unwrap();
    let shared =
        rows(shape.limit, |after| view.query(call, plugin, &selection, after, shape.limit).unwrap().what);
    let conditions = shape
        .fixed
        .map(|(at, pick)| (at, Comparison::Equal, pick))
        .into_iter()
        .chain(shape.filled.map(|at| (at, Comparison::IsFilled, 1)));
    let conditions: Vec<_> = conditions.collect();
    let of_dataset = if conditions.is_empty() { Vec::new() } else { vec![conditions.clone()] };
    // Whoever is found by a field has to be shown that far.
    let by_x = conditions.iter().map(|(at, ..)| *at).chain(shape.order.map(|(at, _)| at)).any(|at| at == X);
    let within = |unit: UnitId| {
        units.is_empty() || units.iter().any(|agreed| *agreed == house.province || *agreed == unit)
    };
    let reaches = |target: dinh_model::Target| within(target.unit) && target.label <= shape.label;
    let expected: Vec<_> = oracle
        .answer(call, account, &asked(shape, of_dataset))
        .into_iter()
        .filter(|known| {
            let label = if by_x { Label::Confidential } else { Label::Ordinary };
            reaches(oracle.target(&known.values, label))
        })
        .map(|known| {
            let target = confidential(known);
            let sees_x = reaches(target) && oracle.sees(call, account, &target);
            (known.id, projected(known, &shape.shown, sees_x))
        })
        .collect();
    assert_eq!(shared, expected, "{shape:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn owner_and_contract_get_the_rows_and_values_of_the_oracle_and_no_others(
        written in prop::collection::vec((prop::array::uniform10(0_u8..12), any::<bool>(), any::<Index>()), 0..60),
        mostly_filled in any::<bool>(),
        indexed in subsequence((0..FIRST).collect::<Vec<_>>(), 0..3),
        shapes in prop::collection::vec(shape(), 1..5),
        confidential in prop::bool::weighted(0.2),
    ) {
        HOUSE.with(|house| {
            let number = NEXT.with(|next| next.replace(next.get() + 1));
            let release = |count| data(number, house.province, vec![papers(count, confidential, &indexed)]);
            let (first, plugin) = (release(FIRST), release(FIELDS.len()));
            let mut oracle = Oracle { house, uniques: Vec::new(), confidential, known: Vec::new() };
            let mut call = house.call(house.clerk);
            for (picks, early, emptied) in &written {
                let filled = |at: usize, pick: u8| if mostly_filled && at != emptied.index(40) { pick.max(1) } else { pick };
                let mut row: Vec<Value> =
                    picks.iter().enumerate().map(|(at, pick)| value(house, at, filled(at, *pick))).collect();
                let (release, count) = if *early { (&first, FIRST) } else { (&plugin, FIELDS.len()) };
                row[count..].fill(Value::Empty);
                let named: Vec<_> = FIELDS.iter().copied().zip(row.iter().cloned()).take(count).collect();
                let id = insert(&mut call, release, "papers", values(&named)).unwrap();
                oracle.known.push(Known { id, values: row });
            }
            house.commit(call).unwrap();
            for account in house.everybody() {
                let mut call = house.platform.begin_reading(&house.origin(account)).unwrap();
                for shape in &shapes {
                    check(&mut call, &plugin, &oracle, account, shape);
                }
            }
        });
    }
}
