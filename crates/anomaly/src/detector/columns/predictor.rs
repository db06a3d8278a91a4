//! Predictor of one column.

use super::{ColumnPredictors, coded_rows::CodedRows, ridge, surprise, tree::Tree};

/// Nodes and weights of the Gauss-Hermite quadrature of a standard normal distribution, of five points.
const HERMITE: [(f32, f32); 5] = [
    (-2.856_97, 0.011_257_4),
    (-1.355_626, 0.222_075_9),
    (0.0, 0.533_333_3),
    (1.355_626, 0.222_075_9),
    (2.856_97, 0.011_257_4),
];

/// Trees that predict one cell of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Predictor {
    /// Index of the cell.
    pub cell: usize,
    pub target: Target,
    pub trees: Vec<Tree>,
    /// Median surprise of the rows that trained.
    pub usual: f64,
}

/// Values that are predicted.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target {
    /// Normal scores of a number: weights of their linear prediction, the constant's last, and the spread of what that
    /// and the trees leave.
    Number { weights: Vec<f32>, spread: f32 },
    /// Classes with their shares in training, which stand where no tree may judge.
    Classes(Vec<f32>),
}

impl Predictor {
    /// Surprise of the cell in each row; NaN in rows that lack it.
    pub fn surprises(&self, rows: &CodedRows<'_>, all: &ColumnPredictors) -> Vec<f64> {
        let feature = all.coder.cells()[self.cell].features.start;
        let is_missing = |row: usize| rows.row(row)[feature].is_nan();
        let masked = |row: usize, surprise: f64| if is_missing(row) { f64::NAN } else { surprise };
        match &self.target {
            Target::Number { spread, .. } => {
                let residuals = self.residuals(rows, all).into_iter().enumerate();
                residuals.map(|(row, residual)| masked(row, surprise::of_residual(residual, *spread))).collect()
            }
            Target::Classes(shares) => {
                let class = |row: usize| usize::from(rows.codes(row)[self.cell].saturating_sub(1));
                let probabilities = self.mean_over_trees(rows, |tree, leaf, row| {
                    let of_class = tree.shares_of(leaf).iter().find(|(own, _)| usize::from(*own) == class(row));
                    of_class.map_or(0.0, |(_, share)| *share)
                });
                let surprise = |(row, probability): (usize, Option<f32>)| {
                    let marginal = || shares.get(class(row)).copied().unwrap_or(0.0);
                    masked(row, surprise::of_probability(probability.unwrap_or_else(marginal), shares.len()))
                };
                probabilities.into_iter().enumerate().map(surprise).collect()
            }
        }
    }

    /// Residual of a number in each row, in normal scores; NaN in rows that lack it.
    pub fn residuals(&self, rows: &CodedRows<'_>, all: &ColumnPredictors) -> Vec<f32> {
        let feature = all.coder.cells()[self.cell].features.start;
        let Target::Number { weights, .. } = &self.target else { return Vec::new() };
        let means = self.mean_over_trees(rows, |_, leaf, _| leaf.value);
        let residual = |(row, mean): (usize, Option<f32>)| {
            let predicted = ridge::predict(rows.inputs(row), weights) + mean.unwrap_or(0.0);
            all.design.maps()[self.cell].score(rows.row(row)[feature]) - predicted
        };
        means.into_iter().enumerate().map(residual).collect()
    }

    /// Writes the features of the expected value of the first row: the middle of what a number can be.
    pub fn expect(&self, rows: &CodedRows<'_>, all: &ColumnPredictors, features: &mut [f32]) {
        match &self.target {
            Target::Number { weights, .. } => {
                features[0] = all.design.maps()[self.cell].value(self.predicted_score(rows, weights));
            }
            Target::Classes(shares) => {
                all.coder.write_class(self.cell, self.best_class(rows, shares, shares.len()), features);
            }
        }
    }

    /// Writes the features to fill a missing cell of the first row with: the mean of what a number can be, over normal
    /// residuals of the column's spread; the most probable category of those that have a name.
    pub fn impute(&self, rows: &CodedRows<'_>, all: &ColumnPredictors, features: &mut [f32]) {
        match &self.target {
            Target::Number { weights, spread } => {
                let predicted = self.predicted_score(rows, weights);
                let deviation = surprise::deviation(*spread);
                let map = &all.design.maps()[self.cell];
                let weighted =
                    HERMITE.iter().map(|&(node, weight)| weight * map.value(deviation.mul_add(node, predicted)));
                features[0] = weighted.sum();
            }
            Target::Classes(shares) => {
                let named = all.coder.named_classes(self.cell).unwrap_or(shares.len());
                all.coder.write_class(self.cell, self.best_class(rows, shares, named), features);
            }
        }
    }

    /// Normal score that is predicted of a number in the first row.
    fn predicted_score(&self, rows: &CodedRows<'_>, weights: &[f32]) -> f32 {
        let mean = self.mean_over_trees(rows, |_, leaf, _| leaf.value)[0];
        ridge::predict(rows.inputs(0), weights) + mean.unwrap_or(0.0)
    }

    /// Most probable of the first `named` classes in the first row.
    fn best_class(&self, rows: &CodedRows<'_>, shares: &[f32], named: usize) -> usize {
        let mut sums = vec![0.0; shares.len()];
        let judging = self.trees.iter().enumerate().filter(|(tree, _)| rows.is_judged_by(0, *tree));
        for (tree, leaf) in judging.filter_map(|(_, tree)| Some((tree, tree.leaf(rows.codes(0))?))) {
            for &(class, share) in tree.shares_of(leaf) {
                sums[usize::from(class)] += share;
            }
        }
        let likely = if sums[..named].iter().all(|&sum| sum <= 0.0) { shares } else { &sums };
        // The first of equals: classes are ordered by their frequency.
        (0..named).rev().max_by(|&one, &other| likely[one].total_cmp(&likely[other])).unwrap_or(0)
    }

    /// Mean of a leaf's value over the trees that judge each row; `None` where no tree does. Trees are the outer loop:
    /// one fits the nearest cache, all together do not.
    fn mean_over_trees(
        &self,
        rows: &CodedRows<'_>,
        value: impl Fn(&Tree, &super::tree::Node, usize) -> f32,
    ) -> Vec<Option<f32>> {
        let mut sums = vec![(0.0_f32, 0_u32); rows.len()];
        for (index, tree) in self.trees.iter().enumerate() {
            for (row, (sum, count)) in sums.iter_mut().enumerate() {
                if rows.is_judged_by(row, index)
                    && let Some(leaf) = tree.leaf(rows.codes(row))
                {
                    *sum += value(tree, leaf, row);
                    *count += 1;
                }
            }
        }
        sums.into_iter().map(|(sum, count)| (count > 0).then(|| sum / count as f32)).collect()
    }
}
