//! How much of a codebook is in use.

use super::neighbours::squared_distance;

/// Exponential of the entropy of how often each vector of a codebook is chosen: 1 when all choose the same one, the number
/// of vectors when each is chosen equally often (van den Oord et al. 2017). 0 without a choice.
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

/// How often each vector of a codebook was chosen; `chosen` are vectors of `dimension` numbers, each one of the codebook's.
pub fn choices(chosen: &[f32], codebook: &[f32], dimension: usize) -> Vec<u32> {
    let mut counts = vec![0; codebook.len() / dimension];
    for vector in chosen.chunks_exact(dimension) {
        let distances = codebook.chunks_exact(dimension).map(|word| squared_distance(word, vector));
        let nearest = distances.enumerate().min_by(|(_, one), (_, other)| one.total_cmp(other));
        if let Some((word, _)) = nearest {
            counts[word] += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::reference::reference;

    #[test]
    fn perplexities_are_those_of_scipy() {
        for case in reference().perplexities {
            let found = perplexity(&case.counts);
            assert!((found - case.perplexity).abs() < 1e-9, "{found} is not {}", case.perplexity);
        }
    }

    #[test]
    fn an_even_use_is_the_whole_book_and_a_single_word_is_one() {
        assert!((perplexity(&[9; 64]) - 64.0).abs() < 1e-9);
        assert!((perplexity(&[0, 0, 12]) - 1.0).abs() < 1e-12);
        assert!(perplexity(&[0, 0]).abs() < 1e-12);
    }

    #[test]
    fn choices_are_counted() {
        let codebook = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0];
        let chosen = [1.0, 1.0, 0.0, 0.0, 1.0, 1.0];
        assert_eq!(choices(&chosen, &codebook, 2), [1, 0, 2]);
    }
}
