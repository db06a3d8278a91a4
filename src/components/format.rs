//! Formatting of numbers for people.
//!
//! The standard library's formatting of floats would add 20 kB to the page: it is exact to any number of digits, which
//! is more than needed here.

use std::fmt::Display;

/// Number with `digits` digits after the point.
pub fn fixed(value: impl Into<f64>, digits: u32) -> String {
    let value = value.into();
    if !value.is_finite() {
        return if value.is_nan() { "–".into() } else { "∞".into() };
    }
    let unit = 10_u64.pow(digits);
    let scaled = (value.abs() * unit as f64).round() as u64;
    let sign = if value < 0.0 && scaled > 0 { "-" } else { "" };
    if digits == 0 {
        return format!("{sign}{scaled}");
    }
    format!("{sign}{}.{:0width$}", scaled / unit, scaled % unit, width = digits as usize)
}

/// Number in the fewest digits that distinguish it from the neighbouring 32-bit floats, at most nine after the point, or
/// in about four digits if it is far too small or large for those.
pub fn shortest(value: f32) -> String {
    const LARGEST: f32 = 1e15;
    const SMALLEST: f32 = 1e-5;
    let is_exact = |digits: &u32| {
        let unit = 10_u64.pow(*digits) as f64;
        (((f64::from(value) * unit).round() / unit) as f32).to_bits() == value.to_bits()
    };
    match (0..9).find(is_exact) {
        _ if value.is_finite() && value.abs() > LARGEST => brief(value.into()),
        None if value.abs() < SMALLEST => brief(value.into()),
        digits => fixed(value, digits.unwrap_or(9)),
    }
}

/// Number of any magnitude in about four digits, such as `0.25`, `1450` or `1e12`.
pub fn brief(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() {
        return fixed(value, 0);
    }
    let power = size.log10().floor() as i32;
    if (-3..7).contains(&power) {
        return without_zeros(&fixed(value, (3 - power).clamp(0, 6) as u32));
    }
    // 9.999e-13 rounds to the next power.
    let power = if size / 10_f64.powi(power) < 9.995 { power } else { power + 1 };
    format!("{}e{power}", without_zeros(&fixed(value / 10_f64.powi(power), 2)))
}

fn without_zeros(number: &str) -> String {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').into() } else { number.into() }
}

/// Number with commas between groups of three digits.
pub fn grouped(number: impl Display + Copy) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Duration in seconds, minutes or hours.
pub fn duration(seconds: f32) -> String {
    if !seconds.is_finite() {
        return "unknown time".into();
    }
    let seconds = seconds.max(0.0).round() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn digits_are_rounded() {
        assert_eq!(
            [0.0, 9.96, -0.04, -1.25, 1234.5].map(|value| fixed(value, 1)),
            ["0.0", "10.0", "0.0", "-1.3", "1234.5"]
        );
        assert_eq!(fixed(0.021_46_f32, 4), "0.0215");
        assert_eq!(fixed(7.4, 0), "7");
        assert_eq!([f64::NAN, f64::INFINITY].map(|value| fixed(value, 2)), ["–", "∞"]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn floats_have_as_few_digits_as_identify_them() {
        let values = [0.001_f32, 0.1, 5e-4, 1e-5, 128.0, 0.0, 1000.5];
        assert_eq!(values.map(shortest), ["0.001", "0.1", "0.0005", "0.00001", "128", "0", "1000.5"]);
        assert_eq!([2.3e-7, 1e-12, 1e14, 1e20].map(shortest), ["0.00000023", "1e-12", "100000000376832", "1e20"]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn numbers_of_any_magnitude_are_brief() {
        let values = [0.0, 0.25, -1450.0, 12.345_67, 0.001_234, 1e12, -2.5e-9, 123_456.7];
        assert_eq!(
            values.map(brief),
            ["0", "0.25", "-1450", "12.35", "0.001234", "1e12", "-2.5e-9", "123457"].map(String::from)
        );
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn thousands_are_separated() {
        assert_eq!(["0", "999", "1,000", "1,234,567"].map(String::from), [0, 999, 1000, 1_234_567].map(grouped));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn durations_have_two_units_at_most() {
        assert_eq!([0.4, 59.6, 3725.0, f32::INFINITY].map(duration), ["0 s", "1 min 0 s", "1 h 2 min", "unknown time"]);
    }
}
