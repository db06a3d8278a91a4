//! Affinities of neighbours: a Gaussian about each vector, as wide as the perplexity says.

use crate::reals::{exp, ln};

/// Steps of the search for one vector's precision.
const MOST_STEPS: usize = 60;
/// Accuracy of the entropy, that of scikit-learn.
const TOLERANCE: f64 = 1e-5;

/// Writes the conditional probabilities of a vector's neighbours at `distances`, whose entropy is the logarithm of
/// `perplexity`, or as near to it as they allow. `squares` is scratch.
pub fn conditional_probabilities(
    distances: &[f32],
    perplexity: f64,
    squares: &mut Vec<f64>,
    probabilities: &mut Vec<f32>,
) {
    let first = f64::from(distances[0]).powi(2);
    squares.clear();
    squares.extend(distances.iter().map(|&distance| f64::from(distance).powi(2) - first));
    let mean = squares.iter().sum::<f64>() / squares.len() as f64;
    if mean > 0.0 {
        for square in squares.iter_mut() {
            *square /= mean;
        }
        let precision = precision(squares, ln(perplexity));
        for square in squares.iter_mut() {
            *square = exp(-precision * *square);
        }
    } else {
        // All are equally near.
        squares.fill(1.0);
    }
    let sum: f64 = squares.iter().sum();
    probabilities.extend(squares.iter().map(|weight| (weight / sum) as f32));
}

/// Precision of the Gaussian with the given entropy over squared distances whose least is 0 and whose mean is 1, by
/// Newton's method between bounds.
fn precision(squares: &[f64], entropy: f64) -> f64 {
    let (mut precision, mut lower, mut upper) = (1.0, 0.0, f64::INFINITY);
    for _ in 0..MOST_STEPS {
        let (mut sum, mut first_moment, mut second_moment) = (0.0, 0.0, 0.0);
        for &square in squares {
            let weight = exp(-precision * square);
            sum += weight;
            first_moment += weight * square;
            second_moment += weight * square * square;
        }
        let mean = first_moment / sum;
        let excess = ln(sum) + precision * mean - entropy;
        if excess.abs() <= TOLERANCE {
            break;
        }
        if excess > 0.0 {
            lower = precision;
        } else {
            upper = precision;
        }
        let slope = precision * (second_moment / sum - mean * mean);
        let step = if slope > 0.0 { precision + excess / slope } else { f64::NAN };
        precision = if step > lower && step < upper && step <= 8.0 * precision {
            step
        } else if upper.is_finite() {
            f64::midpoint(lower, upper)
        } else {
            2.0 * precision
        };
    }
    precision
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probabilities(distances: &[f32], perplexity: f64) -> Vec<f32> {
        let mut probabilities = Vec::new();
        conditional_probabilities(distances, perplexity, &mut Vec::new(), &mut probabilities);
        probabilities
    }

    #[test]
    fn the_entropy_is_that_of_the_perplexity() {
        for scale in [1e-6_f32, 1.0, 1e6] {
            for perplexity in [2.0, 5.0, 30.0] {
                let distances: Vec<f32> = (0..90).map(|index| scale * (3.0 + (index as f32).sqrt())).collect();
                let found = probabilities(&distances, perplexity);
                let entropy: f64 = found.iter().map(|&p| f64::from(p)).map(|p| -p * p.max(1e-300).ln()).sum();
                assert!((entropy.exp() / perplexity - 1.0).abs() < 1e-4, "{scale}, {perplexity}: {}", entropy.exp());
                assert!(found.is_sorted_by(|a, b| a >= b));
            }
        }
    }

    #[test]
    fn equal_distances_and_many_duplicates_have_probabilities() {
        assert_eq!(probabilities(&[2.0; 4], 1.5), [0.25; 4]);
        let found = probabilities(&[0.0, 0.0, 0.0, 0.0, 1.0, 1.0], 2.0);
        assert!(found.iter().all(|p| p.is_finite()));
        assert!(found[..4].iter().all(|p| (p - 0.25).abs() < 1e-3), "{found:?}");
    }
}
