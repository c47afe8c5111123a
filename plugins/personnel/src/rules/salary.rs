//! What a coefficient is worth: coefficient × base salary of the day, in whole đồng.

use dinh_sdk::Decimal;
use dinh_sdk::rust_decimal::RoundingStrategy;
use dinh_sdk::rust_decimal::prelude::ToPrimitive;

/// The coefficient that social insurance and dues are based on: the step's, with its share beyond the frame,
/// and the allowance of the position. Rounded half up to four places.
///
/// ```
/// use dinh_plugin_personnel::rules::salary::insured;
/// use dinh_sdk::Decimal;
/// let coefficient = insured(Decimal::new(498, 2), 5, Some(Decimal::new(5, 1)));
/// assert_eq!(coefficient, Some(Decimal::new(5729, 3)));
/// ```
pub fn insured(coefficient: Decimal, over_frame: i64, allowance: Option<Decimal>) -> Option<Decimal> {
    let hundredths = Decimal::from(over_frame.checked_add(100)?);
    let with_share = coefficient.checked_mul(hundredths)?.checked_div(Decimal::ONE_HUNDRED)?;
    let sum = with_share.checked_add(allowance.unwrap_or_default())?;
    Some(sum.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero))
}

/// A coefficient in đồng, rounded half up.
///
/// ```
/// use dinh_plugin_personnel::rules::salary::in_dong;
/// use dinh_sdk::Decimal;
/// assert_eq!(in_dong(Decimal::new(333, 2), Decimal::from(2_340_000)), Some(7_792_200));
/// ```
pub fn in_dong(coefficient: Decimal, base: Decimal) -> Option<i64> {
    let dong = coefficient.checked_mul(base)?;
    dong.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_share_and_allowance_the_coefficient_is_what_counts() {
        assert_eq!(insured(Decimal::new(234, 2), 0, None), Some(Decimal::new(234, 2)));
    }

    #[test]
    fn half_a_dong_rounds_up_and_what_is_too_large_has_no_value() {
        assert_eq!(in_dong(Decimal::new(5, 1), Decimal::ONE), Some(1));
        assert_eq!(in_dong(Decimal::MAX, Decimal::TWO), None);
        assert_eq!(insured(Decimal::ONE, i64::MAX, None), None);
    }
}
