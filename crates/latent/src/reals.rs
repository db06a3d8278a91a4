//! Sums over slices of doubles and of distances, in one order on every machine.

use pinhole_numerics::lanes::{LANES, load};
use wide::f32x8;

/// Running sums of a product, which the processor adds side by side.
const SUMS: usize = 8;

/// Inner product of two slices of one length.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, rest_a) = a.as_chunks::<SUMS>();
    let (b, rest_b) = b.as_chunks::<SUMS>();
    let mut sums = [0.0; SUMS];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f64>() + rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum::<f64>()
}

/// Inner product of a row of singles with a slice of doubles.
pub fn dot_row(row: &[f32], vector: &[f64]) -> f64 {
    let (row, rest_row) = row.as_chunks::<SUMS>();
    let (vector, rest_vector) = vector.as_chunks::<SUMS>();
    let mut sums = [0.0; SUMS];
    for (row, vector) in row.iter().zip(vector) {
        for ((sum, &value), factor) in sums.iter_mut().zip(row).zip(vector) {
            *sum += f64::from(value) * factor;
        }
    }
    let rest = rest_row.iter().zip(rest_vector).map(|(&value, factor)| f64::from(value) * factor).sum::<f64>();
    sums.iter().sum::<f64>() + rest
}

/// Adds `factor` times `vector` to `sum`.
pub fn add_scaled(sum: &mut [f64], factor: f64, vector: &[f64]) {
    for (sum, value) in sum.iter_mut().zip(vector) {
        *sum += factor * value;
    }
}

/// Adds `factor` times a row of singles to `sum`.
pub fn add_scaled_row(sum: &mut [f64], factor: f64, row: &[f32]) {
    for (sum, &value) in sum.iter_mut().zip(row) {
        *sum += factor * f64::from(value);
    }
}

/// Squared Euclidean distance of two vectors of one width.
#[inline]
pub fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    let (a, rest_a) = a.as_chunks::<LANES>();
    let (b, rest_b) = b.as_chunks::<LANES>();
    let mut sums = f32x8::ZERO;
    for (a, b) in a.iter().zip(b) {
        let difference = f32x8::from(*a) - f32x8::from(*b);
        sums += difference * difference;
    }
    if !rest_a.is_empty() {
        let difference = load(rest_a) - load(rest_b);
        sums += difference * difference;
    }
    let sums = sums.to_array();
    ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]))
}
