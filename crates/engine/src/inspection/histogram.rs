//! Histogram of values.

use pinhole_protocol::ValueHistogram;

/// Number of bins: enough for a small chart.
const BINS: usize = 32;

/// Counts of the finite `values` in 32 equal bins from minimum to maximum. If all are equal, the range is 1 wide and
/// they are in its middle; without a value it is -0.5 to 0.5.
pub(super) fn value_histogram(values: &[f32]) -> ValueHistogram {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let min = finite().fold(f32::INFINITY, f32::min);
    let max = finite().fold(f32::NEG_INFINITY, f32::max);
    let (low, high) = match (min.is_finite(), min < max) {
        (false, _) => (-0.5, 0.5),
        (true, false) => (min - 0.5, min + 0.5),
        (true, true) => (min, max),
    };
    let mut counts = vec![0; BINS];
    for value in finite() {
        // Halved first: the difference of two large numbers may overflow.
        let share = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
        counts[((share * BINS as f32) as usize).min(BINS - 1)] += 1;
    }
    ValueHistogram { low, high, counts }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(histogram: &ValueHistogram) -> (f32, f32) {
        (histogram.low, histogram.high)
    }

    #[test]
    fn every_finite_value_is_counted_once() {
        let values: Vec<f32> = (0..=320).map(|i| i as f32 / 10.0).chain([f32::NAN, f32::INFINITY]).collect();
        let histogram = value_histogram(&values);
        assert_eq!((ends(&histogram), histogram.counts.len()), ((0.0, 32.0), 32));
        assert_eq!(histogram.counts.iter().sum::<u32>(), 321);
        assert!(histogram.counts[..31].iter().all(|&count| (9..=11).contains(&count)), "{histogram:?}");
    }

    #[test]
    fn equal_values_and_no_values_have_a_range() {
        let same = value_histogram(&[2.0; 9]);
        assert_eq!((ends(&same), same.counts[16]), ((1.5, 2.5), 9));
        assert_eq!(ends(&value_histogram(&[])), (-0.5, 0.5));
    }

    #[test]
    fn the_largest_floats_do_not_overflow() {
        let wide = value_histogram(&[f32::MIN, 0.0, f32::MAX]);
        assert_eq!((wide.counts[0], wide.counts[16], wide.counts[31]), (1, 1, 1));
    }
}
