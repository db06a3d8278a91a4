//! Which column is the label, and which others tell it.

use std::collections::HashMap;

use pinhole_protocol::table::{ColumnKind, ColumnSummary, LabelGuess, LabelValue};

use super::{
    anomalous_values::{anomalous_values, are_telling},
    tally::{MAX_DISTINCT, Tally, hash_text},
};

/// Names of labels, the surest first; letters and digits only.
const NAMES: [&str; 35] = [
    "label",
    "labels",
    "isanomaly",
    "anomaly",
    "anomalous",
    "isoutlier",
    "outlier",
    "outliers",
    "isodd",
    "odd",
    "isabnormal",
    "isfraud",
    "fraud",
    "fraudulent",
    "isattack",
    "ismalicious",
    "malicious",
    "groundtruth",
    "target",
    "class",
    "classes",
    "y",
    "attack",
    "attackcat",
    "attacktype",
    "category",
    "intrusion",
    "defect",
    "defective",
    "failure",
    "machinefailure",
    "fault",
    "diagnosis",
    "result",
    "outcome",
];
/// Different values that a label may have.
const MAX_VALUES: usize = 50;
/// Numbers with more different values than this are measured, and no classes.
const MAX_NUMERIC_VALUES: usize = 10;
/// Columns with such names that are compared with each other.
const MAX_CANDIDATES: usize = 6;
/// Of all rows, the share in which a column must tell the label to be set aside.
const TELLS: f64 = 0.99;

/// Watches the columns that are named like labels.
#[derive(Clone, Debug, Default)]
pub struct LabelWatch {
    /// Indices of the columns, the surest name first.
    candidates: Vec<usize>,
    /// For each pair of candidates, how often two values stand in one row.
    joint: Vec<Pair>,
}

#[derive(Clone, Debug)]
struct Pair {
    columns: [usize; 2],
    counts: HashMap<[u64; 2], u64>,
    is_full: bool,
}

impl LabelWatch {
    /// Looks for names of labels.
    pub fn new(names: &[String]) -> Self {
        let mut ranked: Vec<(usize, usize)> =
            names.iter().enumerate().filter_map(|(index, name)| Some((rank(name)?, index))).collect();
        ranked.sort_unstable();
        let candidates: Vec<usize> = ranked.into_iter().map(|(_, index)| index).take(MAX_CANDIDATES).collect();
        let pair =
            |first: usize, second: usize| Pair { columns: [first, second], counts: HashMap::new(), is_full: false };
        let joint = candidates
            .iter()
            .enumerate()
            .flat_map(|(place, &first)| candidates[place + 1..].iter().map(move |&second| pair(first, second)))
            .collect();
        Self { candidates, joint }
    }

    /// Takes a row.
    pub fn add<'a>(&mut self, cell: impl Fn(usize) -> &'a str) {
        for pair in self.joint.iter_mut().filter(|pair| !pair.is_full) {
            let key = pair.columns.map(|column| hash_text(cell(column).trim()));
            *pair.counts.entry(key).or_default() += 1;
            pair.is_full = pair.counts.len() > MAX_DISTINCT;
        }
    }

    /// The label, if a column looks like one.
    pub fn guess(&self, tallies: &[Tally]) -> Option<LabelGuess> {
        let by_name = self.candidates.iter().copied().find(|&column| is_label(&tallies[column]));
        // Labels tend to stand last.
        let by_values = || (0..tallies.len()).rev().find(|&column| speaks_of_oddness(&tallies[column]));
        let column = by_name.or_else(by_values)?;
        let tally = &tallies[column];
        let mut values: Vec<LabelValue> = tally
            .texts
            .iter()
            .map(|kept| LabelValue { value: kept.text.clone(), rows: tally.count_of(kept) })
            .collect();
        values.sort_by(|one, other| other.rows.cmp(&one.rows).then_with(|| one.value.cmp(&other.value)));
        Some(LabelGuess { column, anomalous_values: anomalous_values(&values), values })
    }

    /// Sets aside the columns that tell the label: those named like one that determine it, and those between them and
    /// the label at the table's end.
    pub fn set_aside(&self, label: usize, columns: &mut [ColumnSummary]) {
        let label_name = columns[label].name.clone();
        let telling: Vec<usize> =
            self.candidates.iter().copied().filter(|&column| column != label && self.tells(column, label)).collect();
        for &column in &telling {
            if matches!(columns[column].kind, ColumnKind::Categorical | ColumnKind::Boolean | ColumnKind::Numeric) {
                columns[column].exclusion_reason =
                    Some(format!("It tells the label: its value determines \"{label_name}\"."));
            }
        }
        let Some(&first) = telling.iter().min() else { return };
        if label + 1 == columns.len() && first < label {
            let first_name = columns[first].name.clone();
            for column in columns[first + 1..label].iter_mut().filter(|column| column.exclusion_reason.is_none()) {
                column.exclusion_reason = Some(format!(
                    "It stands between \"{first_name}\" and \"{label_name}\", so it seems to belong to the label."
                ));
            }
        }
    }

    /// Whether a column's value nearly always fixes the label's.
    fn tells(&self, column: usize, label: usize) -> bool {
        let find = |pair: &&Pair| pair.columns.contains(&column) && pair.columns.contains(&label);
        let Some(pair) = self.joint.iter().find(find) else { return false };
        let side = usize::from(pair.columns[1] == column);
        let mut largest: HashMap<u64, u64> = HashMap::new();
        for (values, &count) in &pair.counts {
            let best = largest.entry(values[side]).or_default();
            *best = count.max(*best);
        }
        let total: u64 = pair.counts.values().sum();
        let fixed: u64 = largest.values().sum();
        !pair.is_full && largest.len() as u64 * 10 <= total && fixed as f64 >= TELLS * total as f64
    }
}

fn rank(name: &str) -> Option<usize> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_lowercase()).collect();
    NAMES.iter().position(|known| *known == plain)
}

fn is_label(tally: &Tally) -> bool {
    let is_numeric = tally.numbers == tally.present();
    let most = if is_numeric { MAX_NUMERIC_VALUES } else { MAX_VALUES };
    (2..=most).contains(&tally.distinct.len())
        && tally.texts.len() == tally.distinct.len()
        && !tally.is_full
        && tally.are_integers
        && tally.distinct.len() as u64 * 2 <= tally.present()
        && tally.texts.iter().all(|kept| !kept.is_cut)
}

/// Whether a column's few values are words for ordinary and odd.
fn speaks_of_oddness(tally: &Tally) -> bool {
    is_label(tally) && tally.numbers == 0 && are_telling(tally.texts.iter().map(|kept| kept.text.as_str()))
}
