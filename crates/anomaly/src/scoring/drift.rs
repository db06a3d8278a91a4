//! Drift of a column, or of the scores: population stability index and Kolmogorov-Smirnov statistic.

use std::collections::HashMap;

use pinhole_protocol::table::{ColumnDrift, DriftReport, ShiftSize};

use super::{
    column_reference::{ColumnReference, number_bin},
    shift::{
        is_distance_significant, is_index_significant, kolmogorov_smirnov_distance, merge_small, share, share_shift,
        shift_size, significance, stability_index, total, total_variation,
    },
};

/// Bins of the stability index: tenths of the training rows.
const INDEX_BINS: u64 = 10;

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

    /// Drift of the added values against the reference; all 0 if either is empty. `comparisons` is the number of columns
    /// that are compared: of more columns, one shifts by chance more easily.
    ///
    /// - **Population stability index**: PSI = sum over bins of (now - before) ln(now / before), in shares of the cells
    ///   with a value. Bins are tenths of the training rows (numbers), or categories; values below and above all training
    ///   values have bins of their own. A bin that holds too few rows is merged with the next.
    /// - **Kolmogorov-Smirnov statistic**: D = max |F_now(x) - F_before(x)| of the distribution functions at the
    ///   reference's edges. Between edges it can be greater by at most the share of training rows strictly between two
    ///   edges, which is under 0.01 + 1/rows. Categories have no order: theirs is the total variation distance, the
    ///   greatest difference in the share of any *set* of categories.
    ///
    /// The values have shifted only if both say so, and neither by chance.
    pub fn finish(&self, name: String, comparisons: usize) -> ColumnDrift {
        let significance = significance(comparisons);
        let (before, missing_before) = self.reference.counts();
        let (rows_before, rows_now) = (total(before) + missing_before, total(&self.counts) + self.missing);
        let values = self.values_shift(before, significance);
        let (missing_before, missing_now) = (share(missing_before, rows_before), share(self.missing, rows_now));
        ColumnDrift {
            name,
            population_stability_index: values.index,
            kolmogorov_smirnov: values.distance,
            missing_before,
            missing_now,
            unknown: self.unknown,
            values_shift: values.size,
            missing_shift: share_shift(missing_before, rows_before, missing_now, rows_now, significance),
            unknown_shift: self.unknown_shift(before, significance),
        }
    }

    fn values_shift(&self, before: &[u64], significance: f64) -> ValuesShift {
        let (bins, distance, is_distant) = if matches!(self.reference, ColumnReference::Numbers { .. }) {
            let ends = decile_ends(before);
            let distance = kolmogorov_smirnov_distance(before, &self.counts);
            let is_distant = is_distance_significant(distance, before, &self.counts, significance);
            (merge_small(&merged(before, &ends), &merged(&self.counts, &ends)), distance, is_distant)
        } else {
            // Small categories differ by chance, and there can be a hundred: merged, they don't add up.
            let bins = merge_small(before, &self.counts);
            let distance = total_variation(&bins);
            (bins, distance, true)
        };
        let index = stability_index(&bins);
        let is_significant = is_distant && is_index_significant(index, &bins, significance);
        let size = if is_significant { shift_size(index, distance) } else { ShiftSize::Stable };
        ValuesShift { index, distance, size }
    }

    /// Shift by categories that training never saw, beyond those that a further row of the training table would have
    /// brought: as many as categories of one row (Good 1953).
    fn unknown_shift(&self, before: &[u64], significance: f64) -> ShiftSize {
        if self.unknown == 0 {
            return ShiftSize::Stable;
        }
        let (rows_before, rows_now) = (total(before), total(&self.counts));
        let single = before.iter().filter(|&&rows| rows == 1).count() as u64;
        let expected = share(single, rows_before);
        let now = share(self.unknown, rows_now);
        if now <= expected {
            return ShiftSize::Stable;
        }
        share_shift(expected, rows_before, now, rows_now, significance)
    }
}

