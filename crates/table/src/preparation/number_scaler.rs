//! Scaling of numbers: standardisation, or quantiles to a normal distribution.

use pinhole_protocol::table::{DecimalMark, NumberScaling};
use serde::{Deserialize, Serialize};

use super::standardise::{clamp_feature, mean_and_standard_deviation};

/// Largest number of quantiles per column.
const MAX_QUANTILES: usize = 256;

/// Share of the numbers at either end that count as a tail.
const TAIL_LEVEL: f64 = 0.02;
/// Ranges of the other numbers, beyond which a tail does not widen the scale.
const TAIL_RANGES: f64 = 3.0;

/// Fitted scaling of a numeric column, as scikit-learn's `StandardScaler`, or `QuantileTransformer` to a normal
/// distribution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberScaler {
    /// Mean of the training rows.
    pub mean: f64,
    /// Population standard deviation of the training rows; 1 if they are all equal.
    #[serde(rename = "deviation")]
    pub standard_deviation: f64,
    /// Distinct quantiles in ascending order, at most 256; empty under standardisation.
    pub quantiles: Vec<f64>,
    /// Normal score of each quantile.
    pub normal_scores: Vec<f64>,
    /// Feature of a missing number.
    pub imputed: f64,
    /// Range and grid of the training rows, within which expected values lie; `None` in files of an older Pinhole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<ObservedNumbers>,
}

/// Numbers that a column can hold, as far as the training rows tell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservedNumbers {
    /// Least number.
    pub min: f64,
    /// Greatest number.
    pub max: f64,
    /// True if all numbers are whole.
    pub are_whole: bool,
}

impl NumberScaler {
    /// Fits to the numbers of the training rows without the missing ones.
    pub fn fit(mut numbers: Vec<f64>, scaling: NumberScaling) -> Self {
        let [mean, standard_deviation] = mean_and_standard_deviation(numbers.iter().copied());
        let mut scaler = Self {
            mean,
            standard_deviation,
            quantiles: Vec::new(),
            normal_scores: Vec::new(),
            imputed: 0.0,
            observed: None,
        };
        if scaling == NumberScaling::Quantile && !numbers.is_empty() {
            numbers.sort_by(f64::total_cmp);
            scaler.fit_quantiles(&numbers);
            scaler.imputed = scaler.normal_score(numbers[numbers.len() / 2]);
        }
        scaler
    }

    /// Fits as [`Self::fit`], but to numbers whose outermost fiftieths cannot set the scale: beyond
    /// three ranges of the others they count as that far. Remembers what the numbers are like.
    pub fn fit_robust(mut numbers: Vec<f64>, scaling: NumberScaling) -> Self {
        numbers.sort_by(f64::total_cmp);
        let (Some(&min), Some(&max)) = (numbers.first(), numbers.last()) else { return Self::fit(numbers, scaling) };
        let are_whole = numbers.iter().all(|number| number.fract().abs() < f64::EPSILON);
        let last = (numbers.len() - 1) as f64;
        let at = |level: f64| numbers[(level * last).round() as usize];
        let (low, high) = (at(TAIL_LEVEL), at(1.0 - TAIL_LEVEL));
        let bound = TAIL_RANGES * (high - low);
        if bound > 0.0 && bound.is_finite() {
            for number in &mut numbers {
                *number = number.clamp(low - bound, high + bound);
            }
        }
        Self { observed: Some(ObservedNumbers { min, max, are_whole }), ..Self::fit(numbers, scaling) }
    }

    /// Sets the distinct quantiles of the sorted numbers, each with the normal score of its mean rank. The outermost
    /// scores are those of half a step from the ends, as the scores of 0 and 1 are infinite.
    fn fit_quantiles(&mut self, sorted: &[f64]) {
        let steps = sorted.len().min(MAX_QUANTILES);
        let last = (sorted.len() - 1) as f64;
        let levels = (0..steps).map(|step| step as f64 / (steps - 1).max(1) as f64);
        let mut knots: Vec<(f64, Vec<f64>)> = Vec::with_capacity(steps);
        for level in levels {
            let value = sorted[(level * last).round() as usize];
            match knots.last_mut() {
                Some((known, levels)) if known.total_cmp(&value).is_eq() => levels.push(level),
                _ => knots.push((value, vec![level])),
            }
        }
        let edge = 0.5 / steps as f64;
        for (value, levels) in knots {
            let middle = f64::midpoint(levels[0], levels[levels.len() - 1]);
            self.quantiles.push(value);
            self.normal_scores.push(normal_quantile(middle.clamp(edge, 1.0 - edge)));
        }
    }

    /// Feature of a number; of NaN, the imputed one.
    #[inline]
    pub fn transform(&self, number: f64) -> f32 {
        if number.is_nan() {
            return clamp_feature(self.imputed);
        }
        clamp_feature(if self.quantiles.is_empty() {
            (number - self.mean) / self.standard_deviation
        } else {
            self.normal_score(number)
        })
    }

    /// Normal score of a number: linear between quantiles, and beyond them with a slope of 1 per standard deviation, so
    /// that it grows with the distance from the training rows.
    fn normal_score(&self, number: f64) -> f64 {
        interpolate(number, &self.quantiles, &self.normal_scores, 1.0 / self.standard_deviation)
    }

