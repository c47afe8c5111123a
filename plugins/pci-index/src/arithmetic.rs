//! The arithmetic of the index, on exact decimals.

use dinh_sdk::Decimal;
use dinh_sdk::rust_decimal::RoundingStrategy;

/// How far the published total may be from the computed one before it is flagged. Components are
/// published with two places, so a total computed from them is off by less than 0.05 points.
pub const TOLERANCE: Decimal = Decimal::from_parts(5, 0, 0, false, 2);

/// A component index of one province: its weight in per cent and its score, where they are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighted {
    /// In per cent.
    pub weight: Option<Decimal>,
    /// 1 to 10; none for N/A.
    pub score: Option<Decimal>,
}

/// The total: Σ weight % · component / 10, a number up to 100, rounded half up to two places as VCCI
/// publishes it. The formula is confirmed on the published totals of 2019, 2021, 2022 and 2024 (README of
/// `data/`).
///
/// None when a weight is not known, or a component of non-zero weight is N/A. VCCI defines the total over
/// all components of an edition and publishes no rule for what is missing. Spreading the weight of a
/// missing component over the others would make up a total that nobody published, and comparing it with
/// the published one would flag gaps that are none.
///
/// ```
/// use dinh_plugin_pci_index::arithmetic::{Weighted, total};
/// use dinh_sdk::Decimal;
/// let half = |score| Weighted { weight: Some(Decimal::from(50)), score };
/// assert_eq!(total([half(Some(Decimal::from(7))), half(Some(Decimal::from(6)))]), Some(Decimal::from(65)));
/// assert_eq!(total([half(Some(Decimal::from(7))), half(None)]), None);
/// ```
pub fn total(components: impl IntoIterator<Item = Weighted>) -> Option<Decimal> {
    let mut sum = Decimal::ZERO;
    let mut any = false;
    for component in components {
        let weight = component.weight?;
        any = true;
        if !weight.is_zero() {
            sum = sum.checked_add(weight.checked_mul(component.score?)?)?;
        }
    }
    let total = sum.checked_div(Decimal::TEN)?;
    any.then(|| total.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
}

/// Published less computed, when it is more than the tolerance.
pub fn gap(published: Option<Decimal>, computed: Option<Decimal>) -> Option<Decimal> {
    let gap = published?.checked_sub(computed?)?;
    (gap.abs() > TOLERANCE).then_some(gap)
}

/// The middle value; the mean of the two middle ones when there is an even number.
pub fn median(values: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    let mut values: Vec<Decimal> = values.into_iter().collect();
    values.sort_unstable();
    let middle = values.len() / 2;
    let upper = values.get(middle).copied()?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = values.get(middle.checked_sub(1)?).copied()?;
    lower.checked_add(upper)?.checked_div(Decimal::TWO)
}

/// The place of a value among all, the largest first; equal values share a place.
pub fn place(value: Decimal, all: impl IntoIterator<Item = Decimal>) -> usize {
    1 + all.into_iter().filter(|other| *other > value).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::published::{Row, rows, weights};

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn computed(row: &Row) -> Option<Decimal> {
        let weights = weights(row.year);
        assert_eq!(weights.len(), row.components.len(), "{row:?}");
        total(
            weights
                .into_iter()
                .zip(&row.components)
                .map(|(weight, score)| Weighted { weight, score: *score }),
        )
    }

    fn off(row: &Row) -> Decimal {
        (row.total - computed(row).unwrap()).abs()
    }

    #[test]
    fn all_published_totals_of_2021_are_reproduced_within_two_hundredths() {
        let published: Vec<Row> = rows().into_iter().filter(|row| row.year == 2021).collect();
        assert_eq!(published.len(), 22);
        for row in published {
            assert!(off(&row) <= d("0.02"), "{row:?}: {:?}", computed(&row));
        }
    }

    #[test]
    fn the_weights_since_2022_reproduce_2022_and_2024() {
        let published: Vec<Row> = rows().into_iter().filter(|row| [2022, 2024].contains(&row.year)).collect();
        assert_eq!(published.len(), 3);
        for row in published {
            assert!(off(&row) <= d("0.02"), "{row:?}: {:?}", computed(&row));
        }
    }

    #[test]
    fn thanh_hoa_2023_is_reproduced_by_neither_set_of_weights_and_flagged() {
        let row = rows().into_iter().find(|row| row.year == 2023).unwrap();
        assert_eq!((row.total, computed(&row)), (d("66.79"), Some(d("67.49"))));
        assert_eq!(gap(Some(row.total), computed(&row)), Some(d("-0.70")));
        let earlier = total(
            weights(2021)
                .into_iter()
                .zip(&row.components)
                .map(|(weight, score)| Weighted { weight, score: *score }),
        );
        assert!(gap(Some(row.total), earlier).is_some(), "{earlier:?}");
    }

    #[test]
    fn no_other_published_total_is_flagged() {
        for row in rows().into_iter().filter(|row| row.year >= 2019 && row.year != 2023) {
            assert_eq!(gap(Some(row.total), computed(&row)), None, "{row:?}");
        }
    }

    #[test]
    fn editions_without_known_weights_have_no_computed_total() {
        for row in rows().into_iter().filter(|row| row.year < 2019) {
            assert_eq!(computed(&row), None);
        }
    }

    #[test]
    fn a_missing_component_leaves_no_total_unless_it_weighs_nothing() {
        let weighted =
            |weight: &str, score: Option<&str>| Weighted { weight: Some(d(weight)), score: score.map(d) };
        assert_eq!(total([weighted("100", Some("7.5")), weighted("0", None)]), Some(d("75")));
        assert_eq!(total([weighted("95", Some("7.5")), weighted("5", None)]), None);
        assert_eq!(total([]), None);
    }

    #[test]
    fn half_a_hundredth_rounds_up() {
        let one = |score: &str| Weighted { weight: Some(d("50")), score: Some(d(score)) };
        assert_eq!(total([one("7.001"), one("7.002")]), Some(d("70.02")));
        assert_eq!(total([one("7.001"), one("7.000")]), Some(d("70.01")));
    }

    #[test]
    fn a_gap_counts_from_above_five_hundredths_in_either_direction() {
        assert_eq!(gap(Some(d("70.05")), Some(d("70"))), None);
        assert_eq!(gap(Some(d("70.06")), Some(d("70"))), Some(d("0.06")));
        assert_eq!(gap(Some(d("69.94")), Some(d("70"))), Some(d("-0.06")));
        assert_eq!(gap(Some(d("70")), None), None);
        assert_eq!(gap(None, Some(d("70"))), None);
    }

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_middle_two() {
        assert_eq!(median([d("3"), d("1"), d("2")]), Some(d("2")));
        assert_eq!(median([d("3"), d("1"), d("2"), d("2.5")]), Some(d("2.25")));
        assert_eq!(median([]), None);
    }

    #[test]
    fn equal_values_share_a_place() {
        let all = [d("8"), d("7"), d("7"), d("6")];
        assert_eq!(all.map(|value| place(value, all)), [1, 2, 2, 4]);
    }
}
