//! Which rows train, and which judge.

use std::ops::Range;

use pinhole_protocol::table::{DetectorPlan, RowChoice};
use rand::seq::SliceRandom;

use crate::random::{Stream, generator};

/// What the label says of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// No label was chosen, or its cell is empty.
    Unknown,
    /// Ordinary.
    Normal,
    /// One of the odd values.
    Odd,
}

impl From<Option<bool>> for Label {
    /// Of a label's cell: whether it is an odd value; `None` if it is empty.
    fn from(is_odd: Option<bool>) -> Self {
        match is_odd {
            None => Self::Unknown,
            Some(false) => Self::Normal,
            Some(true) => Self::Odd,
        }
    }
}

/// What is known of every row, a byte each.
#[derive(Clone, Debug, Default)]
pub struct RowRoles {
    bits: Vec<u8>,
    /// Whether rows that trained are measured too: where all rows trained, there are no others.
    measures_trained: bool,
}

const NORMAL: u8 = 1;
const ODD: u8 = 2;
const TRAINED: u8 = 4;

impl RowRoles {
    /// Roles of rows that none of the training saw, such as those of another file.
    pub fn unseen(labels: impl IntoIterator<Item = Label>) -> Self {
        let mut roles = Self::default();
        labels.into_iter().for_each(|label| roles.push_unseen(label));
        roles
    }

    /// Chooses the rows that train, at most `most`.
    ///
    /// Of the normal rows all but the plan's held-out share; or, without labels and in robust mode, of all rows.
    pub fn choose(labels: impl IntoIterator<Item = Label>, plan: &DetectorPlan, most: usize) -> Self {
        let mut roles = Self::unseen(labels);
        let learns_from_normals = plan.label.is_some() && plan.rows == RowChoice::Auto;
        roles.measures_trained = !learns_from_normals;
        let mut candidates: Vec<u32> = (0..roles.bits.len() as u32)
            .filter(|&row| !learns_from_normals || roles.bits[row as usize] & NORMAL != 0)
            .collect();
        let held_out_share = if learns_from_normals { plan.held_out_share.clamp(0.0, 0.5) } else { 0.0 };
        let wanted = (candidates.len() as f64 * (1.0 - held_out_share)).round() as usize;
        candidates.shuffle(&mut generator(plan.seed, Stream::TableRows, 0));
        for &row in candidates.iter().take(wanted.min(most)) {
            roles.bits[row as usize] |= TRAINED;
        }
        roles
    }

    /// Rows.
    pub const fn len(&self) -> usize {
        self.bits.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.bits.is_empty()
    }

    /// Adds a row that none of the training saw.
    pub fn push_unseen(&mut self, label: Label) {
        self.bits.push(match label {
            Label::Unknown => 0,
            Label::Normal => NORMAL,
            Label::Odd => ODD,
        });
    }

    /// What the label says; rows count from 0.
    pub fn label(&self, row: usize) -> Label {
        match self.bits[row] & (NORMAL | ODD) {
            NORMAL => Label::Normal,
            ODD => Label::Odd,
            _ => Label::Unknown,
        }
    }

    /// Whether the row trained the detector.
    pub fn is_trained(&self, row: usize) -> bool {
        self.bits[row] & TRAINED != 0
    }

    /// Whether the row counts when the ranking is measured.
    pub fn is_measured(&self, row: usize) -> bool {
        self.label(row) != Label::Unknown && (self.measures_trained || !self.is_trained(row))
    }

    /// Whether the row is normal and did not train: what false alarms are counted on.
    pub fn is_held_out_normal(&self, row: usize) -> bool {
        self.label(row) == Label::Normal && self.is_measured(row)
    }

    /// Which of a run of rows train, by their place in the run.
    pub fn trained_within(&self, rows: Range<usize>) -> impl Iterator<Item = u32> + use<'_> {
        let start = rows.start;
        rows.filter(|&row| self.is_trained(row)).map(move |row| (row - start) as u32)
    }

    /// Rows that train.
    pub fn trained(&self) -> usize {
        self.bits.iter().filter(|&&bits| bits & TRAINED != 0).count()
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::LabelPlan;

    use super::*;

    fn labels(normal: usize, odd: usize) -> Vec<Label> {
        [vec![Label::Normal; normal], vec![Label::Odd; odd], vec![Label::Unknown]].concat()
    }

    fn labelled() -> DetectorPlan {
        let label = LabelPlan { column: "label".into(), anomalous_values: vec!["1".into()] };
        DetectorPlan { label: Some(label), ..DetectorPlan::default() }
    }

    #[test]
    fn normal_rows_train_but_for_the_held_out_share() {
        let roles = RowRoles::choose(labels(100, 20), &labelled(), usize::MAX);
        assert_eq!(roles.trained(), 70);
        assert!((0..roles.len()).all(|row| !roles.is_trained(row) || roles.label(row) == Label::Normal));
        assert_eq!((0..roles.len()).filter(|&row| roles.is_measured(row)).count(), 50);
        assert_eq!((0..roles.len()).filter(|&row| roles.is_held_out_normal(row)).count(), 30);
    }

    #[test]
    fn without_labels_all_rows_train() {
        let plan = DetectorPlan::default();
        assert_eq!(RowRoles::choose(vec![Label::Unknown; 9], &plan, usize::MAX).trained(), 9);
        let robust = DetectorPlan { rows: RowChoice::Unsupervised, ..labelled() };
        let roles = RowRoles::choose(labels(100, 20), &robust, usize::MAX);
        assert_eq!(roles.trained(), 121);
        assert_eq!((0..roles.len()).filter(|&row| roles.is_measured(row)).count(), 120);
    }

    #[test]
    fn a_large_table_trains_on_a_sample() {
        let roles = RowRoles::choose(vec![Label::Unknown; 10_000], &DetectorPlan::default(), 500);
        assert_eq!(roles.trained(), 500);
        assert!(roles.trained_within(5_000..10_000).count() > 150, "from all over the table");
    }
}
