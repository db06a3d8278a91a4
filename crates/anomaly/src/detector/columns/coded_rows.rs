//! A block of rows, ready to be judged.

use super::{ColumnPredictors, row_keys::is_seen};

/// Rows with their cells' codes, and the keys of those that trained.
pub(super) struct CodedRows<'a> {
    values: &'a [f32],
    width: usize,
    /// [rows, cells].
    codes: Vec<u8>,
    cells: usize,
    /// Inputs of the linear predictions, [rows, inputs].
    inputs: Vec<f32>,
    input_width: usize,
    /// Key of each row; `None` of a new one, which every tree may judge.
    keys: Vec<Option<u32>>,
    share: f32,
}

impl<'a> CodedRows<'a> {
    /// Codes of row-major rows: those of `filled`, the same rows without gaps, or the rows themselves.
    pub fn new(values: &'a [f32], filled: &[f32], width: usize, predictors: &ColumnPredictors) -> Self {
        let ColumnPredictors { coder, design, keys, .. } = predictors;
        let rows = || values.chunks_exact(width.max(1));
        let filled = || filled.chunks_exact(width.max(1));
        let cells = coder.cells().len();
        let codes: Vec<u8> =
            rows().zip(filled()).flat_map(|(row, filled)| coder.codes_of_filled(row, filled)).collect();
        let mut inputs = Vec::new();
        for (row, codes) in filled().zip(codes.chunks_exact(cells.max(1))) {
            design.write(row, codes, coder, &mut inputs);
        }
        Self {
            codes,
            cells,
            inputs,
            input_width: design.width(),
            keys: rows().map(|row| keys.find(row)).collect(),
            share: keys.share(),
            values,
            width,
        }
    }

    /// The same rows, which every tree may judge: cells that they lack were learnt by none.
    pub fn of_no_training(mut self) -> Self {
        self.keys.fill(None);
        self
    }

    /// Number of rows.
    pub const fn len(&self) -> usize {
        self.keys.len()
    }

    /// Features of a row.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.width..(row + 1) * self.width]
    }

    /// Codes of a row's cells.
    pub fn codes(&self, row: usize) -> &[u8] {
        &self.codes[row * self.cells..(row + 1) * self.cells]
    }

    /// Inputs of the linear predictions of a row.
    pub fn inputs(&self, row: usize) -> &[f32] {
        &self.inputs[row * self.input_width..(row + 1) * self.input_width]
    }

    /// True if a tree may judge a row: it did not see it in training.
    pub fn is_judged_by(&self, row: usize, tree: usize) -> bool {
        self.keys[row].is_none_or(|key| !is_seen(key, tree, self.share))
    }
}
