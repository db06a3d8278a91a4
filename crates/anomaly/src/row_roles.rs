//! Roles of a table's rows: which train the detector, and which measure it.

use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::table::{DetectorPlan, RowChoice};
use rand::seq::SliceRandom;

/// Label of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowLabel {
    /// No label was chosen, or its cell is empty.
    Unknown,
    /// Any other value.
    Normal,
    /// One of the values that mark an anomaly.
    Anomalous,
}

impl From<Option<bool>> for RowLabel {
    /// Label from its cell: true for a value that marks an anomaly, `None` for an empty cell.
    fn from(is_anomalous: Option<bool>) -> Self {
        match is_anomalous {
            None => Self::Unknown,
            Some(false) => Self::Normal,
            Some(true) => Self::Anomalous,
        }
    }
}

/// Knowledge of the rows of a table that trained the detector.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum TrainedRows {
    /// Each row's role says so.
    Known,
    /// No row trained.
    #[default]
    Absent,
    /// About this share of the rows that trained is in the table, 0 to 1; which of its rows they are is not known.
    Among(f64),
    /// The detector's file does not remember them.
    Unknown,
}

/// Label and role of every row, one byte per row.
#[derive(Clone, Debug, Default)]
pub struct RowRoles {
    bits: Vec<u8>,
    /// True if rows that trained are measured too: where all rows trained, there are no others.
    measures_trained: bool,
    trained_rows: TrainedRows,
}

const NORMAL: u8 = 1;
const ANOMALOUS: u8 = 2;
const TRAINED: u8 = 4;

impl RowRoles {
    /// Roles of rows that did not train, such as those of another file.
    pub fn unseen(labels: impl IntoIterator<Item = RowLabel>) -> Self {
        let mut roles = Self::default();
        labels.into_iter().for_each(|label| roles.push_unseen(label));
        roles
    }

    /// Draws the rows that train, at most `most`, by the plan's seed.
    ///
    /// Semi-supervised: all normal rows but the plan's held-out share. Unsupervised (no label, or the plan says so):
    /// all rows.
    pub fn choose(labels: impl IntoIterator<Item = RowLabel>, plan: &DetectorPlan, most: usize) -> Self {
        let mut roles = Self::unseen(labels);
        let is_semi_supervised = plan.label.is_some() && plan.rows == RowChoice::Auto;
        roles.measures_trained = !is_semi_supervised;
        roles.trained_rows = TrainedRows::Known;
        let mut candidates: Vec<u32> = (0..roles.bits.len() as u32)
            .filter(|&row| !is_semi_supervised || roles.bits[row as usize] & NORMAL != 0)
            .collect();
        let held_out_share = if is_semi_supervised { plan.held_out_share.clamp(0.0, 0.5) } else { 0.0 };
        let wanted = (candidates.len() as f64 * (1.0 - held_out_share)).round() as usize;
        candidates.shuffle(&mut generator(plan.seed, Stream::TableRows, 0));
        for &row in candidates.iter().take(wanted.min(most)) {
            roles.bits[row as usize] |= TRAINED;
        }
        roles
    }

    /// The same roles with this knowledge of the rows that trained.
    pub(crate) fn with_trained_rows(self, trained_rows: TrainedRows) -> Self {
        Self { trained_rows, ..self }
    }

    /// Knowledge of the rows that trained.
    pub const fn knowledge(&self) -> TrainedRows {
        self.trained_rows
    }

    /// True if rows that trained are measured too, as there are no others.
    pub const fn measures_trained(&self) -> bool {
        self.measures_trained
    }

