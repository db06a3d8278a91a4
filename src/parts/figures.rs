//! Numbers as people read them.

/// A number with its thousands apart.
pub fn grouped(number: usize) -> String {
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
    fn thousands_stand_apart() {
        assert_eq!(["0", "999", "1,000", "1,234,567"].map(String::from), [0, 999, 1000, 1_234_567].map(grouped));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn durations_are_said_as_people_do() {
        assert_eq!([0.4, 59.6, 3725.0, f32::INFINITY].map(duration), ["0 s", "1 min 0 s", "1 h 2 min", "unknown time"]);
    }
}
