//! Otsu's threshold: "A threshold selection method from gray-level histograms", IEEE Transactions on Systems, Man, and
//! Cybernetics 9 (1979).

/// Bins of the histogram.
const BINS: usize = 256;

/// The threshold that separates `values` above `ground` into two classes, such that the variance between the classes is
/// largest. Values below `noise` belong to the ground, of which there may be a hundred times as much as ink; they count
/// as much as all others together, as Otsu's threshold drifts into the larger of two very unequal classes (Kittler and
/// Illingworth 1985). `None` if no value is above `noise`.
pub(super) fn threshold(values: &[f32], ground: f32, noise: f32) -> Option<f32> {
    let highest = values.iter().copied().fold(f32::MIN, f32::max);
    if highest <= noise || highest <= ground {
        return None;
    }
    let scale = BINS as f32 / (highest - ground);
    let (mut counts, mut grounds) = ([0.0_f64; BINS], [0.0_f64; BINS]);
    for &value in values {
        // A value below the ground becomes bin 0.
        let bin = (((value - ground) * scale) as usize).min(BINS - 1);
        *(if value > noise { &mut counts[bin] } else { &mut grounds[bin] }) += 1.0;
    }
    let (above, below): (f64, f64) = (counts.iter().sum(), grounds.iter().sum());
    counts.iter_mut().zip(grounds).for_each(|(count, ground)| *count += ground * above / below.max(1.0));
    let total: f64 = counts.iter().sum();
    let moment: f64 = counts.iter().enumerate().map(|(bin, count)| bin as f64 * count).sum();
    let (mut weight, mut partial) = (0.0, 0.0);
    let (mut best, mut first, mut last) = (0.0, 0, 0);
    for (bin, count) in counts.iter().enumerate().take(BINS - 1) {
        weight += count;
        partial += bin as f64 * count;
        if weight == 0.0 || weight >= total {
            continue;
        }
        let difference = moment * weight / total - partial;
        let between = difference * difference / (weight * (total - weight));
        if between > best * (1.0 + 1e-9) {
            (best, first) = (between, bin);
        }
        if between >= best * (1.0 - 1e-9) {
            last = bin;
        }
    }
    // Between two separate classes all thresholds are equally good: the middle one is taken.
    Some(ground + ((first + last) as f32 / 2.0 + 1.0) / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_levels_are_separated_in_their_middle() {
        let mut values = vec![0.0; 900];
        values.extend([100.0; 100]);
        let found = threshold(&values, 0.0, 5.0).expect("there is ink");
        assert!((found - 50.0).abs() < 1.0, "{found}");
        assert_eq!(threshold(&[3.0; 9], 3.0, 5.0), None);
    }

    #[test]
    fn little_ink_is_separated_from_much_noisy_ground() {
        // 0.1 % ink; the ground's values are spread evenly over 0 to 20.
        let mut values: Vec<f32> = (0..100_000).map(|index| (index % 200) as f32 / 10.0).collect();
        values.extend([150.0; 100]);
        let found = threshold(&values, 0.0, 30.0).expect("there is ink");
        assert!((30.0..150.0).contains(&found), "{found}");
    }

    #[test]
    fn the_threshold_is_otsus() {
        // Two normal distributions of equal size: the threshold is the mean of their means.
        let bell = |mean: f32| {
            (-40..=40).flat_map(move |step| {
                let step = step as f32 / 10.0;
                std::iter::repeat_n(mean + 12.0 * step, (200.0 * (-step * step / 2.0).exp()) as usize)
            })
        };
        let values: Vec<f32> = bell(60.0).chain(bell(160.0)).collect();
        let found = threshold(&values, 0.0, 105.0).expect("two classes");
        assert!((found - 110.0).abs() < 3.0, "{found}");
    }
}
