//! Training of the predictors, tree by tree.

use std::time::Duration;

use pinhole_numerics::random::{Stream, generator};
use pinhole_table::preparation::CellKind;
use web_time::Instant;

use super::{
    ColumnPredictors,
    cell_coder::CellCoder,
    coded_rows::CodedRows,
    design::Design,
    grow::{Grower, Labels, Rows},
    predictor::{Predictor, Target},
    ridge::{Gram, predict},
    row_keys::{RowKeys, is_seen, key_of},
    surprise,
    tree::Tree,
};
use crate::detector::feature_table::FeatureTable;

/// Most rows that are learnt from; a tree sees a share of them.
const MAX_ROWS: usize = 10_000;
/// Most rows of a tree, and its greatest share of the rows. Measured, AUROC without labels did not change from 1,000 rows to all,
/// and gained .002 from 1,000 to 2,000 on normal rows.
const MAX_TREE_ROWS: f32 = 2_000.0;
const MAX_SHARE: f32 = 0.65;
/// Fewest rows of a tree: of fewer, none is grown.
const MIN_TREE_ROWS: usize = 10;
/// Trees of a column, fewer where there are many columns.
const TREES: usize = 32;
const MIN_TREES: usize = 8;
/// Trees of all columns, down to the fewest of each.
const MAX_TREES: usize = 900;
/// Most cells that are predicted, drawn at random where there are more.
const MAX_PREDICTED: usize = 128;
/// Share of the other cells that a node tries, and the most of them.
const TRIED_SHARE: f64 = 0.7;
const MAX_TRIED: usize = 20;
/// Greatest size of a normal score that a linear prediction is fitted to.
const MAX_FITTED_SCORE: f32 = 4.0;
/// Most rows over which a column's spread and usual surprise are measured.
const MAX_CALIBRATED: usize = 3_000;

/// Training of [`ColumnPredictors`].
pub struct ColumnPredictorsRun {
    rows: FeatureTable,
    seed: u64,
    trees: usize,
    /// Code of each row, cell by cell.
    codes: Vec<Vec<u8>>,
    /// Key of each row.
    keys: Vec<u32>,
    /// Inputs of the linear predictions, [rows, inputs], and the sums of their products.
    inputs: Vec<f32>,
    gram: Gram,
    /// Cells to predict.
    cells: Vec<usize>,
    current: Option<Current>,
    predictors: ColumnPredictors,
}

/// The column whose trees grow.
struct Current {
    predictor: Predictor,
    grower: Grower,
    /// Rows that have the cell.
    present: Vec<u32>,
    /// Labels of all rows; of the kind that the target is, the other is empty.
    scores: Vec<f32>,
    classes: Vec<u8>,
}

impl ColumnPredictorsRun {
    /// A run on rows that may all train.
    pub fn new(rows: &FeatureTable, seed: u64) -> Self {
        let rows = rows.sample(MAX_ROWS, seed, 4);
        let coder = CellCoder::fit(&rows);
        let by_row: Vec<Vec<u8>> = (0..rows.len()).map(|row| coder.codes(rows.row(row))).collect();
        let design = Design::fit(&rows, &coder);
        let mut inputs = Vec::new();
        for (row, codes) in by_row.iter().enumerate() {
            design.write(rows.row(row), codes, &coder, &mut inputs);
        }
        let by_cell = (0..coder.cells().len()).map(|cell| by_row.iter().map(|of_row| of_row[cell]).collect()).collect();
        let predictor_inputs = design.width();
        let share = MAX_SHARE.min(MAX_TREE_ROWS / rows.len().max(1) as f32);
        let predictable = (0..coder.cells().len()).filter(|&cell| coder.cells()[cell].kind != CellKind::Frequency);
        let cells = drawn(predictable.collect(), seed);
        Self {
            trees: (MAX_TREES / cells.len().max(1)).clamp(MIN_TREES, TREES),
            keys: (0..rows.len()).map(|row| key_of(rows.row(row))).collect(),
            predictors: ColumnPredictors {
                keys: RowKeys::of_rows(&rows, share),
                coder,
                design,
                predictors: Vec::new(),
            },
            gram: Gram::new(&inputs, predictor_inputs),
            inputs,
            codes: by_cell,
            cells,
            rows,
            seed,
            current: None,
        }
    }

    /// Works for about `slice`. Returns true if all trees are grown.
    pub fn advance(&mut self, slice: Duration) -> bool {
        let start = Instant::now();
        while start.elapsed() < slice {
            if self.is_done() {
                return true;
            }
            self.grow_next();
        }
        self.is_done()
    }

