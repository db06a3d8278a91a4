//! Scores of rows by all members of a detector, and by those that need no rows of the training table.

/// Anomaly scores of some rows.
#[derive(Clone, Debug, Default)]
pub struct RowScores {
    /// Score of each row.
    pub scores: Vec<f64>,
    /// Score of each row by the members other than the neighbours; empty if there are no neighbours.
    pub without_neighbours: Vec<f64>,
}

impl RowScores {
    /// Appends the scores of further rows.
    pub fn append(&mut self, mut rows: Self) {
        self.scores.append(&mut rows.scores);
        self.without_neighbours.append(&mut rows.without_neighbours);
    }
}

impl FromIterator<f64> for RowScores {
    /// Scores of a detector without neighbours.
    fn from_iter<I: IntoIterator<Item = f64>>(scores: I) -> Self {
        Self { scores: scores.into_iter().collect(), without_neighbours: Vec::new() }
    }
}
