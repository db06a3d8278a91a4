//! Classification by nearest neighbours.

use crate::{Labels, LatentError, NearestSearch, Stepper, Vectors};

/// Labels by a vote of the k nearest labelled vectors by Euclidean distance, as scikit-learn's `KNeighborsClassifier`:
/// the most frequent label among them, the smallest of equally frequent ones.
#[derive(Debug)]
pub struct NeighbourVote<'a> {
    search: NearestSearch<'a>,
    /// Label of each vector; 0 where it is unknown, which no search returns.
    label_of_row: Vec<u8>,
}

impl<'a> NeighbourVote<'a> {
    /// Predicts the label of each labelled vector from the others (leave-one-out).
    ///
    /// # Errors
    /// When fewer than two vectors have a label.
    pub fn leave_one_out(vectors: &'a Vectors, labels: &'a Labels, k: usize) -> Result<Self, LatentError> {
        if labels.len() < 2 {
            let (kind, found) = ("labelled vectors", labels.len());
            return Err(LatentError::TooFewOfKind { subject: "A vote of neighbours", kind, least: 2, count: found });
        }
        let search = NearestSearch::among(vectors, labels.rows(), k.max(1));
        Ok(Self { search, label_of_row: label_of_row(vectors, labels) })
    }

    /// Predicts the labels of the vectors `test` from those of `train`.
    ///
    /// # Errors
    /// When no vector of `train` has a label.
    pub fn of(vectors: &'a Vectors, train: &'a Labels, test: &'a [usize], k: usize) -> Result<Self, LatentError> {
        if train.is_empty() {
            let kind = "labelled vectors";
            return Err(LatentError::TooFewOfKind { subject: "A vote of neighbours", kind, least: 1, count: 0 });
        }
        let search = NearestSearch::of((vectors, test), (vectors, train.rows()), k.max(1));
        Ok(Self { search, label_of_row: label_of_row(vectors, train) })
    }
}

fn label_of_row(vectors: &Vectors, labels: &Labels) -> Vec<u8> {
    let mut label_of_row = vec![0; vectors.len()];
    labels.rows().iter().zip(labels.values()).for_each(|(&row, label)| label_of_row[row] = label);
    label_of_row
}

impl Stepper for NeighbourVote<'_> {
    type Output = Vec<u8>;

    fn advance(&mut self) -> Option<Vec<u8>> {
        let nearest = self.search.advance()?;
        let vote = |query| most_frequent(nearest.rows(query).iter().map(|&row| self.label_of_row[row]));
        Some((0..nearest.len()).map(vote).collect())
    }
}

/// Most frequent label; the smallest of equally frequent ones.
fn most_frequent(labels: impl Iterator<Item = u8>) -> u8 {
    let mut counts = [0_usize; 256];
    labels.for_each(|label| counts[usize::from(label)] += 1);
    // `max_by_key` returns the last of equal elements: in reversed order, the smallest label.
    (0..=u8::MAX).rev().max_by_key(|&label| counts[usize::from(label)]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        measure::accuracy,
        reference::{close, reference},
    };

    #[test]
    fn accuracies_are_those_of_scikit_learn() {
        for case in reference().clusters {
            let (vectors, labels) = (case.vectors(), case.labels());
            let predicted = NeighbourVote::leave_one_out(&vectors, &labels, 5).expect("labels").finish();
            close(accuracy(&labels.values(), &predicted), case.leave_one_out_accuracy);
        }
    }

    #[test]
    fn test_vectors_get_the_label_of_the_nearest_training_ones() {
        let vectors = Vectors::new(vec![0.0, 0.2, 9.0, 0.1, 8.0], 1).expect("whole");
        let train = Labels::new(&[Some(4), Some(4), Some(1), None, None]);
        assert_eq!(NeighbourVote::of(&vectors, &train, &[3, 4], 1).expect("labels").finish(), [4, 1]);
        // All three vote.
        assert_eq!(NeighbourVote::of(&vectors, &train, &[3, 4], 5).expect("labels").finish(), [4, 4]);
    }

    #[test]
    fn one_labelled_vector_is_refused() {
        let vectors = Vectors::new(vec![0.0, 0.2], 1).expect("whole");
        let error = NeighbourVote::leave_one_out(&vectors, &Labels::new(&[Some(1), None]), 5).expect_err("one");
        assert!(error.to_string().contains("at least 2 labelled vectors, and there is one"));
        assert!(NeighbourVote::of(&vectors, &Labels::new(&[None, None]), &[0], 5).is_err());
    }
}
