//! Range of a number field: what it accepts, its description, and steps by the arrow keys.

use crate::components::format::{brief, grouped};

/// Largest whole number of a setting of type `usize`, which has 32 bits in wasm.
pub const MAX_COUNT: f64 = u32::MAX as f64;

/// Largest magnitude of a setting that is not whole, which is a 32-bit float.
const MAX_REAL: f64 = f32::MAX as f64;

/// Largest whole number up to which `f64` holds each one.
pub const MAX_SEED: f64 = 9_007_199_254_740_991.0;

/// Range of numbers, whole or not. Its ends belong to it unless they are excluded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberRange {
    pub min: f64,
    pub max: f64,
    pub is_whole: bool,
    excludes_min: bool,
    excludes_max: bool,
}

impl NumberRange {
    /// Any number.
    pub const ANY: Self = Self::real(f64::NEG_INFINITY, f64::INFINITY);
    /// Weights of terms of the loss.
    pub const WEIGHT: Self = Self::real(0.0, 1e6);
    /// Percentages.
    pub const PERCENT: Self = Self::real(0.0, 100.0);
    /// Seeds of random numbers.
    pub const SEED: Self = Self { is_whole: true, ..Self::real(0.0, MAX_SEED) };

    /// Numbers from `min` to `max`.
    pub const fn real(min: f64, max: f64) -> Self {
        Self { min, max, is_whole: false, excludes_min: false, excludes_max: false }
    }

    /// Whole numbers from `min` to `max`.
    pub const fn whole(min: usize, max: usize) -> Self {
        Self { is_whole: true, ..Self::real(min as f64, max as f64) }
    }

    /// Whole numbers of at least `min`.
    pub const fn whole_from(min: usize) -> Self {
        Self { is_whole: true, ..Self::real(min as f64, MAX_COUNT) }
    }

    /// Numbers above `min`, up to `max`.
    pub const fn above(min: f64, max: f64) -> Self {
        Self { excludes_min: true, ..Self::real(min, max) }
    }

    /// The range without its upper end.
    pub const fn below_max(self) -> Self {
        Self { excludes_max: true, ..self }
    }

    /// True if the number is in range.
    pub fn contains(self, number: f64) -> bool {
        number.abs() <= MAX_REAL
            && (!self.is_whole || number.fract() == 0.0)
            && if self.excludes_min { number > self.min } else { number >= self.min }
            && if self.excludes_max { number < self.max } else { number <= self.max }
    }

    /// True if a setting of this range can hold the number, though it may be out of range.
    pub fn can_hold(self, number: f64) -> bool {
        let largest = self.max.max(MAX_COUNT);
        number.abs() <= MAX_REAL && (!self.is_whole || (number.fract() == 0.0 && (0.0..=largest).contains(&number)))
    }

    /// True if the number is beyond every setting, and the description does not say so.
    pub fn is_too_large(self, number: f64) -> bool {
        self.max.is_infinite() && number.abs() > MAX_REAL
    }

    /// Description such as `a whole number from 1 to 10,000`.
    pub fn description(self) -> String {
        let mut text = String::from(if self.is_whole { "a whole number" } else { "a number" });
        let has_max = self.max.is_finite() && !(self.is_whole && self.max >= MAX_COUNT);
        if self.min.is_finite() {
            text.push_str(if self.excludes_min { " above " } else { " from " });
            text.push_str(&plain(self.min));
        }
        if has_max {
            text.push_str(match (self.excludes_min, self.excludes_max) {
                (_, true) => " to below ",
                (true, false) => ", up to ",
                (false, false) => " to ",
            });
            text.push_str(&plain(self.max));
        }
        text
    }

    /// Number one step up (`direction` 1) or down (-1), within the range: the next whole number, or a unit of the second
    /// significant digit, as a step of 1 would be far too much for a learning rate.
    pub fn step(self, number: f64, direction: f64) -> f64 {
        let stepped = if self.is_whole { (number + direction).round() } else { second_digit_step(number, direction) };
        let clamped = stepped.clamp(self.min, self.max);
        if self.contains(clamped) { clamped } else { number }
    }
}

