//! Random collections, records, changes and queries, held against a naive oracle that keeps the records in
//! a list, filters and sorts it by values, and asks `Policy::check` about each.

use std::cell::Cell;
use std::cmp::Ordering;

use dinh_model::text::{fold, sort_key};
use dinh_model::{
    AccountId, Actor, Collection, Date, Decimal, Field, FieldType, IndexKind, Label, RecordId, Target,
    UnitId, Value,
};
use proptest::prelude::*;

use super::super::{
    Comparison, Condition, PluginData, RecordError, Selection, count, delete, get, insert, query, sum, update,
};
use super::house::{House, collection, data, field, index, permission, select, values};
use crate::Call;

pub(super) const FIELDS: [&str; 10] = ["n", "d", "t", "day", "yes", "u", "o", "l", "x", "p"];
const TEXTS: [&str; 8] = ["An Giang", "an giang", "Ăn", "Bà Rịa - Vũng Tàu", "bà", "Đà Nẵng", "đa", "Zz"];

thread_local! {
    static HOUSE: House = House::new();
    /// Each case has a plugin of its own.
    static NEXT: Cell<u32> = const { Cell::new(100) };
}

pub(super) fn fields() -> Vec<Field> {
    vec![
        field("n", FieldType::Integer),
        field("d", FieldType::Decimal { scale: 2 }),
        field("t", FieldType::Text),
        field("day", FieldType::Date),
        field("yes", FieldType::Boolean),
        field("u", FieldType::Unit),
        field("o", FieldType::Account),
        field("l", FieldType::Text),
        Field { label: Label::Confidential, ..field("x", FieldType::Integer) },
        Field { personal: true, ..field("p", FieldType::Text) },
    ]
}

/// The value of a field that a small number stands for.
pub(super) fn value(house: &House, at: usize, pick: u8) -> Value {
    if pick == 0 {
        return Value::Empty;
    }
    let number = i64::from(pick % 7) - 3;
    match FIELDS[at] {
        "n" | "x" => Value::Integer(number),
        "d" => Value::Decimal(Decimal::new(number * 50, 2)),
        "t" | "p" => Value::Text(TEXTS[usize::from(pick) % TEXTS.len()].into()),
        "day" => Value::Date(Date::new(2021, 1, i8::try_from(number + 10).unwrap()).unwrap()),
        "yes" => Value::Boolean(pick.is_multiple_of(2)),
        "u" => Value::Unit([house.province, house.planning, house.finance][usize::from(pick) % 3]),
        "o" => Value::Account([house.clerk, house.owner][usize::from(pick) % 2]),
        "l" => Value::Text(["ordinary", "confidential"][usize::from(pick) % 2].into()),
        other => panic!("{other}"),
    }
}

#[derive(Clone, Debug)]
enum Step {
    Insert([u8; 10]),
    Update(prop::sample::Index, Vec<(usize, u8)>),
    Delete(prop::sample::Index),
    Commit,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let row = || prop::array::uniform10(0_u8..12);
    let some = prop::collection::vec((0_usize..10, 0_u8..12), 1..3);
    let step = prop_oneof![
        8 => row().prop_map(Step::Insert),
        2 => (any::<prop::sample::Index>(), some).prop_map(|(at, some)| Step::Update(at, some)),
        1 => any::<prop::sample::Index>().prop_map(Step::Delete),
        1 => Just(Step::Commit),
    ];
    prop::collection::vec(step, 1..40)
}

#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) any_of: Vec<Vec<(usize, Comparison, u8)>>,
    pub(super) order: Vec<(usize, bool)>,
    pub(super) limit: u32,
    /// Ask along an index: which, how many of its fields are fixed, to what, and descending or not.
    pub(super) along: Option<(prop::sample::Index, usize, u8, bool)>,
}

fn asked() -> impl Strategy<Value = Asked> {
    let comparison = prop_oneof![
        4 => Just(Comparison::Equal),
        1 => Just(Comparison::Less),
        1 => Just(Comparison::LessOrEqual),
        1 => Just(Comparison::Greater),
        1 => Just(Comparison::GreaterOrEqual),
        1 => Just(Comparison::StartsWith),
        1 => Just(Comparison::Matches),
        1 => Just(Comparison::IsEmpty),
        1 => Just(Comparison::IsFilled),
    ];
    let condition = (0_usize..10, comparison, 1_u8..12);
    let lists = prop::collection::vec(prop::collection::vec(condition, 0..3), 0..3);
    let order = prop::collection::vec((0_usize..10, any::<bool>()), 0..3);
    let along = prop::option::of((any::<prop::sample::Index>(), 0_usize..3, 0_u8..12, any::<bool>()));
    (lists, order, 1_u32..7, along).prop_map(|(any_of, mut order, limit, along)| {
        order.dedup_by_key(|(at, _)| *at);
        if order.len() == 2 && order[0].0 == order[1].0 {
            order.pop();
        }
        Asked { any_of, order, limit, along }
    })
}

