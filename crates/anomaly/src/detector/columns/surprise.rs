//! Surprise of one cell.

/// Greatest surprise of a number.
const MAX_NUMBER: f64 = 12.0;
/// Greatest surprise of a category.
const MAX_CATEGORY: f64 = 8.0;
/// Added to the usual residual of a column, in normal scores: a column that is predicted nearly exactly, or has few
/// distinct values, must not decide alone.
const MIN_SPREAD: f64 = 0.4;
/// Share of the probability that all classes have alike.
const UNIFORM_SHARE: f64 = 0.02;

/// Half the squared residual in units of the spread, bounded.
pub(super) fn of_residual(residual: f32, spread: f32) -> f64 {
    (0.5 * (f64::from(residual) / f64::from(spread)).powi(2)).min(MAX_NUMBER)
}

/// Minus the logarithm of a class's probability among so many classes, bounded.
pub(super) fn of_probability(probability: f32, classes: usize) -> f64 {
    let mixed = f64::from(probability).mul_add(1.0 - UNIFORM_SHARE, UNIFORM_SHARE / classes.max(1) as f64);
    (-mixed.ln()).clamp(0.0, MAX_CATEGORY)
}

/// Standard deviation of the residuals of a column with this [`spread`].
pub(super) const fn deviation(spread: f32) -> f32 {
    (spread - MIN_SPREAD as f32).max(0.0)
}

/// Spread of a column's residuals, as a normal distribution's standard deviation with the same median size.
pub(super) fn spread(mut residuals: Vec<f32>) -> f32 {
    for residual in &mut residuals {
        *residual = residual.abs();
    }
    let middle = residuals.len() / 2;
    let median =
        if residuals.is_empty() { 0.0 } else { f64::from(*residuals.select_nth_unstable_by(middle, f32::total_cmp).1) };
    1.4826_f64.mul_add(median, MIN_SPREAD) as f32
}
