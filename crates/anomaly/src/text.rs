//! Numbers in sentences.

/// A whole number with a comma between groups of three digits.
pub fn integer(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of rows, such as `1 row`.
pub fn rows(count: u64) -> String {
    if count == 1 { "1 row".into() } else { format!("{} rows", integer(count)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        assert_eq!([0, 999, 1000, 284_807, 5_000_000].map(integer), ["0", "999", "1,000", "284,807", "5,000,000"]);
    }
}