    /// Share done, 0 to 1.
    pub fn share(&self) -> f64 {
        let grown = self.current.as_ref().map_or(0, |current| current.predictor.trees.len());
        let done = self.predictors.predictors.len() * self.trees + grown;
        done as f64 / (self.cells.len() * self.trees).max(1) as f64
    }

    /// The predictors that are complete so far.
    pub const fn predictors(&self) -> &ColumnPredictors {
        &self.predictors
    }

    /// The predictors that are complete.
    pub fn finish(self) -> ColumnPredictors {
        self.predictors
    }

    fn is_done(&self) -> bool {
        self.predictors.predictors.len() == self.cells.len()
    }

    /// Grows the next tree; after a column's last, measures its spread.
    fn grow_next(&mut self) {
        let mut current = match self.current.take() {
            Some(current) => current,
            None => self.begin(self.cells[self.predictors.predictors.len()]),
        };
        let tree = current.predictor.trees.len();
        if tree < self.trees {
            let share = self.predictors.keys.share();
            let seen = current.present.iter().copied().filter(|&row| is_seen(self.keys[row as usize], tree, share));
            let mut members: Vec<u32> = seen.collect();
            let mut random = generator(self.seed, Stream::ColumnTrees, (current.predictor.cell * TREES + tree) as u64);
            current.predictor.trees.push(if members.len() < MIN_TREE_ROWS {
                Tree::default()
            } else {
                let labels = match &current.predictor.target {
                    Target::Number { .. } => Labels::Scores(&current.scores),
                    Target::Classes(shares) => Labels::Classes(&current.classes, shares.len()),
                };
                current.grower.grow(Rows { codes: &self.codes, labels }, &mut members, &mut random)
            });
            self.current = Some(current);
        } else {
            let predictor = self.calibrated(current);
            self.predictors.predictors.push(predictor);
        }
    }

    fn begin(&self, cell: usize) -> Current {
        let coder = &self.predictors.coder;
        let feature = coder.cells()[cell].features.start;
        let value = |row: u32| self.rows.row(row as usize)[feature];
        let present: Vec<u32> = (0..self.rows.len() as u32).filter(|&row| !value(row).is_nan()).collect();
        let (mut scores, mut classes) = (Vec::new(), Vec::new());
        let target = if let Some(count) = coder.classes(cell) {
            classes = self.codes[cell].iter().map(|code| code.saturating_sub(1)).collect();
            let mut shares = vec![0.0; count];
            for &row in &present {
                shares[usize::from(classes[row as usize])] += 1.0 / present.len() as f32;
            }
            Target::Classes(shares)
        } else {
            let map = &self.predictors.design.maps()[cell];
            scores = (0..self.rows.len() as u32)
                .map(|row| if value(row).is_nan() { 0.0 } else { map.score(value(row)) })
                .collect();
            let weights = self.linear_weights(coder.cells()[cell].column, &present, &scores);
            for (row, score) in scores.iter_mut().enumerate() {
                *score -= predict(self.inputs_of(row), &weights);
            }
            Target::Number { weights, spread: 1.0 }
        };
        let column = coder.cells()[cell].column;
        let others = (0..coder.cells().len()).filter(|&other| coder.cells()[other].column != column);
        let inputs: Vec<u16> = others.map(|other| other as u16).collect();
        let tries = ((inputs.len() as f64 * TRIED_SHARE).ceil() as usize).clamp(1, MAX_TRIED);
        let predictor = Predictor { cell, target, trees: Vec::with_capacity(self.trees), usual: 0.0 };
        Current { predictor, grower: Grower::new(inputs, tries), present, scores, classes }
    }

    fn inputs_of(&self, row: usize) -> &[f32] {
        let width = self.predictors.design.width();
        &self.inputs[row * width..(row + 1) * width]
    }

    /// Weights of the linear prediction of a column's normal scores from the other columns; none without inputs.
    fn linear_weights(&self, column: usize, present: &[u32], scores: &[f32]) -> Vec<f32> {
        let design = &self.predictors.design;
        if design.width() == 0 {
            return Vec::new();
        }
        let mut products = vec![0.0; design.width() + 1];
        for &row in present {
            let score = f64::from(scores[row as usize].clamp(-MAX_FITTED_SCORE, MAX_FITTED_SCORE));
            for (sum, &input) in products.iter_mut().zip(self.inputs_of(row as usize).iter().chain(&[1.0])) {
                *sum += score * f64::from(input);
            }
        }
        self.gram.solve(&products, |input| design.may_predict(input, column))
    }

