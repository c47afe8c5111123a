//! Sổ S01/ĐP, part II: the months of an organisation, with quarters and the year.

use std::collections::BTreeMap;

use super::retention::{Divided, Share, Turnover, divide};
use crate::month::Month;

/// What happened in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Số đảng viên cuối tháng.
    pub members: i64,
    /// Số được miễn.
    pub exempt: i64,
    /// Chưa đóng: what members owe at its end.
    pub unpaid: i64,
    /// What was taken in, and paid up.
    pub turnover: Turnover,
    /// How it was divided, where the month is closed: that never changes again, whatever becomes of the shares.
    pub closed: Option<Divided>,
}

impl Activity {
    /// Whether there is anything to show.
    pub fn is_empty(&self) -> bool {
        self.members == 0 && self.turnover == Turnover::default() && self.closed.is_none()
    }
}

/// A line of the book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What happened.
    pub activity: Activity,
    /// What is kept and what is due; none where no share is known.
    pub divided: Option<Divided>,
    /// Chưa nộp: what is due and not remitted, at the end; none where that is not known of some month.
    pub outstanding: Option<i64>,
}

/// The months in order, from the first that something happened in. `share` is the share of a month.
pub fn lines(
    months: &BTreeMap<Month, Activity>,
    share: impl Fn(Month) -> Option<Share>,
) -> BTreeMap<Month, Line> {
    let mut outstanding = Some(0_i64);
    let mut lines = BTreeMap::new();
    for (month, activity) in months {
        let divided =
            activity.closed.or_else(|| share(*month).map(|share| divide(&share, &activity.turnover)));
        outstanding = outstanding.zip(divided).map(|(before, divided)| {
            before.saturating_add(divided.due).saturating_sub(activity.turnover.remitted)
        });
        lines.insert(*month, Line { activity: *activity, divided, outstanding });
    }
    lines
}

/// Months that follow each other as one: what is unpaid as at the end, members as last assessed, the rest added up.
pub fn sum<'a>(lines: impl Iterator<Item = &'a Line>) -> Line {
    let sum = lines.copied().reduce(|sum, next| {
        let add = |one: i64, other: i64| one.saturating_add(other);
        let (one, other) = (sum.activity.turnover, next.activity.turnover);
        let turnover = Turnover {
            collected: add(one.collected, other.collected),
            received: add(one.received, other.received),
            behind: add(one.behind, other.behind),
            remitted: add(one.remitted, other.remitted),
        };
        let divided = sum.divided.zip(next.divided).map(|(one, other)| Divided {
            retained: add(one.retained, other.retained),
            due: add(one.due, other.due),
        });
        let counted = if next.activity.members > 0 { next.activity } else { sum.activity };
        let (members, exempt) = (counted.members, counted.exempt);
        let activity = Activity { members, exempt, turnover, ..next.activity };
        Line { activity, divided, outstanding: next.outstanding }
    });
    // Of no months: nothing.
    sum.unwrap_or(Line { divided: Some(Divided::default()), outstanding: Some(0), ..Line::default() })
}

#[cfg(test)]
mod tests {
    use super::super::organisations::{Kind, Level};
    use super::super::retention::Basis;
    use super::*;
    use dinh_sdk::Decimal;
    use dinh_sdk::jiff::civil::date;

    fn month(number: i8) -> Month {
        Month::of(date(2026, number, 1))
    }

    fn half(percent: i64) -> Share {
        let (kind, level, basis) = (Kind::Other, Level::Cell, Basis::Received);
        Share { kind, level, from: date(2026, 1, 1), percent: Decimal::from(percent), basis }
    }

    fn collected(collected: i64, remitted: i64) -> Activity {
        Activity { turnover: Turnover { collected, remitted, ..Turnover::default() }, ..Activity::default() }
    }

    #[test]
    fn what_was_not_handed_up_is_carried_over_and_a_closed_month_keeps_its_division() {
        let mut months =
            BTreeMap::from([(month(3), collected(200_001, 0)), (month(4), collected(100_000, 150_000))]);
        let book = lines(&months, |_| Some(half(50)));
        let line = |book: &BTreeMap<Month, Line>, at| {
            let line: Line = book[&month(at)];
            (line.divided.unwrap().retained, line.divided.unwrap().due, line.outstanding.unwrap())
        };
        assert_eq!(line(&book, 3), (100_001, 100_000, 100_000));
        assert_eq!(line(&book, 4), (50_000, 50_000, 0));
        months.get_mut(&month(3)).unwrap().closed = book[&month(3)].divided;
        let edited = lines(&months, |_| Some(half(30)));
        assert_eq!(line(&edited, 3), (100_001, 100_000, 100_000));
        assert_eq!(line(&edited, 4), (30_000, 70_000, 20_000));
        let both = sum(edited.values());
        assert_eq!((both.divided.unwrap().due, both.outstanding), (170_000, Some(20_000)));
        assert_eq!(both.activity.turnover.collected, 300_001);
    }

    #[test]
    fn without_a_share_nothing_is_guessed() {
        let months = BTreeMap::from([(month(3), collected(100, 0)), (month(4), collected(100, 0))]);
        let book = lines(&months, |month| (month.number() > 3).then(|| half(50)));
        assert_eq!((book[&month(3)].divided, book[&month(3)].outstanding), (None, None));
        assert_eq!(book[&month(4)].divided, Some(Divided { retained: 50, due: 50 }));
        assert_eq!(book[&month(4)].outstanding, None, "what March left is not known");
    }
}
