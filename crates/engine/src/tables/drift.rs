//! How far a table lies from the one that its detector learned from.

use pinhole_protocol::table::DriftReport;
use pinhole_table::typed::{MISSING, TypedColumn, TypedTable};

use super::{scored::ScoredRows, stored::StoredDetector};
use crate::scoring::{ColumnReference, ColumnTally, drift_report};

/// Counts the cells of a new table beside those of training.
pub struct DriftTally {
    columns: Vec<(String, ColumnTally)>,
    scores: Option<ColumnTally>,
}

impl DriftTally {
    /// Nothing counted yet.
    pub fn new(detector: &StoredDetector) -> Self {
        let references = detector.references().iter().cloned().map(ColumnTally::new);
        Self {
            columns: detector.column_names().into_iter().zip(references).collect(),
            scores: detector.score_reference().cloned().map(ColumnTally::new),
        }
    }

    /// Counts typed rows, with the columns in the detector's order.
    pub fn add_rows(&mut self, rows: &TypedTable) {
        for ((_, tally), column) in self.columns.iter_mut().zip(&rows.columns) {
            match column {
                TypedColumn::Numbers(numbers) => numbers.iter().for_each(|&number| tally.add_number(number.into())),
                TypedColumn::Times(times) => times.iter().for_each(|&time| tally.add_number(time)),
                TypedColumn::Categories { codes, dictionary } => {
                    for &code in codes {
                        tally.add_category(dictionary.value(code));
                    }
                }
            }
        }
    }

    /// The report.
    pub fn finish(mut self, rows: &ScoredRows, column_notes: Vec<String>) -> DriftReport {
        let mut scores = self.scores.take().unwrap_or_else(|| ColumnTally::new(ColumnReference::of_numbers(&[])));
        rows.scores().iter().for_each(|&score| scores.add_number(score));
        let columns = self.columns.into_iter().map(|(name, tally)| tally.finish(name)).collect();
        drift_report(scores.finish("score".into()), columns, column_notes)
    }
}

/// What the columns of a training sample were.
pub fn references(sample: &TypedTable) -> Vec<ColumnReference> {
    sample.columns.iter().map(reference).collect()
}

fn reference(column: &TypedColumn) -> ColumnReference {
    match column {
        TypedColumn::Numbers(numbers) => {
            ColumnReference::of_numbers(&numbers.iter().copied().map(f64::from).collect::<Vec<_>>())
        }
        TypedColumn::Times(times) => ColumnReference::of_numbers(times),
        TypedColumn::Categories { codes, dictionary } => {
            let mut counts = std::collections::BTreeMap::<u32, u64>::new();
            for &code in codes {
                *counts.entry(code).or_default() += 1;
            }
            let missing = counts.remove(&MISSING).unwrap_or(0);
            let named: Vec<(String, u64)> = counts
                .into_iter()
                .filter_map(|(code, rows)| Some((dictionary.value(code)?.to_owned(), rows)))
                .collect();
            ColumnReference::of_categories(&named, missing)
        }
    }
}
