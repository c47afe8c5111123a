//! Allowances (phụ cấp): what is paid besides grade and step, each from its first to its last day. An allowance is a
//! coefficient of the base salary, or per cent of the salary with its share beyond the frame and the allowance of the
//! position (Nghị định 204/2004/NĐ-CP, điều 6, and Thông tư 05/2005/TT-BNV for second offices; to be checked against the
//! texts in force). Social insurance, and with it dues, counts those for a position and for seniority of a profession.

use dinh_sdk::Decimal;
use dinh_sdk::rust_decimal::RoundingStrategy;
use dinh_sdk::time::Date;

use super::{salary, standing};

/// What the rate of an allowance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A coefficient of the base salary.
    Coefficient,
    /// Per cent of the salary.
    PerCent,
}

impl Measure {
    /// The highest rate; the lowest is above 0.
    pub fn most(self) -> Decimal {
        match self {
            Self::Coefficient => Decimal::from(5),
            Self::PerCent => Decimal::ONE_HUNDRED,
        }
    }
}

/// A kind of allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// As it is stored.
    pub key: &'static str,
    /// What its rate is.
    pub measure: Measure,
    /// Whether social insurance is paid on it.
    pub insured: bool,
}

/// The allowance of a position of leadership, which an appointment brings.
pub const POSITION: &str = "chuc-vu";
/// What no other kind says: the coefficient that decisions on pay name beside the step.
pub const OTHER: &str = "khac";

/// The kinds. Two are insured: position and seniority of a profession (Nghị định 115/2015/NĐ-CP, điều 17; to be checked
/// against the text in force).
pub const KINDS: [Kind; 12] = [
    Kind { key: POSITION, measure: Measure::Coefficient, insured: true },
    Kind { key: "tham-nien-nghe", measure: Measure::PerCent, insured: true },
    Kind { key: "trach-nhiem", measure: Measure::Coefficient, insured: false },
    Kind { key: "khu-vuc", measure: Measure::Coefficient, insured: false },
    Kind { key: "luu-dong", measure: Measure::Coefficient, insured: false },
    Kind { key: "doc-hai", measure: Measure::Coefficient, insured: false },
    Kind { key: "kiem-nhiem", measure: Measure::PerCent, insured: false },
    Kind { key: "dac-biet", measure: Measure::PerCent, insured: false },
    Kind { key: "thu-hut", measure: Measure::PerCent, insured: false },
    Kind { key: "uu-dai-nghe", measure: Measure::PerCent, insured: false },
    Kind { key: "cong-vu", measure: Measure::PerCent, insured: false },
    Kind { key: OTHER, measure: Measure::Coefficient, insured: false },
];

/// The kind of a key.
pub fn of_key(key: &str) -> Option<Kind> {
    KINDS.into_iter().find(|kind| kind.key == key)
}

/// An allowance that somebody has, or had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// One of [`KINDS`].
    pub kind: String,
    /// As its measure has it.
    pub rate: Decimal,
    /// The first day.
    pub from: Date,
    /// The last day; none while it lasts.
    pub until: Option<Date>,
}

impl standing::Lasting for Held {
    fn from(&self) -> Date {
        self.from
    }

    fn until(&self) -> Option<Date> {
        self.until
    }
}

/// What allowances are reckoned from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Salary {
    /// The coefficient of the step.
    pub coefficient: Option<Decimal>,
    /// What is paid beyond the frame, in per cent.
    pub over_frame: i64,
}

/// What is paid on a day besides the coefficient of the step, as coefficients of the base salary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paid {
    /// For the position.
    pub position: Option<Decimal>,
    /// All others on which no social insurance is paid.
    pub other: Option<Decimal>,
    /// The whole that is insured, with the coefficient of the step; none without one.
    pub insured: Option<Decimal>,
}

/// The rate of a kind on a day: of several rows the one that began last.
pub fn rate(held: &[Held], kind: &str, day: Date) -> Option<Decimal> {
    standing::on(held.iter().filter(|held| held.kind == kind), day).map(|held| held.rate)
}

/// Whether rows tell of the allowance for the position, at whatever time.
pub fn tells_position(held: &[Held]) -> bool {
    held.iter().any(|held| held.kind == POSITION)
}