fn indexes() -> impl Strategy<Value = Vec<(IndexKind, Vec<usize>)>> {
    let kind =
        prop_oneof![4 => Just(IndexKind::Ordered), 2 => Just(IndexKind::Unique), 1 => Just(IndexKind::Equal)];
    let fields = prop::collection::vec(0_usize..10, 1..4).prop_map(|mut fields| {
        let mut seen = Vec::new();
        fields.retain(|field| {
            !seen.contains(field) && {
                seen.push(*field);
                true
            }
        });
        fields
    });
    prop::collection::vec((kind, fields), 0..5)
}

/// A record as the oracle knows it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) id: RecordId,
    pub(super) values: Vec<Value>,
}

pub(super) struct Oracle<'a> {
    pub(super) house: &'a House,
    pub(super) uniques: Vec<Vec<usize>>,
    /// All records are confidential, whatever their field `l` says.
    pub(super) confidential: bool,
    pub(super) known: Vec<Known>,
}

impl Oracle<'_> {
    pub(super) fn target(&self, values: &[Value], label: Label) -> Target {
        let unit = if let Value::Unit(unit) = values[5] { unit } else { self.house.province };
        let owner = if let Value::Account(owner) = values[6] { Some(owner) } else { None };
        let own = match &values[7] {
            _ if self.confidential => Label::Confidential,
            Value::Text(text) if text == "confidential" => Label::Confidential,
            _ => Label::Ordinary,
        };
        Target { unit, owner, label: own.max(label) }
    }

    pub(super) fn sees(&self, call: &Call, account: AccountId, target: &Target) -> bool {
        let index = call.policy.permission(&permission("read")).unwrap();
        call.policy.check(&Actor::person(account), index, target, call.now())
    }

    fn is_taken(&self, values: &[Value], but: Option<RecordId>) -> bool {
        self.uniques.iter().any(|fields| {
            fields.iter().all(|at| !values[*at].is_empty())
                && self.known.iter().any(|known| {
                    Some(known.id) != but && fields.iter().all(|at| known.values[*at] == values[*at])
                })
        })
    }

    /// What a query should answer: identifiers in order.
    pub(super) fn answer(&self, call: &Call, account: AccountId, asked: &Asked) -> Vec<&Known> {
        let used =
            asked.any_of.iter().flatten().map(|(at, ..)| *at).chain(asked.order.iter().map(|(at, _)| *at));
        let label =
            if used.into_iter().any(|at| FIELDS[at] == "x") { Label::Confidential } else { Label::Ordinary };
        let mut answer: Vec<&Known> = self
            .known
            .iter()
            .filter(|known| self.sees(call, account, &self.target(&known.values, label)))
            .filter(|known| {
                asked.any_of.is_empty()
                    || asked.any_of.iter().any(|all| all.iter().all(|test| self.holds(known, test)))
            })
            .collect();
        answer.sort_by(|a, b| {
            let mut ordering = Ordering::Equal;
            for (at, descending) in &asked.order {
                let one = compare(&a.values[*at], &b.values[*at]);
                ordering = ordering.then(if *descending { one.reverse() } else { one });
            }
            let by_id = a.id.cmp(&b.id);
            let descending = asked.order.last().is_some_and(|(_, descending)| *descending);
            ordering.then(if descending { by_id.reverse() } else { by_id })
        });
        answer
    }

    fn holds(&self, known: &Known, (at, comparison, pick): &(usize, Comparison, u8)) -> bool {
        let (have, want) = (&known.values[*at], value(self.house, *at, *pick));
        let ordering = (!have.is_empty()).then(|| compare(have, &want));
        let folded = |value: &Value| if let Value::Text(text) = value { fold(text) } else { String::new() };
        match comparison {
            Comparison::IsEmpty => have.is_empty(),
            Comparison::IsFilled => !have.is_empty(),
            Comparison::Equal => *have == want,
            Comparison::Less => ordering == Some(Ordering::Less),
            Comparison::LessOrEqual => ordering.is_some_and(Ordering::is_le),
            Comparison::Greater => ordering == Some(Ordering::Greater),
            Comparison::GreaterOrEqual => ordering.is_some_and(Ordering::is_ge),
            Comparison::StartsWith => !have.is_empty() && folded(have).starts_with(&folded(&want)),
            Comparison::Matches => {
                let (have_text, want) = (folded(have), folded(&want));
                !have.is_empty()
                    && want.split(' ').all(|word| have_text.split(' ').any(|known| known.starts_with(word)))
            }
        }
    }
}

