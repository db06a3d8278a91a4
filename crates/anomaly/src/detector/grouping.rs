//! Test if the anomalies of unlabelled rows form groups.
//!
//! Scattered anomalies are found by all rows together. Groups of alike anomalies predict each other and are each other's
//! neighbours: there the rows that an isolation forest finds least odd train alone, and the forest and histograms, which
//! need no neighbourhood, vote too. Either way is much worse on the other kind of table, and the form of the forest's
//! scores tells them apart: a group is isolated by few splits together, and gives the scores a heavy upper tail.

use pinhole_numerics::moments::mean_and_deviation;
use pinhole_table::preparation::CellKind;

use super::feature_table::FeatureTable;

/// Least skewness of the scores that tells of groups, in a table of numbers alone.
const MIN_SKEWNESS: f64 = 0.78;
/// Added to it per share of the columns that are no numbers: rare categories give the scores a tail of their own.
const SKEWNESS_OF_CATEGORIES: f64 = 1.5;
/// Fewest cells of a row: in a few dimensions the scores have such a tail whatever the rows are.
const MIN_CELLS: usize = 6;
/// Excess kurtosis below which the scores have two peaks, a group of a third of the rows or more; in a table of numbers.
const TWO_PEAKS_KURTOSIS: f64 = -1.25;
const MIN_NUMBER_SHARE: f64 = 0.9;

/// True if an isolation forest's scores of the rows say that anomalies form groups. Of the twelve tables of ADBench it is
/// true for ten, of the twelve mixed tables of the README for none.
pub(super) fn form_groups(scores: &[f64], rows: &FeatureTable) -> bool {
    rows.cells.len() >= MIN_CELLS && has_form_of_groups(scores, number_share(rows))
}

fn has_form_of_groups(scores: &[f64], number_share: f64) -> bool {
    let (mean, deviation) = mean_and_deviation(scores);
    if deviation <= 0.0 {
        return false;
    }
    let moment = |power| {
        scores.iter().map(|score| ((score - mean) / deviation).powi(power)).sum::<f64>() / scores.len().max(1) as f64
    };
    moment(3) > SKEWNESS_OF_CATEGORIES.mul_add(1.0 - number_share, MIN_SKEWNESS)
        || (number_share >= MIN_NUMBER_SHARE && moment(4) - 3.0 < TWO_PEAKS_KURTOSIS)
}

/// Share of the cells that are numbers.
pub(super) fn number_share(rows: &FeatureTable) -> f64 {
    let numbers = rows.cells.iter().filter(|cell| cell.kind == CellKind::Number).count();
    numbers as f64 / rows.cells.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heavy_tail_or_two_peaks_are_groups() {
        let even: Vec<f64> = (0..1000).map(|index| 0.4 + f64::from(index % 100) / 1e3).collect();
        assert!(!has_form_of_groups(&even, 1.0));
        let mut grouped = even.clone();
        grouped[..50].fill(0.8);
        assert!(has_form_of_groups(&grouped, 1.0) && has_form_of_groups(&grouped, 0.5));
        let two_peaks: Vec<f64> = (0..1000).map(|index| if index % 3 == 0 { 0.7 } else { 0.4 }).collect();
        assert!(has_form_of_groups(&two_peaks, 1.0) && !has_form_of_groups(&two_peaks, 0.5));
        assert!(!has_form_of_groups(&[0.5; 9], 1.0) && !has_form_of_groups(&[], 1.0));
        assert!(!form_groups(&grouped, &FeatureTable::plain(vec![0.0; 4000], 4)));
        assert!(form_groups(&grouped, &FeatureTable::plain(vec![0.0; 6000], 6)));
    }
}
