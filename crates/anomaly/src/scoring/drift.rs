//! Drift of a column, or of the scores: population stability index and Kolmogorov-Smirnov statistic.

use std::collections::HashMap;

use pinhole_protocol::table::{ColumnDrift, DriftReport};

use super::column_reference::{ColumnReference, number_bin};

/// Population stability index below which a column is stable (a rule of thumb of credit scoring).
pub const STABLE: f64 = 0.1;
/// Population stability index above which the shift is large.
pub const LARGE_SHIFT: f64 = 0.25;

/// Bins of the stability index: tenths of the training rows.
const INDEX_BINS: u64 = 10;
/// Share that an empty bin counts as: the logarithm of 0 is infinite.
const MIN_SHARE: f64 = 1e-4;

/// Counts of a new column in the bins of a reference, row by row.
#[derive(Clone, Debug)]
pub struct ColumnCounter {
    reference: ColumnReference,
    places: HashMap<String, usize>,
    counts: Vec<u64>,
    missing: u64,
    unknown: u64,
}

impl ColumnCounter {
    /// Counts of no rows. The reference must be [sound](ColumnReference::is_valid).
    pub fn new(reference: ColumnReference) -> Self {
        let places = match &reference {
            ColumnReference::Numbers { .. } => HashMap::new(),
            ColumnReference::Categories { names, .. } => names.iter().cloned().zip(0..).collect(),
        };
        let counts = vec![0; reference.counts().0.len()];
        Self { reference, places, counts, missing: 0, unknown: 0 }
    }

    /// Adds a number; NaN is a missing one. In a column of categories it counts as missing.
    pub fn add_number(&mut self, value: f64) {
        match &self.reference {
            ColumnReference::Numbers { edges, .. } if !value.is_nan() => self.counts[number_bin(edges, value)] += 1,
            _ => self.missing += 1,
        }
    }

    /// Adds a category; `None` is a missing one. In a column of numbers it counts as missing.
    ///
    /// A name that the reference does not hold counts as unknown only if the reference holds all names of training.
    pub fn add_category(&mut self, name: Option<&str>) {
        let ColumnReference::Categories { counts, .. } = &self.reference else {
            self.missing += 1;
            return;
        };
        let Some(name) = name else {
            self.missing += 1;
            return;
        };
        let other = self.counts.len() - 1;
        let place = self.places.get(name).copied().unwrap_or(other);
        self.counts[place] += 1;
        if place == other && counts[other] == 0 {
            self.unknown += 1;
        }
    }

    /// Drift of the added values against the reference; all 0 if either is empty.
    ///
    /// - **Population stability index**: PSI = sum over bins of (now - before) ln(now / before), in shares of the rows.
    ///   Bins hold at least a tenth of the training rows (numbers) or are categories; values below and above all training
    ///   values, and missing cells, have bins of their own; an empty bin counts as a share of 0.0001.
    /// - **Kolmogorov-Smirnov statistic**: D = max |F_now(x) - F_before(x)| of the distribution functions at the
    ///   reference's edges, over the cells that have a number. Between edges it can be greater by at most the share of
    ///   training rows strictly between two edges, which is under 0.01 + 1/rows. Categories have no order: theirs is the
    ///   total variation distance, the greatest difference in the share of any *set* of categories.
    pub fn finish(&self, name: String) -> ColumnDrift {
        let (before, missing_before) = self.reference.counts();
        let is_ordered = matches!(self.reference, ColumnReference::Numbers { .. });
        let kolmogorov_smirnov = if is_ordered {
            kolmogorov_smirnov_distance(before, &self.counts)
        } else {
            total_variation(before, &self.counts)
        };
        let bins = if is_ordered { decile_ends(before) } else { (1..=before.len()).collect() };
        ColumnDrift {
            name,
            population_stability_index: stability_index(
                &merged(before, &bins, missing_before),
                &merged(&self.counts, &bins, self.missing),
            ),
            kolmogorov_smirnov,
            missing_before: share(missing_before, total(before) + missing_before),
            missing_now: share(self.missing, total(&self.counts) + self.missing),
            unknown: self.unknown,
        }
    }
}

