//! Contribution of each column to a row's score.

use pinhole_protocol::table::{Contribution, RowDetails, ScoredRow, TopColumn};

use pinhole_table::{preparation::ColumnEncoder, records::Record};

use super::prepared_row::PreparedRow;
use crate::{
    derived::DerivedColumn,
    fitted_detector::{ColumnBinding, FittedDetector},
    number_text,
};

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

/// A derived column with its place among them; `None` for a column of the file.
fn derived_column(detector: &FittedDetector, column: usize) -> Option<(usize, &DerivedColumn)> {
    let index = column.checked_sub(detector.read_columns())?;
    Some((index, detector.derived()?.columns.get(index)?))
}

/// Place of a column among those that entities add, if it is one of them.
fn added_for_entities(detector: &FittedDetector, column: usize) -> Option<usize> {
    column.checked_sub(detector.read_columns() + detector.derived_columns())
}

/// The column of the file that a column shows: its own, or the categories of which it says how little they are expected.
fn source(detector: &FittedDetector, column: usize) -> usize {
    let added = added_for_entities(detector, column);
    added.and_then(|added| detector.entities()?.source(added)).unwrap_or(column)
}

/// Expected number of a derived column as text; `None` for a column of the file.
fn expected_derived(detector: &FittedDetector, column: usize, reconstruction: &[f32]) -> Option<String> {
    let (_, derived) = derived_column(detector, column)?;
    let preparation = detector.preparation();
    let ColumnEncoder::Number(scaler) = &preparation.columns[column].encoder else { return None };
    let number = scaler.inverse_transform(*reconstruction.first()?);
    let number = scaler.observed.map_or(number, |observed| observed.nearest(number));
    Some(derived.text(derived.number(number), preparation.decimal))
}

/// What is usual in a column for the entity of a row; `None` if the column is not compared within entities.
fn usual_for_entity(
    detector: &FittedDetector,
    binding: &ColumnBinding,
    record: &Record<'_>,
    column: usize,
) -> Option<String> {
    let entities = detector.entities()?;
    let entity = detector.entity_of(binding, record)?;
    if let Some(text) = entities.usual_categories_text(source(detector, column), entity) {
        return Some(text);
    }
    let decimal = detector.preparation().decimal;
    let derived = derived_column(detector, column).map(|(_, derived)| derived);
    let text = |range: [f64; 2]| match derived {
        Some(derived) => range.map(|scaled| derived.text(derived.number(scaled), decimal)),
        None => number_text::range(range, decimal),
    };
    entities.usual_text(column, entity, text)
}

/// Value of a column in a row, as text.
fn actual(detector: &FittedDetector, binding: &ColumnBinding, row: &PreparedRow, column: usize) -> String {
    match derived_column(detector, column) {
        Some((index, derived)) => derived.text(f64::from(row.derived[index]), detector.preparation().decimal),
        None => binding.matched.cell(source(detector, column), &row.batch.record(0)).to_owned(),
    }
}

/// Seen and expected value and contribution of every column of a row, beside the values of the nearest normal rows.
pub fn explain(
    detector: &FittedDetector,
    binding: &ColumnBinding,
    prepared: &PreparedRow,
    row: ScoredRow,
    nearest: &[PreparedRow],
) -> RowDetails {
    let PreparedRow { batch, features, errors, notes, .. } = prepared;
    let reconstruction = detector.detector().expect(features);
    let shares = shares(errors);
    let preparation = detector.preparation();
    let groups = preparation.groups();
    let record = batch.record(0);
    let contribution = |column: usize| {
        let own = groups[column].features.clone();
        Contribution {
            column: groups[column].name.clone(),
            actual: actual(detector, binding, prepared, column),
            expected: usual_for_entity(detector, binding, &record, column)
                .or_else(|| expected_derived(detector, column, &reconstruction[own.clone()]))
                .unwrap_or_else(|| preparation.expected_value(column, &reconstruction[own.clone()])),
            signed_error: preparation.signed_error(column, &features[own.clone()], &reconstruction[own]),
            share: shares[column],
            nearest: nearest.iter().map(|near| actual(detector, binding, near, column)).collect(),
        }
    };
    let contributions = by_share(&shares).into_iter().map(contribution).collect();
    let mut notes = notes.warnings();
    notes.extend(detector.detector().explanation_note().map(str::to_owned));
    let nearest_rows = nearest.iter().map(|near| near.batch.record(0).row()).collect();
    RowDetails { row, contributions, nearest_rows, notes }
}
