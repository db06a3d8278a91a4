//! Derived numbers of the rows of a table, kept for when a row is read alone.

/// Most numbers that are kept: 160 MB.
const MAX_VALUES: usize = 40_000_000;

/// Derived numbers of the first rows of a table, [rows, columns].
#[derive(Clone, Debug, Default)]
pub struct DerivedRows {
    columns: usize,
    values: Vec<f32>,
}

impl DerivedRows {
    /// No rows yet.
    pub const fn new(columns: usize) -> Self {
        Self { columns, values: Vec::new() }
    }

    /// Adds the numbers of the next rows, of as many as are kept.
    pub fn extend(&mut self, values: &[f32]) {
        let rows = (MAX_VALUES.saturating_sub(self.values.len())).min(values.len()) / self.columns.max(1);
        self.values.extend_from_slice(&values[..rows * self.columns]);
    }

    /// Numbers of a row; missing ones for a row beyond those that are kept.
    pub fn row(&self, row: usize) -> Vec<f32> {
        let start = row * self.columns;
        self.values.get(start..start + self.columns).map_or_else(|| vec![f32::NAN; self.columns], <[f32]>::to_vec)
    }

    /// True if the numbers of a row are kept.
    pub fn has(&self, row: usize) -> bool {
        (row + 1) * self.columns <= self.values.len()
    }
}