fn total(counts: &[u64]) -> u64 {
    counts.iter().fold(0, |sum, &count| sum.saturating_add(count))
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Greatest distance of two distribution functions at the bins' right edges; 0 if either is empty.
fn kolmogorov_smirnov_distance(before: &[u64], now: &[u64]) -> f64 {
    let (before_total, now_total) = (total(before), total(now));
    if before_total == 0 || now_total == 0 {
        return 0.0;
    }
    let (mut before_sum, mut now_sum, mut greatest) = (0, 0, 0.0_f64);
    for (before, now) in before.iter().zip(now) {
        (before_sum, now_sum) = (before_sum + before, now_sum + now);
        greatest = greatest.max((share(before_sum, before_total) - share(now_sum, now_total)).abs());
    }
    greatest
}

/// Half the sum of all differences in share; 0 if either is empty.
fn total_variation(before: &[u64], now: &[u64]) -> f64 {
    let (before_total, now_total) = (total(before), total(now));
    if before_total == 0 || now_total == 0 {
        return 0.0;
    }
    before.iter().zip(now).map(|(&a, &b)| (share(a, before_total) - share(b, now_total)).abs()).sum::<f64>() / 2.0
}

/// Ends of the stability index's bins: the bin below all training values, one per tenth of the rows, the bin above.
fn decile_ends(counts: &[u64]) -> Vec<usize> {
    let Some(above) = counts.len().checked_sub(1).filter(|&last| last > 0) else {
        return vec![counts.len()];
    };
    let least = total(counts).div_ceil(INDEX_BINS);
    let (mut ends, mut sum) = (vec![1], 0);
    for (index, count) in counts.iter().enumerate().take(above).skip(1) {
        sum += count;
        if sum >= least {
            ends.push(index + 1);
            sum = 0;
        }
    }
    // The rest belongs to the last tenth.
    if let Some(last) = ends.last_mut().filter(|last| **last > 1) {
        *last = above;
    }
    ends.push(counts.len());
    ends
}

fn merged(counts: &[u64], ends: &[usize], missing: u64) -> Vec<u64> {
    let mut start = 0;
    let bins = ends.iter().map(|&end| total(&counts[std::mem::replace(&mut start, end)..end]));
    bins.chain([missing]).collect()
}

fn stability_index(before: &[u64], now: &[u64]) -> f64 {
    let (before_total, now_total) = (total(before), total(now));
    if before_total == 0 || now_total == 0 {
        return 0.0;
    }
    let shares = before.iter().zip(now).filter(|&(&a, &b)| a > 0 || b > 0);
    shares
        .map(|(&a, &b)| {
            let (a, b) = (share(a, before_total).max(MIN_SHARE), share(b, now_total).max(MIN_SHARE));
            (b - a) * (b / a).ln()
        })
        .sum()
}

/// Drift report, columns by their stability index, the greatest first.
pub fn drift_report(scores: ColumnDrift, mut columns: Vec<ColumnDrift>, column_notes: Vec<String>) -> DriftReport {
    columns.sort_by(|a, b| {
        let by_index = b.population_stability_index.total_cmp(&a.population_stability_index);
        by_index.then(b.kolmogorov_smirnov.total_cmp(&a.kolmogorov_smirnov))
    });
    DriftReport { scores, columns, column_notes }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        before: Vec<f64>,
        now: Vec<f64>,
        kolmogorov_smirnov: f64,
        population_stability_index: f64,
    }

    #[derive(Deserialize)]
    struct Reference {
        drifts: Vec<Case>,
    }

    fn drift(before: &[f64], now: &[f64]) -> ColumnDrift {
        let mut counter = ColumnCounter::new(ColumnReference::of_numbers(before));
        for &value in now {
            counter.add_number(value);
        }
        counter.finish("a".into())
    }

    #[test]
    fn distances_are_scipys_but_for_the_bins() {
        let reference: Reference =
            serde_json::from_str(include_str!("../../tests/reference/scoring.json")).expect("the reference is JSON");
        for case in reference.drifts {
            let found = drift(&case.before, &case.now);
            let short = case.kolmogorov_smirnov - found.kolmogorov_smirnov;
            let bound = 0.01 + 1.0 / case.before.len() as f64;
            assert!((-1e-12..=bound).contains(&short), "{} is short by {short}", case.kolmogorov_smirnov);
            assert!((found.population_stability_index - case.population_stability_index).abs() < 1e-9);
        }
    }

    #[test]
    fn a_sample_does_not_drift_from_itself() {
        for values in [vec![1.0; 50], (0..1000).map(|i| f64::from(i * 37 % 101)).collect(), vec![f64::NAN; 5]] {
            let found = drift(&values, &values);
            assert_eq!((found.population_stability_index, found.kolmogorov_smirnov), (0.0, 0.0));
        }
    }

    #[test]
    fn constants_that_move_are_detected() {
        for now in [2.0, 0.0, f64::INFINITY] {
            let found = drift(&[1.0; 50], &[now; 50]);
            assert!((found.kolmogorov_smirnov - 1.0).abs() < 1e-12, "{now}: {found:?}");
        }
    }

    #[test]
    fn missing_cells_shift_the_index() {
        let found = drift(&[1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, f64::NAN, f64::NAN]);
        assert_eq!((found.missing_before, found.missing_now), (0.0, 0.5));
        assert!(found.population_stability_index > LARGE_SHIFT);
    }

    #[test]
    fn nothing_to_compare_is_no_drift() {
        for (before, now) in [(&[][..], &[1.0][..]), (&[1.0], &[]), (&[], &[])] {
            let found = drift(before, now);
            assert_eq!((found.population_stability_index, found.kolmogorov_smirnov), (0.0, 0.0));
        }
    }

    #[test]
    fn categories_are_compared_by_name() {
        let reference = ColumnReference::of_categories(&[("tcp".into(), 60), ("udp".into(), 40)], 0);
        assert!(reference.is_valid());
        let mut counter = ColumnCounter::new(reference);
        for (name, rows) in [("tcp", 30), ("udp", 50), ("icmp", 20)] {
            (0..rows).for_each(|_| counter.add_category(Some(name)));
        }
        let found = counter.finish("protocol".into());
        assert_eq!(found.unknown, 20);
        assert!((found.kolmogorov_smirnov - 0.3).abs() < 1e-12);
        let expected =
            -0.3 * (0.3_f64 / 0.6).ln() + 0.1 * (0.5_f64 / 0.4).ln() + (0.2 - MIN_SHARE) * (0.2 / MIN_SHARE).ln();
        assert!((found.population_stability_index - expected).abs() < 1e-12);
    }

    #[test]
    fn many_categories_keep_the_most_frequent() {
        let categories: Vec<_> = (0..150).map(|i| (format!("c{i}"), i + 1)).collect();
        let reference = ColumnReference::of_categories(&categories, 3);
        let mut counter = ColumnCounter::new(reference);
        counter.add_category(Some("c0"));
        counter.add_category(None);
        let found = counter.finish("a".into());
        assert_eq!((found.unknown, found.missing_now), (0, 0.5));
    }
}
