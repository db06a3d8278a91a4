//! Numbers as people read them.

//
// The standard library can format floating-point numbers too, in 20 kB: exactly, to any digit. These are rounded.

use std::fmt::Display;

/// A number with so many digits after the point.
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

/// A number with as few digits as tell it from its neighbours, nine after the point at most.
pub fn shortest(value: f32) -> String {
    let tells = |digits: &u32| {
        let unit = 10_u64.pow(*digits) as f64;
        (((f64::from(value) * unit).round() / unit) as f32).to_bits() == value.to_bits()
    };
    fixed(value, (0..9).find(tells).unwrap_or(9))
}

/// A number of any size in about four digits, such as `0.25`, `1450` or `1e12`.
pub fn brief(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() {
        return fixed(value, 0);
    }
    let power = size.log10().floor() as i32;
    if (-3..7).contains(&power) {
        return without_zeros(&fixed(value, (3 - power).clamp(0, 6) as u32));
    }
    format!("{}e{power}", without_zeros(&fixed(value / 10_f64.powi(power), 2)))
}

fn without_zeros(number: &str) -> String {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').into() } else { number.into() }
}

/// A number with its thousands apart.
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

/// Seconds, minutes or hours, as one would say it.
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
    fn floats_show_as_they_were_written() {
        let values = [0.001_f32, 0.1, 5e-4, 1e-5, 128.0, 0.0, 1000.5];
        assert_eq!(values.map(shortest), ["0.001", "0.1", "0.0005", "0.00001", "128", "0", "1000.5"]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn numbers_of_any_size_are_brief() {
        let values = [0.0, 0.25, -1450.0, 12.345_67, 0.001_234, 1e12, -2.5e-9, 123_456.7];
        assert_eq!(
            values.map(brief),
            ["0", "0.25", "-1450", "12.35", "0.001234", "1e12", "-2.5e-9", "123457"].map(String::from)
        );
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn thousands_stand_apart() {
        assert_eq!(["0", "999", "1,000", "1,234,567"].map(String::from), [0, 999, 1000, 1_234_567].map(grouped));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn durations_are_said_as_people_do() {
        assert_eq!([0.4, 59.6, 3725.0, f32::INFINITY].map(duration), ["0 s", "1 min 0 s", "1 h 2 min", "unknown time"]);
    }
}
