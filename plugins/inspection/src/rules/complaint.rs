//! A complaint against discipline (khiếu nại kỷ luật) has two clocks: to lodge it, from the day the decision is known;
//! to answer it, from the day it is received. Their lengths are settings (30-QĐ/TW).

use dinh_sdk::time::Date;

use super::days::{Period, after};

/// The two clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// The last day to lodge it.
    pub lodge_until: Date,
    /// The last day to answer it.
    pub answer_until: Date,
}

/// The clocks of a complaint that was received on a day, against a decision of a day.
pub fn clocks(
    decided: Date,
    received: Date,
    lodge: Period,
    answer: Period,
    off: &dyn Fn(Date) -> bool,
) -> Clocks {
    Clocks { lodge_until: after(decided, lodge, off), answer_until: after(received, answer, off) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;

    #[test]
    fn the_clocks_run_from_the_decision_and_from_the_receipt() {
        let working = |days| Period { days, working: true };
        let clocks = clocks(date(2026, 3, 2), date(2026, 4, 1), working(30), working(90), &|_| false);
        assert_eq!(clocks.lodge_until, date(2026, 4, 13));
        assert_eq!(clocks.answer_until, date(2026, 8, 5));
    }
}
