//! How much of the neighbourhoods an embedding keeps: trustworthiness and continuity.

use crate::{LatentError, Stepper, Vectors, reals::squared_distance, stepper::rows_per_piece};

/// Both measures, from 0 to 1; about .5 of random positions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeighbourhoodPreservation {
    /// Trustworthiness: neighbours of the embedding are neighbours of the originals.
    pub trustworthiness: f64,
    /// Continuity: neighbours of the originals are neighbours of the embedding.
    pub continuity: f64,
}

/// Trustworthiness and continuity of an embedding (Venna and Kaski 2001), as scikit-learn's `trustworthiness`:
///
/// ```text
/// T(k) = 1 - 2 / (n k (2 n - 3 k - 1)) · sum over i, and over j of i's k nearest embedded, of max(0, r(i, j) - k)
/// ```
///
/// with r(i, j) the rank of j among the originals by distance from i, from 1. Continuity is the same with the two spaces
/// exchanged. Of equally near vectors the earlier is nearer. O(n²) distances in both spaces.
#[derive(Debug)]
pub struct NeighbourhoodComparison<'a> {
    originals: &'a Vectors,
    embedding: &'a Vectors,
    k: usize,
    intrusions: u64,
    extrusions: u64,
    next: usize,
}

impl<'a> NeighbourhoodComparison<'a> {
    /// Compares an embedding with its originals by `k` neighbours, or fewer where the vectors are so few.
    ///
    /// # Errors
    /// When there are fewer than four vectors: k has to be less than half of their number.
    ///
    /// # Panics
    /// When the numbers of vectors differ.
    pub fn new(originals: &'a Vectors, embedding: &'a Vectors, k: usize) -> Result<Self, LatentError> {
        assert_eq!(originals.len(), embedding.len(), "every original is embedded");
        let found = originals.len();
        if found < 4 {
            return Err(LatentError::TooFew { method: "Trustworthiness", least: 4, count: found });
        }
        let k = k.clamp(1, (found - 1) / 2);
        Ok(Self { originals, embedding, k, intrusions: 0, extrusions: 0, next: 0 })
    }

    fn compare(&mut self, index: usize) {
        let [originals, embedding] = [self.originals, self.embedding].map(|vectors| {
            let code = vectors.row(index);
            let mut squares: Vec<f32> = vectors.rows().map(|row| squared_distance(code, row)).collect();
            // Itself is no neighbour: the last of all.
            squares[index] = f32::INFINITY;
            squares
        });
        self.intrusions += excess_ranks(&nearest(&embedding, self.k), &originals);
        self.extrusions += excess_ranks(&nearest(&originals, self.k), &embedding);
    }
}

/// Indices of the `k` least squared distances.
fn nearest(squares: &[f32], k: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..squares.len()).collect();
    order.select_nth_unstable_by(k - 1, |&a, &b| squares[a].total_cmp(&squares[b]).then(a.cmp(&b)));
    order.truncate(k);
    order
}

/// Sum of the ranks, above k, of `rows` (k of them) by `squares`.
fn excess_ranks(rows: &[usize], squares: &[f32]) -> u64 {
    let excess = |&row: &usize| {
        let (before, after) = squares.split_at(row);
        let own = squares[row];
        let nearer = before.iter().filter(|&&square| square <= own).count()
            + after.iter().filter(|&&square| square < own).count();
        (nearer + 1).saturating_sub(rows.len()) as u64
    };
    rows.iter().map(excess).sum()
}

impl Stepper for NeighbourhoodComparison<'_> {
    type Output = NeighbourhoodPreservation;

    fn advance(&mut self) -> Option<NeighbourhoodPreservation> {
        let count = self.originals.len();
        let cost = count * (self.originals.width() + self.embedding.width() + self.k);
        let end = count.min(self.next + rows_per_piece(cost));
        (self.next..end).for_each(|index| self.compare(index));
        self.next = end;
        let (n, k) = (count as f64, self.k as f64);
        let kept = |excess: u64| 1.0 - 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0)) * excess as f64;
        (end == count).then(|| NeighbourhoodPreservation {
            trustworthiness: kept(self.intrusions),
            continuity: kept(self.extrusions),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{close, reference};

    #[test]
    fn both_are_those_of_scikit_learn() {
        let case = reference().neighbourhood;
        let (originals, embedding) = (case.originals.vectors(), case.embedding.vectors());
        for (k, trustworthiness, continuity) in case.by_k {
            let found = NeighbourhoodComparison::new(&originals, &embedding, k).expect("enough").finish();
            close(found.trustworthiness, trustworthiness);
            close(found.continuity, continuity);
        }
    }

    #[test]
    fn the_same_vectors_keep_every_neighbourhood() {
        for values in [vec![1.0; 20], (0..20).map(|value| value as f32).collect()] {
            let vectors = Vectors::new(values, 2).expect("whole");
            let found = NeighbourhoodComparison::new(&vectors, &vectors, 12).expect("enough").finish();
            assert_eq!(found, NeighbourhoodPreservation { trustworthiness: 1.0, continuity: 1.0 });
        }
    }

    #[test]
    fn few_vectors_are_refused() {
        let vectors = Vectors::new(vec![1.0; 3], 1).expect("whole");
        let error = NeighbourhoodComparison::new(&vectors, &vectors, 1).expect_err("too few");
        assert_eq!(error.to_string(), "Trustworthiness needs at least 4 vectors, and there are 3.");
    }
}
