//! Standardisation: mean and standard deviation, and the bound of features.

/// Largest absolute value of a feature, so that its square stays finite in f32.
const FEATURE_BOUND: f64 = 1e6;

/// A feature within ±1e6, as f32.
pub(super) fn clamp_feature(feature: f64) -> f32 {
    feature.clamp(-FEATURE_BOUND, FEATURE_BOUND) as f32
}

/// Mean and population standard deviation (as scikit-learn's `StandardScaler`); a deviation that is 0 or only rounding
/// error becomes 1. Without values [0, 1].
pub(super) fn mean_and_standard_deviation(values: impl Iterator<Item = f64> + Clone) -> [f64; 2] {
    let count = values.clone().count() as f64;
    if count == 0.0 {
        return [0.0, 1.0];
    }
    let mean = values.clone().sum::<f64>() / count;
    let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    let rounding = count * f64::EPSILON * variance + (count * mean * f64::EPSILON).powi(2);
    let deviation = variance.sqrt();
    [mean, if variance <= rounding || !deviation.is_finite() { 1.0 } else { deviation }]
}
