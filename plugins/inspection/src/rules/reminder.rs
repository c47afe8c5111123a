//! When people are reminded of a deadline: once shortly before it, and once when it was missed.

use dinh_sdk::time::Date;

/// What people are reminded of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reminder {
    /// The deadline comes.
    Soon,
    /// It was missed.
    Overdue,
}

impl Reminder {
    /// As it is stored; also the name of its notice.
    pub fn key(self) -> &'static str {
        match self {
            Self::Soon => "due-soon",
            Self::Overdue => "overdue",
        }
    }
}

/// What to remind of on a day; `until` is the last day on which a deadline counts as soon.
pub fn due(due: Date, today: Date, until: Date) -> Option<Reminder> {
    if due < today {
        Some(Reminder::Overdue)
    } else if due <= until {
        Some(Reminder::Soon)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;

    #[test]
    fn one_is_reminded_before_the_deadline_and_after_it() {
        // Friday; three working days later it is Wednesday.
        let (today, until) = (date(2026, 3, 6), date(2026, 3, 11));
        assert_eq!(due(date(2026, 3, 5), today, until), Some(Reminder::Overdue));
        assert_eq!(due(today, today, until), Some(Reminder::Soon));
        assert_eq!(due(until, today, until), Some(Reminder::Soon));
        assert_eq!(due(date(2026, 3, 12), today, until), None);
    }
}
