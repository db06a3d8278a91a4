//! Guess of the label column, and of columns that leak it.

use std::collections::HashMap;

use pinhole_protocol::table::{ColumnKind, ColumnSummary, LabelGuess};

use super::{
    anomalous_values::{anomalous_values, is_anomaly_name, name_a_class, name_both_classes},
    column_profiler::ColumnProfiler,
    distinct_values::{DistinctText, MAX_DISTINCT, hash_text},
    label_names::{LabelName, label_name},
};

/// Distinct values of a label, at most.
const MAX_VALUES: usize = 50;

/// Distinct values of a numeric label, at most; numbers with more are measurements, not classes.
const MAX_NUMERIC_VALUES: usize = 10;

/// Candidates that are compared with each other, at most.
const MAX_CANDIDATES: usize = 6;

/// Largest share of rows in the rarest class of a column that is named like any classes, such as `target`, and whose
/// values do not name anomalies: more are a class like the others, as in `north` and `south`.
const MAX_RARE_SHARE: f64 = 0.2;

/// Largest share of rows of the anomalous class in a column that is found by its values alone: good and bad weather
/// are no label.
const MAX_ANOMALY_SHARE: f64 = 0.4;

/// Smallest share of rows whose label a column must determine to count as a leak.
const LEAK_SHARE: f64 = 0.99;

/// Columns that are named like labels, and the contingency tables of their pairs.
#[derive(Clone, Debug, Default)]
pub struct LabelCandidates {
    /// Indices of the columns, the most certain name first.
    candidates: Vec<usize>,
    /// Those whose name is that of any classes.
    named_class: Vec<usize>,
    /// Contingency table of each pair of candidates.
    pairs: Vec<CandidatePair>,
}

/// Contingency table of two columns.
#[derive(Clone, Debug)]
struct CandidatePair {
    columns: [usize; 2],
    /// Rows per pair of hashes of values.
    counts: HashMap<[u64; 2], u64>,
    /// True if there are too many pairs of values to count.
    is_full: bool,
}

impl LabelCandidates {
    /// The candidates among columns with these names.
    pub fn new(names: &[String]) -> Self {
        let ranked = names.iter().enumerate().filter_map(|(index, name)| Some((label_name(name)?, index)));
        let mut ranked: Vec<((usize, LabelName), usize)> = ranked.collect();
        ranked.sort_unstable_by_key(|&((rank, _), index)| (rank, index));
        ranked.truncate(MAX_CANDIDATES);
        let candidates: Vec<usize> = ranked.iter().map(|&(_, index)| index).collect();
        let named_class = ranked.iter().filter(|((_, kind), _)| *kind == LabelName::Class).map(|&(_, index)| index);
        let named_class = named_class.collect();
        let pair = |first: usize, second: usize| CandidatePair {
            columns: [first, second],
            counts: HashMap::new(),
            is_full: false,
        };
        let pairs = candidates
            .iter()
            .enumerate()
            .flat_map(|(position, &first)| candidates[position + 1..].iter().map(move |&second| pair(first, second)))
            .collect();
        Self { candidates, named_class, pairs }
    }

