//! Mutual information of dimensions with labels or columns, and the gap by which one dimension tells a factor.

use std::collections::BTreeMap;

/// Bins of a column of numbers, as in Locatello and others 2019 (`disentanglement_lib`).
pub const BINS: usize = 20;

/// Bin of each number, of [`BINS`] equally wide ones from the least to the greatest; one bin of equal numbers.
pub fn discretised(values: &[f64]) -> Vec<usize> {
    let (least, greatest) =
        values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)));
    let width = (greatest - least) / BINS as f64;
    // Edges as NumPy's `linspace` has them, so that a number on an edge falls into the same bin.
    let edges: Vec<f64> = (0..BINS).map(|bin| least + bin as f64 * width).collect();
    values.iter().map(|&value| edges.partition_point(|&edge| edge <= value).saturating_sub(1)).collect()
}

/// Mutual information in nats of two columns of categories, `sum of p(a, b) ln(p(a, b) / (p(a) p(b)))`, as
/// scikit-learn's `mutual_info_score`. Numbers are discretised first; scikit-learn's `mutual_info_classif` estimates
/// from nearest neighbours instead, with other values.
///
/// # Panics
/// When the columns are not of one length.
pub fn mutual_information(one: &[usize], other: &[usize]) -> f64 {
    assert_eq!(one.len(), other.len(), "columns of one length");
    let (mut pairs, mut ones, mut others) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (&a, &b) in one.iter().zip(other) {
        *pairs.entry((a, b)).or_insert(0.0) += 1.0;
        *ones.entry(a).or_insert(0.0) += 1.0;
        *others.entry(b).or_insert(0.0) += 1.0;
    }
    let count = one.len() as f64;
    let term = |((a, b), n): ((usize, usize), f64)| n / count * (n * count / (ones[&a] * others[&b])).ln();
    pairs.into_iter().map(term).sum::<f64>().max(0.0)
}

/// Mutual information gap (Chen, Li, Grosse and Duvenaud 2018): for each known factor, the gap between the two
/// dimensions that tell most of it, in units of its entropy; averaged over the factors. From 0 to 1: 1 if each factor
/// is told by one dimension alone. `None` without a factor that varies, or with one dimension.
///
/// `dimensions` and `factors` are discretised columns.
pub fn mutual_information_gap(dimensions: &[Vec<usize>], factors: &[Vec<usize>]) -> Option<f64> {
    let gap = |factor: &Vec<usize>| {
        let entropy = mutual_information(factor, factor);
        let mut told: Vec<f64> = dimensions.iter().map(|dimension| mutual_information(dimension, factor)).collect();
        told.sort_unstable_by(|a, b| b.total_cmp(a));
        (entropy > 0.0 && told.len() > 1).then(|| (told[0] - told[1]) / entropy)
    };
    let gaps: Vec<f64> = factors.iter().filter_map(gap).collect();
    (!gaps.is_empty()).then(|| gaps.iter().sum::<f64>() / gaps.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{close, reference};

    #[test]
    fn informations_and_gaps_are_those_of_the_papers_code() {
        let case = reference().information;
        let dimensions: Vec<_> = case.dimensions.iter().map(|column| discretised(column)).collect();
        for (dimension, informations) in dimensions.iter().zip(&case.mutual_information) {
            for (factor, &expected) in case.factors.iter().zip(informations) {
                close(mutual_information(dimension, factor), expected);
            }
        }
        close(mutual_information_gap(&dimensions, &case.factors).expect("factors vary"), case.gap);
    }

    #[test]
    fn constant_columns_tell_nothing() {
        assert_eq!(discretised(&[2.0; 3]), discretised(&[5.0; 3]));
        let columns = [vec![0; 4], vec![0, 1, 0, 1]];
        let (constant, factor) = columns.split_at(1);
        assert!(mutual_information(&constant[0], &factor[0]).abs() < 1e-12);
        assert_eq!(mutual_information_gap(&columns, constant), None);
        assert_eq!(mutual_information_gap(factor, factor), None);
        close(mutual_information_gap(&columns, factor).expect("it varies"), 1.0);
        assert!(discretised(&[]).is_empty());
    }
}
