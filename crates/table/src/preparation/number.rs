//! Numbers on one scale.

use pinhole_protocol::table::{DecimalMark, Scaling};
use serde::{Deserialize, Serialize};

use super::{bounded, mean_and_deviation};

/// Most quantiles kept of a column.
const MAX_QUANTILES: usize = 256;

/// How a column's numbers become a feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberScale {
    /// Mean of the training rows.
    pub mean: f64,
    /// Their population standard deviation; 1 if they are all the same.
    pub deviation: f64,
    /// Quantile scaling: different numbers in ascending order, at most 256; empty: standard scaling.
    pub quantiles: Vec<f64>,
    /// The normal score of each quantile.
    pub normal_scores: Vec<f64>,
    /// The feature of a missing number.
    pub imputed: f64,
}

impl NumberScale {
    /// Fitted to the numbers of the training rows, missing ones left out.
    pub fn fit(mut numbers: Vec<f64>, scaling: Scaling) -> Self {
        let [mean, deviation] = mean_and_deviation(numbers.iter().copied());
        let mut scale = Self { mean, deviation, quantiles: Vec::new(), normal_scores: Vec::new(), imputed: 0.0 };
        if scaling == Scaling::Quantile && !numbers.is_empty() {
            numbers.sort_by(f64::total_cmp);
            scale.fit_quantiles(&numbers);
            scale.imputed = scale.to_score(numbers[numbers.len() / 2]);
        }
        scale
    }

    /// Each different quantile with the normal score of the middle of its ranks, so that ties share one. The outermost
    /// scores are those of half a step from the ends.
    fn fit_quantiles(&mut self, sorted: &[f64]) {
        let steps = sorted.len().min(MAX_QUANTILES);
        let last = (sorted.len() - 1) as f64;
        let places = (0..steps).map(|step| step as f64 / (steps - 1).max(1) as f64);
        let mut knots: Vec<(f64, Vec<f64>)> = Vec::with_capacity(steps);
        for place in places {
            let value = sorted[(place * last).round() as usize];
            match knots.last_mut() {
                Some((known, places)) if known.total_cmp(&value).is_eq() => places.push(place),
                _ => knots.push((value, vec![place])),
            }
        }
        let edge = 0.5 / steps as f64;
        for (value, places) in knots {
            let middle = f64::midpoint(places[0], places[places.len() - 1]);
            self.quantiles.push(value);
            self.normal_scores.push(normal_quantile(middle.clamp(edge, 1.0 - edge)));
        }
    }

    /// A number's feature; that of NaN is the imputed one.
    #[inline]
    pub fn feature(&self, number: f32) -> f32 {
        if number.is_nan() {
            return bounded(self.imputed);
        }
        let number = f64::from(number);
        bounded(if self.quantiles.is_empty() { (number - self.mean) / self.deviation } else { self.to_score(number) })
    }

    /// Between quantiles linear; beyond the ends a deviation more is one more, so that what training never saw stands out
    /// the more the farther it lies.
    fn to_score(&self, number: f64) -> f64 {
        interpolate(number, &self.quantiles, &self.normal_scores, 1.0 / self.deviation)
    }

    /// The number that a feature stands for.
    pub fn number(&self, feature: f32) -> f64 {
        let feature = f64::from(feature);
        if self.quantiles.is_empty() {
            return feature.mul_add(self.deviation, self.mean);
        }
        interpolate(feature, &self.normal_scores, &self.quantiles, self.deviation)
    }

    /// As the file would write it, to three digits of the spread.
    pub(super) fn expected(&self, features: &[f32], decimal: DecimalMark) -> String {
        let number = features.first().map_or(self.mean, |&feature| self.number(feature));
        let decimals = (2.0 - self.deviation.log10().floor()).clamp(0.0, 12.0) as usize;
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

/// The piecewise linear curve through points with ascending `from`; beyond its ends straight on with this slope.
fn interpolate(at: f64, from: &[f64], to: &[f64], slope: f64) -> f64 {
    let above = from.partition_point(|&knot| knot < at);
    if above == 0 {
        return to[0] + (at - from[0]) * slope;
    }
    if above == from.len() {
        return to[above - 1] + (at - from[above - 1]) * slope;
    }
    let share = (at - from[above - 1]) / (from[above] - from[above - 1]);
    (to[above] - to[above - 1]).mul_add(share, to[above - 1])
}

/// The normal distribution's quantile for 0 < p < 1 (Acklam's approximation, relative error below 1.2e-9).
fn normal_quantile(p: f64) -> f64 {
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
    let polynomial = |factors: &[f64], at: f64| factors.iter().fold(0.0, |sum, factor| sum * at + factor);
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
        for scaling in [Scaling::Standard, Scaling::Quantile] {
            let scale = NumberScale::fit(vec![0.1; 7], scaling);
            assert!(scale.feature(0.1).abs() < 1e-6 && scale.feature(f32::NAN).abs() < 1e-6);
            assert!((scale.feature(1.1) - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn no_number_at_all_is_no_trouble() {
        let scale = NumberScale::fit(Vec::new(), Scaling::Quantile);
        assert_eq!(scale.feature(f32::NAN).to_bits(), 0.0_f32.to_bits());
        assert!(scale.feature(f32::MAX).is_finite());
    }

    #[test]
    fn expected_numbers_are_in_the_style_of_the_file() {
        let scale = NumberScale::fit(vec![10.0, 20.0, 30.0], Scaling::Standard);
        assert_eq!(scale.expected(&[0.5], DecimalMark::Comma), "24,08");
        assert_eq!(scale.expected(&[0.0], DecimalMark::Point), "20");
        let wide = NumberScale::fit(vec![0.0, 1e6], Scaling::Standard);
        assert_eq!(wide.expected(&[0.1], DecimalMark::Point), "550000");
    }

    proptest! {
        #[test]
        fn features_lead_back_to_numbers(mut numbers in prop::collection::vec(-1e3_f64..1e3, 2..600), at in -2e3_f32..2e3) {
            numbers.push(numbers[0]);
            for scaling in [Scaling::Standard, Scaling::Quantile] {
                let scale = NumberScale::fit(numbers.clone(), scaling);
                let back = scale.number(scale.feature(at));
                let scale_of_error = scale.deviation.max(1.0) * 2e3 / scale.deviation.min(1.0);
                prop_assert!((back - f64::from(at)).abs() <= 1e-5 * scale_of_error, "{} {}", back, at);
            }
        }

        #[test]
        fn quantile_scores_ascend(numbers in prop::collection::vec(-50_i32..50, 2..600), one in -60.0_f32..60.0, more in 0.01_f32..9.0) {
            let scale = NumberScale::fit(numbers.into_iter().map(f64::from).collect(), Scaling::Quantile);
            prop_assert!(scale.feature(one) < scale.feature(one + more));
        }
    }
}
