//! The months of an organisation from what was booked: closed ones as they were closed, open ones from entries and
//! remittances. Months are closed in their order, so what is open comes after the last closed one, and owes what that left.

use std::collections::BTreeMap;

use super::book::Activity;
use crate::month::Month;

/// Something booked in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Booked {
    /// Assessed for a member, by what identifies one: for which month, how much, and whether nothing is owed.
    Assessed {
        /// Whom it is about.
        member: (u64, u64),
        /// The month the dues are for.
        month: Month,
        /// The period.
        period: Month,
        /// Whole đồng; negative where it undoes another.
        amount: i64,
        /// Nothing is owed, by years of membership or by decision.
        exempt: bool,
    },
    /// Collected from a member.
    Collected(Month, i64),
    /// Handed up and confirmed there.
    Remitted(Month, i64),
    /// Received from below, and the dues that stand behind it.
    Received(Month, i64, i64),
}

impl Booked {
    /// The period it is booked in.
    pub fn period(self) -> Month {
        match self {
            Self::Assessed { period, .. }
            | Self::Collected(period, _)
            | Self::Remitted(period, _)
            | Self::Received(period, ..) => period,
        }
    }
}

/// The months, given those that are closed and all that was booked; what was booked up to the last closed month is in that
/// already.
pub fn months(closed: &BTreeMap<Month, Activity>, booked: &[Booked]) -> BTreeMap<Month, Activity> {
    let mut months = closed.clone();
    let (after, carried) = match closed.iter().next_back() {
        Some((month, activity)) => (Some(*month), activity.unpaid),
        None => (None, 0),
    };
    let mut owed: BTreeMap<Month, i64> = BTreeMap::new();
    let mut members: BTreeMap<Month, BTreeMap<(u64, u64), bool>> = BTreeMap::new();
    for booked in booked.iter().filter(|booked| after.is_none_or(|after| booked.period() > after)) {
        let activity = months.entry(booked.period()).or_default();
        let owed = owed.entry(booked.period()).or_default();
        let turnover = &mut activity.turnover;
        let add = |sum: &mut i64, amount: i64| *sum = sum.saturating_add(amount);
        match *booked {
            Booked::Assessed { member, month, period, amount, exempt } => {
                add(owed, amount);
                // What undoes another says nothing of the member.
                if month == period && amount >= 0 {
                    members.entry(period).or_default().insert(member, exempt);
                }
            }
            Booked::Collected(_, amount) => {
                add(owed, amount.saturating_neg());
                add(&mut turnover.collected, amount);
            }
            Booked::Remitted(_, amount) => add(&mut turnover.remitted, amount),
            Booked::Received(_, amount, behind) => {
                add(&mut turnover.received, amount);
                add(&mut turnover.behind, behind);
            }
        }
    }
    let mut unpaid = carried;
    for (month, owed) in owed {
        unpaid = unpaid.saturating_add(owed);
        let activity = months.entry(month).or_default();
        activity.unpaid = unpaid;
        let assessed = members.remove(&month).unwrap_or_default();
        activity.members = i64::try_from(assessed.len()).unwrap_or(i64::MAX);
        let exempt = assessed.values().filter(|exempt| **exempt).count();
        activity.exempt = i64::try_from(exempt).unwrap_or(i64::MAX);
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;

    fn month(number: i8) -> Month {
        Month::of(date(2026, number, 1))
    }

    fn assessed(member: u64, of: i8, booked: i8, amount: i64) -> Booked {
        let (month, period) = (month(of), month(booked));
        Booked::Assessed { member: (0, member), month, period, amount, exempt: amount == 0 }
    }

    #[test]
    fn members_are_counted_once_and_a_month_owes_what_the_one_before_left() {
        let booked = [
            assessed(1, 3, 3, 77_922),
            assessed(2, 3, 3, 0),
            // Corrected in March: one member all the same.
            assessed(1, 3, 3, -77_922),
            assessed(1, 3, 3, 38_961),
            Booked::Remitted(month(4), 1_000),
            Booked::Collected(month(5), 30_000),
        ];
        let all = months(&BTreeMap::new(), &booked);
        let march = all[&month(3)];
        assert_eq!((march.members, march.exempt, march.unpaid), (2, 1, 38_961));
        assert_eq!((all[&month(4)].unpaid, all[&month(4)].turnover.remitted), (38_961, 1_000));
        assert_eq!(all[&month(5)].unpaid, 8_961);
        let closed = BTreeMap::from([(month(3), march)]);
        assert_eq!(months(&closed, &booked), all, "a closed month is not added up again");
    }
}
