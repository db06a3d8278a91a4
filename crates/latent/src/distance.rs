//! Euclidean distance.

use pinhole_numerics::lanes::LANES;
use wide::f32x8;

/// Vectors of lanes that are summed in 32 bits before the sum goes on in 64.
const SUMMED_AT_ONCE: usize = 8;

/// Squared Euclidean distance, within 1e-6 of its value.
///
/// # Panics
/// When the widths differ.
pub fn squared_distance(one: &[f32], other: &[f32]) -> f64 {
    assert_eq!(one.len(), other.len(), "vectors of one width");
    let ((lanes, rest), (other_lanes, other_rest)) = (one.as_chunks::<LANES>(), other.as_chunks::<LANES>());
    let mut sum: f64 = rest.iter().zip(other_rest).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum();
    for (lanes, other) in lanes.chunks(SUMMED_AT_ONCE).zip(other_lanes.chunks(SUMMED_AT_ONCE)) {
        let mut partial = f32x8::ZERO;
        for (&a, &b) in lanes.iter().zip(other) {
            let difference = f32x8::from(a) - f32x8::from(b);
            partial += difference * difference;
        }
        sum += f64::from(partial.reduce_add());
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_of_any_width_are_those_of_their_definition() {
        for width in [1, 7, 8, 64, 65, 784, 4_096] {
            let one: Vec<f32> = (0..width).map(|index| (index % 13) as f32 * 0.3 + 100.0).collect();
            let other: Vec<f32> = (0..width).map(|index| (index % 7) as f32 * 0.7 + 99.0).collect();
            let expected: f64 = one.iter().zip(&other).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum();
            assert!((squared_distance(&one, &other) - expected).abs() < 1e-6 * expected, "width {width}");
        }
    }
}
