//! Predictor of one column.

use super::{ColumnPredictors, coded_rows::CodedRows, ridge, surprise, tree::Tree};

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

    /// Writes the features of the expected value of the first row.
    pub fn expect(&self, rows: &CodedRows<'_>, all: &ColumnPredictors, features: &mut [f32]) {
        match &self.target {
            Target::Number { weights, .. } => {
                let mean = self.mean_over_trees(rows, |_, leaf, _| leaf.value)[0];
                let predicted = ridge::predict(rows.inputs(0), weights) + mean.unwrap_or(0.0);
                features[0] = all.design.maps()[self.cell].value(predicted);
            }
            Target::Classes(shares) => {
                let mut sums = vec![0.0; shares.len()];
                let judging = self.trees.iter().enumerate().filter(|(tree, _)| rows.is_judged_by(0, *tree));
                for (tree, leaf) in judging.filter_map(|(_, tree)| Some((tree, tree.leaf(rows.codes(0))?))) {
                    for &(class, share) in tree.shares_of(leaf) {
                        sums[usize::from(class)] += share;
                    }
                }
                let likely = if sums.iter().all(|&sum| sum <= 0.0) { shares } else { &sums };
                let best = (0..likely.len()).max_by(|&one, &other| likely[one].total_cmp(&likely[other]));
                all.coder.write_class(self.cell, best.unwrap_or(0), features);
            }
        }
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
