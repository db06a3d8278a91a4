//! Linear regression of a numeric target, with a penalty.

use super::clusters::mean_of;
use crate::{
    LatentError, Stepper, Vectors,
    reals::{add_scaled, add_scaled_row, dot, dot_row},
};

/// Share of the first residual at which the solution counts as exact.
const TOLERANCE: f64 = 1e-12;
/// Products per piece; each reads all rows twice.
const STEPS_PER_PIECE: usize = 4;

/// Ridge regression (Hoerl and Kennard 1970), as scikit-learn's `Ridge(alpha)`: minimises
/// `|y - X w - b|² + alpha |w|²`, with alpha 0 for least squares (of least norm, where many solve it). Solved by
/// conjugate gradients (CGLS), so that no matrix of width x width is needed.
#[derive(Debug)]
pub struct RidgeFit<'a> {
    vectors: &'a Vectors,
    rows: &'a [usize],
    alpha: f64,
    means: Vec<f64>,
    target_mean: f64,
    weights: Vec<f64>,
    /// y - X w, by row.
    rest: Vec<f64>,
    direction: Vec<f64>,
    /// Squared length of the gradient: now, and at first.
    square: f64,
    first_square: f64,
    steps_left: usize,
}

impl<'a> RidgeFit<'a> {
    /// Regression of the vectors `rows` on their `targets`, one per row.
    ///
    /// # Errors
    /// When there are fewer than two rows.
    ///
    /// # Panics
    /// When there are not as many targets as rows.
    pub fn new(vectors: &'a Vectors, rows: &'a [usize], targets: &[f64], alpha: f64) -> Result<Self, LatentError> {
        assert_eq!(rows.len(), targets.len(), "a target for each row");
        if rows.len() < 2 {
            let (kind, found) = ("vectors with a number", rows.len());
            return Err(LatentError::TooFewOfKind { subject: "A regression", kind, least: 2, count: found });
        }
        let means = mean_of(vectors, rows.iter().copied());
        let target_mean = targets.iter().sum::<f64>() / targets.len() as f64;
        let rest: Vec<f64> = targets.iter().map(|target| target - target_mean).collect();
        let weights = vec![0.0; vectors.width()];
        let mut fit = Self {
            vectors,
            rows,
            alpha,
            means,
            target_mean,
            weights,
            rest,
            direction: Vec::new(),
            square: 0.0,
            first_square: 0.0,
            steps_left: 4 * vectors.width().min(rows.len()) + 20,
        };
        fit.direction = fit.descent();
        fit.square = dot(&fit.direction, &fit.direction);
        fit.first_square = fit.square;
        Ok(fit)
    }

    /// Xᵀ (y - X w) - alpha w, the direction of steepest descent.
    fn descent(&self) -> Vec<f64> {
        let mut sums: Vec<f64> = self.weights.iter().map(|weight| -self.alpha * weight).collect();
        for (&row, &rest) in self.rows.iter().zip(&self.rest) {
            add_scaled_row(&mut sums, rest, self.vectors.row(row));
        }
        // Of centred rows.
        add_scaled(&mut sums, -self.rest.iter().sum::<f64>(), &self.means);
        sums
    }

    /// A step of conjugate gradients; true once it is solved.
    fn step(&mut self) -> bool {
        if self.steps_left == 0 || self.square <= TOLERANCE.powi(2) * self.first_square {
            return true;
        }
        self.steps_left -= 1;
        let at_mean = dot(&self.means, &self.direction);
        let product = |&row: &usize| dot_row(self.vectors.row(row), &self.direction) - at_mean;
        let products: Vec<f64> = self.rows.iter().map(product).collect();
        let curvature = dot(&products, &products) + self.alpha * dot(&self.direction, &self.direction);
        if curvature <= 0.0 {
            return true;
        }
        let length = self.square / curvature;
        add_scaled(&mut self.weights, length, &self.direction);
        add_scaled(&mut self.rest, -length, &products);
        let descent = self.descent();
        let next = dot(&descent, &descent);
        let share = next / self.square;
        self.direction.iter_mut().zip(descent).for_each(|(along, descent)| *along = descent + share * *along);
        self.square = next;
        false
    }
}

impl Stepper for RidgeFit<'_> {
    type Output = Ridge;

    fn advance(&mut self) -> Option<Ridge> {
        (0..STEPS_PER_PIECE).any(|_| self.step()).then(|| {
            let bias = self.target_mean - dot(&self.weights, &self.means);
            Ridge { weights: self.weights.clone(), bias }
        })
    }
}

/// A fitted regression.
#[derive(Clone, Debug, PartialEq)]
pub struct Ridge {
    weights: Vec<f64>,
    bias: f64,
}

impl Ridge {
    /// Prediction for each of the vectors `rows`.
    pub fn predict(&self, vectors: &Vectors, rows: &[usize]) -> Vec<f64> {
        rows.iter().map(|&row| self.bias + dot_row(vectors.row(row), &self.weights)).collect()
    }
}

/// Figures of predicted numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegressionScore {
    /// R² = 1 - squared error / squared deviation from the mean, as scikit-learn's `r2_score`; `None` of equal targets.
    pub r2: Option<f64>,
    /// Mean absolute error, in the target's unit.
    pub mae: f64,
}

/// Compares predictions with targets; `None` of none.
///
/// # Panics
/// When the numbers of values differ.
pub fn regression_score(targets: &[f64], predicted: &[f64]) -> Option<RegressionScore> {
    assert_eq!(targets.len(), predicted.len(), "a prediction for every target");
    let count = targets.len() as f64;
    let mean = targets.iter().sum::<f64>() / count;
    let deviation: f64 = targets.iter().map(|target| (target - mean).powi(2)).sum();
    let errors = || targets.iter().zip(predicted).map(|(target, predicted)| target - predicted);
    let error: f64 = errors().map(|error| error * error).sum();
    let r2 = (deviation > 0.0).then(|| 1.0 - error / deviation);
    (!targets.is_empty()).then(|| RegressionScore { r2, mae: errors().map(f64::abs).sum::<f64>() / count })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{close, reference};

    #[test]
    fn weights_and_scores_are_those_of_scikit_learn() {
        for case in reference().regressions {
            let vectors = case.data.vectors();
            let (train, test): (Vec<usize>, Vec<usize>) = (0..vectors.len()).partition(|&row| row < case.train);
            let targets = &case.targets;
            let ridge = RidgeFit::new(&vectors, &train, &targets[..case.train], case.alpha).expect("enough").finish();
            ridge.weights.iter().zip(&case.weights).for_each(|(&found, &expected)| close(found, expected));
            close(ridge.bias, case.bias);
            let score = regression_score(&targets[case.train..], &ridge.predict(&vectors, &test)).expect("targets");
            close(score.r2.expect("targets differ"), case.r2);
            close(score.mae, case.mae);
        }
    }

    #[test]
    fn equal_codes_predict_the_mean_and_equal_targets_have_no_r2() {
        let vectors = Vectors::new(vec![1.0; 6], 2).expect("whole");
        let ridge = RidgeFit::new(&vectors, &[0, 1, 2], &[1.0, 2.0, 6.0], 1.0).expect("enough").finish();
        assert_eq!(ridge.predict(&vectors, &[0]), [3.0]);
        assert_eq!(regression_score(&[2.0, 2.0], &[2.0, 3.0]), Some(RegressionScore { r2: None, mae: 0.5 }));
        assert_eq!(regression_score(&[], &[]), None);
        assert!(RidgeFit::new(&vectors, &[0], &[1.0], 1.0).is_err());
    }
}
