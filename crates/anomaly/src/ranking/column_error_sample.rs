//! What each column adds to the scores of a sample of the rows.

use pinhole_table::reservoir::{Placement, Reservoir};

use crate::{detector::RowScores, fitted_detector::FittedDetector};

/// Values of the sampled rows' column errors that are held: 16 MB.
const SAMPLED_VALUES: usize = 4_000_000;

/// What each column adds to the scores of a seeded sample of the rows: the columns' histograms and shares are made of
/// these, as those of all rows would be larger than the table.
#[derive(Clone, Debug)]
pub struct ColumnErrorSample {
    reservoir: Reservoir,
    columns: usize,
    /// Row indices, in the order of the reservoir.
    rows: Vec<u32>,
    /// [rows, columns].
    values: Vec<f32>,
}

impl ColumnErrorSample {
    /// A sample of no rows yet.
    pub fn new(columns: usize) -> Self {
        let reservoir = Reservoir::new(SAMPLED_VALUES / columns.max(1), 0);
        Self { reservoir, columns, rows: Vec::new(), values: Vec::new() }
    }

    /// Index of each sampled row, and what each column adds to its score.
    pub fn errors(&self) -> impl Iterator<Item = (usize, &[f32])> {
        self.rows.iter().map(|&row| row as usize).zip(self.values.chunks(self.columns.max(1)))
    }

    /// Scores prepared rows of a table, the first of which has index `first` in it, and offers what each column adds to
    /// their scores.
    pub fn score_and_offer(&mut self, first: usize, rows: &[f32], detector: &FittedDetector, scores: &mut RowScores) {
        let width = detector.features().max(1);
        let (mut places, mut taken) = (Vec::new(), Vec::new());
        for (index, row) in rows.chunks_exact(width).enumerate() {
            let place = self.reservoir.offer();
            if place != Placement::Skip {
                places.push((place, (first + index) as u32));
                taken.extend_from_slice(row);
            }
        }
        let (of_taken, errors) = detector.explained_scores(&taken);
        if taken.len() == rows.len() {
            scores.append(of_taken);
        } else {
            scores.append(detector.row_scores(rows));
        }
        for ((place, row), errors) in places.into_iter().zip(errors.chunks_exact(self.columns.max(1))) {
            if let Placement::Replace(index) = place {
                self.rows[index] = row;
                self.values[index * self.columns..(index + 1) * self.columns].copy_from_slice(errors);
            } else {
                self.rows.push(row);
                self.values.extend_from_slice(errors);
            }
        }
    }
}
