//! Organisations as a tree: each listed after the one it stands below, those beside each other in the order they came in.

use std::collections::{BTreeMap, BTreeSet};

use dinh_sdk::UnitId;

/// An organisation in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The organisation.
    pub unit: UnitId,
    /// How many of the listed ones stand above it.
    pub depth: usize,
}

/// The organisations in the order of the tree. `above` says what each stands below; where that is not listed, the next
/// one further up counts. Nobody is left out: of a circle, whoever comes first stands at the top.
pub fn branches(units: &[UnitId], above: &dyn Fn(UnitId) -> Option<UnitId>) -> Vec<Branch> {
    let listed: BTreeSet<UnitId> = units.iter().copied().collect();
    let mut below: BTreeMap<Option<UnitId>, Vec<UnitId>> = BTreeMap::new();
    for unit in units {
        below.entry(next_listed(*unit, &listed, above)).or_default().push(*unit);
    }
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    let tops = below.get(&None).into_iter().flatten().chain(units);
    for top in tops {
        // The next one to be listed is the last.
        let mut waiting = vec![Branch { unit: *top, depth: 0 }];
        while let Some(branch) = waiting.pop() {
            if !seen.insert(branch.unit) {
                continue;
            }
            found.push(branch);
            let under = below.get(&Some(branch.unit)).into_iter().flatten().rev();
            waiting.extend(under.map(|unit| Branch { unit: *unit, depth: branch.depth + 1 }));
        }
    }
    found
}

/// The next listed one that an organisation stands below.
fn next_listed(
    unit: UnitId,
    listed: &BTreeSet<UnitId>,
    above: &dyn Fn(UnitId) -> Option<UnitId>,
) -> Option<UnitId> {
    let mut passed = BTreeSet::from([unit]);
    let mut upper = above(unit);
    while let Some(next) = upper.filter(|next| passed.insert(*next)) {
        if listed.contains(&next) {
            return Some(next);
        }
        upper = above(next);
    }
    None
}

/// An organisation and all that stand below it; nothing when it is not listed.
pub fn within(branches: &[Branch], top: UnitId) -> Vec<Branch> {
    let mut found = branches.iter().skip_while(|branch| branch.unit != top);
    let Some(top) = found.next() else { return Vec::new() };
    let lower = |branch: &Branch| Branch { unit: branch.unit, depth: branch.depth - top.depth };
    let below = found.take_while(|branch| branch.depth > top.depth);
    std::iter::once(top).chain(below).map(lower).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn units(numbers: &[u32]) -> Vec<UnitId> {
        numbers.iter().copied().map(UnitId).collect()
    }

    fn shown(branches: &[Branch]) -> Vec<(u32, usize)> {
        branches.iter().map(|branch| (branch.unit.0, branch.depth)).collect()
    }

    /// 1 above 2 and 5, 2 above 3, 3 above 4.
    fn above(unit: UnitId) -> Option<UnitId> {
        [(2, 1), (3, 2), (4, 3), (5, 1)]
            .iter()
            .find(|(own, _)| *own == unit.0)
            .map(|(_, upper)| UnitId(*upper))
    }

    #[test]
    fn each_organisation_is_listed_after_the_one_it_stands_below() {
        let all = branches(&units(&[1, 5, 2, 4, 3]), &above);
        assert_eq!(shown(&all), [(1, 0), (5, 1), (2, 1), (3, 2), (4, 3)]);
        assert_eq!(shown(&within(&all, UnitId(2))), [(2, 0), (3, 1), (4, 2)]);
        assert_eq!(shown(&within(&all, UnitId(4))), [(4, 0)]);
        assert_eq!(within(&all, UnitId(9)), []);
    }

    #[test]
    fn what_is_not_listed_is_passed_over_and_a_circle_ends() {
        assert_eq!(shown(&branches(&units(&[1, 4, 5]), &above)), [(1, 0), (4, 1), (5, 1)]);
        let circle = |unit: UnitId| Some(UnitId(3 - unit.0));
        assert_eq!(shown(&branches(&units(&[2, 1]), &circle)), [(2, 0), (1, 1)]);
        assert_eq!(shown(&branches(&units(&[1]), &circle)), [(1, 0)]);
    }

    proptest! {
        #[test]
        fn everybody_is_listed_once_whoever_stands_below_whom(
            uppers in proptest::collection::vec(proptest::option::of(0_u32..12), 0..12),
        ) {
            let all: Vec<UnitId> = (0_u32..).zip(&uppers).map(|(unit, _)| UnitId(unit)).collect();
            let above = |unit: UnitId| uppers.get(unit.0 as usize).copied().flatten().map(UnitId);
            let branches = branches(&all, &above);
            let mut listed: Vec<UnitId> = branches.iter().map(|branch| branch.unit).collect();
            listed.sort_unstable();
            prop_assert_eq!(listed, all);
            for pair in branches.windows(2) {
                prop_assert!(pair[1].depth <= pair[0].depth + 1);
            }
        }
    }
}
