//! Value axes: round bounds, round steps.

/// A value axis from `low` to `high` with ticks every `step`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Lowest value shown.
    pub low: f64,
    /// Highest value shown.
    pub high: f64,
    /// Between ticks.
    pub step: f64,
    reversed: bool,
}

impl Scale {
    /// An axis around `values`; bounds given are kept, others are rounded outwards to the step. Bars begin
    /// `from_zero`; between `whole` values there are no ticks.
    pub fn around(
        values: impl Iterator<Item = f64>,
        minimum: Option<f64>,
        maximum: Option<f64>,
        from_zero: bool,
        whole: bool,
    ) -> Self {
        let (mut low, mut high) = values
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if from_zero {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        (low, high) = (minimum.unwrap_or(low), maximum.unwrap_or(high));
        if high <= low {
            // One value, or bounds the wrong way round: room above and below it.
            let around = low.abs().max(1.0) * 0.1;
            (low, high) = (minimum.unwrap_or(low - around), low + around);
        }
        let step = round_step((high - low) / 5.0, whole);
        Self {
            low: minimum.unwrap_or_else(|| (low / step).floor() * step),
            high: maximum.filter(|maximum| *maximum > low).unwrap_or_else(|| (high / step).ceil() * step),
            step,
            reversed: false,
        }
    }

    /// The same with the smallest value on top.
    pub fn reversed(self, reversed: bool) -> Self {
        Self { reversed, ..self }
    }

    /// Where a value stands between the lower end (0) and the upper end (1) of the axis, kept within.
    pub fn place(&self, value: f64) -> f64 {
        let place = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        if self.reversed { 1.0 - place } else { place }
    }

    /// The ticks, lowest first: multiples of the step within the axis, and its ends where there is room.
    pub fn ticks(&self) -> Vec<f64> {
        let first = (self.low / self.step - 1e-9).ceil();
        let last = (self.high / self.step + 1e-9).floor();
        let count = (last - first).clamp(0.0, 20.0) as u32;
        let mut ticks: Vec<f64> = (0..=count).map(|index| (first + f64::from(index)) * self.step).collect();
        ticks.retain(|tick| (tick - self.low).abs() < 1e-9 || tick - self.low > self.step * 0.4);
        ticks.retain(|tick| (tick - self.high).abs() < 1e-9 || self.high - tick > self.step * 0.4);
        if ticks.first().is_none_or(|tick| *tick > self.low) {
            ticks.insert(0, self.low);
        }
        if ticks.last().is_none_or(|tick| *tick < self.high) {
            ticks.push(self.high);
        }
        ticks
    }
}

/// The smallest of 1, 2, 2.5, 5 × 10^k that is not below `rough`, and whole if it has to be.
fn round_step(rough: f64, whole: bool) -> f64 {
    let rough = if whole { rough.max(1.0) } else { rough };
    let power = 10_f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    let steps = steps.iter().map(|step| step * power);
    let mut fitting = steps.filter(|step| !whole || step.fract() == 0.0);
    fitting.find(|step| *step >= rough * 0.999_999).unwrap_or(rough)
}

/// Decimal places that a step needs.
pub fn places(step: f64) -> u8 {
    (0..6)
        .find(|places| {
            let scaled = step * 10_f64.powi(i32::from(*places));
            (scaled - scaled.round()).abs() < 1e-6
        })
        .unwrap_or(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(values: &[f64], minimum: Option<f64>, maximum: Option<f64>, zero: bool) -> Scale {
        Scale::around(values.iter().copied(), minimum, maximum, zero, false)
    }

    #[test]
    fn an_axis_has_round_bounds_and_about_five_steps() {
        let scale = around(&[57.2, 73.02], None, None, false);
        assert_eq!((scale.low, scale.high, scale.step), (55.0, 75.0, 5.0));
        assert_eq!(scale.ticks(), [55.0, 60.0, 65.0, 70.0, 75.0]);
        let bars = around(&[6.4, 8.5], None, None, true);
        assert_eq!((bars.low, bars.high, bars.step), (0.0, 10.0, 2.0));
    }

    #[test]
    fn bounds_given_are_kept() {
        let scale = around(&[3.0], Some(1.0), Some(10.0), false);
        assert_eq!((scale.low, scale.high), (1.0, 10.0));
        assert_eq!(scale.ticks(), [1.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
    }

    #[test]
    fn a_rank_axis_has_the_first_on_top() {
        let scale = around(&[1.0, 63.0], Some(1.0), Some(63.0), false).reversed(true);
        assert_eq!(scale.place(1.0), 1.0);
        assert_eq!(scale.place(63.0), 0.0);
        assert_eq!(scale.ticks(), [1.0, 20.0, 40.0, 63.0]);
    }

    #[test]
    fn between_ranks_there_is_nothing() {
        let ranks = |values: &[f64], minimum| {
            let scale = Scale::around(values.iter().copied(), minimum, None, false, true);
            assert_eq!(places(scale.step), 0, "{values:?}");
            scale.ticks()
        };
        assert_eq!(ranks(&[1.0], Some(1.0)), [1.0, 2.0]);
        assert_eq!(ranks(&[3.0, 5.0], None), [3.0, 4.0, 5.0]);
        assert_eq!(ranks(&[21.0, 33.0], None), [20.0, 25.0, 30.0, 35.0], "not every two and a half");
        assert_eq!(ranks(&[43.0], Some(1.0)), [1.0, 10.0, 20.0, 30.0, 40.0, 50.0]);
    }

    #[test]
    fn strange_values_still_give_an_axis() {
        for values in [&[][..], &[5.0], &[0.0], &[-3.0, -3.0], &[f64::NAN, 2.0], &[1e17, 2e17]] {
            let scale = around(values, None, None, false);
            assert!(scale.high > scale.low && scale.step > 0.0, "{values:?}: {scale:?}");
            assert!((2..=23).contains(&scale.ticks().len()), "{values:?}");
        }
        let inverted = around(&[5.0], Some(10.0), Some(1.0), false);
        assert!(inverted.high > inverted.low);
    }

    #[test]
    fn ticks_show_the_places_their_step_needs() {
        assert_eq!((places(5.0), places(0.5), places(0.25), places(2.5)), (0, 1, 2, 1));
    }
}
