//! Numbers in sentences.

/// A share in percent with one decimal.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// A number with two decimals.
pub(super) fn two_decimals(value: f64) -> String {
    format!("{value:.2}")
}

/// "1 number", or the count and "numbers".
pub(super) fn numbers(count: usize) -> String {
    if count == 1 { "1 number".into() } else { format!("{count} numbers") }
}