    /// The predictor with the spread of its residuals and its usual surprise, over rows that its trees did not see.
    fn calibrated(&self, Current { mut predictor, present, .. }: Current) -> Predictor {
        let step = present.len().div_ceil(MAX_CALIBRATED).max(1);
        let chosen: Vec<u32> = present.iter().copied().step_by(step).collect();
        let table = self.rows.select(&chosen);
        let rows = CodedRows::new(&table.values, &table.values, table.width, &self.predictors);
        let residuals = predictor.residuals(&rows, &self.predictors);
        if let Target::Number { spread, .. } = &mut predictor.target {
            *spread = surprise::spread(residuals);
        }
        let mut surprises = predictor.surprises(&rows, &self.predictors);
        surprises.sort_by(f64::total_cmp);
        // In single precision, as a file stores it: an opened detector must score as the trained one did.
        predictor.usual = f64::from(surprises.get(surprises.len() / 2).copied().unwrap_or(0.0) as f32);
        predictor
    }
}

/// At most [`MAX_PREDICTED`] of the cells.
fn drawn(mut cells: Vec<usize>, seed: u64) -> Vec<usize> {
    use rand::seq::SliceRandom;
    if cells.len() > MAX_PREDICTED {
        cells.shuffle(&mut generator(seed, Stream::ColumnTrees, u64::MAX));
        cells.truncate(MAX_PREDICTED);
        cells.sort_unstable();
    }
    cells
}

#[cfg(test)]
mod tests {
    use rand::RngExt;
    use rand_pcg::Pcg32;

    use super::*;

    /// Three columns that are one number, and a fourth that is noise.
    fn table(rows: usize) -> FeatureTable {
        let mut random = Pcg32::new(3, 1);
        let mut draw = move || random.random::<f32>() - 0.5;
        let values = (0..rows).flat_map(|_| {
            let along = 3.0 * draw();
            [along + 0.1 * draw(), 0.1f32.mul_add(draw(), -along), 2.0 * along, draw()]
        });
        FeatureTable::plain(values.collect(), 4)
    }

    fn trained(rows: &FeatureTable) -> ColumnPredictors {
        let mut run = ColumnPredictorsRun::new(rows, 5);
        while !run.advance(Duration::from_secs(1)) {}
        assert!((run.share() - 1.0).abs() < 1e-9);
        run.finish()
    }

    #[test]
    fn the_cell_that_does_not_fit_the_others_is_surprising() {
        let predictors = trained(&table(600));
        let usual = [1.0, -1.0, 2.0, 0.1];
        let mut odd = usual;
        odd[2] = -2.0;
        let of_cells = surprises(&predictors, &odd);
        assert!(of_cells[2] > 4.0 && of_cells[2] > of_cells[0], "{of_cells:?}");
        assert!(score(&predictors, &usual) < 1.0, "{}", score(&predictors, &usual));
        odd[2] = f32::NAN;
        let of_cells = surprises(&predictors, &odd);
        assert!(of_cells[2].abs() < 1e-9 && of_cells.iter().sum::<f64>() < 1.0, "{of_cells:?}");
        let mut expected = [0.0; 4];
        predictors.expect(&odd, &mut expected);
        assert!((expected[2] - 2.0).abs() < 0.5, "{expected:?}");
    }

    fn surprises(predictors: &ColumnPredictors, row: &[f32]) -> Vec<f64> {
        predictors.surprises(row, &predictors.fill(row, row.len()), row.len())
    }

    fn score(predictors: &ColumnPredictors, row: &[f32]) -> f64 {
        surprises(predictors, row).iter().sum()
    }

    #[test]
    fn a_row_does_not_vouch_for_itself() {
        let mut rows = table(400);
        rows.values[0..4].copy_from_slice(&[1.2, -1.2, -2.4, 0.0]);
        let predictors = trained(&rows);
        let own = score(&predictors, rows.row(0));
        let above = (1..400).filter(|&row| score(&predictors, rows.row(row)) >= own).count();
        assert_eq!(above, 0);
    }

    #[test]
    fn a_table_of_one_column_is_scored_by_its_own_distribution() {
        let rows = FeatureTable::plain((0..100).map(|row| row as f32 / 50.0 - 1.0).collect(), 1);
        let predictors = trained(&rows);
        assert!(score(&predictors, &[8.0]) > score(&predictors, &[0.0]));
    }
}
