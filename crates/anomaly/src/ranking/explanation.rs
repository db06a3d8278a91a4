//! Contribution of each column to a row's score.

use pinhole_protocol::table::{Contribution, RowDetails, ScoredRow, TopColumn};

use pinhole_table::records::Record;

use super::prepared_row::PreparedRow;
use crate::fitted_detector::{ColumnBinding, FittedDetector};

/// Columns named in the table view.
const TOP_COLUMNS: usize = 3;

/// Columns with less than this share of a row's error are not named.
const MIN_SHARE: f64 = 0.01;

/// Share of each column in a row's error.
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

/// The few columns that contribute most to a row's score, by its error in each column.
pub fn top_columns(names: &[String], errors: &[f32]) -> Vec<TopColumn> {
    let shares = shares(errors);
    by_share(&shares)
        .into_iter()
        .take(TOP_COLUMNS)
        .filter(|&column| shares[column] >= MIN_SHARE)
        .map(|column| TopColumn { column: names[column].clone(), share: shares[column] })
        .collect()
}

/// What is usual in a column for the entity of a row; `None` if the column is not compared within entities.
fn usual_for_entity(
    detector: &FittedDetector,
    binding: &ColumnBinding,
    record: &Record<'_>,
    column: usize,
) -> Option<String> {
    let entity = detector.entity_of(binding, record)?;
    detector.entities()?.usual_text(column, entity, detector.preparation().decimal)
}

/// Seen and expected value and contribution of every column of a row.
pub fn explain(
    detector: &FittedDetector,
    binding: &ColumnBinding,
    PreparedRow { batch, features, errors, notes }: &PreparedRow,
    row: ScoredRow,
) -> RowDetails {
    let reconstruction = detector.detector().expect(features);
    let shares = shares(errors);
    let preparation = detector.preparation();
    let groups = preparation.groups();
    let record = batch.record(0);
    let contribution = |column: usize| {
        let own = groups[column].features.clone();
        Contribution {
            column: groups[column].name.clone(),
            actual: binding.matched.cell(column, &record).to_owned(),
            expected: usual_for_entity(detector, binding, &record, column)
                .unwrap_or_else(|| preparation.expected_value(column, &reconstruction[own.clone()])),
            signed_error: preparation.signed_error(column, &features[own.clone()], &reconstruction[own]),
            share: shares[column],
        }
    };
    let contributions = by_share(&shares).into_iter().map(contribution).collect();
    let mut notes = notes.warnings();
    notes.extend(detector.detector().explanation_note().map(str::to_owned));
    RowDetails { row, contributions, notes }
}
