//! Labels of the measured rows of a table.

/// Labels of the rows that are measured, and what they stand for. Where normal rows trained, only those held out are
/// measured, beside all anomalies: alone, they would make precision too good, by the share that was held out.
#[derive(Clone, Copy, Debug)]
pub struct MeasuredLabels<'a> {
    /// Label of each row, true for an anomaly; `None`: the row is not measured, as it trained or has no label.
    pub is_anomalous: &'a [Option<bool>],
    /// Number of normal rows of the table per measured one (inverse sampling), at least 1.
    pub normal_weight: f64,
}

impl<'a> MeasuredLabels<'a> {
    /// Labels of which each stands for its own row alone.
    pub const fn of_all(is_anomalous: &'a [Option<bool>]) -> Self {
        Self { is_anomalous, normal_weight: 1.0 }
    }

    /// Score and label of each measured row; `None` if a score is NaN.
    ///
    /// # Panics
    /// When the number of labels is not that of scores.
    pub(super) fn measured(self, scores: &'a [f64]) -> Option<impl Iterator<Item = (f64, bool)> + 'a> {
        assert_eq!(scores.len(), self.is_anomalous.len(), "each score has a label");
        let measured = || scores.iter().zip(self.is_anomalous).filter_map(|(&score, label)| Some((score, (*label)?)));
        measured().all(|(score, _)| !score.is_nan()).then(measured)
    }

    /// Number of the table's rows for which so many measured normal rows stand.
    pub(super) fn in_table(self, normal_rows: u64) -> u64 {
        (self.normal_weight * normal_rows as f64).round() as u64
    }
}
