//! Ridge regression of many targets on the same inputs (Hoerl and Kennard 1970).

/// Penalty, as a share of the number of rows, and the least one: inputs have about unit variance.
const PENALTY_SHARE: f64 = 0.002;
const MIN_PENALTY: f64 = 2.0;

/// Sums of the products of inputs, the constant 1 last.
#[derive(Clone, Debug)]
pub(super) struct Gram {
    width: usize,
    rows: usize,
    /// [width + 1, width + 1]
    products: Vec<f64>,
}

impl Gram {
    /// Sums over row-major rows of `width` inputs.
    pub fn new(rows: &[f32], width: usize) -> Self {
        let size = width + 1;
        let mut products = vec![0.0_f64; size * size];
        let mut extended = vec![1.0_f64; size];
        for row in rows.chunks_exact(width.max(1)) {
            extended.iter_mut().zip(row).for_each(|(own, &value)| *own = f64::from(value));
            for (first, line) in products.chunks_exact_mut(size).enumerate() {
                let factor = extended[first];
                if factor != 0.0 {
                    line.iter_mut().zip(&extended).for_each(|(sum, &value)| *sum += factor * value);
                }
            }
        }
        Self { width, rows: rows.len().checked_div(width).unwrap_or(0), products }
    }

    /// Weights of the inputs for which `may_use` is true, and the constant, that predict a target with these products
    /// with the inputs (the constant's last); 0 for the others.
    pub fn solve(&self, target: &[f64], may_use: impl Fn(usize) -> bool) -> Vec<f32> {
        let size = self.width + 1;
        let used: Vec<usize> = (0..size).filter(|&input| input == self.width || may_use(input)).collect();
        let penalty = (PENALTY_SHARE * self.rows as f64).max(MIN_PENALTY);
        let count = used.len();
        let mut matrix = vec![0.0; count * count];
        for (line, &first) in used.iter().enumerate() {
            for (place, &second) in used.iter().enumerate() {
                matrix[line * count + place] = self.products[first * size + second];
            }
            // The constant is not penalised but for what keeps the matrix regular.
            matrix[line * count + line] += if first == self.width { 1e-9 } else { penalty };
        }
        let mut right: Vec<f64> = used.iter().map(|&input| target[input]).collect();
        solve_by_cholesky(&mut matrix, &mut right);
        let mut weights = vec![0.0; size];
        for (&input, weight) in used.iter().zip(right) {
            weights[input] = weight as f32;
        }
        weights
    }
}

/// Solves A x = b for a symmetric positive definite A, in place.
fn solve_by_cholesky(matrix: &mut [f64], right: &mut [f64]) {
    let size = right.len();
    for line in 0..size {
        for place in 0..=line {
            let dot: f64 = (0..place).map(|k| matrix[line * size + k] * matrix[place * size + k]).sum();
            let rest = matrix[line * size + place] - dot;
            matrix[line * size + place] =
                if place == line { rest.max(1e-12).sqrt() } else { rest / matrix[place * size + place] };
        }
    }
    for line in 0..size {
        let dot: f64 = (0..line).map(|k| matrix[line * size + k] * right[k]).sum();
        right[line] = (right[line] - dot) / matrix[line * size + line];
    }
    for line in (0..size).rev() {
        let dot: f64 = (line + 1..size).map(|k| matrix[k * size + line] * right[k]).sum();
        right[line] = (right[line] - dot) / matrix[line * size + line];
    }
}

/// Prediction of a row by weights, the constant's last; 0 without weights.
pub(super) fn predict(inputs: &[f32], weights: &[f32]) -> f32 {
    let Some((constant, weights)) = weights.split_last() else { return 0.0 };
    inputs.iter().zip(weights).map(|(input, weight)| input * weight).sum::<f32>() + constant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_found_and_unused_inputs_have_no_weight() {
        let mut inputs = Vec::new();
        let mut target = vec![0.0; 4];
        for row in 0..2000 {
            let own = [(row % 7) as f32 - 3.0, (row % 11) as f32 / 5.0 - 1.0, (row % 13) as f32 / 6.0 - 1.0];
            let value = f64::from(1.5 * own[0] - 2.0 * own[1] + 0.5);
            for (sum, input) in target.iter_mut().zip(own.iter().chain(&[1.0])) {
                *sum += value * f64::from(*input);
            }
            inputs.extend(own);
        }
        let weights = Gram::new(&inputs, 3).solve(&target, |input| input != 2);
        assert!((weights[0] - 1.5).abs() < 0.01 && (weights[1] + 2.0).abs() < 0.03, "{weights:?}");
        assert!(weights[2].abs() < 1e-9 && (weights[3] - 0.5).abs() < 0.03, "{weights:?}");
        assert!((predict(&[1.0, 0.0, 9.0], &weights) - 2.0).abs() < 0.05);
    }
}
