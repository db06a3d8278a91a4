//! Why a row is odd: its columns, the most to blame first.

use pinhole_protocol::table::{ColumnBlame, Contribution, RowDetails, ScoredRow};
use pinhole_table::records::RecordBatch;

use super::{stored::StoredDetector, table::Table};
use crate::EngineError;

/// Columns named in the table view.
const TOP_COLUMNS: usize = 3;

/// Columns with less than this share of a row's error are not to blame.
const LEAST_SHARE: f64 = 0.01;

/// Each column's share of a row's error.
fn shares(errors: &[f32]) -> Vec<f64> {
    let sum: f64 = errors.iter().copied().map(f64::from).sum();
    errors.iter().map(|&error| if sum > 0.0 { f64::from(error) / sum } else { 0.0 }).collect()
}

/// Columns by their share, the greatest first.
fn by_share(shares: &[f64]) -> Vec<usize> {
    let mut columns: Vec<usize> = (0..shares.len()).collect();
    columns.sort_by(|&one, &other| shares[other].total_cmp(&shares[one]));
    columns
}

/// The few columns most to blame for a row's score, by its error in each column.
pub fn top_columns(names: &[String], errors: &[f32]) -> Vec<ColumnBlame> {
    let shares = shares(errors);
    by_share(&shares)
        .into_iter()
        .take(TOP_COLUMNS)
        .filter(|&column| shares[column] >= LEAST_SHARE)
        .map(|column| ColumnBlame { column: names[column].clone(), share: shares[column] })
        .collect()
}

/// Everything that is known of the one row in `batch`.
pub fn explain(
    detector: &StoredDetector,
    table: &Table,
    batch: &RecordBatch,
    row: ScoredRow,
) -> Result<RowDetails, EngineError> {
    let binding = detector.bind(table)?;
    let features = detector.prepare(table, batch)?;
    let rebuilt = detector.rebuild(&features);
    let shares = shares(&detector.column_errors(&features));
    let preparation = detector.preparation();
    let groups = preparation.groups();
    let record = batch.record(0);
    let contribution = |column: usize| {
        let own = groups[column].features.clone();
        Contribution {
            column: groups[column].name.clone(),
            seen: binding.matched.cell(column, &record).to_owned(),
            expected: preparation.expected_value(column, &rebuilt[own.clone()]),
            signed_error: preparation.signed_error(column, &features[own.clone()], &rebuilt[own]),
            share: shares[column],
        }
    };
    let contributions = by_share(&shares).into_iter().map(contribution).collect();
    let mut notes = detector.transform_notes(table, batch)?.warnings();
    notes.extend(detector.explanation_note().map(str::to_owned));
    Ok(RowDetails { row, contributions, notes })
}
