//! Order statistics.

/// Most values that are sorted; of more, every n-th is taken.
const SAMPLE: usize = 1 << 15;

/// Standard deviation of a normal distribution per median absolute deviation.
const SPREAD_PER_DEVIATION: f32 = 1.4826;

/// Quantile, `share` from 0 to 1; 0 without values.
pub(super) fn quantile(values: impl IntoIterator<Item = f32>, share: f32) -> f32 {
    let mut values: Vec<f32> = values.into_iter().collect();
    if values.is_empty() {
        return 0.0;
    }
    let index = ((values.len() - 1) as f32 * share).round() as usize;
    let (_, value, _) = values.select_nth_unstable_by(index, f32::total_cmp);
    *value
}

/// Median of a plane.
pub(super) fn median(values: &[f32]) -> f32 {
    quantile(sample(values), 0.5)
}

/// Spread about a centre, as a standard deviation: the median absolute deviation, which up to half of the values cannot
/// move.
pub(super) fn spread(values: &[f32], centre: f32) -> f32 {
    SPREAD_PER_DEVIATION * quantile(sample(values).map(|value| (value - centre).abs()), 0.5)
}

fn sample(values: &[f32]) -> impl Iterator<Item = f32> {
    // An odd step does not fall on the same columns of each row.
    values.iter().copied().step_by((values.len() / SAMPLE) | 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_few_and_of_many_values() {
        assert_eq!((median(&[]), median(&[3.0, 1.0, 2.0]), quantile([4.0, 8.0], 1.0)), (0.0, 2.0, 8.0));
        let many: Vec<f32> = (0..1_000_000_u32).map(|index| (index % 1001) as f32).collect();
        assert!((median(&many) - 500.0).abs() < 5.0 && (spread(&many, 500.0) - 370.6).abs() < 5.0);
    }
}
