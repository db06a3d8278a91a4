//! Drift of a table against the table that its detector was trained on.

use pinhole_protocol::table::DriftReport;
use pinhole_table::typed::{TypedColumn, TypedTable};

use crate::{
    fitted_detector::FittedDetector,
    scoring::{ColumnCounter, ColumnReference, drift_report},
};

/// Counts the cells of a new table in the bins of the training table's columns.
pub struct DriftCounter {
    columns: Vec<(String, ColumnCounter)>,
    scores: Option<ColumnCounter>,
}

impl DriftCounter {
    /// A counter of no rows yet.
    pub fn new(detector: &FittedDetector) -> Self {
        let references = detector.references().iter().cloned().map(ColumnCounter::new);
        Self {
            columns: detector.column_names().into_iter().zip(references).collect(),
            scores: detector.score_reference().cloned().map(ColumnCounter::new),
        }
    }

    /// Counts typed rows, with the columns in the detector's order.
    pub fn add_rows(&mut self, rows: &TypedTable) {
        for ((_, counter), column) in self.columns.iter_mut().zip(&rows.columns) {
            match column {
                TypedColumn::Numbers(numbers) => numbers.iter().for_each(|number| counter.add_number(number)),
                TypedColumn::Times(times) => times.iter().for_each(|&time| counter.add_number(time)),
                TypedColumn::Categories { codes, dictionary } => {
                    for &code in codes {
                        counter.add_category(dictionary.value(code));
                    }
                }
            }
        }
    }

    /// Drift of the scores and of each column; `column_notes` say how the columns fit the detector's.
    pub fn finish(mut self, scores: &[f64], column_notes: Vec<String>) -> DriftReport {
        let mut counter = self.scores.take().unwrap_or_else(|| ColumnCounter::new(ColumnReference::of_numbers(&[])));
        for &score in scores {
            counter.add_number(score);
        }
        let columns = self.columns.into_iter().map(|(name, counter)| counter.finish(name)).collect();
        drift_report(counter.finish("score".into()), columns, column_notes)
    }
}
