//! Usage of a codebook.

use super::neighbours::squared_distance;

/// Perplexity `exp(-Σ_k p_k ln p_k)`, p_k the share of uses of vector k (van den Oord et al. 2017): 1 if a single
/// vector is used, the number of vectors if all are used equally often, 0 if none is used.
pub fn perplexity(counts: &[u32]) -> f64 {
    let total: f64 = counts.iter().copied().map(f64::from).sum();
    if total <= 0.0 {
        return 0.0;
    }
    let entropy: f64 = counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| {
            let share = f64::from(count) / total;
            -share * share.ln()
        })
        .sum();
    entropy.exp()
}

/// Number of uses of each codebook vector. `z_q` are quantised vectors of `dimension` numbers, each a copy of a
/// codebook vector.
pub fn usage_counts(z_q: &[f32], codebook: &[f32], dimension: usize) -> Vec<u32> {
    let mut counts = vec![0; codebook.len() / dimension];
    for index in indices(z_q, codebook, dimension) {
        counts[index] += 1;
    }
    counts
}

/// Index of the codebook vector that each quantised vector is a copy of.
pub fn indices(z_q: &[f32], codebook: &[f32], dimension: usize) -> impl Iterator<Item = usize> {
    z_q.chunks_exact(dimension).filter_map(move |vector| {
        let distances = codebook.chunks_exact(dimension).map(|candidate| squared_distance(candidate, vector));
        let nearest = distances.enumerate().min_by(|(_, one), (_, other)| one.total_cmp(other));
        nearest.map(|(index, _)| index)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::reference::reference;

    #[test]
    fn perplexities_equal_those_of_scipy() {
        for case in reference().perplexities {
            let found = perplexity(&case.counts);
            assert!((found - case.perplexity).abs() < 1e-9, "{found} is not {}", case.perplexity);
        }
    }

    #[test]
    fn the_perplexity_of_uniform_use_is_the_size_and_that_of_one_vector_is_1() {
        assert!((perplexity(&[9; 64]) - 64.0).abs() < 1e-9);
        assert!((perplexity(&[0, 0, 12]) - 1.0).abs() < 1e-12);
        assert!(perplexity(&[0, 0]).abs() < 1e-12);
    }

    #[test]
    fn uses_are_counted_per_vector() {
        let codebook = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0];
        let z_q = [1.0, 1.0, 0.0, 0.0, 1.0, 1.0];
        assert_eq!(usage_counts(&z_q, &codebook, 2), [1, 0, 2]);
    }
}
