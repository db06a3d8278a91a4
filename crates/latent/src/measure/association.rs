//! Association of a dimension with a label or a column: correlations and the correlation ratio.

pub use pinhole_numerics::ranking::{auroc, spearman};

/// Pearson's correlation of two columns, as SciPy's `pearsonr`; `None` if one of them is constant.
///
/// # Panics
/// When the columns are not of one length.
pub fn pearson(one: &[f64], other: &[f64]) -> Option<f64> {
    assert_eq!(one.len(), other.len(), "columns of one length");
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (one_mean, other_mean) = (mean(one), mean(other));
    let (mut product, mut one_square, mut other_square) = (0.0, 0.0, 0.0);
    for (a, b) in one.iter().zip(other) {
        let (a, b) = (a - one_mean, b - other_mean);
        product += a * b;
        one_square += a * a;
        other_square += b * b;
    }
    (one_square > 0.0 && other_square > 0.0).then(|| product / (one_square * other_square).sqrt())
}

/// Correlation ratio η of a column with categories: the root of the share of its variance that lies between them
/// (Fisher 1925), what Pearson's correlation is for numbers. `None` if the column is constant.
///
/// # Panics
/// When the columns are not of one length.
pub fn correlation_ratio(values: &[f64], categories: &[usize]) -> Option<f64> {
    assert_eq!(values.len(), categories.len(), "columns of one length");
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let count = categories.iter().max().map_or(0, |most| most + 1);
    let (mut sums, mut counts, mut total) = (vec![0.0; count], vec![0_usize; count], 0.0);
    for (value, &category) in values.iter().zip(categories) {
        sums[category] += value - mean;
        counts[category] += 1;
        total += (value - mean).powi(2);
    }
    let between: f64 = sums.iter().zip(&counts).map(|(sum, &count)| sum * sum / count.max(1) as f64).sum();
    (total > 0.0).then(|| (between / total).min(1.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{close, reference};

    #[test]
    fn correlations_are_those_of_scipy() {
        for case in reference().associations {
            close(pearson(&case.one, &case.other).expect("both vary"), case.pearson);
            close(spearman(&case.one, &case.other), case.spearman);
            close(correlation_ratio(&case.one, &case.categories).expect("it varies"), case.correlation_ratio);
        }
    }

    #[test]
    fn constant_columns_correlate_with_nothing() {
        assert_eq!((pearson(&[1.0, 1.0], &[1.0, 2.0]), pearson(&[], &[])), (None, None));
        assert_eq!((correlation_ratio(&[1.0, 1.0], &[0, 1]), correlation_ratio(&[], &[])), (None, None));
        assert_eq!(correlation_ratio(&[1.0, 2.0], &[0, 0]), Some(0.0));
    }
}
