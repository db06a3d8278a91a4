//! Means, variances and standard deviations (of the population), summed in double precision.

/// Mean and standard deviation of some values; 0 of none.
pub fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

/// Skewness: third moment about the mean in units of the population standard deviation; 0 of equal values.
pub fn skewness(values: &[f64]) -> f64 {
    let (mean, deviation) = mean_and_deviation(values);
    if deviation <= 0.0 {
        return 0.0;
    }
    values.iter().map(|value| ((value - mean) / deviation).powi(3)).sum::<f64>() / values.len() as f64
}

/// Mean and standard deviation of each of `width` columns over some rows, in two passes; 0 of no rows.
pub fn column_moments<'a>(rows: impl Iterator<Item = &'a [f32]> + Clone, width: usize) -> (Vec<f64>, Vec<f64>) {
    let count = rows.clone().count().max(1) as f64;
    let (mut means, mut squares) = (vec![0.0_f64; width], vec![0.0_f64; width]);
    for row in rows.clone() {
        for (mean, &value) in means.iter_mut().zip(row) {
            *mean += f64::from(value) / count;
        }
    }
    for row in rows {
        for ((square, mean), &value) in squares.iter_mut().zip(&means).zip(row) {
            *square += (f64::from(value) - mean).powi(2) / count;
        }
    }
    for square in &mut squares {
        *square = square.sqrt();
    }
    (means, squares)
}

/// Mean of each of `width` columns over row-major `values`; 0 of no rows.
pub fn column_means(values: &[f32], width: usize) -> Vec<f64> {
    let mut sums = vec![0.0_f64; width];
    let rows = values.chunks_exact(width.max(1));
    let count = rows.len().max(1) as f64;
    for row in rows {
        sums.iter_mut().zip(row).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    sums.iter().map(|sum| sum / count).collect()
}

/// Variance of each of `width` columns over row-major `values`, averaged over the columns, in one pass.
pub fn mean_column_variance(values: &[f32], width: usize) -> f64 {
    let rows = values.chunks_exact(width.max(1));
    let count = rows.len() as f64;
    let (mut sums, mut squares) = (vec![0.0_f64; width], vec![0.0_f64; width]);
    for row in rows {
        for ((sum, square), &value) in sums.iter_mut().zip(&mut squares).zip(row) {
            *sum += f64::from(value);
            *square += f64::from(value) * f64::from(value);
        }
    }
    let variances = sums.iter().zip(&squares).map(|(sum, square)| (square / count - (sum / count).powi(2)).max(0.0));
    variances.sum::<f64>() / width as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_population() {
        assert_eq!(mean_and_deviation(&[1.0, 3.0]), (2.0, 1.0));
        assert_eq!(mean_and_deviation(&[]), (0.0, 0.0));
        let values = [1.0, 10.0, 3.0, 30.0];
        assert_eq!(column_moments(values.chunks_exact(2), 2), (vec![2.0, 20.0], vec![1.0, 10.0]));
        assert_eq!(column_means(&values, 2), [2.0, 20.0]);
        assert!((mean_column_variance(&values, 2) - 50.5).abs() < 1e-12);
        assert_eq!(column_moments([].chunks_exact(1), 1), (vec![0.0], vec![0.0]));
    }
}
