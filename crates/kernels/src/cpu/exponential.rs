//! The exponential function of a softmax.

use wide::{f32x8, i32x8};

/// `e^x` for x of at most 0, with a relative error of 3e-7; below -87, where it leaves the normal numbers, that of -87.
///
/// [`f32x8::exp`] covers all numbers and takes three times as long.
#[inline]
pub(crate) fn exp_of_negative(x: f32x8) -> f32x8 {
    const LOWEST: f32x8 = f32x8::splat(-87.0);
    /// The logarithm of 2 in two parts, the first of so few bits that its multiples are exact.
    const LN_2: [f32x8; 2] = [f32x8::splat(0.693_359_4), f32x8::splat(-2.121_944_4e-4)];
    /// 1 / n!, from the sixth down.
    const COEFFICIENTS: [f32; 7] = [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    // Compared this way round, NaN stays NaN.
    let x = x.simd_lt(LOWEST).select(LOWEST, x);
    let exponent = (x * f32x8::splat(std::f32::consts::LOG2_E)).round();
    let rest = x - exponent * LN_2[0] - exponent * LN_2[1];
    let polynomial =
        COEFFICIENTS[1..].iter().fold(f32x8::splat(COEFFICIENTS[0]), |sum, &next| sum * rest + f32x8::splat(next));
    let power: f32x8 = bytemuck::cast((exponent.fast_trunc_int() + i32x8::splat(127)) << 23);
    polynomial * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_exponential_of_negative_numbers() {
        for index in 0..=8_700 {
            let x = index as f32 / -100.0;
            let (value, expected) = (exp_of_negative(f32x8::splat(x)).to_array()[3], f64::from(x).exp());
            assert!((f64::from(value) / expected - 1.0).abs() < 3e-7, "{x}: {value}, not {expected}");
        }
        let of = |x| exp_of_negative(f32x8::splat(x)).to_array()[0];
        assert!(of(f32::MIN) < 1e-37 && of(f32::NEG_INFINITY) < 1e-37 && of(f32::NAN).is_nan());
    }
}