    /// Number of a feature: the inverse of [`Self::transform`].
    pub fn inverse_transform(&self, feature: f32) -> f64 {
        let feature = f64::from(feature);
        if self.quantiles.is_empty() {
            return feature.mul_add(self.standard_deviation, self.mean);
        }
        interpolate(feature, &self.normal_scores, &self.quantiles, self.standard_deviation)
    }

    /// Text of the number of the first feature, to three digits of the standard deviation.
    pub(super) fn format_expected(&self, features: &[f32], decimal: DecimalMark) -> String {
        let number = features.first().map_or(self.mean, |&feature| self.inverse_transform(feature));
        let number = self.observed.map_or(number, |observed| observed.nearest(number));
        let decimals = (2.0 - self.standard_deviation.log10().floor()).clamp(0.0, 12.0) as usize;
        let text = if number.abs() >= 1e15 { format!("{number:.3e}") } else { format!("{number:.decimals$}") };
        let text = if text.contains('.') && !text.contains('e') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        };
        let text = if text == "-0" { "0".to_owned() } else { text };
        if decimal == DecimalMark::Comma { text.replace('.', ",") } else { text }
    }
}

impl ObservedNumbers {
    /// The nearest number that the column can hold.
    pub fn nearest(&self, number: f64) -> f64 {
        let number = number.clamp(self.min, self.max);
        if self.are_whole { number.round() } else { number }
    }
}

/// Piecewise linear interpolation through the points (`from`, `to`), `from` ascending; extrapolation has this slope.
fn interpolate(at: f64, from: &[f64], to: &[f64], slope: f64) -> f64 {
    let above = from.partition_point(|&knot| knot < at);
    if above == 0 {
        return to[0] + (at - from[0]) * slope;
    }
    if above == from.len() {
        return to[above - 1] + (at - from[above - 1]) * slope;
    }
    let fraction = (at - from[above - 1]) / (from[above] - from[above - 1]);
    (to[above] - to[above - 1]).mul_add(fraction, to[above - 1])
}

/// Quantile of the standard normal distribution, 0 < p < 1 (Acklam's approximation, relative error below 1.2e-9).
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416];
    const TAIL: f64 = 0.02425;
    let polynomial =
        |coefficients: &[f64], at: f64| coefficients.iter().fold(0.0, |sum, coefficient| sum * at + coefficient);
    let tail = |p: f64| {
        let root = (-2.0 * p.ln()).sqrt();
        polynomial(&C, root) / (polynomial(&D, root) * root + 1.0)
    };
    if p < TAIL {
        tail(p)
    } else if p > 1.0 - TAIL {
        -tail(1.0 - p)
    } else {
        let centred = p - 0.5;
        let square = centred * centred;
        polynomial(&A, square) * centred / (polynomial(&B, square) * square + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn normal_quantiles_agree_with_scipy() {
        // scipy.stats.norm.ppf
        let cases = [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.01, -2.326_347_874_040_840_8),
            (0.6, 0.253_347_103_135_799_7),
        ];
        for (p, expected) in cases {
            assert!((normal_quantile(p) - expected).abs() < 1e-8, "{p}");
        }
    }

    #[test]
    fn a_constant_column_becomes_zero() {
        for scaling in [NumberScaling::Standard, NumberScaling::Quantile] {
            let scaler = NumberScaler::fit(vec![0.1; 7], scaling);
            assert!(scaler.transform(0.1).abs() < 1e-6 && scaler.transform(f64::NAN).abs() < 1e-6);
            assert!((scaler.transform(1.1) - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn a_column_without_numbers_has_finite_features() {
        let scaler = NumberScaler::fit(Vec::new(), NumberScaling::Quantile);
        assert_eq!(scaler.transform(f64::NAN).to_bits(), 0.0_f32.to_bits());
        assert!(scaler.transform(f64::from(f32::MAX)).is_finite());
    }

    #[test]
    fn expected_numbers_have_the_style_of_the_file() {
        let scaler = NumberScaler::fit(vec![10.0, 20.0, 30.0], NumberScaling::Standard);
        assert_eq!(scaler.format_expected(&[0.5], DecimalMark::Comma), "24,08");
        assert_eq!(scaler.format_expected(&[0.0], DecimalMark::Point), "20");
        let wide = NumberScaler::fit(vec![0.0, 1e6], NumberScaling::Standard);
        assert_eq!(wide.format_expected(&[0.1], DecimalMark::Point), "550000");
    }

    proptest! {
        #[test]
        fn inverse_transform_inverts_transform(mut numbers in prop::collection::vec(-1e3_f64..1e3, 2..600), at in -2e3_f32..2e3) {
            numbers.push(numbers[0]);
            for scaling in [NumberScaling::Standard, NumberScaling::Quantile] {
                let scaler = NumberScaler::fit(numbers.clone(), scaling);
                let back = scaler.inverse_transform(scaler.transform(f64::from(at)));
                let error_scale = scaler.standard_deviation.max(1.0) * 2e3 / scaler.standard_deviation.min(1.0);
                prop_assert!((back - f64::from(at)).abs() <= 1e-5 * error_scale, "{} {}", back, at);
            }
        }

        #[test]
        fn quantile_scores_ascend(numbers in prop::collection::vec(-50_i32..50, 2..600), one in -60.0_f32..60.0, more in 0.01_f32..9.0) {
            let scaler = NumberScaler::fit(numbers.into_iter().map(f64::from).collect(), NumberScaling::Quantile);
            prop_assert!(scaler.transform(f64::from(one)) < scaler.transform(f64::from(one + more)));
        }
    }
}
