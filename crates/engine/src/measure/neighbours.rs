//! Nearest-neighbour classification of codes.

use std::collections::BTreeMap;

/// Number of nearest neighbours.
const K: usize = 5;

/// Leave-one-out accuracy of a 5-nearest-neighbour classifier by Euclidean distance on labelled codes (rows of `width`
/// numbers), as scikit-learn's `KNeighborsClassifier(5)` and `LeaveOneOut`; the smallest label wins a tie. `None` with
/// fewer than two labelled codes.
pub fn neighbour_accuracy(codes: &[f32], width: usize, labels: &[Option<u8>]) -> Option<f64> {
    let labelled: Vec<(&[f32], u8)> = codes
        .chunks_exact(width.max(1))
        .zip(labels)
        .filter_map(|(code, label)| label.map(|label| (code, label)))
        .collect();
    if labelled.len() < 2 {
        return None;
    }
    let correct = (0..labelled.len()).filter(|&index| predict(&labelled, index) == labelled[index].1).count();
    Some(correct as f64 / labelled.len() as f64)
}

/// Most frequent label among the neighbours of the code at `index`.
fn predict(labelled: &[(&[f32], u8)], index: usize) -> u8 {
    let (code, own) = labelled[index];
    let mut nearest: Vec<(f64, u8)> = Vec::with_capacity(K + 1);
    for (other, &(candidate, label)) in labelled.iter().enumerate() {
        let distance = squared_distance(code, candidate);
        let is_near = nearest.len() < K || distance < nearest[K - 1].0;
        if other != index && is_near {
            let rank = nearest.partition_point(|(nearer, _)| *nearer <= distance);
            nearest.insert(rank, (distance, label));
            nearest.truncate(K);
        }
    }
    most_frequent(nearest.into_iter().map(|(_, label)| label)).map_or(own, |(label, _)| label)
}

/// Most frequent label and its count; the smallest of equally frequent ones.
pub(super) fn most_frequent(labels: impl Iterator<Item = u8>) -> Option<(u8, usize)> {
    let mut counts = BTreeMap::<u8, usize>::new();
    labels.for_each(|label| *counts.entry(label).or_default() += 1);
    // `max_by_key` returns the last of equal elements: in reversed order, the smallest label.
    counts.into_iter().rev().max_by_key(|&(_, count)| count)
}

/// Squared Euclidean distance.
pub(super) fn squared_distance(one: &[f32], other: &[f32]) -> f64 {
    one.iter().zip(other).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::reference::reference;

    #[test]
    fn accuracy_equals_that_of_scikit_learn() {
        for case in reference().neighbours {
            let labels: Vec<_> = case.labels.into_iter().map(Some).collect();
            let found = neighbour_accuracy(&case.codes, case.width, &labels).expect("there are labels");
            assert!((found - case.accuracy).abs() < 1e-12, "{found} is not {}", case.accuracy);
        }
    }

    #[test]
    fn accuracy_is_1_in_clusters_and_0_for_unique_labels() {
        let codes: Vec<f32> = (0..12).map(|i| if i < 6 { i as f32 * 0.01 } else { 5.0 + i as f32 * 0.01 }).collect();
        let clusters: Vec<_> = (0..12).map(|i| Some(u8::from(i >= 6))).collect();
        assert_eq!(neighbour_accuracy(&codes, 1, &clusters), Some(1.0));
        let unique: Vec<_> = (0..12).map(Some).collect();
        assert_eq!(neighbour_accuracy(&codes, 1, &unique), Some(0.0));
    }

    #[test]
    fn codes_without_a_label_are_ignored() {
        let codes = [0.0, 0.1, 0.2, 0.05];
        assert_eq!(neighbour_accuracy(&codes, 1, &[Some(1), Some(1), Some(1), None]), Some(1.0));
        assert_eq!(neighbour_accuracy(&codes, 1, &[None, None, Some(1), None]), None);
        assert_eq!(neighbour_accuracy(&[], 1, &[]), None);
    }

    #[test]
    fn the_smallest_of_equally_frequent_labels_is_the_most_frequent() {
        assert_eq!(most_frequent([3, 1, 3, 1, 2].into_iter()), Some((1, 2)));
        assert_eq!(most_frequent(std::iter::empty()), None);
    }
}