pub(super) fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Empty, Value::Empty) => Ordering::Equal,
        (Value::Empty, _) => Ordering::Less,
        (_, Value::Empty) => Ordering::Greater,
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Decimal(a), Value::Decimal(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => sort_key(a).cmp(&sort_key(b)),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Unit(a), Value::Unit(b)) => a.cmp(b),
        (Value::Account(a), Value::Account(b)) => a.cmp(b),
        other => panic!("{other:?}"),
    }
}

/// Makes a query sensible: words are searched for in texts, and some queries go along an index.
fn shaped(asked: &Asked, indexes: &[(IndexKind, Vec<usize>)], confidential: bool) -> Asked {
    let mut asked = asked.clone();
    for (at, comparison, _) in asked.any_of.iter_mut().flatten() {
        // No index can hold words that are always sealed.
        if confidential && *comparison == Comparison::Matches {
            *comparison = Comparison::StartsWith;
        }
        if matches!(comparison, Comparison::StartsWith | Comparison::Matches) {
            *at = 2;
        }
    }
    if let Some((which, fixed, pick, descending)) = asked.along
        && !indexes.is_empty()
    {
        let (_, fields) = &indexes[which.index(indexes.len())];
        let fixed = fixed.min(fields.len());
        let comparison = if pick == 0 { Comparison::IsEmpty } else { Comparison::Equal };
        let all_of: Vec<_> = fields[..fixed].iter().map(|at| (*at, comparison, pick)).collect();
        asked.any_of.truncate(1);
        match asked.any_of.first_mut() {
            Some(list) if !list.is_empty() && pick.is_multiple_of(2) => list.extend(all_of),
            _ => asked.any_of = vec![all_of],
        }
        asked.order = fields[fixed..].iter().map(|at| (*at, descending)).collect();
    }
    asked
}

fn selection(house: &House, asked: &Asked) -> Selection {
    let order: Vec<_> = asked.order.iter().map(|(at, descending)| (FIELDS[*at], *descending)).collect();
    let condition = |(at, comparison, pick): &(usize, Comparison, u8)| Condition {
        field: FIELDS[*at].into(),
        comparison: *comparison,
        value: value(house, *at, *pick),
    };
    let any_of = asked.any_of.iter().map(|all| all.iter().map(condition).collect()).collect();
    Selection { any_of, ..select(&FIELDS, &[], &order) }
}

fn take_step(call: &mut Call, plugin: &PluginData, oracle: &mut Oracle<'_>, step: &Step) {
    let house = oracle.house;
    match step {
        Step::Insert(picks) => {
            let row: Vec<Value> =
                picks.iter().enumerate().map(|(at, pick)| value(house, at, *pick)).collect();
            let named: Vec<_> = FIELDS.iter().copied().zip(row.iter().cloned()).collect();
            match insert(call, plugin, "papers", values(&named)) {
                Ok(id) => {
                    assert!(!oracle.is_taken(&row, None));
                    oracle.known.push(Known { id, values: row });
                }
                Err(RecordError::Duplicate(_)) => assert!(oracle.is_taken(&row, None)),
                Err(error) => panic!("{error}"),
            }
        }
        Step::Update(at, picks) if !oracle.known.is_empty() => {
            let at = at.index(oracle.known.len());
            let mut row = oracle.known[at].values.clone();
            let mut named: Vec<(&str, Value)> = Vec::new();
            for (field, pick) in picks {
                if named.iter().all(|(name, _)| *name != FIELDS[*field]) {
                    row[*field] = value(house, *field, *pick);
                    named.push((FIELDS[*field], row[*field].clone()));
                }
            }
            let id = oracle.known[at].id;
            match update(call, plugin, "papers", id, None, values(&named)) {
                Ok(()) => {
                    assert!(!oracle.is_taken(&row, Some(id)));
                    oracle.known[at].values = row;
                }
                Err(RecordError::Duplicate(_)) => assert!(oracle.is_taken(&row, Some(id))),
                Err(error) => panic!("{error}"),
            }
        }
        Step::Delete(at) if !oracle.known.is_empty() => {
            let known = oracle.known.remove(at.index(oracle.known.len()));
            delete(call, plugin, "papers", known.id, None).unwrap();
        }
        Step::Update(..) | Step::Delete(_) | Step::Commit => {}
    }
}

