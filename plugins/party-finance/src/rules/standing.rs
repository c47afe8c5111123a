//! How a member's account stands at the end of a month.

use std::collections::BTreeMap;

use crate::month::Month;

/// One movement of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posting {
    /// Owed: for which month, booked in which period, how much.
    Assessed(Month, Month, i64),
    /// Paid: in which period, how much.
    Collected(Month, i64),
}

/// A row of the ledger S01/ĐP, part I. All in đồng.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Phải đóng tháng này.
    pub this_month: i64,
    /// Truy thu các tháng trước: what was unpaid before, and what was assessed late.
    pub earlier: i64,
    /// Đã thu.
    pub collected: i64,
}

impl Row {
    /// Phải đóng, cộng.
    pub fn due(&self) -> i64 {
        self.this_month.saturating_add(self.earlier)
    }

    /// Chưa đóng đến cuối tháng; negative where too much was paid.
    pub fn unpaid(&self) -> i64 {
        self.due().saturating_sub(self.collected)
    }
}

/// The row of a period.
pub fn row(postings: &[Posting], period: Month) -> Row {
    let mut row = Row::default();
    for posting in postings {
        match *posting {
            Posting::Assessed(month, booked, amount) if booked == period && month == period => {
                row.this_month = row.this_month.saturating_add(amount);
            }
            Posting::Assessed(_, booked, amount) if booked <= period => {
                row.earlier = row.earlier.saturating_add(amount);
            }
            Posting::Collected(booked, amount) if booked == period => {
                row.collected = row.collected.saturating_add(amount);
            }
            Posting::Collected(booked, amount) if booked < period => {
                row.earlier = row.earlier.saturating_sub(amount);
            }
            _ => {}
        }
    }
    row
}

/// The months that are not paid in full at the end of a period, earliest first. Money pays the earliest month first.
pub fn unpaid_months(postings: &[Posting], period: Month) -> Vec<Month> {
    let (mut owed, mut paid) = (BTreeMap::<Month, i64>::new(), 0_i64);
    for posting in postings {
        match *posting {
            Posting::Assessed(month, booked, amount) if booked <= period => {
                let owed = owed.entry(month).or_default();
                *owed = owed.saturating_add(amount);
            }
            Posting::Collected(booked, amount) if booked <= period => paid = paid.saturating_add(amount),
            _ => {}
        }
    }
    let mut unpaid = Vec::new();
    for (month, owed) in owed.into_iter().filter(|(_, owed)| *owed > 0) {
        paid = paid.saturating_sub(owed);
        if paid < 0 {
            unpaid.push(month);
        }
    }
    unpaid
}

/// The most unpaid months that lie in one year.
pub fn most_in_a_year(unpaid: &[Month]) -> usize {
    let in_year = |year| unpaid.iter().filter(|month| month.year() == year).count();
    unpaid.iter().map(|month| in_year(month.year())).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    fn month(number: i8) -> Month {
        Month::of(date(2026, number, 1))
    }

    #[test]
    fn what_was_not_paid_is_carried_over_and_back_payment_pays_the_earliest_month() {
        let postings = [
            Posting::Assessed(month(3), month(3), 77_922),
            Posting::Assessed(month(4), month(4), 77_922),
            Posting::Collected(month(4), 100_000),
        ];
        let march = row(&postings, month(3));
        assert_eq!(
            (march.this_month, march.earlier, march.collected, march.unpaid()),
            (77_922, 0, 0, 77_922)
        );
        let april = row(&postings, month(4));
        assert_eq!((april.this_month, april.earlier, april.due()), (77_922, 77_922, 155_844));
        assert_eq!((april.collected, april.unpaid()), (100_000, 55_844));
        assert_eq!(unpaid_months(&postings, month(3)), [month(3)]);
        assert_eq!(unpaid_months(&postings, month(4)), [month(4)]);
        assert_eq!(row(&postings, month(5)).earlier, 55_844);
    }

    #[test]
    fn a_counter_entry_takes_back_what_was_assessed_or_collected() {
        let postings = [
            Posting::Assessed(month(3), month(3), 77_922),
            Posting::Assessed(month(3), month(4), -77_922),
            Posting::Assessed(month(3), month(4), 38_961),
        ];
        assert_eq!(row(&postings, month(3)).unpaid(), 77_922, "a period that is past stays as it was");
        assert_eq!(row(&postings, month(4)).unpaid(), 38_961);
        let undone = [postings[0], postings[1]];
        assert!(unpaid_months(&undone, month(4)).is_empty(), "a month that is owed nothing is not unpaid");
    }

    #[test]
    fn three_unpaid_months_count_within_one_year() {
        let winter = [(2026, 12), (2027, 1), (2027, 2)].map(|(year, month)| Month::of(date(year, month, 1)));
        assert_eq!(most_in_a_year(&winter), 2);
        assert_eq!(most_in_a_year(&[month(3), month(4), month(5)]), 3);
        assert_eq!(most_in_a_year(&[]), 0);
    }

    fn posting() -> impl Strategy<Value = Posting> {
        let months = 1..=12_i8;
        prop_oneof![
            (months.clone(), months.clone(), -200_000_i64..200_000).prop_map(|(of, booked, amount)| {
                Posting::Assessed(month(of.min(booked)), month(booked), amount)
            }),
            (months, -200_000_i64..200_000)
                .prop_map(|(booked, amount)| Posting::Collected(month(booked), amount)),
        ]
    }

    proptest! {
        #[test]
        fn each_month_begins_with_what_the_one_before_left_unpaid(
            postings in proptest::collection::vec(posting(), 0..40)
        ) {
            for number in 2..=12 {
                let late: i64 = postings.iter().map(|posting| match *posting {
                    Posting::Assessed(of, booked, amount) if booked == month(number) && of != booked => amount,
                    _ => 0,
                }).sum();
                let (before, now) = (row(&postings, month(number - 1)), row(&postings, month(number)));
                prop_assert_eq!(now.earlier, before.unpaid() + late);
            }
            let balance: i64 = postings.iter().map(|posting| match *posting {
                Posting::Assessed(_, _, amount) => amount,
                Posting::Collected(_, amount) => -amount,
            }).sum();
            prop_assert_eq!(row(&postings, month(12)).unpaid(), balance, "to the đồng");
        }

        #[test]
        fn who_owes_has_an_unpaid_month_and_nobody_else(
            owed in proptest::collection::vec((1..=12_i8, 0..200_000_i64), 0..20),
            paid in proptest::collection::vec((1..=12_i8, 0..200_000_i64), 0..20),
        ) {
            let owed = owed.into_iter().map(|(at, amount)| Posting::Assessed(month(at), month(at), amount));
            let paid = paid.into_iter().map(|(at, amount)| Posting::Collected(month(at), amount));
            let postings: Vec<Posting> = owed.chain(paid).collect();
            let december = month(12);
            let unpaid = row(&postings, december).unpaid();
            prop_assert_eq!(unpaid > 0, !unpaid_months(&postings, december).is_empty());
        }
    }
}
