//! Histogram of the scores, and a warning if all are equal.

use pinhole_protocol::table::Histogram;

/// Bins of a histogram of scores.
pub const HISTOGRAM_BINS: usize = 60;

/// The scale is logarithmic if the greatest score is more than this many times the median.
const LOG_FROM_RATIO: f64 = 20.0;
/// Decades below the median on the logarithmic scale.
const DECADES_BELOW_MEDIAN: f64 = 4.0;

/// Scores whose range is at most this share of the greatest count as equal: the rest is rounding.
const CONSTANT_BELOW: f64 = 1e-6;

/// Histogram of `scores` in [`HISTOGRAM_BINS`] bins; `is_anomalous` holds each row's label, if there are labels.
///
/// The scale is linear from the least to the greatest finite score; logarithmic if no score is below 0 and the greatest
/// is over 20 times a median above 0, from the least score above 0 but at most 4 decades below the median. Scores
/// outside, infinities included, count in the first or last bin; NaN does not count. If all scores are equal, the bins
/// reach half a unit (or a twentieth of the score, if that is more) to either side.
///
/// # Panics
/// When the number of labels is not that of scores.
pub fn histogram(scores: &[f64], is_anomalous: Option<&[Option<bool>]>) -> Histogram {
    assert!(is_anomalous.is_none_or(|labels| labels.len() == scores.len()), "each score has a label");
    let mut found = scale(scores);
    found.normal = vec![0; HISTOGRAM_BINS];
    found.anomalous = vec![0; HISTOGRAM_BINS];
    for (index, &score) in scores.iter().enumerate() {
        if score.is_nan() {
            continue;
        }
        let bin = bin(&found, score);
        let is_anomalous = is_anomalous.and_then(|labels| labels[index]).unwrap_or(false);
        let counts = if is_anomalous { &mut found.anomalous } else { &mut found.normal };
        counts[bin] = counts[bin].saturating_add(1);
    }
    found
}

/// Bin of `score`; NaN goes to the first.
pub(super) fn bin(histogram: &Histogram, score: f64) -> usize {
    let last = HISTOGRAM_BINS - 1;
    let value = if histogram.is_log { score.max(0.0).log10() } else { score };
    // Halved first: the difference of two great numbers may overflow.
    let share = (value / 2.0 - histogram.low / 2.0) / (histogram.high / 2.0 - histogram.low / 2.0);
    // A cast takes what is below to 0 and what is above to the greatest.
    ((share * HISTOGRAM_BINS as f64) as usize).min(last)
}

fn scale(scores: &[f64]) -> Histogram {
    let mut finite: Vec<f64> = scores.iter().copied().filter(|score| score.is_finite()).collect();
    let Some(middle) = finite.len().checked_sub(1).map(|last| last / 2) else {
        return Histogram { low: 0.0, high: 1.0, ..Histogram::default() };
    };
    let median = *finite.select_nth_unstable_by(middle, f64::total_cmp).1;
    let least = finite.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = finite.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if least >= 0.0 && median > 0.0 && greatest / LOG_FROM_RATIO > median {
        let above_zero = finite.iter().copied().filter(|&score| score > 0.0).fold(f64::INFINITY, f64::min);
        let low = above_zero.log10().max(median.log10() - DECADES_BELOW_MEDIAN);
        return Histogram { low, high: greatest.log10(), is_log: true, ..Histogram::default() };
    }
    if least < greatest {
        return Histogram { low: least, high: greatest, ..Histogram::default() };
    }
    let margin = (least.abs() / 20.0).max(0.5);
    Histogram { low: (least - margin).max(f64::MIN), high: (least + margin).min(f64::MAX), ..Histogram::default() }
}

/// Warning if all scores are equal but for rounding; `None` if they differ, or there are fewer than two.
#[expect(clippy::float_cmp, reason = "equal infinities have no difference")]
pub fn constant_scores_warning(scores: &[f64]) -> Option<String> {
    let (first, rest) = scores.split_first()?;
    if rest.is_empty() {
        return None;
    }
    let least = rest.iter().copied().fold(*first, f64::min);
    let greatest = rest.iter().copied().fold(*first, f64::max);
    let is_constant = least == greatest || greatest - least <= CONSTANT_BELOW * greatest.abs().max(least.abs());
    is_constant.then(|| {
        format!(
            "All {} rows have the same score ({greatest:.4}), so their order means nothing. The columns may be constant, \
             or the detector learnt nothing from them: use other columns, or another method.",
            scores.len()
        )
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn total(histogram: &Histogram) -> u32 {
        histogram.normal.iter().chain(&histogram.anomalous).sum()
    }

    #[test]
    fn scores_of_one_size_are_counted_on_a_linear_scale() {
        let found = histogram(&[0.0, 1.0, 2.0, 3.0], Some(&[None, Some(false), Some(false), Some(true)]));
        assert_eq!((found.low, found.high, found.is_log), (0.0, 3.0, false));
        assert_eq!((found.normal[0], found.normal[20], found.normal[40], found.anomalous[59]), (1, 1, 1, 1));
    }

    #[test]
    fn scores_of_many_sizes_are_counted_on_a_logarithmic_scale() {
        let found = histogram(&[0.0, 0.1, 0.1, 1.0, 1000.0, f64::INFINITY], None);
        assert_eq!((found.low, found.high, found.is_log), (-1.0, 3.0, true));
        assert_eq!((found.normal[0], found.normal[15], found.normal[59]), (3, 1, 2));
    }

    #[test]
    fn constants_have_a_histogram_and_a_warning() {
        for constant in [0.0, 7.0, -1e300, f64::MAX] {
            let found = histogram(&[constant; 5], None);
            assert!(found.low < found.high && found.low.is_finite() && found.high.is_finite());
            assert_eq!(total(&found), 5);
            assert!(constant_scores_warning(&[constant; 5]).is_some());
        }
        assert!(constant_scores_warning(&[f64::INFINITY; 3]).is_some());
        assert_eq!(constant_scores_warning(&[1.0]), None);
        assert_eq!(constant_scores_warning(&[1.0, 1.1]), None);
    }

    proptest! {
        #[test]
        fn every_number_is_counted(scores in prop::collection::vec(any::<f64>(), 0..50)) {
            let found = histogram(&scores, None);
            prop_assert!(found.low < found.high);
            prop_assert_eq!(total(&found) as usize, scores.iter().filter(|score| !score.is_nan()).count());
        }
    }
}
