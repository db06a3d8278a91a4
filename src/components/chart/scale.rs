//! Scale of an axis: values to pixels, and round values for the ticks.

use crate::components::format::fixed;

/// Scale of an axis, linear or logarithmic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    is_log: bool,
    /// Pixels of `low` and `high`.
    from: f64,
    to: f64,
}

impl Scale {
    /// Scale that contains `values`, from pixel `from` to pixel `to`. Values that it cannot show are ignored: those
    /// that are not finite, and on a logarithmic scale those that are not above 0.
    pub fn fit(values: impl Iterator<Item = f64>, is_log: bool, from: f64, to: f64) -> Self {
        let showable = values.filter(|value| value.is_finite() && (!is_log || *value > 0.0));
        let (low, high) =
            showable.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = match (low.is_finite(), is_log) {
            (false, true) => (0.01, 1.0),
            (false, false) => (0.0, 1.0),
            // A curve alone in the middle of a logarithmic axis still gets room above and below.
            (true, true) => (low / 1.15, high * 1.15),
            (true, false) if low == 0.0 && high == 0.0 => (0.0, 1.0),
            // A log-likelihood may well be below 0.
            (true, false) => (low.min(0.0) * 1.06, high.max(0.0) * 1.06),
        };
        Self { low, high, is_log, from, to }
    }

    /// Linear scale from 0 to `high`.
    pub fn linear(high: f64, from: f64, to: f64) -> Self {
        Self { low: 0.0, high, is_log: false, from, to }
    }

    /// Scale from `low` to `high`; a logarithmic one needs both above 0.
    pub fn between(low: f64, high: f64, is_log: bool, from: f64, to: f64) -> Self {
        Self { low, high, is_log, from, to }
    }

    /// Pixel of a value; `None` if the scale cannot show it.
    pub fn pixel(&self, value: f64) -> Option<f64> {
        let share = if self.is_log {
            (value.ln() - self.low.ln()) / (self.high.ln() - self.low.ln())
        } else {
            (value - self.low) / (self.high - self.low)
        };
        share.is_finite().then_some(self.from + share * (self.to - self.from))
    }

    /// Least and greatest value.
    pub const fn range(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// About `count` round values within the scale.
    pub fn ticks(&self, count: usize) -> Vec<f64> {
        if self.is_log { self.log_ticks() } else { self.linear_ticks(count) }
    }

    fn linear_ticks(&self, count: usize) -> Vec<f64> {
        let rough = (self.high - self.low) / count.max(1) as f64;
        let power = 10_f64.powi(rough.log10().floor() as i32);
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough * 0.999);
        let step = step.unwrap_or(rough);
        let first = (self.low / step).ceil() as i64;
        // A little beyond, as the last tick may be the top itself, rounded.
        let last = (self.high / step * 1.000_001).floor() as i64;
        (first..=last).map(|index| index as f64 * step).collect()
    }

    fn log_ticks(&self) -> Vec<f64> {
        let decades = (self.high / self.low).log10();
        let factors: &[f64] = if decades > 3.0 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let from = self.low.log10().floor() as i32;
        let to = self.high.log10().ceil() as i32;
        (from..=to)
            .flat_map(|power| factors.iter().map(move |factor| factor * 10_f64.powi(power)))
            .filter(|value| (self.low..=self.high).contains(value))
            .collect()
    }
}

/// Label of a tick, in few digits and without the rounding noise of binary fractions.
pub fn tick_text(value: f64) -> String {
    if value != 0.0 && !(1e-4..1e5).contains(&value.abs()) {
        let power = value.abs().log10().floor() as i32;
        return format!("{}e{power}", fixed(value / 10_f64.powi(power), 0));
    }
    let text = fixed(value, 4);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn linear_axes_start_at_zero_and_have_round_ticks() {
        let scale = Scale::fit([0.2, 0.93].into_iter(), false, 100.0, 0.0);
        assert_eq!(scale.pixel(0.0), Some(100.0));
        let top = scale.pixel(0.93).expect("on the axis");
        assert!((0.0..10.0).contains(&top), "{top}");
        let texts: Vec<String> = scale.ticks(5).into_iter().map(tick_text).collect();
        assert_eq!(texts, ["0", "0.2", "0.4", "0.6", "0.8"]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn logarithmic_axes_skip_what_they_cannot_show() {
        let scale = Scale::fit([0.0, f64::NAN, 0.01, 1.0, f64::INFINITY].into_iter(), true, 100.0, 0.0);
        assert_eq!(scale.pixel(0.0), None);
        let middle = scale.pixel(0.1).expect("on the axis");
        assert!((middle - 50.0).abs() < 0.5, "{middle}");
        assert!(scale.ticks(4).contains(&0.1));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn an_axis_without_values_is_still_an_axis() {
        for is_log in [false, true] {
            let scale = Scale::fit(std::iter::empty(), is_log, 100.0, 0.0);
            assert!(scale.pixel(0.5).is_some());
            assert!(!scale.ticks(4).is_empty());
        }
        let flat = Scale::fit([0.0].into_iter(), false, 100.0, 0.0);
        assert_eq!(flat.pixel(0.0), Some(100.0));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn values_below_zero_are_on_the_axis() {
        let scale = Scale::fit([-1.5, -0.2].into_iter(), false, 100.0, 0.0);
        assert_eq!(scale.pixel(0.0), Some(0.0));
        assert!(scale.pixel(-1.5).is_some_and(|pixel| (90.0..100.0).contains(&pixel)));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn labels_are_short() {
        assert_eq!([3.0 * 0.1, 1.0, 2500.0, 1e-6, 0.005].map(tick_text), ["0.3", "1", "2500", "1e-6", "0.005"]);
    }
}
