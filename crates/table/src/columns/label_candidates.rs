//! Guess of the label column, and of columns that leak it.

use std::collections::HashMap;

use pinhole_protocol::table::{ColumnKind, ColumnSummary, LabelGuess};

use super::{
    anomalous_values::{anomalous_values, name_both_classes},
    column_profiler::ColumnProfiler,
    distinct_values::{MAX_DISTINCT, hash_text},
};

/// Names of label columns in lower-case letters and digits, in ten languages, the most certain first.
const NAMES: [&str; 114] = [
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
    "etikett",
    "etiqueta",
    "etichetta",
    "étiquette",
    "rótulo",
    "rotulo",
    "etykieta",
    "etiket",
    "метка",
    "anomalie",
    "anomalía",
    "anomalia",
    "аномалия",
    "anomali",
    "ausreißer",
    "ausreisser",
    "afwijking",
    "avvikelse",
    "avvik",
    "betrug",
    "istbetrug",
    "fraude",
    "frode",
    "oszustwo",
    "мошенничество",
    "bedrägeri",
    "fehler",
    "fehlerhaft",
    "defekt",
    "störung",
    "stoerung",
    "ausfall",
    "défaut",
    "defaut",
    "panne",
    "defecto",
    "fallo",
    "falla",
    "difetto",
    "guasto",
    "defeito",
    "falha",
    "storing",
    "fel",
    "fejl",
    "feil",
    "usterka",
    "wada",
    "awaria",
    "дефект",
    "неисправность",
    "arıza",
    "hata",
    "klasse",
    "classe",
    "clase",
    "klass",
    "klasa",
    "třída",
    "класс",
    "sınıf",
    "befund",
    "diagnose",
    "diagnostic",
    "diagnóstico",
    "ergebnis",
    "prüfergebnis",
    "pruefergebnis",
    "résultat",
    "resultat",
    "resultado",
    "risultato",
    "esito",
    "resultaat",
    "uitslag",
    "wynik",
    "výsledek",
    "результат",
    "sonuç",
];

/// Distinct values of a label, at most.
const MAX_VALUES: usize = 50;

/// Distinct values of a numeric label, at most; numbers with more are measurements, not classes.
const MAX_NUMERIC_VALUES: usize = 10;

/// Candidates that are compared with each other, at most.
const MAX_CANDIDATES: usize = 6;

/// Smallest share of rows whose label a column must determine to count as a leak.
const LEAK_SHARE: f64 = 0.99;

/// Columns that are named like labels, and the contingency tables of their pairs.
#[derive(Clone, Debug, Default)]
pub struct LabelCandidates {
    /// Indices of the columns, the most certain name first.
    candidates: Vec<usize>,
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
        let mut ranked: Vec<(usize, usize)> =
            names.iter().enumerate().filter_map(|(index, name)| Some((rank(name)?, index))).collect();
        ranked.sort_unstable();
        let candidates: Vec<usize> = ranked.into_iter().map(|(_, index)| index).take(MAX_CANDIDATES).collect();
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
        Self { candidates, pairs }
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
        let by_name = self.candidates.iter().copied().find(|&column| can_be_label(&profilers[column]));
        // Labels tend to be the last column.
        let by_values = || (0..profilers.len()).rev().find(|&column| has_class_names(&profilers[column]));
        let column = by_name.or_else(by_values)?;
        let profiler = &profilers[column];
        let values = profiler.distinct.kept_by_rows();
        Some(LabelGuess { column, anomalous_values: anomalous_values(&values), values })
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

/// Rank of a name among the names of labels; `None` if it is none of them.
fn rank(name: &str) -> Option<usize> {
    let plain: String = name.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect();
    NAMES.iter().position(|known| *known == plain)
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

/// True if the values of a column are unambiguous names of a normal and an anomalous class.
fn has_class_names(profiler: &ColumnProfiler) -> bool {
    can_be_label(profiler)
        && profiler.numbers == 0
        && name_both_classes(profiler.distinct.texts().iter().map(|value| value.text.as_str()))
}
