//! Distribution of a column in training, which drift is measured against.

use std::collections::BTreeMap;

use pinhole_table::typed::{MISSING, TypedColumn};
use serde::{Deserialize, Serialize};

/// Quantiles kept of a column of numbers, at most.
const EDGES: usize = 100;
/// Categories kept by name, the most frequent.
const NAMES: usize = 100;

/// Distribution of a column in training, in bins: small enough for a detector's file, and all that drift is measured
/// against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnReference {
    /// Numbers; scores and times are numbers too.
    Numbers {
        /// Right edges of the bins, at most 101 and ascending: one just below the least finite training value, then
        /// quantiles.
        edges: Vec<f64>,
        /// Rows in each bin: up to and including the first edge, …, above the last.
        counts: Vec<u64>,
        /// Rows without a value.
        missing: u64,
    },
    /// Categories.
    Categories {
        /// The most frequent, at most 100.
        names: Vec<String>,
        /// Rows with each name, then rows with any other name.
        counts: Vec<u64>,
        /// Rows without a value.
        missing: u64,
    },
}

impl ColumnReference {
    /// Distribution of numbers; NaN is a missing one.
    pub fn of_numbers(values: &[f64]) -> Self {
        let mut finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        finite.sort_unstable_by(f64::total_cmp);
        // Where values repeat, so do quantiles: each is kept once.
        let mut edges: Vec<f64> = (1..=EDGES)
            .filter_map(|part| finite.get((part * finite.len()).div_ceil(EDGES).max(1) - 1).copied())
            .collect();
        // What lies below all training values must not count among the least of them.
        if let Some(least) = edges.first().and(finite.first()) {
            edges.insert(0, least.next_down().max(f64::MIN));
        }
        edges.dedup();
        let mut counts = vec![0; edges.len() + 1];
        for &value in values.iter().filter(|value| !value.is_nan()) {
            counts[number_bin(&edges, value)] += 1;
        }
        let missing = values.iter().filter(|value| value.is_nan()).count() as u64;
        Self::Numbers { edges, counts, missing }
    }

    /// Distribution of categories, given the number of rows of each.
    pub fn of_categories(categories: &[(String, u64)], missing: u64) -> Self {
        let mut kept = categories.to_vec();
        kept.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let other = kept.iter().skip(NAMES).map(|(_, rows)| rows).sum();
        kept.truncate(NAMES);
        let (names, mut counts): (Vec<String>, Vec<u64>) = kept.into_iter().unzip();
        counts.push(other);
        Self::Categories { names, counts, missing }
    }

    /// Distribution of a typed column of the training sample.
    pub fn of_column(column: &TypedColumn) -> Self {
        match column {
            TypedColumn::Numbers(numbers) => Self::of_numbers(&numbers.iter().collect::<Vec<_>>()),
            TypedColumn::Times(times) => Self::of_numbers(times),
            TypedColumn::Categories { codes, dictionary } => {
                let mut counts = BTreeMap::<u32, u64>::new();
                for &code in codes {
                    *counts.entry(code).or_default() += 1;
                }
                let missing = counts.remove(&MISSING).unwrap_or(0);
                let named: Vec<(String, u64)> = counts
                    .into_iter()
                    .filter_map(|(code, rows)| Some((dictionary.value(code)?.to_owned(), rows)))
                    .collect();
                Self::of_categories(&named, missing)
            }
        }
    }

    /// True if its parts fit one another, as those of a file may not.
    pub fn is_valid(&self) -> bool {
        match self {
            Self::Numbers { edges, counts, .. } => {
                counts.len() == edges.len() + 1
                    && edges.len() <= EDGES + 1
                    && edges.iter().all(|edge| edge.is_finite())
                    && edges.is_sorted_by(|a, b| a < b)
            }
            Self::Categories { names, counts, .. } => counts.len() == names.len() + 1 && names.len() <= NAMES,
        }
    }

    pub(super) fn counts(&self) -> (&[u64], u64) {
        match self {
            Self::Numbers { counts, missing, .. } | Self::Categories { counts, missing, .. } => (counts, *missing),
        }
    }
}

/// Bin of a number: the first whose right edge is not below it.
pub(super) fn number_bin(edges: &[f64], value: f64) -> usize {
    edges.partition_point(|&edge| edge < value)
}
