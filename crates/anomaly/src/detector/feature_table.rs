//! Prepared rows, as a detector reads them.

use std::ops::Range;

use pinhole_numerics::random::{Stream, generator};
use pinhole_table::preparation::{CellKind, PreparedCell};
use rand::seq::SliceRandom;

/// Rows in which a missing feature is 0, its mean.
pub fn imputed(rows: &[f32]) -> Vec<f32> {
    rows.iter().map(|&value| if value.is_nan() { 0.0 } else { value }).collect()
}

/// Mean squared difference of the features that both rows have; infinite if there are none.
pub fn mean_square_difference(one: &[f32], other: &[f32]) -> f32 {
    let (mut sum, mut count) = (0.0_f32, 0_u32);
    for (one, other) in one.iter().zip(other) {
        let difference = one - other;
        if !difference.is_nan() {
            sum += difference * difference;
            count += 1;
        }
    }
    if count == 0 { f32::INFINITY } else { sum / count as f32 }
}

/// Prepared rows: features with a mean near 0 and a standard deviation near 1; NaN where a cell is missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeatureTable {
    /// Features of the rows, row-major.
    pub values: Vec<f32>,
    /// Number of features of a row.
    pub width: usize,
    /// Features that each column of the file became, in order; they cover `0..width`.
    pub groups: Vec<Range<usize>>,
    /// Cells that the features stand for; empty where nothing asks for single cells.
    pub cells: Vec<PreparedCell>,
}

impl FeatureTable {
    /// A table whose every column is one feature.
    pub fn plain(values: Vec<f32>, width: usize) -> Self {
        let groups: Vec<Range<usize>> = (0..width).map(|feature| feature..feature + 1).collect();
        let cell = |(column, features): (usize, &Range<usize>)| PreparedCell {
            column,
            features: features.clone(),
            kind: CellKind::Number,
        };
        Self { values, width, cells: groups.iter().enumerate().map(cell).collect(), groups }
    }

    /// A table of the same features without rows.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Self { values: Vec::new(), width: self.width, groups: self.groups.clone(), cells: self.cells.clone() }
    }

    /// Number of rows.
    pub const fn len(&self) -> usize {
        match self.values.len().checked_div(self.width) {
            Some(rows) => rows,
            None => 0,
        }
    }

    /// True if there is no row.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One row.
    pub fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.width..(index + 1) * self.width]
    }

    /// At most `most` rows, drawn by `seed`, in their own order; `draw` distinguishes the samples of one seed.
    #[must_use]
    pub fn sample(&self, most: usize, seed: u64, draw: u64) -> Self {
        if self.len() <= most {
            return self.clone();
        }
        let mut rows: Vec<u32> = (0..self.len() as u32).collect();
        rows.shuffle(&mut generator(seed, Stream::Rows, draw));
        rows.truncate(most);
        rows.sort_unstable();
        self.select(&rows)
    }

    /// These rows, in this order.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        Self { values: rows.iter().flat_map(|&row| self.row(row as usize)).copied().collect(), ..self.emptied() }
    }
}
