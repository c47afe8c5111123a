//! The arithmetic of the index, exact, on numbers alone.
//!
//! Total = Σ weight · score / 10, with weights in hundredths (VCCI: the weighted mean of the components,
//! times ten), rounded to two places, half away from zero, as published. It is computed only when every
//! component has a weight, the weights sum to 100 and no score is missing: a total over fewer components
//! would be another index.

use dinh_sdk::{Decimal, RoundingStrategy};

/// Largest gap between the computed and the published total that rounding of the components explains.
pub const TOLERANCE: Decimal = Decimal::from_parts(5, 0, 0, false, 2);

/// Lowest and highest score of a component.
pub const RANGE: (Decimal, Decimal) = (Decimal::ONE, Decimal::TEN);

/// The total of these components, each a score and its weight; none when a part is not known.
pub fn total(components: impl IntoIterator<Item = (Option<Decimal>, Option<Decimal>)>) -> Option<Decimal> {
    let (mut sum, mut weights) = (Decimal::ZERO, Decimal::ZERO);
    for (score, weight) in components {
        sum += score? * weight?;
        weights += weight?;
    }
    (weights == Decimal::ONE_HUNDRED)
        .then(|| (sum / Decimal::TEN).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
}

/// Whether the two totals differ by more than rounding explains.
pub fn differs(computed: Decimal, published: Decimal) -> bool {
    (computed - published).abs() > TOLERANCE
}

/// The middle value of those that are there; of an even number, the mean of the two in the middle.
pub fn median(values: impl IntoIterator<Item = Option<Decimal>>) -> Option<Decimal> {
    let mut known: Vec<Decimal> = values.into_iter().flatten().collect();
    known.sort_unstable();
    let middle = known.len() / 2;
    let upper = *known.get(middle)?;
    if known.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *known.get(middle.checked_sub(1)?)?;
    Some(((lower + upper) / Decimal::TWO).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
}

/// Ranks by value, highest first, from 1; equal values share a rank and the next one is left out
/// ("1224"). None where there is no value.
pub fn ranks(values: &[Option<Decimal>]) -> Vec<Option<u32>> {
    let mut known: Vec<Decimal> = values.iter().copied().flatten().collect();
    known.sort_unstable_by(|a, b| b.cmp(a));
    values
        .iter()
        .map(|value| {
            let better = known.partition_point(|other| Some(*other) > *value);
            value.and_then(|_| u32::try_from(better + 1).ok())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNTIL_2021: [u32; 10] = [5, 5, 20, 5, 10, 5, 5, 20, 20, 5];
    const SINCE_2022: [u32; 10] = [5, 10, 5, 5, 15, 10, 15, 15, 10, 10];

    /// Rows of a published file: year, province, ten scores, total.
    fn published(csv: &str) -> Vec<(u32, String, Vec<Option<Decimal>>, Decimal)> {
        csv.lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                let scores = cells[2..12].iter().map(|cell| cell.parse().ok()).collect();
                (cells[0].parse().unwrap(), cells[1].to_owned(), scores, cells[12].parse().unwrap())
            })
            .collect()
    }

    fn computed(year: u32, scores: &[Option<Decimal>]) -> Option<Decimal> {
        let weights = if year >= 2022 { SINCE_2022 } else { UNTIL_2021 };
        total(scores.iter().copied().zip(weights.map(|weight| Some(Decimal::from(weight)))))
    }

    fn hundredths(number: i64) -> Decimal {
        Decimal::new(number, 2)
    }

    #[test]
    fn published_totals_of_2021_are_reproduced_within_two_hundredths() {
        let rows = published(include_str!("../data/scores-2021.csv"));
        assert_eq!(rows.len(), 21);
        for (year, province, scores, total) in rows {
            let gap = (computed(year, &scores).unwrap() - total).abs();
            assert!(gap <= hundredths(2), "{province}: {gap}");
        }
    }

    #[test]
    fn thanh_hoa_is_reproduced_in_2022_and_2024_and_flagged_in_2023() {
        let rows = published(include_str!("../data/scores-thanh-hoa-phu-tho-2021-2024.csv"));
        for (year, _, scores, total) in rows.iter().filter(|row| row.1 == "Thanh Hóa") {
            let computed = computed(*year, scores).unwrap();
            assert_eq!(differs(computed, *total), *year == 2023, "{year}: {computed} beside {total}");
        }
    }

    #[test]
    fn there_is_no_total_without_every_score_every_weight_and_a_hundred_in_all() {
        let (five, hundred) = (Some(Decimal::from(5)), Some(Decimal::ONE_HUNDRED));
        assert_eq!(total([(five, hundred)]), Some(hundredths(5000)));
        assert_eq!(total([(None, hundred)]), None);
        assert_eq!(total([(five, None)]), None);
        assert_eq!(total([(five, Some(Decimal::from(99)))]), None);
        assert_eq!(total([]), None);
    }

    #[test]
    fn a_gap_of_exactly_five_hundredths_is_still_rounding() {
        assert!(!differs(hundredths(6005), hundredths(6000)));
        assert!(differs(hundredths(6006), hundredths(6000)));
    }

    #[test]
    fn the_median_leaves_out_what_is_missing() {
        let values = [Some(hundredths(700)), None, Some(hundredths(500)), Some(hundredths(601))];
        assert_eq!(median(values), Some(hundredths(601)));
        assert_eq!(median([Some(hundredths(500)), Some(hundredths(601))]), Some(hundredths(551)));
        assert_eq!(median([None]), None);
    }

    #[test]
    fn equal_values_share_a_rank() {
        let values = [Some(hundredths(500)), None, Some(hundredths(700)), Some(hundredths(500)), Some(hundredths(100))];
        assert_eq!(ranks(&values), [Some(2), None, Some(1), Some(2), Some(4)]);
    }
}
