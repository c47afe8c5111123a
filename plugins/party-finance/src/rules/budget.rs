//! Dự toán and quyết toán: what a year was given for each item, what was spent of it, what is left.

use std::collections::BTreeMap;

/// An item of a year. All in đồng.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Dự toán được duyệt, with supplements.
    pub estimate: i64,
    /// Đã chi.
    pub spent: i64,
    /// Asked for or approved, and not paid yet.
    pub committed: i64,
}

impl Line {
    /// Chênh lệch: what was not spent.
    pub fn difference(&self) -> i64 {
        self.estimate.saturating_sub(self.spent)
    }

    /// What may still be asked for.
    pub fn free(&self) -> i64 {
        self.difference().saturating_sub(self.committed)
    }
}

/// What a year's lines are made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// An approved estimate gives, or a supplement takes away where it is negative.
    Estimate(i64),
    /// A voucher waits.
    Committed(i64),
    /// A voucher was paid.
    Spent(i64),
}

/// The lines of a year by item.
pub fn lines<'a>(facts: impl IntoIterator<Item = (&'a str, Fact)>) -> BTreeMap<String, Line> {
    let mut lines: BTreeMap<String, Line> = BTreeMap::new();
    for (item, fact) in facts {
        let line = lines.entry(item.to_owned()).or_default();
        let (sum, amount) = match fact {
            Fact::Estimate(amount) => (&mut line.estimate, amount),
            Fact::Committed(amount) => (&mut line.committed, amount),
            Fact::Spent(amount) => (&mut line.spent, amount),
        };
        *sum = sum.saturating_add(amount);
    }
    lines
}

/// All items of a year as one.
pub fn total<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Line {
    lines.into_iter().fold(Line::default(), |sum, line| Line {
        estimate: sum.estimate.saturating_add(line.estimate),
        spent: sum.spent.saturating_add(line.spent),
        committed: sum.committed.saturating_add(line.committed),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_no_longer_free_and_a_supplement_moves_money_between_items() {
        let lines = lines([
            ("press", Fact::Estimate(6_000_000)),
            ("congress", Fact::Estimate(4_000_000)),
            ("press", Fact::Estimate(-1_000_000)),
            ("congress", Fact::Estimate(1_000_000)),
            ("press", Fact::Spent(2_000_000)),
            ("press", Fact::Committed(500_000)),
        ]);
        let press = lines["press"];
        assert_eq!((press.estimate, press.difference(), press.free()), (5_000_000, 3_000_000, 2_500_000));
        let all = total(lines.values());
        assert_eq!((all.estimate, all.spent, all.difference()), (10_000_000, 2_000_000, 8_000_000));
    }
}
