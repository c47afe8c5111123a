//! Quỹ đảng phí được giữ lại: retained dues in, payments out.

use dinh_sdk::time::Date;

/// An entry of the fund: its day, and what it adds, or takes where it is negative.
pub type Movement = (Date, i64);

/// What is there at the end of a day.
pub fn balance(movements: &[Movement], day: Date) -> i64 {
    let until = movements.iter().filter(|(on, _)| *on <= day);
    until.fold(0_i64, |sum, (_, amount)| sum.saturating_add(*amount))
}

/// The least that is there at the end of a day or of any later one: what may be paid on it without any day falling below
/// zero.
pub fn least_from(movements: &[Movement], day: Date) -> i64 {
    let days = movements.iter().map(|(on, _)| *on).filter(|on| *on > day);
    let later = days.map(|on| balance(movements, on)).min();
    later.map_or_else(|| balance(movements, day), |later| later.min(balance(movements, day)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_payment_of_an_earlier_day_leaves_no_later_day_below_zero() {
        let (march, april, may) = (date(2026, 3, 31), date(2026, 4, 10), date(2026, 5, 5));
        let movements = [(march, 500_000), (april, -400_000), (may, 300_000)];
        assert_eq!(balance(&movements, april), 100_000);
        assert_eq!(least_from(&movements, march), 100_000, "April has no more");
        assert_eq!(least_from(&movements, may), 400_000);
        assert_eq!(least_from(&movements, date(2026, 3, 30)), 0, "before the first entry there is nothing");
    }

    proptest! {
        #[test]
        fn a_fund_that_pays_no_more_than_the_least_never_falls_below_zero(
            steps in proptest::collection::vec((1..=28_i8, 1..=12_i8, 0..500_000_i64, any::<bool>()), 0..60)
        ) {
            let mut movements: Vec<Movement> = Vec::new();
            for (day, month, amount, pays) in steps {
                let on = date(2026, month, day);
                if !pays {
                    movements.push((on, amount));
                } else if amount <= least_from(&movements, on) {
                    movements.push((on, -amount));
                }
            }
            for (on, _) in &movements {
                prop_assert!(balance(&movements, *on) >= 0);
            }
        }
    }
}
