//! What of a member has changed, as far as dues rest on it.

use dinh_sdk::prelude::*;

/// What dues rest on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rests {
    /// Where the member pays.
    pub unit: UnitId,
    /// The day of admission to the Party.
    pub admitted_on: Option<Date>,
    /// The day of leaving it.
    pub party_left_on: Option<Date>,
    /// The coefficient of the salary that is insured.
    pub coefficient: Option<Decimal>,
    /// The day of leaving service.
    pub left_on: Option<Date>,
}

/// What has changed. Of several, what weighs most for whoever collects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Somebody whom no entry is of yet, or who is back.
    New,
    /// Here, from another unit.
    Moved,
    /// To another unit.
    Away,
    /// Left the Party, or the day of it was put right.
    Left,
    /// No longer listed at all.
    Gone,
    /// The salary, or the day of leaving service.
    Income,
    /// The day of admission.
    Admitted,
}

impl Change {
    /// All.
    pub const ALL: [Self; 7] =
        [Self::Left, Self::Gone, Self::Away, Self::New, Self::Moved, Self::Income, Self::Admitted];

    /// The difference between what was and what is, in the same unit; none when dues rest on the same.
    pub fn between(was: &Rests, is: &Rests) -> Option<Self> {
        let differs = [
            (was.party_left_on != is.party_left_on, Self::Left),
            (was.admitted_on.is_none() && is.admitted_on.is_some(), Self::New),
            (was.coefficient != is.coefficient || was.left_on != is.left_on, Self::Income),
            (was.admitted_on != is.admitted_on, Self::Admitted),
        ];
        differs.into_iter().find_map(|(differs, change)| differs.then_some(change))
    }

    /// Whether the member pays here no more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Gone | Self::Away)
    }

    /// What is to be reviewed when this comes after a change that nobody has reviewed yet: what weighs more.
    pub fn after(self, open: Option<Self>) -> Self {
        let weight = |change: Self| Self::ALL.into_iter().position(|known| known == change);
        match open.filter(|open| !open.is_over() && *open != Self::Left) {
            Some(open) if weight(open) < weight(self) => open,
            _ => self,
        }
    }

    /// As it is stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Moved => "moved",
            Self::Away => "away",
            Self::Left => "left",
            Self::Gone => "gone",
            Self::Income => "income",
            Self::Admitted => "admitted",
        }
    }

    /// The change that is stored so.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.key() == key)
    }

    /// In words, with what is to be done.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::New => ("Đảng viên mới hoặc trở lại: lập phải thu", "New member, or back: assess"),
            Self::Moved => ("Chuyển đến tổ chức đảng này: lập phải thu", "Came from another unit: assess"),
            Self::Away => ("Chuyển đi tổ chức đảng khác: dừng thu", "Gone to another unit: assess no more"),
            Self::Left => ("Ra khỏi Đảng hoặc sửa ngày ra: dừng thu", "Left the Party: assess no more"),
            Self::Gone => ("Không còn trong danh sách: dừng thu", "No longer listed: assess no more"),
            Self::Income => {
                ("Đổi hệ số lương hoặc thôi công tác: xem lại mức đóng", "Other salary: assess anew")
            }
            Self::Admitted => {
                ("Sửa ngày vào Đảng: xem lại các tháng đã lập", "Other day of admission: look again")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use dinh_sdk::jiff::civil::date;

    use super::*;

    const UNIT: UnitId = UnitId(7);

    fn rests() -> Rests {
        Rests {
            unit: UNIT,
            admitted_on: Some(date(2010, 2, 3)),
            party_left_on: None,
            coefficient: Some(Decimal::new(234, 2)),
            left_on: None,
        }
    }

    #[test]
    fn what_weighs_most_is_what_has_changed() {
        let was = rests();
        assert_eq!(Change::between(&was, &was), None);
        let left = Rests { party_left_on: Some(date(2026, 3, 1)), coefficient: None, ..was };
        assert_eq!(Change::between(&was, &left), Some(Change::Left));
        let admitted = Rests { admitted_on: None, ..was };
        assert_eq!(Change::between(&admitted, &was), Some(Change::New));
        let raised = Rests { coefficient: Some(Decimal::new(267, 2)), ..was };
        assert_eq!(Change::between(&was, &raised), Some(Change::Income));
        let retired = Rests { left_on: Some(date(2026, 3, 1)), ..was };
        assert_eq!(Change::between(&was, &retired), Some(Change::Income));
        let earlier = Rests { admitted_on: Some(date(2009, 2, 3)), ..was };
        assert_eq!(Change::between(&was, &earlier), Some(Change::Admitted));
    }

    #[test]
    fn what_nobody_has_reviewed_is_not_hidden_by_what_weighs_less() {
        assert_eq!(Change::Income.after(Some(Change::New)), Change::New);
        assert_eq!(Change::Left.after(Some(Change::New)), Change::Left);
        assert_eq!(Change::Income.after(Some(Change::Admitted)), Change::Income);
        assert_eq!(Change::New.after(Some(Change::Gone)), Change::New, "back again");
        assert_eq!(Change::Income.after(None), Change::Income);
    }

    #[test]
    fn a_change_is_known_again_by_its_key() {
        for change in Change::ALL {
            assert_eq!(Change::of_key(change.key()), Some(change));
        }
        assert_eq!(Change::of_key("other"), None);
    }
}
