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

/// How far below zero the fund would be, on that day or a later one, by what takes of it; 0 where it can bear it, and for
/// whatever adds to it.
pub fn shortfall(movements: &[Movement], (day, amount): Movement) -> i64 {
    if amount >= 0 {
        return 0;
    }
    least_from(movements, day).saturating_add(amount).min(0).saturating_neg()
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

    #[test]
    fn a_month_of_more_corrections_than_dues_falls_short_of_what_was_spent_since() {
        let (march, april, may) = (date(2026, 3, 31), date(2026, 4, 10), date(2026, 5, 31));
        let movements = [(march, 500_000), (april, -400_000)];
        assert_eq!(shortfall(&movements, (may, -100_000)), 0);
        assert_eq!(shortfall(&movements, (may, -130_000)), 30_000);
        assert_eq!(shortfall(&movements, (march, -130_000)), 30_000, "April has already spent it");
        assert_eq!(shortfall(&[(march, -50_000)], (may, 10_000)), 0, "what adds is never refused");
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
