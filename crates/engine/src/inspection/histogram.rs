//! Values as counts.

use pinhole_protocol::ValueHistogram;

/// Enough for a chart as wide as a thumb.
const BINS: usize = 32;

/// Counts of the finite `values` in 32 equal bins from the least to the greatest. Where all are the same, they stand in
/// the middle of a range of 1; where there is none, it is that of 0.
pub(super) fn value_histogram(values: &[f32]) -> ValueHistogram {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let least = finite().fold(f32::INFINITY, f32::min);
    let greatest = finite().fold(f32::NEG_INFINITY, f32::max);
    let (low, high) = match (least.is_finite(), least < greatest) {
        (false, _) => (-0.5, 0.5),
        (true, false) => (least - 0.5, least + 0.5),
        (true, true) => (least, greatest),
    };
    let mut counts = vec![0; BINS];
    for value in finite() {
        // Halved first: the distance of two great numbers may be too great for a number.
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
    fn a_single_value_and_none_at_all_have_a_range() {
        let same = value_histogram(&[2.0; 9]);
        assert_eq!((ends(&same), same.counts[16]), ((1.5, 2.5), 9));
        assert_eq!(ends(&value_histogram(&[])), (-0.5, 0.5));
    }

    #[test]
    fn the_greatest_numbers_have_a_range_too() {
        let wide = value_histogram(&[f32::MIN, 0.0, f32::MAX]);
        assert_eq!((wide.counts[0], wide.counts[16], wide.counts[31]), (1, 1, 1));
    }
}
