//! Codes along a way, on a grid, and of sums of means.

use pinhole_latent::Vectors;
use pinhole_protocol::latent::{Interpolation, MeanTerm};

/// Mean of vectors.
pub fn mean_code(vectors: &Vectors, indices: &[usize]) -> Vec<f32> {
    let mut sums = vec![0.0_f64; vectors.width()];
    for &index in indices {
        sums.iter_mut().zip(vectors.row(index)).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    sums.into_iter().map(|sum| (sum / indices.len().max(1) as f64) as f32).collect()
}

/// Weighted sum of means of vectors, such as a - b + c.
pub fn combination(vectors: &Vectors, terms: &[MeanTerm]) -> Vec<f32> {
    let mut code = vec![0.0; vectors.width()];
    for term in terms {
        for (sum, value) in code.iter_mut().zip(mean_code(vectors, &term.indices)) {
            *sum += term.factor * value;
        }
    }
    code
}

/// Code at a share of the way between two codes: straight, or along the great circle, the length interpolated too (White
/// 2016); straight where there is no single circle.
pub fn interpolate(from: &[f32], to: &[f32], interpolation: Interpolation, share: f32) -> Vec<f32> {
    let length = |code: &[f32]| code.iter().map(|value| value * value).sum::<f32>().sqrt();
    let (from_length, to_length) = (length(from), length(to));
    let dot: f32 = from.iter().zip(to).map(|(a, b)| a * b).sum();
    let cosine = (dot / (from_length * to_length)).clamp(-1.0, 1.0);
    let angle = cosine.acos();
    let is_straight = interpolation == Interpolation::Straight || !angle.is_finite() || angle.sin() < 1e-4;
    if is_straight {
        return from.iter().zip(to).map(|(from, to)| share.mul_add(to - from, *from)).collect();
    }
    let scale = share.mul_add(to_length - from_length, from_length) / angle.sin();
    let [first, second] =
        [((1.0 - share) * angle).sin() * scale / from_length, (share * angle).sin() * scale / to_length];
    from.iter().zip(to).map(|(from, to)| first * from + second * to).collect()
}

/// `steps` codes from `from` to `to`, both included, one after the other; `at` gives the code at a share of the way.
pub fn between(steps: usize, at: impl Fn(f32) -> Vec<f32>) -> Vec<f32> {
    let last = steps.saturating_sub(1).max(1) as f32;
    (0..steps).flat_map(|step| at(step as f32 / last)).collect()
}

/// `side` x `side` places over a part of a map, row by row from the top.
pub fn grid(across: [f32; 2], up: [f32; 2], side: usize) -> Vec<[f32; 2]> {
    let place = |[low, high]: [f32; 2], index: usize| {
        if side < 2 { f32::midpoint(low, high) } else { low + (high - low) * index as f32 / (side - 1) as f32 }
    };
    let row = |row: usize| (0..side).map(move |column| [place(across, column), place(up, row)]);
    (0..side).rev().flat_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_added_with_their_factors() {
        let vectors = Vectors::new(vec![1.0, 0.0, 3.0, 0.0, 0.0, 5.0], 2).expect("they are whole");
        let terms = [MeanTerm { factor: 1.0, indices: vec![0, 1] }, MeanTerm { factor: -2.0, indices: vec![2] }];
        assert_eq!(combination(&vectors, &terms), [2.0, -10.0]);
    }

    #[test]
    fn a_grid_begins_at_the_top_left() {
        assert_eq!(grid([0.0, 1.0], [2.0, 3.0], 2), [[0.0, 3.0], [1.0, 3.0], [0.0, 2.0], [1.0, 2.0]]);
        assert_eq!(grid([0.0, 1.0], [2.0, 3.0], 1), [[0.5, 2.5]]);
    }
}
