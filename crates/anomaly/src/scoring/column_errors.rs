//! What each column adds to the scores of all rows: shares and histograms.

use pinhole_protocol::table::{ColumnErrors, Histogram};

/// Edges of the histograms, as log10 of what a column adds to a score. Fixed, so that rows can be added one after the
/// other; what lies outside counts in the first or last bin.
const LOW: f64 = -3.0;
const HIGH: f64 = 3.0;
/// Eight bins per decade.
const BINS: usize = 48;

/// Sums and counts of one column.
#[derive(Clone, Debug)]
struct Column {
    sum: f64,
    flagged_sum: f64,
    normal: Vec<u32>,
    flagged: Vec<u32>,
}

/// Sums of what each column adds to the rows' scores, row by row; memory depends on the number of columns alone.
#[derive(Clone, Debug)]
pub struct ColumnErrorSums {
    columns: Vec<Column>,
}

impl ColumnErrorSums {
    /// Sums over no rows, for so many columns.
    pub fn new(columns: usize) -> Self {
        let empty = Column { sum: 0.0, flagged_sum: 0.0, normal: vec![0; BINS], flagged: vec![0; BINS] };
        Self { columns: vec![empty; columns] }
    }

    /// Adds a row: what each column adds to its score. A value below 0 or NaN counts as 0, an infinite one as the
    /// greatest f32.
    ///
    /// # Panics
    /// When the number of contributions is not that of columns.
    pub fn add(&mut self, contributions: &[f32], is_flagged: bool) {
        assert_eq!(contributions.len(), self.columns.len(), "each column has a contribution");
        for (column, &contribution) in self.columns.iter_mut().zip(contributions) {
            // A NaN is not above 0 either.
            let contribution = if contribution > 0.0 { f64::from(contribution.min(f32::MAX)) } else { 0.0 };
            let bins = if is_flagged { &mut column.flagged } else { &mut column.normal };
            let count = &mut bins[bin(contribution)];
            *count = count.saturating_add(1);
            column.sum += contribution;
            if is_flagged {
                column.flagged_sum += contribution;
            }
        }
    }

    /// Contributions of each column, sorted by share in the flagged rows' scores, then by share in those of all rows. In
    /// the histograms, `anomalous` are the flagged rows and `normal` the others. Without any, every share is 0.
    pub fn finish(self, names: &[String]) -> Vec<ColumnErrors> {
        let sum: f64 = self.columns.iter().map(|column| column.sum).sum();
        let flagged_sum: f64 = self.columns.iter().map(|column| column.flagged_sum).sum();
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let mut errors: Vec<ColumnErrors> = self
            .columns
            .into_iter()
            .zip(names)
            .map(|(column, name)| ColumnErrors {
                name: name.clone(),
                share: share(column.sum, sum),
                share_of_flagged: share(column.flagged_sum, flagged_sum),
                histogram: Histogram {
                    low: LOW,
                    high: HIGH,
                    is_log: true,
                    normal: column.normal,
                    anomalous: column.flagged,
                },
            })
            .collect();
        errors.sort_by(|a, b| b.share_of_flagged.total_cmp(&a.share_of_flagged).then(b.share.total_cmp(&a.share)));
        errors
    }
}

fn bin(contribution: f64) -> usize {
    // A cast takes what is below the first bin to 0.
    ((contribution.log10() - LOW) / (HIGH - LOW) * BINS as f64).min((BINS - 1) as f64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_behind_the_flagged_rows_come_first() {
        let mut sums = ColumnErrorSums::new(3);
        sums.add(&[4.0, 1.0, 0.0], false);
        sums.add(&[1.0, 1.0, 8.0], true);
        sums.add(&[f32::NAN, -1.0, 0.0], false);
        let columns = sums.finish(&["a".into(), "b".into(), "c".into()]);
        let found: Vec<_> = columns.iter().map(|c| (c.name.as_str(), c.share, c.share_of_flagged)).collect();
        assert_eq!(found, [("c", 8.0 / 15.0, 0.8), ("a", 5.0 / 15.0, 0.1), ("b", 2.0 / 15.0, 0.1)]);
    }

    #[test]
    fn errors_are_counted_by_size() {
        let mut sums = ColumnErrorSums::new(1);
        for contribution in [0.0, 1.0, 1e4, f32::INFINITY] {
            sums.add(&[contribution], false);
        }
        sums.add(&[10.1], true);
        let histogram = &sums.finish(&["a".into()])[0].histogram;
        assert_eq!((histogram.normal[0], histogram.normal[24], histogram.normal[47]), (1, 1, 2));
        assert_eq!(histogram.anomalous[32], 1);
    }

    #[test]
    fn without_errors_there_are_no_shares() {
        let columns = ColumnErrorSums::new(1).finish(&["a".into()]);
        assert_eq!((columns[0].share, columns[0].share_of_flagged), (0.0, 0.0));
    }
}