    /// Adds a row; `cell` returns the text of its cell in a column.
    pub fn add<'a>(&mut self, cell: impl Fn(usize) -> &'a str) {
        for pair in self.pairs.iter_mut().filter(|pair| !pair.is_full) {
            let key = pair.columns.map(|column| hash_text(cell(column).trim()));
            *pair.counts.entry(key).or_default() += 1;
            pair.is_full = pair.counts.len() > MAX_DISTINCT;
        }
    }

    /// The most likely label, by name or else by its values; `None` if no column looks like one.
    pub fn guess(&self, profilers: &[ColumnProfiler]) -> Option<LabelGuess> {
        // Where the most certain of any classes names no anomalies, the less certain ones are no label either.
        let other_classes = self.other_classes(profilers);
        let is_label = |column: &usize| {
            let is_class = self.named_class.contains(column);
            can_be_label(&profilers[*column])
                && (!is_class || other_classes.is_none() && can_mark_anomalies(&profilers[*column]))
        };
        let by_name = self.candidates.iter().copied().find(is_label);
        // Labels tend to be the last column.
        let by_values = || (0..profilers.len()).rev().find(|&column| has_class_names(&profilers[column]));
        let column = by_name.or_else(by_values)?;
        let profiler = &profilers[column];
        let values = profiler.distinct.kept_by_rows();
        Some(LabelGuess { column, anomalous_values: anomalous_values(&values), values })
    }

    /// The most certain column that is named like one of any classes, if its values do not say which of them are
    /// anomalies.
    pub fn other_classes(&self, profilers: &[ColumnProfiler]) -> Option<usize> {
        let is_class = |column: &usize| can_be_label(&profilers[*column]) && self.named_class.contains(column);
        let column = self.candidates.iter().copied().find(is_class)?;
        (!can_mark_anomalies(&profilers[column])).then_some(column)
    }

    /// Excludes the columns that leak the label: candidates that determine it, and the columns between these and a
    /// label at the end of the table.
    pub fn exclude_leaks(&self, label: usize, columns: &mut [ColumnSummary]) {
        let label_name = columns[label].name.clone();
        let leaking: Vec<usize> = self
            .candidates
            .iter()
            .copied()
            .filter(|&column| column != label && self.determines(column, label))
            .collect();
        for &column in &leaking {
            if matches!(columns[column].kind, ColumnKind::Categorical | ColumnKind::Boolean | ColumnKind::Numeric) {
                columns[column].exclusion_reason =
                    Some(format!("It leaks the label: its value determines \"{label_name}\"."));
            }
        }
        let Some(&first) = leaking.iter().min() else { return };
        if label + 1 == columns.len() && first < label {
            let first_name = columns[first].name.clone();
            for column in columns[first + 1..label].iter_mut().filter(|column| column.exclusion_reason.is_none()) {
                column.exclusion_reason = Some(format!(
                    "It is between \"{first_name}\" and \"{label_name}\", so it seems to belong to the label."
                ));
            }
        }
    }

    /// True if a column's value nearly always determines that of the label.
    fn determines(&self, column: usize, label: usize) -> bool {
        let find = |pair: &&CandidatePair| pair.columns.contains(&column) && pair.columns.contains(&label);
        let Some(pair) = self.pairs.iter().find(find) else { return false };
        let position = usize::from(pair.columns[1] == column);
        let mut most_frequent: HashMap<u64, u64> = HashMap::new();
        for (values, &count) in &pair.counts {
            let best = most_frequent.entry(values[position]).or_default();
            *best = count.max(*best);
        }
        let total: u64 = pair.counts.values().sum();
        let determined: u64 = most_frequent.values().sum();
        !pair.is_full && most_frequent.len() as u64 * 10 <= total && determined as f64 >= LEAK_SHARE * total as f64
    }
}

/// True if the values of a column can be classes.
fn can_be_label(profiler: &ColumnProfiler) -> bool {
    let is_numeric = profiler.numbers == profiler.present();
    let most = if is_numeric { MAX_NUMERIC_VALUES } else { MAX_VALUES };
    (2..=most).contains(&profiler.distinct.counted())
        && profiler.distinct.texts().len() == profiler.distinct.counted()
        && !profiler.distinct.is_full()
        && profiler.are_integers
        && profiler.distinct.counted() as u64 * 2 <= profiler.present()
        && profiler.distinct.texts().iter().all(|value| !value.is_truncated)
}

/// True if one of the classes of a column can be that of anomalies: it is numbers, as 0 and 1; or a class is named so; or
/// one is rare.
fn can_mark_anomalies(profiler: &ColumnProfiler) -> bool {
    let texts = profiler.distinct.texts();
    let rarest = texts.iter().map(|value| profiler.distinct.count_of(value)).min().unwrap_or(0);
    profiler.numbers == profiler.present()
        || rarest as f64 <= MAX_RARE_SHARE * profiler.present() as f64
        || name_a_class(texts.iter().map(|value| value.text.as_str()))
}

/// True if the values of a column are unambiguous names of a normal and an anomalous class, and the latter are fewer.
fn has_class_names(profiler: &ColumnProfiler) -> bool {
    let texts = profiler.distinct.texts();
    let is_anomaly = |text: &&DistinctText| is_anomaly_name(&text.text);
    let anomalies: u64 = texts.iter().filter(is_anomaly).map(|text| profiler.distinct.count_of(text)).sum();
    can_be_label(profiler)
        && profiler.numbers == 0
        && anomalies as f64 <= MAX_ANOMALY_SHARE * profiler.present() as f64
        && name_both_classes(profiler.distinct.texts().iter().map(|value| value.text.as_str()))
}