fn second_digit_step(number: f64, direction: f64) -> f64 {
    if number == 0.0 {
        return 0.01 * direction;
    }
    let power = number.abs().log10().floor() as i32;
    // From 0.001 downwards the next is 0.00099, not 0.0009.
    let is_at_power = (number.abs() / 10_f64.powi(power) - 1.0).abs() < 1e-9;
    let is_shrinking = number.is_sign_positive() != direction.is_sign_positive();
    let digits = 1 - power + i32::from(is_at_power && is_shrinking);
    // Divided by a whole power of ten, the result is the float nearest to its decimal digits.
    if digits >= 0 {
        let unit = 10_f64.powi(digits);
        ((number * unit).round() + direction) / unit
    } else {
        let unit = 10_f64.powi(-digits);
        ((number / unit).round() + direction) * unit
    }
}

/// Number with commas between groups of three digits if it is whole.
fn plain(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() <= MAX_SEED {
        let sign = if number < 0.0 { "-" } else { "" };
        return format!("{sign}{}", grouped(number.abs() as u64));
    }
    brief(number)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_range_is_described() {
        for (range, description) in [
            (NumberRange::whole(1, 10_000), "a whole number from 1 to 10,000"),
            (NumberRange::whole_from(2), "a whole number from 2"),
            (NumberRange::SEED, "a whole number from 0"),
            (NumberRange::real(0.0, 0.9), "a number from 0 to 0.9"),
            (NumberRange::real(0.0, 1.0).below_max(), "a number from 0 to below 1"),
            (NumberRange::above(0.0, 1000.0), "a number above 0, up to 1,000"),
            (NumberRange::above(0.0, 1.0).below_max(), "a number above 0 to below 1"),
            (NumberRange::real(0.0, f64::INFINITY), "a number from 0"),
            (NumberRange::ANY, "a number"),
        ] {
            assert_eq!(range.description(), description);
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn excluded_ends_and_fractions_of_whole_numbers_are_out_of_range() {
        let open = NumberRange::above(0.0, 1.0).below_max();
        assert_eq!([0.0, 0.5, 1.0, f64::NAN].map(|number| open.contains(number)), [false, true, false, false]);
        let epochs = NumberRange::whole(1, 10_000);
        assert_eq!(
            [0.0, 1.0, 1.5, 10_000.0, 1e9].map(|number| epochs.contains(number)),
            [false, true, false, true, false]
        );
        assert_eq!(
            [-3.0, 0.0, 1.5, 1e9, 1e30].map(|number| epochs.can_hold(number)),
            [false, true, false, true, false]
        );
        assert!(NumberRange::SEED.can_hold(1e15) && NumberRange::PERCENT.can_hold(-5.0));
        assert!(NumberRange::ANY.contains(-3e38) && !NumberRange::ANY.contains(4e38));
        assert!(!NumberRange::WEIGHT.can_hold(1e99), "a 32-bit float would be infinite");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn arrows_step_by_one_or_by_the_second_digit() {
        let rate = NumberRange::above(0.0, 1000.0);
        let share = NumberRange::real(0.0, 0.5);
        let epochs = NumberRange::whole(1, 10_000);
        for (range, number, up, down) in [
            (rate, 0.001, 0.0011, 0.00099),
            (rate, 0.0011, 0.0012, 0.001),
            (rate, 0.0099, 0.01, 0.0098),
            (rate, 0.01, 0.011, 0.0099),
            (rate, 0.25, 0.26, 0.24),
            (rate, 1.0, 1.1, 0.99),
            (rate, 5.0, 5.1, 4.9),
            (rate, 128.0, 140.0, 120.0),
            (rate, 1000.0, 1000.0, 990.0),
            (share, 0.0, 0.01, 0.0),
            (share, 0.5, 0.5, 0.49),
            (NumberRange::ANY, 0.0, 0.01, -0.01),
            (NumberRange::ANY, -0.01, -0.0099, -0.011),
            (NumberRange::ANY, -0.25, -0.24, -0.26),
            (epochs, 1.0, 2.0, 1.0),
            (epochs, 0.0, 1.0, 1.0),
            (epochs, 1e9, 10_000.0, 10_000.0),
        ] {
            let stepped = (range.step(number, 1.0), range.step(number, -1.0));
            assert_eq!(stepped, (up, down), "{number}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_positive_number_can_be_stepped_down_for_ever() {
        let rate = NumberRange::above(0.0, 1000.0);
        let mut number = 2.0;
        for _ in 0..500 {
            let next = rate.step(number, -1.0);
            assert!(next > 0.0 && next < number, "{number} is followed by {next}");
            number = next;
        }
    }
}
