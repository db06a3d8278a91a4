//! Prepared rows of a sample of the table, among which ordinary rows like an anomaly are found.

use pinhole_table::reservoir::{Placement, Reservoir};

use crate::detector::mean_square_difference;

/// Most rows that are held, and most of their values: 4 MB.
const SAMPLED_ROWS: usize = 5_000;
const SAMPLED_VALUES: usize = 1_000_000;

/// A seeded sample of the prepared rows of a table.
#[derive(Clone, Debug)]
pub struct RowSample {
    reservoir: Reservoir,
    width: usize,
    /// Row indices, in the order of the reservoir.
    rows: Vec<u32>,
    /// [rows, features].
    values: Vec<f32>,
}

impl RowSample {
    /// A sample of no rows yet, of so many features.
    pub fn new(width: usize) -> Self {
        let width = width.max(1);
        let reservoir = Reservoir::new(SAMPLED_ROWS.min(SAMPLED_VALUES / width), 1);
        Self { reservoir, width, rows: Vec::new(), values: Vec::new() }
    }

    /// Offers prepared rows, the first of which has index `first` in the table.
    pub fn offer(&mut self, first: usize, rows: &[f32]) {
        for (index, row) in rows.chunks_exact(self.width).enumerate() {
            let number = (first + index) as u32;
            match self.reservoir.offer() {
                Placement::Skip => {}
                Placement::Append => {
                    self.rows.push(number);
                    self.values.extend_from_slice(row);
                }
                Placement::Replace(place) => {
                    self.rows[place] = number;
                    self.values[place * self.width..(place + 1) * self.width].copy_from_slice(row);
                }
            }
        }
    }

    /// Indices of the `most` sampled rows nearest to a row, the nearest first, among those that are `wanted`.
    pub fn nearest(&self, row: &[f32], most: usize, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let candidates = self.rows.iter().zip(self.values.chunks_exact(self.width));
        let wanted = candidates.filter(|(index, _)| wanted(**index as usize));
        let mut by_distance: Vec<(f32, u32)> =
            wanted.map(|(&index, other)| (mean_square_difference(row, other), index)).collect();
        by_distance.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        by_distance.into_iter().take(most).map(|(_, index)| index as usize).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_wanted_rows_come_first() {
        let mut sample = RowSample::new(2);
        sample.offer(0, &[0.0, 0.0, 1.0, 1.0, 2.0, f32::NAN, 5.0, 5.0]);
        sample.offer(4, &[0.9, 1.0]);
        assert_eq!(sample.nearest(&[1.0, 1.0], 3, |row| row != 1), [4, 0, 2]);
        assert_eq!(sample.nearest(&[1.0, f32::NAN], 2, |row| row > 1), [4, 2]);
        assert_eq!(sample.nearest(&[1.0, 1.0], 9, |_| false), [0; 0]);
    }
}