/// Shift of the cells with a value.
struct ValuesShift {
    index: f64,
    distance: f64,
    size: ShiftSize,
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

fn merged(counts: &[u64], ends: &[usize]) -> Vec<u64> {
    let mut start = 0;
    ends.iter().map(|&end| total(&counts[std::mem::replace(&mut start, end)..end])).collect()
}

/// Drift report, columns by the size of their shift and their stability index, the greatest first.
pub fn drift_report(scores: ColumnDrift, mut columns: Vec<ColumnDrift>) -> DriftReport {
    columns.sort_by(|a, b| {
        let by_shift = b.shift().cmp(&a.shift());
        by_shift
            .then(b.population_stability_index.total_cmp(&a.population_stability_index))
            .then(b.kolmogorov_smirnov.total_cmp(&a.kolmogorov_smirnov))
    });
    DriftReport { scores, columns }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{super::shift::MIN_SHARE, *};

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
        counter.finish("a".into(), 1)
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
            assert_eq!(found.shift(), ShiftSize::Stable);
        }
    }

    #[test]
    fn constants_that_move_are_detected() {
        for now in [2.0, 0.0, f64::INFINITY] {
            let found = drift(&[1.0; 50], &[now; 50]);
            assert!((found.kolmogorov_smirnov - 1.0).abs() < 1e-12, "{now}: {found:?}");
            assert_eq!(found.values_shift, ShiftSize::Large);
        }
    }

    #[test]
    fn few_rows_of_the_same_process_are_stable() {
        // Twenty rows in ten bins: each bin differs by chance, and their index is far above 0.25.
        let before: Vec<f64> = (0..2000).map(|row| f64::from(row * 389 % 1009)).collect();
        let now: Vec<f64> = (0..20).map(|row| f64::from(row * 271 % 1009)).collect();
        assert_eq!(drift(&before, &now).shift(), ShiftSize::Stable);
        let moved: Vec<f64> = now.iter().map(|number| number + 700.0).collect();
        assert_eq!(drift(&before, &moved).values_shift, ShiftSize::Large);
    }

    #[test]
    fn missing_cells_are_a_shift_of_their_own() {
        let before: Vec<f64> = (0..400).map(f64::from).collect();
        let now: Vec<f64> = before.iter().map(|&number| if number % 2.0 < 1.0 { f64::NAN } else { number }).collect();
        let found = drift(&before, &now);
        assert_eq!((found.missing_before, found.missing_now), (0.0, 0.5));
        assert_eq!((found.values_shift, found.missing_shift), (ShiftSize::Stable, ShiftSize::Large));
        assert_eq!(found.shift_text(), "large shift: missing cells");
        let gone = drift(&before, &[f64::NAN; 40]);
        assert_eq!((gone.missing_shift, gone.population_stability_index), (ShiftSize::Large, 0.0));
    }

    #[test]
    fn nothing_to_compare_is_no_drift() {
        for (before, now) in [(&[][..], &[1.0][..]), (&[1.0], &[]), (&[], &[])] {
            let found = drift(before, now);
            assert_eq!((found.population_stability_index, found.kolmogorov_smirnov), (0.0, 0.0));
            assert_eq!(found.shift(), ShiftSize::Stable);
        }
    }

    fn categories(reference: ColumnReference, now: &[(&str, usize)]) -> ColumnDrift {
        let mut counter = ColumnCounter::new(reference);
        for &(name, rows) in now {
            (0..rows).for_each(|_| counter.add_category(Some(name)));
        }
        counter.finish("protocol".into(), 1)
    }

    #[test]
    fn categories_are_compared_by_name() {
        let reference = ColumnReference::of_categories(&[("tcp".into(), 60), ("udp".into(), 40)], 0);
        assert!(reference.is_valid());
        let found = categories(reference.clone(), &[("tcp", 30), ("udp", 50), ("icmp", 20)]);
        assert_eq!(found.unknown, 20);
        assert!((found.kolmogorov_smirnov - 0.3).abs() < 1e-12);
        let expected =
            -0.3 * (0.3_f64 / 0.6).ln() + 0.1 * (0.5_f64 / 0.4).ln() + (0.2 - MIN_SHARE) * (0.2 / MIN_SHARE).ln();
        assert!((found.population_stability_index - expected).abs() < 1e-12);
        assert_eq!((found.values_shift, found.unknown_shift), (ShiftSize::Large, ShiftSize::Some));
        let few = categories(reference, &[("tcp", 6), ("udp", 3), ("icmp", 1)]);
        assert_eq!(few.shift(), ShiftSize::Stable, "one new category in ten rows: {few:?}");
    }

    #[test]
    fn many_categories_keep_the_most_frequent() {
        let names: Vec<_> = (0..150).map(|i| (format!("c{i}"), i + 1)).collect();
        let reference = ColumnReference::of_categories(&names, 3);
        let mut counter = ColumnCounter::new(reference);
        counter.add_category(Some("c0"));
        counter.add_category(None);
        let found = counter.finish("a".into(), 1);
        assert_eq!((found.unknown, found.missing_now), (0, 0.5));
    }

    #[test]
    fn many_small_categories_are_stable() {
        let names: Vec<_> = (0..80).map(|i| (format!("c{i}"), 25)).collect();
        let now: Vec<(&str, usize)> =
            names.iter().enumerate().map(|(index, (name, _))| (name.as_str(), index * 7 % 5)).collect();
        let found = categories(ColumnReference::of_categories(&names, 0), &now);
        assert_eq!(found.shift(), ShiftSize::Stable, "{found:?}");
    }
}
