//! Prediction of each cell of a row from its other cells: what makes a row unusual is that its cells do not fit each
//! other.
//!
//! Every column is predicted from the other columns only, as in ALSO (Paulheim and Meusel 2015): a number by ridge
//! regression on normal scores, which goes on beyond the rows that trained, and what that leaves by extremely randomised
//! trees (Geurts, Ernst and Wehenkel 2006); a category by such trees alone. A cell's [`surprise`] is how far it lies from its prediction: half the
//! squared residual of a number in units of the column's usual residual, or minus the logarithm of a category's
//! probability. Both are bounded, so that one cell or one rare category cannot decide; a row's score is their sum over
//! the cells that it has, which makes the surprises its explanation.
//!
//! Trees learn rows by heart, so that a row that trained is scored by the trees that did not see it ([`RowKeys`]).

mod cell_coder;
mod coded_rows;
mod design;
mod grow;
mod normal_scores;
mod predictor;
mod ridge;
mod row_keys;
mod run;
mod surprise;
mod tensors;
mod tree;

pub use cell_coder::CellCoder;
pub use run::ColumnPredictorsRun;

use super::feature_table::imputed;

use self::{coded_rows::CodedRows, design::Design, predictor::Predictor, row_keys::RowKeys};

/// Share of the training rows that may lack a cell for it to be filled in.
const MAX_FILLED_SHARE: f32 = 0.1;
/// Times that missing cells are predicted: the second time from what the first found for the others.
const IMPUTING_PASSES: usize = 2;
/// Rows that are judged together: a tree is read once for all of them.
const BLOCK_ROWS: usize = 256;

/// Predictors of the cells of a row, one per column that can be predicted.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnPredictors {
    coder: CellCoder,
    design: Design,
    keys: RowKeys,
    predictors: Vec<Predictor>,
}

impl ColumnPredictors {
    /// Number of cells of a row.
    pub const fn cells(&self) -> usize {
        self.coder.cells().len()
    }

    /// Number of predicted cells.
    pub const fn count(&self) -> usize {
        self.predictors.len()
    }

    /// The cells that it reads.
    pub const fn coder(&self) -> &CellCoder {
        &self.coder
    }

    /// Surprise of each cell of prepared rows beyond the column's usual one, [rows, cells]; 0 of missing cells and those
    /// that are not predicted. A row's score is the sum of its own.
    ///
    /// `filled` are the same rows without gaps, as [`Self::fill`] makes them: a cell that is missing must not make the
    /// others look odd.
    pub fn surprises(&self, rows: &[f32], filled: &[f32], width: usize) -> Vec<f64> {
        let cells = self.cells();
        let mut all = vec![0.0; rows.len() / width.max(1) * cells];
        let blocks = rows.chunks(BLOCK_ROWS * width.max(1)).zip(filled.chunks(BLOCK_ROWS * width.max(1)));
        for ((rows, filled), surprises) in blocks.zip(all.chunks_mut(BLOCK_ROWS * cells.max(1))) {
            let rows = CodedRows::new(rows, filled, width, self);
            for predictor in &self.predictors {
                let own = predictor.surprises(&rows, self);
                for (row, surprise) in surprises.chunks_exact_mut(cells).zip(own) {
                    // The greater of NaN and 0 is 0.
                    row[predictor.cell] = (surprise - predictor.usual).max(0.0);
                }
            }
        }
        all
    }

    /// Rows whose missing cells are what the other cells make them expected to be. Of columns that are not predicted, or
    /// that many rows lack, so that the gap itself is usual, it is 0, the mean.
    pub fn fill(&self, rows: &[f32], width: usize) -> Vec<f32> {
        let mut filled = imputed(rows);
        for (row, filled) in rows.chunks_exact(width.max(1)).zip(filled.chunks_exact_mut(width.max(1))) {
            if row.iter().any(|value| value.is_nan()) {
                self.expect_cells(row, filled, |cell, features| {
                    features[0].is_nan() && self.coder.missing()[cell] <= MAX_FILLED_SHARE
                });
            }
        }
        filled
    }

    /// A row with values for its missing cells that a person may use: the mean of what a number can be, given the other
    /// cells, and the most probable category. Cells that are filled are seen by the others' predictions in a second pass.
    pub fn impute(&self, row: &[f32]) -> Vec<f32> {
        let mut filled = imputed(row);
        let is_missing = |predictor: &&Predictor| row[self.coder.cells()[predictor.cell].features.start].is_nan();
        let missing: Vec<&Predictor> = self.predictors.iter().filter(is_missing).collect();
        let mut inputs = row.to_vec();
        for _ in 0..IMPUTING_PASSES.min(missing.len()) {
            let rows = CodedRows::new(row, &inputs, row.len(), self).of_no_training();
            for predictor in &missing {
                let features = self.coder.cells()[predictor.cell].features.clone();
                predictor.impute(&rows, self, &mut filled[features]);
            }
            inputs.clone_from(&filled);
        }
        filled
    }

    /// Writes what each predicted cell of a row is expected to be, given the others, over the features of `expected`.
    pub fn expect(&self, row: &[f32], expected: &mut [f32]) {
        self.expect_cells(row, expected, |_, _| true);
    }

    /// As [`Self::expect`], of the cells that are wanted: by their index and their features in the row.
    fn expect_cells(&self, row: &[f32], expected: &mut [f32], is_wanted: impl Fn(usize, &[f32]) -> bool) {
        let rows = CodedRows::new(row, row, row.len(), self);
        for predictor in &self.predictors {
            let features = self.coder.cells()[predictor.cell].features.clone();
            if is_wanted(predictor.cell, &row[features.clone()]) {
                predictor.expect(&rows, self, &mut expected[features]);
            }
        }
    }
}