/// Whether rows tell of the allowances that are not insured, at whatever time.
pub fn tells_other(held: &[Held]) -> bool {
    held.iter().any(|held| of_key(&held.kind).is_some_and(|kind| !kind.insured))
}

/// What is paid on a day. What no row tells of, at whatever time, is as the record was taken over: `taken_over` has the
/// coefficients for the position and for all else. Rounded half up to four places.
///
/// ```
/// use dinh_plugin_personnel::rules::allowances::{Held, Salary, paid};
/// use dinh_sdk::Decimal;
/// use dinh_sdk::jiff::civil::date;
/// let second_office =
///     Held { kind: "kiem-nhiem".into(), rate: Decimal::TEN, from: date(2024, 1, 1), until: None };
/// let salary = Salary { coefficient: Some(Decimal::new(576, 2)), over_frame: 0 };
/// let position = (Some(Decimal::new(5, 1)), None);
/// // Ten per cent of 5.76 + 0.50.
/// let paid = paid(&[second_office], position, salary, date(2026, 1, 1));
/// assert_eq!((paid.other, paid.insured), (Some(Decimal::new(626, 3)), Some(Decimal::new(626, 2))));
/// ```
pub fn paid(
    held: &[Held],
    taken_over: (Option<Decimal>, Option<Decimal>),
    salary: Salary,
    day: Date,
) -> Paid {
    let position = if tells_position(held) { rate(held, POSITION, day) } else { taken_over.0 };
    let base = salary.coefficient.and_then(|it| salary::insured(it, salary.over_frame, position));
    // Of each kind what holds; a kind that is not known any more is paid as nothing.
    let amounts = |insured: bool| {
        let kinds = KINDS.into_iter().filter(move |kind| kind.insured == insured && kind.key != POSITION);
        let amounts = kinds.filter_map(|kind| {
            let rate = rate(held, kind.key, day)?;
            match kind.measure {
                Measure::Coefficient => Some(rate),
                Measure::PerCent => base?.checked_mul(rate)?.checked_div(Decimal::ONE_HUNDRED),
            }
        });
        amounts.reduce(|sum, amount| sum.checked_add(amount).unwrap_or(sum)).map(|sum| rounded(sum, 4))
    };
    let other = if tells_other(held) { amounts(false) } else { taken_over.1 };
    let insured = base.and_then(|base| base.checked_add(amounts(true).unwrap_or_default()));
    Paid { position, other, insured: insured.map(|insured| rounded(insured, 4)) }
}

