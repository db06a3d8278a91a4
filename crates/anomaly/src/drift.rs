//! Drift of a table against the table that its detector was trained on.

use pinhole_protocol::table::{ColumnKind, DriftReport, ShiftSize};
use pinhole_table::{
    preparation::ColumnMatch,
    typed::{TypedColumn, TypedTable},
};

use crate::{
    fitted_detector::FittedDetector,
    scoring::{ColumnCounter, ColumnReference, drift_report},
};

/// Counts the cells of a new table in the bins of the training table's columns.
pub struct DriftCounter {
    /// Each of the detector's columns; `None` for one that cannot drift: a date, which moves on in every file, and a
    /// column that the file lacks.
    columns: Vec<Option<ComparedColumn>>,
    scores: Option<ColumnCounter>,
}

struct ComparedColumn {
    name: String,
    counter: ColumnCounter,
    /// True if its numbers are distances from what is usual for their entity: where little is known of an entity, there
    /// is none, although no cell is missing.
    is_within_entities: bool,
}

impl DriftCounter {
    /// A counter of no rows yet of a file with these columns.
    pub fn new(detector: &FittedDetector, matched: &ColumnMatch) -> Self {
        let entities = detector.entities();
        let is_within_entities =
            |index| entities.is_some_and(|entities| entities.columns.iter().any(|own| own.column == index));
        let columns = detector.preparation().columns.iter().zip(detector.references()).enumerate();
        let compared = columns.map(|(index, (column, reference))| {
            let is_derived = index >= detector.read_columns();
            let is_found = is_derived || matched.indices.get(index).is_some_and(Option::is_some);
            (is_found && column.kind != ColumnKind::DateTime).then(|| ComparedColumn {
                name: column.name.clone(),
                counter: ColumnCounter::new(reference.clone()),
                is_within_entities: is_within_entities(index),
            })
        });
        Self { columns: compared.collect(), scores: detector.score_reference().cloned().map(ColumnCounter::new) }
    }

    /// Counts typed rows, with the columns in the detector's order.
    pub fn add_rows(&mut self, rows: &TypedTable) {
        for (compared, column) in self.columns.iter_mut().zip(&rows.columns) {
            let Some(ComparedColumn { counter, .. }) = compared else { continue };
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

    /// Drift of the scores and of each column.
    pub fn finish(mut self, scores: &[f64]) -> DriftReport {
        let mut counter = self.scores.take().unwrap_or_else(|| ColumnCounter::new(ColumnReference::of_numbers(&[])));
        for &score in scores {
            counter.add_number(score);
        }
        let compared: Vec<ComparedColumn> = self.columns.into_iter().flatten().collect();
        let comparisons = compared.len() + 1;
        let columns = compared.into_iter().map(|ComparedColumn { name, counter, is_within_entities }| {
            let mut drift = counter.finish(name, comparisons);
            if is_within_entities {
                drift.missing_shift = ShiftSize::Stable;
            }
            drift
        });
        let columns = columns.collect();
        drift_report(counter.finish("score".into(), comparisons), columns)
    }
}
