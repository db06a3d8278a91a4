//! The similarity of two points of a map, 1 / (1 + a d^2b), and the forces that follow from it.

use crate::reals::{exp, ln};

/// Distances at which the curve is fitted, up to three.
const SAMPLES: usize = 300;
const LARGEST: f64 = 3.0;
/// Steps of the fit; it converges in about ten.
const STEPS: usize = 100;
/// Squared distances of the table: from 2^-24 to 2^24.
const LEAST_EXPONENT: i32 = -24;
const OCTAVES: usize = 48;
/// Bits of the mantissa that choose an entry: 64 entries per octave, between which the error is below 3e-4.
const BITS: u32 = 6;

/// Parameters of the similarity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Factor of the distance's power.
    pub a: f64,
    /// Half the exponent.
    pub b: f64,
}

impl Curve {
    /// The curve nearest to 1 up to `min_dist` and exp(-(d - min_dist)) beyond, in least squares, by the method of
    /// Levenberg and Marquardt.
    pub fn fit(min_dist: f32) -> Self {
        let min_dist = f64::from(min_dist);
        let samples: Vec<(f64, f64)> = (1..SAMPLES)
            .map(|index| index as f64 * LARGEST / (SAMPLES - 1) as f64)
            .map(|d| (ln(d), if d < min_dist { 1.0 } else { exp(min_dist - d) }))
            .collect();
        let (mut curve, mut damping) = (Self { a: 1.0, b: 1.0 }, 1e-3);
        let mut error = curve.squared_error(&samples);
        for _ in 0..STEPS {
            let trial = curve.improved(&samples, damping);
            let trial_error =
                if trial.a > 0.0 && trial.b > 0.0 { trial.squared_error(&samples) } else { f64::INFINITY };
            if trial_error < error {
                (curve, error, damping) = (trial, trial_error, damping / 10.0);
            } else {
                damping *= 10.0;
            }
        }
        curve
    }

    /// a d^2b at the logarithm of a distance.
    fn power(self, log: f64) -> f64 {
        self.a * exp(2.0 * self.b * log)
    }

    fn squared_error(self, samples: &[(f64, f64)]) -> f64 {
        samples.iter().map(|&(log, target)| (1.0 / (1.0 + self.power(log)) - target).powi(2)).sum()
    }

    /// The curve after one damped step of Gauss and Newton.
    fn improved(self, samples: &[(f64, f64)], damping: f64) -> Self {
        let (mut aa, mut ab, mut bb, mut ra, mut rb) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for &(log, target) in samples {
            let power = self.power(log);
            let value = 1.0 / (1.0 + power);
            let slope = -value * value * power;
            let (by_a, by_b, rest) = (slope / self.a, slope * 2.0 * log, target - value);
            (aa, ab, bb) = (aa + by_a * by_a, ab + by_a * by_b, bb + by_b * by_b);
            (ra, rb) = (ra + by_a * rest, rb + by_b * rest);
        }
        (aa, bb) = (aa * (1.0 + damping), bb * (1.0 + damping));
        let determinant = aa * bb - ab * ab;
        Self { a: self.a + (ra * bb - rb * ab) / determinant, b: self.b + (rb * aa - ra * ab) / determinant }
    }

    /// Factor of y - y' in the attraction of two points at a squared distance.
    fn attraction(self, square: f64) -> f64 {
        let power = exp(self.b * ln(square));
        -2.0 * self.a * self.b * power / square / (1.0 + self.a * power)
    }

    /// Factor of y - y' in their repulsion.
    fn repulsion(self, square: f64) -> f64 {
        2.0 * self.b / ((0.001 + square) * (1.0 + self.a * exp(self.b * ln(square))))
    }
}

/// Both factors at any squared distance, interpolated between tabulated ones: powers would take most of a layout's time.
#[derive(Clone, Debug)]
pub struct ForceTable {
    attraction: Vec<[f32; 2]>,
    repulsion: Vec<[f32; 2]>,
}

impl ForceTable {
    /// The factors of a curve.
    pub fn new(curve: Curve) -> Self {
        let square = |entry: usize| {
            let bits = ((LEAST_EXPONENT + 127) as u32) << 23;
            f64::from(f32::from_bits(bits + ((entry as u32) << (23 - BITS))))
        };
        let table = |factor: &dyn Fn(f64) -> f64| -> Vec<[f32; 2]> {
            (0..OCTAVES << BITS)
                .map(|entry| {
                    let value = factor(square(entry));
                    [value as f32, (factor(square(entry + 1)) - value) as f32]
                })
                .collect()
        };
        Self {
            attraction: table(&|square| curve.attraction(square)),
            repulsion: table(&|square| curve.repulsion(square)),
        }
    }

    /// Factor of y - y' in the attraction of two points at a squared distance above 0; negative.
    #[inline]
    pub fn attraction(&self, square: f32) -> f32 {
        interpolated(&self.attraction, square)
    }

    /// Factor of y - y' in the repulsion of two points.
    #[inline]
    pub fn repulsion(&self, square: f32) -> f32 {
        interpolated(&self.repulsion, square)
    }
}

/// The value of a table of values and differences.
#[inline]
fn interpolated(table: &[[f32; 2]], square: f32) -> f32 {
    let bits = square.to_bits().saturating_sub(((LEAST_EXPONENT + 127) as u32) << 23);
    let entry = ((bits >> (23 - BITS)) as usize).min(table.len() - 1);
    let share = (bits & ((1 << (23 - BITS)) - 1)) as f32 / (1_u32 << (23 - BITS)) as f32;
    let [value, difference] = table[entry];
    value + share * difference
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As umap-learn 0.5's `find_ab_params(1.0, min_dist)`.
    #[test]
    fn curves_are_those_of_umap_learn() {
        for (min_dist, a, b) in
            [(0.0, 1.9328, 0.7905), (0.1, 1.5769, 0.8951), (0.5, 0.583, 1.3342), (1.0, 0.115, 1.9292)]
        {
            let curve = Curve::fit(min_dist);
            assert!((curve.a - a).abs() < 1e-4 && (curve.b - b).abs() < 1e-4, "{min_dist}: {curve:?}");
        }
    }

    #[test]
    fn tabulated_factors_are_near_to_the_formulas() {
        let curve = Curve::fit(0.1);
        let table = ForceTable::new(curve);
        for step in -200..200 {
            let square = (f64::from(step) / 13.0).exp2();
            let (attraction, repulsion) = (curve.attraction(square), curve.repulsion(square));
            assert!((f64::from(table.attraction(square as f32)) / attraction - 1.0).abs() < 3e-4, "{square}");
            assert!((f64::from(table.repulsion(square as f32)) / repulsion - 1.0).abs() < 3e-4, "{square}");
        }
        assert!(table.repulsion(0.0).is_finite() && table.attraction(f32::MAX).is_finite());
    }
}
