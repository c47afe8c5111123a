//! The rates of Quy định 01-QĐ/TW, with the rows that the plugin ships.

use dinh_sdk::jiff::civil::date;

use super::super::rates::Dated;
use super::*;

/// The rows of `data/rates.csv`.
pub(crate) fn shipped() -> Rates {
    let lines = include_str!("../../../data/rates.csv").lines().skip(1);
    let row = |line: &str| {
        let mut cells = line.splitn(4, ',');
        let mut next = || cells.next().unwrap().to_owned();
        Dated { key: next(), from: next().parse().unwrap(), value: next().parse().unwrap() }
    };
    Rates::new(lines.map(row).collect())
}

fn march() -> Month {
    Month::of(date(2026, 3, 1))
}

fn owes(month: Month, basis: Basis, reduction: i64) -> (Option<i64>, i64) {
    let facts = Facts { admitted_on: date(2010, 2, 3), basis: Some(basis), reduction };
    let assessed = assess(month, &facts, &shipped()).unwrap();
    (assessed.income, assessed.amount)
}

#[test]
fn every_category_pays_its_own_rate() {
    let other = Basis::Other;
    for (basis, income, amount) in [
        // Hệ số 4,98 × 2.340.000 = 11.653.200; 1 %.
        (Basis::Salary(Decimal::new(498, 2)), Some(11_653_200), 116_532),
        // 3,33 × 2.340.000 = 7.792.200; 1 %.
        (Basis::Salary(Decimal::new(333, 2)), Some(7_792_200), 77_922),
        (other(Category::Allowance, Some(6_000_050), None), Some(6_000_050), 60_001),
        (other(Category::Pension, Some(5_000_000), None), Some(5_000_000), 25_000),
        (other(Category::Student, None, None), None, 5_000),
        (other(Category::Uninsured, None, Some(1)), Some(5_310_000), 15_930),
        (other(Category::Uninsured, None, Some(4)), Some(3_700_000), 11_100),
        (other(Category::UninsuredPensionAge, None, Some(2)), Some(4_730_000), 9_460),
    ] {
        assert_eq!(owes(march(), basis, 0), (income, amount), "{basis:?}");
    }
}

#[test]
fn a_rate_holds_from_its_day() {
    let uninsured = Basis::Other(Category::Uninsured, None, Some(3));
    assert_eq!(owes(Month::of(date(2027, 12, 1)), uninsured, 0).1, 12_420);
    assert_eq!(owes(Month::of(date(2028, 1, 1)), uninsured, 0).1, 20_700);
}

#[test]
fn a_reduction_by_decision_leaves_its_rest_rounded_half_up() {
    let salary = Basis::Salary(Decimal::new(333, 2));
    // 77.922 − 30 % = 54.545,4; − 50 % = 38.961; − 70 % = 23.376,6.
    let paid = [30, 50, 70, 100].map(|percent| owes(march(), salary, percent).1);
    assert_eq!(paid, [54_545, 38_961, 23_377, 0]);
}

#[test]
fn fifty_years_of_membership_that_are_complete_on_the_first_of_a_month_exempt() {
    let facts = |admitted_on| Facts { admitted_on, basis: None, reduction: 0 };
    let exempt = |admitted| assess(march(), &facts(admitted), &shipped());
    assert_eq!(exempt(date(1976, 3, 1)), Ok(Assessment { income: None, amount: 0, exempt: true }));
    assert_eq!(exempt(date(1976, 3, 2)), Err(Unknown::Basis));
}

#[test]
fn what_is_not_known_is_named() {
    let facts = |basis| Facts { admitted_on: date(2010, 2, 3), basis, reduction: 0 };
    let pension = Basis::Other(Category::Pension, None, None);
    assert_eq!(assess(march(), &facts(Some(pension)), &shipped()), Err(Unknown::Basis));
    let before = Month::of(date(2011, 3, 1));
    let missing = Missing { key: key::EXEMPT_YEARS.into(), day: date(2011, 3, 1) };
    assert_eq!(assess(before, &facts(None), &shipped()), Err(Unknown::Rate(missing)));
    let endless = facts(Some(Basis::Salary(Decimal::MAX)));
    assert_eq!(assess(march(), &endless, &shipped()), Err(Unknown::OutOfRange));
}
