//! Contribution of each column to a row's score.

use super::{
    ensemble::{Ensemble, MemberDetails},
    row_scores::RowScores,
};

impl Ensemble {
    /// The score of each row, and what each column adds to it, [rows, columns]: every member's part of the score is
    /// shared among the columns as the member sees them, so that they add up to the score. Of a detector that an older
    /// Pinhole saved, the network's squared errors.
    pub(super) fn explained_scores(&self, rows: &[f32]) -> (RowScores, Vec<f32>) {
        let width = self.network.width().max(1);
        let scaled = self.inlier_scaler.scale(rows);
        let (members, MemberDetails { errors, surprises }) = self.scores_and_details(&scaled, rows);
        let scores = self.combined(&members);
        let (Some(columns), Some(surprises)) = (&self.columns, &surprises) else {
            return (scores, errors.chunks_exact(width).flat_map(|errors| self.by_column(errors)).collect());
        };
        let rows = rows.chunks_exact(width).zip(scaled.chunks_exact(width));
        let details = errors.chunks_exact(width).zip(surprises.chunks_exact(columns.cells().max(1)));
        let contributions =
            rows.zip(details).zip(&members).flat_map(|(((row, scaled), (errors, surprises)), scores)| {
                let parts = self.scales.shares(scores, self.has_neighbours());
                let mut shared = SharedScore::new(self.references.groups.len());
                shared.add(parts.network, &self.by_column(errors));
                if self.has_neighbours() {
                    shared.add(parts.neighbours, &self.by_column(&self.neighbours.squared_differences(scaled)));
                }
                shared.add(parts.columns.unwrap_or(0.0), &self.cells_by_column(surprises));
                if let Some(part) = parts.forest {
                    shared.add(part, &self.by_column(&self.forest_shares(&self.filled(row))));
                }
                if let Some((histograms, part)) = self.histograms.as_ref().zip(parts.histograms) {
                    let mut surprises = vec![0.0; columns.cells()];
                    histograms.surprises(row, columns.coder(), &mut surprises);
                    shared.add(part, &self.cells_by_column(&surprises));
                }
                shared.by_column
            });
        (scores, contributions.collect())
    }

    fn forest_shares(&self, row: &[f32]) -> Vec<f32> {
        let mut shares = vec![0.0; row.len()];
        if let Some(forest) = &self.forest {
            forest.explain(row, &mut shares);
        }
        shares
    }

    /// Sums of the features of each column.
    fn by_column(&self, features: &[f32]) -> Vec<f32> {
        self.references.groups.iter().map(|group| features[group.clone()].iter().sum()).collect()
    }

    /// Sums of the cells of each column.
    fn cells_by_column(&self, surprises: &[f64]) -> Vec<f32> {
        let mut sums = vec![0.0; self.references.groups.len()];
        for (cell, &surprise) in self.columns.iter().flat_map(|columns| columns.coder().cells()).zip(surprises) {
            sums[cell.column] += surprise as f32;
        }
        sums
    }
}

/// A score that is shared among columns.
struct SharedScore {
    by_column: Vec<f32>,
}

impl SharedScore {
    fn new(columns: usize) -> Self {
        Self { by_column: vec![0.0; columns] }
    }

    /// Adds a part of the score, shared in proportion to `weights`; alike if they are all 0.
    fn add(&mut self, part: f64, weights: &[f32]) {
        let sum: f64 = weights.iter().copied().map(f64::from).sum();
        for (own, &weight) in self.by_column.iter_mut().zip(weights) {
            let share = if sum > 0.0 { f64::from(weight) / sum } else { 1.0 / weights.len() as f64 };
            *own += (part * share) as f32;
        }
    }
}