    /// Label of each row.
    pub fn labels(&self) -> impl Iterator<Item = RowLabel> + use<'_> {
        (0..self.len()).map(|row| self.label(row))
    }

    /// Number of the table's normal rows per measured one, for which it stands; 1 if none is measured.
    pub fn normal_weight(&self) -> f64 {
        let normal = self.bits.iter().filter(|&&bits| bits & NORMAL != 0).count();
        let measured = (0..self.len()).filter(|&row| self.is_held_out_normal(row)).count();
        if measured > 0 { normal as f64 / measured as f64 } else { 1.0 }
    }

    /// Number of rows.
    pub const fn len(&self) -> usize {
        self.bits.len()
    }

    /// True if there is no row.
    pub const fn is_empty(&self) -> bool {
        self.bits.is_empty()
    }

    /// Adds a row that did not train.
    pub fn push_unseen(&mut self, label: RowLabel) {
        self.bits.push(match label {
            RowLabel::Unknown => 0,
            RowLabel::Normal => NORMAL,
            RowLabel::Anomalous => ANOMALOUS,
        });
    }

    /// Label of a row, counted from 0.
    pub fn label(&self, row: usize) -> RowLabel {
        match self.bits[row] & (NORMAL | ANOMALOUS) {
            NORMAL => RowLabel::Normal,
            ANOMALOUS => RowLabel::Anomalous,
            _ => RowLabel::Unknown,
        }
    }

    /// True if the row trains the detector.
    pub fn is_trained(&self, row: usize) -> bool {
        self.bits[row] & TRAINED != 0
    }

    /// True if the row counts in the ranking's measures: it has a label and did not train.
    pub fn is_measured(&self, row: usize) -> bool {
        self.label(row) != RowLabel::Unknown && (self.measures_trained || !self.is_trained(row))
    }

    /// True if the row is normal and did not train: false alarms are counted on these rows.
    pub fn is_held_out_normal(&self, row: usize) -> bool {
        self.label(row) == RowLabel::Normal && self.is_measured(row)
    }

    /// Indices of the rows that train, ascending.
    pub fn trained_rows(&self) -> impl Iterator<Item = u32> + use<'_> {
        (0..self.len()).filter(|&row| self.is_trained(row)).map(|row| row as u32)
    }

    /// Number of rows that train.
    pub fn trained(&self) -> usize {
        self.bits.iter().filter(|&&bits| bits & TRAINED != 0).count()
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::LabelPlan;

    use super::*;

    fn labels(normal: usize, anomalous: usize) -> Vec<RowLabel> {
        [vec![RowLabel::Normal; normal], vec![RowLabel::Anomalous; anomalous], vec![RowLabel::Unknown]].concat()
    }

    fn labelled() -> DetectorPlan {
        let label = LabelPlan { column: "label".into(), anomalous_values: vec!["1".into()] };
        DetectorPlan { label: Some(label), ..DetectorPlan::default() }
    }

    #[test]
    fn normal_rows_train_but_for_the_held_out_share() {
        let roles = RowRoles::choose(labels(100, 20), &labelled(), usize::MAX);
        assert_eq!(roles.trained(), 70);
        assert!((0..roles.len()).all(|row| !roles.is_trained(row) || roles.label(row) == RowLabel::Normal));
        assert_eq!((0..roles.len()).filter(|&row| roles.is_measured(row)).count(), 50);
        assert_eq!((0..roles.len()).filter(|&row| roles.is_held_out_normal(row)).count(), 30);
        assert!((roles.normal_weight() - 100.0 / 30.0).abs() < 1e-12);
    }

    #[test]
    fn without_labels_all_rows_train() {
        let plan = DetectorPlan::default();
        assert_eq!(RowRoles::choose(vec![RowLabel::Unknown; 9], &plan, usize::MAX).trained(), 9);
        let unsupervised = DetectorPlan { rows: RowChoice::Unsupervised, ..labelled() };
        let roles = RowRoles::choose(labels(100, 20), &unsupervised, usize::MAX);
        assert_eq!(roles.trained(), 121);
        assert_eq!((0..roles.len()).filter(|&row| roles.is_measured(row)).count(), 120);
        assert!((roles.normal_weight() - 1.0).abs() < 1e-12 && roles.measures_trained());
    }

    #[test]
    fn a_large_table_trains_on_a_sample() {
        let roles = RowRoles::choose(vec![RowLabel::Unknown; 10_000], &DetectorPlan::default(), 500);
        assert_eq!(roles.trained(), 500);
        assert!(roles.trained_rows().filter(|&row| row >= 5_000).count() > 150, "from all over the table");
    }
}