/// Half up.
pub fn rounded(number: Decimal, places: u32) -> Decimal {
    number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use dinh_sdk::jiff::ToSpan;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    fn held(kind: &str, hundredths: i64, from: Date, until: Option<Date>) -> Held {
        Held { kind: kind.into(), rate: Decimal::new(hundredths, 2), from, until }
    }

    fn salary(hundredths: i64) -> Salary {
        Salary { coefficient: Some(Decimal::new(hundredths, 2)), over_frame: 0 }
    }

    const NOTHING: (Option<Decimal>, Option<Decimal>) = (None, None);

    #[test]
    fn an_allowance_is_paid_from_its_first_to_its_last_day() {
        let rows = [held(POSITION, 50, date(2020, 1, 1), Some(date(2024, 12, 31)))];
        let on = |day| paid(&rows, NOTHING, salary(399), day);
        assert_eq!((on(date(2019, 12, 31)).position, on(date(2025, 1, 1)).position), (None, None));
        assert_eq!(on(date(2020, 1, 1)).insured, Some(Decimal::new(449, 2)));
        assert_eq!(on(date(2024, 12, 31)).insured, Some(Decimal::new(449, 2)));
        assert_eq!(on(date(2025, 1, 1)).insured, Some(Decimal::new(399, 2)));
    }

    #[test]
    fn seniority_of_a_profession_is_insured_and_reckoned_from_the_whole_salary() {
        // (4.98 with 5 % beyond the frame + 0.50) × 20 % = 1.1458.
        let rows = [
            held(POSITION, 50, date(2020, 1, 1), None),
            held("tham-nien-nghe", 2_000, date(2020, 1, 1), None),
        ];
        let salary = Salary { over_frame: 5, ..salary(498) };
        let paid = paid(&rows, NOTHING, salary, date(2026, 1, 1));
        assert_eq!(paid.insured, Some(Decimal::new(68_748, 4)));
        assert_eq!(paid.other, None);
    }

    #[test]
    fn allowances_that_are_not_insured_are_summed_and_leave_the_base_of_dues_alone() {
        // 0.20 + 0.30 + 25 % of 3.99 = 1.4975.
        let day = date(2020, 1, 1);
        let rows = [
            held("trach-nhiem", 20, day, None),
            held("khu-vuc", 30, day, None),
            held("cong-vu", 2_500, day, None),
        ];
        let paid = paid(&rows, NOTHING, salary(399), day);
        assert_eq!((paid.other, paid.insured), (Some(Decimal::new(14_975, 4)), Some(Decimal::new(399, 2))));
    }

    #[test]
    fn of_rows_of_a_kind_that_overlap_the_later_one_counts() {
        let rows = [held(POSITION, 30, date(2020, 1, 1), None), held(POSITION, 50, date(2024, 1, 1), None)];
        assert_eq!(rate(&rows, POSITION, date(2023, 12, 31)), Some(Decimal::new(30, 2)));
        assert_eq!(rate(&rows, POSITION, date(2024, 1, 1)), Some(Decimal::new(50, 2)));
    }

    #[test]
    fn what_no_row_tells_of_is_as_it_was_taken_over() {
        let taken_over = (Some(Decimal::new(70, 2)), Some(Decimal::new(20, 2)));
        let day = date(2026, 1, 1);
        let bare = paid(&[], taken_over, salary(440), day);
        assert_eq!((bare.position, bare.other), taken_over);
        assert_eq!(bare.insured, Some(Decimal::new(510, 2)));
        let over = [held("khu-vuc", 30, date(2010, 1, 1), Some(date(2015, 1, 1)))];
        let paid = paid(&over, taken_over, salary(440), day);
        assert_eq!((paid.position, paid.other), (taken_over.0, None), "its row says that it is over");
    }

    #[test]
    fn without_a_step_there_is_nothing_to_take_per_cent_of() {
        let rows = [held("thu-hut", 7_000, date(2020, 1, 1), None)];
        assert_eq!(paid(&rows, NOTHING, Salary::default(), date(2026, 1, 1)), Paid::default());
    }

    #[test]
    fn every_kind_has_a_key_of_its_own() {
        for (at, kind) in KINDS.iter().enumerate() {
            assert_eq!(KINDS.iter().position(|other| other.key == kind.key), Some(at));
            assert_eq!(of_key(kind.key), Some(*kind));
        }
        assert_eq!(of_key("other"), None);
    }

    /// Any allowances, of the last forty years.
    pub(crate) fn holdings() -> impl Strategy<Value = Vec<Held>> {
        let row = (0_usize..KINDS.len(), 1_i64..=500, 0_i32..14_600, proptest::option::of(0_i32..3_000));
        let row = row.prop_map(|(kind, rate, first, lasts)| {
            let from = date(1990, 1, 1).checked_add(first.days()).unwrap();
            let until = lasts.map(|days| from.checked_add(days.days()).unwrap());
            held(KINDS[kind].key, rate, from, until)
        });
        proptest::collection::vec(row, 0..8)
    }

    proptest! {
        #[test]
        fn what_is_insured_is_never_less_than_the_step_and_nothing_is_paid_that_does_not_hold(
            rows in holdings(), days in 0_i32..18_000, coefficient in 100_i64..1_000,
        ) {
            let day = date(1990, 1, 1).checked_add(days.days()).unwrap();
            let paid = paid(&rows, NOTHING, salary(coefficient), day);
            prop_assert!(paid.insured >= Some(Decimal::new(coefficient, 2)));
            let holds = rows.iter().any(|row| row.from <= day && row.until.is_none_or(|until| day <= until));
            prop_assert!(holds || (paid.position.is_none() && paid.other.is_none()));
        }
    }
}