fn check(call: &mut Call, plugin: &PluginData, oracle: &Oracle<'_>, account: AccountId, asked: &Asked) {
    let selection = selection(oracle.house, asked);
    let expected = oracle.answer(call, account, asked);
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = query(call, plugin, &selection, after.as_deref(), asked.limit).unwrap();
        for (row, id) in page.ids.iter().enumerate() {
            let values: Vec<Value> = page.columns.iter().map(|column| column.value(row).unwrap()).collect();
            found.push((*id, values));
        }
        after = page.next;
        if after.is_none() {
            break;
        }
        assert_eq!(page.ids.len(), asked.limit as usize);
        assert!(found.len() <= oracle.known.len(), "a record comes twice: {asked:?}");
    }
    let expected: Vec<(RecordId, Vec<Value>)> = expected
        .into_iter()
        .map(|known| {
            let mut values = known.values.clone();
            if !oracle.sees(call, account, &oracle.target(&known.values, Label::Confidential)) {
                values[8] = Value::Empty;
            }
            (known.id, values)
        })
        .collect();
    assert_eq!(found, expected, "{asked:?}");

    let unordered = Asked { order: Vec::new(), ..asked.clone() };
    let counted = oracle.answer(call, account, &unordered).len();
    assert_eq!(count(call, plugin, &selection).unwrap(), counted as u64);
    let meant = oracle.answer(call, account, &unordered);
    let total: Decimal = meant
        .iter()
        .filter_map(|known| if let Value::Decimal(d) = known.values[1] { Some(d) } else { None })
        .sum();
    assert_eq!(sum(call, plugin, &selection, "d").unwrap(), total);
    for known in &oracle.known {
        let seen = get(call, plugin, "papers", known.id, &[]).unwrap().is_some();
        assert_eq!(seen, oracle.sees(call, account, &oracle.target(&known.values, Label::Ordinary)));
    }
}

fn plugin(house: &House, indexes: &[(IndexKind, Vec<usize>)], confidential: bool) -> PluginData {
    let number = NEXT.with(|next| next.replace(next.get() + 1));
    let mut all: Vec<_> = indexes.iter().map(|(kind, fields)| index(*kind, fields)).collect();
    let mut papers = Collection {
        unit_field: Some(5),
        owner_field: Some(6),
        label_field: (!confidential).then_some(7),
        label: if confidential { Label::Confidential } else { Label::Ordinary },
        ..collection("papers", fields())
    };
    // What is sealed in every record cannot be kept in order.
    for index in all.iter_mut().filter(|index| index.kind == IndexKind::Ordered) {
        if index.fields.iter().any(|field| papers.always_seals(*field)) {
            index.kind = IndexKind::Equal;
        }
    }
    if !confidential {
        all.push(index(IndexKind::Search, &[2]));
    }
    papers.indexes = all;
    let plugin = data(number, house.province, vec![papers]);
    plugin.check().unwrap();
    plugin
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_is_the_oracles_for_everybody_and_every_page_size(
        indexes in indexes(),
        steps in steps(),
        asked in prop::collection::vec(asked(), 1..8),
        confidential in prop::bool::weighted(0.2),
    ) {
        HOUSE.with(|house| {
            let plugin = plugin(house, &indexes, confidential);
            let uniques = indexes.iter().filter(|(kind, _)| *kind == IndexKind::Unique);
            let uniques = uniques.map(|(_, fields)| fields.clone()).collect();
            let mut oracle = Oracle { house, uniques, confidential, known: Vec::new() };
            let mut call = house.call(house.clerk);
            for step in &steps {
                take_step(&mut call, &plugin, &mut oracle, step);
                if matches!(step, Step::Commit) {
                    house.commit(std::mem::replace(&mut call, house.call(house.clerk))).unwrap();
                    call = house.call(house.clerk);
                }
            }
            // What a call wrote it sees itself, before anybody else does.
            for asked in &asked {
                check(&mut call, &plugin, &oracle, house.clerk, &shaped(asked, &indexes, confidential));
            }
            house.commit(call).unwrap();
            for account in house.everybody() {
                let mut call = house.call(account);
                for asked in &asked {
                    check(&mut call, &plugin, &oracle, account, &shaped(asked, &indexes, confidential));
                }
            }
        });
    }
}

#[test]
fn the_values_of_the_oracle_fit_their_fields() {
    HOUSE.with(|house| {
        for (at, field) in fields().iter().enumerate() {
            for pick in 0..12 {
                let picked = value(house, at, pick);
                assert_eq!(picked.clone().fit(&field.kind), Ok(picked));
            }
        }
        assert_ne!(house.planning, UnitId(0));
    });
}
