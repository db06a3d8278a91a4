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

/// The exponential function, in one way on every machine: those of C libraries differ in their last bits, and a layout
/// amplifies such differences. Accurate to 1e-15; 0 below -700.
pub fn exp(x: f64) -> f64 {
    if x < -700.0 {
        return 0.0;
    }
    let x = x.min(700.0);
    let exponent = (x * std::f64::consts::LOG2_E).round();
    // ln 2 in two parts, so that the product with the first is exact.
    let rest = x - exponent * 6.931_471_803_691_238e-1 - exponent * 1.908_214_929_270_587_7e-10;
    let mut sum = 1.0;
    for term in (1..=13).rev() {
        sum = 1.0 + sum * rest / f64::from(term);
    }
    sum * f64::from_bits(((exponent as i64 + 1_023) as u64) << 52)
}

/// The natural logarithm of a positive, normal number, in one way on every machine. Accurate to 1e-15.
pub fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = (bits >> 52).cast_signed() - 1_023;
    let mut mantissa = f64::from_bits(bits & ((1 << 52) - 1) | 1_023 << 52);
    if mantissa > std::f64::consts::SQRT_2 {
        (mantissa, exponent) = (mantissa / 2.0, exponent + 1);
    }
    // The series of the inverse hyperbolic tangent.
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let square = ratio * ratio;
    let mut sum = 0.0;
    for term in (0..12).rev() {
        sum = sum * square + 2.0 / f64::from(2 * term + 1);
    }
    exponent as f64 * std::f64::consts::LN_2 + sum * ratio
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_and_logarithms_are_those_of_the_library() {
        for step in -5_000..5_000 {
            let x = f64::from(step) / 37.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 4e-15, "exp {x}");
            let y = x.exp();
            assert!((ln(y) - y.ln()).abs() <= 1e-15 * y.ln().abs().max(1.0), "ln {y}");
        }
        assert_eq!((exp(-1e9), exp(0.0), ln(1.0)), (0.0, 1.0, 0.0));
    }

    #[test]
    fn distances_take_every_number() {
        for width in [1, 7, 8, 13, 64] {
            let a: Vec<f32> = (0..width).map(|index| index as f32 / 3.0).collect();
            let b: Vec<f32> = (0..width).map(|index| 1.0 - index as f32).collect();
            let expected: f32 = a.iter().zip(&b).map(|(a, b)| (a - b).powi(2)).sum();
            assert!((squared_distance(&a, &b) / expected - 1.0).abs() < 1e-5, "{width}");
        }
    }
}
