//! Robust statistics of a column.

/// Median; the mean of the middle two of an even number, 0 of none.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    match numbers.len() {
        0 => 0.0,
        count if count % 2 == 1 => numbers[count / 2],
        count => f64::midpoint(numbers[count / 2 - 1], numbers[count / 2]),
    }
}

/// Standard deviation of a normal distribution with the same median size.
pub fn deviation(residuals: Vec<f64>) -> f64 {
    1.4826 * median(residuals.into_iter().map(f64::abs).collect())
}
